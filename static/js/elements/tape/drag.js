/**
 * Gestures of the mouse on the chart: drag over free days to book, drag a bar to move it, drag its
 * end to lengthen or shorten it. Esc lets everything fall back. Touch scrolls; taps open.
 */
import { addDays } from "../../dates.js";
import { closest } from "../../dom.js";
import { Ghost } from "./ghost.js";
import { conflictOf, isPast, movable, shifted, stayAt } from "./model.js";

/** @typedef {import("./tape-chart.js").TapeChart} TapeChart */
/** @typedef {import("./model.js").Place} Place */
/** @typedef {import("./model.js").Row} Row */
/** @typedef {import("innkeeper/api").ChartStay} ChartStay */
/** @typedef {{ row: Row, column: number, half: number }} Spot a row and a day; `half` is how far into the day, 0…1 */
/** @typedef {{ start: PointerEvent, aim: (spot: Spot) => Place | null, drop: (place: Place) => Promise<void> | void, ghost: Ghost, bar: HTMLElement | null, is_moving: boolean, signal: AbortSignal, end: () => void }} Gesture */

const THRESHOLD_PX = 4;
const EDGE_PX = 7;
const SCROLL_ZONE_PX = 48;
/** A frame, where the pointer is at the very edge or beyond. */
const SCROLL_STEP_PX = 16;

/**
 * @param {TapeChart} chart
 * @param {HTMLElement} scroller
 * @param {AbortSignal} signal
 */
