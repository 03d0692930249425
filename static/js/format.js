/**
 * Showing and reading amounts, dates and instants in the property's locale and currency.
 * The one place that knows Intl. Amounts are added in minor units, never as fractions.
 */
import { forIntl } from "./dates.js";
import { currentLanguage } from "./i18n.js";
import { businessDate, session } from "./store.js";

/** @typedef {import("./types.js").DateText} DateText */
/** @typedef {import("innkeeper/api").Amount} Amount */

/** @type {Map<string, Intl.DateTimeFormat | Intl.NumberFormat>} */
const formatters = new Map();
/** @type {Map<string, string>} */
const spoken = new Map();

/** How the hotel writes amounts, and dates in figures. */
export const locale = () => session.property?.locale || navigator.language || "en-GB";
const exponent = () => session.property?.currency_exponent ?? 2;
/** How many decimals amounts have. */
export const currencyDecimals = exponent;

/**
 * The page's words in the order of the hotel's country: for a hotel in Germany English dates read
 * "26 Nov", and Indonesian ones never have an English month in them.
 */
export function spokenLocale() {
  const [language, hotel] = [currentLanguage() || "en", locale()];
  const key = `${language} ${hotel}`;
  let found = spoken.get(key);
  if (!found) {
    const region = new Intl.Locale(hotel).maximize().region;
    const { locale: tag } = new Intl.DateTimeFormat(`${language}-${region}`).resolvedOptions();
    // A country that English has no customs for would get those of America.
    found = tag === "en" ? "en-GB" : tag;
    spoken.set(key, found);
  }
  return found;
}

/** What can be typed can be read: our calendar and our digits, whatever else the country has. */
export const LEGIBLE = /** @type {const} */ ({ calendar: "gregory", numberingSystem: "latn" });

/** @param {Intl.DateTimeFormatOptions} options */
function dates(options) {
  const tag = spokenLocale();
  const key = `d${tag}${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) formatters.set(key, (found = new Intl.DateTimeFormat(tag, { ...LEGIBLE, ...options })));
  return /** @type {Intl.DateTimeFormat} */ (found);
}

/** @param {Intl.NumberFormatOptions} options @param {string} [tag] */
function numbers(options, tag = locale()) {
  const key = `n${tag}${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found)
    formatters.set(key, (found = new Intl.NumberFormat(tag, { numberingSystem: "latn", ...options })));
  return /** @type {Intl.NumberFormat} */ (found);
}

/** Without the marks that turn the direction of writing: the pages have one direction. @param {string} text */
export const straight = (text) => text.replace(/[\u061c\u200e\u200f]/g, "");

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const DATE_STYLES = {
  day: { day: "numeric", month: "short" },
  short: { day: "numeric", month: "short" },
  weekday: { weekday: "short", day: "numeric", month: "short" },
  list: { weekday: "short", day: "numeric", month: "short" },
  full: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  year: { day: "numeric", month: "short", year: "numeric" },
  month: { month: "long", year: "numeric" },
  month_short: { month: "short" },
  letter: { weekday: "short" },
  weekday_long: { weekday: "long" },
};

/** The year, unless everybody knows it. @param {...DateText} when @returns {Intl.DateTimeFormatOptions} */
const yearOf = (...when) =>
  when.some((date) => date.slice(0, 4) !== businessDate().slice(0, 4)) ? { year: "numeric" } : {};

/**
 * `short`, `weekday` and `list` name the year when it is not the business date's, `list` in the
 * weekday's place, for tight columns; `day` never does, for columns under a head with the year.
 * @param {DateText} date
 * @param {"day" | "short" | "weekday" | "list" | "full" | "year" | "month" | "month_short" | "letter" | "weekday_long"} [style]
 */
export function formatDate(date, style = "short") {
  const year = ["short", "weekday", "list"].includes(style) ? yearOf(date) : {};
  const options = DATE_STYLES[style === "list" && year.year ? "year" : style];
  return dates({ ...options, ...year, timeZone: "UTC" }).format(forIntl(date));
}

/**
 * "10 – 13 Nov", said once where both sides agree, and as one date where they are the same day; with the
 * year when it is not the business date's, or always where the style says so.
 * @param {DateText} from
 * @param {DateText} to
 * @param {"short" | "weekday" | "year"} [style]
 */
export const formatDates = (from, to, style = "short") =>
  dates({ ...DATE_STYLES[style], ...yearOf(from, to), timeZone: "UTC" }).formatRange(forIntl(from), forIntl(to));

/** An instant on the hotel's clock. @param {string} instant */
export const formatInstant = (instant) =>
  dates({
    ...DATE_STYLES.day,
    ...yearOf(instant),
    hour: "2-digit",
    minute: "2-digit",
    timeZone: session.property?.time_zone || "UTC",
  }).format(new Date(instant));

