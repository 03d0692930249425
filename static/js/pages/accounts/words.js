/**
 * How accounts are said: what stands on them, how old it is, and which of their pages one is on.
 */
import { methodWords } from "../../choices.js";
import { h } from "../../dom.js";
import { formatDates, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").ItemView} Item */
/** @typedef {import("innkeeper/api").AgeingView} Ageing */

const PAGES = /** @type {const} */ (["accounts", "reminders", "commissions"]);

/** The pages of accounts, one beside the other. @param {(typeof PAGES)[number]} here */
export const accountPages = (here) =>
  h(
    "nav",
    { class: "filter-chips account-pages", "aria-label": t("accounts.pages") },
    PAGES.map((page) =>
      h("a", { class: "filter-chip", href: `/${page}`, "aria-current": page === here ? "page" : null }, t(`${page}.title`)),
    ),
  );

/** What an item is. @param {Item} item */
export const itemWords = ({ kind, payment_method, reference_number, other_name, invoice_number }) =>
  [t(`accounts.kind.${kind}`), invoice_number, other_name, payment_method && methodWords(payment_method), reference_number].filter(Boolean).join(" · ");

/** Of whose stay it is. @param {Item} item */
export const stayWords = ({ guest_name, check_in_date, check_out_date }) =>
  [guest_name, check_in_date && check_out_date && formatDates(check_in_date, check_out_date)].filter(Boolean).join(", ");

/** The bands that what is open falls into. */
export const BANDS = /** @type {const} */ ([
  "not_due_amount",
  "overdue_to_30",
  "overdue_to_60",
  "overdue_to_90",
  "overdue_to_120",
  "overdue_over_120",
]);

/** @param {string} name @param {import("../../dom.js").Child} value @param {import("../../dom.js").Child} [detail] */
export const figure = (name, value, detail) =>
  h("div", { class: "tile" }, h("dt", {}, name), h("dd", {}, h("span", { class: "tile-figure" }, value), detail && h("span", { class: "tile-detail" }, detail)));

/** How old what is open is, a band a cell. @param {Ageing} ageing */
export const ageingStrip = (ageing) =>
  h(
    "dl",
    { class: "ageing" },
    BANDS.map((band) => h("div", { class: ageing[band] ? "" : "is-settled" }, h("dt", {}, t(`accounts.${band}`)), h("dd", { class: "amount" }, formatMoney(ageing[band])))),
    ageing.unmatched_amount > 0 &&
      h("div", {}, h("dt", {}, t("accounts.unmatched_amount")), h("dd", { class: "amount" }, formatMoney(-ageing.unmatched_amount))),
  );
