/**
 * Taking and giving back money: the amount is already the right one, the method is one click.
 */
import { api } from "../../api.js";
import { methodKinds, methodWords, paymentMethods } from "../../choices.js";
import { h } from "../../dom.js";
import { depositWords } from "../../elements/deposit.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { amountInput, field, formDialog, input, select, typedAmount } from "../../forms.js";
import { formatAmount, formatMoney, sum } from "../../format.js";
import { t } from "../../i18n.js";
import { windowWords } from "./folio-rows.js";
import { sendOrOverride } from "../reservations/override.js";
import { Handed } from "./handed.js";
import { Surplus } from "./surplus.js";

/** @typedef {import("innkeeper/api").ArticleView} Article */
/** @typedef {import("innkeeper/api").ReservationView} Reservation */
/** @typedef {import("innkeeper/api").ChargeView} FolioLine */
/** @typedef {import("innkeeper/api").PaymentView} Payment */

/**
 * @param {string[]} methods
 * @param {{ legend?: string, as_paid?: string, chosen?: string }} [options] `as_paid` puts going back the
 *   way it came first, as the empty value
 */
export function methodChoice(methods, { legend = t("field.method"), as_paid, chosen } = {}) {
  const entries = [
    ...(as_paid ? [{ value: "", words: t("payment.as_paid", { method: as_paid }) }] : []),
    ...methods.map((value) => ({ value, words: methodWords(value) })),
  ];
  const first = chosen ?? entries[0]?.value;
  return h(
    "fieldset",
    { class: "choice", "data-field": "payment_method" },
    h("legend", {}, legend),
    h(
      "div",
      { class: "choice-row" },
      entries.map(({ value, words }) =>
        h(
          "label",
          { class: "choice-item" },
          h("input", { type: "radio", name: "payment_method", value, checked: value === first }),
          h("span", {}, words),
        ),
      ),
    ),
    h("p", { class: "field-error" }),
  );
}

/**
 * Total, paid and what is left either way, as the first thing a dialog about money says.
 * @param {{ total_paid: number, balance: number, deposit?: import("innkeeper/api").DepositView | null }} bill
 */
export const balanceLines = ({ total_paid, balance, deposit = null }) =>
  h(
    "dl",
    { class: "sum-lines" },
    sumLine(t("word.total"), sum([total_paid, balance])),
    sumLine(t("word.paid"), total_paid),
    sumLine(balance < 0 ? t("payment.owed") : t("word.balance"), Math.abs(balance), "is-total"),
    deposit !== null && deposit.left_amount > 0 && sumLine(depositWords(deposit), deposit.left_amount),
  );

/**
 * @param {string} label
 * @param {number} amount
 * @param {string} [extra]
 */
const sumLine = (label, amount, extra = "") =>
  h("div", { class: extra }, h("dt", {}, label), h("dd", { class: "amount" }, formatMoney(amount)));

/**
 * @param {Reservation} stay
 * @param {() => void} done
 * @param {AbortSignal} signal
 * @param {import("innkeeper/api").WindowView | null} [window] the one of several folios that it is for
 */
export async function takePayment(stay, done, signal, window = null) {
  const found = await Promise.all([paymentMethods({ with_vouchers: true }), methodKinds()]).catch(showFailure);
  if (!found || signal.aborted) return;
  const [methods, kinds] = found;
  // What is asked for by now: of a booking to come its deposit.
  const open = window ? sum([window.balance, window.to_come_amount]) : stay.balance;
  const due = (!window && stay.deposit?.left_amount) || (open > 0 ? open : null);
  /** @type {Surplus | null} */
  let surplus = null;
  /** @type {Handed | null} */
  let handed = null;
  formDialog(
    {
      title: t("payment.title", { guest: stay.guest_name }),
      submit: t("step.pay"),
      intro: window
        ? h("dl", { class: "sum-lines" }, sumLine(windowWords(window), open, "is-total"))
        : balanceLines(stay),
      fields: (inner) => {
        const control = amountInput(due, { signal: inner, autofocus: true });
        surplus = new Surplus(control, "taken", inner);
        handed = new Handed(control, () => window?.balance ?? stay.balance, kinds, inner);
        return [
          field({ label: t("field.amount"), name: "amount" }, control),
          surplus.element,
          methodChoice(methods),
          handed.element,
          field({ label: t("payment.reference"), name: "reference_number" }, input()),
        ];
      },
      send: async (values, key, submitter) => {
        const amount = typedAmount(values.amount);
        surplus?.check(amount, open, submitter);
        const payment_type =
          amount === open ? "full" : amount === stay.deposit?.left_amount ? "deposit" : "downpayment";
        const { payment_method, reference_number } = values;
        const paid = await api.post(
          "/api/payments",
          {},
          {
            reservation_id: stay.id,
            ...(window && { window: window.window }),
            ...(handed?.read(amount) ?? { amount }),
            payment_method,
            payment_type,
            ...(reference_number && { reference_number }),
          },
          key,
        );
        const words = { amount: formatMoney(paid.amount), guest: stay.guest_name };
        const change = handed?.change(paid.amount) ?? 0;
        toast(change > 0 ? t("payment.taken_change", { ...words, change: formatMoney(change) }) : t("payment.taken", words));
        done();
      },
    },
    signal,
  );
}

