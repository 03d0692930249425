/**
 * How dates and amounts are written: what the server offers, by country, and the likely choice.
 */
import { formatSample } from "../../format.js";
import { currentLanguage } from "../../i18n.js";

/** @param {string[]} locales @returns {{ value: string, label: string }[]} */
export function localeOptions(locales) {
  const countries = new Intl.DisplayNames(currentLanguage(), { type: "region" });
  const languages = new Intl.DisplayNames(currentLanguage(), { type: "language" });
  return locales
    .map((value) => {
      const { language, region = "" } = new Intl.Locale(value);
      const label = `${countries.of(region)} (${languages.of(language)}) · ${formatSample(value)}`;
      return { value, label };
    })
    .sort((a, b) => a.label.localeCompare(b.label, currentLanguage()));
}

/**
 * Those of the country whose clock the hotel has, in a language of this browser where there is one;
 * otherwise as this browser's own country writes.
 * @param {string[]} locales
 * @param {string} time_zone
 */
export function likelyLocale(locales, time_zone) {
  const here = locales.filter((tag) => zonesOf(tag).includes(time_zone));
  const wanted = navigator.languages.map((tag) => new Intl.Locale(tag).maximize());
  const speaks = (/** @type {string} */ tag) =>
    wanted.some(({ language }) => new Intl.Locale(tag).language === language);
  const own = wanted.map(({ language, region }) => `${language}-${region}`).find((tag) => locales.includes(tag));
  return here.find(speaks) ?? here[0] ?? own ?? locales.find(speaks) ?? "en-GB";
}

/**
 * The time zones of a tag's country, where the browser knows them.
 * @param {string} tag
 * @returns {string[]}
 */
function zonesOf(tag) {
  const locale = /** @type {Intl.Locale & { getTimeZones?: () => string[], timeZones?: string[] }} */ (
    new Intl.Locale(tag)
  );
  return locale.getTimeZones?.() ?? locale.timeZones ?? [];
}
