/**
 * What companies owe: all accounts with their balances, how old they are, and what is too much.
 */
import { api, queryText } from "../../api.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { chipChoice, searchFilter } from "../../elements/filters.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { empty } from "../../fresh.js";
import { formatDate, formatMoney, separator } from "../../format.js";
import { t } from "../../i18n.js";
import { accountPages, ageingStrip, figure } from "./words.js";

/** @typedef {import("innkeeper/api").CompanyAccountView} Account */
/** @typedef {import("innkeeper/api").AccountTotals} Totals */

const PAGE_SIZE = 50;
const NAMES = ["q", "is_open", "is_overdue", "page"];

export const title = () => t("accounts.title");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  /** @type {Record<string, string>} */
  const filters = Object.fromEntries(NAMES.filter((name) => params[name]).map((name) => [name, params[name] ?? ""]));
  const sums = h("div", { class: "account-sums" });
  const { element, change } = pagedList(
    filters,
    {
      areas: ["accounts", "companies", "payments"],
      load: async () => {
        const [found, totals] = await Promise.all([
          api.get("/api/accounts", { ...filters, page_size: PAGE_SIZE }, signal),
          api.get("/api/accounts/totals", {}, signal),
        ]);
        swap(sums, figures(totals), ageingStrip(totals));
        return found;
      },
      rows: table,
      none: () => empty("case", t(filters.q ? "companies.none_found" : "accounts.none"), t("accounts.none_text")),
    },
    signal,
  );
  const chosen = filters.is_overdue ? "overdue" : filters.is_open ? "open" : "all";
  const bar = h(
    "div",
    { class: "filters" },
    searchFilter(t("accounts.search"), filters.q ?? "", (q) => change({ q }), signal),
    chipChoice(
      t("field.state"),
      /** @type {const} */ (["all", "open", "overdue"]).map((value) => ({ value, label: t(`accounts.show.${value}`) })),
      chosen,
      (value) => change({ is_open: value === "open" ? "true" : "", is_overdue: value === "overdue" ? "true" : "" }),
      signal,
    ),
  );
  const save = () => h("a", { href: `/api/accounts/file${queryText({ separator: separator() })}`, download: "accounts.csv" }).click();
  return h(
    "div",
    { class: "page" },
    pageHead({
      title: t("accounts.title"),
      lead: t("accounts.lead"),
      actions: [
        h("a", { class: "button", href: "/companies" }, t("companies.title")),
        button({ label: t("accounts.csv"), key: "accounts-csv", signal, onclick: save }),
      ],
    }),
    accountPages("accounts"),
    sums,
    bar,
    element,
  );
}

/** @param {Totals} totals */
const figures = ({ balance, overdue_amount, open_count, overdue_count, unmatched_amount, oldest_due_date }) =>
  h(
    "dl",
    { class: "figures" },
    figure(t("accounts.owed"), formatMoney(balance), t("accounts.of_companies", { count: open_count })),
    figure(t("accounts.overdue"), formatMoney(overdue_amount), t("accounts.of_companies", { count: overdue_count })),
    figure(t("accounts.oldest"), oldest_due_date ? formatDate(oldest_due_date) : "–"),
    figure(t("accounts.unmatched_amount"), formatMoney(unmatched_amount)),
  );

/** @param {Account[]} accounts */
const table = (accounts) =>
  dataTable(
    [
      {
        label: t("field.company"),
        kind: "main",
        cell: ({ company_id, name, is_active }) => [
          h("a", { class: "row-link", href: `/companies/${company_id}` }, name),
          !is_active && h("span", { class: "chip" }, t("word.inactive")),
        ],
      },
      { label: t("word.balance"), kind: "number", cell: ({ balance }) => formatMoney(balance) },
      { label: t("accounts.overdue"), kind: "number", cell: ({ overdue_amount }) => h("span", { class: overdue_amount ? "is-late" : "muted" }, overdue_amount ? formatMoney(overdue_amount) : "–") },
      { label: t("accounts.oldest"), cell: ({ oldest_due_date }) => (oldest_due_date ? formatDate(oldest_due_date) : "–") },
      { label: t("accounts.unmatched_amount"), kind: "number", cell: ({ unmatched_amount }) => (unmatched_amount ? formatMoney(unmatched_amount) : "–") },
      {
        label: t("accounts.credit_limit"),
        kind: "number",
        cell: ({ credit_limit, is_over_limit }) => [
          credit_limit === null ? "–" : formatMoney(credit_limit),
          is_over_limit && h("span", { class: "chip chip-overdue" }, t("accounts.over_limit")),
        ],
      },
    ],
    accounts,
  );
