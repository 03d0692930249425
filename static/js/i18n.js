/**
 * The words of the UI. Every sentence comes from a catalogue under `i18n/`; a key that is not in the
 * English one does not pass the type check.
 */
import { en } from "./i18n/en.js";

/** @typedef {keyof typeof en} Key */
/**
 * @template {string} K
 * @typedef {K extends `${infer Stem}.other` ? Stem : never} StemOf
 */
/** @typedef {StemOf<Key>} PluralStem */

/** @type {Partial<Record<Key, string>>} */
const words = en;
const plurals = new Intl.PluralRules("en");

/**
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values) {
  const text = words[key] ?? en[key];
  return values ? text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole)) : text;
}

/**
 * "1 night", "3 nights".
 * @param {PluralStem} stem
 * @param {number} count
 */
export function tn(stem, count) {
  const one = /** @type {Key} */ (`${stem}.one`);
  const other = /** @type {Key} */ (`${stem}.other`);
  return t(plurals.select(count) === "one" && one in en ? one : other, { count });
}
