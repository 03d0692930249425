/**
 * What is wrong with a field, said with the name that the pages give it.
 */
import { t } from "./i18n.js";

/** Those of the front desk's forms; a field without a name here is said as it is spelled. */
/** @type {Record<string, import("./i18n.js").Key>} */
const NAMES = {
  adults: "field.adults",
  amount: "field.amount",
  check_in_date: "field.arrival",
  check_out_date: "field.departure",
  children: "field.children",
  email: "field.email",
  expected_arrival_time: "field.expected_arrival",
  full_name: "field.name",
  notes: "field.notes",
  numbers: "field.room_numbers",
  option_date: "field.option_date",
  payment_method: "field.method",
  phone_number: "field.phone",
  rate_plan_id: "field.rate_plan",
  reason: "field.reason",
  room_id: "field.room",
  room_type_id: "field.room_type",
  source: "field.source",
  special_requests: "field.special_requests",
};

/** `guest.full_name` is the field full_name, `numbers[1]` is numbers. @param {string} path */
export const fieldName = (path) => (path.split(".").pop() ?? path).replace(/\[\d+\]$/, "");

/** "must not be empty" → "Must not be empty." @param {string} words */
export const sentence = (words) =>
  words.charAt(0).toUpperCase() + words.slice(1) + (/[.!?]$/.test(words) ? "" : ".");

/**
 * "Departure must be after arrival."
 * @param {{ field: string, message: string }} error
 */
export function complaint({ field, message }) {
  const name = fieldName(field);
  const key = NAMES[name];
  return sentence(`${key ? t(key) : name.replaceAll("_", " ")} ${message}`);
}
