/**
 * A year of prices as rows of cells. Pure: knows no element.
 */
import { addDays, daysBetween } from "../../dates.js";

/** @typedef {import("innkeeper/api").CalendarView} CalendarView */
/** @typedef {import("innkeeper/api").CalendarType} CalendarType */
/** @typedef {import("innkeeper/api").CalendarPlan} CalendarPlan */
/** @typedef {import("innkeeper/api").CalendarRestrictions} Run */
/** @typedef {import("innkeeper/api").RestrictionKind} RestrictionKind */

/**
 * The prices of a type under a plan; `is_further` = one of those that unfold below the chosen plan's.
 * @typedef {{ key: string, type: CalendarType, plan: CalendarPlan, rates: number[], own: Set<number>, held: Map<number, Run>,
 *   is_further: boolean }} PriceRow
 */
/** @typedef {{ from: string, dates: string[], business_date: string, chosen: CalendarPlan, has_plans: boolean, rows: PriceRow[],
 *   unfolded: Set<number> }} Model */
/** Cells of rows and dates that are next to each other, by their places; the last ones included. @typedef {{ top: number, bottom: number, first: number, last: number }} Area */

/**
 * @param {CalendarView} view
 * @param {number} plan_id the chosen plan; the first where it is not there
 * @param {Set<number>} unfolded types that show all plans
 * @returns {Model}
 */
export function buildModel(view, plan_id, unfolded) {
  const { from, to, business_date, room_types, rate_plans } = view;
  const dates = Array.from({ length: daysBetween(from, to) + 1 }, (_, at) => addDays(from, at));
  const chosen = /** @type {CalendarPlan} */ (rate_plans.find(({ id }) => id === plan_id) ?? rate_plans[0]);
  const place = (/** @type {string} */ date) => daysBetween(from, date);
  const keyOf = (/** @type {{ rate_plan_id: number, room_type_id: number }} */ one) => `${one.room_type_id}-${one.rate_plan_id}`;
  const prices = new Map(view.prices.map((one) => [keyOf(one), one]));
  /** @type {Map<string, Map<number, Run>>} */
  const held = new Map();
  for (const run of view.restrictions) {
    const of_row = held.get(keyOf(run)) ?? new Map();
    for (let at = place(run.from); at <= place(run.to); at += 1) of_row.set(at, run);
    held.set(keyOf(run), of_row);
  }
  const rowOf = (/** @type {CalendarType} */ type, /** @type {CalendarPlan} */ plan) => {
    const key = `${type.id}-${plan.id}`;
    const own = new Set();
    for (const span of prices.get(key)?.own ?? []) for (let at = place(span.from); at <= place(span.to); at += 1) own.add(at);
    const rates = prices.get(key)?.rates ?? [];
    return { key, type, plan, rates, own, held: held.get(key) ?? new Map(), is_further: plan !== chosen };
  };
  const rows = room_types.flatMap((type) => {
    const further = unfolded.has(type.id) ? rate_plans.filter((plan) => plan !== chosen) : [];
    return [chosen, ...further].map((plan) => rowOf(type, plan));
  });
  return { from, dates, business_date, chosen, has_plans: rate_plans.length > 1, rows, unfolded };
}

/** How full a type is, and what came since a week before; `null` where nothing is for sale. @param {CalendarType} type @param {number} at */
export function soldOf(type, at) {
  const for_sale = type.total_rooms - (type.out_of_order[at] ?? 0);
  const sold = type.sold[at] ?? 0;
  return { sold, for_sale, rate: for_sale > 0 ? (sold / for_sale) * 100 : null, picked_up: type.picked_up[at] ?? 0, blocked: type.held[at] ?? 0 };
}

/** @param {Area} area @param {number} row @param {number} at */
export const holds = ({ top, bottom, first, last }, row, at) => row >= top && row <= bottom && at >= first && at <= last;

/** The rows' plans and types, each once, where all of the types have all of the plans. @param {Model} model @param {Area} area */
export function chosenOf(model, { top, bottom }) {
  const rows = model.rows.slice(top, bottom + 1);
  // From a type to the next, only what is the same plan is meant: the others are what is unfolded between.
  const plans = [...new Set(rows.map(({ plan }) => plan))];
  const types = [...new Set(rows.map(({ type }) => type))];
  const first = rows[0];
  return types.length > 1 && first ? { plans: [first.plan], types } : { plans, types };
}

/** Whether a cell is meant by an area: of several types, only those of the first row's plan. @param {Model} model @param {Area} area @param {number} row */
export function means(model, area, row) {
  const { plans, types } = chosenOf(model, area);
  const one = model.rows[row];
  return one !== undefined && plans.includes(one.plan) && types.includes(one.type);
}
