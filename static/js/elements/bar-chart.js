/**
 * A chart of our own: bars over an axis, last year as a dashed line. What a bar stands for is said when
 * it is pointed at, and read with the arrow keys.
 */
import { h, svg, swap } from "../dom.js";
import { formatCount } from "../format.js";
import { t } from "../i18n.js";

/**
 * @typedef {{ name: string, short: string, value: number, before: number | null, is_forecast?: boolean }} Point
 * @typedef {{ label: string, points: Point[], format: (value: number) => string,
 *   short: (value: number) => string, saidBefore?: (value: string) => string, is_apart?: boolean }} Chart
 *   `short` is how the axis says a value, `saidBefore` what the dashed line had; last year's when not given; bars that are
 *   `is_apart` are no course of time, so that each has a mark of its own
 */

const HEIGHT = 240;
const PAD = { top: 8, right: 8, bottom: 22, left: 52 };
const LEAST_LABEL_PX = 44;
const TICKS = 4;

/** Round numbers from nought to at least `most`. @param {number} most */
function ticks(most) {
  const rough = Math.max(most, 1) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  return Array.from({ length: Math.ceil(Math.max(most, 1) / step) + 1 }, (_, i) => i * step);
}

/**
 * @param {Chart} chart
 * @param {AbortSignal} signal
 */
export function barChart(chart, signal) {
  const readout = h("p", { class: "chart-readout", role: "status" });
  const field = h("div", {
    class: "chart-field",
    tabindex: 0,
    role: "group",
    "aria-label": t("stats.chart_label", { name: chart.label, count: formatCount(chart.points.length) }),
  });
  let at = -1;
  const saidBefore = chart.saidBefore ?? ((/** @type {string} */ value) => t("stats.before", { value }));
  const say = (/** @type {number} */ index) => {
    at = index;
    const point = chart.points[at];
    for (const bar of field.querySelectorAll(".column-slot"))
      bar.classList.toggle("is-lit", bar.getAttribute("data-at") === String(at));
    if (!point) return swap(readout, h("span", { class: "muted" }, t("stats.hint")));
    swap(
      readout,
      h("strong", {}, point.name),
      ` ${chart.format(point.value)}`,
      point.before !== null &&
        h("span", { class: "muted" }, ` ${saidBefore(chart.format(point.before))}`),
    );
  };
  field.addEventListener(
    "keydown",
    (event) => {
      const last = chart.points.length - 1;
      const to = { ArrowLeft: Math.max(0, at - 1), ArrowRight: Math.min(last, at + 1), Home: 0, End: last }[
        event.key
      ];
      if (to === undefined) return;
      event.preventDefault();
      say(to);
    },
    { signal },
  );
  field.addEventListener("pointermove", (event) => say(slotAt(event.target)), { signal });
  field.addEventListener("pointerleave", () => say(-1), { signal });
  const watch = new ResizeObserver(() => {
    if (field.clientWidth) swap(field, draw(chart, field.clientWidth));
  });
  watch.observe(field);
  signal.addEventListener("abort", () => watch.disconnect(), { once: true });
  say(-1);
  return h("div", { class: "bar-chart" }, readout, field);
}

/** @param {EventTarget | null} target */
const slotAt = (target) =>
  target instanceof Element ? Number(target.closest(".column-slot")?.getAttribute("data-at") ?? -1) : -1;

/**
 * @param {Chart} chart
 * @param {number} width
 */
function draw({ points, short, is_apart }, width) {
  const most = Math.max(...points.flatMap(({ value, before }) => [value, before ?? 0]));
  // Of nothing there is no scale.
  const marks = most > 0 ? ticks(most) : [0];
  const top = marks[marks.length - 1] || 1;
  const inner = HEIGHT - PAD.top - PAD.bottom;
  const slot = (width - PAD.left - PAD.right) / points.length;
  const y = (/** @type {number} */ value) => PAD.top + inner * (1 - Math.max(0, value) / top);
  const x = (/** @type {number} */ i) => PAD.left + slot * i;
  const every = Math.ceil(LEAST_LABEL_PX / slot);
  const text = (
    /** @type {number} */ left,
    /** @type {number} */ base,
    /** @type {string} */ words,
    anchor = "middle",
  ) => {
    const element = svg("text", { x: String(left), y: String(base), "text-anchor": anchor });
    element.textContent = words;
    return element;
  };
  const rect = (
    /** @type {number} */ left,
    /** @type {number} */ from,
    /** @type {number} */ wide,
    /** @type {number} */ tall,
  ) => svg("rect", { x: String(left), y: String(from), width: String(wide), height: String(tall) });
  const known = points.flatMap(({ before }, i) => (before === null ? [] : [{ i, at: y(before) }]));
  const lines = is_apart
    ? known.map(({ i, at }) => `${x(i) + slot * 0.1},${at} ${x(i) + slot * 0.9},${at}`)
    : [known.map(({ i, at }) => `${x(i) + slot / 2},${at}`).join(" ")];
  const root = svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${HEIGHT}`,
      width: String(width),
      height: String(HEIGHT),
      "aria-hidden": "true",
    },
    ...marks.flatMap((mark) => [
      svg("line", {
        x1: String(PAD.left),
        x2: String(width - PAD.right),
        y1: String(y(mark)),
        y2: String(y(mark)),
      }),
      text(PAD.left - 8, y(mark) + 4, short(mark), "end"),
    ]),
    ...points.map((point, i) => {
      const group = svg(
        "g",
        { class: point.is_forecast ? "column-slot is-forecast" : "column-slot", "data-at": String(i) },
        rect(x(i), PAD.top, slot, inner),
        rect(x(i) + slot * 0.18, y(point.value), slot * 0.64, PAD.top + inner - y(point.value)),
      );
      if (i % every === 0) group.append(text(x(i) + slot / 2, HEIGHT - 6, point.short));
      return group;
    }),
    ...lines.map((points) => svg("polyline", { points })),
  );
  return root;
}