/**
 * @param {Reservation} stay
 * @param {Article[]} articles what can be chosen; what is none of them is typed
 * @param {() => void} done
 * @param {AbortSignal} signal
 * @param {Article | null} [chosen]
 * @param {number} [window] the folio that it goes to, whatever is routed
 */
export function addCharge(stay, articles, done, signal, chosen = null, window = undefined) {
  const kinds = /** @type {const} */ (["extra", "adjustment", "allowance"]);
  const dialog = formDialog(
    {
      title: t("charge.title", { guest: stay.guest_name }),
      submit: t("charge.submit"),
      fields: (inner) => {
        const description = input({ placeholder: t("charge.example"), autofocus: !chosen });
        const unit_amount = amountInput(null, { signal: inner, autofocus: Boolean(chosen) });
        const kind = select(
          [...kinds, ...(stay.status === "checked_in" ? [/** @type {const} */ ("voucher")] : [])].map((value) => ({ value, label: t(`charge.${value}`) })),
          "extra",
        );
        // What was typed stays; what the article before has filled in goes with it.
        let filled = { name: "", price: "" };
        const fill = (/** @type {Article | undefined} */ article) => {
          kind.disabled = Boolean(article);
          if (article) kind.value = "extra";
          const next = { name: article?.name ?? "", price: article?.price ? formatAmount(article.price) : "" };
          if (["", filled.name].includes(description.value.trim())) description.value = next.name;
          if (["", filled.price].includes(unit_amount.value.trim())) unit_amount.value = next.price;
          filled = next;
        };
        const choice = select(
          [
            { value: "", label: t("articles.other") },
            ...articles.map(({ id, name }) => ({ value: String(id), label: name })),
          ],
          String(chosen?.id ?? ""),
          { signal: inner, onchange: () => fill(articles.find(({ id }) => id === Number(choice.value))) },
        );
        if (chosen) fill(chosen);
        return [
          articles.length > 0 && field({ label: t("articles.choose"), name: "article_id" }, choice),
          field({ label: t("field.description"), name: "description" }, description),
          h(
            "div",
            { class: "field-trio" },
            field({ label: t("field.kind"), name: "kind" }, kind),
            field(
              { label: t("field.quantity"), name: "quantity" },
              input({ type: "number", min: 1, value: "1" }),
            ),
            field({ label: t("charge.unit_amount"), name: "unit_amount" }, unit_amount),
          ),
        ];
      },
      send: async ({ article_id, kind = "extra", description, quantity, unit_amount }, key) => {
        if (kind === "voucher") {
          const body = { reservation_id: stay.id, amount: typedAmount(unit_amount), holder: description ?? "" };
          const { code } = await api.post("/api/vouchers", {}, body, key);
          toast(t("vouchers.on_bill", { code }));
          done();
          return;
        }
        const send = async (/** @type {object} */ more, /** @type {string} */ its_key) => {
          await api.post(
            "/api/reservations/{id}/charges",
            { id: stay.id },
            {
              kind: /** @type {(typeof kinds)[number]} */ (kind),
              ...(article_id && { article_id: Number(article_id) }),
              description,
              quantity: Number(quantity),
              unit_amount: typedAmount(unit_amount),
              ...(window && { window }),
              ...more,
            },
            its_key,
          );
          done();
          // Where a reason was asked for, the question stood over this dialog.
          if ("reason" in more) dialog.close();
        };
        await sendOrOverride(send, key, signal, dialog.element.querySelector("form"));
      },
    },
    signal,
  );
}

