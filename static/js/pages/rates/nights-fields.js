/**
 * Fields that choose nights of room types: from a date to a date, on some days of the week.
 */
import { addDays } from "../../dates.js";
import { h } from "../../dom.js";
import { DateRange, dateInput } from "../../elements/date-field.js";
import { checkbox, field } from "../../forms.js";
import { formatDate } from "../../format.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").RoomTypeView} RoomType */

/** Some Monday, to name the days of the week by. */
export const MONDAY = "2024-01-01";
export const WEEK = [1, 2, 3, 4, 5, 6, 7];

/** @param {string} from @param {string} to @param {[string, string]} labels */
export function datesFields(from, to, [first, last] = [t("prices.first"), t("prices.last")]) {
  const dates = new DateRange(dateInput({ value: from }), dateInput({ value: to }));
  return h(
    "div",
    { class: "field-pair" },
    field({ label: first, name: "from" }, dates.from),
    field({ label: last, name: "to" }, dates.to),
  );
}

/** @param {Set<number> | null} [chosen] none = all */
export const weekdaysField = (chosen = null) =>
  choices(
    "weekdays",
    t("prices.weekdays"),
    WEEK.map((day) => checkbox(formatDate(addDays(MONDAY, day - 1), "letter"), `day_${day}`, chosen === null || chosen.has(day))),
  );

/** @param {RoomType[]} types @param {number[] | null} only those that are chosen at first; none = all */
export const typesField = (types, only) =>
  choices(
    "room_type_ids",
    t("restriction.types"),
    types.map(({ id, name }) => checkbox(name, `type_${id}`, only === null || only.includes(id))),
  );

/** The days of the week that were chosen, where not all were. @param {Record<string, string>} values */
export function readWeekdays(values) {
  const weekdays = WEEK.filter((day) => values[`day_${day}`]);
  return weekdays.length < WEEK.length ? { weekdays } : {};
}

/** @param {RoomType[]} types @param {Record<string, string>} values */
export const readTypes = (types, values) => types.map(({ id }) => id).filter((id) => values[`type_${id}`]);

/** @param {string} name @param {string} label @param {HTMLElement[]} boxes */
const choices = (name, label, boxes) =>
  h(
    "fieldset",
    { class: "field weekdays", "data-field": name },
    h("legend", { class: "field-label" }, label),
    boxes,
    h("p", { class: "field-error" }),
  );
