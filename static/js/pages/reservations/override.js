/**
 * What the server refuses but lets some people do all the same, or does for a reason: the refusal is shown,
 * the reason asked for, and the request is sent again with it.
 */
import { Problem } from "../../api.js";
import { h } from "../../dom.js";
import { NotSent } from "../../failure.js";
import { checkbox, field, formDialog, input } from "../../forms.js";
import { t } from "../../i18n.js";
import { whileSending } from "../../typed.js";

/**
 * What is sent along.
 * @typedef {{ override_dirty?: boolean, override_capacity?: boolean, override_restrictions?: boolean, override_limit?: boolean, rerate?: boolean,
 *   reason?: string }} Override
 */
/** @typedef {(more: Override, key: string) => Promise<void>} Send */

const TITLES = /** @type {const} */ ({
  override_dirty: "stay.override_title",
  override_capacity: "stay.override_people_title",
  override_restrictions: "restriction.override_title",
  override_limit: "accounts.override_title",
});
const SUBMITS = /** @type {const} */ ({
  override_dirty: "stay.override_submit",
  override_capacity: "stay.override_submit",
  override_restrictions: "restriction.override_submit",
  override_limit: "accounts.override_submit",
});

/**
 * What is sent, and from where: `form` when it was typed into one, which counts as typed until it is sent.
 * @typedef {{ send: Send, signal: AbortSignal, form: HTMLFormElement | null }} Sending
 */

/**
 * Sends; where that is refused and may be overridden, asks first and sends again. One reason may stand for
 * several overrides, each asked for by itself; where a reason was asked for and is missing, its field says so.
 * Ends with `NotSent` where it has asked.
 * @param {Send} send
 * @param {string} key
 * @param {AbortSignal} signal
 * @param {HTMLFormElement | null} [form]
 */
export const sendOrOverride = (send, key, signal, form = null) => attempt({ send, signal, form }, key, {}, false);

/**
 * @param {Sending} sending
 * @param {string} key
 * @param {Override} so_far
 * @param {boolean} is_asked whether a form with a field for the reason is waiting for the answer
 */
async function attempt(sending, key, so_far, is_asked) {
  try {
    await sending.send(so_far, key);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { can_override, override_with } = error.body;
    if (can_override && override_with) ask(error, override_with, sending, so_far);
    else if (error.code === "reason-needed" && is_asked && !so_far.reason)
      throw new Problem(422, { errors: [{ field: "reason", message: error.message }] });
    else if (error.code === "reason-needed" && !so_far.reason) ask(error, null, sending, so_far);
    else throw error;
    throw new NotSent();
  }
}

/**
 * @param {Problem} problem
 * @param {keyof typeof TITLES | null} name what is overridden; none where a reason is enough
 * @param {Sending} sending
 * @param {Override} so_far
 */
function ask(problem, name, sending, so_far) {
  const { form } = sending;
  formDialog(
    {
      title: t(name ? TITLES[name] : problem.body.can_rerate ? "price.keep_title" : "stay.reason_title"),
      submit: t(name ? SUBMITS[name] : "action.save"),
      intro: h("p", { class: "dialog-intro" }, problem.message),
      fields: () => [
        problem.body.can_rerate && checkbox(t("price.rerate"), "rerate"),
        field({ label: t("field.reason"), name: "reason" }, input({ autofocus: true, value: so_far.reason ?? "" })),
      ],
      send: async ({ reason, rerate }, key) => {
        const more = { ...so_far, ...(name && { [name]: true }), ...(rerate && { rerate: true }), ...(reason && { reason }) };
        const again = () => attempt(sending, key, more, true);
        try {
          await (form ? whileSending(form, again) : again());
        } catch (error) {
          // The next question has this answer already.
          if (!(error instanceof NotSent)) throw error;
        }
      },
    },
    sending.signal,
  );
}
