/**
 * Buttons and the little groups made of them, so that each page says only what a button does.
 */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { forgetTyped } from "../typed.js";

/** @typedef {import("../dom.js").Child} Child */
/** @typedef {import("../icons.js").IconName} IconName */
/**
 * @typedef {{ signal: AbortSignal, onclick: (anchor: HTMLElement, event: MouseEvent) => void, label?: Child, sign?: IconName,
 *   look?: "primary" | "danger" | "quiet", is_small?: boolean, key?: string, name?: string,
 *   is_disabled?: boolean, extra?: string }} ButtonOptions
 *   `key` finds the button again after a refresh; `name` is for screen readers, where no word is shown
 */

/** @param {ButtonOptions} options */
export function button({ signal, onclick, label, sign, look, is_small, key, name, is_disabled, extra }) {
  const looks = [
    "button",
    look && `button-${look}`,
    is_small && "button-small",
    !label && "button-icon",
    extra,
  ];
  const element = h(
    "button",
    {
      type: "button",
      class: looks.filter(Boolean).join(" "),
      "data-key": key,
      "aria-label": name,
      disabled: is_disabled,
      signal,
      onclick: (/** @type {MouseEvent} */ event) => onclick(element, event),
    },
    sign && icon(sign),
    label,
  );
  return element;
}

/**
 * Back, today, forward.
 * @param {{ before: string, after: string, is_today?: boolean, go: (where: -1 | 0 | 1) => void }} options
 * @param {AbortSignal} signal
 */
export const stepper = ({ before, after, is_today = false, go }, signal) =>
  h(
    "div",
    { class: "button-group" },
    button({ sign: "left", key: "left", name: before, signal, onclick: () => go(-1) }),
    button({ label: t("nav.today"), key: "today", is_disabled: is_today, signal, onclick: () => go(0) }),
    button({ sign: "right", key: "right", name: after, signal, onclick: () => go(1) }),
  );

/** Save and Cancel under a form; whoever cancels means it. @param {() => void} cancel @param {AbortSignal} signal */
export const formFoot = (cancel, signal) =>
  h(
    "footer",
    { class: "form-foot" },
    h("button", { type: "submit", class: "button button-primary" }, t("action.save")),
    button({
      label: t("action.cancel"),
      signal,
      onclick: (element) => {
        forgetTyped(element.closest("form") ?? element);
        cancel();
      },
    }),
  );
