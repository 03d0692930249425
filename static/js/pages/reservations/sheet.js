/**
 * What the sheets of a check-in and a check-out are made of: parts with a heading, and paper beside them.
 */
import { h } from "../../dom.js";
import { icon } from "../../icons.js";

/** @typedef {import("../../dom.js").Child} Child */

/**
 * @param {string} title
 * @param {Child[]} content
 * @param {Child} [aside] beside the heading
 */
export const sheetPart = (title, content, aside = null) =>
  h("section", { class: "sheet-part" }, h("header", {}, h("h3", {}, title), aside), content);

/** Paper is opened beside the sheet, which stays as it is typed. @param {string} href @param {string} words */
export const printLink = (href, words) =>
  h("a", { class: "button button-quiet button-small", href, target: "_blank", rel: "noopener" }, icon("printer"), words);

/** What it is about on the left, what it costs on the right; below each other on a phone. @param {Child[][]} columns */
export const sheetColumns = (...columns) =>
  h("div", { class: "sheet-columns" }, columns.map((parts) => h("div", { class: "sheet-column" }, parts)));
