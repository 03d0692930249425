/**
 * Reservations as a table; on a phone each row folds into a card.
 */
import { h } from "../../dom.js";
import { people } from "../../elements/page-head.js";
import { optionUntil } from "../../elements/option.js";
import { rateKindChip } from "../../elements/rate-kind.js";
import { lateDeposit } from "../../elements/deposit.js";
import { dueLook, overdueMark, statusChip } from "../../elements/status-chip.js";
import { formatAmount, formatDate } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").ReservationView} Reservation */
/** What a guest's own list has of a stay. @typedef {import("innkeeper/api").GuestReservationView} GuestStay */
/** @typedef {import("../../dom.js").Child} Child */
/** @typedef {{ sort?: string, onsort?: (sort: string) => void, signal: AbortSignal }} Options */

/**
 * @param {Reservation[]} stays
 * @param {Options} options
 */
export const reservationTable = (stays, options) =>
  table(
    [
      heading(t("field.guest"), options, "guest_name"),
      heading(t("field.status"), options),
      heading(t("field.room"), options),
      heading(t("field.arrival"), options, "check_in_date"),
      heading(t("field.departure"), options, "check_out_date"),
      heading(t("field.nights"), options, undefined, "is-number"),
      heading(t("field.people"), options, undefined, "is-number"),
      heading(t("field.source"), options),
      heading(t("word.total"), options, undefined, "is-number"),
      heading(t("word.balance"), options, undefined, "is-number"),
    ],
    stays.map((stay) =>
      row(stay, [
        nameCell(stay, stay.guest_name, h("span", { class: "code" }, stay.confirmation_number)),
        h("td", { class: "cell-status" }, statusChip(stay.status), overdueMark(stay), optionUntil(stay), lateDeposit(stay), rateKindChip(stay)),
        ...placeCells(stay),
        h(
          "td",
          { class: "is-number", "data-label": t("field.nights") },
          stay.is_day_use ? t("word.day_use") : stay.nights,
        ),
        h("td", { class: "is-number", "data-label": t("field.people") }, people(stay.adults, stay.children)),
        h("td", { class: "cell-words", "data-label": t("field.source") }, stay.source),
        ...moneyCells(stay),
      ]),
    ),
  );

/**
 * The stays of one guest.
 * @param {GuestStay[]} stays
 */
export const guestStayTable = (stays) =>
  table(
    [
      h("th", { scope: "col" }, t("field.confirmation")),
      h("th", { scope: "col" }, t("field.status")),
      h("th", { scope: "col" }, t("field.room")),
      h("th", { scope: "col" }, t("field.arrival")),
      h("th", { scope: "col" }, t("field.departure")),
      h("th", { scope: "col", class: "is-number" }, t("word.total")),
      h("th", { scope: "col", class: "is-number" }, t("word.balance")),
    ],
    stays.map((stay) =>
      row(stay, [
        nameCell(stay, stay.confirmation_number),
        h("td", { class: "cell-status" }, statusChip(stay.status)),
        ...placeCells(stay),
        ...moneyCells(stay),
      ]),
    ),
  );

/**
 * @param {Child[]} headings
 * @param {Child[]} rows
 */
const table = (headings, rows) =>
  h(
    "table",
    { class: "table table-fold" },
    h("thead", {}, h("tr", {}, headings)),
    h("tbody", {}, rows),
  );

/**
 * @param {string} label
 * @param {Options} options
 * @param {string} [name] the sort key of the column
 * @param {string} [extra]
 */
function heading(label, { sort = "", onsort, signal }, name, extra = "") {
  if (!name || !onsort) return h("th", { scope: "col", class: extra }, label);
  const is_up = sort === name;
  const is_down = sort === `-${name}`;
  return h(
    "th",
    { scope: "col", class: extra, "aria-sort": is_up ? "ascending" : is_down ? "descending" : "none" },
    h(
      "button",
      {
        type: "button",
        class: "sort",
        "data-key": `sort-${name}`,
        signal,
        onclick: () => onsort(is_up ? `-${name}` : name),
      },
      label,
      icon(is_up ? "up" : is_down ? "down" : "sort"),
    ),
  );
}

/**
 * @param {GuestStay} stay
 * @param {Child[]} cells
 */
const row = (stay, cells) => h("tr", { class: `row-${stay.status}` }, cells);

/**
 * @param {GuestStay} stay
 * @param {string} name
 * @param {Child} [below]
 */
const nameCell = ({ id }, name, below) =>
  h(
    "td",
    { class: "cell-main" },
    h("a", { href: `/reservations/${id}`, class: "row-link", "data-key": `row-${id}` }, name),
    below,
  );

/** Where and when. @param {GuestStay} stay */
const placeCells = (stay) => [
  h(
    "td",
    { class: "cell-room cell-words" },
    stay.room_number ? h("strong", {}, stay.room_number) : h("span", { class: "muted" }, t("room.none")),
    " ",
    h("span", { class: "muted" }, stay.room_type_name),
  ),
  h("td", { "data-label": t("field.arrival") }, formatDate(stay.check_in_date, "list")),
  h("td", { "data-label": t("field.departure") }, formatDate(stay.check_out_date, "list")),
];

/** @param {GuestStay} stay */
const moneyCells = (stay) => [
  h("td", { class: "is-number", "data-label": t("word.total") }, formatAmount(stay.total_amount)),
  h(
    "td",
    { class: `is-number ${dueLook(stay) || "is-settled"}`, "data-label": t("word.balance") },
    formatAmount(stay.balance),
  ),
];
