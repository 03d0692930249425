/**
 * What is told under the days where dates are chosen for a room type: its price and the rooms that are left.
 */
import { api } from "./api.js";

/** @typedef {import("./elements/date-field.js").FactsOf} FactsOf */

/**
 * @param {{ id: number, rate_plan_id?: number, reservation_id?: number }} of the type, and a booking that is not in its own way
 * @returns {FactsOf}
 */
export const typeFacts = (of) => async (from, to, signal) => {
  const { items } = await api.get("/api/room-types/{id}/calendar", { ...of, from, to }, signal);
  return new Map(items.map(({ date, rate, available_count: left }) => [date, { rate, left }]));
};
