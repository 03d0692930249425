/**
 * What documents and their states are called.
 */
import { h } from "../../dom.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").InvoiceView} Invoice */
/** @typedef {Invoice["kind"]} Kind */

export const KINDS = /** @type {const} */ (["invoice", "credit_note", "deposit_invoice", "pro_forma"]);
export const STATES = /** @type {const} */ (["draft", "issued", "credited"]);

const CODES = /** @type {const} */ (["en", "id", "de", "fr", "es", "it", "pt", "nl", "ja", "zh"]);

/** The languages of documents, each by its own name. */
export const languages = () =>
  CODES.map((value) => ({ value, label: new Intl.DisplayNames([value], { type: "language" }).of(value) ?? value }));

/** @param {Kind} kind */
export const kindWords = (kind) => t(`invoices.kind_${kind}`);

/** By its number; a draft has none. @param {{ number: string | null }} invoice */
export const nameOf = ({ number }) => number ?? t("invoices.status_draft");

const LOOKS = { draft: "status-tentative", issued: "", credited: "status-cancelled" };

/** Nothing of what is issued and counts. @param {Invoice} invoice */
export const invoiceChip = ({ status }) =>
  status !== "issued" && h("span", { class: `chip ${LOOKS[status]}` }, t(`invoices.status_${status}`));
