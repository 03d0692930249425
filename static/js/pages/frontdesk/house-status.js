/**
 * The house in numbers, and the week ahead as bars.
 */
import { h } from "../../dom.js";
import { formatCount, formatDate, formatMoneyShort, formatPercent } from "../../format.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").TodayView} HouseStatus */
/** @typedef {import("../../types.js").DateText} DateText */
/** @typedef {import("../../dom.js").Child} Child */

/**
 * @param {string} label
 * @param {Child} figure
 * @param {Child} detail
 * @param {string} [extra]
 * @param {string} [href] where these are listed
 */
const tile = (label, figure, detail, extra = "", href = "") =>
  h(
    "div",
    { class: `tile ${extra}`.trim() },
    h("dt", {}, label),
    h(
      "dd",
      {},
      href
        ? h("a", { class: "tile-figure", href }, figure)
        : h("span", { class: "tile-figure" }, figure),
      h("span", { class: "tile-detail" }, detail),
    ),
  );

/** There the tiles scroll sideways, which must be possible by keyboard too. */
const isNarrow = () => matchMedia("(max-width: 700px)").matches;

/** How ready the vacant rooms are; the parts add up to them. @param {HouseStatus["rooms"]} rooms */
const vacantWords = (rooms) =>
  [
    t("house.ready", { count: rooms.vacant_ready }),
    rooms.vacant_dirty && t("house.dirty", { count: rooms.vacant_dirty }),
    rooms.vacant_out_of_order && t("house.out", { count: rooms.vacant_out_of_order }),
  ]
    .filter(Boolean)
    .join(" · ");

/** @param {string} words @param {number} count of those who should have come or left before today */
const withOverdue = (words, count) => [
  words,
  count > 0 && [" · ", h("b", { class: "is-late" }, t("house.overdue", { count }))],
];

/** @param {HouseStatus} status */
export function houseStatus(status) {
  const { rooms } = status;
  return h(
    "dl",
    { class: "tiles", "aria-label": t("house.title"), tabindex: isNarrow() ? "0" : null },
    tile(
      t("house.arrivals"),
      formatCount(status.arrivals_pending),
      withOverdue(t("house.of_expected", { count: status.arrivals }), status.arrivals_overdue),
    ),
    tile(
      t("house.departures"),
      formatCount(status.departures_pending),
      withOverdue(t("house.of_leaving", { count: status.departures }), status.departures_overdue),
    ),
    tile(
      t("status.checked_in"),
      formatCount(status.in_house),
      t("house.stay_overs", { count: status.stay_overs }),
    ),
    tile(
      t("house.occupancy"),
      formatPercent(status.occupancy_rate),
      t("house.revenue", { amount: formatMoneyShort(status.revenue_today) }),
    ),
    tile(t("house.vacant"), formatCount(rooms.vacant), vacantWords(rooms)),
    tile(
      t("room.none"),
      formatCount(status.unassigned),
      t("house.unassigned_detail"),
      status.unassigned ? "is-open" : "",
      "/chart",
    ),
    tile(
      t("house.balance_due"),
      formatMoneyShort(status.balance_due),
      t("house.balance_of"),
      "",
      "/reservations?due=now",
    ),
    status.deposits_late > 0 &&
      tile(
        t("house.deposits_late"),
        formatCount(status.deposits_late),
        t("house.deposits_missing", { amount: formatMoneyShort(status.deposits_late_amount) }),
        "is-open",
        "/reservations?deposit=late&sort=check_in_date",
      ),
  );
}

/**
 * @param {HouseStatus} status
 * @param {DateText} date the day being looked at
 * @param {(to: DateText) => void} go
 * @param {AbortSignal} signal
 */
export const weekAhead = (status, date, go, signal) =>
  h(
    "nav",
    { class: "week", "aria-label": t("house.week") },
    [status, ...status.next_7_days.slice(0, 6)].map((day) =>
      h(
        "button",
        {
          type: "button",
          class: "week-day",
          "data-key": `week-${day.date}`,
          "aria-current": day.date === date ? "date" : null,
          signal,
          onclick: () => go(day.date),
        },
        h(
          "span",
          { class: "week-name" },
          formatDate(day.date, "letter"),
          " ",
          h("b", {}, String(Number(day.date.slice(8)))),
        ),
        h("span", { class: "meter", vars: { share: `${Math.min(100, day.occupancy_rate)}%` } }),
        h("span", { class: "week-rate" }, formatPercent(day.occupancy_rate)),
        h(
          "span",
          { class: "visually-hidden" },
          t("house.week_day", { arrivals: day.arrivals, departures: day.departures }),
        ),
      ),
    ),
  );
