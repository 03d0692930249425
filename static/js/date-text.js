/**
 * Reading a date as people type it: `26/11` in the hotel's order, `26 nov`, `fri`, `tomorrow`, `+3`.
 */
import { addDays, daysBetween, forIntl, isDate, weekday } from "./dates.js";
import { LEGIBLE, latinDigits, locale, spokenLocale, straight } from "./format.js";
import { LANGUAGES, t } from "./i18n.js";

/** @typedef {import("./types.js").DateText} DateText */
/**
 * Which year is meant where none is typed: the one that makes the date the next, the nearest or the last of
 * that day. `typed`: none is guessed, nor a century, as of a birth.
 * @typedef {"coming" | "nearest" | "past" | "typed"} YearMeant
 */
/** What is counted from. @typedef {{ today: DateText, base?: DateText, year?: YearMeant }} Ground */
/** A name and what it stands for; of several languages. @typedef {[name: string, value: number][]} Names */
/** `order` is that of a whole date, `short` of one without its year. @typedef {{ order: string, short: string, months: Names, weekdays: Names, days: Names }} Words */

/** What stands between the parts of a date and says nothing. */
const FILLERS = new Set(["st", "nd", "rd", "th", "of", "de", "del"]);
/** A leap day comes back after eight years at the latest. */
const YEARS_AROUND = Array.from({ length: 17 }, (_, i) => i - 8);
/** Some Sunday, to name the days of the week by. */
const SUNDAY = "2024-01-07";

/** Letters without capitals, accents and points. @param {string} text */
const plain = (text) => text.normalize("NFKD").replace(/[\p{M}.]/gu, "").toLowerCase().trim();

/** @type {Map<string, Words>} */
const known = new Map();

/** Names are understood in the pages' languages and in the hotel's own; figures in the hotel's order. */
function words() {
  const tags = [...new Set([spokenLocale(), locale(), ...Object.keys(LANGUAGES)])];
  const key = tags.join();
  const found = known.get(key) ?? { order: orderOf({ year: "numeric" }), short: orderOf({}), ...namesIn(tags) };
  known.set(key, found);
  return found;
}

/** @param {string} tag @param {Intl.DateTimeFormatOptions} options */
const intl = (tag, options) => new Intl.DateTimeFormat(tag, { ...LEGIBLE, timeZone: "UTC", ...options });

/** "dmy", "mdy", "ymd", "dm" or "md": in Sweden 2026-11-26, but 26/11. @param {Intl.DateTimeFormatOptions} more */
const orderOf = (more) =>
  intl(locale(), { day: "numeric", month: "numeric", ...more })
    .formatToParts()
    .filter(({ type }) => ["day", "month", "year"].includes(type))
    .map(({ type }) => type.charAt(0))
    .join("");

/** @param {string[]} tags */
function namesIn(tags) {
  /** @type {{ months: Names, weekdays: Names, days: Names }} */
  const names = { months: [], weekdays: [], days: [] };
  const note = (/** @type {Names} */ list, /** @type {string} */ name, /** @type {number} */ value) => {
    if (!/\d/.test(latinDigits(name))) list.push([plain(name), value]);
  };
  for (const tag of tags) {
    for (const style of /** @type {const} */ (["long", "short"])) {
      // A month beside its day is another form of the word in some languages.
      for (const month of [intl(tag, { month: style }), intl(tag, { month: style, day: "numeric" })])
        for (let at = 1; at <= 12; at += 1) {
          const parts = month.formatToParts(forIntl(`2024-${String(at).padStart(2, "0")}-01`));
          note(names.months, parts.find(({ type }) => type === "month")?.value ?? "", at);
        }
      for (let at = 0; at < 7; at += 1)
        note(names.weekdays, intl(tag, { weekday: style }).format(forIntl(addDays(SUNDAY, at))), at);
    }
    const days = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
    for (let at = -2; at <= 2; at += 1) note(names.days, days.format(at, "day"), at);
  }
  return names;
}

/**
 * What a name stands for: written out, or else its beginning, where that leaves no doubt.
 * @param {Names} names
 * @param {string} word
 * @param {number} least letters of a beginning
 */
function named(names, word, least) {
  const exact = new Set(names.filter(([name]) => name === word).map(([, value]) => value));
  const begun = new Set(names.filter(([name]) => name.startsWith(word)).map(([, value]) => value));
  const [found, ...others] = exact.size || word.length < least ? exact : begun;
  return others.length ? undefined : found;
}

/**
 * The date that is meant; empty where the text is none.
 * @param {string} text
 * @param {Ground} ground `base`: what `+3` and days of the week are counted from, today when left out
 * @returns {DateText | ""}
 */
