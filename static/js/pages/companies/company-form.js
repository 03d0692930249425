/**
 * A company in a dialog: who it is, where its bills go, and what was agreed with it; and what it pays of its stays.
 */
import { api } from "../../api.js";
import { countrySelect } from "../../countries.js";
import { h } from "../../dom.js";
import { saveChange, showFailure } from "../../failure.js";
import { amountInput, checkbox, field, formDialog, input, select, textarea, typedAmount } from "../../forms.js";
import { formatDecimal, parsePercent } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { editRouting } from "../folio/routing.js";

/** @typedef {import("innkeeper/api").CompanyView} Company */
/** @typedef {import("innkeeper/api").RatePlanView} RatePlan */

const KINDS = /** @type {const} */ (["company", "agent"]);

/** What it pays of its stays from now on. @param {Company} company @param {() => void} done @param {AbortSignal} signal */
export async function editPays({ id, name }, done, signal) {
  const articles = await api.get("/api/articles", { is_active: true, page_size: 100 }, signal).catch(showFailure);
  if (!articles || signal.aborted) return;
  const routing = {
    title: t("companies.pays_title", { company: name }),
    intro: t("companies.pays_text"),
    targets: [],
    articles: articles.items,
    load: async () => (await api.get("/api/companies/{id}/routing", { id }, signal)).items,
    save: (/** @type {object[]} */ rules, /** @type {string} */ key) =>
      api.put("/api/companies/{id}/routing", { id }, { rules: /** @type {any} */ (rules) }, key),
  };
  await editRouting(routing, done, signal);
}

/** Offers it to new bookings again, or no more. @param {Company} company */
export const activate = ({ id, is_active, version }) =>
  api.patch("/api/companies/{id}", { id }, { is_active: !is_active, version });

const TEXTS = /** @type {const} */ ([
  "contact_name",
  "tax_number",
  "email",
  "phone_number",
  "address",
  "city",
  "postal_code",
  "region",
  "country",
  "registration_number",
  "electronic_scheme",
  "electronic_address",
  "notes",
]);

/** @param {Record<string, string>} values of the form */
const typed = (values) =>
  /** @type {Record<typeof TEXTS[number], string>} */ (Object.fromEntries(TEXTS.map((name) => [name, values[name] ?? ""])));

/** What managers agree on with it: how it pays, and what it is paid. @param {Company | null} company @param {AbortSignal} signal */
const termsFields = (company, signal) =>
  h(
    "details",
    { class: "unfolding", open: Boolean(company?.has_account || company?.commission_percent) },
    h("summary", {}, t("accounts.terms")),
    h(
      "div",
      { class: "form" },
      checkbox(t("accounts.has_account"), "has_account", company?.has_account ?? false),
      h(
        "div",
        { class: "field-pair" },
        field(
          { label: t("accounts.terms_days"), name: "terms_days", hint: t("accounts.terms_hint") },
          input({ type: "number", min: 0, max: 365, value: company?.terms_days ?? "" }),
        ),
        field(
          { label: t("accounts.credit_limit"), name: "credit_limit", hint: t("accounts.credit_limit_hint") },
          amountInput(company?.credit_limit ?? null, { signal }),
        ),
      ),
      checkbox(t("accounts.is_reminded"), "is_reminded", company?.is_reminded ?? true),
      field(
        { label: t("accounts.commission_percent"), name: "commission_percent", class: "field-narrow", hint: t("accounts.commission_hint") },
        input({ inputmode: "decimal", value: formatDecimal(company?.commission_percent ?? 0) }),
      ),
    ),
  );

/** @param {Record<string, string>} values of the form */
const terms = ({ has_account, terms_days, credit_limit, is_reminded, commission_percent }) => ({
  has_account: Boolean(has_account),
  terms_days: terms_days ? Number(terms_days) : null,
  credit_limit: credit_limit ? typedAmount(credit_limit) : null,
  is_reminded: Boolean(is_reminded),
  // What is no percentage goes as it is, and is refused in the server's words.
  commission_percent: parsePercent(commission_percent || "0") ?? /** @type {number} */ (/** @type {unknown} */ (commission_percent)),
});

