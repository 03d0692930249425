/**
 * English for companies and agents.
 */
export const words = /** @type {const} */ ({
  "companies.title": "Companies",
  "companies.lead": "Companies and agents you have agreements with",
  "companies.search": "Name, contact or tax number",
  "companies.none": "No companies yet",
  "companies.none_text": "Add the companies whose people stay with you, and the agents who send you guests.",
  "companies.none_found": "No matching companies",
  "companies.none_found_text": "Try another name, contact or tax number.",
  "companies.add": "Add company",
  "companies.company": "Company",
  "companies.agent": "Agent",
  "companies.contact": "Contact",
  "companies.tax_number": "Tax number",
  "companies.address": "Address for invoices",
  "companies.plans": "Negotiated rate plans",
  "companies.bookings": "Show its reservations",
  "companies.nobody": "No company",
  "companies.pays": "What it pays…",
  "companies.pays_title": "What {company} pays",
  "companies.pays_text": "Of stays that are booked for it from now on; the rest is the guest’s.",
});
