/**
 * English for prices and rate plans.
 */
export const words = /** @type {const} */ ({
  "prices.plans": "Rate plans",
  "prices.add_plan": "Add a rate plan",
  "prices.own": "Own prices",
  "prices.from_plan": "Based on {name}",
  "prices.offset": "Difference",
  "prices.offset_hint": "-10 lowers the price, 10 raises it",
  "prices.in": "Unit",
  "prices.percent": "Percent",
  "prices.before": "Previous two weeks",
  "prices.after": "Next two weeks",
  "prices.first": "First night",
  "prices.last": "Last night",
  "prices.hint": "Leave empty to restore the standard price. Existing bookings keep theirs.",
  "prices.weekdays": "On these days",
});
