/**
 * A small sheet beside the button that opened it; on a phone it comes from below. Light dismiss and
 * Esc are the browser's own.
 */
import { append, h } from "../dom.js";

/** @typedef {import("../dom.js").Child} Child */
/** @typedef {{ signal: AbortSignal, close: () => void, element: HTMLElement }} Popover */

const GAP = 6;

/**
 * @param {HTMLElement} anchor
 * @param {string} label for screen readers
 * @param {(popover: Popover) => Child} build
 * @param {AbortSignal} signal
 * @returns {Popover}
 */
export function openPopover(anchor, label, build, signal) {
  const life = new AbortController();
  const element = h("div", { class: "popover", popover: "auto", role: "dialog", "aria-label": label });
  const popover = { signal: life.signal, close: () => element.hidePopover(), element };
  append(element, build(popover));
  // Outside a dialog nothing can be pressed while it is open.
  (anchor.closest("dialog") ?? document.body).append(element);
  element.addEventListener(
    "toggle",
    (event) => {
      if (/** @type {ToggleEvent} */ (event).newState !== "closed") return;
      life.abort();
      element.remove();
      if (document.activeElement === document.body && anchor.isConnected) anchor.focus();
    },
    { signal: life.signal },
  );
  signal.addEventListener("abort", () => element.isConnected && element.hidePopover(), {
    once: true,
    signal: life.signal,
  });
  element.showPopover();
  place(element, anchor.getBoundingClientRect());
  const first = element.querySelector("[autofocus]") ?? element.querySelector("button, input, select, a[href]");
  if (first instanceof HTMLElement) first.focus({ preventScroll: true });
  return popover;
}

/**
 * Below the anchor, above it when there is no room, never outside the window.
 * @param {HTMLElement} element
 * @param {DOMRect} anchor
 */
export function place(element, anchor) {
  const { offsetWidth: width, offsetHeight: height } = element;
  const fits_below = anchor.bottom + GAP + height <= innerHeight - GAP;
  const top = fits_below ? anchor.bottom + GAP : Math.max(GAP, anchor.top - GAP - height);
  const from_end = anchor.left + width > innerWidth - GAP;
  const left = from_end ? Math.max(GAP, anchor.right - width) : anchor.left;
  element.style.setProperty("--top", `${top}px`);
  element.style.setProperty("--left", `${left}px`);
}
