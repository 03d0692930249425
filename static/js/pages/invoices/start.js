/**
 * Beginning a document on a folio: the draft that there is already, or a new one.
 */
import { api } from "../../api.js";
import { openMenu } from "../../elements/menu.js";
import { showFailure } from "../../failure.js";
import { once } from "../../intents.js";
import { t } from "../../i18n.js";
import { navigate } from "../../router.js";

/** @typedef {import("./words.js").Kind} Kind */
/** A bill: its folio, where there is one, or a stay's window. @typedef {{ id: number | null, stay?: number, window?: number }} Bill */

/** @param {HTMLElement} anchor @param {Bill} bill @param {AbortSignal} signal */
export function invoiceMenu(anchor, bill, signal) {
  const begin = (/** @type {Kind} */ kind) => void once(anchor, () => startInvoice(bill, kind).catch(showFailure));
  const { id, stay } = bill;
  const is_stay = stay !== undefined;
  /** @type {(import("../../elements/menu.js").MenuItem | false)[]} */
  const items = [
    { label: t("invoices.new_invoice"), sign: "note", run: () => begin("invoice") },
    is_stay && { label: t("invoices.new_deposit"), run: () => begin("deposit_invoice") },
    { label: t("invoices.new_pro_forma"), run: () => begin("pro_forma") },
    {
      label: t(is_stay ? "invoices.all_of_stay" : "invoices.all_of_folio"),
      run: () => void navigate(is_stay ? `/invoices?reservation_id=${stay}` : `/invoices?folio_id=${id}`),
    },
  ];
  openMenu(anchor, t("invoices.invoice"), items.filter((item) => item !== false), signal);
}

/** @param {Bill} bill @param {Kind} [kind] */
export async function startInvoice({ id, stay, window }, kind = "invoice") {
  const drafts = id === null ? [] : (await api.get("/api/invoices", { folio_id: id, status: "draft", kind, page_size: 1 })).items;
  const begin = () =>
    stay === undefined
      ? api.post("/api/folios/{id}/invoices", { id: Number(id) }, { kind })
      : api.post("/api/reservations/{id}/invoices", { id: stay }, { kind, window });
  const draft = drafts[0] ?? (await begin());
  await navigate(`/invoices/${draft.id}`);
}
