/**
 * A card that is read first and typed in after "Edit".
 */
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";

/** @typedef {import("../../dom.js").Child} Child */
/**
 * What a card needs of its page.
 * @typedef {{ done: () => void, editing: (is: boolean) => void, signal: AbortSignal }} Page
 */

/**
 * @param {{ title: string, key: string, view: Child, form: (() => Child) | null }} parts
 *   `form` is missing where there is nothing to change
 * @param {Page} page
 */
export function editCard({ title, key, view, form }, page) {
  const body = h("div", { class: "card-body" }, view);
  const edit = editButton(
    key,
    () => {
      page.editing(true);
      edit.hidden = true;
      swap(body, form?.());
      body.querySelector("input")?.focus();
    },
    page.signal,
  );
  return [h("header", { class: "card-head" }, h("h2", {}, title), form && may("desk") && edit), body];
}

/**
 * @param {string} key
 * @param {() => void} onclick
 * @param {AbortSignal} signal
 */
export const editButton = (key, onclick, signal) =>
  button({ label: t("action.edit"), sign: "edit", look: "quiet", is_small: true, key, signal, onclick });
