/**
 * Leaving, on one sheet: what leaving early or late does to the bill, what is open on each folio, what is held as a
 * security. All of it is the server's word, told before it is done; money is taken or given back in the same step.
 */
import { api } from "../../api.js";
import { methodKinds, methodWords, paymentMethods } from "../../choices.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { openDialog } from "../../elements/dialog.js";
import { showFailure } from "../../failure.js";
import { amountInput, checkbox, field, formDialog, input, select, typedAmount } from "../../forms.js";
import { formatAmount, formatMoney, sum } from "../../format.js";
import { icon } from "../../icons.js";
import { once } from "../../intents.js";
import { t, tn } from "../../i18n.js";
import { Handed } from "../folio/handed.js";
import { balanceLines, methodChoice } from "../folio/payment.js";
import { apply } from "./actions.js";
import { sendOrOverride } from "./override.js";
import { printLink, sheetColumns, sheetPart } from "./sheet.js";

/** @typedef {import("innkeeper/api").ReservationView} Reservation */
/** @typedef {import("innkeeper/api").DepartureView} Departure */
/** @typedef {import("innkeeper/api").CheckOutRequest} CheckOut */
/** @typedef {import("./actions.js").Desk} Desk */

/**
 * @param {Reservation} stay
 * @param {Desk} desk
 */
export async function checkOut(stay, desk) {
  await once(desk.anchor, async () => {
    try {
      const [leaving, ...ways] = await Promise.all([
        api.get("/api/reservations/{id}/departure", { id: stay.id }, desk.signal),
        paymentMethods(),
        paymentMethods({ with_vouchers: true }),
        methodKinds(),
      ]);
      if (!desk.signal.aborted) openSheet(stay, leaving, ways, desk);
    } catch (error) {
      showFailure(error, desk.done);
    }
  });
}

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

/** What was invoiced of it, or is begun there once it is on the bill. @param {number} stay */
const invoicesLink = (stay) =>
  h("a", { class: "button button-quiet button-small", href: `/invoices?reservation_id=${stay}`, target: "_blank", rel: "noopener" }, icon("note"), t("nav.invoices"));

/** What staying past it does. @param {Departure} leaving */
const lateWords = ({ late_nights, late_amount }) =>
  late_nights > 0 ? [t("leave.late", { nights: tn("count.nights", late_nights), amount: formatMoney(late_amount) })] : [];

/**
 * @param {Reservation} stay
 * @param {Departure} leaving
 * @param {[methods: string[], with_vouchers: string[], kinds: Map<string, import("../folio/handed.js").Kind>]} ways
 * @param {Desk} desk
 */
