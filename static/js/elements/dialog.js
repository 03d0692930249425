/**
 * A modal dialog over the native `<dialog>`, which keeps the focus inside and gives it back. What is
 * typed in it, or on the page, is not given up without a question.
 */
import { append, freshId, h, heirsOf, refocus } from "../dom.js";
import { t } from "../i18n.js";
import { forgetTyped, hasTyped } from "../typed.js";
import { button } from "./button.js";

/** @typedef {import("../dom.js").Child} Child */
/**
 * `close` is the program's; `leave` a person's, who is asked first about what is typed.
 * @typedef {{ signal: AbortSignal, close: () => void, leave: () => void, element: HTMLDialogElement }} Dialog
 */

/**
 * @param {{ title: string, wide?: boolean, onclose?: () => void }} options
 * @param {(dialog: Dialog) => Child} build
 * @param {AbortSignal} signal the page's: a dialog leaves with its page
 * @returns {Dialog}
 */
export function openDialog({ title, wide = false, onclose }, build, signal) {
  const life = new AbortController();
  const id = freshId("dialog");
  const heirs = heirsOf(document.activeElement, document.body);
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
        onclick: () => leave(),
      }),
    ),
    body,
  );
  const end = () => {
    life.abort();
    element.remove();
    // The row it was opened from may have been shown anew meanwhile.
    if (document.activeElement === document.body) refocus(heirs, document.body);
    onclose?.();
  };
  // The browser tells of the end in a task of its own, and a key may come before it: nothing waits for that.
  const close = () => {
    if (!element.open) return;
    element.close();
    end();
  };
  const leave = () => void mayLeave(element).then((may) => may && close());
  const dialog = { signal: life.signal, close, leave, element };
  onEscape(element, leave, life.signal);
  element.addEventListener("close", end, { signal: life.signal });
  signal.addEventListener("abort", close, { once: true, signal: life.signal });
  append(body, build(dialog));
  document.body.append(element);
  element.showModal();
  const first = element.querySelector("[autofocus]") ?? element.querySelector(".dialog-body :is(input, select, textarea, button)");
  // The foot is always in sight: whoever begins there reads from the top all the same.
  if (first instanceof HTMLElement) first.focus({ preventScroll: first.closest(".dialog-foot") !== null });
  if (first instanceof HTMLInputElement) first.select();
  return dialog;
}

/**
 * Esc, and the phone's way back. A browser lets no dialog refuse the second Esc, so the key itself is taken.
 * @param {HTMLDialogElement} element
 * @param {() => void} leave
 * @param {AbortSignal} signal
 */
function onEscape(element, leave, signal) {
  element.addEventListener(
    "keydown",
    (event) => {
      const is_for_popover = document.querySelector(".popover:popover-open") !== null;
      if (event.key !== "Escape" || event.defaultPrevented || is_for_popover) return;
      event.preventDefault();
      event.stopPropagation();
      leave();
    },
    { signal },
  );
  element.addEventListener(
    "cancel",
    (event) => {
      if (event.target !== element) return;
      event.preventDefault();
      leave();
    },
    { signal },
  );
}

/** @type {Promise<boolean> | null} */
let question = null;

/**
 * Whether what is typed may be given up: at once when there is nothing, else after a question.
 * @param {Node} [within]
 * @returns {Promise<boolean>}
 */
export function mayLeave(within = document) {
  if (!hasTyped(within)) return Promise.resolve(true);
  question ??= ask().then((may) => {
    question = null;
    if (may) forgetTyped(within);
    return may;
  });
  return question;
}

/** @returns {Promise<boolean>} */
const ask = () =>
  new Promise((resolve) => {
    const stay = new AbortController();
    openDialog(
      { title: t("typed.title"), onclose: () => resolve(false) },
      (dialog) =>
        h(
          "div",
          { class: "form" },
          h("p", { class: "dialog-intro" }, t("typed.text")),
          h(
            "footer",
            { class: "dialog-foot" },
            button({
              label: t("typed.discard"),
              look: "danger",
              signal: dialog.signal,
              onclick: () => {
                resolve(true);
                dialog.close();
              },
            }),
            h(
              "button",
              {
                type: "button",
                class: "button button-primary",
                autofocus: true,
                signal: dialog.signal,
                onclick: dialog.close,
              },
              t("typed.keep"),
            ),
          ),
        ),
      stay.signal,
    );
  });
