/**
 * The money of a period: what each method brought by day, and every payment, refund and void in it.
 */
import { api } from "../../api.js";
import { methodWords, paymentMethods } from "../../choices.js";
import { h, swap } from "../../dom.js";
import { dataTable } from "../../elements/data-table.js";
import { rangeFilter, rangeOf, searchFilter, selectFilter } from "../../elements/filters.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatAmount, formatCount, formatDate, formatInstant, formatMoney, sum } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { tillCard } from "../till/till.js";
import { paymentMenu } from "./folio-card.js";
import { houseCard } from "./house-card.js";

/** @typedef {import("innkeeper/api").PaymentView} Payment */
/** @typedef {import("innkeeper/api").TotalsView} PaymentTotals */
/** @typedef {import("../../elements/data-table.js").Column<PaymentTotals["days"][number]>} DayColumn */

const PAGE_SIZE = 25;
/** Kept in the address, by the names that the API has for them. */
const NAMES = /** @satisfies {(keyof import("../../types.js").Params<"get", "/api/payments">)[]} */ ([
  "payment_date_from",
  "payment_date_to",
  "payment_method",
  "kind",
  "q",
  "page",
]);

export const title = () => t("nav.payments");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  const { from, to } = rangeOf("last_7");
  /** @type {Record<string, string>} */
  const filters = {
    ...Object.fromEntries(NAMES.map((name) => [name, params[name] ?? ""])),
    payment_date_from: params.payment_date_from || from,
    payment_date_to: params.payment_date_to || to,
  };
  const range = () => ({
    payment_date_from: filters.payment_date_from,
    payment_date_to: filters.payment_date_to,
  });
  const totals = h("section", { class: "card table-card" });
  const bar = h("div", { class: "filters" });
  const refreshTotals = keepFresh(
    totals,
    {
      areas: ["payments"],
      load: () => api.get("/api/payments/totals", range(), signal),
      show: totalsCard,
      skeleton: () => skeletonLines(4),
    },
    signal,
  );
  const list = pagedList(
    filters,
    {
      areas: ["payments", "guests"],
      load: () => api.get("/api/payments", { ...filters, page_size: PAGE_SIZE }, signal),
      rows: (payments) => paymentTable(payments, () => again(), signal),
      none: () => empty("coin", t("payments.none"), t("filter.none_text")),
    },
    signal,
  );
  const again = () => {
    void refreshTotals();
    void list.refresh();
  };
  /** @param {Record<string, string>} with_these */
  const change = (with_these) => {
    list.change(with_these);
    if (with_these.payment_date_from) void refreshTotals();
  };
  void paymentMethods()
    .catch(() => [])
    .then((methods) => swap(bar, filterBar(filters, methods, change, signal)));
  return h(
    "div",
    { class: "page" },
    pageHead({
      title: t("nav.payments"),
      actions: [
        h("a", { class: "button", href: "/deposits", "data-key": "deposits" }, t("security.list_title")),
        h("a", { class: "button", href: "/vouchers", "data-key": "vouchers" }, t("vouchers.title")),
      ],
    }),
    may("desk") && tillCard(signal),
    houseCard(signal),
    bar,
    h("div", { class: "stack" }, totals, list.element),
  );
}

/**
 * @param {Record<string, string>} filters
 * @param {string[]} methods
 * @param {(change: Record<string, string>) => void} change
 * @param {AbortSignal} signal
 */
const filterBar = (filters, methods, change, signal) => [
  rangeFilter(
    ["today", "yesterday", "last_7", "this_month", "last_month"],
    { from: filters.payment_date_from ?? "", to: filters.payment_date_to ?? "" },
    ({ from, to }) => change({ payment_date_from: from, payment_date_to: to }),
    signal,
  ),
  selectFilter(
    t("field.method"),
    methods.map((value) => ({ value, label: methodWords(value) })),
    filters.payment_method ?? "",
    (payment_method) => change({ payment_method }),
    signal,
  ),
  selectFilter(
    t("field.kind"),
    /** @type {const} */ (["payment", "refund", "void"]).map((value) => ({
      value,
      label: t(`payments.${value}`),
    })),
    filters.kind ?? "",
    (kind) => change({ kind }),
    signal,
  ),
  searchFilter(t("filter.search_stays"), filters.q ?? "", (q) => change({ q }), signal),
];