/** @param {Company | null} company @param {RatePlan[]} plans @param {() => void} done @param {AbortSignal} signal */
export const companyDialog = (company, plans, done, signal) =>
  formDialog(
    {
      title: company ? company.name : t("companies.add"),
      submit: t("action.save"),
      fields: (life) => [
        h(
          "div",
          { class: "field-pair" },
          field({ label: t("field.name"), name: "name" }, input({ value: company?.name ?? "", maxlength: 200, autofocus: true })),
          field(
            { label: t("field.kind"), name: "kind" },
            select(
              KINDS.map((value) => ({ value, label: t(`companies.${value}`) })),
              company?.kind ?? "company",
            ),
          ),
        ),
        h(
          "div",
          { class: "field-pair" },
          field({ label: t("companies.contact"), name: "contact_name" }, input({ value: company?.contact_name ?? "", maxlength: 200 })),
          field({ label: t("companies.tax_number"), name: "tax_number" }, input({ value: company?.tax_number ?? "", maxlength: 50 })),
        ),
        h(
          "div",
          { class: "field-pair" },
          field({ label: t("field.email"), name: "email" }, input({ type: "email", value: company?.email ?? "", maxlength: 254 })),
          field({ label: t("field.phone"), name: "phone_number" }, input({ type: "tel", value: company?.phone_number ?? "", maxlength: 50 })),
        ),
        field({ label: t("companies.address"), name: "address" }, textarea({ rows: 2, value: company?.address ?? "", maxlength: 500 })),
        h(
          "div",
          { class: "field-pair" },
          field({ label: t("companies.postal_code"), name: "postal_code" }, input({ value: company?.postal_code ?? "", maxlength: 20 })),
          field({ label: t("companies.city"), name: "city" }, input({ value: company?.city ?? "", maxlength: 100 })),
        ),
        h(
          "div",
          { class: "field-pair" },
          field({ label: t("companies.region"), name: "region" }, input({ value: company?.region ?? "", maxlength: 100 })),
          field({ label: t("companies.country"), name: "country" }, countrySelect(company?.country ?? "")),
        ),
        h(
          "details",
          { class: "unfolding", open: Boolean(company?.electronic_address || company?.registration_number) },
          h("summary", {}, t("companies.e_invoices")),
          h(
            "div",
            { class: "form" },
            field(
              { label: t("companies.registration_number"), name: "registration_number" },
              input({ value: company?.registration_number ?? "", maxlength: 50 }),
            ),
            h(
              "div",
              { class: "field-pair" },
              field(
                { label: t("companies.electronic_scheme"), name: "electronic_scheme", hint: t("companies.electronic_scheme_hint") },
                input({ value: company?.electronic_scheme ?? "", maxlength: 4 }),
              ),
              field(
                { label: t("companies.electronic_address"), name: "electronic_address" },
                input({ value: company?.electronic_address ?? "", maxlength: 50 }),
              ),
            ),
          ),
        ),
        may("manage") && termsFields(company, life),
        may("manage") &&
          plans.length > 0 &&
          h(
            "fieldset",
            { class: "choice", "data-field": "rate_plan_ids" },
            h("legend", {}, t("companies.plans")),
            plans.map(({ id, name }) => checkbox(name, `plan-${id}`, company?.rate_plan_ids.includes(id) ?? false)),
            h("p", { class: "field-error" }),
          ),
        field({ label: t("field.notes"), name: "notes" }, textarea({ rows: 2, value: company?.notes ?? "" })),
      ],
      send: async (values, key) => {
        const { name = "", kind } = values;
        const shown = new Set(plans.map(({ id }) => id));
        // What is not shown, a plan that is sold no more, stays agreed.
        const kept = (company?.rate_plan_ids ?? []).filter((id) => !shown.has(id));
        const wanted = {
          name,
          kind: /** @type {Company["kind"]} */ (kind),
          ...typed(values),
          ...(may("manage") && terms(values)),
          ...(may("manage") && plans.length > 0 && { rate_plan_ids: [...kept, ...plans.map(({ id }) => id).filter((id) => values[`plan-${id}`])] }),
        };
        if (company)
          await saveChange(
            () => api.patch("/api/companies/{id}", { id: company.id }, { ...wanted, version: company.version }),
            done,
          );
        else await api.post("/api/companies", {}, wanted, key);
        done();
      },
    },
    signal,
  );
