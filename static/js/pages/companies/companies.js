/**
 * Companies whose people stay and agents who send guests: whom to write to, and which rate plans were
 * agreed with them.
 */
import { api } from "../../api.js";
import { ratePlans } from "../../choices.js";
import { countrySelect } from "../../countries.js";
import { debounce, h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { rowMenu } from "../../elements/menu.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { saveChange, showFailure } from "../../failure.js";
import { checkbox, field, formDialog, input, select, textarea } from "../../forms.js";
import { empty } from "../../fresh.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { editRouting } from "../folio/routing.js";

/** @typedef {import("innkeeper/api").CompanyView} Company */
/** @typedef {import("innkeeper/api").RatePlanView} RatePlan */

const KINDS = /** @type {const} */ (["company", "agent"]);
const SEARCH_REST_MS = 200;
const PAGE_SIZE = 25;

export const title = () => t("companies.title");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  /** @type {Record<string, string>} */
  const filters = { q: params.q ?? "", page: params.page ?? "" };
  /** @type {RatePlan[]} */
  let plans = [];
  const { element, change, refresh } = pagedList(
    filters,
    {
      areas: ["companies", "rates"],
      load: async () => {
        const [found, all] = await Promise.all([api.get("/api/companies", { ...filters, page_size: PAGE_SIZE }, signal), ratePlans()]);
        plans = all.filter(({ is_for_companies }) => is_for_companies);
        return found;
      },
      rows: (companies) => table(companies, plans, () => void refresh(), signal),
      none: () =>
        filters.q
          ? empty("search", t("companies.none_found"), t("companies.none_found_text"))
          : empty("people", t("companies.none"), t("companies.none_text")),
    },
    signal,
  );
  const box = h("input", {
    type: "search",
    class: "input",
    value: filters.q,
    placeholder: t("companies.search"),
    "aria-label": t("companies.search"),
    signal,
    oninput: debounce(() => change({ q: box.value.trim() }), SEARCH_REST_MS, signal),
  });
  const add = () => companyDialog(null, plans, () => void refresh(), signal);
  const action =
    may("desk") && button({ label: t("companies.add"), sign: "plus", look: "primary", key: "add-company", signal, onclick: add });
  return h(
    "div",
    { class: "page" },
    pageHead({ title: t("companies.title"), lead: t("companies.lead"), actions: [action] }),
    h("div", { class: "filters" }, h("div", { class: "search-field" }, icon("search"), box)),
    element,
  );
}

/** @param {Company[]} companies @param {RatePlan[]} plans @param {() => void} done @param {AbortSignal} signal */
const table = (companies, plans, done, signal) =>
  dataTable(
    [
      {
        label: t("field.name"),
        kind: "main",
        cell: ({ id, name, kind }) => [
          h("a", { href: `/reservations?company_id=${id}`, title: t("companies.bookings") }, name),
          kind === "agent" && h("span", { class: "chip" }, t("companies.agent")),
        ],
      },
      { label: t("companies.contact"), cell: contactWords },
      { label: t("companies.tax_number"), cell: ({ tax_number }) => tax_number },
      {
        label: t("prices.plans"),
        kind: "words",
        cell: ({ rate_plan_ids }) =>
          plans
            .filter(({ id }) => rate_plan_ids.includes(id))
            .map(({ name }) => name)
            .join(", "),
      },
      ...(companies.every(({ is_active }) => is_active)
        ? []
        : [
            {
              label: t("field.state"),
              cell: (/** @type {Company} */ { is_active }) => (is_active ? "" : t("word.inactive")),
            },
          ]),
      ...(may("desk")
        ? [
            {
              label: t("word.more"),
              kind: /** @type {const} */ ("menu"),
              cell: (/** @type {Company} */ company) =>
                rowMenu(
                  company.name,
                  `company-${company.id}`,
                  [
                    { label: t("action.edit"), sign: "edit", run: () => companyDialog(company, plans, done, signal) },
                    { label: t("companies.pays"), run: () => void editPays(company, done, signal) },
                    {
                      label: company.is_active ? t("action.deactivate") : t("action.reactivate"),
                      sign: company.is_active ? "ban" : "undo",
                      run: () => void activate(company).then(done, showFailure),
                    },
                  ],
                  signal,
                ),
            },
          ]
        : []),
    ],
    companies,
  );

/** @param {Company} company */
function contactWords({ contact_name, email, phone_number }) {
  const lines = [contact_name, email, phone_number].filter(Boolean);
  return lines.length > 0 && h("div", { class: "wraps" }, lines.map((words) => h("div", {}, words)));
}

/** What it pays of its stays from now on. @param {Company} company @param {() => void} done @param {AbortSignal} signal */
async function editPays({ id, name }, done, signal) {
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
const activate = ({ id, is_active, version }) =>
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

/** @param {Company | null} company @param {RatePlan[]} plans @param {() => void} done @param {AbortSignal} signal */
const companyDialog = (company, plans, done, signal) =>
  formDialog(
    {
      title: company ? company.name : t("companies.add"),
      submit: t("action.save"),
      fields: () => [
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
