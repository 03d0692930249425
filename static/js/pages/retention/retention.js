/**
 * How long guests' data are kept: the rules, and whose data the coming night will erase by them, before it does.
 */
import { api } from "../../api.js";
import { debounce, h } from "../../dom.js";
import { dataTable } from "../../elements/data-table.js";
import { pageHead } from "../../elements/page-head.js";
import { saveChange } from "../../failure.js";
import { checkbox, field, formError, input, onSubmit } from "../../forms.js";
import { formatDate, formatDecimal } from "../../format.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").RetentionView} Rules */
/** @typedef {import("innkeeper/api").RetentionDueView} Due */

const TYPING_REST_MS = 400;
/** As many as the server lists. */
const LISTED = 1000;

export const title = () => t("retention.title");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export function render(_params, signal) {
  const form = h("div", { class: "card-body" });
  const due = h("div", { class: "stack" });
  /** What is typed and not saved yet; `null` = the rules in force. @type {{ profile_years: string, registration_months: string } | null} */
  let typed = null;
  const refreshDue = keepFresh(
    due,
    {
      areas: ["retention", "guests", "reservations", "payments"],
      load: async () => {
        const rules = await api.get("/api/retention", {}, signal);
        const looked = typed && !(typed.profile_years || typed.registration_months) ? null : (typed ?? {});
        const found = looked && (await api.get("/api/retention/due", given(looked), signal));
        return { rules, found, is_typed: typed !== null };
      },
      show: ({ rules, found, is_typed }) => dueCards(rules, found, is_typed),
      skeleton: () => skeletonLines(6),
    },
    signal,
  );
  const lookAgain = debounce(() => void refreshDue(), TYPING_REST_MS, signal);
  const refresh = keepFresh(
    form,
    {
      areas: ["retention"],
      load: () => api.get("/api/retention", {}, signal),
      show: (rules) =>
        rulesForm(
          rules,
          ({ profile_years = "", registration_months = "" }) => {
            typed = { profile_years, registration_months };
            lookAgain();
          },
          () => {
            typed = null;
            void refresh();
            void refreshDue();
          },
          signal,
        ),
      skeleton: () => skeletonLines(6),
    },
    signal,
  );
  return h(
    "div",
    { class: "page" },
    pageHead({ title: t("retention.title"), lead: t("retention.lead") }),
    h(
      "div",
      { class: "settings-grid" },
      h("section", { class: "card" }, h("header", { class: "card-head" }, h("h2", {}, t("retention.rules"))), form),
      due,
    ),
  );
}

/** What of two numbers is one. @param {{ profile_years?: string, registration_months?: string }} typed */
const given = ({ profile_years, registration_months }) => ({
  ...(profile_years && { profile_years: Number(profile_years) }),
  ...(registration_months && { registration_months: Number(registration_months) }),
});

/**
 * @param {Rules} rules
 * @param {(values: Record<string, string>) => void} look
 * @param {() => void} saved
 * @param {AbortSignal} signal
 */
function rulesForm(rules, look, saved, signal) {
  const law = rules.law_months !== null && t("retention.law_months", { months: rules.law_months });
  /** @param {"profile_years" | "registration_months" | "invoice_years"} name @param {number} max */
  const number = (name, max) =>
    field(
      { label: t(`retention.${name}`), name, hint: [t(`retention.${name}_hint`), name === "registration_months" && law].filter(Boolean).join(" ") },
      input({ type: "number", min: 1, max, required: name === "invoice_years", value: rules[name] ?? "" }),
    );
  const form = h(
    "form",
    {
      class: "form",
      signal,
      oninput: () => look(/** @type {Record<string, string>} */ (Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (form))))),
    },
    number("profile_years", 50),
    number("registration_months", 240),
    number("invoice_years", 50),
    checkbox(t("retention.is_on"), "is_on", rules.is_on),
    h("p", { class: "field-hint" }, t("retention.is_on_hint")),
    formError(),
    h("div", {}, h("button", { type: "submit", class: "button" }, t("action.save"))),
  );
  onSubmit(
    form,
    async ({ profile_years, registration_months, invoice_years, is_on }) => {
      const change = {
        is_on: Boolean(is_on),
        profile_years: profile_years ? Number(profile_years) : null,
        registration_months: registration_months ? Number(registration_months) : null,
        invoice_years: Number(invoice_years),
        version: rules.version,
      };
      await saveChange(() => api.patch("/api/retention", {}, change), saved);
      saved();
    },
    signal,
  );
  return form;
}

/** @param {Rules} rules @param {Due | null} found @param {boolean} is_typed */
function dueCards(rules, found, is_typed) {
  const is_for_real = rules.is_on && !is_typed;
  const profiles = found?.profiles ?? [];
  const registrations = found?.registrations ?? [];
  const lead = is_for_real ? t("retention.tonight_on") : is_typed ? t("retention.tonight_typed") : t("retention.tonight_off");
  return [
    h(
      "section",
      { class: "card table-card" },
      cardHead(t("retention.profiles"), found?.profile_count ?? 0),
      h("p", { class: "card-body field-hint" }, lead),
      profiles.length
        ? dataTable(
            [
              { label: t("field.guest"), kind: "main", cell: ({ id, full_name }) => h("a", { href: `/guests/${id}` }, full_name) },
              {
                label: t("retention.last_stay"),
                cell: ({ last_stay_date }) => (last_stay_date ? formatDate(last_stay_date, "year") : t("retention.never_stayed")),
              },
            ],
            profiles,
          )
        : empty("people", t("retention.nobody"), t("retention.nobody_text")),
    ),
    registrations.length > 0 &&
      h(
        "section",
        { class: "card table-card" },
        cardHead(t("retention.registrations"), found?.registration_count ?? 0),
        dataTable(
          [
            {
              label: t("retention.booking"),
              kind: "main",
              cell: ({ reservation_id, confirmation_number }) => h("a", { href: `/reservations/${reservation_id}` }, confirmation_number),
            },
            { label: t("field.departure"), cell: ({ check_out_date }) => formatDate(check_out_date, "year") },
          ],
          registrations,
        ),
      ),
  ];
}

/** @param {string} name @param {number} count */
const cardHead = (name, count) =>
  h(
    "header",
    { class: "card-head" },
    h("h2", {}, name),
    h("span", { class: "count" }, count > LISTED ? `${formatDecimal(LISTED)}+` : formatDecimal(count)),
  );
