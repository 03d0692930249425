/**
 * The small controls above a list, each of which acts at once.
 */
import { addDays, monthEnd, monthStart } from "../dates.js";
import { debounce, h } from "../dom.js";
import { select } from "../forms.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { businessDate } from "../store.js";
import { DateRange, dateInput } from "./date-field.js";

/** @typedef {import("../types.js").DateText} DateText */
/** @typedef {{ value: string, label: string }} Option */

const SEARCH_REST_MS = 200;

/**
 * One of several, as a row of chips.
 * @param {string} label
 * @param {Option[]} options
 * @param {string} chosen
 * @param {(value: string) => void} choose
 * @param {AbortSignal} signal
 */
export function chipChoice(label, options, chosen, choose, signal) {
  const chips = options.map((option) =>
    h(
      "button",
      {
        type: "button",
        class: "filter-chip",
        "data-key": `chip-${option.value}`,
        "aria-pressed": String(option.value === chosen),
        signal,
        onclick: () => {
          chips.forEach((chip, at) => chip.setAttribute("aria-pressed", String(options[at] === option)));
          choose(option.value);
        },
      },
      option.label,
    ),
  );
  return h("div", { class: "filter-chips", role: "group", "aria-label": label }, chips);
}

/**
 * A select whose first entry is its own name: all of them.
 * @param {string} label
 * @param {Option[]} options
 * @param {string} value
 * @param {(value: string) => void} choose
 * @param {AbortSignal} signal
 */
export function selectFilter(label, options, value, choose, signal) {
  const control = select([{ value: "", label }, ...options], value, {
    "aria-label": label,
    signal,
    onchange: () => choose(control.value),
  });
  return control;
}

/**
 * @param {string} label
 * @param {string} value
 * @param {(value: string) => void} choose
 * @param {AbortSignal} signal
 */
export function searchFilter(label, value, choose, signal) {
  const box = h("input", {
    type: "search",
    class: "input",
    value,
    placeholder: label,
    "aria-label": label,
    signal,
    oninput: debounce(() => choose(box.value.trim()), SEARCH_REST_MS, signal),
  });
  return h("div", { class: "search-field" }, icon("search"), box);
}

/**
 * Periods by name, counted from a day.
 * @type {Record<RangeName, (day: DateText) => [from: DateText, to: DateText]>}
 */
const RANGES = {
  today: (day) => [day, day],
  yesterday: (day) => [addDays(day, -1), addDays(day, -1)],
  last_7: (day) => [addDays(day, -6), day],
  last_30: (day) => [addDays(day, -29), day],
  next_30: (day) => [day, addDays(day, 29)],
  this_month: (day) => [monthStart(day), monthEnd(day)],
  last_month: (day) => [monthStart(addDays(monthStart(day), -1)), addDays(monthStart(day), -1)],
  year_to_date: (day) => [`${day.slice(0, 4)}-01-01`, day],
  this_year: (day) => [`${day.slice(0, 4)}-01-01`, `${day.slice(0, 4)}-12-31`],
  last_year: (day) => [`${Number(day.slice(0, 4)) - 1}-01-01`, `${Number(day.slice(0, 4)) - 1}-12-31`],
};
/** @typedef {"today" | "yesterday" | "last_7" | "last_30" | "next_30" | "this_month" | "last_month" | "year_to_date" | "this_year" | "last_year"} RangeName */

/** @param {RangeName} name @param {DateText} [day] the hotel's own when not given */
export function rangeOf(name, day = businessDate()) {
  const [from, to] = RANGES[name](day);
  return { from, to };
}

/** @param {string} text @returns {text is RangeName} */
export const isRangeName = (text) => text in RANGES;

/**
 * What a period is called among those; empty = by its dates alone.
 * @param {RangeName[]} names
 * @param {{ from: DateText, to: DateText }} range
 * @param {DateText} [day]
 */
export const rangeName = (names, range, day = businessDate()) =>
  names.find((name) => {
    const { from, to } = rangeOf(name, day);
    return from === range.from && to === range.to;
  }) ?? "";

/**
 * A period: by name, or by its two dates.
 * @param {RangeName[]} names
 * @param {{ from: DateText, to: DateText }} range
 * @param {(range: { from: DateText, to: DateText }) => void} change
 * @param {AbortSignal} signal
 * @param {DateText} [day]
 */
export function rangeFilter(names, range, change, signal, day = businessDate()) {
  const nameOf = () => rangeName(names, { from: from.value, to: to.value }, day);
  const year = names.some((name) => name.startsWith("next")) ? "nearest" : "past";
  const onchange = () => {
    preset.value = nameOf();
    if (from.value && to.value) change({ from: from.value, to: to.value });
  };
  const from = dateInput({ label: t("word.from"), value: range.from, year, today: day, signal, onchange });
  const to = dateInput({ label: t("range.to"), value: range.to, year, today: day, signal, onchange });
  new DateRange(from, to, { signal });
  const preset = select(
    [
      { value: "", label: t("range.own") },
      ...names.map((name) => ({ value: name, label: t(`range.${name}`) })),
    ],
    nameOf(),
    {
      "aria-label": t("range.title"),
      signal,
      onchange: () => {
        if (!preset.value) return from.focus();
        const chosen = rangeOf(/** @type {RangeName} */ (preset.value), day);
        from.value = chosen.from;
        to.value = chosen.to;
        change(chosen);
      },
    },
  );
  return [preset, h("span", { class: "inline-field" }, from, "–", to)];
}
