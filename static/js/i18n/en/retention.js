/**
 * English for how long guests' data are kept.
 */
export const words = /** @type {const} */ ({
  "retention.title": "Guest data",
  "retention.lead": "How long it is kept, and what is erased next",
  "retention.rules": "How long",
  "retention.profile_years": "Profiles: years after the last stay",
  "retention.profile_years_hint": "Name, contact details and notes are erased; stays and amounts remain. If empty, profiles are kept until someone erases them.",
  "retention.registration_months": "Registration details: months after the stay",
  "retention.registration_months_hint": "Document numbers, home addresses and places of birth. If empty, they are kept as long as the profile.",
  "retention.law_months": "The country’s registration rules ask for {months} months.",
  "retention.invoice_years": "Names on invoices: years after issue",
  "retention.invoice_years_hint": "Invoices of erased guests keep the name for as long as tax law requires.",
  "retention.is_on": "Erase every night",
  "retention.is_on_hint": "At four in the morning, starting tonight. Guests with an open stay or balance are kept.",
  "retention.tonight_on": "These guests will be erased tonight. To keep someone, make a new booking or allow more time.",
  "retention.tonight_off": "Nothing is erased automatically. With these rules it would be these guests.",
  "retention.tonight_typed": "With the rules as entered it would be these guests. Nothing is saved yet.",
  "retention.profiles": "Guests",
  "retention.registrations": "Registration details of stays",
  "retention.last_stay": "Last stay until",
  "retention.never_stayed": "Never stayed",
  "retention.booking": "Reservation",
  "retention.nobody": "Nobody",
  "retention.nobody_text": "No guest data has been kept that long.",
});
