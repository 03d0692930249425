/**
 * How the house does: occupancy, ADR, RevPAR and revenue over a period, beside the year before.
 */
import { api, queryText } from "../../api.js";
import { addDays, yearBefore } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { barChart } from "../../elements/bar-chart.js";
import { chipChoice, rangeFilter, rangeOf } from "../../elements/filters.js";
import { dataTable } from "../../elements/data-table.js";
import { pageHead } from "../../elements/page-head.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import {
  formatCount,
  formatDate,
  formatMoney,
  formatMoneyShort,
  formatPoints,
  formatRate,
} from "../../format.js";
import { checkbox, select } from "../../forms.js";
import { icon } from "../../icons.js";
import { t, tn } from "../../i18n.js";
import { replaceQuery } from "../../router.js";
import { businessDate } from "../../store.js";

/** @typedef {import("innkeeper/api").StatsView} Stats */
/** @typedef {import("innkeeper/api").Figures} Figures */
/** @typedef {"occupancy_rate" | "adr" | "revpar" | "room_revenue"} Metric */

const METRICS = /** @type {Metric[]} */ (["occupancy_rate", "adr", "revpar", "room_revenue"]);
/** Longer periods are told by the month. */
const MOST_DAYS = 62;

export const title = () => t("nav.statistics");

/** @param {Metric} metric @param {number} value */
const inFull = (metric, value) => (metric === "occupancy_rate" ? formatRate(value) : formatMoney(value));
/** @param {Metric} metric @param {number} value */
const inShort = (metric, value) =>
  metric === "occupancy_rate" ? formatRate(value) : formatMoneyShort(value);

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  const usual = rangeOf("this_month");
  let range = { from: params.from || usual.from, to: params.to || usual.to };
  let is_by_weekday = params.compare === "last_year_by_weekday";
  let is_to_date = params.to_date === "true";
  let metric = METRICS.find((one) => one === params.metric) ?? "occupancy_rate";
  let shown = new AbortController();
  let has_table = false;
  /** @type {Stats[]} */
  let loaded = [];
  const body = h("div", { class: "stack" });
  // A period that is not over holds nights that are still being sold: it is compared with the year
  // before as that one stood a year ago, not with how it ended.
  const yearAgo = (/** @type {string} */ date) => (is_by_weekday ? addDays(date, -364) : yearBefore(date));
  /** Up to the last day that is over, where only those are wanted. */
  const period = () => {
    const last = addDays(businessDate(), -1);
    const to = is_to_date && range.to > last && range.from <= last ? last : range.to;
    return { from: range.from, to };
  };
  const is_open = () => period().to >= businessDate();
  const a_year_ago = () => yearAgo(businessDate());
  const chartKey = () =>
    is_open() ? t("stats.key_then", { date: formatDate(a_year_ago(), "year") }) : t("stats.key");
  const show = () => {
    const [now, before] = loaded;
    if (!now || !before) return null;
    shown.abort();
    shown = new AbortController();
    const both = AbortSignal.any([signal, shown.signal]);
    const table = h(
      "details",
      { open: has_table, signal: both, ontoggle: () => (has_table = table.open) },
      figuresTable(now, before, metric),
    );
    return [
      h(
        "dl",
        { class: "figures" },
        METRICS.map((one) => figure(one, now.total, before.total, is_open())),
      ),
      chartCard({ now, before, metric, table, choose, key: chartKey() }, both),
      h("div", { class: "stats-pair" }, sourceCard(now), statusCard(now)),
    ];
  };
  const refresh = keepFresh(
    body,
    {
      areas: ["reservations", "rooms"],
      load: () =>
        Promise.all([
          api.get("/api/dashboard/stats", period(), signal),
          api.get(
            "/api/dashboard/stats",
            {
              from: yearAgo(period().from),
              to: yearAgo(period().to),
              ...(is_open() && { as_of: a_year_ago() }),
            },
            signal,
          ),
        ]),
      show: (both) => {
        loaded = both;
        return show();
      },
      skeleton: () => skeletonLines(12),
    },
    signal,
  );
  const keep = () =>
    replaceQuery(
      queryText({ ...range, metric, ...(is_by_weekday && { compare: "last_year_by_weekday" }), ...(is_to_date && { to_date: true }) }),
    );
  const changed = () => {
    keep();
    void refresh();
  };
  const beside = select(
    /** @type {const} */ (["last_year", "last_year_by_weekday"]).map((value) => ({ value, label: t(`reports.compare_${value}`) })),
    is_by_weekday ? "last_year_by_weekday" : "last_year",
    {
      "aria-label": t("reports.compare"),
      signal,
      onchange: () => {
        is_by_weekday = beside.value === "last_year_by_weekday";
        changed();
      },
    },
  );
  const over = checkbox(t("reports.to_date"), "to_date", is_to_date);
  over.addEventListener(
    "change",
    () => {
      is_to_date = over.querySelector("input")?.checked ?? false;
      changed();
    },
    { signal },
  );
  const choose = (/** @type {string} */ value) => {
    metric = /** @type {Metric} */ (value);
    keep();
    swap(body, show());
  };
  return h(
    "div",
    { class: "page" },
    pageHead({ title: t("nav.statistics") }),
    h(
      "div",
      { class: "filters" },
      rangeFilter(
        ["this_month", "last_month", "last_30", "next_30", "year_to_date", "this_year", "last_year"],
        range,
        (to) => {
          range = to;
          changed();
        },
        signal,
      ),
      beside,
      over,
    ),
    body,
  );
}

