/**
 * A modal dialog over the native `<dialog>`, which keeps the focus inside and gives it back.
 */
import { append, freshId, h, refocus } from "../dom.js";
import { t } from "../i18n.js";
import { button } from "./button.js";

/** @typedef {import("../dom.js").Child} Child */
/** @typedef {{ signal: AbortSignal, close: () => void, element: HTMLDialogElement }} Dialog */

/**
 * @param {{ title: string, wide?: boolean, onclose?: () => void }} options
 * @param {(dialog: Dialog) => Child} build
 * @param {AbortSignal} signal the page's: a dialog leaves with its page
 * @returns {Dialog}
 */
export function openDialog({ title, wide = false, onclose }, build, signal) {
  const life = new AbortController();
  const id = freshId("dialog");
  const opener = document.activeElement;
  const body = h("div", { class: "dialog-body" });
  const element = h(
    "dialog",
    { class: wide ? "dialog dialog-wide" : "dialog", "aria-labelledby": id },
    h(
      "header",
      { class: "dialog-head" },
      h("h2", { id }, title),
      button({
        sign: "close",
        look: "quiet",
        name: t("action.close"),
        signal: life.signal,
        onclick: () => element.close(),
      }),
    ),
    body,
  );
  const dialog = { signal: life.signal, close: () => element.close(), element };
  element.addEventListener(
    "close",
    () => {
      life.abort();
      element.remove();
      // The row it was opened from may have been shown anew meanwhile.
      if (document.activeElement === document.body) refocus(opener?.getAttribute("data-key"));
      onclose?.();
    },
    { signal: life.signal },
  );
  signal.addEventListener("abort", () => element.open && element.close(), {
    once: true,
    signal: life.signal,
  });
  append(body, build(dialog));
  document.body.append(element);
  element.showModal();
  const first = element.querySelector("[autofocus]") ?? element.querySelector(".dialog-body :is(input, select, textarea, button)");
  if (first instanceof HTMLElement) first.focus();
  if (first instanceof HTMLInputElement) first.select();
  return dialog;
}
