/**
 * What agents are paid for the stays they sent, by the day on which these left.
 */
import { api, queryText } from "../../api.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { rangeFilter, rangeOf, selectFilter } from "../../elements/filters.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { field, formDialog, input } from "../../forms.js";
import { empty } from "../../fresh.js";
import { formatDate, formatMoney, formatRate, separator } from "../../format.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { accountPages, figure } from "./words.js";

/** @typedef {import("innkeeper/api").CommissionView} Commission */

const PAGE_SIZE = 100;
const NAMES = ["from", "to", "is_paid", "page"];

export const title = () => t("commissions.title");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  /** @type {Record<string, string>} */
  const filters = {
    ...rangeOf("this_month"),
    ...Object.fromEntries(NAMES.filter((name) => params[name]).map((name) => [name, params[name] ?? ""])),
  };
  const sums = h("div", { class: "account-sums" });
  const period = () => ({ from: filters.from ?? "", to: filters.to ?? "" });
  const { element, change, refresh } = pagedList(
    filters,
    {
      areas: ["accounts", "companies", "reservations"],
      load: async () => {
        const [found, totals] = await Promise.all([
          api.get("/api/commissions", { ...filters, page_size: PAGE_SIZE }, signal),
          api.get("/api/commissions/totals", period(), signal),
        ]);
        swap(
          sums,
          h(
            "dl",
            { class: "figures" },
            figure(t("commissions.base"), formatMoney(totals.base_amount), tn("commissions.stays", totals.stay_count)),
            figure(t("commissions.amount"), formatMoney(totals.amount)),
            figure(t("word.paid"), formatMoney(totals.paid_amount)),
            figure(t("accounts.open"), formatMoney(totals.open_amount)),
          ),
        );
        return found;
      },
      rows: (items) => table(items, () => void refresh(), signal),
      none: () => empty("case", t("commissions.none"), t("commissions.none_text")),
    },
    signal,
  );
  const bar = h("div", { class: "filters" }, [
    rangeFilter(["this_month", "last_month", "year_to_date"], { from: filters.from ?? "", to: filters.to ?? "" }, change, signal),
    selectFilter(
      t("field.state"),
      [
        { value: "false", label: t("accounts.open") },
        { value: "true", label: t("word.paid") },
      ],
      filters.is_paid ?? "",
      (is_paid) => change({ is_paid }),
      signal,
    ),
  ]);
  const save = () => h("a", { href: `/api/commissions/file${queryText({ ...period(), separator: separator() })}`, download: "commissions.csv" }).click();
  return h(
    "div",
    { class: "page" },
    pageHead({
      title: t("commissions.title"),
      lead: t("commissions.lead"),
      actions: [h("a", { class: "button", href: "/companies" }, t("companies.title")), button({ label: t("accounts.csv"), key: "commissions-csv", signal, onclick: save })],
    }),
    accountPages("commissions"),
    sums,
    bar,
    element,
  );
}

/** @param {Commission[]} items @param {() => void} done @param {AbortSignal} signal */
function table(items, done, signal) {
  const open = items.filter(({ is_paid }) => !is_paid);
  const may_pay = may("manage");
  const boxes = new Map(
    open.map(({ reservation_id, guest_name }) => [
      reservation_id,
      h("input", { type: "checkbox", value: reservation_id, "aria-label": t("commissions.choose_one", { guest: guest_name }), "data-key": `commission-${reservation_id}` }),
    ]),
  );
  const pay = () => {
    const chosen = open.map(({ reservation_id }) => reservation_id).filter((id) => boxes.get(id)?.checked);
    payDialog(chosen.length ? chosen : open.map(({ reservation_id }) => reservation_id), done, signal);
  };
  const undo = (/** @type {number} */ id) => void api.post("/api/commissions/{id}/undo", { id }, {}).then(done, showFailure);
  const list = dataTable(
    [
      {
        label: t("companies.agent"),
        kind: "main",
        cell: ({ company_id, company_name, reservation_id }) => {
          const box = may_pay && boxes.get(reservation_id);
          return box ? h("label", { class: "checkbox" }, box, h("span", {}, company_name)) : h("a", { href: `/companies/${company_id}` }, company_name);
        },
      },
      {
        label: t("field.guest"),
        cell: ({ reservation_id, guest_name, confirmation_number }) => [h("a", { href: `/reservations/${reservation_id}` }, guest_name), " ", h("span", { class: "code" }, confirmation_number)],
      },
      { label: t("commissions.left_on"), cell: ({ left_on }) => left_on && formatDate(left_on) },
      { label: t("commissions.base"), kind: "number", cell: ({ base_amount }) => formatMoney(base_amount) },
      { label: "%", kind: "number", cell: ({ percent }) => formatRate(percent) },
      { label: t("commissions.amount"), kind: "number", cell: ({ amount }) => formatMoney(amount) },
      {
        label: t("word.paid"),
        cell: ({ is_paid, paid_on, reference, reservation_id }) =>
          is_paid && paid_on
            ? [
                h("span", { title: reference }, formatDate(paid_on)),
                may_pay && button({ sign: "undo", look: "quiet", is_small: true, name: t("commissions.undo"), key: `unpaid-${reservation_id}`, signal, onclick: () => undo(reservation_id) }),
              ]
            : "–",
      },
    ],
    items,
  );
  return [list, may_pay && open.length > 0 && h("footer", { class: "card-body table-foot" }, button({ label: t("commissions.pay"), sign: "check", look: "primary", key: "pay-commissions", signal, onclick: pay }))];
}

/** @param {number[]} reservation_ids @param {() => void} done @param {AbortSignal} signal */
const payDialog = (reservation_ids, done, signal) =>
  formDialog(
    {
      title: tn("commissions.pay_title", reservation_ids.length),
      submit: t("commissions.pay"),
      fields: () => [field({ label: t("accounts.reference"), name: "reference" }, input({ maxlength: 100, autofocus: true }))],
      send: async ({ reference = "" }, key) => {
        const { amount } = await api.post("/api/commissions/pay", {}, { reservation_ids, reference }, key);
        toast(t("commissions.paid", { amount: formatMoney(amount) }));
        done();
      },
    },
    signal,
  );
