/**
 * A short list of things to do, opened from a button.
 */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { button } from "./button.js";
import { openPopover } from "./popover.js";

/** `detail` says what will happen. */
/** @typedef {{ label: string, detail?: string, sign?: import("../icons.js").IconName, is_danger?: boolean, run: () => void }} MenuItem */

/**
 * @param {HTMLElement} anchor
 * @param {string} name
 * @param {MenuItem[]} items
 * @param {AbortSignal} signal
 */
export const openMenu = (anchor, name, items, signal) =>
  openPopover(
    anchor,
    name,
    (popover) =>
      items.map((item) =>
        menuItem(item, popover.signal, () => {
          popover.close();
          item.run();
        }),
      ),
    signal,
  );

/**
 * @param {MenuItem} item
 * @param {AbortSignal} signal
 * @param {() => void} [onclick]
 */
export const menuItem = ({ label, detail, sign, is_danger, run }, signal, onclick = run) =>
  h(
    "button",
    { type: "button", class: `menu-item ${is_danger ? "is-danger" : ""}`, signal, onclick },
    sign && icon(sign),
    detail ? h("span", {}, label, " ", h("small", {}, detail)) : label,
  );

/**
 * The dots at the end of a row.
 * @param {string} of what the row is about
 * @param {string} key
 * @param {MenuItem[]} items
 * @param {AbortSignal} signal
 */
export const rowMenu = (of, key, items, signal) =>
  button({
    sign: "more",
    look: "quiet",
    is_small: true,
    key,
    name: t("word.actions_for", { name: of }),
    signal,
    onclick: (anchor) => openMenu(anchor, of, items, signal),
  });
