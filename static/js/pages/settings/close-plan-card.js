/**
 * Whether days close by themselves, when, and what is done then with what is open.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { saveChange } from "../../failure.js";
import { checkbox, field, formError, input, onSubmit, select } from "../../forms.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate, formatInstant } from "../../format.js";
import { t } from "../../i18n.js";
import { businessDate } from "../../store.js";

/** @typedef {import("innkeeper/api").DayClosePlanView} Plan */
/** @typedef {import("innkeeper/api").DayClosePlanChange} Change */

/** Every half hour from midnight to six. */
const TIMES = Array.from({ length: 13 }, (_, at) => `0${Math.floor(at / 2)}:${at % 2 ? "30" : "00"}`);

/** @param {AbortSignal} signal */
export function closePlanCard(signal) {
  const body = h("div", { class: "card-body" });
  const refresh = keepFresh(
    body,
    {
      areas: ["day_close", "settings"],
      load: () => api.get("/api/day-close/plan", {}, signal),
      show: (plan) => planForm(plan, () => void refresh(), signal),
      skeleton: () => skeletonLines(5),
    },
    signal,
  );
  return h(
    "section",
    { class: "card", "aria-labelledby": "close-plan" },
    h("header", { class: "card-head" }, h("h2", { id: "close-plan" }, t("close.plan"))),
    body,
  );
}

/** @param {Plan} plan @param {() => void} saved @param {AbortSignal} signal */
function planForm(plan, saved, signal) {
  const times = TIMES.map((value) => ({ value, label: value }));
  const form = h(
    "form",
    { class: "form" },
    h("p", { class: "field-hint" }, t("close.plan_lead")),
    checkbox(t("close.plan_on"), "is_on", plan.is_on),
    field({ label: t("close.plan_time"), name: "close_time" }, select(times, plan.close_time)),
    field(
      { label: t("close.plan_arrivals"), name: "arrivals" },
      select(
        [
          { value: "no_show", label: t("close.plan_no_show") },
          { value: "carry", label: t("close.plan_expected") },
        ],
        plan.arrivals,
      ),
    ),
    field(
      { label: t("close.plan_no_show_time"), name: "no_show_time", hint: t("close.plan_no_show_hint") },
      input({ type: "time", value: plan.no_show_time, required: true }),
    ),
    field(
      { label: t("close.plan_departures"), name: "departures" },
      select(
        [
          { value: "extend", label: t("close.plan_extend") },
          { value: "carry", label: t("close.plan_overdue") },
        ],
        plan.departures,
      ),
    ),
    field(
      { label: t("close.plan_options"), name: "options" },
      select(
        [
          { value: "release", label: t("close.plan_release") },
          { value: "carry", label: t("close.plan_held") },
        ],
        plan.options,
      ),
    ),
    checkbox(t("close.plan_paper"), "keeps_paper", plan.keeps_paper),
    h("p", { class: "field-hint" }, t("close.plan_paper_hint")),
    plan.next_at &&
      h("p", { class: "muted" }, t("close.plan_next", { date: formatDate(businessDate(), "weekday"), time: formatInstant(plan.next_at) })),
    formError(),
    h("div", {}, h("button", { type: "submit", class: "button" }, t("action.save"))),
  );
  onSubmit(
    form,
    async ({ is_on, keeps_paper, ...values }) => {
      const boxes = { is_on: is_on === "on", keeps_paper: keeps_paper === "on" };
      const change = /** @type {Change} */ ({ ...values, ...boxes, version: plan.version });
      await saveChange(() => api.patch("/api/day-close/plan", {}, change), saved);
      saved();
    },
    signal,
  );
  return form;
}
