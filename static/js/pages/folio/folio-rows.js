/**
 * The rows of a folio, in the order of their dates: charges, payments, what was moved, and the nights to come.
 */
import { extraWords } from "../../elements/extras.js";
import { h } from "../../dom.js";
import { formatDate, sum } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { methodWords } from "../../choices.js";
import { reasonWords } from "../../own-reasons.js";
import { businessDate } from "../../store.js";

/** @typedef {import("innkeeper/api").FolioView} Folio */
/** @typedef {import("innkeeper/api").WindowView} Window */
/** @typedef {import("innkeeper/api").ChargeView} FolioLine */
/** @typedef {import("innkeeper/api").PaymentView} Payment */
/** @typedef {import("innkeeper/api").TransferView} Transfer */
/** @typedef {import("../../dom.js").Child} Child */
/**
 * What a row shows. `amount` is what it adds to the balance; a quiet one is taken back, or takes back, or has left.
 * @typedef {{ date: string, order: number, words: string, detail: Child, amount: number, looks: string,
 *   charge?: FolioLine, payment?: Payment, transfer?: Transfer }} Row
 */

/** What a line is called, in the reader's language. @param {FolioLine} charge */
export function lineWords({ kind, night, is_day_use, note, reversed_kind, levy_name }) {
  if (kind === "room" && night)
    return t(is_day_use ? "folio.day_use_of" : "folio.night_of", { date: formatDate(night, "weekday") });
  if (kind === "void" && note) return t("charge.void_because", { reason: reasonWords(note) });
  if (kind === "allowance" && reversed_kind && !note)
    return t("charge.allowance_for", { description: t(`charge.${reversed_kind}`) });
  if (kind === "voucher") return t("vouchers.one", { code: note });
  return levy_name || reasonWords(note) || t(`charge.${kind}`);
}

/** Who pays a folio, with its number. @param {Window} window */
export const windowWords = ({ window, payer_name }) => t("folio.window", { window, payer: payer_name });

/** Where the other half of a transfer stands. @param {Transfer} transfer @param {Folio} folio */
export const otherWords = (transfer, folio) =>
  transfer.other_reservation_id === folio.reservation_id
    ? t("folio.window", { window: transfer.other_window, payer: transfer.other_payer_name })
    : transfer.other_payer_name;

/** @param {Transfer[]} transfers @param {Folio} folio */
function whereWords(transfers, folio) {
  const standing = transfers.filter(({ reverses_id, is_taken_back }) => reverses_id === null && !is_taken_back);
  const names = [...new Set(standing.map((transfer) => otherWords(transfer, folio)))].join(", ");
  const came = sum(standing.map(({ amount, payment }) => (payment ? -amount : amount))) > 0;
  return names && t(came ? "folio.came_from" : "folio.went_to", { folio: names });
}

/**
 * @param {Folio} folio
 * @param {Window} window
 * @returns {Row[]}
 */
