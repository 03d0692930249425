/**
 * What the server refuses but lets some people do all the same, or does for a reason: the refusal is shown,
 * the reason asked for, and the request is sent again with it.
 */
import { Problem } from "../../api.js";
import { h } from "../../dom.js";
import { field, formDialog, input } from "../../forms.js";
import { t } from "../../i18n.js";

/** What is sent along. @typedef {{ override_dirty?: boolean, override_capacity?: boolean, reason?: string }} Override */
/** @typedef {(more: Override, key: string) => Promise<void>} Send */

const TITLES = /** @type {const} */ ({
  override_dirty: "stay.override_title",
  override_capacity: "stay.override_people_title",
});

/**
 * Sends; where that is refused and may be overridden, asks first and sends again. One reason may stand for
 * several overrides, each asked for by itself; where a reason was asked for and is missing, its field says so.
 * @param {Send} send
 * @param {string} key
 * @param {AbortSignal} signal
 * @param {Override} [so_far]
 * @param {boolean} [is_asked] whether a form with a field for the reason is waiting for the answer
 */
export async function sendOrOverride(send, key, signal, so_far = {}, is_asked = false) {
  try {
    await send(so_far, key);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { can_override, override_with } = error.body;
    if (can_override && override_with) ask(error, override_with, send, signal, so_far);
    else if (error.code === "reason-needed" && is_asked && !so_far.reason)
      throw new Problem(422, { errors: [{ field: "reason", message: error.message }] });
    else if (error.code === "reason-needed" && !so_far.reason) ask(error, null, send, signal, so_far);
    else throw error;
  }
}

/**
 * @param {Problem} problem
 * @param {"override_dirty" | "override_capacity" | null} name what is overridden; none where a reason is enough
 * @param {Send} send
 * @param {AbortSignal} signal
 * @param {Override} so_far
 */
function ask(problem, name, send, signal, so_far) {
  formDialog(
    {
      title: t(name ? TITLES[name] : "stay.reason_title"),
      submit: t(name ? "stay.override_submit" : "action.save"),
      intro: h("p", { class: "dialog-intro" }, problem.message),
      fields: () => [
        field({ label: t("field.reason"), name: "reason" }, input({ autofocus: true, value: so_far.reason ?? "" })),
      ],
      send: ({ reason }, key) =>
        sendOrOverride(send, key, signal, { ...so_far, ...(name && { [name]: true }), ...(reason && { reason }) }, true),
    },
    signal,
  );
}