/** "now", "5 minutes ago", "3 hours ago", "2 days ago". @param {string} instant @param {number} [now] */
export function formatAgo(instant, now = Date.now()) {
  const minutes = Math.round((now - Date.parse(instant)) / 60_000);
  const hours = Math.round(minutes / 60);
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  if (minutes < 1) return words.format(0, "second");
  if (minutes < 60) return words.format(-minutes, "minute");
  return hours < 48 ? words.format(-hours, "hour") : words.format(-Math.round(hours / 24), "day");
}

/** The date of now on the hotel's clock, which the business date may lag behind. @returns {DateText} */
export function hotelDay() {
  const clock = dates({ year: "numeric", month: "2-digit", day: "2-digit", timeZone: session.property?.time_zone || "UTC" });
  const parts = Object.fromEntries(clock.formatToParts(Date.now()).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}`;
}

/** The day that weeks begin with in the hotel's country: 0 = Sunday … 6 = Saturday. */
export function weekBegins() {
  const own = /** @type {Intl.Locale & { getWeekInfo?: () => { firstDay: number }, weekInfo?: { firstDay: number } }} */ (
    new Intl.Locale(locale())
  );
  return (own.getWeekInfo?.() ?? own.weekInfo ?? { firstDay: 1 }).firstDay % 7;
}

/**
 * The instant at which a date begins on the hotel's clock.
 * @param {DateText} date
 */
export function dayBegins(date) {
  const utc = forIntl(date).getTime();
  const clock = dates({
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: session.property?.time_zone || "UTC",
  });
  const parts = Object.fromEntries(clock.formatToParts(utc).map(({ type, value }) => [type, value]));
  const shown = Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:00Z`);
  return new Date(utc - (shown - utc)).toISOString();
}

