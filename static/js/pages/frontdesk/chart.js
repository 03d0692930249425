/**
 * The tape chart's page: the window of days, and what a gesture on the chart does.
 */
import { intentKey, queryText } from "../../api.js";
import { applyTransition, findTapeChart, quoteChange, updateReservation } from "../../calls.js";
import { addDays, isDate } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { stepper } from "../../elements/button.js";
import { pageHead } from "../../elements/page-head.js";
import { TapeChart } from "../../elements/tape/tape-chart.js";
import { STATUS_ICONS } from "../../elements/status-chip.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { empty, failed, skeletonLines } from "../../fresh.js";
import { formatDate, formatDates, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { onChange } from "../../live.js";
import { navigate, replaceQuery } from "../../router.js";
import { businessDate } from "../../store.js";

/** @typedef {import("../../types.js").ChartStay} ChartStay */
/** @typedef {import("../../elements/tape/model.js").Place} Place */

const ZOOMS = [7, 14, 30];
const DAYS_STEP = 7;
const KEPT_ZOOM = "innkeeper.chart-days";
const KEPT_GROUPING = "innkeeper.chart-grouping";
const GROUPINGS = /** @type {const} */ (["type", "floor"]);
const UNDO_MS = 30_000;
/** Yesterday stays in sight, since late departures do. */
const DAYS_BEFORE = 1;

export const title = () => t("nav.chart");

function initialDays() {
  const kept = Number(localStorage.getItem(KEPT_ZOOM));
  if (ZOOMS.includes(kept)) return kept;
  return matchMedia("(max-width: 700px)").matches ? 7 : 14;
}

/** @returns {import("../../elements/tape/model.js").Grouping} */
const grouping = () => (localStorage.getItem(KEPT_GROUPING) === "floor" ? "floor" : "type");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  const start = addDays(businessDate(), -DAYS_BEFORE);
  const window_of_days = {
    from: isDate(params.from ?? "") ? String(params.from) : start,
    days: Number(params.days) || initialDays(),
  };
  let room_to_find = Number(params.room_id) || 0;
  const chart = new TapeChart();
  const slot = h(
    "div",
    { class: "chart-slot" },
    h("div", { class: "chart-skeleton card" }, skeletonLines(12)),
  );
  const tools = h("div", {});

  const load = async () => {
    const { from, days } = window_of_days;
    try {
      const data = await findTapeChart(addDays(from, -1), days + 1, signal);
      if (from !== window_of_days.from || days !== window_of_days.days) return;
      if (!data.rooms.length) return swap(slot, noRooms());
      if (!chart.isConnected) slot.replaceChildren(chart);
      chart.show(data, grouping());
      if (room_to_find) chart.goToRoom(room_to_find);
      room_to_find = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (chart.isConnected) showFailure(error);
      else swap(slot, failed(error, load, signal));
    }
  };
  /** @param {Partial<typeof window_of_days>} change */
  const go = (change) => {
    Object.assign(window_of_days, change);
    localStorage.setItem(KEPT_ZOOM, String(window_of_days.days));
    replaceQuery(queryText(window_of_days));
    swap(tools, toolbar(window_of_days, go, signal));
    void load();
  };
  chart.wishes = {
    open: (stay) => void navigate(`/reservations/${stay.reservation_id}`),
    create: (place) =>
      void navigate(
        `/reservations/new${queryText({ check_in_date: place.from, check_out_date: place.to, room_id: place.row.room?.id })}`,
      ),
    move: (stay, place) => moveStay(stay, place, load),
    quote: priceChange,
  };
  swap(tools, toolbar(window_of_days, go, signal));
  onChange(
    ["reservations", "rooms", "room_types", "payments", "guests", "settings"],
    () => void load(),
    signal,
  );
  void load();
  return h("div", { class: "page page-chart" }, tools, slot, legend());
}

const noRooms = () =>
  empty(
    "bed",
    t("chart.no_rooms"),
    t("chart.no_rooms_text"),
    h("a", { class: "button button-primary", href: "/setup" }, t("chart.add_rooms")),
  );

/**
 * @param {{ from: string, days: number }} window_of_days
 * @param {(change: { from?: string, days?: number }) => void} go
 * @param {AbortSignal} signal
 */
function toolbar({ from, days }, go, signal) {
  const jump = h("input", {
    type: "date",
    class: "input input-date",
    value: from,
    "data-key": "jump",
    "aria-label": t("chart.jump"),
    signal,
    onchange: () => isDate(jump.value) && go({ from: jump.value }),
  });
  const start = addDays(businessDate(), -DAYS_BEFORE);
  const head = pageHead({
    title: t("nav.chart"),
    lead: `${formatDates(from, addDays(from, days - 1))} ${from.slice(0, 4)}`,
    actions: [
      stepper(
        {
          before: t("chart.earlier"),
          after: t("chart.later"),
          go: (where) => go({ from: where ? addDays(from, where * DAYS_STEP) : start }),
        },
        signal,
      ),
      jump,
      segmented(
        t("chart.grouping"),
        GROUPINGS.map((value) => ({ value, label: t(`chart.by_${value}`) })),
        grouping(),
        (value) => {
          localStorage.setItem(KEPT_GROUPING, value);
          go({});
        },
        signal,
      ),
      segmented(
        t("chart.zoom"),
        ZOOMS.map((count) => ({
          value: String(count),
          label: [
            h("span", { class: "only-wide" }, t("chart.days", { count })),
            h("span", { class: "only-narrow" }, count),
          ],
        })),
        String(days),
        (value) => go({ days: Number(value) }),
        signal,
      ),
    ],
  });
  head.classList.add("chart-tools");
  return head;
}

