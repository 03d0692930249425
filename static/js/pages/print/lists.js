/**
 * The day's lists on paper: who arrives, and which rooms wait for housekeeping.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { people } from "../../elements/page-head.js";
import { overdueWords } from "../../elements/status-chip.js";
import { formatDate, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { guestWords } from "../housekeeping/guest-words.js";
import { businessDate } from "../../store.js";
import { paper, sheetTable } from "./paper.js";

export const title = () => t("action.print");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export const render = (params, signal) =>
  params.kind === "arrivals" ? arrivals(params.date || businessDate(), signal) : housekeeping(signal);

/**
 * A list on paper has no next page to ask for: all of them.
 * @param {string} date
 * @param {AbortSignal} signal
 */
async function allArrivals(date, signal) {
  const load = (/** @type {number} */ page) =>
    api.get("/api/reservations/arrivals", { date, page, page_size: 100 }, signal);
  const first = await load(1);
  const rest = Array.from({ length: first.pages - 1 }, (_, i) => load(i + 2));
  return [first, ...(await Promise.all(rest))].flatMap(({ items }) => items);
}

/**
 * @param {string} date
 * @param {AbortSignal} signal
 */
async function arrivals(date, signal) {
  const items = await allArrivals(date, signal);
  return paper(
    { title: t("list.arrivals"), number: formatDate(date, "full"), back: "/", is_wide: true },
    () =>
      items.length
        ? sheetTable(
            [
              { label: t("field.room") },
              { label: t("field.guest") },
              { label: t("print.expected"), is_tight: true },
              { label: t("field.room_type") },
              { label: t("field.people"), is_number: true },
              { label: t("field.departure"), is_tight: true },
              { label: t("field.source") },
              { label: t("word.balance"), is_number: true },
              { label: t("field.notes") },
            ],
            items.map((stay) => [
              stay.room_number ?? "–",
              [
                h("strong", {}, stay.guest_name),
                h("br"),
                h("span", { class: "code" }, stay.confirmation_number),
                stay.overdue && [h("br"), overdueWords(stay)],
              ],
              [
                stay.expected_arrival_time,
                stay.is_expected_late && [stay.expected_arrival_time && h("br"), t("stay.late_arrival")],
              ],
              stay.room_type_name,
              people(stay.adults, stay.children),
              formatDate(stay.check_out_date, "weekday"),
              stay.source,
              formatMoney(stay.balance),
              [
                stay.rate_kind !== "paying" && t(`rate_kind.${stay.rate_kind}`),
                stay.special_requests,
                stay.notes,
              ]
                .filter(Boolean)
                .join(" · "),
            ]),
          )
        : h("p", { class: "paper-text" }, t("list.arrivals_empty")),
    signal,
  );
}

/** @param {AbortSignal} signal */
async function housekeeping(signal) {
  const { date, items } = await api.get("/api/housekeeping", {}, signal);
  return paper(
    { title: t("nav.housekeeping"), number: formatDate(date, "full"), back: "/housekeeping", is_wide: true },
    () =>
      sheetTable(
        [
          { label: t("field.room") },
          { label: t("field.room_type") },
          { label: t("print.task") },
          { label: t("field.state") },
          { label: t("field.people"), is_number: true },
          { label: t("field.notes") },
          { label: t("print.done") },
        ],
        items.map((task) => [
          h("strong", {}, task.room_number),
          task.room_type_name,
          [t(`duty.${task.duty}`), guestWords(task)].filter(Boolean).join(": "),
          t(`housekeeping.${task.housekeeping}`),
          task.arriving && people(task.arriving.adults, task.arriving.children),
          [task.block?.reason, task.arriving?.special_requests, task.notes].filter(Boolean).join(" · "),
          h("span", { class: "tick-box" }),
        ]),
      ),
    signal,
  );
}