/** Days down, methods across; one day is told by what came and what went. @param {PaymentTotals} totals */
function totalsCard({ days, by_method, amount }) {
  const head = h(
    "header",
    { class: "card-head" },
    h("h2", {}, t("search.payments")),
    h("strong", { class: "amount card-sum" }, formatMoney(amount)),
  );
  if (!by_method.length) return [head, h("p", { class: "card-body muted" }, t("payments.none"))];
  if (days.length === 1)
    return [
      head,
      dataTable(
        [
          { label: t("field.method"), kind: "main", cell: (method) => methodWords(method.payment_method) },
          { label: t("nav.payments"), kind: "number", cell: (method) => formatCount(method.count) },
          {
            label: t("payments.received"),
            kind: "number",
            cell: (method) => formatAmount(method.received_amount),
          },
          {
            label: t("payments.returned"),
            kind: "number",
            cell: (method) => formatAmount(method.returned_amount),
          },
          { label: t("payments.net"), kind: "number", cell: (method) => formatAmount(method.amount) },
        ],
        by_method,
        [
          t("word.total"),
          formatCount(by_method.reduce((count, method) => count + method.count, 0)),
          formatAmount(sum(by_method.map((method) => method.received_amount))),
          formatAmount(sum(by_method.map((method) => method.returned_amount))),
          formatAmount(amount),
        ],
      ),
    ];
  /** @type {DayColumn[]} */
  const methods = by_method.map(({ payment_method }) => ({
    label: methodWords(payment_method),
    kind: "number",
    cell: (day) => {
      const found = day.by_method.find((method) => method.payment_method === payment_method);
      return found ? formatAmount(found.amount) : "";
    },
  }));
  return [
    head,
    dataTable(
      [
        { label: t("field.date"), kind: "main", cell: (day) => formatDate(day.date, "weekday") },
        ...methods,
        { label: t("word.total"), kind: "number", cell: (day) => formatAmount(day.amount) },
      ],
      days,
      [t("word.total"), ...by_method.map((method) => formatAmount(method.amount)), formatAmount(amount)],
    ),
  ];
}

/**
 * @param {Payment[]} payments
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const paymentTable = (payments, done, signal) =>
  dataTable(
    [
      {
        label: t("field.guest"),
        kind: "main",
        cell: (payment) => [
          payment.reservation_id
            ? h("a", { class: "row-link", href: `/reservations/${payment.reservation_id}` }, payment.payer_name)
            : payment.payer_name,
          payment.confirmation_number && h("span", { class: "code" }, payment.confirmation_number),
        ],
      },
      {
        label: t("field.date"),
        cell: ({ payment_date, created_at }) =>
          h("span", { title: formatInstant(created_at) }, formatDate(payment_date, "weekday")),
      },
      { label: t("field.method"), cell: (payment) => methodWords(payment.payment_method) },
      {
        label: t("payment.reference_or_note"),
        cell: (payment) => {
          const words = [payment.reference_number, payment.notes].filter(Boolean).join(" · ");
          return words && h("span", { class: "cell-note" }, words);
        },
      },
      { label: t("payments.by"), cell: (payment) => payment.created_by },
      {
        label: t("field.status"),
        cell: ({ kind, status, payment_type }) =>
          kind === "payment"
            ? payment_type === "security"
              ? t("security.title")
              : status !== "active" && t(`payment.status_${status}`)
            : t(`payment.kind_${kind}`),
      },
      {
        label: t("field.amount"),
        kind: "number",
        cell: (payment) =>
          h("span", { class: payment.status === "voided" ? "is-struck" : "" }, formatMoney(payment.amount)),
      },
      { label: t("word.more"), kind: "menu", cell: (payment) => payment.payment_type !== "security" && paymentMenu(payment, done, signal) },
    ],
    payments,
  );
