/**
 * English for invoices.
 */
export const words = /** @type {const} */ ({
  "invoices.invoice": "Invoice",
  "invoices.series": "Numbering of invoices",
  "invoices.setup": "Invoice settings",
});
