/**
 * One document: a draft with what can be chosen for it, or what was issued, as it lies in the tray.
 */
import { api } from "../../api.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { openMenu } from "../../elements/menu.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { field, formDialog, input } from "../../forms.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { navigate } from "../../router.js";
import { holdsTyped } from "../../typed.js";
import { sheetOf } from "../print/sheet.js";
import { historyCard } from "../reservations/history.js";
import { creditDialog } from "./credit.js";
import { draftCard } from "./draft.js";
import { invoiceChip, kindWords, nameOf } from "./words.js";

/** @typedef {import("innkeeper/api").InvoiceDetail} Invoice */
/** @typedef {import("../../dom.js").Child} Child */

export const title = () => t("invoices.invoice");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  const id = Number(params.id);
  const head = h("div", {});
  const side = h("div", { class: "stack" });
  const paper = h("section", { class: "paper invoice-paper" });
  const history = h("section", { class: "card" });
  const refresh = keepFresh(
    head,
    {
      areas: ["invoices", "payments", "reservations", "companies"],
      load: () => Promise.all([api.get("/api/invoices/{id}", { id }, signal), api.get("/api/invoices/{id}/document", { id }, signal)]),
      show: ([invoice, page]) => {
        document.title = [nameOf(invoice), t("app.name")].join(" · ");
        if (!holdsTyped(side)) swap(side, sideCards(invoice, again, signal), history);
        swap(paper, sheetOf(invoice.title, page, signal).sheet);
        return invoiceHead(invoice, again, signal);
      },
      skeleton: () => skeletonLines(2),
    },
    signal,
  );
  const again = () => void refresh();
  historyCard(history, "invoice", id, signal);
  return h("div", { class: "page" }, head, h("div", { class: "invoice-grid" }, side, paper));
}

/** @param {Invoice} invoice @param {() => void} done @param {AbortSignal} signal */
const invoiceHead = (invoice, done, signal) =>
  h(
    "header",
    { class: "page-head reservation-head" },
    h(
      "div",
      { class: "page-head-words" },
      h("h1", {}, invoice.number ?? kindWords(invoice.kind), invoiceChip(invoice)),
      h(
        "p",
        { class: "page-lead" },
        invoice.number !== null && h("span", {}, kindWords(invoice.kind)),
        invoice.issued_on && h("span", {}, formatDate(invoice.issued_on, "year")),
        h("span", {}, invoice.buyer_name),
        h("span", {}, formatMoney(invoice.gross_amount)),
        invoice.reservation_id !== null && h("a", { href: `/reservations/${invoice.reservation_id}` }, invoice.confirmation_number),
        invoice.refers_to_id !== null && h("a", { href: `/invoices/${invoice.refers_to_id}` }, invoice.refers_to_number),
      ),
    ),
    h("div", { class: "page-actions" }, actions(invoice, done, signal)),
  );

/** @param {Invoice} invoice @param {() => void} done @param {AbortSignal} signal */
function actions(invoice, done, signal) {
  const { id, status, kind } = invoice;
  if (status === "draft")
    return may("desk") && [
      button({ label: t("action.delete"), key: "delete", signal, onclick: () => void discard(invoice).catch(showFailure) }),
      button({ label: t("invoices.issue"), sign: "check", look: "primary", key: "issue", signal, onclick: () => void issue(invoice, done).catch(showFailure) }),
    ];
  const may_credit = may("desk") && status === "issued" && (kind === "invoice" || kind === "deposit_invoice");
  /** @type {(import("../../elements/menu.js").MenuItem | false)[]} */
  const more = [
    may_credit && { label: t("invoices.credit"), detail: t("invoices.credit_detail"), run: () => creditDialog(invoice, done, signal) },
    { label: t("invoices.e_invoice"), detail: t("invoices.e_invoice_detail"), sign: "download", run: () => void saveElectronic(id).catch(showFailure) },
  ];
  return [
    kind !== "pro_forma" &&
      button({
        label: [t("word.more"), icon("down")],
        key: "more",
        signal,
        onclick: (anchor) => openMenu(anchor, t("word.more"), more.filter((item) => item !== false), signal),
      }),
    may_credit && button({ label: t("invoices.correct"), sign: "edit", key: "correct", signal, onclick: () => correct(invoice, signal) }),
    button({ label: t("action.print"), sign: "printer", look: "primary", key: "print", signal, onclick: () => void print(id).catch(showFailure) }),
  ];
}

/** What the seller or the buyer lacks for it is said here, before the browser saves anything. @param {number} id */
async function saveElectronic(id) {
  await api.get("/api/invoices/{id}/xml", { id });
  h("a", { href: `/api/invoices/${id}/xml`, download: "" }).click();
}

/** A reprint is marked as a copy. @param {number} id */
async function print(id) {
  const { is_copy } = may("desk") ? await api.post("/api/invoices/{id}/print", { id }, {}) : { is_copy: true };
  await navigate(`/invoices/${id}/print${is_copy ? "?is_copy=true" : ""}`);
}

/** @param {Invoice} draft @param {() => void} done */
async function issue({ id, version }, done) {
  const { number } = await api.post("/api/invoices/{id}/issue", { id }, { version });
  toast(t("invoices.issued", { number: number ?? "" }));
  done();
}

