/**
 * What stands in a report's table, as the hotel writes it, and where it leads.
 */
import { queryText } from "../../api.js";
import { formatAmount, formatCount, formatDate, formatDecimal, formatPoints, formatRate } from "../../format.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").ReportView} Report */
/** @typedef {Report["columns"][number]} Column */
/** @typedef {Column["kind"]} Kind */
/** @typedef {string | number | null} Cell */

/** @param {Kind} kind */
export const isNumber = (kind) => ["money", "count", "percent", "number", "mixed"].includes(kind);

/** Whether the column says by how much another is more than it was. @param {Column} column */
export const isChange = ({ key }) => /_change$|_more$|picked_up/.test(key);

/**
 * @param {Cell} cell
 * @param {Kind} kind
 * @param {boolean} [is_change]
 */
export function cellWords(cell, kind, is_change = false) {
  if (cell === null || cell === "") return "";
  if (typeof cell === "string") {
    if (kind === "month") return formatDate(cell, "month");
    return kind === "date" ? formatDate(cell, "weekday") : cell;
  }
  if (is_change && cell !== 0) return (cell > 0 ? "+" : "−") + numberWords(Math.abs(cell), kind, true);
  return numberWords(cell, kind, is_change);
}

/** @param {number} number @param {Kind} kind @param {boolean} is_change */
function numberWords(number, kind, is_change) {
  if (kind === "money") return formatAmount(number);
  if (kind === "percent") return is_change ? t("stats.points", { change: formatPoints(number) }) : formatRate(number, 1);
  return kind === "number" ? formatDecimal(number, 1) : formatCount(number);
}

/** Where what is behind a row stands. @param {Report["links"][number] | undefined} link */
export function addressOf(link) {
  switch (link?.kind) {
    case "reservation":
      return `/reservations/${link.id}`;
    case "group":
      return `/groups/${link.id}`;
    case "invoice":
      return `/invoices/${link.id}`;
    case "company":
      return "/companies";
    case "shift":
      return "/shifts";
    case "report":
      return `/reports/${link.name}${queryText(Object.fromEntries(link.filters ?? []))}`;
    default:
      return "";
  }
}
