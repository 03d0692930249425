/**
 * Who did what, when, and what it was before: the audit trail of one thing, in words.
 */
import { api } from "../../api.js";
import { methodWords } from "../../choices.js";
import { h } from "../../dom.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { formatCurrency, formatDate, formatInstant, formatMoney, fromMinor } from "../../format.js";
import { isDate } from "../../dates.js";
import { t } from "../../i18n.js";
import { reasonWords } from "../../own-reasons.js";
import { brokenWords } from "../../restriction-words.js";
import { session } from "../../store.js";
import { policyWords } from "../settings/policy-fields.js";

/** @typedef {import("innkeeper/api").AuditEntry} AuditEntry */
/** @typedef {import("innkeeper/api").ReservationStatus} ReservationStatus */
/** @typedef {NonNullable<import("innkeeper/api").ExceptionView["kind"]>} Kind */
/** @typedef {import("../../i18n.js").Key} Key */

/** Fields in the words of the pages. Those without a word say nothing to a reader. */
/** @type {Record<string, Key>} */
export const FIELD_WORDS = {
  status: "field.status",
  check_in_date: "field.arrival",
  check_out_date: "field.departure",
  room_number: "field.room",
  adults: "field.adults",
  children: "field.children",
  source: "field.source",
  company: "field.company",
  group: "groups.group",
  arrival_date: "field.arrival",
  departure_date: "field.departure",
  cut_off_date: "groups.cut_off",
  released_on: "groups.released",
  block: "groups.block",
  rates: "groups.agreed_rate",
  room_amount_minor: "reservation.nights_total",
  is_room_locked: "reservation.lock_room",
  expected_arrival_time: "field.expected_arrival",
  is_late_arrival: "stay.late_arrival",
  option_date: "field.option_date",
  children_ages: "field.children_ages",
  cots: "field.cots",
  rate_kind: "field.rate_kind",
  rate_kind_reason: "rate_kind.reason",
  notes: "field.notes",
  special_requests: "field.special_requests",
  full_name: "field.name",
  email: "field.email",
  phone_number: "field.phone",
  id_type: "field.id_document",
  id_number: "field.id_number",
  nationality: "field.nationality",
  birth_date: "field.birth_date",
  is_vip: "guest.is_vip",
};
/** @type {Record<string, Key>} */
const ACTION_WORDS = {
  create: "history.create",
  change: "history.change",
  check_in: "history.check_in",
  check_out: "history.check_out",
  cancel: "history.cancel",
  no_show: "history.no_show",
  exception: "history.exception",
  extend: "history.extend",
  move: "history.move",
  overstay: "history.overstay",
  post_nights: "close.history_post_nights",
  decide: "close.history_decide",
  take_back_decision: "close.history_take_back_decision",
  undo_decision: "close.history_undo_decision",
  reopen_day: "close.history_reopen_day",
  register: "history.register",
  undo_move: "history.undo_move",
  undo_change: "history.undo_change",
  undo_check_in: "history.undo_check_in",
  undo_check_out: "history.undo_check_out",
  reinstate: "history.reinstate",
  confirm: "history.confirm",
  charge: "history.charge",
  void_charge: "history.void_charge",
  pay: "history.pay",
  refund: "history.refund",
  void: "history.void",
  anonymise: "history.anonymise",
  disclose: "history.disclose",
  forget_registration: "history.forget_registration",
  forget_document: "history.forget_document",
  merge: "history.merge",
  take_security: "history.take_security",
  return_security: "history.return_security",
  keep_security: "history.keep_security",
  set_block: "activity.set_block",
  release: "activity.release",
  end: "activity.group_end",
  match: "activity.match",
  send_registration: "activity.send_registration",
  unmatch: "activity.unmatch",
  remind: "activity.remind",
  undo_reminder: "activity.undo_reminder",
  reopen: "activity.group_reopen",
};

/**
 * @param {HTMLElement} target
 * @param {"reservation" | "guest" | "booking_group" | "company" | "invoice"} entity
 * @param {number} id
 * @param {AbortSignal} signal
 */