export function attachDrag(chart, scroller, signal) {
  let has_dragged = false;
  scroller.addEventListener(
    "pointerdown",
    (event) => {
      has_dragged = false;
      if (!chart.may_change || event.button !== 0 || event.pointerType === "touch") return;
      const gesture = begin(chart, event);
      if (gesture) follow(chart, scroller, gesture, () => (has_dragged = true));
    },
    { signal },
  );
  scroller.addEventListener(
    "click",
    (event) => {
      if (has_dragged) {
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      if (chart.may_change) bookByClick(chart, event);
    },
    { signal, capture: true },
  );
  scroller.addEventListener("dragstart", (event) => event.preventDefault(), { signal });
}

/**
 * One free day clicked or tapped is a booking of one night.
 * @param {TapeChart} chart
 * @param {MouseEvent} event
 */
function bookByClick(chart, event) {
  if (closest(event, ".bar, .bar-block, .tape-cursor")) return;
  const spot = spotAt(chart, event.clientX, event.clientY);
  const place = spot && freePlace(chart, spot);
  if (place && !isPast(chart, place.from) && !conflictOf(place, null)) chart.wishes.create(place);
}

/**
 * Which day of which row lies under a point.
 * @param {TapeChart} chart
 * @param {number} x
 * @param {number} y
 * @returns {Spot | null}
 */
function spotAt(chart, x, y) {
  const under = document.elementsFromPoint(x, y).map((element) => element.closest("[data-row]"));
  const holder = under.find((element) => element !== null);
  const row = holder ? chart.rowOf(holder.getAttribute("data-row") ?? "") : null;
  const track = row && chart.trackOf(row);
  if (!row || !track || !chart.model) return null;
  const box = track.getBoundingClientRect();
  const exact = ((x - box.left) / box.width) * chart.model.days;
  if (exact < 0) return null;
  const column = Math.min(chart.model.days - 1, Math.floor(exact));
  return { row, column, half: exact - column };
}

/**
 * The night meant by a point: the day pointed at, unless its first half still belongs to a free night before.
 * @param {TapeChart} chart
 * @param {Spot} spot
 * @returns {Place | null}
 */
function freePlace(chart, { row, column, half }) {
  const date = chart.model?.dates[column];
  if (!date || !row.room) return null;
  const before = addDays(date, -1);
  const from = half < 0.5 && stayAt(row, date) && !stayAt(row, before) ? before : date;
  return { row, from, to: addDays(from, 1) };
}

/**
 * @param {TapeChart} chart
 * @param {PointerEvent} event
 * @returns {Gesture | null}
 */
function begin(chart, event) {
  const bar = closest(event, ".bar[data-stay]");
  const spot = spotAt(chart, event.clientX, event.clientY);
  if (!spot) return null;
  const found = chart.stayOf(bar);
  if (bar && found) return grabBar(chart, event, spot, bar, found.stay, found.row);
  return closest(event, ".bar-block, .tape-label") ? null : drawStay(chart, event, spot);
}

/**
 * @param {PointerEvent} start
 * @param {Ghost} ghost
 * @param {HTMLElement | null} bar
 * @param {Gesture["aim"]} aim
 * @param {Gesture["drop"]} drop
 * @returns {Gesture}
 */
function gesture(start, ghost, bar, aim, drop) {
  const life = new AbortController();
  return { start, ghost, bar, aim, drop, is_moving: false, signal: life.signal, end: () => life.abort() };
}

/**
 * @param {TapeChart} chart
 * @param {PointerEvent} event
 * @param {Spot} spot
 */
function drawStay(chart, event, spot) {
  const first = freePlace(chart, spot);
  if (!first || isPast(chart, first.from) || conflictOf(first, null)) return null;
  return gesture(
    event,
    new Ghost(chart, null),
    null,
    ({ column }) => {
      const day = chart.model?.dates[column] ?? first.to;
      if (day < first.from) return { ...first, from: day, to: addDays(first.from, 1) };
      return { ...first, to: day > first.from ? day : addDays(first.from, 1) };
    },
    (place) => chart.wishes.create(place),
  );
}

/**
 * @param {TapeChart} chart
 * @param {PointerEvent} event
 * @param {Spot} spot
 * @param {HTMLElement} bar
 * @param {ChartStay} stay
 * @param {Row} row
 */
function grabBar(chart, event, spot, bar, stay, row) {
  if (stay.status === "checked_out") return null;
  const box = bar.getBoundingClientRect();
  const is_whole = stay.starts_here && stay.ends_here;
  const has_begun = stay.status === "checked_in";
  const wide = box.width > EDGE_PX * 4;
  const at_end = wide && box.right - event.clientX < EDGE_PX && stay.ends_here;
  const at_start = wide && event.clientX - box.left < EDGE_PX && is_whole && !has_begun;
  /** @type {Gesture["aim"]} */
  const aim = ({ row: over, column }) => {
    const day = chart.model?.dates[column] ?? stay.to;
    if (at_end) return { row, from: stay.from, to: day > stay.from ? day : addDays(stay.from, 1) };
    if (at_start) return { row, from: day < stay.to ? day : addDays(stay.to, -1), to: stay.to };
    const days = has_begun || !is_whole ? 0 : column - spot.column;
    const part = over.key === row.key ? stay : movable(stay, chart.model?.business_date ?? "");
    return { row: over, ...shifted(part, days) };
  };
  return gesture(event, new Ghost(chart, stay), bar, aim, (place) => {
    const is_same = place.row.key === row.key && place.from === stay.from && place.to === stay.to;
    return is_same ? undefined : chart.wishes.move(stay, place);
  });
}

/**
 * @param {TapeChart} chart
 * @param {HTMLElement} scroller
 * @param {Gesture} gesture
 * @param {() => void} started
 */
function follow(chart, scroller, gesture, started) {
  const { signal } = gesture;
  const stop = () => {
    gesture.end();
    gesture.ghost.remove();
    gesture.bar?.classList.remove("is-lifted");
    chart.release();
  };
  let last = gesture.start;
  let frame = 0;
  const aim = () => {
    const spot = spotAt(chart, last.clientX, last.clientY);
    const place = spot && gesture.aim(spot);
    if (place) gesture.ghost.show(place);
  };
  // Goes on while the pointer rests at the edge: a room far away is reached by waiting.
  const scroll = () => {
    frame = 0;
    const before = scroller.scrollTop;
    if (!signal.aborted) scroller.scrollTop += edgeStep(scroller, gesture.start, last);
    if (scroller.scrollTop === before) return;
    aim();
    frame = requestAnimationFrame(scroll);
  };
  const moved = (/** @type {PointerEvent} */ event) => {
    last = event;
    if (!gesture.is_moving) {
      const distance = Math.hypot(
        event.clientX - gesture.start.clientX,
        event.clientY - gesture.start.clientY,
      );
      if (distance < THRESHOLD_PX) return;
      gesture.is_moving = true;
      started();
      chart.hold();
      gesture.bar?.classList.add("is-lifted");
    }
    aim();
    frame ||= requestAnimationFrame(scroll);
  };
  const dropped = async () => {
    const { place, is_refused } = gesture.ghost;
    if (!gesture.is_moving || !place || is_refused) return stop();
    gesture.end();
    try {
      await gesture.drop(place);
    } finally {
      stop();
    }
  };
  window.addEventListener("pointermove", moved, { signal });
  window.addEventListener("pointerup", () => void dropped(), { signal });
  window.addEventListener("pointercancel", stop, { signal });
  window.addEventListener("keydown", (event) => event.key === "Escape" && stop(), { signal });
}

/**
 * How far the rows move on in this frame: the faster, the deeper the pointer is in the zone at the edge. What
 * began in it is no wish to go further until it goes nearer to the edge.
 * @param {HTMLElement} scroller
 * @param {PointerEvent} start
 * @param {PointerEvent} now
 */
function edgeStep(scroller, start, now) {
  const box = scroller.getBoundingClientRect();
  const below = now.clientY - Math.max(box.bottom - SCROLL_ZONE_PX, start.clientY + THRESHOLD_PX);
  const above = Math.min(box.top + SCROLL_ZONE_PX * 2, start.clientY - THRESHOLD_PX) - now.clientY;
  const step = (/** @type {number} */ depth) => Math.ceil((Math.min(depth, SCROLL_ZONE_PX) / SCROLL_ZONE_PX) * SCROLL_STEP_PX);
  if (below > 0) return step(below);
  return above > 0 ? -step(above) : 0;
}
