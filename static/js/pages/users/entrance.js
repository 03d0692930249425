/**
 * The look of the pages in front of the frame: a picture of the house by night, and a form.
 */
import { h, svg } from "../../dom.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";

const WINDOWS_LIT = new Set([1, 4, 6, 11, 13]);

/** A small inn, some of its windows lit. Ornament only. */
function house() {
  const windows = Array.from({ length: 15 }, (_, i) =>
    svg("rect", {
      x: String(70 + (i % 5) * 40),
      y: String(96 + Math.floor(i / 5) * 46),
      width: "20",
      height: "28",
      rx: "3",
      class: WINDOWS_LIT.has(i) ? "lit" : "dark",
    }),
  );
  return svg(
    "svg",
    { class: "entrance-house", viewBox: "0 0 320 300", "aria-hidden": "true", focusable: "false" },
    svg("circle", { cx: "262", cy: "38", r: "15", class: "lit" }),
    svg("path", { class: "wall", d: "M40 300V84l120-56 120 56v216z" }),
    ...windows,
    svg("path", { class: "door", d: "M142 300v-46a18 18 0 0 1 36 0v46z" }),
    svg("circle", { cx: "170", cy: "278", r: "2.4", class: "lit" }),
    svg("path", { class: "ground", d: "M0 299h320" }),
  );
}

/** @param {...(import("../../dom.js").Child)} children */
export const entrance = (...children) =>
  h(
    "main",
    { class: "entrance", tabindex: "-1" },
    h(
      "div",
      { class: "entrance-side" },
      h("p", { class: "entrance-brand" }, h("span", { class: "brand-mark" }, icon("key")), t("app.name")),
      house(),
      h("p", { class: "entrance-motto" }, t("app.motto")),
    ),
    h("div", { class: "entrance-main" }, h("div", { class: "entrance-box" }, ...children)),
  );