/**
 * Gives back what is owed, the way it was paid; both can be changed.
 * @param {number} id
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export async function refundPayment(id, done, signal) {
  const found = await Promise.all([
    api.get("/api/payments/{id}", { id }, signal),
    paymentMethods(),
  ]).catch(showFailure);
  if (!found || signal.aborted) return;
  const [payment, methods] = found;
  /** @type {Surplus | null} */
  let surplus = null;
  const { payment_method: paid_by, owed_amount, left_amount, payer_name: guest } = payment;
  formDialog(
    {
      title: t("payment.refund_title", { guest }),
      submit: t("payment.refund_submit"),
      is_danger: true,
      intro: [
        h(
          "dl",
          { class: "sum-lines" },
          sumLine(t("payment.left"), left_amount),
          sumLine(t("payment.owed"), owed_amount, "is-total"),
        ),
        payment.refund_amount === 0 && h("p", { class: "dialog-intro" }, t("payment.nothing_owed")),
      ],
      fields: (inner) => {
        const control = amountInput(payment.refund_amount || null, { signal: inner, autofocus: owed_amount === 0 });
        surplus = new Surplus(control, "refunded", inner);
        return [
          field({ label: t("field.amount"), name: "amount" }, control),
          surplus.element,
          methodChoice([...new Set([paid_by, ...methods])], { legend: t("payment.refund_by"), chosen: paid_by }),
          field({ label: t("field.reason"), name: "reason" }, input({ autofocus: owed_amount > 0 })),
        ];
      },
      send: async ({ amount: text, reason, payment_method = "" }, key, submitter) => {
        const amount = typedAmount(text);
        // That nothing is owed is said above already.
        if (owed_amount > 0) surplus?.check(amount, owed_amount, submitter);
        await api.post(
          "/api/payments/{id}/refund",
          { id },
          { reason, amount, ...(payment_method !== paid_by && { payment_method }) },
          key,
        );
        toast(
          t("payment.refunded", {
            amount: formatMoney(Number(amount)),
            guest,
            method: methodWords(payment_method),
          }),
        );
        done();
      },
    },
    signal,
  );
}

/**
 * @param {Payment} payment
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function voidPayment(payment, done, signal) {
  const amount = formatMoney(payment.amount);
  formDialog(
    {
      title: t("payment.void_title", { amount }),
      submit: t("payment.void_submit"),
      intro: h("p", { class: "dialog-intro" }, t("payment.void_text")),
      is_danger: true,
      fields: () => [field({ label: t("field.reason"), name: "reason" }, input({ autofocus: true }))],
      send: async ({ reason }, key) => {
        await api.post("/api/payments/{id}/void", { id: payment.id }, { reason }, key);
        toast(t("payment.voided", { amount }));
        done();
      },
    },
    signal,
  );
}

/**
 * Takes something off the bill for a line that cannot be voided any more: all of it, unless less is typed.
 * @param {Reservation} stay
 * @param {FolioLine} line
 * @param {string} words what the line is called
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function allowFor(stay, line, words, done, signal) {
  formDialog(
    {
      title: t("charge.allowance_title", { description: words }),
      submit: t("charge.allowance_submit"),
      fields: (inner) => [
        field(
          { label: t("field.amount"), name: "unit_amount" },
          amountInput(Math.min(line.amount, stay.total_amount), { signal: inner, autofocus: true }),
        ),
        field({ label: t("field.reason"), name: "reason" }, input({ required: true })),
        field(
          { label: t("charge.on_bill"), name: "description" },
          input({ value: t("charge.allowance_for", { description: words }) }),
        ),
      ],
      send: async ({ description, reason, unit_amount }, key) => {
        const amount = typedAmount(unit_amount);
        await api.post(
          "/api/reservations/{id}/charges",
          { id: stay.id },
          { kind: "allowance", description, reason, quantity: 1, unit_amount: amount, for_charge_id: line.id },
          key,
        );
        toast(t("charge.allowed", { amount: formatMoney(Number(amount)), guest: stay.guest_name }));
        done();
      },
    },
    signal,
  );
}

/**
 * @param {number} reservation_id
 * @param {FolioLine} line
 * @param {string} words what the line is called
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function undoCharge(reservation_id, line, words, done, signal) {
  formDialog(
    {
      title: t("charge.void_title", { description: words }),
      submit: t("charge.void_submit"),
      is_danger: true,
      fields: () => [field({ label: t("field.reason"), name: "reason" }, input({ autofocus: true }))],
      send: async ({ reason }, key) => {
        await api.post(
          "/api/reservations/{id}/charges/{charge_id}/void",
          { id: reservation_id, charge_id: line.id },
          { reason },
          key,
        );
        done();
      },
    },
    signal,
  );
}
