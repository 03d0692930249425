/**
 * The stays that are open on a day: each with what mends it at once, and with what the close can do with it.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { openMenu } from "../../elements/menu.js";
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
import { choicesOf, forAll } from "./choices.js";
import { comesTomorrow, giveAway, prolong, refund, setPrice, toAccount, writeOff } from "./mend.js";

/** @typedef {import("innkeeper/api").DayCloseView} DayClose */
/** @typedef {import("innkeeper/api").OpenStayView} OpenStay */
/** @typedef {DayClose["open"][number]} Group */
/** @typedef {Group["case"]} Case */
/** @typedef {import("innkeeper/api").ReservationDetail} Detail */
/** @typedef {import("../reservations/actions.js").Desk} Desk */
/** @typedef {"check_in" | "check_out" | "confirm" | "extend" | "pay" | "room" | "cancel" | "tomorrow" | "refund" | "account" | "write_off" | "price" | "free" | "prolong"} Step */

/** How many stays of a kind are shown before the rest is folded away. */
const FIRST = 12;

/** What can be done at once, by why a stay is open. @type {Record<Case, Step[]>} */
const STEPS = {
  overdue_arrival: ["check_in", "tomorrow", "refund", "cancel"],
  late_arrival: ["check_in", "tomorrow", "refund", "cancel"],
  arrival: ["check_in", "tomorrow", "refund", "cancel"],
  option: ["confirm", "prolong"],
  overdue_departure: ["check_out", "extend"],
  departure: ["check_out", "extend"],
  unsettled: ["pay", "account", "write_off", "refund"],
  without_room: ["room"],
  without_price: ["price", "free"],
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
  tomorrow: comesTomorrow,
  refund,
  account: toAccount,
  write_off: writeOff,
  price: setPrice,
  free: giveAway,
  prolong,
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
    may("desk") && forAll(stays, done, signal),
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
    stay.paid_amount > 0 && isToCome(stay) && t("close.deposit", { amount: formatMoney(stay.paid_amount) }),
  ].filter(Boolean);

/** @param {OpenStay} stay */
const isToCome = ({ status }) => status === "confirmed" || status === "tentative";

/** The likeliest step as a button, the others behind the dots. @param {OpenStay} stay @param {Group} group @param {() => void} done @param {AbortSignal} signal */
function steps(stay, group, done, signal) {
  const { reservation_id: id, guest_name: guest } = stay;
  const [first, ...others] = STEPS[group.case].filter((step) => fits(step, stay));
  const run = (/** @type {Step} */ step, /** @type {HTMLElement} */ anchor) => void take(step, id, { anchor, done, signal });
  return [
    first &&
      button({
        label: t(`close.do_${first}`),
        name: t("close.do_label", { what: t(`close.do_${first}`), guest }),
        is_small: true,
        key: `${first}-${id}`,
        signal,
        onclick: (anchor) => run(first, anchor),
      }),
    others.length > 0 &&
      button({
        sign: "more",
        look: "quiet",
        is_small: true,
        key: `more-${id}`,
        name: t("word.actions_for", { name: guest }),
        signal,
        onclick: (anchor) =>
          openMenu(anchor, guest, others.map((step) => ({ label: t(`close.do_${step}`), run: () => run(step, anchor) })), signal),
      }),
  ];
}

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
function fits(step, { status, balance, paid_amount }) {
  if (step === "pay" || step === "account" || step === "write_off") return balance > 0;
  if (step === "refund") return status === "checked_out" ? balance < 0 : paid_amount > 0;
  if (step === "check_in") return status === "confirmed";
  return true;
}
