/**
 * Leaving: what comes off the bill and what is owed either way is the server's word, told before it is
 * done; money is taken or given back in the same step.
 */
import { api, intentKey } from "../../api.js";
import { methodWords, paymentMethods } from "../../choices.js";
import { h } from "../../dom.js";
import { showFailure } from "../../failure.js";
import { field, formDialog, input } from "../../forms.js";
import { formatMoney } from "../../format.js";
import { once } from "../../intents.js";
import { t, tn } from "../../i18n.js";
import { balanceLines, methodChoice } from "../folio/payment.js";
import { apply } from "./actions.js";

/** @typedef {import("innkeeper/api").ReservationView} Reservation */
/** @typedef {import("innkeeper/api").DepartureView} Departure */
/** @typedef {import("./actions.js").Desk} Desk */

/**
 * Checks out at once when the stay ends as booked and nothing is owed; otherwise asks.
 * @param {Reservation} stay
 * @param {Desk} desk
 */
export async function checkOut(stay, desk) {
  await once(desk.anchor, async () => {
    try {
      const leaving = await api.get("/api/reservations/{id}/departure", { id: stay.id }, desk.signal);
      if (leaving.balance !== 0 || earlyWords(stay, leaving).length > 0) await ask(stay, leaving, desk);
      else
        await leave(stay, {}, intentKey(), t("stay.checked_out", { guest: stay.guest_name }), desk);
    } catch (error) {
      showFailure(error, desk.done);
    }
  });
}

/**
 * @param {Reservation} stay
 * @param {import("innkeeper/api").CheckOutRequest} body
 * @param {string} key
 * @param {string} message
 * @param {Desk} desk
 */
const leave = (stay, body, key, message, desk) =>
  apply(api.post("/api/reservations/{id}/check-out", { id: stay.id }, body, key), stay, "check-out", message, desk);

/**
 * What leaving before the booked departure does to the bill.
 * @param {Reservation} stay
 * @param {Departure} leaving
 */
export function earlyWords(stay, { is_day_use, day_amount, dropped_nights, dropped_amount }) {
  const amount = formatMoney(dropped_amount);
  return [
    is_day_use && !stay.is_day_use && t("leave.same_day", { amount: formatMoney(day_amount) }),
    dropped_nights > 0 && t("leave.early", { nights: tn("count.nights", dropped_nights), amount }),
  ].filter((words) => words !== false);
}

/**
 * @param {Reservation} stay
 * @param {Departure} leaving
 * @param {Desk} desk
 */
async function ask(stay, leaving, desk) {
  const methods = leaving.balance ? await paymentMethods() : [];
  if (desk.signal.aborted) return;
  const { balance } = leaving;
  const amount = formatMoney(Math.abs(balance));
  formDialog(
    {
      title: t("stay.check_out_title", { guest: stay.guest_name }),
      submit:
        balance > 0
          ? t("stay.settle_submit", { amount })
          : balance < 0
            ? t("stay.refund_submit", { amount })
            : t("event.check_out"),
      intro: [
        earlyWords(stay, leaving).map((words) => h("p", { class: "dialog-intro" }, words)),
        balanceLines(leaving),
      ],
      fields: () => (balance > 0 ? settleFields(methods) : balance < 0 ? refundFields(leaving, methods) : []),
      send: (values, key) =>
        leave(stay, doorBody(balance, values), key, doneWords(stay, leaving, values), desk),
    },
    desk.signal,
  );
}

/** @param {string[]} methods */
const settleFields = (methods) => [
  methodChoice(methods),
  field({ label: t("payment.reference"), name: "reference_number" }, input()),
];

/** How what goes back was paid. @param {Departure} leaving */
const paidBy = ({ refunds }) => [...new Set(refunds.map((part) => part.payment_method))];

/** @param {Departure} leaving */
const asPaid = (leaving) => paidBy(leaving).map(methodWords).join(", ");

/**
 * @param {Departure} leaving
 * @param {string[]} methods
 */
function refundFields(leaving, methods) {
  const paid_by = paidBy(leaving);
  const way = paid_by.length > 1 ? { as_paid: asPaid(leaving) } : { chosen: paid_by[0] ?? "" };
  return [
    methodChoice([...new Set([...paid_by, ...methods])], { legend: t("payment.refund_by"), ...way }),
    field({ label: t("field.reason"), name: "reason" }, input({ value: t("leave.reason") })),
  ];
}

/**
 * @param {number} balance
 * @param {Record<string, string>} values
 */
function doorBody(balance, { payment_method, reference_number, reason }) {
  const amount = Math.abs(balance);
  if (balance > 0)
    return { settle: { payment_method, amount, ...(reference_number && { reference_number }) } };
  if (balance < 0)
    return { refund: { amount, ...(payment_method && { payment_method }), ...(reason && { reason }) } };
  return {};
}

/**
 * @param {Reservation} stay
 * @param {Departure} leaving
 * @param {Record<string, string>} values
 */
function doneWords({ guest_name: guest }, leaving, { payment_method }) {
  const amount = formatMoney(Math.abs(leaving.balance));
  const method = payment_method ? methodWords(payment_method) : asPaid(leaving);
  if (leaving.balance > 0) return t("stay.checked_out_paid", { guest, amount, method });
  if (leaving.balance < 0) return t("stay.checked_out_refunded", { guest, amount, method });
  return t("stay.checked_out", { guest });
}
