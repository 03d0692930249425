/**
 * The stays that are open on a day: each with what mends it at once, and with what the close can do with it.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { showFailure } from "../../failure.js";
import { formatDate, formatDates, formatMoney } from "../../format.js";
import { once } from "../../intents.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { takePayment } from "../folio/payment.js";
import { cancel, confirm, move } from "../reservations/actions.js";
import { checkIn } from "../reservations/check-in.js";
import { checkOut } from "../reservations/check-out.js";
import { extend } from "../reservations/extend.js";
import { choicesOf } from "./choices.js";

/** @typedef {import("innkeeper/api").DayCloseView} DayClose */
/** @typedef {import("innkeeper/api").OpenStayView} OpenStay */
/** @typedef {DayClose["open"][number]} Group */
/** @typedef {Group["case"]} Case */
/** @typedef {import("innkeeper/api").ReservationDetail} Detail */
/** @typedef {import("../reservations/actions.js").Desk} Desk */
/** @typedef {"check_in" | "check_out" | "confirm" | "extend" | "pay" | "room" | "cancel"} Step */

/** How many stays of a kind are shown before the rest is folded away. */
const FIRST = 12;

/** What can be done at once, by why a stay is open. @type {Record<Case, Step[]>} */
const STEPS = {
  overdue_arrival: ["check_in", "cancel"],
  late_arrival: ["check_in", "cancel"],
  arrival: ["check_in", "cancel"],
  option: ["confirm"],
  overdue_departure: ["check_out", "extend"],
  departure: ["check_out", "extend"],
  unsettled: ["pay"],
  without_room: ["room"],
  without_price: [],
  incomplete: [],
};

/** @type {Record<Step, (stay: Detail, desk: Desk) => unknown>} */
const RUN = {
  check_in: checkIn,
  check_out: checkOut,
  confirm,
  extend,
  pay: (stay, desk) => takePayment(stay, desk.done, desk.signal),
  room: move,
  cancel: (stay, desk) => cancel(stay, desk),
};

/** @type {Case[]} */
const OWES = ["overdue_departure", "departure", "unsettled"];

/** @param {DayClose} day @param {() => void} done @param {AbortSignal} signal */
export const openGroups = (day, done, signal) => day.open.map((group) => openGroup(group, done, signal));

/** @param {Group} group @param {() => void} done @param {AbortSignal} signal */
function openGroup(group, done, signal) {
  const { case: reason, total, stays } = group;
  const rows = stays.map((stay) => openStay(stay, group, done, signal));
  return h(
    "section",
    {
      class: `card close-group ${group.must_be_decided ? "is-asked" : ""}`,
      "aria-labelledby": `close-${reason}`,
      "data-case": reason,
    },
    h(
      "header",
      { class: "card-head" },
      h("h2", { id: `close-${reason}` }, t(`close.case_${reason}`)),
      h("span", { class: "count" }, total),
    ),
    h("p", { class: "close-hint" }, t(`close.mend_${reason}`)),
    h("ul", { class: "close-rows" }, rows.slice(0, FIRST)),
    rows.length > FIRST &&
      h(
        "details",
        { class: "close-more" },
        h("summary", {}, t("day.more", { count: total - FIRST })),
        h("ul", { class: "close-rows" }, rows.slice(FIRST)),
      ),
    total > stays.length && h("p", { class: "card-foot" }, t("list.more", { count: total - stays.length })),
  );
}

/** @param {OpenStay} stay @param {Group} group @param {() => void} done @param {AbortSignal} signal */
const openStay = (stay, group, done, signal) =>
  h(
    "li",
    { class: `close-row ${stay.decision ? "is-decided" : ""}` },
    h("span", { class: "room-mark" }, h("span", { class: "visually-hidden" }, t("field.room")), stay.room_number ?? "–"),
    h(
      "div",
      { class: "close-words" },
      h(
        "a",
        { class: "stay-name", href: `/reservations/${stay.reservation_id}`, "data-key": `name-${stay.reservation_id}` },
        stay.guest_name,
      ),
      h("p", { class: "stay-detail" }, details(stay).map((words) => h("span", {}, words))),
    ),
    h(
      "div",
      { class: "close-balance" },
      OWES.includes(group.case) &&
        stay.balance !== 0 &&
        h("span", { class: `amount ${stay.balance > 0 ? "is-due" : ""}` }, formatMoney(stay.balance)),
    ),
    may("desk") && h("div", { class: "close-ways" }, steps(stay, group, done, signal), choicesOf(stay, done, signal)),
  );

/** @param {OpenStay} stay */
const details = (stay) =>
  [
    formatDates(stay.check_in_date, stay.check_out_date),
    stay.status === "tentative" && t("status.tentative"),
    stay.expected_arrival_time && t("stay.expected", { time: stay.expected_arrival_time }),
    stay.option_date && t("option.held", { date: formatDate(stay.option_date, "weekday") }),
    stay.room_type_name,
  ].filter(Boolean);

/** @param {OpenStay} stay @param {Group} group @param {() => void} done @param {AbortSignal} signal */
const steps = (stay, group, done, signal) =>
  STEPS[group.case].filter((step) => fits(step, stay)).map((step) =>
    button({
      label: t(`close.do_${step}`),
      name: t("close.do_label", { what: t(`close.do_${step}`), guest: stay.guest_name }),
      is_small: true,
      key: `${step}-${stay.reservation_id}`,
      signal,
      onclick: (anchor) => void take(step, stay.reservation_id, { anchor, done, signal }),
    }),
  );

/**
 * The step needs the whole booking. Each asks by itself not to be taken twice.
 * @param {Step} step
 * @param {number} id
 * @param {Desk} desk
 */
async function take(step, id, desk) {
  /** @type {Detail | undefined} */
  let whole;
  await once(desk.anchor, async () => {
    whole = await api.get("/api/reservations/{id}", { id }, desk.signal).catch((error) => {
      showFailure(error, desk.done);
      return undefined;
    });
  });
  if (whole && !desk.signal.aborted) await RUN[step](whole, desk);
}

/** Who owes nothing pays nothing; who never promised to come is confirmed first. @param {Step} step @param {OpenStay} stay */
function fits(step, { status, balance }) {
  if (step === "pay") return balance > 0;
  if (step === "check_in") return status === "confirmed";
  return true;
}
