/**
 * English on paper.
 */
export const words = /** @type {const} */ ({
  "print.registration": "Registration card",
  "print.confirmation": "Booking confirmation",
  "print.receipt": "Receipt",
  "print.pdf": "Save as PDF",
  "print.arrivals_of": "Print the arrivals list",
});
