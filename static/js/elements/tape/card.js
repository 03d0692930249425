/**
 * The card beside a bar that is pointed at or focused. Repeats in sight what the bar says in words.
 */
import { daysBetween } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { formatDates, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { arrivalWords } from "../arrival.js";
import { optionMark } from "../option.js";
import { place } from "../popover.js";
import { rateKindChip } from "../rate-kind.js";
import { dueLook, overdueChip, statusChip } from "../status-chip.js";
import { lengthWords, people } from "../page-head.js";

/** @typedef {import("innkeeper/api").ChartStay} ChartStay */

const REST_MS = 180;

export class StayCard {
  #element = h("div", { class: "stay-card", popover: "manual", "aria-hidden": "true" });
  #timer = 0;

  /** @param {HTMLElement} holder */
  constructor(holder) {
    holder.append(this.#element);
  }

  /**
   * @param {ChartStay} stay
   * @param {HTMLElement} bar
   * @param {number} [rest_ms]
   */
  show(stay, bar, rest_ms = REST_MS) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      if (!bar.isConnected || !this.#element.isConnected) return;
      swap(this.#element, content(stay));
      if (!this.#element.matches(":popover-open")) this.#element.showPopover();
      place(this.#element, bar.getBoundingClientRect());
    }, rest_ms);
  }

  hide() {
    clearTimeout(this.#timer);
    if (this.#element.matches(":popover-open")) this.#element.hidePopover();
  }
}

/** @param {ChartStay} stay */
const lengthOf = ({ check_in_date, check_out_date }) =>
  lengthWords({
    nights: daysBetween(check_in_date, check_out_date),
    is_day_use: check_in_date === check_out_date,
  });

/** Whether something was announced of a guest who is still to come. @param {ChartStay} stay */
const isAwaited = (stay) =>
  (stay.status === "tentative" || stay.status === "confirmed") && arrivalWords(stay) !== "";

/** @param {ChartStay} stay */
const content = (stay) => [
  h("header", {}, h("strong", {}, stay.guest_name), stay.is_vip && icon("star"), statusChip(stay.status), overdueChip(stay), rateKindChip(stay)),
  h(
    "p",
    {},
    formatDates(stay.check_in_date, stay.check_out_date, "weekday"),
    h("span", { class: "muted" }, ` ${lengthOf(stay)}`),
  ),
  stay.option_state && h("p", {}, optionMark(stay)),
  isAwaited(stay) && h("p", { class: stay.is_expected_late ? "mark-warn" : "muted" }, icon("clock"), arrivalWords(stay)),
  h(
    "p",
    { class: "muted" },
    h("span", { class: "with-icon" }, icon("people"), people(stay.adults, stay.children)),
    [stay.source, stay.confirmation_number].filter(Boolean).map((words) => h("span", {}, words)),
  ),
  stay.group_name && h("p", { class: "with-icon" }, icon("group"), stay.group_name),
  h(
    "p",
    { class: dueLook(stay) || "is-paid" },
    icon(stay.balance > 0 ? "coin" : "check"),
    stay.balance > 0 ? t("folio.due", { amount: formatMoney(stay.balance) }) : t("stay.paid"),
  ),
];
