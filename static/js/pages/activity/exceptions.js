/**
 * What took money away from the house: who did it, when, to which stay, how much and why. The owner's
 * and the managers' to read.
 */
import { api } from "../../api.js";
import { h, swap } from "../../dom.js";
import { dataTable } from "../../elements/data-table.js";
import { rangeFilter, rangeOf, selectFilter } from "../../elements/filters.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { empty } from "../../fresh.js";
import { formatAmount, formatCurrency, formatDate, formatInstant } from "../../format.js";
import { t } from "../../i18n.js";
import { reasonWords } from "../../own-reasons.js";
import { brokenWords } from "../../restriction-words.js";
import { session } from "../../store.js";
import { staffNames, whoFilter, whoWords } from "./who.js";

/** @typedef {import("innkeeper/api").ExceptionView} OwnersException */

const PAGE_SIZE = 50;
const NAMES = ["from", "to", "kind", "username", "page"];
const KINDS = /** @type {const} */ ([
  "allowance",
  "typed_price",
  "price_lowered",
  "nights_dropped",
  "undone_check_in",
  "waived_fee",
  "terms_eased",
  "fee_taken_back",
  "voided_charge",
  "voided_payment",
  "refund_by_another_method",
  "after_the_end",
  "refund_of_what_is_owed",
  "moved_to_account",
  "complimentary",
  "house_use",
  "levy_exempted",
  "against_restriction",
  "cash_short",
  "cash_over",
  "not_counted",
  "float_differs",
  "paid_out",
]);

export const title = () => t("exceptions.title");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  /** @type {Record<string, string>} */
  const filters = {
    ...rangeOf("last_30"),
    ...Object.fromEntries(NAMES.filter((name) => params[name]).map((name) => [name, params[name] ?? ""])),
  };
  const bar = h("div", { class: "filters" });
  const { element, change } = pagedList(
    filters,
    {
      areas: ["reservations", "payments", "till"],
      load: () => {
        const { from = "", to = "", ...rest } = filters;
        const days = { business_date_from: from, business_date_to: to };
        return api.get("/api/audit/exceptions", { ...rest, ...days, page_size: PAGE_SIZE }, signal);
      },
      rows: table,
      none: () => empty("history", t("exceptions.none"), t("filter.none_text")),
    },
    signal,
  );
  void staffNames(signal).then((users) => swap(bar, filterBar(filters, users, change, signal)));
  const back = h("a", { class: "button", href: "/activity" }, t("nav.activity"));
  return h(
    "div",
    { class: "page" },
    pageHead({ title: t("exceptions.title"), lead: t("exceptions.lead"), actions: back }),
    bar,
    element,
  );
}

/**
 * @param {Record<string, string>} filters
 * @param {string[]} users
 * @param {(change: Record<string, string>) => void} change
 * @param {AbortSignal} signal
 */
const filterBar = (filters, users, change, signal) => [
  rangeFilter(
    ["today", "yesterday", "last_7", "last_30", "this_month", "last_month"],
    { from: filters.from ?? "", to: filters.to ?? "" },
    change,
    signal,
  ),
  selectFilter(
    t("exceptions.kind"),
    KINDS.map((value) => ({ value, label: t(`exception.${value}`) })),
    filters.kind ?? "",
    (kind) => change({ kind }),
    signal,
  ),
  whoFilter(users, filters, change, signal),
];

/** @param {OwnersException[]} entries */
const table = (entries) =>
  dataTable(
    [
      {
        label: t("activity.what"),
        kind: "main",
        cell: ({ kind, broken }) => [
          kind ? t(`exception.${kind}`) : t("history.exception"),
          broken.length > 0 && h("div", { class: "cell-changes" }, broken.map((one) => h("p", {}, brokenWords(one)))),
        ],
      },
      { label: t("field.amount"), kind: "number", cell: ({ amount, currency }) => (!amount ? "–" : currency === session.property?.currency ? formatAmount(amount) : formatCurrency(amount, currency)) },
      {
        label: t("word.reservation"),
        kind: "words",
        cell: ({ reservation_id, confirmation_number, guest_name, drawer_name }) =>
          reservation_id
            ? h(
                "a",
                { class: "link", href: `/reservations/${reservation_id}` },
                `${confirmation_number} · ${guest_name}`,
              )
            : drawer_name
              ? h("a", { class: "link", href: "/shifts" }, `${t("till.title")} · ${drawer_name}`)
              : guest_name,
      },
      { label: t("activity.who"), cell: ({ username }) => whoWords(username) },
      { label: t("field.business_date"), cell: ({ business_date }) => formatDate(business_date) },
      {
        label: t("word.when"),
        cell: ({ at }) => h("time", { datetime: at }, formatInstant(at)),
      },
      {
        label: t("field.reason"),
        cell: ({ reason }) => h("div", { class: "cell-changes" }, reasonWords(reason) || "–"),
      },
    ],
    entries,
  );
