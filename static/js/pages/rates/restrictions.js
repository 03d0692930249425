/**
 * The restrictions of a rate plan: the form that sets them over dates, days of the week and room types at once,
 * or takes them away.
 */
import { Problem, api } from "../../api.js";
import { h } from "../../dom.js";
import { NUMBERS, SWITCHES } from "../../elements/rate-calendar/cells.js";
import { checkbox, field, formDialog, input, select } from "../../forms.js";
import { t } from "../../i18n.js";
import { datesFields, readTypes, readWeekdays, typesField, weekdaysField } from "./nights-fields.js";

/** @typedef {import("innkeeper/api").RoomTypeView} RoomType */
/** @typedef {import("innkeeper/api").RatePlanView} RatePlan */
/** @typedef {import("innkeeper/api").RestrictionView} Restrictions */
/** @typedef {import("innkeeper/api").RestrictionKind} Kind */

/**
 * What stands on a date as the form reads it: what is not restricted is `null`, or open.
 * @param {import("innkeeper/api").CalendarRestrictions} run
 * @returns {Restrictions}
 */
export const heldOn = (run) => ({
  room_type_id: run.room_type_id,
  date: run.from,
  min_stay_arrival: run.min_stay_arrival ?? null,
  max_stay_arrival: run.max_stay_arrival ?? null,
  min_stay_through: run.min_stay_through ?? null,
  max_stay_through: run.max_stay_through ?? null,
  is_closed_to_arrival: run.is_closed_to_arrival ?? false,
  is_closed_to_departure: run.is_closed_to_departure ?? false,
  is_stop_sell: run.is_stop_sell ?? false,
  min_advance_days: run.min_advance_days ?? null,
  max_advance_days: run.max_advance_days ?? null,
  own: run.own,
});

/**
 * @param {RatePlan} plan
 * @param {RoomType[]} types
 * @param {{ from: string, to: string, weekdays: Set<number> | null, types: number[] | null, held: Restrictions | null }} start what it
 *   begins with: `held` stands in the one cell that it is opened from
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function restrictionDialog(plan, types, start, done, signal) {
  const is_derived = plan.parent_id !== null;
  const before = owned(start.held);
  formDialog(
    {
      title: t("restriction.title", { plan: plan.name }),
      submit: t("action.save"),
      fields: (inner) => [
        h(
          "div",
          { class: "stack", signal: inner, onchange: (/** @type {Event} */ event) => emptyUntouched(event, before) },
          datesFields(start.from, start.to, [t("restriction.first"), t("restriction.last")]),
          typesField(types, start.types),
        ),
        weekdaysField(start.weekdays),
        pair(numberField("min_stay_arrival", before, start.held), numberField("max_stay_arrival", before, start.held)),
        pair(
          numberField("min_stay_through", before, start.held, t("restriction.through_hint")),
          numberField("max_stay_through", before, start.held, t("restriction.through_hint")),
        ),
        pair(
          numberField("min_advance_days", before, start.held, t("restriction.days_hint")),
          numberField("max_advance_days", before, start.held, t("restriction.days_hint")),
        ),
        h(
          "div",
          { class: "field-trio" },
          switchField("is_closed_to_arrival", t("field.arrival"), before, is_derived),
          switchField("is_closed_to_departure", t("field.departure"), before, is_derived),
          switchField("is_stop_sell", t("restriction.is_stop_sell"), before, false),
        ),
        h(
          "div",
          {},
          checkbox(t("restriction.clear"), "clears"),
          h("p", { class: "field-hint" }, t(is_derived ? "restriction.clear_hint_derived" : "restriction.clear_hint")),
        ),
      ],
      send: async (values, key) => {
        const settings = settingsOf(values, before);
        if (Object.keys(settings).length === 0) throw new Problem(422, { detail: t("restriction.nothing") });
        await api.put(
          "/api/rate-plans/{id}/restrictions",
          { id: plan.id },
          {
            room_type_ids: readTypes(types, values),
            from: values.from,
            to: values.to,
            ...readWeekdays(values),
            ...settings,
          },
          key,
        );
        done();
      },
    },
    signal,
  );
}

/**
 * What the plan itself says, as the fields say it.
 * @param {Restrictions | null} held
 * @returns {Partial<Record<Kind, string>>}
 */
function owned(held) {
  if (!held) return {};
  const said = (/** @type {Kind} */ kind) =>
    typeof held[kind] === "boolean" ? (held[kind] ? "closed" : "open") : String(held[kind]);
  return Object.fromEntries(held.own.map((kind) => [kind, said(kind)]));
}

/**
 * On other dates or types the fields do not say what the cell has that they were opened from: what was left
 * as it was there is emptied, so that nothing is set which nobody has chosen for them.
 * @param {Event} event
 * @param {Partial<Record<Kind, string>>} before
 */
function emptyUntouched({ currentTarget }, before) {
  const form = /** @type {HTMLElement} */ (currentTarget).closest("form");
  for (const kind of [...NUMBERS, ...SWITCHES]) {
    const control = /** @type {HTMLInputElement | HTMLSelectElement | null} */ (form?.elements.namedItem(kind) ?? null);
    control?.removeAttribute("placeholder");
    if (!control || control.value !== before[kind]) continue;
    control.value = "";
    delete before[kind];
  }
}

/**
 * What is set, and (`null`) what is taken away: what was there and is empty now, or whatever is empty.
 * @param {Record<string, string>} values
 * @param {Partial<Record<Kind, string>>} before
 */
function settingsOf(values, before) {
  /** @type {Partial<Record<Kind, number | boolean | null>>} */
  const settings = {};
  for (const kind of [...NUMBERS, ...SWITCHES]) {
    const typed = values[kind] ?? "";
    if (typed === "closed" || typed === "open") settings[kind] = typed === "closed";
    else if (typed) settings[kind] = wholeNumber(typed);
    else if (before[kind] || values.clears) settings[kind] = null;
  }
  return /** @type {Partial<import("innkeeper/api").RestrictionRequest>} */ (settings);
}

/** What is no number goes to the server as it is, which refuses it in its own words. @param {string} typed */
const wholeNumber = (typed) =>
  /^\d+$/.test(typed) ? Number(typed) : /** @type {number} */ (/** @type {unknown} */ (typed));

/** @param {HTMLElement} one @param {HTMLElement} other */
const pair = (one, other) => h("div", { class: "field-pair" }, one, other);

/**
 * @param {typeof NUMBERS[number]} kind
 * @param {Partial<Record<Kind, string>>} before
 * @param {Restrictions | null} held a parent's stands where the plan has none
 * @param {string} [hint]
 */
const numberField = (kind, before, held, hint) =>
  field(
    { label: t(`restriction.${kind}`), name: kind, ...(hint && { hint }) },
    input({ inputmode: "numeric", value: before[kind] ?? "", placeholder: held?.[kind] ?? "" }),
  );

/**
 * @param {typeof SWITCHES[number]} kind
 * @param {string} label
 * @param {Partial<Record<Kind, string>>} before
 * @param {boolean} can_open what a parent closes
 */
const switchField = (kind, label, before, can_open) =>
  field(
    { label, name: kind },
    select(
      [
        { value: "", label: "–" },
        { value: "closed", label: t(kind === "is_stop_sell" ? "restriction.on" : "restriction.closed") },
        ...(can_open || before[kind] === "open"
          ? [{ value: "open", label: t(kind === "is_stop_sell" ? "restriction.off" : "restriction.open") }]
          : []),
      ],
      before[kind] ?? "",
    ),
  );
