/**
 * The calendar by mouse and finger: dragging chooses nights and types at once. A finger that rests before it
 * moves chooses, one that moves at once scrolls; a tap chooses a cell, and the next tap all up to it.
 */
import { closest } from "../../dom.js";

/** @typedef {import("./rate-calendar.js").RateCalendar} RateCalendar */
/** @typedef {{ clientX: number, clientY: number }} Point */

const REST_MS = 400;
const SLIP_PX = 8;
const ZONE_PX = 40;
const STEP_PX = 14;

/**
 * @param {RateCalendar} calendar
 * @param {HTMLElement} grid
 * @param {AbortSignal} signal
 */
export function attachPointer(calendar, grid, signal) {
  attachMouse(calendar, grid, signal);
  attachTouch(calendar, grid, signal);
  grid.addEventListener(
    "click",
    (event) => {
      if (!(event instanceof PointerEvent) || event.pointerType === "mouse" || event.pointerType === "") return;
      const spot = closest(event, ".rate-cell") && calendar.spotAt(event.clientX, event.clientY);
      if (!spot) return;
      const { area } = calendar;
      const is_one = area !== null && area.top === area.bottom && area.first === area.last;
      const is_other = area !== null && (area.top !== spot.row || area.first !== spot.at);
      calendar.choose(spot, is_one && is_other);
    },
    { signal },
  );
}

/** @param {RateCalendar} calendar @param {HTMLElement} grid @param {AbortSignal} signal */
function attachMouse(calendar, grid, signal) {
  grid.addEventListener(
    "pointerdown",
    (event) => {
      if (event.button !== 0 || event.pointerType === "touch" || !closest(event, ".rate-cell")) return;
      const spot = calendar.spotAt(event.clientX, event.clientY);
      if (!spot) return;
      event.preventDefault();
      calendar.focusGrid();
      const life = new AbortController();
      const stop = () => {
        life.abort();
        calendar.release();
      };
      const follow = follower(calendar, grid, life.signal);
      calendar.hold();
      calendar.choose(spot, event.shiftKey);
      if (!calendar.may_change) return stop();
      window.addEventListener("pointermove", follow, { signal: life.signal });
      window.addEventListener("pointerup", stop, { signal: life.signal });
      window.addEventListener("pointercancel", stop, { signal: life.signal });
      signal.addEventListener("abort", stop, { once: true, signal: life.signal });
    },
    { signal },
  );
  grid.addEventListener("dblclick", (event) => closest(event, ".rate-cell") && calendar.may_change && calendar.wishes.begin(""), { signal });
}

/** @param {RateCalendar} calendar @param {HTMLElement} grid @param {AbortSignal} signal */
function attachTouch(calendar, grid, signal) {
  let timer = 0;
  /** @type {Point | null} */
  let start = null;
  /** @type {AbortController | null} */
  let life = null;
  /** @type {((point: Point) => void) | null} */
  let follow = null;
  /** @type {AbortController | null} */
  let on = null;
  const stop = () => {
    clearTimeout(timer);
    on?.abort();
    life?.abort();
    if (follow) calendar.release();
    life = follow = null;
  };
  const moved = (/** @type {Event} */ event) => {
    const touch = event instanceof TouchEvent ? event.touches[0] : null;
    if (!touch || !start) return;
    if (follow) {
      event.preventDefault();
      follow(touch);
    } else if (Math.hypot(touch.clientX - start.clientX, touch.clientY - start.clientY) > SLIP_PX) clearTimeout(timer);
  };
  const lifted = (/** @type {Event} */ event) => {
    // What was dragged is no tap.
    if (follow) event.preventDefault();
    stop();
  };
  grid.addEventListener(
    "touchstart",
    (event) => {
      stop();
      const touch = event.touches[0];
      if (!touch || event.touches.length > 1 || !calendar.may_change || !closest(event, ".rate-cell")) return;
      start = { clientX: touch.clientX, clientY: touch.clientY };
      // The cell may be built anew meanwhile; its touch still ends there.
      const { target } = touch;
      on = new AbortController();
      target.addEventListener("touchmove", moved, { signal: on.signal, passive: false });
      target.addEventListener("touchend", lifted, { signal: on.signal, passive: false });
      target.addEventListener("touchcancel", stop, { signal: on.signal });
      timer = window.setTimeout(() => {
        const spot = start && calendar.spotAt(start.clientX, start.clientY);
        if (!spot) return;
        life = new AbortController();
        follow = follower(calendar, grid, life.signal);
        calendar.hold();
        calendar.choose(spot, false);
      }, REST_MS);
    },
    { signal, passive: true },
  );
  // Tells the browser beforehand that a touch here may not scroll.
  grid.addEventListener("touchmove", () => {}, { signal, passive: false });
  grid.addEventListener("contextmenu", (event) => follow && event.preventDefault(), { signal });
  signal.addEventListener("abort", stop, { once: true });
}

/**
 * Chooses up to where the pointer is, and goes on while it rests at the edge.
 * @param {RateCalendar} calendar
 * @param {HTMLElement} grid
 * @param {AbortSignal} signal
 * @returns {(point: Point) => void}
 */
function follower(calendar, grid, signal) {
  let frame = 0;
  /** @type {Point} */
  let last = { clientX: 0, clientY: 0 };
  let seen = "";
  const reach = () => {
    const spot = calendar.spotAt(last.clientX, last.clientY);
    const text = JSON.stringify(spot);
    if (!spot || text === seen) return;
    seen = text;
    calendar.choose(spot, true);
  };
  const scroll = () => {
    frame = 0;
    if (signal.aborted) return;
    const box = grid.getBoundingClientRect();
    const names = grid.querySelector(".rates-corner")?.getBoundingClientRect().width ?? 0;
    const head = grid.querySelector(".rates-head")?.getBoundingClientRect().height ?? 0;
    const x = edge(last.clientX, box.left + names, box.right);
    const y = edge(last.clientY, box.top + head, box.bottom);
    const { scrollLeft, scrollTop } = grid;
    grid.scrollLeft += x;
    grid.scrollTop += y;
    if (grid.scrollLeft === scrollLeft && grid.scrollTop === scrollTop) return;
    reach();
    frame = requestAnimationFrame(scroll);
  };
  return ({ clientX, clientY }) => {
    last = { clientX, clientY };
    reach();
    frame ||= requestAnimationFrame(scroll);
  };
}

/** How far it goes in a frame: the faster, the deeper in the zone at the edge. @param {number} at @param {number} start @param {number} end */
function edge(at, start, end) {
  const step = (/** @type {number} */ depth) => Math.ceil((Math.min(depth, ZONE_PX) / ZONE_PX) * STEP_PX);
  if (at > end - ZONE_PX) return step(at - (end - ZONE_PX));
  return at < start + ZONE_PX / 2 ? -step(start + ZONE_PX / 2 - at) : 0;
}
