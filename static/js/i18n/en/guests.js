/**
 * English for the guests of the house.
 */
export const words = /** @type {const} */ ({
  "guest.contact": "Contact",
  "guest.is_vip": "VIP guest",
  "guest.profile": "Profile",
  "guest.stays": "Stays",
  "guest.no_stays": "No stays yet",
  "guest.no_stays_text": "Bookings of this guest will appear here.",
  "guest.find_or_new": "Search guests or enter a new name",
  "guest.choose_other": "Choose another guest",
  "guest.maybe_known": "Possible match:",
  "guest.use_this": "Use this guest",
  "guest.merge": "Merge with another profile",
  "guest.merge_title": "Merge into {guest}",
  "guest.merge_text":
    "All stays of the other profile move to {guest}, and missing details are filled in from it. This cannot be undone.",
  "guest.merge_choose": "Choose the profile to merge.",
  "guest.merge_other": "Profile to merge",
  "guest.merge_submit": "Merge",
  "guest.merged": "Profiles merged: {guest}.",
  "guest.anonymise": "Erase personal data",
  "guest.anonymise_title": "Erase the personal data of {guest}?",
  "guest.anonymise_text":
    "Name, contact details, ID documents and notes are permanently erased. Stays and bills are kept without a name.",
  "guest.anonymise_submit": "Erase permanently",
  "guest.anonymised": "Personal data erased.",

  "guests.search": "Name, e-mail or phone",
  "guests.only_vip": "VIP only",
  "guests.new": "New guest",
  "guests.none": "No guests yet",
  "guests.none_text": "Guests are added with their first booking.",
  "guests.none_found": "No matching guests",
  "guests.none_found_text": "Try part of the name, the phone number or the e-mail address.",

  "id_type.passport": "Passport",
  "id_type.id_card": "Identity card",
  "id_type.driving_licence": "Driving licence",
  "id_type.other": "Other",
  "guest.data_json": "Personal data as a file (JSON)",
  "guest.data_pdf": "Personal data to hand over (PDF)",
});
