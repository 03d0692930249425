/**
 * One report: its period and what it stands beside, a picture where that says more, its table, and the ways out of
 * it: to the stays and postings behind a row, to paper and to files.
 */
import { api, queryText } from "../../api.js";
import { h, swap } from "../../dom.js";
import { barChart } from "../../elements/bar-chart.js";
import { button } from "../../elements/button.js";
import { dateInput } from "../../elements/date-field.js";
import { chipChoice, isRangeName, rangeFilter, rangeName, rangeOf } from "../../elements/filters.js";
import { pageHead } from "../../elements/page-head.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatCount, formatDate, formatDates, formatMoneyShort } from "../../format.js";
import { checkbox, field, formDialog, input, select } from "../../forms.js";
import { currentLanguage, t } from "../../i18n.js";
import { may } from "../../places.js";
import { replaceQuery } from "../../router.js";
import { toast } from "../../elements/toast-list.js";
import { addressOf, cellWords, isChange, isNumber } from "./cells.js";

/** @typedef {import("./cells.js").Report} Report */
/** @typedef {import("innkeeper/api").ReportEntry} Entry */
/** @typedef {import("../../dom.js").Child} Child */

const COMPARISONS = /** @type {const} */ (["last_year", "last_year_by_weekday", "period_before"]);
const FILTERS = ["room_type_id", "rate_plan_id", "source", "company_id", "country", "person_country", "article_id", "method", "tax_id", "ledger"];
/** @typedef {import("../../elements/filters.js").RangeName} RangeName */
const AHEAD = /** @type {RangeName[]} */ (["next_30", "this_month", "last_month", "last_30", "this_year", "last_year"]);
const BEFORE = /** @type {RangeName[]} */ (["yesterday", "this_month", "last_month", "last_30", "year_to_date", "this_year", "last_year"]);
/** Rows on screen at once: whoever wants more takes the file. */
const MOST_ROWS = 500;
/** More than these are no picture. */
const MOST_BARS = 62;

export const title = () => t("nav.reports");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export async function render(params, signal) {
  const name = params.name ?? "";
  const { items } = await api.get("/api/reports", {}, signal);
  const entry = items.find((one) => one.name === name);
  if (!entry) return missing();
  const only = Object.fromEntries(FILTERS.filter((key) => key in params).map((key) => [key, params[key] ?? ""]));
  const named = params.period && isRangeName(params.period) ? rangeOf(params.period) : null;
  let range = named ?? { from: params.from || params.to || entry.from, to: params.to || params.from || entry.to };
  let is_to_date = params.to_date === "true";
  let [by, compare, metric] = [params.by || (entry.by[0] ?? ""), params.compare ?? "", params.metric ?? ""];
  let shown = new AbortController();
  const asked = () => ({
    ...(entry.range !== "now" && range),
    ...(by && { by }),
    ...(compare && { compare }),
    ...(is_to_date && { to_date: true }),
    ...only,
  });
  const body = h("div", { class: "stack" });
  const lead = h("p", { class: "page-lead" }, entry.about);
  const actions = h("div", { class: "page-actions" });
  const fileLink = (/** @type {string} */ format) =>
    h(
      "a",
      {
        class: "button",
        "data-key": format,
        href: `/api/reports/${name}${queryText({ ...asked(), format, language: currentLanguage() })}`,
        download: "",
      },
      format.toUpperCase(),
    );
  const showActions = () =>
    swap(actions, [
      fileLink("csv"),
      fileLink("xlsx"),
      h("a", { class: "button", "data-key": "print", href: `/reports/${name}/print${queryText(asked())}` }, t("action.print")),
      may("desk") &&
        button({ label: t("reports.save_view"), key: "save-view", signal, onclick: () => saveView(entry, relative(entry, asked()), signal) }),
    ]);
  const show = (/** @type {Report} */ report) => {
    shown.abort();
    shown = new AbortController();
    const both = AbortSignal.any([signal, shown.signal]);
    const choose = (/** @type {string} */ key) => {
      metric = key;
      keep();
      swap(body, show(report));
    };
    return [chartCard(report, metric, choose, both), tableCard(report, both)];
  };
  const keep = () => replaceQuery(queryText({ ...asked(), ...(metric && { metric }) }));
  const refresh = keepFresh(
    body,
    {
      areas: ["reservations", "payments", "rooms", "settings"],
      load: () => /** @type {Promise<Report>} */ (api.get("/api/reports/{name}", /** @type {any} */ ({ name, ...asked() }), signal)),
      show,
      skeleton: () => skeletonLines(14),
    },
    signal,
  );
  const change = () => {
    keep();
    showActions();
    void refresh();
  };
  showActions();
  const filters = filterBar(entry, { range, by, compare, is_to_date }, (changed) => {
    ({ range, by, compare, is_to_date } = { range, by, compare, is_to_date, ...changed });
    change();
  }, signal);
  return h(
    "div",
    { class: "page page-wide" },
    h("p", { class: "back-link" }, h("a", { href: "/reports" }, t("nav.reports"))),
    h(
      "header",
      { class: "page-head" },
      h("div", { class: "page-head-words" }, h("h1", {}, entry.title), lead),
      actions,
    ),
    filters,
    Object.keys(only).length > 0 && h("p", { class: "field-hint" }, t("reports.narrowed")),
    body,
  );
}

