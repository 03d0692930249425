/**
 * The day at a glance: who comes, who goes, who is here, and the next thing to do with each.
 */
import { api } from "../../api.js";
import { addDays } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { stepper } from "../../elements/button.js";
import { pageHead } from "../../elements/page-head.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate, formatInstant } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { replaceQuery } from "../../router.js";
import { may } from "../../places.js";
import { businessDate, session } from "../../store.js";
import { closeNews } from "./close-news.js";
import { figuresCard } from "./figures-card.js";
import { houseStatus, weekAhead } from "./house-status.js";
import { dayLists } from "./today-lists.js";
import { optionList } from "./today-options.js";

/** @typedef {import("../../types.js").DateText} DateText */

/** How whoever works here wants the arrivals, until the page is loaded anew. */
const ARRIVALS = { sort: "guest_name" };

export const title = () => t("nav.today");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  let date = params.date || businessDate();
  let day = new AbortController();
  const head = h("div", {});
  const status = h("div", { class: "house-slot" });
  const lists = h("div", { class: "day-lists" });

  /** @param {DateText} to */
  const go = (to) => {
    date = to;
    replaceQuery(to === businessDate() ? "" : `?date=${to}`);
    showDay();
  };
  const showDay = () => {
    day.abort();
    day = new AbortController();
    const both = AbortSignal.any([signal, day.signal]);
    swap(head, dayHead(date, go, both));
    showStatus(status, date, go, both);
    showLists(lists, date, both);
  };
  showDay();
  document.addEventListener("keydown", (event) => dayByKey(event, date, go), { signal });
  // Who owns the house begins with how it does; a manager with the desk, and so does whoever works there.
  const figures = may("manage") && date === businessDate() ? figuresCard(signal) : null;
  const is_owner = session.user?.role === "owner";
  return h("div", { class: "page page-today" }, head, closeNews(signal), is_owner && figures, status, !is_owner && figures, lists);
}

/**
 * @param {DateText} date
 * @param {(to: DateText) => void} go
 * @param {AbortSignal} signal
 */
function dayHead(date, go, signal) {
  const today = businessDate();
  const words = {
    [addDays(today, -1)]: t("day.yesterday"),
    [today]: t("nav.today"),
    [addDays(today, 1)]: t("day.tomorrow"),
  };
  return pageHead({
    title: words[date] ?? formatDate(date, "weekday"),
    lead: formatDate(date, "full"),
    actions: [
      date === today &&
        may("desk") &&
        h("a", { class: "button only-wide", href: "/close", "data-key": "close-day" }, t("close.title")),
      h(
        "a",
        {
          class: "button button-icon only-wide",
          href: `/print/arrivals?date=${date}`,
          "aria-label": t("print.arrivals_of"),
          title: t("print.arrivals_of"),
        },
        icon("printer"),
      ),
      stepper(
        {
          before: t("day.before"),
          after: t("day.after"),
          is_today: date === today,
          go: (where) => go(where ? addDays(date, where) : today),
        },
        signal,
      ),
    ],
  });
}

/**
 * @param {KeyboardEvent} event
 * @param {DateText} date
 * @param {(to: DateText) => void} go
 */
function dayByKey(event, date, go) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target instanceof Element && event.target.closest("input, textarea, select, dialog, [popover]"))
    return;
  event.preventDefault();
  go(addDays(date, step));
}

/** Said until a copy is made: whoever closes at night sees it. @param {import("innkeeper/api").TodayView} status */
const lateBackup = ({ backup: { overdue_at, second_missed_at } }) =>
  [
    overdue_at && Date.now() >= Date.parse(overdue_at) && t("today.late_backup"),
    second_missed_at && t("today.no_second", { time: formatInstant(second_missed_at) }),
  ].map((words) => words && h("p", { class: "form-error", role: "status" }, words));

/**
 * @param {HTMLElement} target
 * @param {DateText} date
 * @param {(to: DateText) => void} go
 * @param {AbortSignal} signal
 */
function showStatus(target, date, go, signal) {
  keepFresh(
    target,
    {
      areas: ["reservations", "rooms", "payments", "settings", "backups"],
      load: () => api.get("/api/dashboard/today", {}, signal),
      show: (status) => [
        lateBackup(status),
        status.date === date && houseStatus(status),
        weekAhead(status, date, go, signal),
      ],
      skeleton: () => target.firstChild ?? h("div", { class: "house-skeleton" }, skeletonLines(2)),
    },
    signal,
  );
}

/**
 * @param {HTMLElement} target
 * @param {DateText} date
 * @param {AbortSignal} signal
 */
function showLists(target, date, signal) {
  /** @type {import("./today-lists.js").Placed} */
  const placed = new Map();
  const sorting = {
    by: ARRIVALS.sort,
    change: (/** @type {string} */ by) => {
      ARRIVALS.sort = sorting.by = by;
      placed.delete("arrivals");
      void refresh();
    },
  };
  const refresh = keepFresh(
    target,
    {
      areas: ["reservations", "rooms", "payments", "guests"],
      load: () =>
        Promise.all([
          api.get("/api/reservations/arrivals", { date, sort: sorting.by, page_size: 100 }, signal),
          api.get("/api/reservations/departures", { date, page_size: 100 }, signal),
          api.get("/api/reservations/in-house", { date, page_size: 100 }, signal),
          api.get("/api/tape-chart", { from: addDays(date, -1), days: 2 }, signal),
          date === businessDate() ? api.get("/api/reservations/options", { page_size: 100 }, signal) : null,
        ]),
      show: ([arrivals, departures, in_house, chart, options]) => [
        options && optionList(options, () => void refresh(), signal),
        dayLists({ date, arrivals, departures, in_house, chart, placed, sorting }, () => void refresh(), signal),
      ],
      skeleton: () =>
        h(
          "div",
          { class: "day-lists-skeleton" },
          [6, 6, 8].map((lines) => h("div", { class: "card" }, skeletonLines(lines))),
        ),
    },
    signal,
  );
}
