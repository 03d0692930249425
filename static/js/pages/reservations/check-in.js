/**
 * Arriving, on one sheet: the room and how it is, who comes and what their papers lack, what is to be paid.
 * All of it is saved by one request, or nothing.
 */
import { api } from "../../api.js";
import { methodWords, paymentMethods } from "../../choices.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dateInput } from "../../elements/date-field.js";
import { showFailure } from "../../failure.js";
import { amountInput, field, formDialog, input, select, typedAmount } from "../../forms.js";
import { formatAmount, formatDate, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { once } from "../../intents.js";
import { t, tn } from "../../i18n.js";
import { businessDate, session } from "../../store.js";
import { balanceLines } from "../folio/payment.js";
import { idTypeChoices } from "../guests/guest-form.js";
import { missingWords } from "../registration/missing.js";
import { apply } from "./actions.js";
import { BookingPayment } from "./booking-payment.js";
import { standingWords } from "./free-room.js";
import { sendOrOverride } from "./override.js";
import { printLink, sheetColumns, sheetPart } from "./sheet.js";

/** @typedef {import("innkeeper/api").ReservationView} Reservation */
/** @typedef {import("innkeeper/api").ArrivalView} Arrival */
/** @typedef {import("innkeeper/api").FreeRoom} FreeRoom */
/** @typedef {import("innkeeper/api").CheckInRequest} CheckIn */
/** @typedef {import("./actions.js").Desk} Desk */
/** @typedef {import("./override.js").Override} Override */

/** Of a larger party the rest is written down on the reservation's page. */
const MOST_NAMES = 6;

/**
 * @param {Reservation} stay
 * @param {Desk} desk
 */
export async function checkIn(stay, desk) {
  await once(desk.anchor, async () => {
    try {
      const [sheet, methods] = await Promise.all([
        api.get("/api/reservations/{id}/arrival", { id: stay.id }, desk.signal),
        paymentMethods(),
      ]);
      if (!desk.signal.aborted) openSheet(stay, sheet, methods, desk);
    } catch (error) {
      showFailure(error, desk.done);
    }
  });
}

/**
 * @param {Reservation} stay
 * @param {Arrival} sheet
 * @param {string[]} methods
 * @param {Desk} desk
 */
function openSheet(stay, sheet, methods, desk) {
  /** @type {BookingPayment | null} */
  let payment = null;
  const rooms = roomsOf(sheet);
  const dialog = formDialog(
    {
      title: t("arrive.title", { guest: stay.guest_name }),
      submit: t("event.check_in"),
      is_sheet: true,
      fields: (signal) => {
        payment = new BookingPayment(() => Math.max(sheet.balance, 0), signal);
        if (sheet.deposit?.left_amount) payment.offerDeposit(sheet.deposit.left_amount);
        return [
          sheetColumns(
            [
              sheetPart(t("field.room"), [roomFields(stay, rooms, sheet.room, signal)], untilWords(sheet)),
              sheetPart(
                t("arrive.guests"),
                [stay.cots > 0 && h("p", { class: "mark" }, icon("people"), h("span", {}, tn("count.cots", stay.cots))), peopleFields(sheet)],
                printLink(`/reservations/${stay.id}/print/registration`, t("print.registration")),
              ),
            ],
            [
              sheetPart(t("arrive.money"), [balanceLines(sheet), sheet.balance > 0 && payment.element]),
              sheetPart(t("security.title"), [securityFields(methods, signal)]),
            ],
          ),
        ];
      },
      send: async (values, key, submitter) => {
        const money = payment?.read(values, submitter) ?? {};
        const body = { ...readRoom(values, sheet), ...readPeople(values, sheet), ...money, ...readSecurity(values) };
        const room = rooms.find(({ id }) => String(id) === values.room_id) ?? sheet.room;
        const message = doneWords(stay, room?.room_number ?? "", money.payment ? (payment?.told() ?? null) : null, values);
        const send = async (/** @type {Override} */ more, /** @type {string} */ its_key) => {
          const sent = api.post("/api/reservations/{id}/check-in", { id: stay.id }, { ...body, ...more }, its_key);
          await apply(sent, stay, "check-in", message, desk);
          // Where something was asked first, the question stood over this sheet.
          if (Object.keys(more).length) dialog.close();
        };
        await sendOrOverride(send, key, desk.signal, dialog.element.querySelector("form"));
      },
    },
    desk.signal,
  );
}

/** The room that is planned first, then the others in the order in which the server offers them. @param {Arrival} sheet */
const roomsOf = ({ room, rooms }) => (room ? [room, ...rooms] : rooms);

/** @param {Arrival} sheet */
const untilWords = ({ check_out_date, nights }) =>
  h(
    "span",
    { class: "sheet-fact" },
    t("stay.until", { date: formatDate(check_out_date, "weekday") }),
    h("span", { class: "muted" }, ` · ${tn("count.nights", nights)}`),
  );

/**
 * @param {Reservation} stay
 * @param {FreeRoom[]} rooms
 * @param {FreeRoom | null} planned
 * @param {AbortSignal} signal
 */
function roomFields(stay, rooms, planned, signal) {
  if (rooms.length === 0) return [h("p", { class: "mark mark-warn" }, icon("warning"), h("span", {}, t("room.none_free")))];
  const state = h("div", { class: "sheet-state", role: "status" });
  const words = (/** @type {FreeRoom} */ room) => `${room.room_number} · ${standingWords(room)}`;
  const groups = [
    { label: stay.room_type_name, rooms: rooms.filter(({ room_type_id }) => room_type_id === stay.room_type_id) },
    { label: t("arrive.other_types"), rooms: rooms.filter(({ room_type_id }) => room_type_id !== stay.room_type_id) },
  ].filter((group) => group.rooms.length > 0);
  const first = planned ?? rooms.find(({ is_ready }) => is_ready) ?? rooms[0];
  const choice = select([], "", { signal, onchange: () => show() });
  swap(
    choice,
    groups.map(({ label, rooms: of }) =>
      h("optgroup", { label }, of.map((room) => h("option", { value: String(room.id) }, words(room)))),
    ),
  );
  choice.value = String(first?.id ?? "");
  const show = () => {
    const room = rooms.find(({ id }) => String(id) === choice.value);
    const is_dirty = room?.occupancy === "vacant" && room.housekeeping === "dirty";
    swap(
      state,
      room &&
        !room.is_ready &&
        h("p", { class: "mark mark-warn" }, icon("warning"), h("span", {}, t(is_dirty ? "arrive.is_dirty" : "arrive.is_occupied"))),
      is_dirty &&
        field(
          { label: t("arrive.dirty_reason"), name: "reason" },
          input({ required: true, maxlength: 200, value: "" }),
        ),
    );
  };
  show();
  return [field({ label: t("field.room"), name: "room_id", class: "is-bare" }, choice), state];
}

/**
 * @param {Record<string, string>} values
 * @param {Arrival} sheet
 * @returns {CheckIn}
 */
const readRoom = ({ room_id = "", reason }, { room }) => ({
  ...(room_id && Number(room_id) !== room?.id && { room_id: Number(room_id) }),
  ...(reason && { override_dirty: true, reason }),
});

/** What the hotel asks for, as fields. @type {Record<string, () => Element>} */
const PAPERS = {
  id_type: () => field({ label: t("field.id_document"), name: "id_type" }, select(idTypeChoices(""), "", { required: true })),
  id_number: () => field({ label: t("field.id_number"), name: "id_number" }, input({ required: true })),
  nationality: () => field({ label: t("field.nationality"), name: "nationality" }, input({ required: true, maxlength: 40 })),
  birth_date: () =>
    field({ label: t("field.birth_date"), name: "birth_date" }, dateInput({ value: "", year: "typed", max: businessDate() })),
  phone_number: () => field({ label: t("field.phone"), name: "phone_number" }, input({ type: "tel", required: true })),
  email: () => field({ label: t("field.email"), name: "email" }, input({ type: "email", required: true })),
};

/** @param {Arrival} sheet */
function peopleFields({ guest_names, missing_fields, unnamed_count, unregistered }) {
  const missing = missing_fields.flatMap((name) => PAPERS[name]?.() ?? []);
  const first = missing[0]?.querySelector("input, select");
  first?.setAttribute("autofocus", "");
  const names = Math.min(unnamed_count, MOST_NAMES);
  return [
    h(
      "ul",
      { class: "sheet-people" },
      guest_names.map((name) => h("li", { class: "with-icon" }, icon("guests"), name)),
    ),
    missing.length > 0 && [
      h("p", { class: "mark mark-warn" }, icon("warning"), h("span", {}, t("arrive.missing"))),
      h("div", { class: "field-pair" }, missing),
    ],
    unregistered.map(({ full_name: name, missing_fields: fields }) =>
      h("p", { class: "mark mark-warn" }, icon("note"), h("span", {}, t("registration.person_lacks", { name, fields: missingWords(fields) }))),
    ),
    names > 0 &&
      h(
        "div",
        { class: "field-pair" },
        Array.from({ length: names }, (_, n) =>
          field(
            { label: t("arrive.companion", { number: guest_names.length + n + 1 }), name: `companion_${n}` },
            input({ placeholder: t("arrive.optional"), maxlength: 200 }),
          ),
        ),
      ),
  ];
}

/**
 * @param {Record<string, string>} values
 * @param {Arrival} sheet
 * @returns {CheckIn}
 */
function readPeople(values, { missing_fields }) {
  const papers = Object.fromEntries(missing_fields.map((name) => [name, values[name] || null]));
  const companions = Array.from({ length: MOST_NAMES }, (_, n) => values[`companion_${n}`] ?? "")
    .filter(Boolean)
    .map((full_name) => ({ full_name }));
  return {
    ...(missing_fields.length > 0 && { papers }),
    ...(companions.length > 0 && { companions }),
  };
}

/**
 * What is held apart from the bill until the guest leaves; nothing unless an amount is typed.
 * @param {string[]} methods
 * @param {AbortSignal} signal
 */
function securityFields(methods, signal) {
  const way = field(
    { label: t("field.method"), name: "security_method" },
    select(methods.map((value) => ({ value, label: methodWords(value) })), methods[0] ?? ""),
  );
  way.hidden = true;
  const amount = amountInput(null, {
    signal,
    placeholder: t("booking.pay_nothing"),
    oninput: () => {
      way.hidden = amount.value.trim() === "";
    },
  });
  const usual = session.settings?.usual_security ?? 0;
  const propose = () => {
    amount.value = formatAmount(usual);
    amount.dispatchEvent(new Event("input", { bubbles: true }));
  };
  return [
    h("div", { class: "field-pair" }, field({ label: t("field.amount"), name: "security_amount" }, amount), way),
    usual > 0 && h("div", {}, button({ label: t("security.usual", { amount: formatAmount(usual) }), is_small: true, key: "usual-security", signal, onclick: propose })),
    h("p", { class: "field-hint" }, t("security.hint")),
  ];
}

/** @param {Record<string, string>} values @returns {CheckIn} */
const readSecurity = ({ security_amount, security_method = "" }) =>
  security_amount ? { security: { amount: typedAmount(security_amount), payment_method: security_method } } : {};

/**
 * @param {Reservation} stay
 * @param {string} room
 * @param {ReturnType<BookingPayment["told"]> | null} money
 * @param {Record<string, string>} values
 */
function doneWords({ guest_name: guest }, room, money, { payment_method = "" }) {
  if (!money) return t("stay.checked_in", { guest, room });
  const done = t("arrive.done_paid", { guest, room, amount: formatMoney(money.taken), method: methodWords(payment_method) });
  return money.change > 0 ? `${done} ${t("payment.change", { amount: formatMoney(money.change) })}` : done;
}
