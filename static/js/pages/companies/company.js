/**
 * One company: who it is, what is open on its account, which money pays for what, and its letters.
 */
import { api } from "../../api.js";
import { ratePlans } from "../../choices.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { chipChoice } from "../../elements/filters.js";
import { openMenu } from "../../elements/menu.js";
import { pagedList } from "../../elements/paged-list.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate, formatMoney, formatRate } from "../../format.js";
import { icon } from "../../icons.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { navigate } from "../../router.js";
import { payDialog, showItem, statementDialog } from "../accounts/account-dialogs.js";
import { letterLine } from "../accounts/letters.js";
import { ageingStrip, figure, itemWords, stayWords } from "../accounts/words.js";
import { startInvoice } from "../invoices/start.js";
import { historyCard } from "../reservations/history.js";
import { activate, companyDialog, editPays } from "./company-form.js";

/** @typedef {import("innkeeper/api").CompanyView} Company */
/** @typedef {import("innkeeper/api").AccountView} Account */
/** @typedef {import("innkeeper/api").ItemView} Item */
/** @typedef {import("innkeeper/api").ReminderView} Reminder */
/** @typedef {import("innkeeper/api").RatePlanView} RatePlan */

const PAGE_SIZE = 50;

export const title = () => t("field.company");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  const id = Number(params.id);
  const head = h("div", {});
  const sums = h("div", { class: "account-sums" });
  const facts = h("section", { class: "card" });
  const letters = h("section", { class: "card" });
  const history = h("section", { class: "card" });
  const refresh = keepFresh(
    head,
    {
      areas: ["companies", "accounts", "payments", "rates"],
      load: () =>
        Promise.all([
          api.get("/api/companies/{id}", { id }, signal),
          api.get("/api/companies/{id}/account", { id }, signal),
          api.get("/api/reminders", { company_id: id, page_size: 10 }, signal),
          ratePlans(),
        ]),
      show: ([company, account, reminders, plans]) => {
        document.title = [company.name, t("app.name")].join(" · ");
        const agreed = plans.filter(({ is_for_companies }) => is_for_companies);
        swap(sums, figures(account), ageingStrip(account));
        swap(facts, factsCard(company, agreed));
        swap(letters, lettersCard(reminders.items, again, signal));
        return companyHead(company, account, agreed, again, signal);
      },
      skeleton: () => skeletonLines(2),
    },
    signal,
  );
  const again = () => void refresh();
  historyCard(history, "company", id, signal);
  return h(
    "div",
    { class: "page" },
    head,
    h("div", { class: "stack" }, sums, ledger(id, params, again, signal), h("div", { class: "reservation-grid" }, facts, h("div", { class: "stack" }, letters, history))),
  );
}

/**
 * @param {Company} company
 * @param {Account} account
 * @param {RatePlan[]} plans
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const companyHead = (company, account, plans, done, signal) =>
  h(
    "header",
    { class: "page-head" },
    h(
      "div",
      { class: "page-head-words" },
      h("h1", {}, company.name, company.kind === "agent" && h("span", { class: "chip" }, t("companies.agent")), !company.is_active && h("span", { class: "chip" }, t("word.inactive"))),
      h(
        "p",
        { class: "page-lead" },
        h("a", { href: `/reservations?company_id=${company.id}` }, t("companies.bookings")),
        h("span", {}, termsWords(company)),
      ),
      company.notes && h("p", { class: "with-icon muted" }, icon("note"), company.notes),
    ),
    h(
      "div",
      { class: "page-actions" },
      button({ label: t("accounts.statement"), sign: "printer", key: "statement", signal, onclick: () => statementDialog(company.id, signal) }),
      may("desk") && button({ label: [t("word.more"), icon("down")], key: "more", signal, onclick: (anchor) => openMore(anchor, company, account, plans, done, signal) }),
      may("desk") &&
        button({
          label: t("accounts.pay"),
          sign: "coin",
          ...(account.balance > 0 && { look: /** @type {const} */ ("primary") }),
          key: "pay-account",
          signal,
          onclick: () => void payDialog(company, account, done, signal),
        }),
    ),
  );

/** @param {Company} company */
function termsWords({ has_account, terms_days }) {
  if (!has_account) return t("accounts.pays_at_once");
  if (terms_days === null) return t("accounts.pays_by_house");
  return terms_days === 0 ? t("accounts.due_at_once") : t("accounts.pays_later", { days: tn("count.days", terms_days) });
}

/**
 * @param {HTMLElement} anchor
 * @param {Company} company
 * @param {Account} account
 * @param {RatePlan[]} plans
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function openMore(anchor, company, account, plans, done, signal) {
  const { id } = company;
  const match = () =>
    void api.post("/api/companies/{id}/account/matches", { id }, {}).then(({ amount }) => {
      toast(t("accounts.matched", { amount: formatMoney(amount) }));
      done();
    }, showFailure);
  /** @type {(import("../../elements/menu.js").MenuItem | false)[]} */
  const items = [
    { label: t("action.edit"), sign: "edit", run: () => companyDialog(company, plans, done, signal) },
    account.unmatched_amount > 0 && { label: t("accounts.match_oldest"), detail: t("accounts.match_oldest_detail"), sign: "checks", run: match },
    { label: t("invoices.of_company"), run: () => void navigate(`/invoices?company_id=${id}`) },
    account.folio_id !== null && { label: t("invoices.of_account"), sign: "note", run: () => void startInvoice({ id: account.folio_id }).catch(showFailure) },
    { label: t("companies.pays"), run: () => void editPays(company, done, signal) },
    {
      label: company.is_active ? t("action.deactivate") : t("action.reactivate"),
      sign: company.is_active ? "ban" : "undo",
      run: () => void activate(company).then(done, showFailure),
    },
  ];
  openMenu(anchor, t("word.more"), items.filter((item) => item !== false), signal);
}

