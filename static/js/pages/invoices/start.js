/**
 * Beginning a document on a folio: the draft that there is already, or a new one.
 */
import { api } from "../../api.js";
import { openMenu } from "../../elements/menu.js";
import { showFailure } from "../../failure.js";
import { once } from "../../intents.js";
import { t } from "../../i18n.js";
import { navigate } from "../../router.js";

/** @typedef {import("innkeeper/api").WindowView} Window */
/** @typedef {import("./words.js").Kind} Kind */

/**
 * @param {HTMLElement} anchor
 * @param {number} stay
 * @param {Pick<Window, "id" | "window">} window
 * @param {AbortSignal} signal
 */
export function invoiceMenu(anchor, stay, window, signal) {
  const begin = (/** @type {Kind} */ kind) => void once(anchor, () => startInvoice(stay, window, kind).catch(showFailure));
  openMenu(
    anchor,
    t("invoices.invoice"),
    [
      { label: t("invoices.new_invoice"), sign: "note", run: () => begin("invoice") },
      { label: t("invoices.new_deposit"), run: () => begin("deposit_invoice") },
      { label: t("invoices.new_pro_forma"), run: () => begin("pro_forma") },
      { label: t("invoices.all_of_stay"), run: () => void navigate(`/invoices?reservation_id=${stay}`) },
    ],
    signal,
  );
}

/** @param {number} stay @param {Pick<Window, "id" | "window">} window @param {Kind} kind */
export async function startInvoice(stay, { id, window }, kind) {
  const drafts = id === null ? [] : (await api.get("/api/invoices", { folio_id: id, status: "draft", kind, page_size: 1 })).items;
  const draft = drafts[0] ?? (await api.post("/api/reservations/{id}/invoices", { id: stay }, { kind, window }));
  await navigate(`/invoices/${draft.id}`);
}
