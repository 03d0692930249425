/**
 * How a room that can be had stands now: inspected, clean, dirty, or still another guest's and until when.
 */
import { h } from "../../dom.js";
import { formatDate } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { businessDate } from "../../store.js";

/** @typedef {Pick<import("innkeeper/api").FreeRoom, "housekeeping" | "occupancy" | "occupied_until">} Room */

/** @type {Record<Room["housekeeping"], import("../../icons.js").IconName>} */
const SIGNS = { inspected: "checks", clean: "check", dirty: "broom" };

/** Only whoever comes today cares how the room is now. @param {string} check_in_date */
export const isNow = (check_in_date) => check_in_date <= businessDate();

/** @param {Room} room */
export function standingWords({ housekeeping, occupancy, occupied_until }) {
  if (occupancy === "vacant") return t(`housekeeping.${housekeeping}`);
  if (!occupied_until || occupied_until <= businessDate()) return t("room.occupied_today");
  return t("room.occupied_until", { date: formatDate(occupied_until, "weekday") });
}

/** @param {Room} room */
export const standing = (room) =>
  h(
    "span",
    { class: `room-state is-${room.occupancy === "occupied" ? "occupied" : room.housekeeping}` },
    icon(room.occupancy === "occupied" ? "key" : SIGNS[room.housekeeping]),
    standingWords(room),
  );
