/**
 * What is wrong with a field, said with the name that the pages give it.
 */
import { t } from "./i18n.js";

/** Those of the forms; a field without a name here is said as it is spelled. */
/** @type {Record<string, import("./i18n.js").Key>} */
const NAMES = {
  address: "people.address",
  adults: "field.adults",
  amenities: "rooms.amenities",
  amount: "field.amount",
  at_time: "backup.at",
  bed_config: "rooms.beds",
  birth_date: "field.birth_date",
  birth_place: "people.birth_place",
  business_date: "field.business_date",
  capacity_adults: "field.adults",
  capacity_children: "field.children",
  check_in_date: "field.arrival",
  check_out_date: "field.departure",
  children: "field.children",
  children_ages: "field.children_ages",
  code: "field.code",
  cots: "field.cots",
  currency: "field.currency",
  current_password: "password.current",
  default_rate: "field.rate",
  description: "field.description",
  document_issued_in: "people.issued_in",
  document_issued_on: "people.issued_on",
  document_kind: "field.id_document",
  document_number: "field.id_number",
  email: "field.email",
  expected_arrival_time: "field.expected_arrival",
  floor: "field.floor",
  folder: "backup.folder",
  full_name: "field.name",
  hours_before: "policy.hours_before",
  id_number: "field.id_number",
  id_type: "field.id_document",
  keep_daily: "backup.keep_daily",
  keep_monthly: "backup.keep_monthly",
  keep_weekly: "backup.keep_weekly",
  locale: "field.locale",
  name: "field.name",
  nationality: "field.nationality",
  new_password: "password.new",
  notes: "field.notes",
  numbers: "field.room_numbers",
  option_date: "field.option_date",
  passphrase: "backup.passphrase",
  password: "field.password",
  payment_method: "field.method",
  phone_number: "field.phone",
  pin: "pin.title",
  property_name: "setup.property_name",
  promo_code: "field.promo_code",
  quantity: "field.quantity",
  rate: "field.price",
  rate_kind_reason: "rate_kind.reason",
  rate_plan_id: "field.rate_plan",
  reason: "field.reason",
  relation: "people.relation",
  residence: "people.residence",
  room_id: "field.room",
  room_number: "field.room",
  room_type_id: "field.room_type",
  second_folder: "backup.second_folder",
  sex: "people.sex",
  share: "taxes.authority_share",
  source: "field.source",
  company_id: "field.company",
  special_requests: "field.special_requests",
  status: "field.status",
  time_zone: "field.time_zone",
  unit_amount: "charge.unit_amount",
  username: "field.username",
  view_type: "rooms.view",
  weekdays: "prices.weekdays",
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
