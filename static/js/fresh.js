/**
 * A part of a page that loads, shows itself, and quietly shows itself again when its areas change.
 */
import { Unreachable } from "./api.js";
import { h, swap } from "./dom.js";
import { button } from "./elements/button.js";
import { explain, isAborted } from "./failure.js";
import { icon } from "./icons.js";
import { t } from "./i18n.js";
import { onChange } from "./live.js";
import { released } from "./pressed.js";
import { holdsTyped } from "./typed.js";

/** @typedef {import("./dom.js").Child} Child */
/** @typedef {import("./types.js").Area} Area */

/** What is being loaded for parts on screen. @type {Set<Promise<void>>} */
const loading = new Set();

/** The longest that is waited for a part that does not come. */
const PATIENCE_MS = 1500;

/**
 * What a part on screen is loading.
 * @param {Promise<void>} shown ends when the part shows it
 */
export function isLoading(shown) {
  loading.add(shown);
  return shown.finally(() => loading.delete(shown));
}

/** Ends when the parts on screen show what they were last asked to load. */
export const allShown = () =>
  Promise.race([Promise.allSettled(loading), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);

/**
 * @template T
 * @param {HTMLElement} target
 * @param {{ areas: Area[], load: () => Promise<T>, show: (data: T) => Child,
 *   skeleton?: () => Child, is_busy?: () => boolean }} options
 *   `is_busy` holds a refresh back while someone works in the part; what is typed there holds it back anyhow
 * @param {AbortSignal} signal
 * @returns {() => Promise<void>} loads and shows anew, whether or not anything changed
 */
export function keepFresh(target, { areas, load, show, skeleton, is_busy }, signal) {
  let seen = "";
  let is_shown = false;
  let turn = 0;
  /** What was asked for last. */
  let newest = Promise.resolve();
  const refresh = () => isLoading((newest = showNewest()));
  const showNewest = async () => {
    const mine = (turn += 1);
    const was_busy = is_busy?.();
    try {
      const data = await load();
      await released();
      if (signal.aborted) return;
      // Whoever waits for this sees what has overtaken it.
      if (mine !== turn) return newest;
      const text = JSON.stringify(data);
      // Who began to work here while it was on its way keeps what is open.
      if (text === seen || (is_shown && (holdsTyped(target) || (!was_busy && is_busy?.())))) return;
      seen = text;
      is_shown = true;
      swap(target, show(data));
    } catch (error) {
      if (signal.aborted || isAborted(error)) return;
      if (mine !== turn) return newest;
      // What is on screen stays there while the server is away: the bar already says so.
      if (is_shown && error instanceof Unreachable) return;
      seen = "";
      is_shown = false;
      swap(target, failed(error, refresh, signal));
    } finally {
      if (mine === turn) target.removeAttribute("aria-busy");
    }
  };
  if (skeleton) swap(target, skeleton());
  target.setAttribute("aria-busy", "true");
  onChange(areas, () => void (is_busy?.() || refresh()), signal);
  void refresh();
  return () => {
    seen = "";
    return refresh();
  };
}

/**
 * @param {unknown} error
 * @param {() => Promise<void>} retry
 * @param {AbortSignal} signal
 */
export const failed = (error, retry, signal) =>
  h(
    "div",
    { class: "empty", role: "alert" },
    icon("warning"),
    h("p", {}, explain(error)),
    button({ label: t("action.try_again"), signal, onclick: () => void retry() }),
  );

/**
 * Grey lines in the shape of what is coming.
 * @param {number} lines
 */
export const skeletonLines = (lines) =>
  h(
    "div",
    { class: "skeleton", "aria-hidden": "true" },
    Array.from({ length: lines }, () => h("span", {})),
  );

/**
 * @param {import("./icons.js").IconName} name
 * @param {string} title
 * @param {string} [text]
 * @param {Child} [action]
 */
export const empty = (name, title, text, action) =>
  h("div", { class: "empty" }, icon(name), h("p", { class: "empty-title" }, title), text && h("p", {}, text), action);
