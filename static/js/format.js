/**
 * Showing and reading amounts, dates and instants in the property's locale and currency.
 * The one place that knows Intl. Amounts are added in minor units, never as fractions.
 */
import { forIntl } from "./dates.js";
import { session } from "./store.js";

/** @typedef {import("./types.js").DateText} DateText */
/** @typedef {import("./types.js").Amount} Amount */

/** @type {Map<string, Intl.DateTimeFormat | Intl.NumberFormat>} */
const formatters = new Map();

const locale = () => session.property?.locale || navigator.language || "en";
const exponent = () => session.property?.currency_exponent ?? 2;

/** @param {Intl.DateTimeFormatOptions} options */
function dates(options) {
  const key = `d${locale()}${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) formatters.set(key, (found = new Intl.DateTimeFormat(locale(), options)));
  return /** @type {Intl.DateTimeFormat} */ (found);
}

/** @param {Intl.NumberFormatOptions} options */
function numbers(options) {
  const key = `n${locale()}${JSON.stringify(options)}`;
  let found = formatters.get(key);
  if (!found) formatters.set(key, (found = new Intl.NumberFormat(locale(), options)));
  return /** @type {Intl.NumberFormat} */ (found);
}

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const DATE_STYLES = {
  short: { day: "numeric", month: "short" },
  weekday: { weekday: "short", day: "numeric", month: "short" },
  full: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  year: { day: "numeric", month: "short", year: "numeric" },
  month: { month: "long", year: "numeric" },
  month_short: { month: "short" },
  letter: { weekday: "short" },
};

/**
 * @param {DateText} date
 * @param {"short" | "weekday" | "full" | "year" | "month" | "month_short" | "letter"} [style]
 */
export const formatDate = (date, style = "short") =>
  dates({ ...DATE_STYLES[style], timeZone: "UTC" }).format(forIntl(date));

/**
 * "10 – 13 Nov", said once where both sides agree.
 * @param {DateText} from
 * @param {DateText} to
 */
export const formatDates = (from, to) =>
  dates({ ...DATE_STYLES.short, timeZone: "UTC" }).formatRange(forIntl(from), forIntl(to));

/** An instant on the hotel's clock. @param {string} instant */
export const formatInstant = (instant) =>
  dates({
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: session.property?.time_zone || "UTC",
  }).format(new Date(instant));

/** "3 hours ago", "2 days ago". @param {string} instant */
export function formatAgo(instant) {
  const hours = Math.round((Date.now() - Date.parse(instant)) / 3_600_000);
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  return hours < 48 ? words.format(-hours, "hour") : words.format(-Math.round(hours / 24), "day");
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
    numberingSystem: "latn",
    timeZone: session.property?.time_zone || "UTC",
  });
  const parts = Object.fromEntries(clock.formatToParts(utc).map(({ type, value }) => [type, value]));
  const shown = Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:00Z`);
  return new Date(utc - (shown - utc)).toISOString();
}

/** With the currency's sign. @param {Amount} amount */
export function formatMoney(amount) {
  const digits = exponent();
  return numbers({
    style: "currency",
    currency: session.property?.currency || "EUR",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount);
}

/** Without the sign, for columns and fields. @param {Amount} amount */
export function formatAmount(amount) {
  const digits = exponent();
  return numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(amount);
}

/** Short, for a tight tile: 12.5M. @param {Amount} amount */
export const formatMoneyShort = (amount) =>
  Math.abs(amount) < 100_000
    ? formatMoney(amount)
    : numbers({
        style: "currency",
        currency: session.property?.currency || "EUR",
        currencyDisplay: "narrowSymbol",
        notation: "compact",
        maximumFractionDigits: 1,
      }).format(amount);

/** @param {number} count */
export const formatCount = (count) => numbers({ maximumFractionDigits: 0 }).format(count);

/** @param {number} ms */
export const formatMs = (ms) =>
  numbers({ style: "unit", unit: "millisecond", maximumFractionDigits: ms < 10 ? 1 : 0 }).format(ms);

/** @param {number} bytes */
export const formatBytes = (bytes) =>
  bytes < 1e9
    ? numbers({ style: "unit", unit: "megabyte", maximumFractionDigits: bytes < 1e7 ? 1 : 0 }).format(bytes / 1e6)
    : numbers({ style: "unit", unit: "gigabyte", maximumFractionDigits: 1 }).format(bytes / 1e9);

/** The API speaks in percent already. @param {number} rate */
export const formatPercent = (rate) =>
  numbers({ style: "percent", maximumFractionDigits: 0 }).format(rate / 100);

/** A rate with its decimal, where it counts. @param {number} rate */
export const formatRate = (rate) =>
  numbers({ style: "percent", maximumFractionDigits: 1 }).format(rate / 100);

/** A difference between two rates, in points. @param {number} points */
export const formatPoints = (points) =>
  numbers({ minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(points);

/** @param {Amount} amount */
export const toMinor = (amount) => Math.round(amount * 10 ** exponent());
/** @param {number} minor */
export const fromMinor = (minor) => minor / 10 ** exponent();
/** @param {Amount[]} amounts */
export const sum = (amounts) => fromMinor(amounts.reduce((total, amount) => total + toMinor(amount), 0));

/**
 * Reads what a person typed as an amount: 1500000, 1.500.000, 1,500,000, 120,50 or 120.50.
 * `null` when it is none.
 * @param {string} text
 * @returns {Amount | null}
 */
export function parseAmount(text) {
  const compact = text.replace(/[\s\u00a0\u202f'’]/g, "");
  if (!/^-?[\d.,]+$/.test(compact) || !/\d/.test(compact)) return null;
  const digits = exponent();
  const mark = Math.max(compact.lastIndexOf("."), compact.lastIndexOf(","));
  const tail = mark < 0 ? 0 : compact.length - mark - 1;
  const single = mark >= 0 && compact.indexOf(compact.charAt(mark)) === mark;
  // One mark with at most the currency's decimals behind it separates decimals; any other groups.
  const decimal =
    digits > 0 && single && tail <= digits && (tail !== 3 || compact.charAt(mark) === decimalMark());
  const whole = decimal ? compact.slice(0, mark) || "0" : compact;
  if (!/^-?(\d+|\d{1,3}([.,]\d{3})+)$/.test(whole)) return null;
  return Number(whole.replace(/[.,]/g, "") + (decimal ? `.${compact.slice(mark + 1) || "0"}` : ""));
}

const decimalMark = () =>
  numbers({ minimumFractionDigits: 1 })
    .formatToParts(1.5)
    .find((part) => part.type === "decimal")?.value;
