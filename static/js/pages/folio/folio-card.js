/**
 * The folio: what was charged, paid and moved, and the nights to come, as one table by date; several folios are tabs,
 * on which a line is dropped to go there.
 */
import { api } from "../../api.js";
import { methodWords } from "../../choices.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { depositWords } from "../../elements/deposit.js";
import { openMenu, rowMenu } from "../../elements/menu.js";
import { dueLook } from "../../elements/status-chip.js";
import { formatAmount, formatDate, formatMoney, sum } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { navigate } from "../../router.js";
import { invoiceMenu } from "../invoices/start.js";
import { dragLine } from "./drag-line.js";
import { lineWords, rowsOf, signOf, windowWords } from "./folio-rows.js";
import { addCharge, allowFor, refundPayment, takePayment, undoCharge, voidPayment } from "./payment.js";
import { editRouting } from "./routing.js";
import { favourites } from "./sell.js";
import { changePayer, closeWindow, moveAtOnce, moveLine, openWindow, settleWindow, splitLine } from "./windows.js";

/** @typedef {import("innkeeper/api").ArticleView} Article */
/** @typedef {import("innkeeper/api").FolioView} Folio */
/** @typedef {import("innkeeper/api").WindowView} Window */
/** @typedef {import("innkeeper/api").PaymentView} Payment */
/** @typedef {import("innkeeper/api").ReservationView} Reservation */
/** @typedef {import("./folio-rows.js").Row} Row */
/** @typedef {import("./windows.js").Desk} Desk */

/** While a stay is so, its bill grows. */
const OPEN = ["tentative", "confirmed", "checked_in"];

/** Which folio of a stay was looked at last, so that a refresh shows it again. @type {Map<number, number>} */
const looked_at = new Map();

/**
 * @param {Reservation} stay
 * @param {Folio} folio
 * @param {Article[]} articles what is sold beside the rooms
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function folioCard(stay, folio, articles, done, signal) {
  /** @type {Desk} */
  const desk = { stay, folio, done, signal };
  const offered = OPEN.includes(stay.status) && may("desk") ? articles.filter(({ is_favourite }) => is_favourite) : [];
  const body = h("div", { class: "card-body" });
  const chosen = () =>
    folio.folios.find(({ window }) => window === looked_at.get(stay.id)) ?? /** @type {Window} */ (folio.folios[0]);
  const target = () => (folio.folios.length > 1 ? chosen() : null);
  const look = (/** @type {number} */ window) => {
    looked_at.set(stay.id, window);
    show();
  };
  const show = () => swap(body, folio.folios.length > 1 && windowTabs(desk, chosen(), look), folioTable(desk, chosen()));
  show();
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
          onclick: () => addCharge(stay, articles, done, signal, null, target()?.window),
        }),
        button({
          label: t("payment.add"),
          sign: "card",
          look: "quiet",
          is_small: true,
          key: "payment",
          signal,
          onclick: () => void takePayment(stay, done, signal, target()),
        }),
        button({
          label: t("invoices.invoice"),
          sign: "note",
          look: "quiet",
          is_small: true,
          key: "invoice",
          signal,
          onclick: (anchor) => invoiceMenu(anchor, { stay: stay.id, id: chosen().id, window: chosen().window }, signal),
        }),
        OPEN.includes(stay.status) &&
          rowMenu(t("folio.title"), "folio-more", stayActions(desk, articles, (made) => looked_at.set(stay.id, made.window)), signal),
      ],
    ),
    offered.length > 0 && favourites(stay, offered, done, signal),
    body,
  ];
}

/**
 * @param {Desk} desk
 * @param {Article[]} articles
 * @param {(window: Window) => void} opened
 */
function stayActions(desk, articles, opened) {
  const { stay, folio, done, signal } = desk;
  const targets = folio.folios
    .filter(({ window }) => window > 1)
    .map((window) => ({ value: String(window.window), label: windowWords(window) }));
  if (stay.group_id) targets.push({ value: "group", label: t("folio.of_group") });
  const routing = {
    title: t("routing.title"),
    intro: t("routing.text"),
    targets,
    articles,
    load: async () => (await api.get("/api/reservations/{id}/routing", { id: stay.id }, signal)).items,
    save: (/** @type {object[]} */ rules, /** @type {string} */ key) =>
      api.put("/api/reservations/{id}/routing", { id: stay.id }, { rules: /** @type {any} */ (rules) }, key),
  };
  return [
    { label: t("folio.new"), run: () => void openWindow(desk, opened) },
    ...(targets.length > 0 ? [{ label: t("routing.title"), run: () => void editRouting(routing, done, signal) }] : []),
  ];
}

