/**
 * English on paper.
 */
export const words = /** @type {const} */ ({
  "print.registration": "Registration card",
  "print.confirmation": "Booking confirmation",
  "print.receipt": "Receipt",
  "print.arrivals_of": "Print the arrivals list",
  "print.made": "Printed on {date}",
  "print.from_time": "from {time}",
  "print.until_time": "until {time}",
  "print.registration_text":
    "I have read and accept the house rules of {property}. I will vacate the room by {time} and settle my account before departure.",
  "print.place_date": "Place and date",
  "print.guest_signature": "Guest’s signature",
  "print.dear": "Dear {guest},",
  "print.confirmation_text": "Thank you for choosing {property}. We are pleased to confirm your booking.",
  "print.tentative_text":
    "Thank you for your enquiry. We are holding this booking at {property} until you confirm it.",
  "print.option_text": "The room is held for you until {date}.",
  "print.free_until": "You may cancel free of charge until {time}.",
  "print.free_always": "You may cancel free of charge.",
  "print.welcome": "We look forward to welcoming you.",
  "print.no_invoice": "This receipt is not a tax invoice.",
  "print.received_by": "Received by",
  "print.task": "Task",
  "print.expected": "Expected",
  "print.done": "Done",
});
