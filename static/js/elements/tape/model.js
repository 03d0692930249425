/**
 * The tape chart as rows and columns, without any element. Columns are days; a stay lies from the
 * middle of its arrival day to the middle of its departure day, so a turnover reads as two halves.
 */
import { addDays, dateRange, daysBetween } from "../../dates.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").ChartView} TapeChart */
/** @typedef {import("innkeeper/api").ChartStay} ChartStay */
/** @typedef {import("innkeeper/api").ChartRoom} ChartRoom */
/** @typedef {import("innkeeper/api").BlockView} Block */
/** @typedef {import("../../types.js").DateText} DateText */

/**
 * A line of the chart: a room, or a lane of stays that have no room yet.
 * @typedef {{ key: string, room: ChartRoom | null, room_type_id: number, code: string, stays: ChartStay[], blocks: Block[] }} Row
 * @typedef {{ id: string, name: string, code: string, total_rooms: number, free: number[], held?: number[], rows: Row[] }} Group
 * @typedef {{ from: DateText, days: number, dates: DateText[], business_date: DateText, groups: Group[], rows: Row[] }} Model
 */

/** What the rooms stand under: their type, or their floor. @typedef {"type" | "floor"} Grouping */

/**
 * Where a stay would lie.
 * @typedef {{ row: Row, from: DateText, to: DateText }} Place
 */

/**
 * @param {TapeChart} chart
 * @param {Grouping} grouping
 * @returns {Model}
 */
export function buildModel(chart, grouping) {
  const stays = chart.stays.map((stay) => beyondWindow(chart, stay));
  const stays_of = groupBy(stays, (stay) =>
    stay.room_id === null ? `type-${stay.room_type_id}` : `room-${stay.room_id}`,
  );
  const blocks_of = groupBy(chart.blocks, (block) => `room-${block.room_id}`);
  const lanes = chart.room_types.map((type) =>
    stackLanes(stays_of.get(`type-${type.id}`) ?? []).map((stays, i) => ({
      key: `lane-${type.id}-${i}`,
      room: null,
      room_type_id: type.id,
      code: type.code,
      stays,
      blocks: [],
    })),
  );
  const rooms = chart.rooms.map((room) => ({
    key: `room-${room.id}`,
    room,
    room_type_id: room.room_type_id,
    code: "",
    stays: stays_of.get(`room-${room.id}`) ?? [],
    blocks: blocks_of.get(`room-${room.id}`) ?? [],
  }));
  const groups = grouping === "floor" ? byFloor(chart, lanes, rooms) : byType(chart, lanes, rooms);
  return {
    from: chart.from,
    days: chart.days,
    dates: dateRange(chart.from, chart.days),
    business_date: chart.business_date,
    groups,
    rows: groups.flatMap((group) => group.rows),
  };
}

/**
 * @param {TapeChart} chart
 * @param {Row[][]} lanes of each type
 * @param {Row[]} rooms
 * @returns {Group[]}
 */
const byType = (chart, lanes, rooms) =>
  chart.room_types.map((type, i) => ({
    ...type,
    id: `type-${type.id}`,
    free: chart.daily.map((day) => day.by_type.find((one) => one.room_type_id === type.id)?.free ?? 0),
    held: chart.daily.map((day) => day.by_type.find((one) => one.room_type_id === type.id)?.held ?? 0),
    rows: [...(lanes[i] ?? []), ...rooms.filter((row) => row.room_type_id === type.id)],
  }));

/**
 * Who has no room yet is on no floor, and comes first.
 * @param {TapeChart} chart
 * @param {Row[][]} lanes of each type
 * @param {Row[]} rooms
 * @returns {Group[]}
 */
function byFloor(chart, lanes, rooms) {
  const dates = dateRange(chart.from, chart.days);
  const floors = [...new Set(rooms.map((row) => row.room?.floor ?? null))];
  floors.sort((a, b) => (a ?? Infinity) - (b ?? Infinity));
  const groups = floors.map((floor) => {
    const rows = rooms.filter((row) => (row.room?.floor ?? null) === floor);
    const is_free = (/** @type {Row} */ row, /** @type {DateText} */ date) =>
      !conflictOf({ row, from: date, to: addDays(date, 1) }, null);
    return {
      id: `floor-${floor}`,
      name: floor === null ? t("chart.no_floor") : t("chart.floor", { floor }),
      code: floor === null ? "–" : `${floor}`,
      total_rooms: rows.length,
      free: dates.map((date) => rows.filter((row) => is_free(row, date)).length),
      rows,
    };
  });
  const waiting = lanes.flat();
  if (!waiting.length) return groups;
  const none = { id: "waiting", name: t("room.none"), code: "–", total_rooms: waiting.length, free: [], rows: waiting };
  return [none, ...groups];
}

