/**
 * A reservation's state as a chip: colour, sign and word together, so that no one of them is needed.
 */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";

/** @typedef {import("../types.js").ReservationStatus} ReservationStatus */

/** @type {Record<ReservationStatus, import("../icons.js").IconName>} */
export const STATUS_ICONS = {
  tentative: "question",
  confirmed: "check",
  checked_in: "key",
  checked_out: "leave",
  cancelled: "ban",
  no_show: "absent",
};

/** @param {ReservationStatus} status */
export const statusChip = (status) =>
  h("span", { class: `chip status-${status}` }, icon(STATUS_ICONS[status]), t(`status.${status}`));