export function historyCard(target, entity, id, signal) {
  keepFresh(
    target,
    {
      areas: ["reservations", "payments", "guests", "groups", "accounts"],
      load: () => api.get("/api/audit-log", { entity, entity_id: id, page_size: 50 }, signal),
      show: ({ items }) => [
        h("header", { class: "card-head" }, h("h2", {}, t("history.title"))),
        items.length
          ? h("ol", { class: "history" }, items.map(entryLine))
          : h("p", { class: "card-body muted" }, t("history.none")),
      ],
      skeleton: () => skeletonLines(4),
    },
    signal,
  );
}

/** @param {AuditEntry} entry */
const entryLine = (entry) =>
  h(
    "li",
    {},
    h(
      "p",
      {},
      h("strong", {}, actionWords(entry.action)),
      h("span", { class: "muted" }, ` ${entry.username || t("word.system")}`),
      h("time", { datetime: entry.at }, formatInstant(entry.at)),
    ),
    [...moneyWords(entry), ...changes(entry)].map((words) => h("p", { class: "history-change" }, words)),
  );

/** @param {string} action @param {Record<string, Key>} [more] */
export function actionWords(action, more = {}) {
  const key = ACTION_WORDS[action] ?? more[action];
  return key ? t(key) : spelled(action);
}

/** A name that has no words of its own. @param {string} name */
export const spelled = (name) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");

/** Money that moved, and for what. @param {AuditEntry} entry */
export function moneyWords({ action, before, after }) {
  const amount = after?.amount_minor;
  if (before || typeof amount !== "number") return [];
  const broken = /** @type {import("innkeeper/api").Broken[]} */ (after?.broken ?? []);
  if (broken.length > 0) return broken.map(brokenWords);
  const what =
    action === "exception"
      ? t(`exception.${/** @type {Kind} */ (after?.kind)}`)
      : (after?.description ?? (after?.payment_method && methodWords(String(after.payment_method))));
  const currency = typeof after?.currency === "string" ? after.currency : session.property?.currency ?? "";
  return [[formatCurrency(fromMinor(amount), currency), what].filter(Boolean).join(" · ")];
}

/**
 * What became of what, and why where a reason was given; a new thing has nothing to compare.
 * @param {AuditEntry} entry
 * @param {Record<string, Key>} [fields]
 */
export const changes = ({ before, after }, fields = FIELD_WORDS) =>
  compare(before, after, fields).concat(
    after?.reason && after.reason !== before?.reason ? `${t("field.reason")}: ${reasonWords(String(after.reason))}` : [],
  );

/**
 * @param {AuditEntry["before"]} before
 * @param {AuditEntry["after"]} after
 * @param {Record<string, Key>} fields
 */
const compare = (before, after, fields) =>
  Object.entries(fields)
    .filter(([name]) => before && after && name in before && name in after)
    .map(([name, key]) => ({ key, was: shown(name, before?.[name]), is: shown(name, after?.[name]) }))
    .filter(({ was, is }) => was !== is)
    .map(({ key, was, is }) => `${t(key)}: ${was} → ${is}`);

/**
 * @param {string} name
 * @param {unknown} value
 */
function shown(name, value) {
  if (value === null || value === undefined || value === "") return "–";
  if (name === "status") return t(`status.${/** @type {ReservationStatus} */ (value)}`);
  if (name === "rate_kind") return t(`rate_kind.${/** @type {import("innkeeper/api").RateKind} */ (value)}`);
  if (name === "role") return t(`role.${/** @type {import("innkeeper/api").Role} */ (value)}`);
  if (name === "housekeeping")
    return t(`housekeeping.${/** @type {import("innkeeper/api").Housekeeping} */ (value)}`);
  if (name === "policy") return policyWords(/** @type {import("innkeeper/api").PolicyView} */ (value));
  if (name.endsWith("_minor")) return formatMoney(fromMinor(Number(value)));
  if (typeof value === "boolean") return value ? t("word.yes") : t("word.no");
  return isDate(String(value)) ? formatDate(String(value)) : String(value);
}
