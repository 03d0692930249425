/**
 * The property's editable lists, asked for once and again when the settings change.
 */
import { api } from "./api.js";
import { t } from "./i18n.js";
import { onChange } from "./live.js";

/** @typedef {import("innkeeper/api").ListEntryView & { kind?: Kind }} ListEntry */
/** @typedef {import("innkeeper/api").MethodView["kind"]} Kind */

const forever = new AbortController().signal;
/** @type {Map<string, Promise<{ items: ListEntry[] }>>} */
const kept = new Map();
onChange(["settings", "payments"], () => kept.clear(), forever);

/** @param {"booking-sources" | "payment-methods"} list */
async function entriesOf(list) {
  let entries = kept.get(list);
  if (!entries) {
    entries = api.get(`/api/${list}`, { page_size: 100 }, forever);
    kept.set(list, entries);
    entries.catch(() => kept.delete(list));
  }
  return (await entries).items;
}

/** @param {"booking-sources" | "payment-methods"} list */
const active = async (list) => (await entriesOf(list)).filter(({ is_active }) => is_active).map(({ name }) => name);

/** Plans that bookings may be made under. */
export const ratePlans = async () => {
  const { items } = await api.get("/api/rate-plans", { page_size: 100 }, forever);
  return items.filter(({ is_active }) => is_active);
};
/** Companies and agents that new bookings may name. */
export async function companies() {
  const found = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const part = await api.get("/api/companies", { page, page_size: 100, is_active: true }, forever);
    found.push(...part.items);
    pages = part.pages;
  }
  return found;
}
/** Groups that a booking may join, the next to come first. */
export async function openGroups() {
  const found = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const part = await api.get("/api/groups", { is_open: true, page, page_size: 100 }, forever);
    found.push(...part.items);
    pages = part.pages;
  }
  return found;
}
/** A voucher has a code, which only who asks for it takes. @param {{ with_vouchers?: boolean }} [options] */
export const paymentMethods = async ({ with_vouchers = false } = {}) => {
  const entries = await entriesOf("payment-methods");
  return entries.filter(({ is_active, kind }) => is_active && (with_vouchers || kind !== "voucher")).map(({ name }) => name);
};
/** What moves when a method is used. */
export const methodKinds = async () =>
  new Map((await entriesOf("payment-methods")).map(({ name, kind = "other" }) => [name, kind]));
export const bookingSources = () => active("booking-sources");

/** The methods every hotel begins with have words of their own; what the hotel added is shown as typed. */
/** @type {Record<string, import("./i18n.js").Key>} */
const METHOD_WORDS = {
  cash: "method.cash",
  card: "method.card",
  bank_transfer: "method.bank_transfer",
  qris: "method.qris",
  online: "method.online",
  other: "method.other",
  voucher: "settings.kind_voucher",
};

/** @param {string} method */
export const methodWords = (method) => (METHOD_WORDS[method] ? t(METHOD_WORDS[method]) : method);
