/**
 * All reservations: filter, search, sort. The state of the list lives in the address, so that going
 * back finds it as it was.
 */
import { api } from "../../api.js";
import { bookingSources, companies, openGroups } from "../../choices.js";
import { debounce, h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { DateRange, dateInput } from "../../elements/date-field.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { empty } from "../../fresh.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { onChange } from "../../live.js";
import { reservationTable } from "./table.js";

/** @typedef {import("../../elements/date-field.js").DateField} DateField */
/** @typedef {Record<string, string>} Filters */

const SEARCH_REST_MS = 200;
const PAGE_SIZE = 25;
/** Kept in the address, by the names that the API has for them. */
const NAMES = /** @satisfies {(keyof import("../../types.js").Params<"get", "/api/reservations">)[]} */ ([
  "q",
  "status",
  "room_type_id",
  "source",
  "company_id",
  "group_id",
  "check_in_from",
  "check_in_to",
  "due",
  "deposit",
  "sort",
  "page",
]);
const STATUSES = /** @type {const} */ ([
  "tentative",
  "confirmed",
  "checked_in",
  "checked_out",
  "cancelled",
  "no_show",
]);

/** Whose balance is open: now, for bookings to come, or as a fee. */
const DUES = /** @type {const} */ (["now", "to_come", "fees"]);

/** Whose deposit has not come. */
const DEPOSITS = /** @type {const} */ (["open", "late"]);

export const title = () => t("nav.reservations");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  /** @type {Filters} */
  const filters = Object.fromEntries(NAMES.map((name) => [name, params[name] ?? ""]));
  const bar = h("div", {});
  const showBar = () => void filterBar(filters, change, signal).then((parts) => swap(bar, parts));
  const clear = () => {
    change(Object.fromEntries(NAMES.map((name) => [name, ""])));
    showBar();
  };
  const { element, change } = pagedList(
    filters,
    {
      areas: ["reservations", "payments", "guests", "rooms"],
      load: () => api.get("/api/reservations", { ...filters, page_size: PAGE_SIZE }, signal),
      rows: (stays) =>
        reservationTable(stays, {
          sort: filters.sort || "-created_at",
          onsort: (sort) => change({ sort }),
          signal,
        }),
      none: () => nothing(filters, clear, signal),
    },
    signal,
  );
  showBar();
  onChange(["settings", "room_types", "companies", "groups"], showBar, signal);
  return h("div", { class: "page" }, pageHead({ title: t("nav.reservations") }), bar, element);
}

/**
 * @param {Filters} filters
 * @param {() => void} clear
 * @param {AbortSignal} signal
 */
function nothing(filters, clear, signal) {
  const is_filtered = NAMES.some((name) => name !== "sort" && name !== "page" && filters[name]);
  if (is_filtered)
    return empty(
      "search",
      t("reservations.none_found"),
      t("reservations.none_found_text"),
      button({ label: t("filter.clear"), signal, onclick: clear }),
    );
  return empty(
    "reservations",
    t("reservations.none"),
    t("reservations.none_text"),
    h("a", { class: "button button-primary", href: "/reservations/new" }, t("action.new_booking")),
  );
}

/**
 * States as a row of chips, the search, and the other filters, which a phone folds away.
 * @param {Filters} filters
 * @param {(change: Filters) => void} change
 * @param {AbortSignal} signal
 */
async function filterBar(filters, change, signal) {
  const others = h("div", { class: "filter-selects" }, await selects(filters, change, signal));
  const more = button({
    label: [t("filter.more"), icon("down")],
    extra: "only-narrow",
    signal,
    onclick: (toggle) => toggle.setAttribute("aria-expanded", String(others.classList.toggle("is-open"))),
  });
  more.setAttribute("aria-expanded", "false");
  const chips = h("div", { class: "filter-chips", role: "group", "aria-label": t("field.status") });
  const showChips = (/** @type {string} */ chosen) =>
    swap(
      chips,
      /** @type {const} */ (["", ...STATUSES]).map((status) =>
        statusFilter(
          status,
          chosen === status,
          () => {
            change({ status });
            showChips(status);
          },
          signal,
        ),
      ),
    );
  showChips(filters.status ?? "");
  return [chips, h("div", { class: "filters" }, searchField(filters, change, signal), more, others)];
}

