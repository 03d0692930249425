/**
 * Taking money: the method is one click, the amount is already the balance.
 */
import { createCharge, createPayment, reversePayment, voidCharge } from "../../calls.js";
import { methodWords, paymentMethods } from "../../choices.js";
import { h } from "../../dom.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { amountInput, field, formDialog, input, select } from "../../forms.js";
import { formatMoney, parseAmount, sum } from "../../format.js";
import { t } from "../../i18n.js";

/** @typedef {import("../../types.js").Reservation} Reservation */
/** @typedef {import("../../types.js").FolioLine} FolioLine */
/** @typedef {import("../../types.js").Payment} Payment */

/**
 * @param {string[]} methods
 * @param {string} [legend]
 */
export const methodChoice = (methods, legend = t("payment.method")) =>
  h(
    "fieldset",
    { class: "choice", "data-field": "payment_method" },
    h("legend", {}, legend),
    h(
      "div",
      { class: "choice-row" },
      methods.map((method, i) =>
        h(
          "label",
          { class: "choice-item" },
          h("input", { type: "radio", name: "payment_method", value: method, checked: i === 0 }),
          h("span", {}, methodWords(method)),
        ),
      ),
    ),
    h("p", { class: "field-error" }),
  );

/**
 * Total, paid and what is left, as the first thing a payment dialog says.
 * @param {Reservation} stay
 * @param {number} [due]
 */
export const balanceLines = (stay, due = stay.balance) =>
  h(
    "dl",
    { class: "sum-lines" },
    sumLine(t("folio.total"), sum([stay.total_paid, due])),
    sumLine(t("folio.paid"), stay.total_paid),
    sumLine(t("folio.balance"), due, "is-total"),
  );

/**
 * @param {string} label
 * @param {number} amount
 * @param {string} [extra]
 */
const sumLine = (label, amount, extra = "") =>
  h("div", { class: extra }, h("dt", {}, label), h("dd", { class: "amount" }, formatMoney(amount)));

/**
 * What was typed, or the text itself for the server to refuse in its own words.
 * @param {string | undefined} text
 */
export const typedAmount = (text) => parseAmount(text ?? "") ?? text;

/**
 * @param {Reservation} stay
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export async function takePayment(stay, done, signal) {
  const methods = await paymentMethods().catch((error) => showFailure(error));
  if (!methods || signal.aborted) return;
  const due = stay.balance > 0 ? stay.balance : null;
  formDialog(
    {
      title: t("payment.title", { guest: stay.guest_name }),
      submit: t("step.pay"),
      intro: balanceLines(stay),
      fields: (inner) => [
        field(
          { label: t("payment.amount"), name: "amount" },
          amountInput(due, { signal: inner, autofocus: true }),
        ),
        methodChoice(methods),
        field({ label: t("payment.reference"), name: "reference_number" }, input()),
      ],
      send: async (values, key) => {
        const amount = typedAmount(values.amount);
        const payment_type = amount === stay.balance ? "full" : "downpayment";
        const { payment_method, reference_number } = values;
        await createPayment(
          {
            reservation_id: stay.id,
            amount,
            payment_method,
            payment_type,
            ...(reference_number && { reference_number }),
          },
          key,
        );
        toast(t("payment.taken", { amount: formatMoney(Number(amount)), guest: stay.guest_name }));
        done();
      },
    },
    signal,
  );
}

/**
 * @param {Reservation} stay
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function addCharge(stay, done, signal) {
  const kinds = /** @type {const} */ (["extra", "adjustment", "allowance"]);
  formDialog(
    {
      title: t("charge.title", { guest: stay.guest_name }),
      submit: t("charge.submit"),
      fields: (inner) => [
        field(
          { label: t("charge.description"), name: "description" },
          input({ placeholder: t("charge.example"), autofocus: true }),
        ),
        h(
          "div",
          { class: "field-trio" },
          field(
            { label: t("charge.kind"), name: "kind" },
            select(
              kinds.map((value) => ({ value, label: t(`charge.${value}`) })),
              "extra",
            ),
          ),
          field(
            { label: t("charge.quantity"), name: "quantity" },
            input({ type: "number", min: 1, value: "1" }),
          ),
          field(
            { label: t("charge.unit_amount"), name: "unit_amount" },
            amountInput(null, { signal: inner }),
          ),
        ),
      ],
      send: async (values, key) => {
        const { kind, description, quantity } = values;
        await createCharge(
          stay.id,
          { kind, description, quantity: Number(quantity), unit_amount: typedAmount(values.unit_amount) },
          key,
        );
        done();
      },
    },
    signal,
  );
}

/**
 * @param {Payment} payment
 * @param {"void" | "refund"} verb
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function giveBack(payment, verb, done, signal) {
  formDialog(
    {
      title: t(`payment.${verb}_title`, { amount: formatMoney(payment.amount) }),
      submit: t(`payment.${verb}_submit`),
      intro: h("p", { class: "dialog-intro" }, t(`payment.${verb}_text`)),
      is_danger: true,
      fields: (inner) => [
        verb === "refund" &&
          field(
            { label: t("payment.amount"), name: "amount" },
            amountInput(payment.amount, { signal: inner }),
          ),
        field({ label: t("field.reason"), name: "reason" }, input({ autofocus: true })),
      ],
      send: async ({ amount, reason }, key) => {
        await reversePayment(
          payment.id,
          verb,
          { reason, ...(verb === "refund" && { amount: typedAmount(amount) }) },
          key,
        );
        done();
      },
    },
    signal,
  );
}

/**
 * @param {number} reservation_id
 * @param {FolioLine} line
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function undoCharge(reservation_id, line, done, signal) {
  formDialog(
    {
      title: t("charge.void_title", { description: line.description }),
      submit: t("charge.void_submit"),
      is_danger: true,
      fields: () => [field({ label: t("field.reason"), name: "reason" }, input({ autofocus: true }))],
      send: async ({ reason }, key) => {
        await voidCharge(reservation_id, line.id, { reason }, key);
        done();
      },
    },
    signal,
  );
}