/**
 * How much more or less than the year before: amounts in percent, rates in points of a percent.
 * @param {Metric} metric
 * @param {number} now
 * @param {number} before
 */
function difference(metric, now, before) {
  const is_rate = metric === "occupancy_rate";
  const by = is_rate ? Math.round((now - before) * 10) / 10 : Math.round((now / before - 1) * 100);
  const size = is_rate ? t("stats.points", { change: formatPoints(Math.abs(by)) }) : formatRate(Math.abs(by));
  return { by, words: `${by > 0 ? "+" : "−"}${size}` };
}

/**
 * @param {Metric} metric
 * @param {Figures} now
 * @param {Figures} before
 * @param {boolean} is_open the period is not over
 */
function figure(metric, now, before, is_open) {
  const { by, words } = difference(metric, now[metric], before[metric]);
  return h(
    "div",
    { class: "tile" },
    h("dt", {}, t(`stats.${metric}`)),
    h(
      "dd",
      {},
      h("span", { class: "tile-figure" }, inFull(metric, now[metric])),
      h(
        "span",
        { class: "tile-detail" },
        !before[metric]
          ? t("stats.nothing_before")
          : by === 0
            ? t("stats.unchanged")
            : h(
                "span",
                { class: "with-icon" },
                icon(by > 0 ? "up" : "down"),
                t(is_open ? "stats.against_then" : "stats.against", {
                  change: words,
                  before: inShort(metric, before[metric]),
                }),
              ),
      ),
    ),
  );
}

/**
 * The points of the chart: days, or months when there are many. A day stands beside the day of the
 * same place in the year before.
 * @param {Stats} now
 * @param {Stats} before
 */
const pointsOf = (now, before) =>
  now.days.length <= MOST_DAYS
    ? now.days.map((day, i) => ({
        name: formatDate(day.date, "weekday"),
        short: formatDate(day.date, "day"),
        now: day,
        before: before.days[i] ?? null,
        is_forecast: day.date >= businessDate(),
      }))
    : now.months.map((month, i) => ({
        name: formatDate(`${month.month}-01`, "month"),
        short: formatDate(`${month.month}-01`, "month_short"),
        now: month,
        before: before.months[i] ?? null,
        is_forecast: month.month > businessDate().slice(0, 7),
      }));

/**
 * @param {{ now: Stats, before: Stats, metric: Metric, table: Node, key: string,
 *   choose: (metric: string) => void }} parts
 * @param {AbortSignal} signal
 */
