/**
 * Short messages at the edge of the screen, some with a way back. They never take the focus.
 */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { LightElement } from "./element.js";
import { controlsInSight, freePlace, weightUnder } from "./free-place.js";

/** @typedef {{ label: string, run: () => void }} ToastAction */
/** @typedef {{ kind?: "info" | "error", action?: ToastAction, duration_ms?: number }} ToastOptions */

const USUAL_MS = 6000;
const MOST = 4;

class ToastList extends LightElement {
  /** @param {AbortSignal} signal */
  build(signal) {
    this.setAttribute("popover", "manual");
    document.addEventListener("keydown", (event) => this.#undoByKey(event), { signal });
    // What a message tells of is often drawn anew right after it: it then looks for its place again.
    const watch = new MutationObserver(() => this.#placeSoon());
    watch.observe(document.body, { childList: true, subtree: true });
    signal.addEventListener("abort", () => watch.disconnect(), { once: true });
    for (const name of ["scrollend", "resize"])
      window.addEventListener(name, () => this.#placeSoon(), { signal, capture: true });
  }

  #is_placing = false;

  #placeSoon() {
    if (this.#is_placing || !this.matches(":popover-open")) return;
    this.#is_placing = true;
    requestAnimationFrame(() => {
      this.#is_placing = false;
      this.#place();
    });
  }

  /** Moves only when it lies on something that can be pressed, and not from under a pointer. */
  #place() {
    if (!this.matches(":popover-open") || this.matches(":hover, :focus-within")) return;
    const controls = controlsInSight(this);
    const box = this.getBoundingClientRect();
    const is_placed = this.style.getPropertyValue("--left") !== "";
    if (is_placed && box.bottom <= innerHeight && !weightUnder(box, controls)) return;
    const main = document.querySelector("#main")?.getBoundingClientRect();
    const bar = document.querySelector(".bottom-bar")?.getBoundingClientRect();
    const area = {
      left: Math.max(0, main?.left ?? 0),
      top: 0,
      right: document.documentElement.clientWidth,
      bottom: bar?.height ? bar.top : innerHeight,
    };
    const { left, top } = freePlace(box, area, controls);
    this.style.setProperty("--left", `${left}px`);
    this.style.setProperty("--top", `${top}px`);
  }

  /**
   * @param {string} message
   * @param {ToastOptions} options
   */
  add(message, { kind = "info", action, duration_ms = kind === "error" ? 12_000 : USUAL_MS }) {
    const life = new AbortController();
    const close = () => this.#remove(toast, life);
    const toast = h(
      "div",
      { class: `toast toast-${kind}`, role: kind === "error" ? "alert" : "status" },
      icon(kind === "error" ? "warning" : "check"),
      h("p", {}, message),
      action &&
        h(
          "button",
          {
            type: "button",
            class: "toast-action",
            signal: life.signal,
            onclick: () => {
              close();
              action.run();
            },
          },
          action.label,
        ),
      h(
        "button",
        {
          type: "button",
          class: "toast-close",
          "aria-label": t("action.close"),
          signal: life.signal,
          onclick: close,
        },
        icon("close"),
      ),
    );
    this.append(toast);
    while (this.children.length > MOST) this.firstElementChild?.remove();
    // Shown again, so that it stands above a dialog that was opened later.
    if (this.matches(":popover-open")) this.hidePopover();
    this.showPopover();
    this.#place();
    const timer = window.setTimeout(close, duration_ms);
    life.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  /**
   * @param {HTMLElement} toast
   * @param {AbortController} life
   */
  #remove(toast, life) {
    life.abort();
    toast.remove();
    if (this.children.length || !this.matches(":popover-open")) return;
    this.hidePopover();
    this.style.removeProperty("--left");
    this.style.removeProperty("--top");
  }

  /** Ctrl-Z takes back what the newest toast offers to take back. @param {KeyboardEvent} event */
  #undoByKey(event) {
    if (event.key.toLowerCase() !== "z" || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
    if (event.target instanceof Element && event.target.closest("input, textarea, select")) return;
    const actions = this.querySelectorAll(".toast-action");
    const last = actions[actions.length - 1];
    if (!(last instanceof HTMLElement)) return;
    event.preventDefault();
    last.click();
  }
}
customElements.define("toast-list", ToastList);

/**
 * @param {string} message
 * @param {ToastOptions} [options]
 */
export function toast(message, options = {}) {
  const list = document.querySelector("toast-list");
  if (list instanceof ToastList) list.add(message, options);
}
