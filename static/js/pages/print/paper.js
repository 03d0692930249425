/**
 * Pages for paper: what the browser's print makes of them is what the guest or the maid holds. On
 * screen they stand as the sheet will look, with a button to print.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { formatDate } from "../../format.js";
import { t } from "../../i18n.js";
import { businessDate } from "../../store.js";

/** @typedef {import("innkeeper/api").SettingsView} Settings */
/** @typedef {import("../../dom.js").Child} Child */

/**
 * @param {{ title: string, number?: string, back: string, is_wide?: boolean }} options
 * @param {(settings: Settings) => Child} build
 * @param {AbortSignal} signal
 */
export async function paper({ title, number, back, is_wide = false }, build, signal) {
  const settings = await api.get("/api/settings", {}, signal);
  return h(
    "div",
    { class: "desk-of-paper" },
    h(
      "nav",
      { class: "paper-actions", "aria-label": t("action.print") },
      h("a", { class: "button", href: back }, t("action.back")),
      button({ label: t("action.print"), sign: "printer", look: "primary", signal, onclick: () => print() }),
    ),
    h(
      "main",
      { class: is_wide ? "paper paper-list" : "paper", tabindex: "-1" },
      h(
        "header",
        { class: "paper-head" },
        h(
          "div",
          {},
          h("p", { class: "paper-property" }, settings.name),
          h("p", {}, settings.address),
          h("p", {}, [settings.phone, settings.email].filter(Boolean).join(" · ")),
        ),
        h(
          "div",
          { class: "paper-title" },
          h("h1", {}, title),
          number && h("p", { class: "code" }, number),
          // In the head, since at the foot it would need a sheet of its own whenever the rest fills one.
          h("p", { class: "paper-date" }, t("print.made", { date: formatDate(businessDate(), "year") })),
        ),
      ),
      build(settings),
    ),
  );
}

/**
 * Names and what stands for them, two a row; `null` leaves room to write by hand.
 * @param {[label: string, value: Child][]} pairs
 */
export const facts = (pairs) =>
  h(
    "dl",
    { class: "paper-facts" },
    pairs.map(([label, value]) =>
      h("div", { class: value === null ? "is-by-hand" : "" }, h("dt", {}, label), h("dd", {}, value || "\u00a0")),
    ),
  );

/** Where someone signs. @param {...string} names */
export const signatures = (...names) =>
  h(
    "div",
    { class: "signatures" },
    names.map((name) => h("p", {}, name)),
  );

/**
 * A plain table.
 * @param {{ label: string, is_number?: boolean, is_tight?: boolean }[]} columns
 * @param {Child[][]} rows
 * @param {Child[][]} [foot]
 */
export function sheetTable(columns, rows, foot = []) {
  const looks = (/** @type {(typeof columns)[number] | undefined} */ column) =>
    [column?.is_number && "is-number", column?.is_tight && "is-tight"].filter(Boolean).join(" ");
  const cells = (/** @type {Child[]} */ row) =>
    h(
      "tr",
      {},
      row.map((cell, at) => h("td", { class: looks(columns[at]) }, cell)),
    );
  return h(
    "table",
    { class: "sheet" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        columns.map(({ label, is_number }) =>
          h("th", { scope: "col", class: is_number ? "is-number" : "" }, label),
        ),
      ),
    ),
    h("tbody", {}, rows.map(cells)),
    foot.length > 0 && h("tfoot", {}, foot.map(cells)),
  );
}
