/**
 * The words of the UI. Every sentence comes from a catalogue, `i18n/<language>/<area>.js`, where the areas are
 * those of the pages; only the language spoken is loaded. Another language is one more folder with its name
 * below; the tests say what it lacks.
 */

/** @typedef {keyof typeof import("./i18n/en.js").words} Key */
/**
 * @template {string} K
 * @typedef {K extends `${infer Stem}.other` ? Stem : never} StemOf
 */
/** @typedef {StemOf<Key>} PluralStem */

/** Each in its own words, for who looks for theirs. */
export const LANGUAGES = { en: "English", id: "Bahasa Indonesia" };

/** A matter of this browser, as the theme is. */
const KEPT = "innkeeper.language";
/** @type {Record<string, string>} */
let words = {};
let language = "";
let plurals = new Intl.PluralRules("en");

export const currentLanguage = () => language;

/** @param {string} choice a language, or nothing to follow the browser again */
export const keepLanguage = (choice) => localStorage.setItem(KEPT, choice);

/**
 * Settles the language: the one chosen in this browser, then the browser's own, then the property's.
 * @param {string} [property_locale]
 */
export async function speak(property_locale) {
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages, property_locale, "en"];
  const found = wanted.map((tag) => tag?.split("-")[0] ?? "").find((tag) => tag in LANGUAGES) ?? "en";
  if (found === language) return;
  ({ words } = await import(`./i18n/${found}.js`));
  language = found;
  plurals = new Intl.PluralRules(language);
  document.documentElement.lang = language;
}

/**
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values) {
  const text = words[key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)) : text;
}

/**
 * "1 night", "3 nights".
 * @param {PluralStem} stem
 * @param {number} count
 */
export function tn(stem, count) {
  const form = `${stem}.${plurals.select(count)}`;
  return t(/** @type {Key} */ (form in words ? form : `${stem}.other`), { count });
}
