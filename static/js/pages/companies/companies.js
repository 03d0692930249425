/**
 * Companies whose people stay and agents who send guests: whom to write to, and which rate plans were
 * agreed with them.
 */
import { api } from "../../api.js";
import { ratePlans } from "../../choices.js";
import { debounce, h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { rowMenu } from "../../elements/menu.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { showFailure } from "../../failure.js";
import { empty } from "../../fresh.js";
import { formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { activate, companyDialog, editPays } from "./company-form.js";

/** @typedef {import("innkeeper/api").CompanyView} Company */
/** @typedef {import("innkeeper/api").RatePlanView} RatePlan */

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
    pageHead({ title: t("companies.title"), lead: t("companies.lead"), actions: [h("a", { class: "button", href: "/accounts", "data-key": "accounts" }, t("accounts.title")), action] }),
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
          h("a", { class: "row-link", href: `/companies/${id}` }, name),
          kind === "agent" && h("span", { class: "chip" }, t("companies.agent")),
        ],
      },
      { label: t("companies.contact"), cell: contactWords },
      { label: t("companies.tax_number"), cell: ({ tax_number }) => tax_number },
      { label: t("word.balance"), kind: "number", cell: ({ balance }) => (balance ? formatMoney(balance) : "–") },
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