/**
 * @param {"" | (typeof STATUSES)[number]} status
 * @param {boolean} is_on
 * @param {(status: string) => void} choose
 * @param {AbortSignal} signal
 */
const statusFilter = (status, is_on, choose, signal) =>
  h(
    "button",
    {
      type: "button",
      class: "filter-chip",
      "aria-pressed": String(is_on),
      "data-key": `status-${status}`,
      signal,
      onclick: () => choose(status),
    },
    status ? t(`status.${status}`) : t("filter.all"),
  );

/**
 * @param {Filters} filters
 * @param {(change: Filters) => void} change
 * @param {AbortSignal} signal
 */
function searchField(filters, change, signal) {
  const box = h("input", {
    type: "search",
    class: "input",
    value: filters.q ?? "",
    placeholder: t("filter.search_stays"),
    "aria-label": t("filter.search_stays"),
    "data-key": "q",
    signal,
    oninput: debounce(() => change({ q: box.value.trim() }), SEARCH_REST_MS, signal),
  });
  return h("div", { class: "search-field" }, icon("search"), box);
}

/**
 * @param {Filters} filters
 * @param {(change: Filters) => void} change
 * @param {AbortSignal} signal
 */
async function selects(filters, change, signal) {
  const [types, sources, firms, groups] = await Promise.all([
    api.get("/api/room-types", { page_size: 100 }, signal).then(
      (found) => found.items,
      () => [],
    ),
    bookingSources().catch(() => []),
    companies().catch(() => []),
    openGroups().catch(() => []),
  ]);
  /**
   * @param {string} name
   * @param {string} label
   * @param {{ value: string, label: string }[]} options
   */
  const choice = (name, label, options) => {
    const control = h(
      "select",
      {
        class: "input select",
        "aria-label": label,
        "data-key": name,
        signal,
        onchange: () => change({ [name]: control.value }),
      },
      h("option", { value: "" }, label),
      options.map((option) => h("option", { value: option.value }, option.label)),
    );
    control.value = filters[name] ?? "";
    return control;
  };
  const onchange = () => change({ check_in_from: arrivals.from.value, check_in_to: arrivals.to.value });
  const day = (/** @type {string} */ name, /** @type {string} */ label) =>
    dateInput({ value: filters[name] ?? "", key: name, label, year: "nearest", signal, onchange });
  const arrivals = new DateRange(
    day("check_in_from", t("filter.arrival_from")),
    day("check_in_to", t("filter.arrival_to")),
    { signal },
  );
  const named = (/** @type {DateField} */ { options }, extra = "") =>
    h("span", { "aria-hidden": "true", class: extra }, options.label);
  return [
    choice(
      "room_type_id",
      t("field.room_type"),
      types.map((type) => ({ value: String(type.id), label: type.name })),
    ),
    choice(
      "source",
      t("field.source"),
      sources.map((name) => ({ value: name, label: name })),
    ),
    firms.length > 0 &&
      choice(
        "company_id",
        t("field.company"),
        firms.map(({ id, name }) => ({ value: String(id), label: name })),
      ),
    groups.length > 0 &&
      choice(
        "group_id",
        t("groups.group"),
        groups.map(({ id, name }) => ({ value: String(id), label: name })),
      ),
    h(
      "span",
      { class: "inline-field" },
      named(arrivals.from, "inline-field-name"),
      arrivals.from,
      named(arrivals.to),
      arrivals.to,
    ),
    choice(
      "due",
      t("filter.due"),
      DUES.map((value) => ({ value, label: t(`filter.due_${value}`) })),
    ),
    choice(
      "deposit",
      t("word.deposit"),
      DEPOSITS.map((value) => ({ value, label: t(`filter.deposit_${value}`) })),
    ),
  ];
}