function openSheet(stay, leaving, [methods, with_vouchers, kinds], desk) {
  const { security } = leaving;
  const money = h("section", { class: "sheet-part" });
  const accounts = accountsOf(stay, leaving);
  // What is left to settle here once the folios that are ticked have gone to their accounts.
  const shorter = shorterPart(leaving, () => show(), desk.signal);
  const rest = () => {
    const gone = accounts.filter(({ tick }) => tick.checked).map(({ folio }) => folio);
    // The price of a shorter stay stands on the guest's own folio, unless its nights are another's.
    const with_shorter = gone.some(({ window }) => window === 1) ? 0 : shorter.amount();
    return sum([leaving.balance, with_shorter, ...gone.map(({ balance }) => -balance)]);
  };
  /** @type {Handed | null} */
  let handed = null;
  let shown = new AbortController();
  const show = () => {
    const balance = rest();
    shown.abort();
    shown = new AbortController();
    const whole = h("input", { type: "hidden", value: formatAmount(balance) });
    handed = balance > 0 ? new Handed(whole, () => balance, kinds, AbortSignal.any([desk.signal, shown.signal])) : null;
    swap(
      money,
      h("header", {}, h("h3", {}, t("arrive.money")), invoicesLink(stay.id)),
      balanceLines({ total_paid: leaving.total_paid, balance: sum([leaving.balance, shorter.amount()]) }),
      handed ? [whole, settleFields(with_vouchers, handed)] : balance < 0 ? refundFields(leaving, methods) : null,
    );
    const submit = dialog?.element.querySelector("[type=submit]");
    if (submit) submit.textContent = submitWords(balance);
  };
  /** @type {import("../../elements/dialog.js").Dialog | null} */
  let dialog = null;
  dialog = formDialog(
    {
      title: t("stay.check_out_title", { guest: stay.guest_name }),
      submit: submitWords(rest()),
      is_sheet: true,
      fields: (signal) => {
        show();
        return [sheetColumns(
          [
            sheetPart(t("leave.stay"), [...stayLines(stay, leaving), shorter.fields]),
            (leaving.folios.length > 1 || accounts.length > 0) && folioPart(leaving, accounts, show, signal),
            security.held_amount > 0 && securityPart(leaving, methods, signal),
          ],
          [money],
        )];
      },
      send: (values, key) => {
        const balance = rest();
        const ticked = accounts.filter(({ tick }) => tick.checked).map(({ account }) => account);
        /** @type {import("./override.js").Send} */
        const send = async (more, sent_key) => {
          const over = { ...(more.override_limit && { override_limit: true }), ...(more.reason && { reason: more.reason }) };
          const body = {
            ...(ticked.length > 0 && { accounts: ticked.map((account) => ({ ...account, ...over })) }),
            ...doorBody(balance, values, handed),
            ...shorter.body(values),
            ...securityBody(leaving, values),
          };
          const sent = api.post("/api/reservations/{id}/check-out", { id: stay.id }, body, sent_key);
          const words = doneWords(stay, { ...leaving, balance: handed?.taken() ?? balance }, values);
          await apply(sent, stay, "check-out", words, desk);
          if (handed) showPaid(stay, words, handed.change(), desk);
          // Where something was asked first, the question stood over this sheet.
          if (Object.keys(more).length) dialog?.close();
        };
        return sendOrOverride(send, key, desk.signal, dialog?.element.querySelector("form") ?? null);
      },
    },
    desk.signal,
  );
}

/** @param {number} balance */
function submitWords(balance) {
  const amount = formatMoney(Math.abs(balance));
  return balance > 0 ? t("stay.settle_submit", { amount }) : balance < 0 ? t("stay.refund_submit", { amount }) : t("event.check_out");
}

/**
 * The folios that may go to a company's account, each with its tick: its payer's at once, the guest's own where a company
 * stands on the booking.
 * @param {Reservation} stay
 * @param {Departure} leaving
 */
const accountsOf = ({ company_id }, { folios }) =>
  folios
    .filter(({ window, balance, payer_company_id }) => balance > 0 && (payer_company_id ?? (window === 1 ? company_id : null)) !== null)
    .map((folio) => ({
      folio,
      tick: h("input", { type: "checkbox", name: `account_${folio.window}`, value: "1", checked: folio.payer_company_id !== null }),
      account: { window: folio.window, ...(folio.payer_company_id === null && company_id !== null && { company_id }) },
    }));

/**
 * @param {Reservation} stay
 * @param {Departure} leaving
 */
function stayLines(stay, leaving) {
  const words = [...earlyWords(stay, leaving), ...lateWords(leaving)];
  if (words.length === 0) return [h("p", { class: "with-icon" }, icon("check"), t("leave.as_booked"))];
  return words.map((line) => h("p", { class: "mark mark-warn" }, icon("clock"), h("span", {}, line)));
}

/**
 * A discount for a long stay that fits no more: charged, or kept for a reason.
 * @param {Departure} leaving
 * @param {() => void} changed
 * @param {AbortSignal} signal
 */
function shorterPart({ shorter_stay_amount: amount }, changed, signal) {
  const is_owed = amount > 0;
  const choice = checkbox(t("leave.shorter", { amount: formatMoney(amount) }), "rerate", true);
  const tick = /** @type {HTMLInputElement} */ (choice.querySelector("input"));
  const why = input({ maxlength: 500 });
  const reason = field({ label: t("leave.shorter_reason"), name: "shorter_reason" }, why);
  reason.hidden = true;
  tick.addEventListener(
    "change",
    () => {
      reason.hidden = tick.checked;
      why.required = !tick.checked;
      changed();
    },
    { signal },
  );
  return {
    amount: () => (is_owed && tick.checked ? amount : 0),
    fields: is_owed && [choice, reason],
    /** @param {Record<string, string>} values @returns {CheckOut} */
    body: ({ shorter_reason = "" }) => (!is_owed ? {} : tick.checked ? { rerate: true } : { reason: shorter_reason }),
  };
}