/** Nothing is lost by it: a draft has no number, and its lines wait for the next. @param {Invoice} draft */
async function discard({ id, folio_id, kind, language, note, reservation_id }) {
  await api.delete("/api/invoices/{id}", { id });
  const back = reservation_id === null ? "/invoices" : `/reservations/${reservation_id}`;
  toast(t("invoices.deleted"), {
    action: {
      label: t("action.undo"),
      run: () =>
        void api
          .post("/api/folios/{id}/invoices", { id: folio_id }, { kind, language, note })
          .then((made) => navigate(`/invoices/${made.id}`), showFailure),
    },
  });
  await navigate(back);
}

/** @param {Invoice} invoice @param {AbortSignal} signal */
const correct = (invoice, signal) =>
  formDialog(
    {
      title: t("invoices.correct_title", { number: nameOf(invoice) }),
      submit: t("invoices.correct_submit"),
      intro: h("p", { class: "dialog-intro" }, t("invoices.correct_text")),
      fields: () => [field({ label: t("field.reason"), name: "reason" }, input({ required: true, maxlength: 200, autofocus: true }))],
      send: async ({ reason = "" }, key) => {
        const { draft, credit_note } = await api.post("/api/invoices/{id}/correct", { id: invoice.id }, { reason }, key);
        toast(t("invoices.corrected", { number: credit_note.number ?? "" }));
        await navigate(`/invoices/${draft.id}`);
      },
    },
    signal,
  );

/** @param {Invoice} invoice @param {() => void} done @param {AbortSignal} signal @returns {Child[]} */
const sideCards = (invoice, done, signal) => [
  warnings(invoice, done, signal),
  invoice.status === "draft" && may("desk") ? draftCard(invoice, done, signal) : figures(invoice),
];

/** What the reader has to know before it goes out. @param {Invoice} invoice @param {() => void} done @param {AbortSignal} signal */
function warnings(invoice, done, signal) {
  const told = [
    invoice.has_lost_lines && t("invoices.lost_lines"),
    ...invoice.missing.map((what) => t(`invoices.missing_${what}`)),
    invoice.warning && t(`invoices.warning_${invoice.warning}`),
  ].filter((words) => words !== false && words !== null);
  const is_owed = invoice.uncredited_amount !== 0 && invoice.status === "issued" && may("desk");
  return [
    told.length > 0 && h("div", { class: "note-box invoice-warnings" }, told.map((words) => h("p", {}, words))),
    is_owed &&
      h(
        "div",
        { class: "note-box invoice-warnings" },
        h("p", {}, t("invoices.uncredited", { amount: formatMoney(-invoice.uncredited_amount) })),
        button({ label: t("invoices.credit_that"), is_small: true, key: "credit-rest", signal, onclick: () => creditRest(invoice, done, signal) }),
      ),
  ];
}

/** What was taken off the bill since. @param {Invoice} invoice @param {() => void} done @param {AbortSignal} signal */
const creditRest = ({ folio_id }, done, signal) =>
  formDialog(
    {
      title: t("invoices.credit_that"),
      submit: t("invoices.credit_submit"),
      fields: () => [field({ label: t("field.reason"), name: "reason" }, input({ required: true, maxlength: 200 }))],
      send: async ({ reason = "" }, key) => {
        const note = await api.post("/api/folios/{id}/invoices", { id: folio_id }, { kind: "credit_note", reason }, key);
        toast(t("invoices.issued", { number: note.number ?? "" }));
        done();
      },
    },
    signal,
  );

/** @param {Invoice} invoice */
const figures = (invoice) =>
  h(
    "section",
    { class: "card" },
    h("header", { class: "card-head" }, h("h2", {}, t("invoices.figures"))),
    h("div", { class: "card-body" }, [
      h(
        "dl",
        { class: "facts" },
        fact(t("invoices.net"), formatMoney(invoice.net_amount)),
        fact(t("invoices.tax"), formatMoney(invoice.tax_amount)),
        fact(t("word.total"), formatMoney(invoice.gross_amount)),
        invoice.rounding_amount !== 0 && fact(t("invoices.rounding"), formatMoney(invoice.rounding_amount)),
        invoice.prepaid_amount !== 0 && fact(t("word.paid"), formatMoney(invoice.prepaid_amount)),
        invoice.credited_amount !== 0 && fact(t("invoices.credited"), formatMoney(invoice.credited_amount)),
        invoice.kind === "invoice" && fact(t("invoices.open"), formatMoney(invoice.open_amount)),
        invoice.due_on && invoice.open_amount > 0 && fact(t("invoices.due_on"), formatDate(invoice.due_on, "year")),
        fact(t("invoices.issued_by"), invoice.issued_by ?? ""),
        invoice.reason && fact(t("field.reason"), invoice.reason),
      ),
      invoice.followers.length > 0 &&
        h(
          "ul",
          { class: "invoice-followers" },
          invoice.followers.map((other) =>
            h(
              "li",
              {},
              h("a", { href: `/invoices/${other.id}` }, `${kindWords(other.kind)} ${nameOf(other)}`),
              h("span", { class: "amount" }, formatMoney(other.gross_amount)),
            ),
          ),
        ),
    ]),
  );

/** @param {string} label @param {Child} value */
const fact = (label, value) => h("div", {}, h("dt", {}, label), h("dd", {}, value));