const missing = () => h("div", { class: "page" }, pageHead({ title: t("nav.reports") }), empty("bars", t("reports.unknown")));

/**
 * What is asked for as somebody wants it again: with its period by name where it has one, so that it moves with the business date.
 * @param {Entry} entry
 * @param {Record<string, string | boolean>} asked
 */
function relative(entry, asked) {
  const { from = "", to = "", ...rest } = asked;
  const names = /** @type {RangeName[]} */ (["today", ...BEFORE, "last_7", "next_30"]);
  const usual = { from: entry.from, to: entry.to };
  const range = { from: String(from), to: String(to) };
  // A day report of the last day is of the last day tomorrow as well.
  const name = rangeName(names, range);
  if (name) return { period: name, ...rest };
  return from === usual.from && to === usual.to ? rest : asked;
}

/**
 * @param {Entry} entry
 * @param {Record<string, string | boolean>} asked
 * @param {AbortSignal} signal
 */
const saveView = (entry, asked, signal) =>
  formDialog(
    {
      title: t("reports.save_view"),
      submit: t("action.save"),
      fields: () => [
        field(
          { label: t("field.name"), name: "name", hint: t(asked.period ? "reports.view_moves" : "reports.view_hint") },
          input({ value: entry.title, maxlength: 100, autofocus: true }),
        ),
        may("manage") && checkbox(t("reports.share_view"), "is_shared"),
      ],
      send: async ({ name = "", is_shared }, key) => {
        const query = queryText(asked).slice(1);
        await api.post("/api/report-views", {}, { name, report: entry.name, query, is_shared: Boolean(is_shared) }, key);
        toast(t("reports.view_saved", { name }));
      },
    },
    signal,
  );

/**
 * @param {Entry} entry
 * @param {{ range: { from: string, to: string }, by: string, compare: string, is_to_date: boolean }} chosen
 * @param {(changed: object) => void} change
 * @param {AbortSignal} signal
 */
function filterBar(entry, chosen, change, signal) {
  const controls = /** @type {Child[]} */ ([]);
  if (entry.range === "day") {
    const day = dateInput({
      label: t("field.date"),
      value: chosen.range.to,
      year: "past",
      signal,
      onchange: () => day.value && change({ range: { from: day.value, to: day.value } }),
    });
    controls.push(day);
  } else if (entry.range !== "now") {
    controls.push(rangeFilter(entry.range === "ahead" ? AHEAD : BEFORE, chosen.range, (range) => change({ range }), signal));
  }
  if (entry.by.length > 1) {
    const by = select(
      entry.by.map((value) => ({ value, label: t(`reports.by_${value}`) })),
      chosen.by,
      { "aria-label": t("reports.by"), signal, onchange: () => change({ by: by.value }) },
    );
    controls.push(by);
  }
  if (entry.compares) {
    const compare = select(
      [
        { value: "", label: t("reports.compare_none") },
        ...COMPARISONS.map((value) => ({ value, label: t(`reports.compare_${value}`) })),
      ],
      chosen.compare,
      { "aria-label": t("reports.compare"), signal, onchange: () => change({ compare: compare.value }) },
    );
    controls.push(compare);
    const over = checkbox(t("reports.to_date"), "to_date", chosen.is_to_date);
    over.addEventListener("change", () => change({ is_to_date: over.querySelector("input")?.checked ?? false }), { signal });
    controls.push(over);
  }
  return controls.length ? h("div", { class: "filters" }, controls) : null;
}

/**
 * @param {Report} report
 * @param {string} metric
 * @param {(key: string) => void} choose
 * @param {AbortSignal} signal
 */