/** @param {Account} account */
const figures = ({ balance, overdue_amount, oldest_due_date, credit_limit, available_amount, unmatched_amount }) =>
  h(
    "dl",
    { class: "figures" },
    figure(t("accounts.owed"), formatMoney(balance)),
    figure(t("accounts.overdue"), formatMoney(overdue_amount), oldest_due_date && overdue_amount > 0 && t("accounts.since", { date: formatDate(oldest_due_date) })),
    figure(
      t("accounts.credit_limit"),
      credit_limit === null ? t("accounts.no_limit") : formatMoney(credit_limit),
      available_amount !== null && t(available_amount < 0 ? "accounts.over_by" : "accounts.available", { amount: formatMoney(Math.abs(available_amount)) }),
    ),
    figure(t("accounts.unmatched_amount"), formatMoney(unmatched_amount)),
  );

/** What stands on the account. @param {number} id @param {Record<string, string>} params @param {() => void} done @param {AbortSignal} signal */
function ledger(id, params, done, signal) {
  /** @type {Record<string, string>} */
  const filters = { is_open: params.is_open ?? "true", page: params.page ?? "" };
  const { element, change } = pagedList(
    filters,
    {
      areas: ["accounts", "payments"],
      load: () => {
        const open = filters.is_open === "true";
        return api.get(
          "/api/companies/{id}/account/items",
          { id, page: Number(filters.page) || "", ...(open && { is_open: true }), sort: open ? "due_date" : "-id", page_size: PAGE_SIZE },
          signal,
        );
      },
      rows: (items) => table(id, items, done, signal),
      none: () => empty("coin", t(filters.is_open === "true" ? "accounts.nothing_open" : "accounts.nothing"), t("accounts.nothing_text")),
    },
    signal,
  );
  const bar = chipChoice(
    t("field.state"),
    [
      { value: "true", label: t("accounts.show.open") },
      { value: "false", label: t("accounts.show.all") },
    ],
    filters.is_open ?? "true",
    (is_open) => change({ is_open }),
    signal,
  );
  return h("section", {}, h("div", { class: "filters" }, h("h2", { class: "visually-hidden" }, t("accounts.items")), bar), element);
}

/** @param {number} id @param {Item[]} items @param {() => void} done @param {AbortSignal} signal */
const table = (id, items, done, signal) =>
  dataTable(
    [
      { label: t("field.date"), cell: ({ date }) => formatDate(date) },
      {
        label: t("accounts.item"),
        kind: "main",
        cell: (item) => [
          button({ label: itemWords(item), look: "quiet", is_small: true, extra: "till-name", key: `item-${item.id}`, signal, onclick: () => void showItem(id, item.id, done, signal) }),
          item.guest_name &&
            h("div", { class: "muted" }, item.reservation_id ? h("a", { href: `/reservations/${item.reservation_id}` }, stayWords(item)) : stayWords(item), ` · ${item.confirmation_number}`),
        ],
      },
      {
        label: t("accounts.due"),
        cell: ({ due_date, is_overdue, amount, reminder_level }) =>
          amount > 0 && [
            h("span", { class: is_overdue ? "is-late" : "" }, formatDate(due_date)),
            reminder_level > 0 && h("span", { class: "chip" }, t("reminders.step", { level: reminder_level })),
          ],
      },
      { label: t("field.amount"), kind: "number", cell: ({ amount }) => formatMoney(amount) },
      { label: t("accounts.open"), kind: "number", cell: ({ open_amount }) => h("span", { class: open_amount ? "" : "muted" }, open_amount ? formatMoney(open_amount) : "–") },
    ],
    items,
  );

/** @param {Company} company @param {RatePlan[]} plans */
function factsCard(company, plans) {
  const town = [company.postal_code, company.city].filter(Boolean).join(" ");
  const lines = [company.address, town, company.region, company.country].filter(Boolean);
  const agreed = plans.filter(({ id }) => company.rate_plan_ids.includes(id)).map(({ name }) => name);
  /** @type {[string, import("../../dom.js").Child][]} */
  const facts = [
    [t("companies.contact"), [company.contact_name, company.email, company.phone_number].filter(Boolean).map((one) => h("div", {}, one))],
    [t("companies.address"), lines.map((line) => h("div", {}, line))],
    [t("companies.tax_number"), company.tax_number],
    [t("companies.plans"), agreed.join(", ")],
    [t("accounts.commission_percent"), company.commission_percent > 0 && formatRate(company.commission_percent)],
    [t("accounts.is_reminded"), t(company.is_reminded ? "word.yes" : "word.no")],
  ];
  return [
    h("header", { class: "card-head" }, h("h2", {}, t("accounts.profile"))),
    h(
      "dl",
      { class: "facts card-body" },
      facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, Array.isArray(value) ? (value.length ? value : "–") : value || "–"))),
    ),
  ];
}

/** @param {Reminder[]} reminders @param {() => void} done @param {AbortSignal} signal */
const lettersCard = (reminders, done, signal) => [
  h("header", { class: "card-head" }, h("h2", {}, t("reminders.title")), h("a", { class: "button button-small", href: "/reminders" }, t("reminders.all"))),
  reminders.length
    ? h("ul", { class: "lines card-body" }, reminders.map((one) => letterLine(one, done, signal)))
    : h("p", { class: "card-body muted" }, t("reminders.none")),
];
