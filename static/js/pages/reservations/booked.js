/**
 * What is offered once a booking is made: the confirmation on paper or by e-mail, and the next caller.
 */
import { h } from "../../dom.js";
import { lengthWords } from "../../elements/page-head.js";
import { formatDate, formatMoney, mailTo } from "../../format.js";
import { icon } from "../../icons.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { session } from "../../store.js";

/** @typedef {import("innkeeper/api").ReservationDetail} ReservationDetail */

/** @param {ReservationDetail} stay */
export const bookedCard = (stay) =>
  h(
    "section",
    { class: "card booked", role: "status" },
    icon("check"),
    h(
      "p",
      {},
      t(stay.is_day_use ? "booking.saved_day_use" : "booking.saved", {
        guest: stay.guest_name,
        number: stay.confirmation_number,
        nights: lengthWords(stay),
      }),
      stay.party.length > 0 && ` ${t("booking.saved_rooms", { rooms: tn("count.rooms", stay.party.length + 1) })}`,
    ),
    h(
      "a",
      { class: "button", href: `/reservations/${stay.id}/print/confirmation`, "data-key": "booked-print" },
      icon("printer"),
      t("booking.print"),
    ),
    h("a", { class: "button", href: letter(stay), "data-key": "booked-mail" }, t("booking.mail")),
    may("desk") &&
      h(
        "a",
        { class: "button", href: "/reservations/new", "data-key": "booked-next" },
        icon("plus"),
        t("booking.next"),
      ),
  );

/** The confirmation as a letter for the desk's own mail program. @param {ReservationDetail} stay */
function letter(stay) {
  const house = session.property?.name ?? "";
  const lines = [
    stay.guest_name,
    "",
    `${t("field.confirmation")}: ${stay.confirmation_number}`,
    `${t("field.arrival")}: ${formatDate(stay.check_in_date, "full")}`,
    `${t("field.departure")}: ${formatDate(stay.check_out_date, "full")}, ${lengthWords(stay)}`,
    `${t("field.room_type")}: ${stay.room_type_name}`,
    `${t("word.total")}: ${formatMoney(stay.total_amount)}`,
    `${t("word.paid")}: ${formatMoney(stay.total_paid)}`,
    "",
    house,
  ];
  const [subject, body] = [
    [t("print.confirmation"), stay.confirmation_number, house].join(" · "),
    lines.join("\r\n"),
  ].map(encodeURIComponent);
  return `${mailTo(stay.guest_email ?? "")}?subject=${subject}&body=${body}`;
}
