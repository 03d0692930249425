/**
 * What a step will do to a stay, said before it is done.
 */
import { formatDate, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { earlyWords } from "./check-out.js";

/** @typedef {import("innkeeper/api").ReservationDetail} ReservationDetail */
/** @typedef {import("innkeeper/api").Event} ReservationEvent */
/** @typedef {import("innkeeper/api").DepartureView} Departure */

/**
 * @param {ReservationEvent} event
 * @param {ReservationDetail} stay
 * @param {Departure | null} leaving what leaving now does to the bill, of a guest in the house
 */
export function whatHappens(event, stay, leaving) {
  const room = stay.room_number ?? "";
  switch (event) {
    case "check_in":
      if (!stay.room_number) return t("next.check_in_no_room");
      if (stay.room_occupancy === "occupied") return t("next.check_in_occupied", { room });
      if (stay.room_housekeeping === "dirty") return t("next.check_in_dirty", { room });
      return t("next.check_in", { room, date: formatDate(stay.check_out_date, "weekday") });
    case "check_out":
      return leaving ? checkOutWords(stay, leaving) : "";
    case "cancel": {
      const { fee_now } = stay.cancellation;
      return fee_now > 0 ? t("stay.cancel_fee", { fee: formatMoney(fee_now) }) : t("stay.cancel_free");
    }
    case "move":
      return stay.status === "checked_in" ? t("next.move_in_house", { room }) : t("next.move");
    case "confirm":
    case "no_show":
    case "extend":
    case "undo_check_in":
    case "undo_check_out":
    case "reinstate":
      return t(`next.${event}`);
  }
}

/** @param {ReservationDetail} stay @param {Departure} leaving */
function checkOutWords(stay, leaving) {
  const amount = formatMoney(Math.abs(leaving.balance));
  const words = [
    stay.overdue && t("next.check_out_overdue", { date: formatDate(stay.check_out_date, "weekday") }),
    ...earlyWords(stay, leaving),
    leaving.balance > 0 && t("next.check_out_due", { amount }),
    leaving.balance < 0 && t("next.check_out_credit", { amount }),
    stay.room_number && t("next.check_out_room", { room: stay.room_number }),
  ];
  return words.filter(Boolean).join(" ");
}
