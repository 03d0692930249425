/**
 * The folio: what was charged, what is still to be posted, what was paid, what is due.
 */
import { methodWords } from "../../choices.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { depositWords } from "../../elements/deposit.js";
import { extraWords } from "../../elements/extras.js";
import { rowMenu } from "../../elements/menu.js";
import { dueLook } from "../../elements/status-chip.js";
import { formatAmount, formatDate, formatMoney, sum } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { reasonWords } from "../../own-reasons.js";
import { may } from "../../places.js";
import { businessDate } from "../../store.js";
import { addCharge, allowFor, refundPayment, takePayment, undoCharge, voidPayment } from "./payment.js";
import { favourites } from "./sell.js";

/** @typedef {import("innkeeper/api").ArticleView} Article */
/** @typedef {import("innkeeper/api").FolioView} Folio */
/** @typedef {import("innkeeper/api").ChargeView} FolioLine */
/** @typedef {import("innkeeper/api").PaymentView} Payment */
/** @typedef {import("innkeeper/api").ReservationView} Reservation */
/** @typedef {import("../../dom.js").Child} Child */

/** While a stay is so, its bill grows. */
const OPEN = ["tentative", "confirmed", "checked_in"];

/**
 * @param {Reservation} stay
 * @param {Folio} folio
 * @param {Article[]} articles what is sold beside the rooms
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function folioCard(stay, folio, articles, done, signal) {
  const offered = OPEN.includes(stay.status) && may("desk") ? articles.filter(({ is_favourite }) => is_favourite) : [];
  return [
    h(
      "header",
      { class: "card-head" },
      h("h2", {}, t("folio.title")),
      may("desk") && [
        button({
          label: t("charge.add"),
          sign: "plus",
          look: "quiet",
          is_small: true,
          key: "charge",
          signal,
          onclick: () => addCharge(stay, articles, done, signal),
        }),
        button({
          label: t("payment.add"),
          sign: "card",
          look: "quiet",
          is_small: true,
          key: "payment",
          signal,
          onclick: () => void takePayment(stay, done, signal),
        }),
      ],
    ),
    offered.length > 0 && favourites(stay, offered, done, signal),
    h("div", { class: "card-body" }, folioTable(stay, folio, done, signal)),
  ];
}

/**
 * @param {Reservation} stay
 * @param {Folio} folio
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function folioTable(stay, folio, done, signal) {
  const has_menu = folio.lines.length + folio.payments.length > 0;
  const heads = [t("field.date"), t("field.description"), t("field.amount"), t("word.more")];
  const nights = folio.unposted.map(({ date, rate, is_day_use }) =>
    line({
      date,
      words: is_day_use
        ? t("word.day_use")
        : date < businessDate()
          ? t("folio.night_of", { date: formatDate(date, "weekday") })
          : t("folio.night_to_come"),
      amount: rate,
      looks: "is-to-come",
    }),
  );
  for (const extra of folio.unposted_extras.filter(({ is_inside }) => !is_inside))
    nights.push(line({ date: "", words: extraWords(extra), amount: extra.amount, looks: "is-to-come" }));
  const added = sum(folio.unposted.map(({ added_amount }) => added_amount));
  if (added) nights.push(line({ date: "", words: t("folio.added_to_come"), amount: added, looks: "is-to-come" }));
  return h(
    "table",
    { class: `table table-plain folio ${has_menu ? "" : "has-no-menu"}` },
    h(
      "thead",
      { class: "visually-hidden" },
      h(
        "tr",
        {},
        heads.map((name) => h("th", { scope: "col" }, name)),
      ),
    ),
    h(
      "tbody",
      {},
      folio.lines.map((line) => chargeLine(line, stay, done, signal)),
      nights,
    ),
    h(
      "tbody",
      { class: "folio-payments" },
      folio.payments.map((payment) => paymentLine(payment, done, signal)),
    ),
    totals(folio, stay),
  );
}

/**
 * @param {Folio} folio
 * @param {Reservation} stay
 */
