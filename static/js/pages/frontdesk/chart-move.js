/**
 * What a drop on the chart does: a room change alone is a move, new dates are a change of the
 * reservation. Told in money before, taken back whole after.
 */
import { api, intentKey } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { openDialog } from "../../elements/dialog.js";
import { toast } from "../../elements/toast-list.js";
import { isAborted, showFailure } from "../../failure.js";
import { formatDates, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { sendOrOverride } from "../reservations/override.js";

/** @typedef {import("innkeeper/api").ChartStay} ChartStay */
/** @typedef {import("innkeeper/api").NightRate} NightRate */
/** @typedef {import("../../elements/tape/model.js").Place} Place */
/** @typedef {import("../../elements/tape/tape-chart.js").TapeChart} TapeChart */

const UNDO_MS = 30_000;

/**
 * What a move would change in money, before it is one.
 * @param {ChartStay} stay
 * @param {Place} place
 * @param {AbortSignal} signal
 */
export async function priceChange(stay, place, signal) {
  const { difference, rerated_difference } = await askPrice(stay, place, signal);
  const words = inWords(difference);
  if (place.row.room_type_id === stay.room_type_id || rerated_difference === difference) return words;
  return t("chart.other_price", { words, amount: signed(rerated_difference) });
}

/**
 * @param {ChartStay} stay
 * @param {Place} place
 * @param {AbortSignal} signal
 */
const askPrice = (stay, place, signal) =>
  api.get(
    "/api/reservations/{id}/quote",
    { id: stay.reservation_id, ...newDates(stay, place), room_type_id: place.row.room_type_id },
    signal,
  );

/** @param {number} difference */
const inWords = (difference) => (difference === 0 ? t("chart.same_price") : signed(difference));

/** @param {number} amount */
const signed = (amount) => `${amount > 0 ? "+" : "−"}${formatMoney(Math.abs(amount))}`;

/**
 * The dates that a place changes. Of a guest in the house the arrival is history.
 * @param {ChartStay} stay
 * @param {Place} place
 */
const newDates = (stay, place) => ({
  ...(stay.starts_here &&
    stay.status !== "checked_in" &&
    place.from !== stay.from && { check_in_date: place.from }),
  ...(place.to !== stay.to && { check_out_date: place.to }),
});

/**
 * @param {TapeChart} chart
 * @param {ChartStay} stay
 * @param {Place} place
 * @param {() => Promise<void>} load
 * @param {AbortSignal} signal
 */
export async function moveStay(chart, stay, place, load, signal) {
  const room_id = place.row.room?.id ?? null;
  const dates = newDates(stay, place);
  const is_move = room_id !== null && stay.room_id !== null && Object.keys(dates).length === 0;
  const where = place.row.room ? t("room.number", { number: place.row.room.room_number }) : t("room.none");
  try {
    const rerate = await choosePrice(chart, stay, place, signal);
    if (rerate === null) return;
    const from_date = !stay.starts_here && stay.status !== "checked_in" && { from_date: stay.from };
    const send = async (/** @type {import("../reservations/override.js").Override} */ more, /** @type {string} */ key) => {
      if (is_move)
        await api.post(
          "/api/reservations/{id}/move",
          { id: stay.reservation_id },
          { room_id, rerate, ...from_date, ...more },
          key,
        );
      else await changeStay(stay, place, { ...dates, ...more }, rerate);
      toast(
        t("chart.moved", {
          guest: stay.guest_name,
          where,
          dates: formatDates(place.from, place.to),
        }),
        {
          duration_ms: UNDO_MS,
          action: {
            label: t("action.undo"),
            run: () => void takeBack(stay, is_move, load),
          },
        },
      );
      await load();
    };
    await sendOrOverride(send, intentKey(), signal);
  } catch (error) {
    if (!isAborted(error)) showFailure(error, () => void load());
  }
  await load();
}

/**
 * Whether a room of another type is paid at its own price: asked only where that is another one.
 * @param {TapeChart} chart
 * @param {ChartStay} stay
 * @param {Place} place
 * @param {AbortSignal} signal
 * @returns {Promise<boolean | null>} `null` when the move is given up
 */
async function choosePrice(chart, stay, place, signal) {
  const type_id = place.row.room_type_id;
  const home = chart.model?.rows.find((row) => row.stays.includes(stay));
  if (type_id === stay.room_type_id && type_id === (home?.room_type_id ?? type_id)) return false;
  const { difference, rerated_difference } = await askPrice(stay, place, signal);
  if (difference === rerated_difference) return false;
  const type = chart.typeName(type_id);
  return new Promise((resolve) => {
    const offer = (/** @type {string} */ label, /** @type {number} */ amount, /** @type {boolean} */ rerate) =>
      button({
        label: [label, h("b", { class: "amount" }, inWords(amount))],
        extra: "price-choice",
        signal,
        onclick: () => {
          resolve(rerate);
          dialog.close();
        },
      });
    const dialog = openDialog(
      { title: t("chart.price_title", { guest: stay.guest_name, type }), onclose: () => resolve(null) },
      () => [
        offer(t("chart.price_keep"), difference, false),
        offer(t("word.rate_of", { type }), rerated_difference, true),
      ],
      signal,
    );
  });
}

/**
 * @param {ChartStay} stay
 * @param {Place} place
 * @param {{ check_in_date?: string, check_out_date?: string } & import("../reservations/override.js").Override} dates
 * @param {boolean} rerate
 */
function changeStay(stay, { row }, dates, rerate) {
  const room_id = row.room?.id ?? null;
  // At new prices the stay is sold as the row's type, whatever its nights were; at the old ones it is only where no room is chosen.
  const is_named = rerate || (room_id === null && row.room_type_id !== stay.room_type_id);
  return api.patch("/api/reservations/{id}", { id: stay.reservation_id }, {
    ...(room_id !== stay.room_id && { room_id }),
    ...(is_named && { room_type_id: row.room_type_id }),
    rerate,
    ...dates,
    version: stay.version,
  });
}

/**
 * Dates, room and price as they were.
 * @param {ChartStay} stay
 * @param {boolean} is_move
 * @param {() => Promise<void>} load
 */
async function takeBack(stay, is_move, load) {
  const id = stay.reservation_id;
  try {
    await api.post("/api/reservations/{id}/undo", { id }, is_move ? {} : { event: "undo_change" }, intentKey());
    // Whoever reads that it is undone finds it so.
    await load();
    toast(t("chart.taken_back", { guest: stay.guest_name }));
  } catch (error) {
    showFailure(error);
    await load();
  }
}
