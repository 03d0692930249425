/**
 * What is told under the days where dates are chosen for a room type: its price and the rooms that are left.
 */
import { api } from "./api.js";

/** @typedef {import("./elements/date-field.js").FactsOf} FactsOf */

/**
 * @param {{ id: number, rate_plan_id?: number, reservation_id?: number, adults: number, children: number, children_ages: number[] }} of
 *   the type, who comes, and a booking that is not in its own way
 * @returns {FactsOf}
 */
export const typeFacts = ({ children_ages, ...of }) => async (from, to, signal) => {
  const has_ages = of.children > 0 && children_ages.length === of.children;
  const asked = { ...of, ...(has_ages && { children_ages: children_ages.join() }), from, to };
  const { items } = await api.get("/api/room-types/{id}/calendar", asked, signal);
  return new Map(items.map(({ date, rate, available_count: left }) => [date, { rate, left }]));
};

/** Of the days to which a booking could be moved. @param {import("innkeeper/api").ReservationView} stay */
export const stayFacts = ({ id: reservation_id, room_type_id: id, rate_plan_id, adults, children, children_ages }) =>
  typeFacts({ id, rate_plan_id, reservation_id, adults, children, children_ages });
