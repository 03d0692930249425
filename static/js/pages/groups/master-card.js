/**
 * The bill that a group pays: what of its stays goes there, what stands on it, and the money for it.
 */
import { api } from "../../api.js";
import { methodWords, paymentMethods } from "../../choices.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { amountInput, field, formDialog, input, select, typedAmount } from "../../forms.js";
import { formatAmount, formatDate, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { lineWords } from "../folio/folio-rows.js";
import { methodChoice } from "../folio/payment.js";
import { settleWindow } from "../folio/windows.js";
import { invoiceMenu } from "../invoices/start.js";

/** @typedef {import("innkeeper/api").GroupDetail} Group */
/** @typedef {import("innkeeper/api").MasterView} Master */
/** @typedef {import("innkeeper/api").FolioDetail} Folio */
/** @typedef {import("innkeeper/api").ReservationView} Stay */

const PAYS = /** @type {const} */ (["nothing", "room", "all"]);

/**
 * The master with what stands on its folio.
 * @param {number} id
 * @param {AbortSignal} signal
 */
export async function loadMaster(id, signal) {
  const master = await api.get("/api/groups/{id}/master", { id }, signal);
  const folio = master.folio?.id ? await api.get("/api/folios/{id}", { id: master.folio.id }, signal) : null;
  return { master, folio };
}

/**
 * @param {Group} group
 * @param {{ master: Master, folio: Folio | null }} bill
 * @param {Stay[]} stays
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function masterCard(group, { master, folio }, stays, done, signal) {
  const names = new Map(stays.map(({ id, guest_name, room_number }) => [id, [room_number, guest_name].filter(Boolean).join(" · ")]));
  const choice = select(
    PAYS.map((value) => ({ value, label: t(`groups.pays_${value}`) })),
    master.pays,
    { "data-key": "pays", "aria-label": t("groups.pays"), disabled: !may("desk"), signal, onchange: () => void change(group.id, choice.value, done) },
  );
  const { balance = 0 } = master.folio ?? {};
  return [
    h(
      "header",
      { class: "card-head" },
      h("h2", {}, t("groups.master")),
      may("desk") &&
        folio &&
        [
          balance > 0 &&
            button({ label: t("folio.settle_submit"), sign: "case", look: "quiet", is_small: true, key: "settle-master", signal, onclick: () => void settleWindow({ stay: group, done, signal }, folio) }),
          button({ label: t("invoices.invoice"), sign: "note", look: "quiet", is_small: true, key: "invoice-master", signal, onclick: (anchor) => invoiceMenu(anchor, { id: folio.id }, signal) }),
          button({ label: t("payment.add"), sign: "card", look: "quiet", is_small: true, key: "pay-master", signal, onclick: () => void pay(group, folio, balance, done, signal) }),
        ],
    ),
    h("div", { class: "card-body form master-choice" }, field({ label: t("groups.pays"), name: "pays", hint: t("groups.master_hint") }, choice)),
    folio && h("div", { class: "card-body" }, table(folio, names, balance)),
  ];
}

/** @param {number} id @param {string} pays @param {() => void} done */
const change = (id, pays, done) =>
  api.put("/api/groups/{id}/master", { id }, { pays: /** @type {Master["pays"]} */ (pays) }).then(() => {
    toast(t("action.saved"));
    done();
  }, showFailure);

/** @param {Folio} folio @param {Map<number, string>} names @param {number} balance */
const table = ({ lines, transfers, payments }, names, balance) =>
  h(
    "table",
    { class: "table table-plain folio has-no-menu" },
    h(
      "tbody",
      {},
      lines.map((one) => line(one.date, [lineWords(one), of(one.reservation_id, names)], one.amount, one.voided || one.kind === "void")),
      transfers.map((one) =>
        line(one.date, [one.charge ? lineWords(one.charge) : t("groups.moved"), of(one.reservation_id, names)], one.amount, one.is_taken_back),
      ),
    ),
    h(
      "tbody",
      { class: "folio-payments" },
      payments.map((one) => line(one.payment_date, methodWords(one.payment_method), -one.amount, one.status === "voided", "is-payment")),
    ),
    h(
      "tfoot",
      {},
      h(
        "tr",
        { class: `folio-balance ${balance > 0 ? "is-due" : ""}` },
        h("th", { scope: "row", colspan: 2 }, t("word.balance")),
        h("td", { class: "is-number" }, formatMoney(balance)),
        h("td", {}),
      ),
    ),
  );

/** Whose it is. @param {number | null} id @param {Map<number, string>} names */
const of = (id, names) => id !== null && names.has(id) && h("a", { href: `/reservations/${id}`, class: "muted" }, ` ${names.get(id)}`);

/**
 * @param {string} date
 * @param {import("../../dom.js").Child} words
 * @param {number} amount
 * @param {boolean} is_void
 * @param {string} [looks]
 */
const line = (date, words, amount, is_void, looks = "") =>
  h(
    "tr",
    { class: is_void ? "is-void" : looks },
    h("td", { class: "muted folio-date" }, formatDate(date)),
    h("td", {}, words),
    h("td", { class: "is-number" }, formatAmount(amount)),
    h("td", {}),
  );

/**
 * @param {Group} group
 * @param {Folio} folio
 * @param {number} balance
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
async function pay(group, folio, balance, done, signal) {
  const methods = await paymentMethods().catch((error) => showFailure(error));
  if (!methods || signal.aborted || !folio.id) return;
  const { id } = folio;
  formDialog(
    {
      title: t("payment.title", { guest: group.name }),
      submit: t("step.pay"),
      fields: (inner) => [
        field({ label: t("field.amount"), name: "amount" }, amountInput(balance > 0 ? balance : null, { signal: inner, autofocus: true })),
        methodChoice(methods),
        field({ label: t("payment.reference"), name: "reference_number" }, input()),
      ],
      send: async ({ amount, payment_method = "", reference_number }, key) => {
        const body = { folio_id: id, amount: typedAmount(amount), payment_method, ...(reference_number && { reference_number }) };
        await api.post("/api/payments", {}, body, key);
        toast(t("payment.taken", { amount: formatMoney(Number(typedAmount(amount))), guest: group.name }));
        done();
      },
    },
    signal,
  );
}
