/**
 * Every report there is, by what it is about.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { pageHead } from "../../elements/page-head.js";
import { showFailure } from "../../failure.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";

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
  const refresh = keepFresh(
    body,
    {
      areas: [],
      load: () => Promise.all([api.get("/api/reports", {}, signal), api.get("/api/report-views", {}, signal)]),
      show: ([{ items }, views]) => [
        views.items.length > 0 && viewsCard(views.items, items, () => void refresh(), signal),
        ...GROUPS.map((group) => ({ group, reports: items.filter((one) => one.group === group) }))
          .filter(({ reports }) => reports.length > 0)
          .map(({ group, reports }) => groupCard(group, reports)),
      ],
      skeleton: () => skeletonLines(12),
    },
    signal,
  );
  return h("div", { class: "page" }, pageHead({ title: t("nav.reports") }), body);
}

/**
 * @param {import("innkeeper/api").SavedView[]} views
 * @param {Entry[]} reports
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const viewsCard = (views, reports, done, signal) =>
  h(
    "section",
    { class: "card" },
    h("header", { class: "card-head" }, h("h2", {}, t("reports.views"))),
    h(
      "ul",
      { class: "report-list" },
      views.map((view) =>
        h(
          "li",
          { class: "saved-view" },
          h("a", { href: `/reports/${view.report}?${view.query}`, "data-key": `view-${view.id}` }, view.name),
          h(
            "p",
            { class: "muted" },
            [reports.find(({ name }) => name === view.report)?.title, view.is_shared && t("reports.shared_by", { name: view.username })]
              .filter(Boolean)
              .join(" · "),
          ),
          (view.is_own || may("manage")) &&
            may("desk") &&
            button({
              name: t("reports.delete_view", { name: view.name }),
              sign: "close",
              look: "quiet",
              key: `delete-view-${view.id}`,
              signal,
              onclick: () => void api.delete("/api/report-views/{id}", { id: view.id }).then(done, showFailure),
            }),
        ),
      ),
    ),
  );

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
