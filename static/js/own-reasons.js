/**
 * Why Innkeeper itself did something. The books have it in English, where a person's reason would stand;
 * pages say it in the reader's language.
 */
import { t } from "./i18n.js";

/** By what the program writes. @type {Record<string, import("./i18n.js").Key>} */
const OWN = {
  "as the imported file says": "reason.import",
  "check-in taken back": "reason.check_in_undone",
  "check-out taken back": "reason.check_out_undone",
  "checked in to a dirty room": "reason.dirty_room",
  "made way for a stay that was extended": "reason.made_way",
  "day opened again": "close.reason_reopened",
  "night not stayed": "close.reason_not_stayed",
  "option released at the day close": "close.reason_released",
  reinstated: "reason.reinstated",
  "shorter stay": "reason.shorter_stay",
  "the last stay was long ago": "reason.last_stay",
  "the room is still occupied": "reason.room_occupied",
};

/** @param {string} reason what somebody typed is said as it was typed */
export function reasonWords(reason) {
  const key = OWN[reason];
  return key ? t(key) : reason;
}
