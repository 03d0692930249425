/**
 * What is held of guests: securities of those who are here, then deposits of stays to come; each the oldest first.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { dataTable } from "../../elements/data-table.js";
import { rowMenu } from "../../elements/menu.js";
import { pageHead } from "../../elements/page-head.js";
import { statusChip } from "../../elements/status-chip.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate, formatDates, formatMoney } from "../../format.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { navigate } from "../../router.js";
import { giveBackDeposit, giveBackSecurity, keepDeposit, keepSecurity } from "./security.js";

/** @typedef {import("innkeeper/api").HoldingView} Holding */

export const title = () => t("security.list_title");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export function render(_params, signal) {
  const body = h("div", { class: "stack" });
  const refresh = keepFresh(
    body,
    {
      areas: ["payments", "reservations"],
      load: () => api.get("/api/deposits", {}, signal),
      show: ({ items, deposits_amount, securities_amount }) => [
        h(
          "dl",
          { class: "figures" },
          figure(t("security.deposits"), deposits_amount),
          figure(t("security.securities"), securities_amount),
        ),
        h(
          "section",
          { class: "card table-card" },
          items.length ? table(items, () => void refresh(), signal) : empty("coin", t("security.none"), t("security.none_text")),
        ),
      ],
      skeleton: () => skeletonLines(8),
    },
    signal,
  );
  return h(
    "div",
    { class: "page" },
    pageHead({
      title: t("security.list_title"),
      lead: t("security.list_lead"),
      actions: h("a", { class: "button", href: "/payments" }, t("nav.payments")),
    }),
    body,
  );
}

/** @param {string} name @param {number} amount */
const figure = (name, amount) =>
  h("div", { class: "tile" }, h("dt", {}, name), h("dd", {}, h("span", { class: "tile-figure" }, formatMoney(amount))));

/** @param {Holding[]} items @param {() => void} done @param {AbortSignal} signal */
const table = (items, done, signal) =>
  dataTable(
    [
      {
        label: t("field.guest"),
        kind: "main",
        cell: ({ reservation_id, guest_name, confirmation_number }) => [
          h("a", { class: "row-link", href: `/reservations/${reservation_id}` }, guest_name),
          h("span", { class: "code" }, confirmation_number),
        ],
      },
      { label: t("field.kind"), cell: ({ ledger }) => t(ledger === "security" ? "security.title" : "security.deposit") },
      { label: t("field.status"), cell: ({ status }) => statusChip(status) },
      { label: t("leave.stay"), cell: ({ check_in_date, check_out_date }) => formatDates(check_in_date, check_out_date) },
      { label: t("security.since"), cell: ({ since, age_days }) => `${formatDate(since, "list")} · ${tn("count.days", age_days)}` },
      { label: t("field.amount"), kind: "number", cell: ({ amount }) => formatMoney(amount) },
      { label: t("word.more"), kind: "menu", cell: (one) => menu(one, done, signal) },
    ],
    items,
  );

/** @param {Holding} one @param {() => void} done @param {AbortSignal} signal */
function menu({ ledger, reservation_id: id, guest_name, amount, status }, done, signal) {
  const stay = { id, guest_name };
  const open = { label: t("security.open"), sign: /** @type {const} */ ("reservations"), run: () => void navigate(`/reservations/${id}`) };
  const back = /** @type {const} */ ("undo");
  const of_deposit = [
    { label: t("payment.deposit_return"), sign: back, run: () => void giveBackDeposit(stay, amount, done, signal) },
    // Until then it pays for the stay.
    ...(["cancelled", "no_show"].includes(status)
      ? [{ label: t("payment.deposit_keep"), sign: /** @type {const} */ ("coin"), run: () => keepDeposit(stay, amount, done, signal) }]
      : []),
  ];
  const of_security = [
    { label: t("security.return"), sign: back, run: () => void giveBackSecurity(stay, amount, done, signal) },
    { label: t("security.keep"), sign: /** @type {const} */ ("wrench"), run: () => keepSecurity(stay, amount, done, signal) },
  ];
  const steps = ledger === "security" ? of_security : of_deposit;
  return rowMenu(guest_name, `held-${ledger}-${id}`, [...(may("desk") ? steps : []), open], signal);
}
