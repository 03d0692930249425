/**
 * The property as the programme knows it: who and where it is, its clock and money, its rules, and
 * the lists that the desk chooses from.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { pageHead } from "../../elements/page-head.js";
import { saveChange } from "../../failure.js";
import { amountInput, checkbox, field, formError, input, onSubmit, select, textarea, typedAmount } from "../../forms.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { currentLanguage, LANGUAGES, t } from "../../i18n.js";
import { may } from "../../places.js";
import { closePlanCard } from "./close-plan-card.js";
import { entryList } from "./entry-list.js";
import { localeOptions } from "./locales.js";
import { limitsCard } from "./limits-card.js";
import { networkCard } from "./network-card.js";
import { policyFields, readPolicy } from "./policy-fields.js";
import { currencyOptions, zoneOptions } from "./setup.js";

/** @typedef {import("innkeeper/api").SettingsView} Settings */
/** @typedef {import("../../dom.js").Child} Child */

const REQUIRABLE = /** @type {const} */ ([
  "email",
  "phone_number",
  "id_type",
  "id_number",
  "nationality",
  "birth_date",
]);

export const title = () => t("nav.settings");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export function render(_params, signal) {
  const cards = h("div", { class: "stack" });
  const offered = api.get("/api/setup", {}, signal);
  const refresh = keepFresh(
    cards,
    {
      areas: ["settings"],
      load: () => Promise.all([api.get("/api/settings", {}, signal), offered]),
      show: ([settings, { locales }]) => {
        const card = (/** @type {string} */ name, /** @type {Child} */ fields, /** @type {Read} */ read) =>
          settingsCard(name, fields, read, settings, () => void refresh(), signal);
        return [
          card(t("settings.property"), propertyFields(settings), readProperty),
          card(t("settings.money"), moneyFields(settings, locales), readMoney),
          card(t("settings.cash"), cashFields(settings, signal), ({ smallest_coin, usual_security, needs_shift }) => ({
            smallest_coin: smallest_coin ? typedAmount(smallest_coin) : 0,
            usual_security: usual_security ? typedAmount(usual_security) : 0,
            needs_shift: Boolean(needs_shift),
          })),
          card(t("settings.arrival"), arrivalFields(settings), (values) => ({
            check_in_time: values.check_in_time,
            check_out_time: values.check_out_time,
            required_guest_fields: REQUIRABLE.filter((name) => values[`needs_${name}`]),
            cots: values.cots ? Number(values.cots) : null,
          })),
          card(
            t("settings.policy"),
            [
              h("p", { class: "field-hint" }, t("settings.policy_hint")),
              policyFields(settings.policy, signal),
            ],
            (values) => ({ policy: readPolicy(values) }),
          ),
          card(
            t("settings.limits"),
            number(
              t("settings.rate_limit"),
              "rate_limit_per_minute",
              settings.rate_limit_per_minute,
              t("settings.rate_limit_hint"),
            ),
            ({ rate_limit_per_minute }) => ({ rate_limit_per_minute: Number(rate_limit_per_minute) }),
          ),
        ];
      },
      skeleton: () => skeletonLines(12),
    },
    signal,
  );
  return h(
    "div",
    { class: "page" },
    pageHead({
      title: t("nav.settings"),
      actions: [
        h("a", { class: "button", href: "/articles", "data-key": "articles" }, t("articles.title")),
        h("a", { class: "button", href: "/taxes", "data-key": "taxes" }, t("taxes.title")),
        h("a", { class: "button", href: "/account-codes", "data-key": "account-codes" }, t("codes.title")),
        h("a", { class: "button", href: "/invoices/setup", "data-key": "invoices" }, t("nav.invoices")),
        h("a", { class: "button", href: "/retention", "data-key": "retention" }, t("retention.title")),
      ],
    }),
    h(
      "div",
      { class: "settings-grid" },
      cards,
      h(
        "div",
        { class: "stack" },
        may("own") && closePlanCard(signal),
        may("own") && limitsCard(signal),
        may("own") && networkCard(signal),
        entryList("booking-sources", t("settings.sources"), signal),
        entryList("payment-methods", t("settings.methods"), signal),
      ),
    ),
  );
}

/** @typedef {(values: Record<string, string>) => Omit<import("innkeeper/api").SettingsChange, "version">} Read */

