/**
 * What can be had for the wished nights: a line per room type, and the rooms of the chosen one. Where
 * a type is full: with a change of room, or on other dates nearby.
 */
import { addDays, daysBetween } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { people } from "../../elements/page-head.js";
import { showFailure } from "../../failure.js";
import { formatDates, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { once } from "../../intents.js";
import { t, tn } from "../../i18n.js";
import { brokenList } from "../../restriction-words.js";
import { businessDate } from "../../store.js";
import { isNow, standing, standingWords } from "./free-room.js";

/** @typedef {import("innkeeper/api").AvailableType} Availability */
/** @typedef {import("./new.js").Wish} Wish */
/** @typedef {(change: Partial<Wish>) => void} Choose */
/** @typedef {(change?: { check_in_date?: string, check_out_date?: string, room_type_id?: number }) => Promise<Availability[]>} Find */

/** How far other dates are looked for, the nearest first. */
const NEAR_DAYS = [-1, 1, -2, 2, -3, 3];
const MOST_NEAR = 4;

/**
 * @param {Availability} offer
 * @param {Wish} wish
 * @param {Choose} choose
 * @param {Find} find
 * @param {AbortSignal} signal
 */
export function typeChoice(offer, wish, choose, find, signal) {
  const is_chosen = offer.room_type_id === wish.room_type_id;
  const is_full = offer.available_count < wish.rooms;
  const rates = offer.nightly.map(({ rate }) => rate);
  const lowest = Math.min(...rates);
  const key = rates.some((rate) => rate !== lowest) ? "booking.from_rate" : "booking.rate_a_night";
  return h(
    "div",
    {
      class: ["type-choice", is_chosen && "is-chosen", (is_full || !offer.is_fitting) && "is-full"]
        .filter(Boolean)
        .join(" "),
    },
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
        onchange: () =>
          choose({
            room_type_id: offer.room_type_id,
            room_ids: [],
            is_split: false,
            small_type_id: offer.is_fitting ? 0 : offer.room_type_id,
          }),
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
        { class: `type-free ${is_full || !offer.is_fitting ? "is-full" : ""}` },
        offer.available_count === 0
          ? t("booking.full")
          : !offer.is_fitting && !is_full
            ? t("booking.too_small")
            : t("booking.free", { count: offer.available_count, total: offer.total_rooms }),
      ),
      h(
        "span",
        { class: "type-price" },
        h("strong", { class: "amount" }, formatMoney(offer.total_amount)),
        h("span", { class: "muted" }, rates.length > 0 && t(key, { rate: formatMoney(lowest) })),
      ),
    ),
    brokenList(offer.broken, "type-broken"),
    is_chosen && !is_full && [roomPicker(offer, wish, choose, signal), keptLine(offer)],
    (is_full || offer.broken.length > 0) && alternatives(offer, wish, choose, find, signal),
  );
}

/**
 * @param {Availability} offer
 * @param {Wish} wish
 * @param {Choose} choose
 * @param {Find} find
 * @param {AbortSignal} signal
 */
function alternatives(offer, wish, choose, find, signal) {
  const { room_type_id, split } = offer;
  const is_taken = wish.is_split && wish.room_type_id === room_type_id;
  const near = h("div", { class: "type-near" });
  near.append(
    button({
      label: t("booking.near"),
      sign: "calendar",
      look: "quiet",
      is_small: true,
      key: `near-${room_type_id}`,
      signal,
      onclick: (anchor) => void once(anchor, () => showNear(near, offer, wish, choose, find, signal)),
    }),
  );
  return [
    split &&
      wish.rooms === 1 &&
      h(
        "p",
        { class: "type-split" },
        icon("arrow"),
        h(
          "span",
          {},
          t("booking.split"),
          " ",
          split
            .map(({ room_number, from, to, ...room }, i) =>
              [
                `${room_number}: ${formatDates(from, to)}`,
                i === 0 && isNow(from) && !room.is_ready && `(${standingWords(room)})`,
              ]
                .filter(Boolean)
                .join(" "),
            )
            .join(", "),
        ),
        is_taken
          ? h("strong", { class: "with-icon" }, icon("check"), t("booking.split_taken"))
          : button({
              label: t("booking.split_take"),
              is_small: true,
              key: `split-${room_type_id}`,
              signal,
              onclick: () => choose({ room_type_id, room_ids: [], is_split: true }),
            }),
      ),
    near,
  ];
}

