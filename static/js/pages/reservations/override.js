/**
 * What the server refuses but lets some people do all the same: the refusal is shown, a reason is asked
 * for, and the request is sent again with it.
 */
import { Problem } from "../../api.js";
import { h } from "../../dom.js";
import { field, formDialog, input } from "../../forms.js";
import { t } from "../../i18n.js";

/** What is sent along. @typedef {{ override_dirty?: boolean, override_capacity?: boolean, reason?: string }} Override */
/** @typedef {(more: Override, key: string) => Promise<void>} Send */

/**
 * Sends; where that is refused and may be overridden, asks first and sends again. One reason may stand for
 * several overrides, each asked for by itself.
 * @param {Send} send
 * @param {string} key
 * @param {AbortSignal} signal
 * @param {Override} [so_far]
 */
export async function sendOrOverride(send, key, signal, so_far = {}) {
  try {
    await send(so_far, key);
  } catch (error) {
    if (!(error instanceof Problem) || !error.body.can_override || !error.body.override_with) throw error;
    ask(error, error.body.override_with, send, signal, so_far);
  }
}

/**
 * @param {Problem} problem
 * @param {"override_dirty" | "override_capacity"} name
 * @param {Send} send
 * @param {AbortSignal} signal
 * @param {Override} so_far
 */
function ask(problem, name, send, signal, so_far) {
  formDialog(
    {
      title: t(name === "override_dirty" ? "stay.override_title" : "stay.override_people_title"),
      submit: t("stay.override_submit"),
      intro: h("p", { class: "dialog-intro" }, problem.message),
      fields: () => [
        field({ label: t("field.reason"), name: "reason" }, input({ autofocus: true, value: so_far.reason ?? "" })),
      ],
      send: ({ reason }, key) =>
        sendOrOverride(send, key, signal, { ...so_far, [name]: true, ...(reason && { reason }) }),
    },
    signal,
  );
}
