/**
 * Who did what, when and from where, and what it was before: the audit trail of the whole house.
 */
import { api } from "../../api.js";
import { addDays } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { dataTable } from "../../elements/data-table.js";
import { rangeFilter, rangeOf, selectFilter } from "../../elements/filters.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { empty } from "../../fresh.js";
import { dayBegins, formatInstant } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { settingWords } from "../../restriction-words.js";
import { businessDate, session } from "../../store.js";
import { FIELD_WORDS, actionWords, changes, moneyWords, spelled } from "../reservations/history.js";
import { staffNames, whoFilter, whoWords } from "./who.js";

/** @typedef {import("innkeeper/api").AuditEntry} AuditEntry */
/** @typedef {import("../../i18n.js").Key} Key */

const PAGE_SIZE = 50;
const NAMES = ["from", "to", "entity", "username", "page"];
/** @type {Record<string, Key>} */
const ENTITIES = {
  reservation: "word.reservation",
  folio: "folio.title",
  guest: "field.guest",
  room: "field.room",
  room_type: "field.room_type",
  room_block: "rooms.blocks",
  rate_plan: "field.rate_plan",
  article: "articles.choose",
  company: "field.company",
  booking_group: "groups.group",
  settings: "nav.settings",
  day_close: "close.title",
  taxes: "taxes.title",
  account_codes: "codes.title",
  report_view: "reports.views",
  user: "activity.user",
  limits: "limits.title",
  network: "network.title",
  retention: "retention.title",
  device: "activity.device",
  booking_source: "field.source",
  payment_method: "field.method",
  drawer: "till.drawer",
  voucher: "settings.kind_voucher",
  shift: "till.shift",
  invoice: "invoices.invoice",
  invoice_series: "invoices.series",
  invoice_setup: "invoices.setup",
};
/** @type {Record<string, Key>} */
const ACTIONS = {
  delete: "activity.delete",
  release: "activity.release",
  set_status: "activity.set_status",
  set_housekeeping: "activity.set_status",
  set_rates: "activity.set_rates",
  set_restrictions: "activity.set_restrictions",
  login: "activity.login",
  login_failed: "activity.login_failed",
  login_by_pin: "activity.login_by_pin",
  logout: "activity.logout",
  set_pin: "activity.set_pin",
  remove_pin: "activity.remove_pin",
  lock_pin: "activity.lock_pin",
  register: "activity.register",
  revoke: "activity.revoke",
  deactivate: "activity.deactivate",
  change_password: "activity.change_password",
  reset_password: "activity.reset_password",
  revoke_session: "activity.revoke_session",
  set_up: "activity.set_up",
  import: "activity.import",
  open_shift: "till.open",
  match: "activity.match",
  send_registration: "activity.send_registration",
  unmatch: "activity.unmatch",
  remind: "activity.remind",
  undo_reminder: "activity.undo_reminder",
  pay_commission: "activity.pay_commission",
  undo_commission: "activity.undo_commission",
  sell: "vouchers.sold",
  redeemed: "vouchers.redeemed",
  returned: "vouchers.returned",
  cancelled: "vouchers.cancelled",
  expire: "vouchers.expired",
  close_shift: "till.close",
  close_day: "close.history_close_day",
  reopen_day: "close.history_reopen_day",
  see: "close.history_see",
  drawer_movement: "till.move",
};
/** @type {Record<string, Key>} */
const FIELDS = {
  ...FIELD_WORDS,
  name: "field.name",
  code: "field.code",
  default_rate: "field.rate",
  included_persons: "people_price.included",
  extra_adult_rate: "people_price.adult",
  max_cots: "people_price.max_cots",
  cot_rate: "people_price.cot",
  stay_from: "plan.stay_from",
  stay_to: "plan.stay_to",
  book_from: "plan.book_from",
  book_to: "plan.book_to",
  promo_code: "field.promo_code",
  capacity_adults: "field.adults",
  capacity_children: "field.children",
  bed_config: "rooms.beds",
  room_type_name: "field.room_type",
  floor: "field.floor",
  view_type: "rooms.view",
  housekeeping: "field.state",
  role: "field.role",
  is_active: "word.active",
  address: "field.address",
  phone: "field.phone",
  business_date: "field.business_date",
  currency: "field.currency",
  time_zone: "field.time_zone",
  locale: "field.locale",
  check_in_time: "settings.check_in_time",
  check_out_time: "settings.check_out_time",
  policy: "settings.policy",
  tax_number: "companies.tax_number",
  contact_name: "companies.contact",
  has_account: "accounts.has_account",
  credit_limit: "accounts.credit_limit",
  terms_days: "accounts.terms_days",
  is_reminded: "accounts.is_reminded",
  commission_percent: "accounts.commission_percent",
  city: "companies.city",
  postal_code: "companies.postal_code",
  region: "companies.region",
  country: "companies.country",
  registration_number: "companies.registration_number",
  electronic_scheme: "companies.electronic_scheme",
  electronic_address: "companies.electronic_address",
  is_for_companies: "plan.for_companies",
  rate_plans: "companies.plans",
  rate_limit_per_minute: "settings.rate_limit",
  needs_shift: "settings.needs_shift",
  smallest_coin: "settings.smallest_coin",
  cots: "field.cots",
  usual_security: "settings.usual_security",
  is_on: "retention.is_on",
  profile_years: "retention.profile_years",
  registration_months: "retention.registration_months",
  invoice_years: "retention.invoice_years",
  is_shared: "till.shared",
  kind: "field.kind",
};

