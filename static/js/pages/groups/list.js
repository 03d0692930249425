/**
 * Groups: who comes when, what they asked for and what of it has names by now.
 */
import { api } from "../../api.js";
import { debounce, h } from "../../dom.js";
import { dataTable } from "../../elements/data-table.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { empty } from "../../fresh.js";
import { formatDate, formatDates, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { groupChip, pickUp } from "./words.js";

/** @typedef {import("innkeeper/api").GroupView} Group */

const SEARCH_REST_MS = 200;
const PAGE_SIZE = 25;

export const title = () => t("nav.groups");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  /** @type {Record<string, string>} */
  const filters = { q: params.q ?? "", is_open: params.is_open ?? "true", page: params.page ?? "" };
  const { element, change } = pagedList(
    filters,
    {
      areas: ["groups", "reservations", "payments"],
      load: () => api.get("/api/groups", { ...filters, page_size: PAGE_SIZE }, signal),
      rows: table,
      none: () =>
        filters.q
          ? empty("search", t("groups.none_found"), t("groups.none_found_text"))
          : empty("people", t("groups.none"), t("groups.none_text")),
    },
    signal,
  );
  const box = h("input", {
    type: "search",
    class: "input",
    value: filters.q,
    placeholder: t("groups.search"),
    "aria-label": t("groups.search"),
    signal,
    oninput: debounce(() => change({ q: box.value.trim() }), SEARCH_REST_MS, signal),
  });
  const all = h("input", {
    type: "checkbox",
    checked: filters.is_open !== "true",
    signal,
    onchange: () => change({ is_open: all.checked ? "" : "true" }),
  });
  return h(
    "div",
    { class: "page" },
    pageHead({
      title: t("nav.groups"),
      lead: t("groups.lead"),
      actions: [
        may("desk") && h("a", { class: "button button-primary", href: "/groups/new", "data-key": "new-group" }, icon("plus"), t("groups.new")),
      ],
    }),
    h(
      "div",
      { class: "filters" },
      h("div", { class: "search-field" }, icon("search"), box),
      h("label", { class: "checkbox" }, all, h("span", {}, t("groups.with_past"))),
    ),
    element,
  );
}

/** @param {Group[]} groups */
const table = (groups) =>
  dataTable(
    [
      {
        label: t("field.name"),
        kind: "main",
        cell: ({ id, name, code }) => [
          h("a", { href: `/groups/${id}`, class: "row-link", "data-key": `group-${id}` }, name),
          h("span", { class: "code" }, code),
        ],
      },
      { label: t("field.status"), cell: groupChip },
      { label: t("groups.dates"), cell: ({ arrival_date, departure_date }) => formatDates(arrival_date, departure_date) },
      {
        label: t("groups.cut_off"),
        cell: ({ cut_off_date, is_holding, asked_nights }) =>
          asked_nights > 0 && (is_holding ? formatDate(cut_off_date, "list") : h("span", { class: "muted" }, t("groups.released"))),
      },
      { label: t("groups.stays"), kind: "number", cell: ({ stays }) => stays },
      { label: t("groups.pick_up"), kind: "number", cell: pickUp },
      { label: t("word.balance"), kind: "number", cell: ({ balance }) => balance !== 0 && formatMoney(balance) },
      { label: t("field.company"), kind: "words", cell: ({ company_name, guest_name }) => company_name || guest_name },
    ],
    groups,
  );
