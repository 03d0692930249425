/**
 * What can be had for the wished nights: a line per room type, and the rooms of the chosen one.
 */
import { h } from "../../dom.js";
import { people } from "../../elements/page-head.js";
import { formatDate, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";

/** @typedef {import("../../types.js").Availability} Availability */
/** @typedef {import("./new.js").Wish} Wish */

/**
 * @param {Availability} offer
 * @param {Wish} wish
 * @param {(room_type_id: number, room_id: number) => void} choose
 * @param {AbortSignal} signal
 */
export function typeChoice(offer, wish, choose, signal) {
  const is_chosen = offer.room_type_id === wish.room_type_id;
  const is_full = offer.available_count === 0;
  const rate = offer.nightly[0]?.rate ?? 0;
  return h(
    "div",
    { class: ["type-choice", is_chosen && "is-chosen", is_full && "is-full"].filter(Boolean).join(" ") },
    h(
      "label",
      { class: "type-line" },
      h("input", {
        type: "radio",
        name: "room_type_id",
        value: offer.room_type_id,
        "data-key": `type-${offer.room_type_id}`,
        checked: is_chosen,
        disabled: is_full,
        signal,
        onchange: () => choose(offer.room_type_id, 0),
      }),
      h(
        "span",
        { class: "type-words" },
        h("strong", {}, offer.name),
        h(
          "span",
          { class: "muted with-icon" },
          icon("people"),
          people(offer.capacity_adults, offer.capacity_children),
        ),
      ),
      h(
        "span",
        { class: `type-free ${is_full ? "is-full" : ""}` },
        is_full
          ? t("booking.full")
          : t("booking.free", { count: offer.available_count, total: offer.total_rooms }),
      ),
      h(
        "span",
        { class: "type-price" },
        h("strong", { class: "amount" }, formatMoney(offer.total_amount)),
        h("span", { class: "muted" }, t("booking.from_rate", { rate: formatMoney(rate) })),
      ),
    ),
    is_chosen && !is_full && roomPicker(offer, wish, choose, signal),
    is_full &&
      offer.split &&
      h(
        "p",
        { class: "type-split" },
        icon("arrow"),
        t("booking.split"),
        " ",
        offer.split
          .map((part) => `${part.room_number}: ${formatDate(part.from)} – ${formatDate(part.to)}`)
          .join(", "),
      ),
  );
}

/**
 * @param {Availability} offer
 * @param {Wish} wish
 * @param {(room_type_id: number, room_id: number) => void} choose
 * @param {AbortSignal} signal
 */
const roomPicker = (offer, wish, choose, signal) =>
  h(
    "fieldset",
    { class: "room-picker" },
    h("legend", { class: "visually-hidden" }, t("field.room")),
    [{ id: 0, room_number: t("booking.any_room"), housekeeping: null }, ...offer.rooms].map((room) =>
      h(
        "label",
        { class: "choice-item", title: room.housekeeping ? t(`housekeeping.${room.housekeeping}`) : null },
        h("input", {
          type: "radio",
          name: "room_id",
          value: room.id,
          "data-key": `room-${room.id}`,
          checked: room.id === wish.room_id,
          signal,
          onchange: () => choose(offer.room_type_id, room.id),
        }),
        h(
          "span",
          {},
          room.room_number,
          room.housekeeping === "dirty" && [
            " ",
            icon("broom"),
            h("span", { class: "visually-hidden" }, t("housekeeping.dirty")),
          ],
        ),
      ),
    ),
  );
