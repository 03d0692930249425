/**
 * The property's editable lists, asked for once and again when the settings change.
 */
import { listBookingSources, listPaymentMethods, listRatePlans } from "./calls.js";
import { t } from "./i18n.js";
import { onChange } from "./live.js";

/** @typedef {import("./types.js").ListEntry} ListEntry */
/** @typedef {import("./types.js").Items<ListEntry>} Entries */

const forever = new AbortController().signal;
/** @type {Map<string, Promise<Entries>>} */
const kept = new Map();
onChange(["settings", "payments"], () => kept.clear(), forever);

/**
 * @param {string} name
 * @param {(signal: AbortSignal) => Promise<Entries>} load
 */
async function active(name, load) {
  let entries = kept.get(name);
  if (!entries) {
    entries = load(forever);
    kept.set(name, entries);
    entries.catch(() => kept.delete(name));
  }
  return (await entries).items.filter((entry) => entry.is_active).map((entry) => entry.name);
}

/** Plans that bookings may be made under. */
export const ratePlans = async () => (await listRatePlans(forever)).items.filter(({ is_active }) => is_active);
export const paymentMethods = () => active("payment_methods", listPaymentMethods);
export const bookingSources = () => active("booking_sources", listBookingSources);

/** The methods every hotel begins with have words of their own; what the hotel added is shown as typed. */
/** @type {Record<string, import("./i18n.js").Key>} */
const METHOD_WORDS = {
  cash: "method.cash",
  card: "method.card",
  bank_transfer: "method.bank_transfer",
  qris: "method.qris",
  online: "method.online",
  other: "method.other",
};

/** @param {string} method */
export const methodWords = (method) => (METHOD_WORDS[method] ? t(METHOD_WORDS[method]) : method);
