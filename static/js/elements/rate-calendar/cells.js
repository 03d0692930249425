/**
 * What the calendar's cells, heads and names look like.
 */
import { isWeekend } from "../../dates.js";
import { h } from "../../dom.js";
import { formatAmount, formatCount, formatDate, formatMoney, formatPercent } from "../../format.js";
import { t } from "../../i18n.js";
import { icon } from "../../icons.js";
import { restrictionWords } from "../../restriction-words.js";
import { soldOf } from "./model.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").PriceRow} PriceRow */
/** @typedef {import("./model.js").Run} Run */
/** @typedef {import("./model.js").RestrictionKind} Kind */

/** What is on or off, the gravest first. */
export const SWITCHES = /** @type {const} */ (["is_stop_sell", "is_closed_to_arrival", "is_closed_to_departure"]);
export const NUMBERS = /** @type {const} */ ([
  "min_stay_arrival",
  "max_stay_arrival",
  "min_stay_through",
  "max_stay_through",
  "min_advance_days",
  "max_advance_days",
]);

/** @param {Run} run @returns {{ kind: Kind, limit: number | null }[]} */
export const restrictionsOf = (run) => [
  ...SWITCHES.filter((kind) => run[kind]).map((kind) => ({ kind, limit: null })),
  ...NUMBERS.filter((kind) => run[kind] !== undefined).map((kind) => ({ kind, limit: run[kind] ?? null })),
];

/** A word for each restriction. @param {Run} run */
export const heldWords = (run) => restrictionsOf(run).map(({ kind, limit }) => restrictionWords(kind, limit));

/** @param {Run} run */
const marks = (run) =>
  restrictionsOf(run).map(({ kind, limit }) =>
    h(
      "span",
      {
        class: ["restriction", kind === "is_stop_sell" && "is-closed", run.own.includes(kind) && "is-own"].filter(Boolean).join(" "),
        // The cell's name says it in full, so that marks are drawn and not read out.
        "data-says": t(`restriction_mark.${kind}`, { count: limit ?? 0 }),
      },
    ),
  );

/** @param {Model} model @param {number} at */
const looks = ({ dates, business_date }, at) => {
  const date = dates[at] ?? "";
  return [isWeekend(date) && "is-weekend", date === business_date && "is-today", date < business_date && "is-past"];
};

/**
 * @param {Model} model
 * @param {number} row
 * @param {number} at
 * @param {{ id: string, after: number | undefined }} more `after` = what it will cost
 */
export function priceCell(model, row, at, { id, after }) {
  const one = /** @type {PriceRow} */ (model.rows[row]);
  const rate = one.rates[at] ?? 0;
  const run = one.held.get(at);
  const is_changed = after !== undefined;
  return h(
    "div",
    {
      role: "gridcell",
      id,
      class: ["rate-cell", ...looks(model, at), one.own.has(at) && "is-own", is_changed && "is-changed", run?.is_stop_sell && "is-closed"]
        .filter(Boolean)
        .join(" "),
      "data-at": at,
      "data-key": `${one.is_further ? one.key : one.type.id}-${model.dates[at]}`,
      "aria-colindex": at + 2,
      "aria-label": cellWords(model, one, at, after),
      vars: { at },
    },
    h("span", { class: "rate-price" }, is_changed ? [h("s", { "data-says": formatAmount(rate) }), h("b", {}, formatAmount(after))] : formatAmount(rate)),
    run && h("span", { class: "rate-marks" }, marks(run)),
  );
}

/** The cell for those who hear it. @param {Model} model @param {PriceRow} row @param {number} at @param {number | undefined} after */
function cellWords(model, { type, plan, rates, own, held, is_further }, at, after) {
  const run = held.get(at);
  const { sold, for_sale, picked_up, blocked } = soldOf(type, at);
  return [
    is_further ? `${type.name}, ${plan.name}` : type.name,
    formatDate(model.dates[at] ?? "", "weekday") + ": " + formatMoney(rates[at] ?? 0),
    after !== undefined && t("calendar.becomes", { amount: formatMoney(after) }),
    own.has(at) && t("calendar.own"),
    ...(run ? heldWords(run) : []),
    t("calendar.sold_of", { sold, rooms: for_sale }),
    blocked > 0 && t("chart.held", { count: blocked }),
    picked_up !== 0 && t("calendar.picked_up", { count: signed(picked_up) }),
  ]
    .filter(Boolean)
    .join(", ");
}

/** @param {number} count */
const signed = (count) => (count > 0 ? `+${formatCount(count)}` : `−${formatCount(-count)}`);

/** How full the type is; the words are the price's. @param {Model} model @param {number} row @param {number} at */
export function soldCell(model, row, at) {
  const { rate, picked_up } = soldOf(/** @type {PriceRow} */ (model.rows[row]).type, at);
  return h(
    "div",
    { class: ["sold-cell", ...looks(model, at), rate !== null && rate >= 90 && "is-full"].filter(Boolean).join(" "), "data-at": at, vars: { at } },
    h("span", {}, rate === null ? "–" : formatPercent(rate)),
    picked_up !== 0 && h("span", { class: picked_up > 0 ? "is-up" : "is-down" }, signed(picked_up)),
  );
}

/** @param {Model} model @param {number} at */
export const dayHead = (model, at) =>
  h(
    "div",
    {
      role: "columnheader",
      class: ["day-head", ...looks(model, at)].filter(Boolean).join(" "),
      "data-at": at,
      "aria-colindex": at + 2,
      "aria-label": formatDate(model.dates[at] ?? "", "full"),
      vars: { at },
    },
    h("span", {}, formatDate(model.dates[at] ?? "", "letter")),
    h("b", {}, String(Number((model.dates[at] ?? "").slice(8)))),
  );

/** Each month over its days; its name stays in sight. @param {Model} model */
export function monthHeads({ dates }) {
  /** @type {{ at: number, span: number }[]} */
  const months = [];
  dates.forEach((date, at) => {
    const last = months.at(-1);
    if (last && dates[last.at]?.slice(0, 7) === date.slice(0, 7)) last.span += 1;
    else months.push({ at, span: 1 });
  });
  return months.map(({ at, span }) =>
    h("div", { class: "month-head", vars: { at, span } }, h("span", {}, formatDate(dates[at] ?? "", span > 3 ? "month" : "month_short"))),
  );
}

/**
 * @param {Model} model
 * @param {number} row
 * @param {AbortSignal} signal
 * @param {(type_id: number) => void} unfold
 */
export function rowHead(model, row, signal, unfold) {
  const { type, plan, is_further } = /** @type {PriceRow} */ (model.rows[row]);
  if (is_further) return h("div", { role: "rowheader", class: "rate-label is-further" }, h("span", { class: "rate-name", title: plan.name }, plan.name));
  const is_open = model.unfolded.has(type.id);
  return h(
    "div",
    { role: "rowheader", class: "rate-label" },
    model.has_plans &&
      h(
        "button",
        {
          type: "button",
          class: "rate-unfold",
          "data-key": `unfold-${type.id}`,
          "aria-expanded": String(is_open),
          "aria-label": t("calendar.all_plans", { type: type.name }),
          title: t("calendar.all_plans", { type: type.name }),
          signal,
          onclick: () => unfold(type.id),
        },
        icon(is_open ? "down" : "right"),
      ),
    h("span", { class: "rate-name", title: type.name }, type.name),
  );
}