/**
 * One of a few, all in sight.
 * @param {string} title
 * @param {{ value: string, label: import("../../dom.js").Child }[]} choices
 * @param {string} chosen
 * @param {(value: string) => void} choose
 * @param {AbortSignal} signal
 */
const segmented = (title, choices, chosen, choose, signal) =>
  h(
    "fieldset",
    { class: "segmented" },
    h("legend", { class: "visually-hidden" }, title),
    choices.map(({ value, label }) =>
      h(
        "label",
        {},
        h("input", {
          type: "radio",
          name: title,
          value,
          "data-key": `choose-${value}`,
          checked: value === chosen,
          signal,
          onchange: () => choose(value),
        }),
        h("span", {}, label),
      ),
    ),
  );

const legend = () =>
  h(
    "footer",
    { class: "chart-legend" },
    /** @type {const} */ (["tentative", "confirmed", "checked_in", "checked_out"]).map((status) =>
      h(
        "span",
        { class: `legend-item status-${status}` },
        h("i", {}, icon(STATUS_ICONS[status])),
        t(`status.${status}`),
      ),
    ),
    h("span", { class: "legend-item" }, icon("coin"), t("chart.legend_due")),
    h("span", { class: "legend-item" }, icon("star"), t("guest.vip")),
    h("span", { class: "legend-item" }, h("i", { class: "bar-source", "data-says": t("chart.legend_mark") }), t("chart.legend_source")),
    h("span", { class: "legend-keys" }, t("chart.keys")),
  );

/**
 * What a move would change in money, before it is one.
 * @param {ChartStay} stay
 * @param {Place} place
 * @param {AbortSignal} signal
 */
async function priceChange(stay, place, signal) {
  const { row } = place;
  const { difference, rerated_difference } = await quoteChange(
    stay.reservation_id,
    { ...newDates(stay, place), room_type_id: row.room_type_id },
    signal,
  );
  const words = difference === 0 ? t("chart.same_price") : signed(difference);
  if (row.room_type_id === stay.room_type_id || rerated_difference === difference) return words;
  return t("chart.other_price", { words, amount: signed(rerated_difference) });
}

/** @param {number} amount */
const signed = (amount) => `${amount > 0 ? "+" : "−"}${formatMoney(Math.abs(amount))}`;

/**
 * The dates that a place changes. Of a guest in the house the arrival is history.
 * @param {ChartStay} stay
 * @param {Place} place
 */
const newDates = (stay, place) => ({
  ...(stay.starts_here &&
    stay.status !== "checked_in" &&
    place.from !== stay.from && { check_in_date: place.from }),
  ...(place.to !== stay.to && { check_out_date: place.to }),
});

/**
 * A room change alone is a move; new dates are a change of the reservation. Both can be taken back.
 * @param {ChartStay} stay
 * @param {Place} place
 * @param {() => Promise<void>} load
 */
async function moveStay(stay, place, load) {
  const room_id = place.row.room?.id ?? null;
  const dates = newDates(stay, place);
  const is_move = room_id !== null && stay.room_id !== null && Object.keys(dates).length === 0;
  const where = place.row.room ? t("room.number", { number: place.row.room.room_number }) : t("chart.lane");
  try {
    if (is_move) {
      const from_date = !stay.starts_here && stay.status !== "checked_in" && { from_date: stay.from };
      await applyTransition(stay.reservation_id, "move", { room_id, ...from_date }, intentKey());
    } else await changeStay(stay, place, dates);
    toast(
      t("chart.moved", {
        guest: stay.guest_name,
        where,
        dates: `${formatDate(place.from)} – ${formatDate(place.to)}`,
      }),
      {
        duration_ms: UNDO_MS,
        action: { label: t("action.undo"), run: () => void takeBack(stay, !is_move, load) },
      },
    );
  } catch (error) {
    showFailure(error, () => void load());
  }
  await load();
}

/**
 * @param {ChartStay} stay
 * @param {Place} place
 * @param {{ check_in_date?: string, check_out_date?: string }} dates
 */
function changeStay(stay, { row }, dates) {
  const room_id = row.room?.id ?? null;
  return updateReservation(stay.reservation_id, {
    ...(room_id !== stay.room_id && { room_id }),
    ...(row.room_type_id !== stay.room_type_id && room_id === null && { room_type_id: row.room_type_id }),
    ...dates,
    version: stay.version,
  });
}

/**
 * @param {ChartStay} stay as it was
 * @param {boolean} was_changed whether dates or the assignment changed, not only the room
 * @param {() => Promise<void>} load
 */
async function takeBack(stay, was_changed, load) {
  try {
    if (was_changed)
      await updateReservation(stay.reservation_id, {
        ...(stay.status !== "checked_in" && { room_id: stay.room_id }),
        ...(stay.room_id === null && { room_type_id: stay.room_type_id }),
        ...(stay.status !== "checked_in" && { check_in_date: stay.check_in_date }),
        check_out_date: stay.check_out_date,
      });
    else await applyTransition(stay.reservation_id, "undo", {}, intentKey());
    toast(t("chart.taken_back", { guest: stay.guest_name }));
  } catch (error) {
    showFailure(error);
  }
  await load();
}