/**
 * The same nights a little earlier or later.
 * @param {HTMLElement} target
 * @param {Availability} offer
 * @param {Wish} wish
 * @param {Choose} choose
 * @param {Find} find
 * @param {AbortSignal} signal
 */
async function showNear(target, { room_type_id }, wish, choose, find, signal) {
  const nights = daysBetween(wish.check_in_date, wish.check_out_date);
  const starts = NEAR_DAYS.map((days) => addDays(wish.check_in_date, days));
  const can_be_had = (/** @type {Availability | undefined} */ offer) =>
    offer &&
    (offer.is_fitting || offer.room_type_id === wish.small_type_id) &&
    offer.available_count >= wish.rooms &&
    offer.broken.length === 0;
  const found = await Promise.allSettled(
    starts
      .filter((from) => from >= businessDate())
      .map(async (check_in_date) => {
        const dates = { check_in_date, check_out_date: addDays(check_in_date, nights) };
        const [offer] = await find({ ...dates, room_type_id });
        return { ...dates, total_amount: can_be_had(offer) ? offer?.total_amount : null };
      }),
  );
  if (signal.aborted) return;
  // Dates that are refused, such as those outside of the plan, are none to offer; the others are.
  const answered = found.filter((one) => one.status === "fulfilled").map(({ value }) => value);
  const refused = found.find((one) => one.status === "rejected");
  if (answered.length === 0 && refused) return showFailure(refused.reason);
  const free = answered.filter(({ total_amount }) => total_amount != null).slice(0, MOST_NEAR);
  swap(
    target,
    free.length === 0 && h("p", { class: "muted" }, t("booking.near_none")),
    free.map(({ check_in_date, check_out_date, total_amount }) =>
      button({
        label: `${formatDates(check_in_date, check_out_date)} · ${formatMoney(total_amount ?? 0)}`,
        is_small: true,
        signal,
        onclick: () => choose({ check_in_date, check_out_date, room_type_id, room_ids: [], is_split: false }),
      }),
    ),
  );
  target.querySelector("button")?.focus();
}

/** Why more rooms can be chosen than are free to sell. @param {Availability} offer */
function keptLine({ rooms, available_count }) {
  const kept = rooms.length - available_count;
  return kept > 0 && h("p", { class: "type-kept" }, tn("booking.kept", kept));
}

/**
 * One room, or any; of several as many as are wished for.
 * @param {Availability} offer
 * @param {Wish} wish
 * @param {Choose} choose
 * @param {AbortSignal} signal
 */
function roomPicker({ room_type_id, rooms }, wish, choose, signal) {
  const is_one = wish.rooms === 1;
  const choice = (/** @type {import("innkeeper/api").FreeRoom | null} */ room) =>
    roomChoice(
      room,
      wish,
      (is_checked) => {
        const others = is_one ? [] : wish.room_ids.filter((id) => id !== room?.id);
        // Of too many the one that was chosen first is given up.
        const room_ids = (room && is_checked ? [...others, room.id] : others).slice(-wish.rooms);
        choose({ room_type_id, room_ids });
      },
      signal,
    );
  return h(
    "fieldset",
    { class: "room-picker" },
    h("legend", { class: is_one ? "visually-hidden" : "field-hint" }, t(is_one ? "field.room" : "booking.choose_rooms")),
    is_one && choice(null),
    rooms.map(choice),
  );
}

/**
 * A room, or (`null`) whichever will be given.
 * @param {import("innkeeper/api").FreeRoom | null} room
 * @param {Wish} wish
 * @param {(is_checked: boolean) => void} choose
 * @param {AbortSignal} signal
 */
function roomChoice(room, { rooms, room_ids, check_in_date }, choose, signal) {
  const control = h("input", {
    type: rooms === 1 ? "radio" : "checkbox",
    name: "room_id",
    value: room?.id ?? 0,
    "data-key": `room-${room?.id ?? 0}`,
    checked: room ? room_ids.includes(room.id) : room_ids.length === 0,
    signal,
    onchange: () => choose(control.checked),
  });
  return h(
    "label",
    { class: "choice-item" },
    control,
    h("span", {}, room ? room.room_number : t("booking.any_room"), room && isNow(check_in_date) && standing(room)),
  );
}
