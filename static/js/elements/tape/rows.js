/**
 * The elements of the tape chart: head, rows, bars. Positions are custom properties in columns, so
 * a change of width needs no script.
 */
import { daysBetween, isWeekend } from "../../dates.js";
import { h } from "../../dom.js";
import { formatCount, formatDate, formatDates, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { t, tn } from "../../i18n.js";
import { arrivalWords } from "../arrival.js";
import { optionWords } from "../option.js";
import { STATUS_ICONS, overdueWords } from "../status-chip.js";
import { extent } from "./model.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").Row} Row */
/** @typedef {import("./model.js").Group} Group */
/** @typedef {import("innkeeper/api").ChartStay} ChartStay */
/** @typedef {import("innkeeper/api").ChartDay} ChartDay */
/** @typedef {import("innkeeper/api").BlockView} Block */

/**
 * @param {Model} model
 * @param {ChartDay[]} daily
 */
export const chartHead = (model, daily) =>
  h(
    "div",
    { class: "tape-head" },
    h(
      "div",
      { class: "tape-corner" },
      h("b", {}, formatDate(model.from, "month_short")),
      h("span", {}, t("chart.occupancy")),
      h("span", {}, t("chart.free")),
    ),
    model.dates.map((date, i) => dayHead(model, date, i, daily[i])),
  );

/**
 * @param {Model} model
 * @param {string} date
 * @param {number} index
 * @param {ChartDay | undefined} day
 */
function dayHead(model, date, index, day) {
  const is_today = date === model.business_date;
  const names_month = index > 0 && date.endsWith("-01");
  return h(
    "div",
    {
      class: ["tape-day", is_today && "is-today", isWeekend(date) && "is-weekend"].filter(Boolean).join(" "),
    },
    h(
      "span",
      { class: "tape-date" },
      h(
        "span",
        { class: "tape-weekday" },
        formatDate(date, names_month ? "month_short" : "letter"),
      ),
      h("b", {}, String(Number(date.slice(8)))),
    ),
    day && h("span", { class: "tape-rate" }, formatCount(Math.round(day.occupancy_rate))),
    day && h("span", { class: `tape-free ${day.available > 0 ? "" : "is-full"}` }, day.available),
  );
}

/** Weekends, today's line and the grid, once behind all rows. @param {Model} model */
export const underlay = (model) =>
  h(
    "div",
    { class: "tape-underlay", "aria-hidden": "true" },
    model.dates.map((date) => h("span", { class: isWeekend(date) ? "is-weekend" : "" })),
    model.dates.includes(model.business_date) &&
      h("i", { class: "tape-now", vars: { at: daysBetween(model.from, model.business_date) + 0.5 } }),
  );

/** @param {Group} group */
export const groupHead = (group) =>
  h(
    "div",
    { class: "tape-group-head" },
    h(
      "h2",
      { class: "tape-label" },
      h("span", { class: "only-wide", title: group.name }, group.name),
      h("span", { class: "only-narrow", title: group.name }, group.code),
      h("small", {}, group.total_rooms),
    ),
    group.free.map((free, day) => {
      const held = group.held?.[day] ?? 0;
      const words = [t("chart.free_of_type", { count: free }), held > 0 && t("chart.held", { count: held })];
      return h(
        "span",
        { class: `tape-type-free ${free > 0 ? "" : "is-full"}`, title: words.filter(Boolean).join(", ") },
        free,
        held > 0 && h("i", { class: "tape-held" }, `+${held}`),
      );
    }),
  );

/**
 * A type with its rooms. The names stand in one column of their own, so that one element sticks to the
 * edge and not one in each row.
 * @param {Model} model
 * @param {Group} group
 */
export const chartGroup = (model, group) =>
  h(
    "section",
    { class: "tape-group", "aria-label": group.name },
    groupHead(group),
    h(
      "div",
      { class: "tape-group-body" },
      h("div", { class: "tape-labels", "aria-hidden": "true" }, group.rows.map(rowLabel)),
      h(
        "div",
        { class: "tape-rows" },
        group.rows.map((row) => chartRow(model, row)),
      ),
    ),
  );

/**
 * @param {Model} model
 * @param {Row} row
 */
function chartRow(model, row) {
  const track = h("div", {
    class: row.room ? "tape-track" : "tape-track is-lane",
    role: "group",
    "data-row": row.key,
  });
  fillTrack(track, model, row);
  return track;
}

/** @param {Row} row */
export const rowLabel = ({ key, room, code }) =>
  h(
    "div",
    { class: room ? "tape-label" : "tape-label is-lane", "data-label": key },
    room ? [h("strong", {}, room.room_number), housekeepingMark(room)] : [t("room.none"), h("small", {}, code)],
  );

