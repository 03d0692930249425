/**
 * The head of every page: where one is, and what one can do here.
 */
import { h } from "../dom.js";
import { t, tn } from "../i18n.js";

/** @typedef {import("../dom.js").Child} Child */

/**
 * @param {{ title: Child, lead?: Child, actions?: Child }} parts
 */
export const pageHead = ({ title, lead, actions }) =>
  h(
    "header",
    { class: "page-head" },
    h(
      "div",
      { class: "page-head-words" },
      h("h1", {}, title),
      lead ? h("p", { class: "page-lead" }, lead) : null,
    ),
    actions ? h("div", { class: "page-actions" }, actions) : null,
  );

/** "3 nights", or that none is slept. @param {{ nights: number, is_day_use: boolean }} stay */
export const lengthWords = ({ nights, is_day_use }) =>
  is_day_use ? t("word.day_use") : tn("count.nights", nights);

/** "2 adults, 1 child" in two signs. @param {number} adults @param {number} children */
export const people = (adults, children) => (children ? `${adults}+${children}` : `${adults}`);