/**
 * @param {Desk} desk
 * @param {Window} chosen
 * @param {(window: number) => void} look
 */
function windowTabs(desk, chosen, look) {
  const { folio, signal } = desk;
  const tab = (/** @type {Window} */ window) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        class: `folio-tab ${window.is_closed ? "is-closed" : ""}`,
        "data-key": `folio-tab-${window.window}`,
        "data-window": String(window.window),
        "aria-selected": String(window === chosen),
        signal,
        onclick: () => look(window.window),
      },
      h("span", { class: "folio-tab-payer" }, windowWords(window)),
      h("span", { class: "amount" }, formatAmount(sum([window.balance, window.to_come_amount]))),
      window.is_closed && h("span", { class: "muted" }, t("folio.closed")),
    );
  return h(
    "div",
    { class: "folio-tabs" },
    h("div", { class: "folio-tab-list", role: "tablist", "aria-label": t("folio.all") }, folio.folios.map(tab)),
    chosen.id !== null &&
      button({
        sign: "more",
        look: "quiet",
        is_small: true,
        key: "window-more",
        name: t("word.actions_for", { name: windowWords(chosen) }),
        signal,
        onclick: (anchor) => openMenu(anchor, windowWords(chosen), windowActions(desk, chosen), signal),
      }),
  );
}

/** @param {Desk} desk @param {Window} window */
const windowActions = (desk, window) =>
  [
    {
      label: t("folio.receipt"),
      sign: /** @type {const} */ ("printer"),
      run: () => navigate(`/reservations/${desk.stay.id}/print/receipt?window=${window.window}`),
    },
    may("desk") && window.window > 1 && { label: t("folio.payer"), run: () => void changePayer(desk, window) },
    may("desk") &&
      window.balance > 0 &&
      ["checked_in", "checked_out"].includes(desk.stay.status) && {
        label: t("folio.settle"),
        run: () => void settleWindow(desk, window),
      },
    may("desk") &&
      window.window > 1 &&
      (window.is_closed
      ? { label: t("folio.reopen"), run: () => void closeWindow(desk, window, false) }
      : window.balance === 0 && { label: t("folio.close"), run: () => void closeWindow(desk, window, true) }),
  ].filter((action) => action !== false);

/** @param {Desk} desk @param {Window} window */
function folioTable(desk, window) {
  const { stay, folio } = desk;
  const rows = rowsOf(folio, window);
  const has_menu = rows.some(({ charge, payment }) => charge ?? payment);
  const heads = [t("field.date"), t("field.description"), t("field.amount"), t("word.balance"), t("word.more")];
  let balance = 0;
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
      rows.map((row, at) => {
        balance = sum([balance, row.amount]);
        return rowLine(desk, window, row, balance, rows[at - 1]?.date === row.date);
      }),
    ),
    folio.folios.length > 1 ? windowTotals(window, folio, stay) : totals(folio, stay),
  );
}

/**
 * @param {Desk} desk
 * @param {Window} window
 * @param {Row} row
 * @param {number} balance after it
 * @param {boolean} is_same_day as the row before
 */
function rowLine(desk, window, row, balance, is_same_day) {
  const { charge, payment } = row;
  const is_quiet = row.looks === "is-void" || row.looks === "has-left";
  const line = h(
    "tr",
    { class: row.looks },
    h("td", { class: `muted folio-date ${is_same_day ? "is-again" : ""}` }, formatDate(row.date)),
    h("td", {}, payment ? h("span", { class: "with-icon" }, signOf(row), row.words) : row.words, row.detail),
    h("td", { class: "is-number" }, formatAmount(row.looks === "has-left" ? (charge?.amount ?? -(payment?.amount ?? 0)) : row.amount)),
    h("td", { class: "is-number folio-running muted" }, is_quiet ? "" : formatAmount(balance)),
    h("td", { class: "cell-menu" }, rowActions(desk, window, row)),
  );
  if (mayMove(desk, window, row) && desk.folio.folios.length > 1)
    dragLine(line, (tab) => {
      const to = desk.folio.folios.find((one) => one.window === tab);
      if (to && to !== window) void moveAtOnce(desk, window, row, to);
    }, desk.signal);
  return line;
}