function chartCard(report, metric, choose, signal) {
  const { columns, rows, charts } = report;
  if (!charts.length || rows.length < 2) return null;
  const first = columns[0];
  const column = columns.find(({ key }) => key === metric && charts.includes(key)) ?? columns.find(({ key }) => key === charts[0]);
  if (!column || !first || rows.length > MOST_BARS) return null;
  const [at, before] = [columns.indexOf(column), columns.findIndex(({ key }) => key === `${column.key}_before`)];
  const isTime = first.kind === "date" || first.kind === "month";
  const points = rows.map((row) => {
    const when = String(row[0] ?? "");
    return {
      name: cellWords(row[0] ?? null, first.kind),
      short: isTime ? formatDate(when, first.kind === "month" ? "month_short" : "day") : shortened(when),
      value: Number(row[at] ?? 0),
      before: before >= 0 ? Number(row[before] ?? 0) : null,
      is_forecast: isTime && (first.kind === "month" ? when.slice(0, 7) > report.business_date.slice(0, 7) : when >= report.business_date),
    };
  });
  const has_forecast = points.some(({ is_forecast }) => is_forecast);
  const short = (/** @type {number} */ value) => (column.kind === "money" ? formatMoneyShort(value) : cellWords(value, column.kind));
  return h(
    "section",
    { class: "card" },
    charts.length > 1 &&
      h(
        "header",
        { class: "card-head" },
        chipChoice(
          t("stats.figure"),
          charts.flatMap((key) => columns.filter((one) => one.key === key).map((one) => ({ value: key, label: one.title }))),
          column.key,
          choose,
          signal,
        ),
      ),
    h(
      "div",
      { class: "card-body" },
      barChart(
        {
          label: column.title,
          points,
          is_apart: !isTime,
          format: (value) => cellWords(value, column.kind),
          short,
          ...(report.compared_from && { saidBefore: (/** @type {string} */ value) => t("reports.before", { value }) }),
        },
        signal,
      ),
      before >= 0 && report.compared_from && report.compared_to &&
        h("p", { class: "chart-key" }, t(isTime ? "reports.key" : "reports.key_apart", { dates: formatDates(report.compared_from, report.compared_to, "year") })),
      has_forecast && h("p", { class: "chart-key" }, t("reports.key_forecast")),
    ),
  );
}

const SHORT = 9;
/** @param {string} words */
const shortened = (words) => (words.length > SHORT ? `${words.slice(0, SHORT - 1)}…` : words);

/**
 * @param {Report} report
 * @param {AbortSignal} signal
 */
function tableCard(report, signal) {
  if (!report.rows.length) return h("section", { class: "card" }, empty("bars", t("reports.nothing")));
  let count = MOST_ROWS;
  const box = h("div", { class: "report-scroll", tabindex: 0, role: "region", "aria-label": report.title });
  const more = h("div", { class: "card-foot" });
  const fill = () => {
    swap(box, table(report, count));
    swap(more, moreWords(report, count, () => ((count += MOST_ROWS), fill()), signal));
  };
  fill();
  return h(
    "section",
    { class: "card" },
    report.compared_from && report.compared_to
      ? h("header", { class: "card-head" }, h("p", { class: "muted" }, t("reports.beside", { dates: formatDates(report.compared_from, report.compared_to, "year") })))
      : null,
    box,
    more,
  );
}

/**
 * @param {Report} report
 * @param {number} count
 * @param {() => void} showMore
 * @param {AbortSignal} signal
 */
function moreWords({ rows, is_cut }, count, showMore, signal) {
  if (rows.length <= count && !is_cut) return null;
  return [
    h("p", { class: "muted" }, t(is_cut ? "reports.cut" : "reports.shown", { count: formatCount(Math.min(count, rows.length)), all: formatCount(rows.length) })),
    rows.length > count && button({ label: t("reports.more"), key: "more", signal, onclick: showMore }),
  ];
}

/** @param {Report} report @param {number} count */
function table({ columns, rows, totals, links, kinds }, count) {
  const look = (/** @type {Report["columns"][number]} */ column) =>
    [isNumber(column.kind) && "is-number", column.beside && "is-beside"].filter(Boolean).join(" ");
  const cells = (/** @type {(string | number | null)[]} */ row, /** @type {number} */ at) =>
    columns.map((column, place) => {
      const words = cellWords(row[place] ?? null, column.kind === "mixed" ? (kinds[at] ?? "count") : column.kind, isChange(column));
      if (place > 0) return h("td", { class: look(column) }, words);
      const address = addressOf(links[at] ?? undefined);
      return h("th", { scope: "row", class: column.kind === "date" || column.kind === "month" ? "is-date" : "" }, address ? h("a", { href: address, "data-key": `row-${at}` }, words || "–") : words);
    });
  return h(
    "table",
    { class: "table report-table" },
    h(
      "thead",
      {},
      h("tr", {}, columns.map((column) => h("th", { scope: "col", class: look(column) }, column.title))),
    ),
    h("tbody", {}, rows.slice(0, count).map((row, at) => h("tr", {}, cells(row, at)))),
    totals &&
      h(
        "tfoot",
        {},
        h(
          "tr",
          {},
          columns.map((column, at) =>
            at === 0
              ? h("th", { scope: "row" }, t("word.total"))
              : h("td", { class: look(column) }, cellWords(totals[at] ?? null, column.kind, isChange(column))),
          ),
        ),
      ),
  );
}
