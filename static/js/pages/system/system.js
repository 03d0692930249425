/**
 * How the hotel's data are kept: what is wrong first, then the backups and the disk. What only helps
 * an engineer stands folded under "Diagnostics".
 */
import { api } from "../../api.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { pageHead } from "../../elements/page-head.js";
import { field, formDialog, input } from "../../forms.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatAgo, formatBytes, formatCount, formatInstant, formatMs, formatRate } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { once } from "../../intents.js";
import { session } from "../../store.js";
import { backUpNow } from "./back-up.js";
import { backupsCard } from "./backups.js";

/** @typedef {import("innkeeper/api").SystemView} System */
/** @typedef {import("../../dom.js").Child} Child */

const LOOK_AGAIN_MS = 15_000;
const MOST_ROUTES = 12;
const THRESHOLDS = /** @type {const} */ ([
  "slow_requests_percent",
  "errors_percent",
  "disk_space_megabytes",
  "memory_megabytes",
  "backup_age_hours",
]);

export const title = () => t("nav.system");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export function render(_params, signal) {
  const body = h("div", { class: "stack" });
  const engine = h("div", { class: "stack" });
  const standing = h("section", { class: "card", role: "status" }, skeletonLines(1));
  const refresh = keepFresh(
    body,
    {
      areas: ["settings", "backups"],
      load: () => api.get("/api/system", {}, signal),
      show: (system) => {
        swap(standing, alerts(system));
        swap(
          engine,
          figures(system),
          h("div", { class: "stats-pair" }, slowStatements(system), slowRequests(system)),
          routes(system),
        );
        return owned(system);
      },
      skeleton: () => skeletonLines(12),
      is_busy: () => document.hidden,
    },
    signal,
  );
  const backups = backupsCard(signal);
  const copy = backUpNow(() => {
    void refresh();
    void backups.refresh();
  }, signal);
  const look = () => {
    if (document.hidden) return;
    void refresh();
    void copy.look();
  };
  const timer = setInterval(look, LOOK_AGAIN_MS);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  return h(
    "div",
    { class: "page" },
    pageHead({
      title: t("nav.system"),
      actions: [
        button({
          label: t("system.backup_now"),
          signal,
          onclick: (anchor) => void once(anchor, copy.begin),
        }),
        button({
          label: t("system.thresholds"),
          sign: "warning",
          signal,
          onclick: () =>
            void api
              .get("/api/system", {}, signal)
              .then(({ thresholds }) => limits(thresholds, () => void refresh(), signal)),
        }),
      ],
    }),
    copy.line,
    h("div", { class: "stack" }, standing, backups.element, body, diagnostics(engine)),
  );
}

/** @param {HTMLElement} engine */
const diagnostics = (engine) =>
  h(
    "details",
    { class: "diagnostics" },
    h("summary", {}, h("h2", {}, t("system.diagnostics"))),
    h("p", { class: "muted" }, t("system.diagnostics_text")),
    engine,
  );

/**
 * No backup is no order, even before it is late; a copy for reports has none of its own.
 * @param {System} system
 */
function alerts({ alerts: standing, backup }) {
  const is_bare = !backup.last_at && !session.copy_of;
  if (!standing.length && !is_bare)
    return h("p", { class: "card-head is-paid" }, icon("check"), t("system.well"));
  return [
    is_bare && h("p", { class: "card-head mark-warn" }, icon("warning"), t("system.never_backed_up")),
    standing.length > 0 && h("ul", { class: "lines card-body" }, standing.map(alertLine)),
  ];
}

/**
 * What to do about an alert that has no measure.
 * @type {Record<string, import("../../i18n.js").Key>}
 */
const ADVICE = {
  data_damaged: "alert_advice.data_damaged",
  data_faults: "alert_advice.data_faults",
  day_close: "alert_advice.day_close",
};

/** @param {System["alerts"][number]} alert */
function alertLine({ code, unit, value, threshold, since }) {
  const key = ADVICE[code];
  const measured = { value: `${formatCount(value)} ${unit}`, limit: `${formatCount(threshold)} ${unit}` };
  return h(
    "li",
    { class: "mark-warn" },
    icon("warning"),
    h(
      "span",
      { class: "grow" },
      h("strong", {}, t(`alert.${code}`)),
      ` · ${key ? t(key) : t("system.of_limit", measured)}`,
    ),
    h("span", { class: "muted" }, t("alert.since", { time: formatInstant(since) })),
  );
}

/** @param {string} name @param {Child} figure @param {Child} detail */
const tile = (name, figure, detail) =>
  h(
    "div",
    { class: "tile" },
    h("dt", {}, name),
    h("dd", {}, h("span", { class: "tile-figure" }, figure), h("span", { class: "tile-detail" }, detail)),
  );