function chartCard({ now, before, metric, table, key, choose }, signal) {
  const has_before = before.total.sold > 0;
  const points = pointsOf(now, before).map((point) => ({
    name: point.name,
    short: point.short,
    value: point.now[metric],
    before: has_before && point.before ? point.before[metric] : null,
    is_forecast: point.is_forecast,
  }));
  return h(
    "section",
    { class: "card" },
    h(
      "header",
      { class: "card-head" },
      chipChoice(
        t("stats.figure"),
        METRICS.map((value) => ({ value, label: t(`stats.${value}`) })),
        metric,
        choose,
        signal,
      ),
    ),
    h(
      "div",
      { class: "card-body" },
      barChart(
        {
          label: t(`stats.${metric}`),
          points,
          format: (value) => inFull(metric, value),
          short: (value) => inShort(metric, value),
        },
        signal,
      ),
      has_before && h("p", { class: "chart-key" }, key),
      points.some(({ is_forecast }) => is_forecast) && h("p", { class: "chart-key" }, t("reports.key_forecast")),
      table,
      now.total.unpriced > 0 && h("p", { class: "field-hint" }, tn("stats.unpriced", now.total.unpriced)),
      now.total.complimentary > 0 &&
        h("p", { class: "field-hint" }, tn("stats.complimentary", now.total.complimentary)),
      now.total.house_use > 0 && h("p", { class: "field-hint" }, tn("stats.house_use", now.total.house_use)),
      now.total.rooms_out_of_order > 0 &&
        h(
          "p",
          { class: "field-hint" },
          t("stats.with_out_of_order", { rate: formatRate(now.total.occupancy_rate_with_ooo) }),
        ),
    ),
  );
}

/**
 * What the chart shows, and the other figures, for who would rather read.
 * @param {Stats} now
 * @param {Stats} before
 * @param {Metric} metric
 */
function figuresTable(now, before, metric) {
  const points = pointsOf(now, before);
  /** @type {import("../../elements/data-table.js").Column<(typeof points)[number]>[]} */
  const metrics = METRICS.map((one) => ({
    label: t(`stats.${one}`),
    kind: "number",
    cell: (point) => inFull(one, point.now[one]),
  }));
  return [
    h("summary", {}, t("stats.as_table")),
    h(
      "div",
      { class: "table-card", tabindex: 0, role: "region", "aria-label": t("stats.as_table") },
      dataTable(
        [
          { label: t("field.date"), kind: "main", cell: (point) => point.name },
          { label: t("stats.sold"), kind: "number", cell: (point) => formatCount(point.now.sold) },
          {
            label: t("stats.available"),
            kind: "number",
            cell: (point) => formatCount(point.now.rooms_available),
          },
          ...metrics,
          {
            label: t("stats.year_before", { name: t(`stats.${metric}`) }),
            kind: "number",
            cell: (point) => point.before && inFull(metric, point.before[metric]),
          },
        ],
        points,
      ),
    ),
  ];
}

/** @param {number} part @param {number} whole */
const share = (part, whole) =>
  h("span", { class: "meter", vars: { share: `${whole ? Math.round((part / whole) * 100) : 0}%` } });

/** @param {Stats} stats */
function sourceCard({ reservations_by_source: sources }) {
  const nights = sources.reduce((all, source) => all + source.nights, 0);
  return h(
    "section",
    { class: "card table-card" },
    h("header", { class: "card-head" }, h("h2", {}, t("stats.by_source"))),
    sources.length
      ? dataTable(
          [
            { label: t("field.source"), kind: "main", cell: (source) => source.source },
            { label: t("stats.share"), cell: (source) => share(source.nights, nights) },
            { label: t("stats.bookings"), kind: "number", cell: (source) => formatCount(source.count) },
            { label: t("field.nights"), kind: "number", cell: (source) => formatCount(source.nights) },
            {
              label: t("stats.room_revenue"),
              kind: "number",
              cell: (source) => formatMoney(source.room_revenue),
            },
          ],
          sources,
        )
      : empty("bars", t("stats.no_bookings")),
  );
}

/** @param {Stats} stats */
const statusCard = ({ reservations_by_status: statuses }) =>
  h(
    "section",
    { class: "card table-card" },
    h("header", { class: "card-head" }, h("h2", {}, t("stats.by_status"))),
    statuses.length
      ? dataTable(
          [
            { label: t("field.status"), kind: "main", cell: ({ status }) => t(`status.${status}`) },
            { label: t("stats.bookings"), kind: "number", cell: ({ count }) => formatCount(count) },
          ],
          statuses,
        )
      : empty("bars", t("stats.no_bookings")),
  );
