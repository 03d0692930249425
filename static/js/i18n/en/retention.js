/**
 * English for how long guests' data are kept.
 */
export const words = /** @type {const} */ ({
  "retention.title": "Guests’ data",
  "retention.lead": "How long it is kept, and whose is erased next",
  "retention.rules": "How long",
  "retention.profile_years": "Profiles: years after the last stay",
  "retention.profile_years_hint": "Name, contacts and notes go; stays and amounts remain. Left empty, profiles are kept until somebody erases them.",
  "retention.registration_months": "Registration details: months after the stay",
  "retention.registration_months_hint": "Document numbers, home addresses and places of birth. Left empty, they are kept as long as the profile.",
  "retention.law_months": "The country’s registration rules ask for {months} months.",
  "retention.invoice_years": "Names on invoices: years after issue",
  "retention.invoice_years_hint": "Invoices of guests who were erased keep their names as long as tax law asks for it.",
  "retention.is_on": "Erase every night",
  "retention.is_on_hint": "At four in the morning, for the first time in the coming night. Guests with an open stay or balance are kept.",
  "retention.tonight_on": "These guests will be erased tonight. Whoever is to be kept needs a new booking, or a longer time.",
  "retention.tonight_off": "Nothing is erased by itself. With these rules it would be these guests.",
  "retention.tonight_typed": "With what is typed it would be these guests. Nothing is saved yet.",
  "retention.profiles": "Guests",
  "retention.registrations": "Registration details of stays",
  "retention.last_stay": "Last stay until",
  "retention.never_stayed": "Never stayed",
  "retention.booking": "Reservation",
  "retention.nobody": "Nobody",
  "retention.nobody_text": "No guest’s data have been kept that long.",
});
