/**
 * The tape chart's page: the window of days, and what a gesture on the chart does.
 */
import { intentKey, queryText } from "../../api.js";
import { applyTransition, findTapeChart, updateReservation } from "../../calls.js";
import { addDays, isDate } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { stepper } from "../../elements/button.js";
import { pageHead } from "../../elements/page-head.js";
import { TapeChart } from "../../elements/tape/tape-chart.js";
import { STATUS_ICONS } from "../../elements/status-chip.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { empty, failed, skeletonLines } from "../../fresh.js";
import { formatDate, formatDates } from "../../format.js";
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
const UNDO_MS = 30_000;
/** Yesterday stays in sight, since late departures do. */
const DAYS_BEFORE = 1;

export const title = () => t("nav.chart");

function initialDays() {
  const kept = Number(localStorage.getItem(KEPT_ZOOM));
  if (ZOOMS.includes(kept)) return kept;
  return matchMedia("(max-width: 700px)").matches ? 7 : 14;
}

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
      chart.show(data);
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
      zoom(days, go, signal),
    ],
  });
  head.classList.add("chart-tools");
  return head;
}

/**
 * @param {number} days
 * @param {(change: { days: number }) => void} go
 * @param {AbortSignal} signal
 */
const zoom = (days, go, signal) =>
  h(
    "fieldset",
    { class: "segmented" },
    h("legend", { class: "visually-hidden" }, t("chart.zoom")),
    ZOOMS.map((count) =>
      h(
        "label",
        {},
        h("input", {
          type: "radio",
          name: "days",
          value: count,
          "data-key": `zoom-${count}`,
          checked: count === days,
          signal,
          onchange: () => go({ days: count }),
        }),
        h("span", { class: "only-wide" }, t("chart.days", { count })),
        h("span", { class: "only-narrow" }, count),
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
    h("span", { class: "legend-keys" }, t("chart.keys")),
  );

/**
 * A room change alone is a move; new dates are a change of the reservation. Both can be taken back.
 * @param {ChartStay} stay
 * @param {Place} place
 * @param {() => Promise<void>} load
 */
async function moveStay(stay, place, load) {
  const room_id = place.row.room?.id ?? null;
  const has_new_dates = place.from !== stay.from || place.to !== stay.to;
  const where = place.row.room ? t("room.number", { number: place.row.room.room_number }) : t("chart.lane");
  try {
    if (room_id !== null && stay.room_id !== null && !has_new_dates)
      await applyTransition(
        stay.reservation_id,
        "move",
        { room_id, ...(!stay.starts_here && { from_date: stay.from }) },
        intentKey(),
      );
    else await changeStay(stay, place, room_id, has_new_dates);
    toast(
      t("chart.moved", {
        guest: stay.guest_name,
        where,
        dates: `${formatDate(place.from)} – ${formatDate(place.to)}`,
      }),
      {
        duration_ms: UNDO_MS,
        action: {
          label: t("action.undo"),
          run: () => void takeBack(stay, has_new_dates || room_id === null || stay.room_id === null, load),
        },
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
 * @param {number | null} room_id
 * @param {boolean} has_new_dates
 */
const changeStay = (stay, place, room_id, has_new_dates) =>
  updateReservation(stay.reservation_id, {
    ...(room_id !== stay.room_id && { room_id }),
    ...(place.row.room_type_id !== stay.room_type_id &&
      room_id === null && { room_type_id: place.row.room_type_id }),
    ...(has_new_dates && stay.starts_here && { check_in_date: place.from }),
    ...(has_new_dates && { check_out_date: place.to }),
    version: stay.version,
  });

/**
 * @param {ChartStay} stay as it was
 * @param {boolean} was_changed whether dates or the assignment changed, not only the room
 * @param {() => Promise<void>} load
 */
async function takeBack(stay, was_changed, load) {
  try {
    if (was_changed)
      await updateReservation(stay.reservation_id, {
        room_id: stay.room_id,
        ...(stay.room_id === null && { room_type_id: stay.room_type_id }),
        check_in_date: stay.check_in_date,
        check_out_date: stay.check_out_date,
      });
    else await applyTransition(stay.reservation_id, "undo", {}, intentKey());
    toast(t("chart.taken_back", { guest: stay.guest_name }));
  } catch (error) {
    showFailure(error);
  }
  await load();
}
