/**
 * The calendar by keyboard: arrows walk, with Shift they choose; a figure begins a price; the clipboard takes prices
 * to a spreadsheet and back.
 */
import { addDays, daysBetween } from "../../dates.js";
import { formatDecimal } from "../../format.js";
import { RateCalendar } from "./rate-calendar.js";

/** @typedef {import("./rate-calendar.js").Spot} Spot */

/**
 * @param {RateCalendar} calendar
 * @param {HTMLElement} grid
 * @param {AbortSignal} signal
 */
export function attachKeys(calendar, grid, signal) {
  grid.addEventListener(
    "keydown",
    (event) => {
      if (event.target !== grid || !calendar.model || event.isComposing) return;
      const spot = step(calendar, event);
      if (spot) {
        if (event.shiftKey) {
          if (!calendar.area) calendar.choose(calendar.cursor, false);
          calendar.choose(spot, true);
          calendar.reveal();
        } else calendar.moveTo(spot);
      } else if (!command(calendar, event)) return;
      event.preventDefault();
    },
    { signal },
  );
  document.addEventListener("copy", (event) => calendar.hasFocus && copy(calendar, event), { signal });
  document.addEventListener(
    "paste",
    (event) => {
      const text = calendar.hasFocus && calendar.may_change ? event.clipboardData?.getData("text/plain") : "";
      if (!text) return;
      event.preventDefault();
      if (!calendar.area) calendar.choose(calendar.cursor, false);
      calendar.wishes.paste(text);
    },
    { signal },
  );
}

/** Where a key leads; `null` = nowhere. @param {RateCalendar} calendar @param {KeyboardEvent} event @returns {Spot | null} */
function step(calendar, { key, ctrlKey, metaKey, altKey }) {
  const { row, at } = calendar.cursor;
  const model = calendar.model;
  if (!model || altKey) return null;
  const far = ctrlKey || metaKey;
  const last = { row: model.rows.length - 1, at: model.dates.length - 1 };
  const month = (/** @type {number} */ by) => {
    const start = addDays(model.from, at);
    const day = Number(start.slice(8)) - 1;
    return daysBetween(model.from, addDays(RateCalendar.month(start, by), Math.min(day, 27)));
  };
  /** @type {Record<string, () => Spot>} */
  const steps = {
    ArrowLeft: () => ({ row, at: at - (far ? 7 : 1) }),
    ArrowRight: () => ({ row, at: at + (far ? 7 : 1) }),
    ArrowUp: () => ({ row: far ? 0 : row - 1, at }),
    ArrowDown: () => ({ row: far ? last.row : row + 1, at }),
    Home: () => ({ row: far ? 0 : row, at: 0 }),
    End: () => ({ row: far ? last.row : row, at: last.at }),
    PageUp: () => ({ row, at: month(-1) }),
    PageDown: () => ({ row, at: month(1) }),
  };
  const to = steps[key]?.();
  return to ? { row: Math.max(0, Math.min(last.row, to.row)), at: Math.max(0, Math.min(last.at, to.at)) } : null;
}

/** Whether the key meant something. @param {RateCalendar} calendar @param {KeyboardEvent} event */
function command(calendar, { key, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey) return false;
  if (key === "Escape") {
    if (!calendar.area) return false;
    calendar.wishes.leave();
    return true;
  }
  if (!calendar.may_change) return false;
  const begins = /^[\d+\-−]$/.test(key);
  if (!begins && !["Enter", "F2", "Delete", "Backspace", " "].includes(key)) return false;
  if (!calendar.area) calendar.choose(calendar.cursor, false);
  if (key === "Delete" || key === "Backspace") calendar.wishes.clear();
  else if (key !== " ") calendar.wishes.begin(begins ? key : "");
  return true;
}

/** Rows of prices with tabs between, as spreadsheets take them. @param {RateCalendar} calendar @param {ClipboardEvent} event */
function copy({ model, area, cursor }, event) {
  if (!model || !event.clipboardData) return;
  const { top, bottom, first, last } = area ?? { top: cursor.row, bottom: cursor.row, first: cursor.at, last: cursor.at };
  const lines = model.rows.slice(top, bottom + 1).map(({ rates }) => rates.slice(first, last + 1).map((rate) => formatDecimal(rate, 3)).join("\t"));
  event.clipboardData.setData("text/plain", lines.join("\n"));
  event.preventDefault();
}