/** What an owner asks for. @param {System} system */
const owned = ({ version, started_at, database, disk, backup }) =>
  h(
    "dl",
    { class: "figures" },
    tile(
      t("system.backup"),
      backup.last_at ? formatAgo(backup.last_at) : "–",
      backup.last_at && formatInstant(backup.last_at),
    ),
    tile(t("system.database"), formatBytes(database.database_bytes), t("system.database_detail")),
    disk &&
      tile(
        t("system.disk"),
        formatBytes(disk.free_bytes),
        t("system.disk_detail", { total: formatBytes(disk.total_bytes) }),
      ),
    tile(t("system.version"), version, t("system.since", { time: formatInstant(started_at) })),
  );

/** @param {System} system */
function figures({ requests, routes: asked, cache, database, pool, memory_bytes }) {
  const slowest = Math.max(0, ...asked.filter((route) => route.requests > 0).map((route) => route.p99_ms));
  return h(
    "dl",
    { class: "figures" },
    tile(
      t("system.requests"),
      formatCount(requests.total),
      t("system.errors_slow", { errors: formatCount(requests.errors), slow: formatCount(requests.slow) }),
    ),
    tile(
      t("system.latency"),
      formatMs(slowest),
      t("system.latency_detail", { ms: formatMs(requests.slow_after_ms) }),
    ),
    tile(
      t("system.cache"),
      formatRate(cache.hit_percent),
      t("system.cache_detail", { hits: formatCount(cache.hits), entries: formatCount(cache.entries) }),
    ),
    tile(
      t("system.log"),
      formatBytes(database.wal_bytes),
      t("system.log_detail", { commits: formatCount(database.commits) }),
    ),
    tile(
      t("system.pool"),
      `${formatCount(pool.connections - pool.idle)} / ${formatCount(pool.connections)}`,
      t("system.pool_detail", { waits: formatCount(pool.waits), timeouts: formatCount(pool.timeouts) }),
    ),
    tile(t("system.memory"), memory_bytes === null ? "–" : formatBytes(memory_bytes), null),
  );
}

/** @param {string} name @param {number} count @param {Child} table @param {string} nothing */
const card = (name, count, table, nothing) =>
  h(
    "section",
    { class: "card table-card" },
    h("header", { class: "card-head" }, h("h2", {}, name), h("span", { class: "count" }, formatCount(count))),
    count ? table : empty("check", nothing),
  );

/** @param {System} system */
const slowStatements = ({ slow_statements: slow }) =>
  card(
    t("system.slow_statements"),
    slow.length,
    dataTable(
      [
        {
          label: t("system.statement"),
          kind: "main",
          cell: (one) =>
            h(
              "details",
              {},
              h("summary", {}, one.statement),
              h("pre", { class: "code" }, [one.text, ...one.plan].join("\n")),
            ),
        },
        { label: t("word.when"), cell: (one) => formatInstant(one.at) },
        { label: t("system.took"), kind: "number", cell: (one) => formatMs(one.duration_ms) },
      ],
      slow,
    ),
    t("system.nothing_slow"),
  );

/** @param {System} system */
const slowRequests = ({ slow_requests: slow }) =>
  card(
    t("system.slow_requests"),
    slow.length,
    dataTable(
      [
        {
          label: t("system.route"),
          kind: "main",
          cell: (one) => `${one.method} ${one.pattern || one.route}`,
        },
        { label: t("word.when"), cell: (one) => formatInstant(one.at) },
        { label: t("field.status"), kind: "number", cell: (one) => one.status },
        { label: t("system.took"), kind: "number", cell: (one) => formatMs(one.duration_ms) },
      ],
      slow,
    ),
    t("system.nothing_slow"),
  );

/** @param {System} system */
const routes = ({ routes: asked }) =>
  card(
    t("system.routes"),
    asked.length,
    dataTable(
      [
        {
          label: t("system.route"),
          kind: "main",
          cell: (one) => `${one.method} ${one.pattern || one.route}`,
        },
        { label: t("system.requests"), kind: "number", cell: (one) => formatCount(one.requests) },
        { label: t("system.errors"), kind: "number", cell: (one) => formatCount(one.errors) },
        { label: t("system.half"), kind: "number", cell: (one) => formatMs(one.p50_ms) },
        { label: t("system.most"), kind: "number", cell: (one) => formatMs(one.p99_ms) },
      ],
      asked.slice(0, MOST_ROUTES),
    ),
    t("system.nothing_slow"),
  );

/**
 * @param {System["thresholds"]} thresholds
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const limits = (thresholds, done, signal) =>
  formDialog(
    {
      title: t("system.thresholds"),
      submit: t("action.save"),
      intro: h("p", { class: "dialog-intro" }, t("system.thresholds_text")),
      fields: () =>
        THRESHOLDS.map((name) =>
          field(
            { label: t(`system.${name}`), name },
            input({ type: "number", min: 0, value: thresholds[name] }),
          ),
        ),
      send: async (values) => {
        const change = Object.fromEntries(THRESHOLDS.map((name) => [name, Number(values[name])]));
        await api.patch("/api/system/thresholds", {}, change);
        done();
      },
    },
    signal,
  );