/** What was done was done on a day of the calendar, not of the books. */
const calendarDate = () => session.settings?.calendar_date ?? businessDate();

export const title = () => t("nav.activity");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  /** @type {Record<string, string>} */
  const filters = {
    ...rangeOf("last_7", calendarDate()),
    ...Object.fromEntries(NAMES.filter((name) => params[name]).map((name) => [name, params[name] ?? ""])),
  };
  const bar = h("div", { class: "filters" });
  const { element, change } = pagedList(
    filters,
    {
      areas: ["reservations", "rooms", "room_types", "guests", "payments", "rates", "companies", "groups", "articles", "users", "settings", "till"],
      load: () => {
        const { from = "", to = "", ...rest } = filters;
        const at = { at_from: dayBegins(from), at_to: dayBegins(addDays(to, 1)) };
        return api.get("/api/audit-log", { ...rest, ...at, page_size: PAGE_SIZE }, signal);
      },
      rows: entryTable,
      none: () => empty("history", t("activity.none"), t("filter.none_text")),
    },
    signal,
  );
  void staffNames(signal).then((users) => swap(bar, filterBar(filters, users, change, signal)));
  const exceptions =
    may("manage") && h("a", { class: "button", href: "/exceptions" }, t("exceptions.title"));
  return h("div", { class: "page" }, pageHead({ title: t("nav.activity"), actions: exceptions }), bar, element);
}

/**
 * @param {Record<string, string>} filters
 * @param {string[]} users
 * @param {(change: Record<string, string>) => void} change
 * @param {AbortSignal} signal
 */
const filterBar = (filters, users, change, signal) => [
  rangeFilter(
    ["today", "yesterday", "last_7", "last_30"],
    { from: filters.from ?? "", to: filters.to ?? "" },
    change,
    signal,
    calendarDate(),
  ),
  selectFilter(
    t("activity.about"),
    Object.entries(ENTITIES).map(([value, key]) => ({ value, label: t(key) })),
    filters.entity ?? "",
    (entity) => change({ entity }),
    signal,
  ),
  whoFilter(users, filters, change, signal),
];

/** @param {AuditEntry[]} entries */
const entryTable = (entries) =>
  dataTable(
    [
      { label: t("activity.what"), kind: "main", cell: (entry) => actionWords(entry.action, ACTIONS) },
      { label: t("activity.about"), kind: "words", cell: subjectCell },
      { label: t("activity.who"), cell: (entry) => whoWords(entry.username) },
      {
        label: t("word.when"),
        cell: (entry) => h("time", { datetime: entry.at }, formatInstant(entry.at)),
      },
      { label: t("activity.from"), cell: (entry) => entry.address },
      {
        label: t("activity.changes"),
        cell: (entry) => {
          const words = [...moneyWords(entry), ...settingWords(entry), ...changes(entry, FIELDS)];
          return words.length > 0 && h("div", { class: "cell-changes" }, words.map((line) => h("p", {}, line)));
        },
      },
    ],
    entries,
  );

/** What people do with their own account, so that it bears their name. */
const OWN_ACTIONS = ["login", "login_failed", "logout", "change_password"];

const ONLY_ONE = ["settings", "taxes", "limits", "network", "retention"];

/** The thing it is about, by its name of now; of what is gone, by its last one. @param {AuditEntry} entry */
function subjectCell({ action, entity, entity_id, username, subject, before, after }) {
  const facts = after ?? before ?? (entity === "user" && OWN_ACTIONS.includes(action) ? { username } : {});
  const name =
    subject ??
    ["full_name", "room_number", "name", "username"]
      .map((field) => facts[field])
      .find((value) => typeof value === "string");
  const kind = ENTITIES[entity] ? t(ENTITIES[entity]) : spelled(entity);
  // There is one of them, which needs no number.
  const number = entity_id && !ONLY_ONE.includes(entity) ? `#${entity_id}` : "";
  const words = [kind, name ?? number].filter(Boolean).join(" ");
  const has_page = entity === "reservation" || entity === "guest";
  return has_page ? h("a", { class: "link", href: `/${entity}s/${entity_id}` }, words) : words;
}