/**
 * The server cuts a stay at the window's border; where it only goes on there it has its own dates again,
 * so that moving it moves all of it.
 * @param {TapeChart} chart
 * @param {ChartStay} stay
 * @returns {ChartStay}
 */
function beyondWindow(chart, stay) {
  const begins_before = !stay.starts_here && stay.from === chart.from;
  const ends_after = !stay.ends_here && stay.to === addDays(chart.from, chart.days);
  return {
    ...stay,
    from: begins_before ? stay.check_in_date : stay.from,
    to: ends_after ? stay.check_out_date : stay.to,
    starts_here: stay.starts_here || begins_before,
    ends_here: stay.ends_here || ends_after,
  };
}

/**
 * The chart without its first day, which was asked for only to know who leaves on the second.
 * @param {Model} model
 * @returns {Model}
 */
export const withoutFirstDay = (model) => ({
  ...model,
  from: addDays(model.from, 1),
  days: model.days - 1,
  dates: model.dates.slice(1),
  groups: model.groups.map((group) => ({ ...group, free: group.free.slice(1), held: group.held?.slice(1) })),
});

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => string} key_of
 * @returns {Map<string, T[]>}
 */
function groupBy(items, key_of) {
  const groups = new Map();
  for (const item of items) {
    const key = key_of(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/**
 * As few lanes as the stays without a room need, so that none covers another.
 * @param {ChartStay[]} stays
 */
function stackLanes(stays) {
  /** @type {ChartStay[][]} */
  const lanes = [];
  for (const stay of [...stays].sort((a, b) => a.from.localeCompare(b.from))) {
    const lane = lanes.find((one) => one.every((other) => other.to <= stay.from));
    if (lane) lane.push(stay);
    else lanes.push([stay]);
  }
  return lanes;
}

/**
 * Left edge and width in columns. What goes on beyond the window reaches its border.
 * @param {Model} model
 * @param {DateText} from
 * @param {DateText} to
 */
export function extent(model, from, to) {
  const start = daysBetween(model.from, from) + 0.5;
  const end = daysBetween(model.from, to) + 0.5;
  const left = Math.max(0, start);
  const right = Math.min(model.days, end);
  return {
    at: left,
    span: Math.max(0.25, right - left),
    is_cut_start: start < 0,
    is_cut_end: end > model.days,
  };
}

/**
 * The stay that sleeps in a row on a night.
 * @param {Row} row
 * @param {DateText} night
 */
export const stayAt = (row, night) => row.stays.find((stay) => stay.from <= night && night < stay.to);

/**
 * What already lies where a stay would go; only a preview, the server decides.
 * @param {Place} place
 * @param {number | null} reservation_id the stay that is being moved
 * @returns {{ stay?: ChartStay, block?: Block } | null}
 */
export function conflictOf({ row, from, to }, reservation_id) {
  if (!row.room) return null;
  const stay = row.stays.find(
    (other) => other.reservation_id !== reservation_id && other.from < to && from < other.to,
  );
  if (stay) return { stay };
  const block = row.blocks.find(
    (one) => one.kind === "out_of_order" && one.start_date < to && from < one.end_date,
  );
  return block ? { block } : null;
}

/** No stay begins on a day that is over. @param {{ model: Model | null }} chart @param {DateText} from */
export const isPast = ({ model }, from) => model !== null && from < model.business_date;

/**
 * The part of a stay that can still be moved: past nights stay where they were slept.
 * @param {ChartStay} stay
 * @param {DateText} today
 */
export const movable = (stay, today) =>
  stay.status === "checked_in" && stay.from < today && today <= stay.to ? { ...stay, from: today } : stay;

/**
 * A stay shifted by whole days.
 * @param {{ from: DateText, to: DateText }} stay
 * @param {number} days
 */
export const shifted = (stay, days) => ({ from: addDays(stay.from, days), to: addDays(stay.to, days) });
