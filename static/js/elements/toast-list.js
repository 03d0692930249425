/**
 * Short messages below the page, some with a way back. They never take the focus, and they cover
 * nothing: while one is there, the page ends above it (`--toast-room`).
 */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { released } from "../pressed.js";
import { LightElement } from "./element.js";

/** @typedef {{ label: string, run: () => void }} ToastAction */
/** @typedef {{ kind?: "info" | "error", action?: ToastAction, duration_ms?: number }} ToastOptions */

const USUAL_MS = 6000;
const MOST = 3;

class ToastList extends LightElement {
  /** @param {AbortSignal} signal */
  build(signal) {
    this.setAttribute("popover", "manual");
    document.addEventListener("keydown", (event) => this.#undoByKey(event), { signal });
    const room = new ResizeObserver(() => void this.#takeRoom());
    room.observe(this);
    signal.addEventListener("abort", () => room.disconnect(), { once: true });
  }

  /** While something is dragged, the page neither grows nor shrinks under it. */
  async #takeRoom() {
    await released();
    const { style } = document.documentElement;
    if (this.matches(":popover-open")) style.setProperty("--toast-room", `${this.offsetHeight}px`);
    else style.removeProperty("--toast-room");
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
    void this.#takeRoom();
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
    if (!this.children.length && this.matches(":popover-open")) this.hidePopover();
    void this.#takeRoom();
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
