/**
 * A reservation's state as a chip: colour, sign and word together, so that no one of them is needed.
 */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { formatDate } from "../format.js";
import { t } from "../i18n.js";

/** @typedef {import("innkeeper/api").ReservationStatus} ReservationStatus */

/** @type {Record<ReservationStatus, import("../icons.js").IconName>} */
export const STATUS_ICONS = {
  tentative: "question",
  confirmed: "check",
  checked_in: "key",
  checked_out: "leave",
  cancelled: "ban",
  no_show: "absent",
};

/** @param {ReservationStatus} status */
export const statusChip = (status) =>
  h("span", { class: `chip status-${status}` }, icon(STATUS_ICONS[status]), t(`status.${status}`));

/**
 * What should have happened before today and waits for somebody; nothing when all is in time.
 * @param {{ overdue: import("innkeeper/api").Overdue | null, check_in_date: string, check_out_date: string }} stay
 */
export const overdueChip = (stay) =>
  stay.overdue &&
  h("span", { class: "chip chip-overdue" }, icon("clock"), overdueWords(stay));

/** The same where the dates stand beside it. @param {Parameters<typeof overdueChip>[0]} stay */
export const overdueMark = (stay) =>
  stay.overdue &&
  h("span", { class: "chip chip-overdue", title: overdueWords(stay) }, icon("clock"), t("stay.overdue"));

/** @param {Parameters<typeof overdueChip>[0]} stay */
export const overdueWords = ({ overdue, check_in_date, check_out_date }) =>
  overdue === "arrival"
    ? t("stay.overdue_arrival", { date: formatDate(check_in_date, "weekday") })
    : t("stay.overdue_departure", { date: formatDate(check_out_date, "weekday") });

/**
 * How what is still to be paid looks: red only once it is late, which is after the guest should have left, or has.
 * @param {{ balance: number, status: ReservationStatus, overdue?: import("innkeeper/api").Overdue | null }} stay
 */
export const dueLook = ({ balance, status, overdue }) =>
  balance > 0 ? `is-due ${overdue === "departure" || !OPEN.has(status) ? "is-late" : ""}`.trim() : "";

/** States in which the money may still come in its time. @type {Set<ReservationStatus>} */
const OPEN = new Set(["tentative", "confirmed", "checked_in"]);