export function rowsOf(folio, window) {
  const here = folio.transfers.filter(({ folio_id }) => folio_id === window.id);
  /** @type {Row[]} */
  const rows = [];
  const about = (/** @type {"charge" | "payment"} */ kind, /** @type {number} */ id) =>
    here.filter((transfer) => transfer[kind]?.id === id);
  for (const charge of folio.lines.filter(({ folio_id }) => folio_id === window.id)) {
    const moved = about("charge", charge.id);
    rows.push(chargeRow(charge, sum([charge.amount, ...moved.map(({ amount }) => amount)]), moved, folio));
  }
  for (const payment of folio.payments.filter(({ folio_id }) => folio_id === window.id)) {
    const moved = about("payment", payment.id);
    rows.push(paymentRow(payment, sum([-payment.amount, ...moved.map(({ amount }) => amount)]), moved, folio));
  }
  /** @type {Set<string>} */
  const seen = new Set();
  for (const transfer of here) {
    const { charge, payment } = transfer;
    if ((charge ?? payment)?.folio_id === window.id) continue;
    const key = charge ? `c${charge.id}` : payment ? `p${payment.id}` : `t${transfer.id}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const all = charge ? about("charge", charge.id) : payment ? about("payment", payment.id) : [transfer];
    const amount = sum(all.map((one) => one.amount));
    if (amount === 0) continue;
    if (charge) rows.push(chargeRow({ ...charge, date: transfer.date }, amount, all, folio));
    else if (payment) rows.push(paymentRow({ ...payment, payment_date: transfer.date }, amount, all, folio));
    else rows.push(balanceRow(transfer, folio));
  }
  rows.push(...toCome(folio, window));
  return rows.sort((a, b) => (a.date === b.date ? a.order - b.order : a.date < b.date ? -1 : 1));
}

/**
 * @param {FolioLine} charge
 * @param {number} amount
 * @param {Transfer[]} moved
 * @param {Folio} folio
 * @returns {Row}
 */
function chargeRow(charge, amount, moved, folio) {
  const is_void = charge.voided || charge.kind === "void";
  const has_left = moved.length > 0 && amount === 0 && !is_void;
  const where = moved.length > 0 && !is_void && whereWords(moved, folio);
  return {
    date: charge.date,
    order: charge.id,
    words: lineWords(charge),
    detail: [
      charge.quantity !== 1 && h("span", { class: "muted" }, ` × ${charge.quantity}`),
      where && h("span", { class: "muted folio-where" }, where),
    ],
    amount: is_void ? charge.amount : amount,
    looks: is_void ? "is-void" : has_left ? "has-left" : "",
    charge,
  };
}

/**
 * @param {Payment} payment
 * @param {number} amount
 * @param {Transfer[]} moved
 * @param {Folio} folio
 * @returns {Row}
 */
function paymentRow(payment, amount, moved, folio) {
  const is_void = payment.status === "voided" || payment.kind === "void";
  const where = moved.length > 0 && !is_void && whereWords(moved, folio);
  return {
    date: payment.payment_date,
    order: payment.id,
    words: methodWords(payment.payment_method),
    detail: [
      payment.reference_number && h("span", { class: "muted" }, ` ${payment.reference_number}`),
      payment.kind !== "payment" && h("span", { class: "muted" }, ` ${t(`payment.kind_${payment.kind}`)}`),
      payment.status !== "active" &&
        h("span", { class: "muted" }, ` ${t(`payment.status_${payment.status}`)}`),
      where && h("span", { class: "muted folio-where" }, where),
    ],
    amount: is_void ? -payment.amount : amount,
    looks: is_void ? "is-void" : moved.length > 0 && amount === 0 ? "has-left" : "is-payment",
    payment,
  };
}

/** What went to a company's account, or came back. @param {Transfer} transfer @param {Folio} folio @returns {Row} */
const balanceRow = (transfer, folio) => ({
  date: transfer.date,
  order: transfer.id,
  words: t(transfer.amount < 0 ? "folio.to_account" : "folio.from_account", { payer: otherWords(transfer, folio) }),
  detail: transfer.notes && h("span", { class: "muted" }, ` ${transfer.notes}`),
  amount: transfer.amount,
  looks: transfer.is_taken_back || transfer.reverses_id !== null ? "is-void" : "is-payment",
  transfer,
});

/** @param {Folio} folio @param {Window} window @returns {Row[]} */
function toCome(folio, window) {
  const last = folio.unposted.at(-1)?.date ?? "";
  const row = (/** @type {string} */ date, /** @type {string} */ words, /** @type {number} */ amount, /** @type {number} */ order) => ({
    date,
    order: Number.MAX_SAFE_INTEGER - 10 + order,
    words,
    detail: null,
    amount,
    looks: "is-to-come",
  });
  const nights = folio.unposted
    .filter((night) => night.window === window.window)
    .map(({ date, rate, is_day_use }) =>
      row(
        date,
        is_day_use
          ? t("word.day_use")
          : date < businessDate()
            ? t("folio.night_of", { date: formatDate(date, "weekday") })
            : t("folio.night_to_come"),
        rate,
        0,
      ),
    );
  // What comes along with the nights is told where it goes, as a sum: the server alone says what of it goes where.
  if (folio.folios.length === 1) {
    for (const extra of folio.unposted_extras.filter(({ is_inside }) => !is_inside))
      nights.push(row(last, extraWords(extra), extra.amount, 1));
    const added = sum(folio.unposted.map(({ added_amount }) => added_amount));
    if (added) nights.push(row(last, t("folio.added_to_come"), added, 2));
  } else {
    const rest = window.to_come_amount - sum(nights.map(({ amount }) => amount));
    if (rest) nights.push(row(last, t(rest > 0 ? "folio.rest_to_come" : "folio.beyond"), rest, 2));
  }
  return nights;
}

/** The sign before a row that is money. @param {Row} row */
export const signOf = ({ payment }) => payment && icon("coin");