/** @type {Read} */
const readProperty = ({ name, address, phone, email }) => ({ name, address, phone, email });

/** @type {Read} */
const readMoney = ({ currency, time_zone, locale }) => ({
  currency,
  time_zone,
  locale: /** @type {import("innkeeper/api").Locale} */ (locale),
});

/**
 * @param {string} name
 * @param {Child} fields
 * @param {Read} read
 * @param {Settings} settings
 * @param {() => void} saved
 * @param {AbortSignal} signal
 */
function settingsCard(name, fields, read, settings, saved, signal) {
  const form = h(
    "form",
    { class: "card-body form" },
    fields,
    formError(),
    h("div", {}, h("button", { type: "submit", class: "button" }, t("action.save"))),
  );
  onSubmit(
    form,
    async (values) => {
      const now = await saveChange(
        () => api.patch("/api/settings", {}, { ...read(values), version: settings.version }),
        saved,
      );
      // The other cards may be half typed; they go on from here.
      settings.version = now.version;
      saved();
    },
    signal,
  );
  return h("section", { class: "card" }, h("header", { class: "card-head" }, h("h2", {}, name)), form);
}

/** @param {...Child} fields */
const pair = (...fields) => h("div", { class: "field-pair" }, fields);

/** @param {string} label @param {string} name @param {string} value @param {string} [type] */
const text = (label, name, value, type = "text") => field({ label, name }, input({ type, value }));

/** @param {string} label @param {string} name @param {number} value @param {string} [hint] */
const number = (label, name, value, hint) =>
  field({ label, name, ...(hint && { hint }) }, input({ type: "number", min: 0, value }));

/** @param {Settings} settings */
const propertyFields = (settings) => [
  text(t("setup.property_name"), "name", settings.name),
  field({ label: t("field.address"), name: "address" }, textarea({ rows: 2, value: settings.address })),
  pair(
    text(t("field.phone"), "phone", settings.phone, "tel"),
    text(t("field.email"), "email", settings.email, "email"),
  ),
];

/** "English and Bahasa Indonesia". @param {string[]} words */
const listed = (words) => new Intl.ListFormat(currentLanguage()).format(words);

/** @param {Settings} settings @param {string[]} locales */
const moneyFields = (settings, locales) => [
  pair(
    field({ label: t("field.currency"), name: "currency" }, select(currencyOptions(), settings.currency)),
    field({ label: t("field.time_zone"), name: "time_zone" }, select(zoneOptions(), settings.time_zone)),
  ),
  field(
    {
      label: t("field.locale"),
      name: "locale",
      hint: t("settings.locale_hint", { languages: listed(Object.values(LANGUAGES)) }),
    },
    select(localeOptions(locales), settings.locale),
  ),
];

/** @param {Settings} settings @param {AbortSignal} signal */
const cashFields = (settings, signal) => [
  field(
    { label: t("settings.smallest_coin"), name: "smallest_coin", hint: t("settings.smallest_coin_hint") },
    amountInput(settings.smallest_coin || null, { signal }),
  ),
  field(
    { label: t("settings.usual_security"), name: "usual_security", hint: t("settings.usual_security_hint") },
    amountInput(settings.usual_security || null, { signal }),
  ),
  checkbox(t("settings.needs_shift"), "needs_shift", settings.needs_shift),
];

/** @param {Settings} settings */
const arrivalFields = (settings) => [
  pair(
    text(t("settings.check_in_time"), "check_in_time", settings.check_in_time, "time"),
    text(t("settings.check_out_time"), "check_out_time", settings.check_out_time, "time"),
  ),
  field(
    { label: t("settings.cots"), name: "cots", hint: t("settings.cots_hint") },
    input({ type: "number", min: 0, max: 1000, value: settings.cots ?? "" }),
  ),
  h(
    "fieldset",
    { class: "choice" },
    h("legend", {}, t("settings.required")),
    REQUIRABLE.map((name) =>
      checkbox(t(FIELD_LABELS[name]), `needs_${name}`, settings.required_guest_fields.includes(name)),
    ),
  ),
];

/** @type {Record<(typeof REQUIRABLE)[number], import("../../i18n.js").Key>} */
const FIELD_LABELS = {
  email: "field.email",
  phone_number: "field.phone",
  id_type: "field.id_document",
  id_number: "field.id_number",
  nationality: "field.nationality",
  birth_date: "field.birth_date",
};
