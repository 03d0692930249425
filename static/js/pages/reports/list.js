/**
 * Every report there is, by what it is about.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { pageHead } from "../../elements/page-head.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").ReportEntry} Entry */
/** @typedef {Entry["group"]} Group */

const GROUPS = /** @type {Group[]} */ (["rooms", "money", "accounts", "guests", "details"]);

export const title = () => t("nav.reports");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export function render(_params, signal) {
  const body = h("div", { class: "report-groups" });
  keepFresh(
    body,
    {
      areas: [],
      load: () => api.get("/api/reports", {}, signal),
      show: ({ items }) =>
        GROUPS.map((group) => ({ group, reports: items.filter((one) => one.group === group) }))
          .filter(({ reports }) => reports.length > 0)
          .map(({ group, reports }) => groupCard(group, reports)),
      skeleton: () => skeletonLines(12),
    },
    signal,
  );
  return h("div", { class: "page" }, pageHead({ title: t("nav.reports") }), body);
}

/** @param {Group} group @param {Entry[]} reports */
const groupCard = (group, reports) =>
  h(
    "section",
    { class: "card" },
    h("header", { class: "card-head" }, h("h2", {}, t(`reports.group_${group}`))),
    h(
      "ul",
      { class: "report-list" },
      reports.map(({ name, title, about }) =>
        h("li", {}, h("a", { href: `/reports/${name}` }, title), h("p", { class: "muted" }, about)),
      ),
    ),
  );
