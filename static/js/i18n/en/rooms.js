/**
 * English for rooms and their types.
 */
export const words = /** @type {const} */ ({
  "rooms.types": "Room types",
  "rooms.add_type": "Add a room type",
  "rooms.beds": "Beds",
  "rooms.amenities": "Amenities",
  "rooms.amenities_hint": "Separated by commas",
  "rooms.no_types": "No room types yet",
  "rooms.no_types_text": "Add a room type first, then its rooms.",
  "rooms.search": "Room number",
  "rooms.view": "View",
  "rooms.blocked": "Out of use",
  "rooms.none_found": "No matching rooms",
  "rooms.none_text": "A range such as 101-112 adds them all at once.",
  "rooms.delete_title": "Delete {name}?",
  "rooms.delete_text": "Only what was never booked can be deleted.",
  "rooms.blocks": "Out of order",
  "rooms.blocks_of": "Room {room} out of use",
  "rooms.blocks_hint":
    "Out of order takes the room off sale; out of service keeps it on sale with a warning.",
  "rooms.no_blocks": "In use on all coming days.",
  "rooms.block": "Take out of use",
  "rooms.release": "Return to use",
});
