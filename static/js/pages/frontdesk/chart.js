/**
 * The tape chart's page: the window of days, and what a gesture on the chart does.
 */
import { api, queryText } from "../../api.js";
import { addDays, isDate } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { stepper } from "../../elements/button.js";
import { dateInput } from "../../elements/date-field.js";
import { pageHead } from "../../elements/page-head.js";
import { TapeChart } from "../../elements/tape/tape-chart.js";
import { STATUS_ICONS } from "../../elements/status-chip.js";
import { showFailure } from "../../failure.js";
import { empty, failed, isLoading, skeletonLines } from "../../fresh.js";
import { formatDates } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { onChange } from "../../live.js";
import { may } from "../../places.js";
import { navigate, replaceQuery } from "../../router.js";
import { businessDate } from "../../store.js";
import { chartKeys, keyHint } from "./chart-keys.js";
import { chartMenu } from "./chart-menu.js";
import { moveStay, priceChange } from "./chart-move.js";

const ZOOMS = [7, 14, 30];
const DAYS_STEP = 7;
const KEPT_ZOOM = "innkeeper.chart-days";
const KEPT_GROUPING = "innkeeper.chart-grouping";
const GROUPINGS = /** @type {const} */ (["type", "floor"]);
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
  chart.may_change = may("desk");
  const slot = h(
    "div",
    { class: "chart-slot" },
    h("div", { class: "chart-skeleton card" }, skeletonLines(12)),
  );
  const tools = h("div", {});

  let turn = 0;
  /** What was asked for last. @type {Promise<void>} */
  let newest = Promise.resolve();
  const load = () => (newest = loadNewest());
  const loadNewest = async () => {
    const mine = (turn += 1);
    const { from, days } = window_of_days;
    try {
      const data = await api.get("/api/tape-chart", { from: addDays(from, -1), days: days + 1 }, signal);
      // An answer that was overtaken shows a stay where it was before; whoever waits sees the newest.
      if (mine !== turn) return newest;
      if (!data.rooms.length) return swap(slot, noRooms());
      if (!chart.isConnected) slot.replaceChildren(chart);
      chart.show(data, grouping());
      if (room_to_find) chart.goToRoom(room_to_find);
      room_to_find = 0;
    } catch (error) {
      if (signal.aborted) return;
      if (mine !== turn) return newest;
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
    move: (stay, place) => moveStay(chart, stay, place, load, signal),
    quote: priceChange,
  };
  swap(tools, toolbar(window_of_days, go, signal));
  onChange(
    ["reservations", "rooms", "room_types", "payments", "guests", "settings"],
    () => void load(),
    signal,
  );
  chartKeys(signal);
  chartMenu(chart, () => void load(), signal);
  void isLoading(load());
  return h("div", { class: "page page-chart" }, tools, slot, legend(signal));
}

const noRooms = () =>
  empty(
    "bed",
    t("word.no_rooms"),
    t("chart.no_rooms_text"),
    h("a", { class: "button button-primary", href: "/setup" }, t("action.add_rooms")),
  );

/**
 * @param {{ from: string, days: number }} window_of_days
 * @param {(change: { from?: string, days?: number }) => void} go
 * @param {AbortSignal} signal
 */
function toolbar({ from, days }, go, signal) {
  const jump = dateInput({
    value: from,
    year: "nearest",
    key: "jump",
    label: t("chart.jump"),
    signal,
    onchange: () => jump.value && go({ from: jump.value }),
  });
  const start = addDays(businessDate(), -DAYS_BEFORE);
  const head = pageHead({
    title: t("nav.chart"),
    lead: formatDates(from, addDays(from, days - 1), "year"),
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

/** @param {AbortSignal} signal */
const legend = (signal) =>
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
    h("span", { class: "legend-item" }, icon("clock"), t("chart.legend_overdue")),
    h("span", { class: "legend-item" }, icon("coin"), t("chart.legend_due")),
    h("span", { class: "legend-item" }, icon("group"), t("groups.group")),
    h("span", { class: "legend-item" }, icon("star"), t("word.vip")),
    h("span", { class: "legend-item" }, h("i", { class: "bar-source", "data-says": t("chart.legend_mark") }), t("field.source")),
    keyHint(signal),
  );
