/**
 * Invoices, credit notes and drafts: who got which, and what of it is still to be paid.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { dataTable } from "../../elements/data-table.js";
import { rangeFilter, searchFilter, selectFilter } from "../../elements/filters.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { empty } from "../../fresh.js";
import { formatDate, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { invoiceChip, kindWords, nameOf, KINDS, STATES } from "./words.js";

/** @typedef {import("innkeeper/api").InvoiceView} Invoice */

const PAGE_SIZE = 25;
const NAMES = ["kind", "status", "q", "issued_from", "issued_to", "reservation_id", "company_id", "folio_id", "page"];

export const title = () => t("nav.invoices");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  /** @type {Record<string, string>} */
  const filters = Object.fromEntries(NAMES.map((name) => [name, params[name] ?? ""]));
  const is_asked = () => NAMES.some((name) => name !== "page" && filters[name]);
  const { element, change } = pagedList(
    filters,
    {
      areas: ["invoices", "payments"],
      load: () => api.get("/api/invoices", { ...filters, page_size: PAGE_SIZE }, signal),
      rows: table,
      none: () =>
        is_asked()
          ? empty("search", t("invoices.none_found"), t("filter.none_text"))
          : empty("note", t("invoices.none"), t("invoices.none_text")),
    },
    signal,
  );
  const bar = h("div", { class: "filters" }, [
    searchFilter(t("invoices.search"), filters.q ?? "", (q) => change({ q }), signal),
    rangeFilter(
      ["today", "this_month", "last_month", "year_to_date"],
      { from: filters.issued_from ?? "", to: filters.issued_to ?? "" },
      ({ from, to }) => change({ issued_from: from, issued_to: to }),
      signal,
    ),
    selectFilter(
      t("field.kind"),
      KINDS.map((kind) => ({ value: kind, label: kindWords(kind) })),
      filters.kind ?? "",
      (kind) => change({ kind }),
      signal,
    ),
    selectFilter(
      t("field.state"),
      STATES.map((state) => ({ value: state, label: t(`invoices.status_${state}`) })),
      filters.status ?? "",
      (status) => change({ status }),
      signal,
    ),
  ]);
  const setup = may("manage") && h("a", { class: "button", href: "/invoices/setup", "data-key": "invoice-setup" }, t("invoices.setup"));
  return h(
    "div",
    { class: "page" },
    pageHead({ title: t("nav.invoices"), lead: t("invoices.lead"), actions: [setup] }),
    bar,
    element,
  );
}

/** @param {Invoice[]} invoices */
const table = (invoices) =>
  dataTable(
    [
      {
        label: t("invoices.number"),
        kind: "main",
        cell: (invoice) => h("a", { href: `/invoices/${invoice.id}` }, nameOf(invoice)),
      },
      { label: t("field.kind"), cell: (invoice) => [kindWords(invoice.kind), invoice.status === "credited" && [" ", invoiceChip(invoice)]] },
      { label: t("field.date"), cell: ({ issued_on }) => issued_on && formatDate(issued_on, "year") },
      { label: t("invoices.buyer"), kind: "words", cell: ({ buyer_name }) => buyer_name },
      {
        label: t("word.reservation"),
        cell: ({ reservation_id, confirmation_number }) =>
          reservation_id !== null && h("a", { href: `/reservations/${reservation_id}` }, confirmation_number),
      },
      { label: t("field.amount"), kind: "number", cell: ({ gross_amount }) => formatMoney(gross_amount) },
      {
        label: t("invoices.open"),
        kind: "number",
        cell: ({ open_amount }) => (open_amount === 0 ? "–" : formatMoney(open_amount)),
      },
    ],
    invoices,
  );
