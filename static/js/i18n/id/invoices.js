/**
 * Indonesian for invoices.
 */
export const words = {
  "invoices.invoice": "Faktur",
  "invoices.series": "Penomoran faktur",
  "invoices.setup": "Pengaturan faktur",
};