/**
 * Who pays what of it, here or later.
 * @param {Departure} leaving
 * @param {ReturnType<typeof accountsOf>} accounts
 * @param {() => void} changed
 * @param {AbortSignal} signal
 */
function folioPart({ folios }, accounts, changed, signal) {
  for (const { tick } of accounts) tick.addEventListener("change", changed, { signal });
  return sheetPart(t("leave.folios"), [
    h(
      "dl",
      { class: "sheet-lines" },
      folios.map(({ payer_name, balance }) =>
        h("div", {}, h("dt", {}, payer_name), h("dd", { class: "amount" }, formatMoney(balance))),
      ),
    ),
    accounts.map(({ folio, tick }) =>
      h(
        "label",
        { class: "checkbox" },
        tick,
        h("span", {}, folio.payer_company_id === null ? t("leave.account_own") : t("leave.account", { payer: folio.payer_name })),
      ),
    ),
  ]);
}

/**
 * @param {Departure} leaving
 * @param {string[]} methods
 * @param {AbortSignal} signal
 */
function securityPart({ security }, methods, signal) {
  const why = input({ maxlength: 200 });
  const reason = field({ label: t("leave.damage"), name: "damage" }, why);
  reason.hidden = true;
  const keep = amountInput(null, {
    signal,
    placeholder: t("leave.keep_nothing"),
    oninput: () => {
      reason.hidden = keep.value.trim() === "";
      why.required = !reason.hidden;
    },
  });
  const as_left = security.payment_methods.map(methodWords).join(", ");
  const ways = [
    { value: "", label: t("payment.as_paid", { method: as_left }) },
    ...methods.map((value) => ({ value, label: methodWords(value) })),
  ];
  return sheetPart(
    t("security.title"),
    [
      h(
        "div",
        { class: "field-pair" },
        field({ label: t("leave.keep"), name: "keep_amount" }, keep),
        field({ label: t("leave.return_by"), name: "security_method" }, select(ways, "")),
      ),
      reason,
    ],
    h("span", { class: "sheet-fact" }, t("security.held", { amount: formatMoney(security.held_amount) })),
  );
}

/**
 * What is not kept goes back.
 * @param {Departure} leaving
 * @param {Record<string, string>} values
 * @returns {CheckOut}
 */
function securityBody({ security }, { keep_amount, damage, security_method }) {
  if (security.held_amount === 0) return {};
  return {
    security: {
      ...(keep_amount && { keep_amount: typedAmount(keep_amount), reason: damage ?? "" }),
      ...(security_method && { payment_method: security_method }),
    },
  };
}

/** @param {string[]} methods @param {Handed} handed */
const settleFields = (methods, handed) => [
  methodChoice(methods),
  handed.element,
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
 * @param {Handed | null} handed
 * @returns {CheckOut}
 */
function doorBody(balance, { payment_method = "", reference_number, reason }, handed) {
  const amount = Math.abs(balance);
  if (handed)
    return { settle: { payment_method, ...handed.read(amount), ...(reference_number && { reference_number }) } };
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

/**
 * The money is here: what goes back of it, and the paper for it.
 * @param {Reservation} stay
 * @param {string} words
 * @param {number} change
 * @param {Desk} desk
 */
const showPaid = (stay, words, change, desk) =>
  openDialog(
    { title: t("leave.paid_title") },
    (dialog) =>
      h(
        "div",
        { class: "form" },
        h("p", { class: "dialog-intro" }, words),
        change > 0 && h("p", { class: "handed-told" }, h("strong", {}, t("payment.change", { amount: formatMoney(change) }))),
        h(
          "footer",
          { class: "dialog-foot" },
          invoicesLink(stay.id),
          printLink(`/reservations/${stay.id}/print/receipt`, t("print.receipt")),
          button({ label: t("action.close"), look: "primary", signal: dialog.signal, onclick: dialog.close }),
        ),
      ),
    desk.signal,
  );
