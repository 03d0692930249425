/**
 * Civil dates as text. A date never becomes an instant of the browser's zone: arithmetic runs in UTC
 * and comes straight back to `YYYY-MM-DD`, so no clock change can shift a night.
 */

/** @typedef {import("./types.js").DateText} DateText */

const DAY_MS = 86_400_000;

/** @param {DateText} date */
const utc = (date) => Date.parse(`${date}T00:00:00Z`);

/**
 * @param {DateText} date
 * @param {number} days
 * @returns {DateText}
 */
export const addDays = (date, days) => new Date(utc(date) + days * DAY_MS).toISOString().slice(0, 10);

/**
 * Nights from one date to another; negative when `to` is earlier.
 * @param {DateText} from
 * @param {DateText} to
 */
export const daysBetween = (from, to) => Math.round((utc(to) - utc(from)) / DAY_MS);

/**
 * Whether text is a date that exists.
 * @param {string} text
 */
export const isDate = (text) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(utc(text)) && addDays(text, 0) === text;

/** The first day of a date's month. @param {DateText} date @returns {DateText} */
export const monthStart = (date) => `${date.slice(0, 7)}-01`;
/** The last day of a date's month. @param {DateText} date */
export const monthEnd = (date) => addDays(monthStart(addDays(monthStart(date), 31)), -1);
/** The same day a year before; of 29 February, the 28th. @param {DateText} date @returns {DateText} */
export const yearBefore = (date) =>
  `${String(Number(date.slice(0, 4)) - 1).padStart(4, "0")}${date.slice(4).replace("-02-29", "-02-28")}`;

/** 0 = Sunday … 6 = Saturday. @param {DateText} date */
export const weekday = (date) => new Date(utc(date)).getUTCDay();

/** @param {DateText} date */
export const isWeekend = (date) => weekday(date) % 6 === 0;

/**
 * The dates from `from`, `days` long.
 * @param {DateText} from
 * @param {number} days
 */
export const dateRange = (from, days) => Array.from({ length: days }, (_, i) => addDays(from, i));

/** The UTC midnight of a date, for Intl only. @param {DateText} date */
export const forIntl = (date) => new Date(utc(date));
