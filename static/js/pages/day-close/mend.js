/**
 * What mends something that is open without leaving the close of the day, and is not a step of the stay's own.
 */
import { api } from "../../api.js";
import { addDays } from "../../dates.js";
import { h } from "../../dom.js";
import { dateInput } from "../../elements/date-field.js";
import { toast } from "../../elements/toast-list.js";
import { saveChange, showFailure } from "../../failure.js";
import { amountInput, field, formDialog, input, select, typedAmount } from "../../forms.js";
import { formatDate, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { businessDate } from "../../store.js";
import { refundPayment } from "../folio/payment.js";
import { settleWindow } from "../folio/windows.js";
import { optionField } from "../reservations/arrival-fields.js";
import { sendOrOverride } from "../reservations/override.js";

/** @typedef {import("innkeeper/api").ReservationDetail} Detail */
/** @typedef {import("innkeeper/api").ReservationChange} Change */
/** @typedef {import("../reservations/actions.js").Desk} Desk */
/** @typedef {import("../../dom.js").Child} Child */

/**
 * Asks for a change of the stay and sends it; what the rules refuse may be overridden.
 * @param {Detail} stay
 * @param {Desk} desk
 * @param {string} what the button that led here
 * @param {{ intro?: string, fields: (signal: AbortSignal) => Child[], read: (values: Record<string, string>) => Change, told?: (after: Detail) => string }} form
 */
const change = (stay, desk, what, { intro, fields, read, told }) =>
  formDialog(
    {
      title: t("close.do_label", { what, guest: stay.guest_name }),
      submit: t("action.save"),
      intro: intro && h("p", { class: "dialog-intro" }, intro),
      fields,
      send: (values, key) =>
        sendOrOverride(
          async (more) => {
            const body = { ...read(values), ...more, version: stay.version };
            await saveChange(async () => {
              const after = await api.patch("/api/reservations/{id}", { id: stay.id }, body);
              if (told) toast(told(after));
            }, desk.done);
            desk.done();
          },
          key,
          desk.signal,
        ),
    },
    desk.signal,
  );

/** The guest comes a day later; the nights are priced anew. @param {Detail} stay @param {Desk} desk */
export function comesTomorrow(stay, desk) {
  const check_in_date = addDays(businessDate(), 1);
  const first_end = addDays(check_in_date, 1);
  const value = stay.check_out_date < first_end ? first_end : stay.check_out_date;
  change(stay, desk, t("close.do_tomorrow"), {
    intro: t("close.tomorrow_text", { date: formatDate(check_in_date, "weekday") }),
    fields: () => [field({ label: t("stay.check_out_date"), name: "check_out_date" }, dateInput({ value, min: first_end, autofocus: true }))],
    read: ({ check_out_date = value }) => ({ check_in_date, check_out_date }),
    told: ({ total_amount }) => t("close.comes_tomorrow", { guest: stay.guest_name, amount: formatMoney(total_amount) }),
  });
}

/** The option is held for longer. @param {Detail} stay @param {Desk} desk */
export const prolong = (stay, desk) =>
  change(stay, desk, t("close.do_prolong"), {
    fields: () => [optionField(addDays(businessDate(), 1))],
    read: ({ option_date }) => ({ option_date: option_date || null }),
  });

/** Tonight has a price. @param {Detail} stay @param {Desk} desk */
export const setPrice = (stay, desk) =>
  change(stay, desk, t("close.do_price"), {
    fields: (signal) => [
      field({ label: t("night.price_of", { date: formatDate(businessDate(), "weekday") }), name: "rate" }, amountInput(null, { signal, required: true, autofocus: true })),
      field({ label: t("field.reason"), name: "reason" }, input()),
    ],
    read: ({ rate, reason }) => ({
      nightly: [{ date: businessDate(), rate: typedAmount(rate) }],
      ...(reason && { reason }),
    }),
  });

/** Nobody pays for the stay. @param {Detail} stay @param {Desk} desk */
export const giveAway = (stay, desk) =>
  change(stay, desk, t("close.do_free"), {
    fields: () => [
      field(
        { label: t("field.rate_kind"), name: "rate_kind" },
        select(/** @type {const} */ (["complimentary", "house_use"]).map((value) => ({ value, label: t(`rate_kind.${value}`) })), "complimentary"),
      ),
      field({ label: t("rate_kind.reason"), name: "rate_kind_reason" }, input({ required: true, autofocus: true })),
    ],
    read: ({ rate_kind, rate_kind_reason = "" }) => ({ rate_kind: /** @type {Detail["rate_kind"]} */ (rate_kind), rate_kind_reason }),
  });

/** @param {Detail} stay @param {Desk} desk */
const folioOf = ({ id }, { signal, done }) =>
  api.get("/api/reservations/{id}/folio", { id }, signal).catch((error) => {
    showFailure(error, done);
    return null;
  });

/** What is open goes to a company's account. @param {Detail} stay @param {Desk} desk */
export async function toAccount(stay, desk) {
  const folio = await folioOf(stay, desk);
  const owing = folio?.folios.find(({ balance }) => balance > 0);
  if (owing && !desk.signal.aborted) await settleWindow({ stay, done: desk.done, signal: desk.signal }, owing);
}

/** What was paid too much, or before a stay that does not begin, goes back. @param {Detail} stay @param {Desk} desk */
export async function refund(stay, desk) {
  const folio = await folioOf(stay, desk);
  const paid = folio?.payments.findLast(({ kind, status }) => kind === "payment" && status !== "voided" && status !== "refunded");
  if (paid && !desk.signal.aborted) await refundPayment(paid.id, desk.done, desk.signal);
}

/** Nobody will pay what is open. @param {Detail} stay @param {Desk} desk */
export async function writeOff(stay, desk) {
  const folio = await folioOf(stay, desk);
  const owing = folio?.folios.find(({ balance }) => balance > 0);
  if (!owing || desk.signal.aborted) return;
  formDialog(
    {
      title: t("close.do_label", { what: t("close.do_write_off"), guest: stay.guest_name }),
      submit: t("close.write_off_submit"),
      is_danger: true,
      intro: h("p", { class: "dialog-intro" }, t("close.write_off_text")),
      fields: (signal) => [
        field({ label: t("field.amount"), name: "unit_amount" }, amountInput(owing.balance, { signal, required: true })),
        field({ label: t("field.reason"), name: "reason" }, input({ required: true, autofocus: true })),
      ],
      send: async ({ reason, unit_amount }, key) => {
        const body = { kind: /** @type {const} */ ("allowance"), description: t("close.written_off"), reason, quantity: 1, window: owing.window, unit_amount: typedAmount(unit_amount) };
        await api.post("/api/reservations/{id}/charges", { id: stay.id }, body, key);
        desk.done();
      },
    },
    desk.signal,
  );
}

/**
 * A block is held for longer.
 * @param {{ group_id: number, name: string }} block
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export const prolongBlock = ({ group_id: id, name }, done, signal) =>
  formDialog(
    {
      title: t("close.do_label", { what: t("close.do_prolong"), guest: name }),
      submit: t("action.save"),
      fields: () => [field({ label: t("groups.cut_off"), name: "cut_off_date" }, dateInput({ value: addDays(businessDate(), 1), min: addDays(businessDate(), 1), autofocus: true }))],
      send: async ({ cut_off_date }, key) => {
        await api.patch("/api/groups/{id}", { id }, { cut_off_date }, key);
        done();
      },
    },
    signal,
  );
