/**
 * What is chosen for a draft: to whom it goes, in which language, which lines are on it.
 */
import { api } from "../../api.js";
import { countrySelect } from "../../countries.js";
import { h } from "../../dom.js";
import { saveChange } from "../../failure.js";
import { amountInput, checkbox, field, formError, input, onSubmit, select, textarea, typedAmount } from "../../forms.js";
import { formatDate, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { languages } from "./words.js";

/** @typedef {import("innkeeper/api").InvoiceDetail} Invoice */
/** @typedef {import("innkeeper/api").Party} Party */

/** @param {Invoice} draft @param {() => void} done @param {AbortSignal} signal */
export function draftCard(draft, done, signal) {
  const { id, version, buyer } = draft;
  const form = h(
    "form",
    { class: "form" },
    partyFields(buyer),
    h("div", { class: "field-pair" }, [
      field(
        { label: t("invoices.language"), name: "language" },
        select(
          languages(),
          draft.language,
        ),
      ),
      field({ label: t("invoices.reference"), name: "reference" }, input({ value: buyer.reference, maxlength: 100 })),
    ]),
    draft.kind === "deposit_invoice" &&
      field({ label: t("field.amount"), name: "amount" }, amountInput(draft.gross_amount, { signal })),
    draft.choosable.length > 0 && lines(draft),
    field({ label: t("invoices.note"), name: "note" }, textarea({ rows: 2, maxlength: 500, value: draft.note })),
    formError(),
    h("div", { class: "form-actions" }, h("button", { type: "submit", class: "button", "data-key": "save-draft" }, t("action.save"))),
  );
  onSubmit(
    form,
    async (values, key) => {
      const chosen = [...form.querySelectorAll("input[data-charge]")].map((box) => /** @type {HTMLInputElement} */ (box));
      const is_all = chosen.every(({ checked }) => checked);
      const ids = chosen.filter(({ checked }) => checked).map((box) => Number(box.dataset.charge));
      /** @type {import("innkeeper/api").InvoiceChange} */
      const change = {
        version,
        language: /** @type {Invoice["language"]} */ (values.language),
        note: values.note ?? "",
        buyer: readParty(values, buyer),
        ...(draft.kind === "deposit_invoice" && { amount: typedAmount(values.amount) }),
        ...(chosen.length > 0 && { charge_ids: is_all ? null : ids }),
      };
      await saveChange(() => api.patch("/api/invoices/{id}", { id }, change, key), done);
      done();
    },
    signal,
  );
  return h(
    "section",
    { class: "card" },
    h("header", { class: "card-head" }, h("h2", {}, t("invoices.draft_title"))),
    h("div", { class: "card-body" }, form),
  );
}

/** Who it is addressed to, or who sells. @param {Party} party */
export const partyFields = (party) => [
  field({ label: t("field.name"), name: "name" }, input({ value: party.name, maxlength: 200, required: true })),
  field({ label: t("invoices.street"), name: "street" }, textarea({ rows: 2, value: (party.street ?? []).join("\n") })),
  h("div", { class: "field-pair" }, [
    field({ label: t("invoices.postal_code"), name: "postal_code" }, input({ value: party.postal_code, maxlength: 20 })),
    field({ label: t("invoices.city"), name: "city" }, input({ value: party.city, maxlength: 100 })),
  ]),
  h("div", { class: "field-pair" }, [
    field({ label: t("invoices.country"), name: "country" }, countrySelect(party.country ?? "")),
    field({ label: t("companies.tax_number"), name: "tax_number" }, input({ value: party.tax_number, maxlength: 50 })),
  ]),
];

/**
 * What was typed of a party; what the form does not ask stays.
 * @param {Record<string, string>} values
 * @param {Party} known
 */
export function readParty(values, known) {
  const { name = "", street = "", postal_code = "", city = "", country = "", tax_number = "", reference = known.reference } = values;
  const lines = street.split("\n").map((line) => line.trim());
  return { ...known, name, street: lines.filter(Boolean), postal_code, city, country, tax_number, reference };
}

/** @param {Invoice} draft */
const lines = ({ choosable }) =>
  h(
    "fieldset",
    { class: "invoice-lines" },
    h("legend", {}, t("invoices.lines")),
    choosable.map((line) => {
      const box = checkbox(line.description, `charge-${line.charge_id}`, line.is_chosen);
      box.querySelector("input")?.setAttribute("data-charge", String(line.charge_id));
      return h(
        "div",
        { class: "invoice-line" },
        box,
        h("span", { class: "muted" }, formatDate(line.date)),
        h("span", { class: "amount" }, formatMoney(line.amount)),
      );
    }),
  );
