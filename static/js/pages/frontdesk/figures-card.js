/**
 * What whoever runs the house looks at first: how the last day and the month went, what came in, what is owed. Each leads to its report.
 */
import { api, queryText } from "../../api.js";
import { h } from "../../dom.js";
import { keepFresh } from "../../fresh.js";
import { formatCount, formatDate, formatMoneyShort, formatPoints, formatRate } from "../../format.js";
import { t, tn } from "../../i18n.js";

/** @typedef {import("innkeeper/api").FiguresView} Figures */

/** @param {AbortSignal} signal */
export function figuresCard(signal) {
  const slot = h("div", { class: "house-figures-slot" });
  keepFresh(
    slot,
    {
      areas: ["reservations", "payments", "rooms", "settings"],
      load: () => api.get("/api/dashboard/figures", {}, signal),
      show: card,
      skeleton: () => null,
    },
    signal,
  );
  return slot;
}

/** @param {number} by */
const signed = (by) => (by > 0 ? "+" : by < 0 ? "−" : "±") + formatCount(Math.abs(by));

/** A rate is more or less in points. @param {number} now @param {number} before */
function points(now, before) {
  const by = Math.round((now - before) * 10) / 10;
  return `${by > 0 ? "+" : by < 0 ? "−" : "±"}${t("stats.points", { change: formatPoints(Math.abs(by)) })}`;
}

/** @param {number} now @param {number} before */
const percent = (now, before) => {
  const by = Math.round((now / before - 1) * 100);
  return (by > 0 ? "+" : by < 0 ? "−" : "±") + formatRate(Math.abs(by));
};

/**
 * @param {string} label
 * @param {string} href
 * @param {string} figure
 * @param {string} detail
 */
const tile = (label, href, figure, detail) =>
  h(
    "div",
    { class: "tile" },
    h("dt", {}, label),
    h("dd", {}, h("a", { class: "tile-figure", href }, figure), h("span", { class: "tile-detail" }, detail)),
  );

/** @param {Figures} now */
function card({ date, day, day_last_year, month, month_last_year, next_30, ...rest }) {
  const report = (/** @type {string} */ name, /** @type {Record<string, string>} */ query = {}) => `/reports/${name}${queryText(query)}`;
  const span = { from: month.from, to: month.to, compare: "last_year" };
  const ahead = { from: next_30.from, to: next_30.to };
  return h(
    "section",
    { class: "card house-figures", "aria-labelledby": "house-figures" },
    h(
      "header",
      { class: "card-head" },
      h("h2", { id: "house-figures" }, t("figures.title")),
      h("a", { class: "link", href: report("flash", { to: date }) }, t("figures.flash")),
    ),
    h(
      "dl",
      {},
      tile(
        t("figures.day", { date: formatDate(date, "weekday") }),
        report("flash", { to: date }),
        formatRate(day.occupancy_rate),
        day_last_year.sold
          ? t("figures.against_weekday", { change: points(day.occupancy_rate, day_last_year.occupancy_rate) })
          : t("figures.rooms", { sold: formatCount(day.sold), available: formatCount(day.available) }),
      ),
      tile(t("figures.adr"), report("forecast", span), formatMoneyShort(day.adr), t("figures.revpar", { amount: formatMoneyShort(day.revpar) })),
      tile(
        t("figures.month"),
        report("forecast", span),
        formatMoneyShort(month.room_revenue),
        [
          t("figures.month_occupancy", { rate: formatRate(month.occupancy_rate) }),
          month_last_year.sold && t("figures.against_year", { change: percent(month.room_revenue, month_last_year.room_revenue) }),
        ]
          .filter(Boolean)
          .join(", "),
      ),
      tile(
        t("figures.next_30"),
        report("pick-up", ahead),
        formatRate(next_30.occupancy_rate),
        t("figures.picked_up", { day: signed(rest.picked_up), week: signed(rest.picked_up_in_week) }),
      ),
      tile(t("figures.owed"), report("balances"), formatMoneyShort(rest.departed_open_amount), tn("figures.departed", rest.departed_open)),
      tile(
        t("figures.given"),
        report("given-away", { from: date, to: date }),
        formatMoneyShort(rest.exceptions_amount),
        tn("figures.exceptions", rest.exceptions),
      ),
    ),
  );
}
