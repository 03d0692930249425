/**
 * Whether a room that somebody leaves today can be begun with.
 */
import { t } from "../../i18n.js";

/** @param {import("innkeeper/api").TaskView} task */
export const guestWords = ({ duty, occupancy }) =>
  duty === "turnover" || duty === "departure"
    ? t(occupancy === "occupied" ? "board.guest_here" : "board.guest_left")
    : "";