/** @param {import("innkeeper/api").ChartRoom} room */
const housekeepingMark = ({ housekeeping }) =>
  h(
    "span",
    { class: `room-state is-${housekeeping}`, title: t(`housekeeping.${housekeeping}`) },
    icon(housekeeping === "dirty" ? "broom" : "check"),
  );

/** @param {Row} row */
const rowWords = ({ room }) =>
  room
    ? `${t("room.number", { number: room.room_number })}, ${t(`housekeeping.${room.housekeeping}`)}`
    : t("room.none");

/**
 * @param {HTMLElement} track
 * @param {Model} model
 * @param {Row} row
 */
export function fillTrack(track, model, row) {
  track.setAttribute("aria-label", rowWords(row));
  track.replaceChildren(
    ...row.blocks.map((block) => blockBar(model, block)),
    ...row.stays.map((stay) => stayBar(model, stay)),
  );
}

/**
 * @param {Model} model
 * @param {Block} block
 */
function blockBar(model, block) {
  const { at, span } = extent(model, block.start_date, block.end_date);
  const words = t(`block.${block.kind}`);
  return h(
    "div",
    { class: `bar-block is-${block.kind}`, vars: { at, span }, title: `${words}: ${block.reason}` },
    icon("wrench"),
    h("span", {}, block.reason || words),
  );
}

/**
 * @param {Model} model
 * @param {ChartStay} stay
 */
export function stayBar(model, stay) {
  const { at, span, is_cut_start, is_cut_end } = extent(model, stay.from, stay.to);
  const looks = ["bar", `status-${stay.status}`];
  if (is_cut_start || !stay.starts_here) looks.push("is-cut-start");
  if (is_cut_end || !stay.ends_here) looks.push("is-cut-end");
  if (stay.overdue) looks.push("is-overdue");
  if (span <= 2) looks.push("is-tight");
  if (span <= 1) looks.push("is-short");
  return h(
    "a",
    {
      class: looks.join(" "),
      href: `/reservations/${stay.reservation_id}`,
      tabindex: "-1",
      draggable: "false",
      "data-stay": stayKey(stay),
      "aria-label": stayWords(stay),
      vars: { at, span },
    },
    icon(STATUS_ICONS[stay.status]),
    h("span", { class: "bar-name" }, stay.guest_name),
    span > 2 && [
      stay.option_state && stay.option_date && optionSign(stay.option_date, stay.option_state),
      // Said in full by the bar's name, so the marks are drawn and not read out.
      h("i", { class: "bar-nights", "data-says": t("chart.nights", { count: nightsOf(stay) }) }),
      stay.source && h("i", { class: "bar-source", "data-says": sourceMark(stay.source) }),
    ],
    stay.group_id && icon("group", "bar-mark"),
    stay.overdue && icon("clock", "bar-mark"),
    stay.is_vip && icon("star", "bar-mark"),
    stay.is_room_locked && icon("lock", "bar-mark"),
    stay.balance > 0 && icon("coin", "bar-mark"),
  );
}

/** @param {string} date @param {import("innkeeper/api").OptionState} state */
const optionSign = (date, state) =>
  h("i", { class: `bar-nights is-${state}`, "data-says": t("option.until", { date: formatDate(date) }) });

/** @param {ChartStay} stay */
const nightsOf = (stay) => daysBetween(stay.check_in_date, stay.check_out_date);

/** Two letters that tell the sources apart: "Bo", "Wa". @param {string} source */
const sourceMark = (source) => source.slice(0, 2);

/** A moved stay has several bars. @param {ChartStay} stay */
export const stayKey = (stay) => `${stay.reservation_id}-${stay.from}`;

/** The bar in words, for those who hear the chart. @param {ChartStay} stay */
const stayWords = (stay) =>
  [
    stay.guest_name,
    t(`status.${stay.status}`),
    stay.overdue && overdueWords(stay),
    formatDates(stay.check_in_date, stay.check_out_date),
    nightsOf(stay) ? tn("count.nights", nightsOf(stay)) : t("word.day_use"),
    stay.group_name,
    stay.source,
    arrivalWords(stay),
    optionWords(stay),
    stay.rate_kind !== "paying" && t(`rate_kind.${stay.rate_kind}`),
    stay.is_vip && t("word.vip"),
    stay.balance > 0 && t("folio.due", { amount: formatMoney(stay.balance) }),
  ]
    .filter(Boolean)
    .join(", ");
