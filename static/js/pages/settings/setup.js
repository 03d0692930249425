/**
 * The first run: the property and its owner, then room types with their rooms, then a hotel to sell.
 */
import { api } from "../../api.js";
import { h, swap } from "../../dom.js";
import { showFailure } from "../../failure.js";
import { checkbox, field, formError, input, onSubmit, select } from "../../forms.js";
import { currentLanguage, t } from "../../i18n.js";
import { session } from "../../store.js";
import { entrance } from "../users/entrance.js";
import { likelyLocale, localeOptions } from "./locales.js";
import { roomSetup } from "./setup-rooms.js";

export const title = () => t("setup.title");

/**
 * The likely currency of a country, only to spare a search in a long list.
 * @type {Record<string, string>}
 */
const CURRENCY_OF = {
  ID: "IDR",
  US: "USD",
  GB: "GBP",
  CH: "CHF",
  JP: "JPY",
  AU: "AUD",
  CA: "CAD",
  IN: "INR",
  TH: "THB",
  MY: "MYR",
  SG: "SGD",
  PH: "PHP",
  VN: "VND",
  BR: "BRL",
  MX: "MXN",
  SE: "SEK",
  NO: "NOK",
  DK: "DKK",
  PL: "PLN",
  CZ: "CZK",
  TR: "TRY",
  ZA: "ZAR",
  KE: "KES",
  MA: "MAD",
  EG: "EGP",
  AE: "AED",
  NZ: "NZD",
  AR: "ARS",
  CL: "CLP",
  CN: "CNY",
  CO: "COP",
  CR: "CRC",
  HK: "HKD",
  HU: "HUF",
  IL: "ILS",
  IR: "IRR",
  IS: "ISK",
  KR: "KRW",
  PE: "PEN",
  RO: "RON",
  RS: "RSD",
  TW: "TWD",
  UA: "UAH",
};

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export async function render(_params, signal) {
  const body = h("div", { class: "setup" });
  const rooms = () => {
    swap(body, steps(2), roomSetup(signal));
    body.querySelector("input")?.focus();
  };
  if (session.user) rooms();
  else {
    const state = await api.get("/api/setup", {}, signal);
    swap(body, steps(1), propertyForm(state, rooms, signal));
  }
  return entrance(body);
}

/** @param {number} current */
const steps = (current) =>
  h(
    "ol",
    { class: "steps", "aria-label": t("setup.steps") },
    [t("setup.step_property"), t("word.rooms")].map((name, i) =>
      h(
        "li",
        { "aria-current": i + 1 === current ? "step" : null, class: i + 1 < current ? "is-done" : "" },
        name,
      ),
    ),
  );

/** @param {string} kind */
const known = (kind) => Intl.supportedValuesOf(/** @type {"currency" | "timeZone"} */ (kind));

export function currencyOptions() {
  const names = new Intl.DisplayNames(currentLanguage(), { type: "currency" });
  return known("currency").map((code) => ({ value: code, label: `${code} · ${names.of(code) ?? code}` }));
}

/** @param {string} locale */
const likelyCurrency = (locale) => CURRENCY_OF[new Intl.Locale(locale).region ?? ""] ?? "EUR";

export function zoneOptions() {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = known("timeZone");
  return (zones.includes(here) ? zones : [here, ...zones]).map((zone) => ({
    value: zone,
    label: zone.replaceAll("_", " "),
  }));
}

/**
 * Keeps a choice likely for the time zone until somebody makes it.
 * @param {HTMLSelectElement} zone
 * @param {HTMLSelectElement} choice
 * @param {() => string} likely
 * @param {AbortSignal} signal
 */
function follow(zone, choice, likely, signal) {
  let is_chosen = false;
  choice.addEventListener("change", () => (is_chosen = true), { signal });
  zone.addEventListener("change", () => is_chosen || (choice.value = likely()), { signal });
}

/**
 * @param {import("innkeeper/api").SetupState} state
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function propertyForm({ code_required, locales }, done, signal) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = select(zoneOptions(), here);
  const likely = likelyLocale(locales, here);
  const locale = select(localeOptions(locales), likely);
  const currency = select(currencyOptions(), likelyCurrency(likely));
  follow(zone, locale, () => likelyLocale(locales, zone.value), signal);
  follow(zone, currency, () => likelyCurrency(likelyLocale(locales, zone.value)), signal);
  const form = h(
    "form",
    { class: "form" },
    h("h1", {}, t("setup.welcome")),
    h("p", { class: "entrance-lead" }, t("setup.lead")),
    field(
      { label: t("setup.property_name"), name: "property_name" },
      input({ autocomplete: "organization", autofocus: true }),
    ),
    h(
      "div",
      { class: "field-pair" },
      field({ label: t("field.currency"), name: "currency" }, currency),
      field({ label: t("field.time_zone"), name: "time_zone" }, zone),
    ),
    field({ label: t("field.locale"), name: "locale" }, locale),
    checkbox(t("setup.closes_itself"), "closes_itself"),
    h("p", { class: "field-hint" }, t("setup.closes_itself_hint")),
    h("h2", { class: "form-title" }, t("setup.owner")),
    field({ label: t("setup.full_name"), name: "full_name" }, input({ autocomplete: "name" })),
    h(
      "div",
      { class: "field-pair" },
      field(
        { label: t("field.username"), name: "username" },
        input({ autocomplete: "username", autocapitalize: "none" }),
      ),
      field(
        { label: t("field.password"), name: "password", hint: t("field.password_hint") },
        input({ type: "password", autocomplete: "new-password" }),
      ),
    ),
    code_required &&
      field(
        { label: t("setup.code"), name: "code", hint: t("setup.code_hint") },
        input({ autocomplete: "one-time-code" }),
      ),
    formError(),
    h("button", { type: "submit", class: "button button-primary button-wide" }, t("setup.submit")),
  );
  onSubmit(
    form,
    async (values, key) => {
      await api.post("/api/setup", {}, readSetup(values), key);
      // The hotel is there whether this goes through or not; Settings asks for it as well.
      if (values.closes_itself) await api.patch("/api/day-close/plan", {}, { is_on: true }).catch(showFailure);
      document.dispatchEvent(new Event("innkeeper:signed-in"));
      done();
    },
    signal,
  );
  return form;
}

/**
 * @param {Record<string, string>} values
 * @returns {import("innkeeper/api").SetupRequest}
 */
const readSetup = ({ property_name, currency, time_zone, locale, full_name, username, password, code }) => ({
  property_name,
  currency,
  time_zone,
  locale: /** @type {import("innkeeper/api").Locale} */ (locale),
  full_name,
  username,
  password,
  ...(code && { code }),
});