/** @param {Amount} amount */
function moneyParts(amount) {
  const digits = exponent();
  return numbers({
    style: "currency",
    currency: session.property?.currency || "EUR",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).formatToParts(amount);
}

/** With the currency's sign. @param {Amount} amount */
export const formatMoney = (amount) => straight(moneyParts(amount).map(({ value }) => value).join(""));

/** An amount of any currency, with its sign; the hotel's as everywhere. @param {Amount} amount @param {string} currency */
export const formatCurrency = (amount, currency) =>
  currency === session.property?.currency
    ? formatMoney(amount)
    : straight(numbers({ style: "currency", currency, currencyDisplay: "code" }).format(amount));

/** Without the sign, for columns and fields. @param {Amount} amount */
export function formatAmount(amount) {
  const digits = exponent();
  return straight(numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(amount));
}

/** How a locale writes an amount. @param {string} tag */
export const formatSample = (tag) => straight(numbers({ minimumFractionDigits: 2 }, tag).format(1234.5));

/** What of an amount is its number. */
const FIGURES = ["integer", "group", "decimal", "fraction"];

/** Short, for a tight tile: 12.5M, in the page's words. @param {Amount} amount */
export function formatMoneyShort(amount) {
  if (Math.abs(amount) < 100_000) return formatMoney(amount);
  const short = worded({ notation: "compact", maximumFractionDigits: 1 }, Math.abs(amount));
  const parts = moneyParts(amount);
  const first = parts.find(({ type }) => type === "integer");
  const kept = parts.filter((part) => part === first || !FIGURES.includes(part.type));
  return straight(kept.map((part) => (part === first ? short : part.value)).join(""));
}

/** Shorter still, for a day of a calendar: 120, 119.50, 1.25M. @param {Amount} amount */
export function formatAmountTiny(amount) {
  const digits = amount % 1 === 0 ? 0 : exponent();
  if (Math.abs(amount) >= 10_000) return worded({ notation: "compact", maximumSignificantDigits: 3 }, amount);
  return straight(numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(amount));
}

/**
 * A number with words of a language in it: the page's words, the hotel's marks.
 * @param {Intl.NumberFormatOptions} options
 * @param {number} value
 */
const worded = (options, value) =>
  numbers(options, spokenLocale())
    .formatToParts(value)
    .map(({ type, value: text }) => (type === "decimal" || type === "group" ? marks()[type] : text))
    .join("");

/** @param {number} count */
export const formatCount = (count) => straight(numbers({ maximumFractionDigits: 0 }).format(count));

/** @param {number} ms */
export const formatMs = (ms) =>
  worded({ style: "unit", unit: "millisecond", maximumFractionDigits: ms < 10 ? 1 : 0 }, ms);

/** @param {number} bytes */
export const formatBytes = (bytes) =>
  bytes < 1e9
    ? worded({ style: "unit", unit: "megabyte", maximumFractionDigits: bytes < 1e7 ? 1 : 0 }, bytes / 1e6)
    : worded({ style: "unit", unit: "gigabyte", maximumFractionDigits: 1 }, bytes / 1e9);

/** The API speaks in percent already. @param {number} rate */
export const formatPercent = (rate) =>
  straight(numbers({ style: "percent", maximumFractionDigits: 0 }).format(rate / 100));

/** A number as the hotel writes it, for a field. @param {number} value @param {number} [decimals] */
export const formatDecimal = (value, decimals = 2) =>
  straight(numbers({ maximumFractionDigits: decimals, useGrouping: false }).format(value));

/** A percentage as anybody writes it: 12.5, 12,5 or 12,5 %. `null` when it is none. @param {string} text */
export function parsePercent(text) {
  const typed = latinDigits(straight(text))
    .replace(/[\s%]/g, "")
    .replace(/[,٫]/, ".");
  return /^-?\d+(\.\d+)?$/.test(typed) ? Number(typed) : null;
}

/**
 * A number with any decimals, written as the hotel writes it: 8.125 or 10,000. `null` when it is none.
 * @param {string} text
 */
export function parseDecimal(text) {
  const { group, decimal } = marks();
  const typed = latinDigits(straight(text))
    .replace(/[\s'’]/g, "")
    .replaceAll(group.trim() || " ", "")
    .replace(decimal || ".", ".");
  return /^\d+(\.\d+)?$/.test(typed) ? Number(typed) : null;
}

/** With all its decimals. @param {number} rate */
export const formatExactPercent = (rate) =>
  straight(numbers({ style: "percent", maximumFractionDigits: 4 }).format(rate / 100));

/** What stands between the values of a file, as spreadsheets of the hotel's country have it. */
export const separator = () => (formatDecimal(0.5).includes(",") ? "semicolon" : "comma");

/** A rate with its decimal, where it counts; in a column always. @param {number} rate @param {number} [least] decimals */
export const formatRate = (rate, least = 0) =>
  straight(numbers({ style: "percent", minimumFractionDigits: least, maximumFractionDigits: 1 }).format(rate / 100));

/** A difference between two rates, in points. @param {number} points */
export const formatPoints = (points) =>
  numbers({ minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(points);

/** @param {Amount} amount */
export const toMinor = (amount) => Math.round(amount * 10 ** exponent());
/** @param {number} minor */
export const fromMinor = (minor) => minor / 10 ** exponent();
/** @param {Amount[]} amounts */
export const sum = (amounts) => fromMinor(amounts.reduce((total, amount) => total + toMinor(amount), 0));

/** What stands between the thousands and before the decimals, and how many digits a group has. */
function marks() {
  const parts = numbers({ minimumFractionDigits: 1 }).formatToParts(1_234_567_890.5);
  const mark = (/** @type {string} */ kind) => parts.find(({ type }) => type === kind)?.value ?? "";
  const size = parts.filter(({ type }) => type === "integer")[1]?.value.length ?? 3;
  return { group: mark("group"), decimal: mark("decimal"), size };
}

/** What is written in any script's digits, in ours. @param {string} text */
export const latinDigits = (text) => text.replace(/[^\P{Nd}\d]/gu, latin);

/** Of any script's decimal digits the one it stands for. @param {string} digit */
const latin = (digit) => {
  const code = digit.codePointAt(0) ?? 0;
  // The digits of a script follow one another, so the zero is where the run of digits begins.
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
};

/** @param {string} text */
const escaped = (text) => text.replace(/[.]/g, "\\.");

/**
 * Reads what a person typed as an amount: as the hotel writes it, or else as anybody writes it where
 * that leaves no doubt (1500000, 1.500.000, 1,500,000, 120,50, 120.50). `null` when it is none.
 * @param {string} text
 * @returns {Amount | null}
 */
export function parseAmount(text) {
  const typed = latinDigits(straight(text))
    .replace(/[\s'’]/g, "")
    .replace(/^[−‐‑–]/, "-")
    .replace(/٫/g, ".")
    .replace(/٬/g, ",");
  const { group, decimal, size } = marks();
  const own = amountPattern(group.replace(/[^.,]/, ""), decimal, size);
  if (own.test(typed)) return amountOf(typed, decimal);
  const [read, ...also] = [".", ","]
    .filter((mark) => amountPattern(mark === "." ? "," : ".", mark, 3).test(typed))
    .map((mark) => amountOf(typed, mark));
  return read === undefined || also.some((amount) => amount !== read) ? null : read;
}

/**
 * Digits with no groups or well-formed ones, and no more decimals than the currency has.
 * @param {string} group @param {string} decimal @param {number} size
 */
function amountPattern(group, decimal, size) {
  const digits = exponent();
  const groups = group && `|\\d{1,${size}}(?:${escaped(group)}\\d{${size}})*${escaped(group)}\\d{3}`;
  const decimals = digits ? `(?:${escaped(decimal)}\\d{0,${digits}})?` : "";
  return new RegExp(`^-?(?=\\D?\\d)(?:\\d+${groups}|)${decimals}$`);
}

/** @param {string} typed @param {string} decimal */
function amountOf(typed, decimal) {
  const [whole = "", fraction = ""] = typed.split(decimal);
  return decimal && typed.includes(decimal)
    ? Number(`${whole.replace(/[.,]/g, "") || "0"}.${fraction || "0"}`)
    : Number(typed.replace(/[.,]/g, ""));
}

/**
 * Where a letter to this address begins. What stands in the address is the address: a question mark
 * in it adds no recipient and no text.
 * @param {string} address
 */
export const mailTo = (address) => `mailto:${encodeURIComponent(address).replaceAll("%40", "@")}`;
