/**
 * The stream that says which areas changed on any desk. Reconnects by itself; after a gap it reports
 * every area as changed, since what happened meanwhile is unknown.
 */
import { api, hooks } from "./api.js";

/** @typedef {import("./types.js").Area} Area */

const RETRY_MS = [1000, 2000, 4000, 8000];
const LOST_AFTER_MS = 1500;

const bus = new EventTarget();
/** @type {EventSource | null} */
let source = null;
let tries = 0;
let retry_timer = 0;
let lost_timer = 0;
let is_lost = false;
let had_gap = false;

export function startLive() {
  if (source || retry_timer) return;
  source = new EventSource("/api/events");
  source.addEventListener("hello", connected);
  source.addEventListener("open", connected);
  source.addEventListener("change", (event) => {
    const { areas } = /** @type {{ areas: Area[] }} */ (JSON.parse(event.data));
    announce(areas);
  });
  source.addEventListener("error", () => {
    if (source?.readyState !== EventSource.CLOSED) return suspectLoss();
    // Refused, not lost: whoever's sign-in has ended is asked for it.
    had_gap = true;
    void api.get("/api/auth/me", {}).catch(() => {});
    reconnectLater();
  });
}

export function stopLive() {
  source?.close();
  source = null;
  clearTimeout(retry_timer);
  clearTimeout(lost_timer);
  retry_timer = 0;
  lost_timer = 0;
  had_gap = false;
  setLost(false);
}

function connected() {
  tries = 0;
  clearTimeout(lost_timer);
  lost_timer = 0;
  setLost(false);
  if (had_gap) announce(null);
  had_gap = false;
}

function reconnectLater() {
  source?.close();
  source = null;
  const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)];
  tries += 1;
  retry_timer = window.setTimeout(() => {
    retry_timer = 0;
    startLive();
  }, wait);
}

/** A blink of the network is not worth a word: only a loss that lasts is shown. */
function suspectLoss() {
  had_gap = true;
  if (!lost_timer && !is_lost) lost_timer = window.setTimeout(() => setLost(true), LOST_AFTER_MS);
}

/** @param {boolean} lost */
function setLost(lost) {
  if (lost === is_lost) return;
  is_lost = lost;
  bus.dispatchEvent(new CustomEvent("connection", { detail: lost }));
}

hooks.reachable = (is) => {
  if (!is && source) suspectLoss();
};

/** @param {Area[] | null} areas */
function announce(areas) {
  bus.dispatchEvent(new CustomEvent("change", { detail: areas }));
}

/**
 * Calls back when one of the areas changed anywhere; several changes in a moment are one call, and a
 * hidden tab waits until it is looked at.
 * @param {Area[]} areas
 * @param {() => void} callback
 * @param {AbortSignal} signal
 */
export function onChange(areas, callback, signal) {
  let timer = 0;
  let is_due = false;
  const run = () => {
    timer = 0;
    if (signal.aborted) return;
    if (document.hidden) is_due = true;
    else callback();
  };
  bus.addEventListener(
    "change",
    (event) => {
      const changed = /** @type {CustomEvent<Area[] | null>} */ (event).detail;
      if (changed && !changed.some((area) => areas.includes(area))) return;
      if (!timer) timer = window.setTimeout(run, 60);
    },
    { signal },
  );
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.hidden || !is_due) return;
      is_due = false;
      callback();
    },
    { signal },
  );
}

/**
 * @param {(is_lost: boolean) => void} listener
 * @param {AbortSignal} signal
 */
export function onConnection(listener, signal) {
  listener(is_lost);
  bus.addEventListener(
    "connection",
    (event) => listener(/** @type {CustomEvent<boolean>} */ (event).detail),
    { signal },
  );
}