/** What stands for itself and stands here. @param {Desk} desk @param {Window} window @param {Row} row */
const mayMove = ({ stay }, window, { charge, payment, amount, looks }) =>
  may("desk") &&
  OPEN.includes(stay.status) &&
  !window.is_closed &&
  amount !== 0 &&
  looks !== "is-void" &&
  (charge ? charge.reverses_id === null : payment?.kind === "payment");

/** @param {Desk} desk @param {Window} window @param {Row} row */
function rowActions(desk, window, row) {
  const { stay, folio, done, signal } = desk;
  const { charge, payment } = row;
  if (!may("desk") || row.looks === "is-void") return null;
  const is_own = (charge ?? payment)?.reservation_id === stay.id;
  const moves = mayMove(desk, window, row) && [
    { label: t("folio.move"), run: () => void moveLine(desk, window, row) },
    folio.folios.length > 1 && { label: t("folio.split"), run: () => splitLine(desk, window, row) },
  ];
  const words = charge ? lineWords(charge) : row.words;
  const actions = [
    is_own &&
      charge &&
      charge.kind !== "room" &&
      charge.kind !== "levy" && { label: t("charge.void_submit"), run: () => undoCharge(stay.id, charge, words, done, signal) },
    is_own &&
      charge &&
      charge.amount > 0 && { label: t("charge.allowance_submit"), run: () => allowFor(stay, charge, words, done, signal) },
    ...(payment && is_own ? paymentActions(payment, done, signal) : []),
    ...(moves || []),
  ].filter((action) => action !== false && action !== null && action !== undefined);
  return actions.length > 0 && rowMenu(words, charge ? `charge-${charge.id}` : `payment-${payment?.id}`, actions, signal);
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
    folio.moved_amount !== 0 && sumLine(t("folio.elsewhere"), folio.moved_amount),
    balanceLine(t("word.balance"), folio.balance, dueLook({ balance: folio.balance, status, overdue })),
    deposit !== null &&
      deposit.state !== "settled" &&
      sumLine(depositWords(deposit), deposit.left_amount || deposit.amount, `folio-deposit ${deposit.state === "late" ? "is-late" : ""}`),
  );

/** Of one of several folios, and of all. @param {Window} window @param {Folio} folio @param {Reservation} stay */
function windowTotals(window, folio, { status, overdue }) {
  const balance = sum([window.balance, window.to_come_amount]);
  return h(
    "tfoot",
    {},
    window.to_come_amount !== 0 && sumLine(t("folio.posted"), window.balance),
    window.to_come_amount !== 0 && sumLine(t("folio.to_come"), window.to_come_amount),
    balanceLine(t("word.balance"), balance, dueLook({ balance, status, overdue })),
    sumLine(t("folio.balance_of_all"), folio.balance, "folio-all"),
  );
}

/** @param {string} label @param {number} balance @param {string} look */
const balanceLine = (label, balance, look) =>
  h(
    "tr",
    { class: `folio-balance ${look}` },
    h("th", { scope: "row", colspan: 2 }, label),
    h("td", { class: "is-number" }, formatMoney(balance)),
    h("td", { class: "folio-running" }),
    h("td", {}),
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
    h("td", { class: "folio-running" }),
    h("td", {}),
  );

/**
 * @param {Payment} payment
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const paymentActions = (payment, done, signal) =>
  payment.kind === "payment" && (payment.status === "active" || payment.status === "partly_refunded")
    ? [
        { label: t("payment.refund_submit"), run: () => void refundPayment(payment.id, done, signal) },
        { label: t("charge.void_submit"), run: () => voidPayment(payment, done, signal) },
      ]
    : [];

/**
 * What can be given back of a payment, and how.
 * @param {Payment} payment
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function paymentMenu(payment, done, signal) {
  const actions = may("desk") ? paymentActions(payment, done, signal) : [];
  return actions.length > 0 && rowMenu(methodWords(payment.payment_method), `payment-${payment.id}`, actions, signal);
}
