/**
 * A document of the server's, on screen as it will lie in the tray, with a button to print and the same as a file to send.
 */
import { api, queryText } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { currentLanguage, t } from "../../i18n.js";
import { icon } from "../../icons.js";
import { sheetOf } from "./sheet.js";

/** @typedef {"registration" | "confirmation" | "receipt"} StayKind */

export const title = () => t("action.print");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export async function render(params, signal) {
  const { load, file, name, back, is_wide } = asked(params);
  const { sheet, whenShown } = sheetOf(name, await load(signal), signal);
  const main = h(
    "main",
    { class: "paper", tabindex: "-1", "aria-busy": "true" },
    h("h1", { class: "visually-hidden" }, name),
    sheet,
  );
  void whenShown.then(() => main.removeAttribute("aria-busy"));
  const printSheet = () => sheet.contentWindow?.print();
  window.addEventListener("keydown", (event) => printByKey(event, printSheet), { signal });
  return h(
    "div",
    { class: is_wide ? "desk-of-paper is-wide" : "desk-of-paper" },
    h(
      "nav",
      { class: "paper-actions", "aria-label": t("action.print") },
      h("a", { class: "button", href: back }, t("action.back")),
      h(
        "span",
        { class: "paper-ways" },
        h("a", { class: "button", href: file, download: "", "data-key": "pdf" }, icon("download"), t("print.pdf")),
        button({ label: t("action.print"), sign: "printer", look: "primary", signal, onclick: printSheet }),
      ),
    ),
    main,
  );
}

/**
 * The browser's own key prints the sheet too, without what stands around it.
 * @param {KeyboardEvent} event
 * @param {() => void} print
 */
function printByKey(event, print) {
  if (event.key !== "p" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  print();
}

/**
 * @param {Record<string, string>} params
 * @returns {{ load: (signal: AbortSignal) => Promise<string>, file: string, name: string, back: string, is_wide: boolean }}
 *   `file` is the address of the same as PDF, in the language of the page
 */
function asked({ id, kind, date, window, name, is_copy, ...rest }) {
  const language = currentLanguage();
  if (name !== undefined)
    return {
      load: async (signal) =>
        /** @type {string} */ (
          /** @type {unknown} */ (await api.get("/api/reports/{name}", /** @type {any} */ ({ name, ...rest, format: "html" }), signal))
        ),
      file: `/api/reports/${name}${queryText({ ...rest, format: "pdf", language })}`,
      name: t("nav.reports"),
      back: `/reports/${name}${queryText(rest)}`,
      is_wide: true,
    };
  if (kind === "invoice") {
    const copy = { is_copy: is_copy === "true" };
    return {
      load: (signal) => api.get("/api/invoices/{id}/document", { id: Number(id), ...copy }, signal),
      file: `/api/invoices/${Number(id)}/pdf${queryText({ is_copy: String(copy.is_copy) })}`,
      name: t("invoices.invoice"),
      back: `/invoices/${id}`,
      is_wide: false,
    };
  }
  if (kind === "arrivals")
    return {
      load: (signal) => api.get("/api/documents/arrivals", { date: date ?? "" }, signal),
      file: `/api/documents/arrivals/pdf${queryText({ date, language })}`,
      name: t("list.arrivals"),
      back: "/",
      is_wide: true,
    };
  if (kind === "housekeeping")
    return {
      load: (signal) => api.get("/api/documents/housekeeping", {}, signal),
      file: `/api/documents/housekeeping/pdf${queryText({ language })}`,
      name: t("nav.housekeeping"),
      back: "/housekeeping",
      is_wide: true,
    };
  if (kind === "rooming-list")
    return {
      load: (signal) => api.get("/api/groups/{id}/documents/rooming-list", { id: Number(id) }, signal),
      file: `/api/groups/${Number(id)}/documents/rooming-list/pdf${queryText({ language })}`,
      name: t("groups.rooming_list"),
      back: `/groups/${id}`,
      is_wide: true,
    };
  if (kind === "statement")
    return {
      load: (signal) =>
        api.get("/api/companies/{id}/documents/statement", { id: Number(id), ...(rest.from && { from: rest.from }), ...(rest.to && { to: rest.to }) }, signal),
      file: `/api/companies/${Number(id)}/documents/statement/pdf${queryText({ from: rest.from, to: rest.to, language })}`,
      name: t("accounts.statement"),
      back: `/companies/${id}`,
      is_wide: false,
    };
  if (kind === "reminder")
    return {
      load: (signal) => api.get("/api/reminders/{id}/document", { id: Number(id) }, signal),
      file: `/api/reminders/${Number(id)}/document/pdf${queryText({ language })}`,
      name: t("reminders.letter"),
      back: "/reminders",
      is_wide: false,
    };
  const of_stay = /** @type {StayKind} */ (kind);
  return {
    load: (signal) => api.get("/api/reservations/{id}/documents/{kind}", { id: Number(id), kind: of_stay, ...(window && { window: Number(window) }) }, signal),
    file: `/api/reservations/${Number(id)}/documents/${of_stay}/pdf${queryText({ window, language })}`,
    name: t(`print.${of_stay}`),
    back: `/reservations/${id}`,
    is_wide: false,
  };
}