export function readDate(text, { today, base = today, year = "coming" }) {
  const typed = plain(latinDigits(straight(text)).replace(/(\d)\./g, "$1 "));
  const steps = /^([+-]) ?(\d{1,4})$/.exec(typed);
  if (steps) return addDays(base, Number(`${steps[1]}${steps[2]}`));
  const away = named(words().days, typed, Infinity);
  if (away !== undefined) return addDays(today, away);
  if (!/^[\d\p{L}\s/,'’-]+$/u.test(typed)) return "";
  const figures = typed.match(/\d+/g) ?? [];
  const names = (typed.match(/\p{L}+/gu) ?? []).filter((word) => !figures.length || !FILLERS.has(word));
  return figures.length ? ofFigures(figures, names, { today, base, year }) : nextOf(names, { today, base, year });
}

/** The day of the week, next or last. @param {string[]} names @param {Required<Ground>} ground */
function nextOf([name = "", ...more], { today, base, year }) {
  const day = more.length ? undefined : named(words().weekdays, name, 2);
  if (day === undefined || year === "typed") return "";
  if (year === "past") return addDays(today, -((weekday(today) - day + 6) % 7) - 1);
  return addDays(base, ((day - weekday(base) + 6) % 7) + 1);
}

/** @param {string[]} figures @param {string[]} names @param {Required<Ground>} ground */
function ofFigures(figures, names, ground) {
  const months = names.map((name) => named(words().months, name, 3)).filter((month) => month !== undefined);
  // The day of the week says nothing more.
  const others = names.filter((name) => named(words().months, name, 3) === undefined);
  if (months.length > 1 || others.some((name) => named(words().weekdays, name, 2) === undefined)) return "";
  const parts = months.length ? beside(figures, months[0] ?? 0) : inOrder(figures);
  return parts ? settle(parts, ground) : "";
}

/** @typedef {{ day: string, month: string, year: string }} Parts */

/** @param {string[]} figures beside a month's name @param {number} month @returns {Parts | null} */
function beside(figures, month) {
  if (figures.length > 2) return null;
  const [day = "", year = ""] = figures[0]?.length === 4 ? [...figures].reverse() : figures;
  return { day, month: String(month), year };
}

/** @param {string[]} figures @returns {Parts | null} */
function inOrder(figures) {
  const [first = "", ...more] = figures;
  const { order, short } = words();
  if (!more.length) {
    const wanted = first.length === 4 ? short : order.replace("y", first.length === 8 ? "yyyy" : "yy");
    const digits = wanted.replace("d", "dd").replace("m", "mm");
    if (digits.length !== first.length) return null;
    const of = (/** @type {string} */ part) => first.slice(digits.indexOf(part), digits.lastIndexOf(part) + 1);
    return { day: of("d"), month: of("m"), year: digits.includes("y") ? of("y") : "" };
  }
  if (figures.length > 3) return null;
  const sequence = first.length === 4 ? "ymd" : more.length === 1 ? short : order;
  if (sequence.length !== figures.length) return null;
  const at = (/** @type {string} */ part) => figures[sequence.indexOf(part)] ?? "";
  return { day: at("d"), month: at("m"), year: at("y") };
}

/** @param {Parts} parts @param {Required<Ground>} ground @returns {DateText | ""} */
function settle({ day, month, year }, { today, base, year: meant }) {
  if (day.length > 2 || month.length > 2) return "";
  const of = (/** @type {string} */ full) => {
    const date = `${full}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
    return isDate(date) ? date : "";
  };
  if (year.length === 4) return of(year);
  if (meant === "typed") return "";
  if (year) return year.length === 2 ? of(`${today.slice(0, 2)}${year}`) : "";
  const dates = YEARS_AROUND.map((more) => of(String(Number(base.slice(0, 4)) + more))).filter(Boolean);
  if (meant === "coming") return dates.find((date) => date >= base) ?? "";
  if (meant === "past") return dates.findLast((date) => date <= today) ?? "";
  const away = (/** @type {DateText} */ date) => Math.abs(daysBetween(today, date));
  return dates.sort((a, b) => away(a) - away(b))[0] ?? "";
}

/** What is said of a text that is no date, with examples to go by. @param {YearMeant} year @param {DateText} today */
export function unreadable(year, today) {
  const is_full = year === "typed";
  const date = is_full ? "1985-11-26" : today;
  const shown = (/** @type {string} */ tag, /** @type {"numeric" | "short"} */ month) =>
    straight(intl(tag, { day: "numeric", month, ...(is_full && { year: "numeric" }) }).format(forIntl(date)));
  const examples = { figures: shown(locale(), "numeric"), words: shown(spokenLocale(), "short") };
  return t(is_full ? "date.unreadable_full" : "date.unreadable", examples);
}