const totals = (folio, { deposit, status, overdue }) =>
  h(
    "tfoot",
    {},
    sumLine(t("word.total"), folio.total_amount),
    folio.taxes.map((tax) =>
      sumLine(
        t("folio.tax_of", { tax: tax.name, net: formatAmount(tax.net_amount) }),
        tax.amount,
        "folio-tax",
      ),
    ),
    sumLine(t("word.paid"), folio.total_paid),
    h(
      "tr",
      { class: `folio-balance ${dueLook({ balance: folio.balance, status, overdue })}` },
      h("th", { scope: "row", colspan: 2 }, t("word.balance")),
      h("td", { class: "is-number" }, formatMoney(folio.balance)),
      h("td", {}),
    ),
    deposit !== null &&
      deposit.state !== "settled" &&
      sumLine(depositWords(deposit), deposit.left_amount || deposit.amount, `folio-deposit ${deposit.state === "late" ? "is-late" : ""}`),
  );

/**
 * @param {string} label
 * @param {number} amount
 * @param {string} looks
 */
const sumLine = (label, amount, looks = "") =>
  h(
    "tr",
    { class: looks },
    h("th", { scope: "row", colspan: 2 }, label),
    h("td", { class: "is-number" }, formatAmount(amount)),
    h("td", {}),
  );

/**
 * @param {{ date: string, words: Child, amount: number, looks?: string, menu?: Child }} parts
 */
const line = ({ date, words, amount, looks = "", menu = null }) =>
  h(
    "tr",
    { class: looks },
    h("td", { class: "muted folio-date" }, date && formatDate(date)),
    h("td", {}, words),
    h("td", { class: "is-number" }, formatAmount(amount)),
    h("td", { class: "cell-menu" }, menu),
  );

/**
 * @param {FolioLine} charge
 * @param {Reservation} stay
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function chargeLine(charge, stay, done, signal) {
  const words = lineWords(charge);
  const stands = !charge.voided && charge.kind !== "void";
  const actions = [
    charge.kind !== "room" && charge.kind !== "levy" && { label: t("charge.void_submit"), run: () => undoCharge(stay.id, charge, words, done, signal) },
    charge.amount > 0 && {
      label: t("charge.allowance_submit"),
      run: () => allowFor(stay, charge, words, done, signal),
    },
  ].filter((action) => action !== false);
  return line({
    date: charge.date,
    words: [words, charge.quantity !== 1 && h("span", { class: "muted" }, ` × ${charge.quantity}`)],
    amount: charge.amount,
    looks: charge.voided || charge.kind === "void" ? "is-void" : "",
    menu:
      stands &&
      actions.length > 0 &&
      may("desk") &&
      rowMenu(words, `charge-${charge.id}`, actions, signal),
  });
}

/** What a line is called, in the reader's language. @param {FolioLine} charge */
function lineWords({ kind, night, is_day_use, note, reversed_kind, levy_name }) {
  if (kind === "room" && night)
    return t(is_day_use ? "folio.day_use_of" : "folio.night_of", { date: formatDate(night, "weekday") });
  if (kind === "void" && note) return t("charge.void_because", { reason: reasonWords(note) });
  if (kind === "allowance" && reversed_kind && !note)
    return t("charge.allowance_for", { description: t(`charge.${reversed_kind}`) });
  return levy_name || note || t(`charge.${kind}`);
}

/**
 * @param {Payment} payment
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function paymentLine(payment, done, signal) {
  return line({
    date: payment.payment_date,
    words: [
      h("span", { class: "with-icon" }, icon("coin"), methodWords(payment.payment_method)),
      payment.reference_number && h("span", { class: "muted" }, ` ${payment.reference_number}`),
      payment.kind !== "payment" && h("span", { class: "muted" }, ` ${t(`payment.kind_${payment.kind}`)}`),
      payment.status !== "active" &&
        h("span", { class: "muted" }, ` ${t(`payment.status_${payment.status}`)}`),
    ],
    amount: payment.kind === "payment" ? -payment.amount : Math.abs(payment.amount),
    looks: payment.status === "voided" || payment.kind === "void" ? "is-void" : "is-payment",
    menu: paymentMenu(payment, done, signal),
  });
}

/**
 * What can be given back of a payment, and how.
 * @param {Payment} payment
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export const paymentMenu = (payment, done, signal) =>
  payment.kind === "payment" &&
  (payment.status === "active" || payment.status === "partly_refunded") &&
  may("desk") &&
  rowMenu(
    methodWords(payment.payment_method),
    `payment-${payment.id}`,
    [
      { label: t("payment.refund_submit"), run: () => void refundPayment(payment.id, done, signal) },
      { label: t("charge.void_submit"), run: () => voidPayment(payment, done, signal) },
    ],
    signal,
  );
