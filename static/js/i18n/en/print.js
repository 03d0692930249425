/**
 * English on paper.
 */
export const words = /** @type {const} */ ({
  "print.registration": "Registration card",
  "print.confirmation": "Booking confirmation",
  "print.receipt": "Receipt",
  "print.arrivals_of": "Print the arrivals list",
});
