/**
 * Reservations as a table; on a phone each row folds into a card.
 */
import { h } from "../../dom.js";
import { people } from "../../elements/page-head.js";
import { overdueMark, statusChip } from "../../elements/status-chip.js";
import { formatAmount, formatDate } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";

/** @typedef {import("../../types.js").Reservation} Reservation */
/** @typedef {{ sort?: string, onsort?: (sort: string) => void, signal: AbortSignal, no_guest?: boolean }} Options */

/**
 * @param {Reservation[]} stays
 * @param {Options} options
 */
export function reservationTable(stays, options) {
  const { no_guest = false } = options;
  return h(
    "table",
    { class: "table table-fold" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        no_guest
          ? heading(t("field.confirmation"), options, "confirmation_number")
          : heading(t("field.guest"), options, "guest_name"),
        heading(t("field.status"), options),
        heading(t("field.room"), options),
        heading(t("field.arrival"), options, "check_in_date"),
        heading(t("field.departure"), options, "check_out_date"),
        !no_guest && heading(t("field.nights"), options, undefined, "is-number"),
        !no_guest && heading(t("field.people"), options, undefined, "is-number"),
        !no_guest && heading(t("field.source"), options),
        heading(t("folio.total"), options, undefined, "is-number"),
        heading(t("folio.balance"), options, undefined, "is-number"),
      ),
    ),
    h(
      "tbody",
      {},
      stays.map((stay) => row(stay, no_guest)),
    ),
  );
}

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
 * @param {Reservation} stay
 * @param {boolean} no_guest
 */
const row = (stay, no_guest) =>
  h(
    "tr",
    { class: `row-${stay.status}` },
    h(
      "td",
      { class: "cell-main" },
      h(
        "a",
        { href: `/reservations/${stay.id}`, class: "row-link", "data-key": `row-${stay.id}` },
        no_guest ? stay.confirmation_number : stay.guest_name,
      ),
      !no_guest && h("span", { class: "code" }, stay.confirmation_number),
    ),
    h("td", { class: "cell-status" }, statusChip(stay.status), overdueMark(stay)),
    h(
      "td",
      { class: "cell-room cell-words" },
      stay.room_number ? h("strong", {}, stay.room_number) : h("span", { class: "muted" }, t("room.none")),
      " ",
      h("span", { class: "muted" }, stay.room_type_name),
    ),
    h("td", { "data-label": t("field.arrival") }, formatDate(stay.check_in_date, "list")),
    h("td", { "data-label": t("field.departure") }, formatDate(stay.check_out_date, "list")),
    !no_guest &&
      h(
        "td",
        { class: "is-number", "data-label": t("field.nights") },
        stay.is_day_use ? t("stay.day_use") : stay.nights,
      ),
    !no_guest &&
      h("td", { class: "is-number", "data-label": t("field.people") }, people(stay.adults, stay.children)),
    !no_guest && h("td", { class: "cell-words", "data-label": t("field.source") }, stay.source),
    h("td", { class: "is-number", "data-label": t("folio.total") }, formatAmount(stay.total_amount)),
    h(
      "td",
      { class: `is-number ${stay.balance > 0 ? "is-due" : "is-settled"}`, "data-label": t("folio.balance") },
      formatAmount(stay.balance),
    ),
  );
