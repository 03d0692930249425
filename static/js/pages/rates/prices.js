/**
 * What each night costs: a year of prices by room type under one of the hotel's plans, and the plans
 * themselves: some with prices of their own, some so much above or below another.
 */
import { api } from "../../api.js";
import { addDays, isDate, monthStart } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { button, stepper } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { dateInput } from "../../elements/date-field.js";
import { chipChoice } from "../../elements/filters.js";
import { rowMenu } from "../../elements/menu.js";
import { pageHead } from "../../elements/page-head.js";
import { buildModel } from "../../elements/rate-calendar/model.js";
import { RateCalendar } from "../../elements/rate-calendar/rate-calendar.js";
import { showFailure } from "../../failure.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate, formatExactPercent, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { replaceQuery } from "../../router.js";
import { businessDate } from "../../store.js";
import { changePricesDialog } from "./change-prices.js";
import { conditionWords } from "./plan-conditions.js";
import { planDialog } from "./plan-dialog.js";
import { extrasWords } from "./plan-extras.js";
import { exportPrices, fileOf, importDialog } from "./price-files.js";
import { heldOn, restrictionDialog } from "./restrictions.js";
import { SelectionBar } from "./selection-bar.js";

/** @typedef {import("innkeeper/api").RoomTypeView} RoomType */
/** @typedef {import("innkeeper/api").RatePlanView} RatePlan */
/** @typedef {import("innkeeper/api").CalendarView} CalendarView */
/** @typedef {import("innkeeper/api").ArticleView} Article */

/** Nights that are read at once: a year from the first of a month. */
const DAYS = 366;
/** Above so many prices only those of the chosen plan are read. */
const MOST_PRICES = 100_000;

export const title = () => t("nav.prices");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  const wanted = isDate(params.from ?? "") ? String(params.from) : businessDate();
  let from = monthStart(wanted);
  let plan_id = Number(params.plan) || 1;
  /** Where it goes once the nights are there. @type {string | null} */
  let go_to = wanted;
  /** @type {{ view: CalendarView, plans: RatePlan[], types: RoomType[] } | null} */
  let known = null;
  const unfolded = new Set();
  const calendar = new RateCalendar();
  calendar.may_change = may("manage");
  const [head, choice, loading, plans_slot] = [h("div", {}), h("div", {}), h("div", {}), h("div", {})];
  const card = h("section", { class: "card rates-card", hidden: true }, calendar);
  const hint = h("p", { class: "rates-hint" }, calendar.may_change && [h("span", { class: "only-mouse" }, t("calendar.hint")), h("span", { class: "only-touch" }, t("calendar.hint_touch"))], h("span", { class: "muted" }));
  const again = () => void refresh();
  const bar = new SelectionBar(calendar, { done: again, restrict: (nights) => restrict(nights) }, signal);
  card.append(bar.element);
  // What is done with what was chosen comes into sight, once the finger or the mouse lets go.
  const reveal = () => requestAnimationFrame(() => !bar.element.hidden && card.scrollIntoView({ block: "nearest" }));
  for (const kind of ["pointerup", "touchend", "click"]) calendar.addEventListener(kind, reveal, { signal });

  const showCalendar = () => {
    if (!known) return;
    const is_empty = known.view.room_types.length === 0;
    card.hidden = is_empty;
    hint.hidden = is_empty;
    swap(loading, is_empty && empty("bed", t("rooms.no_types"), t("rooms.no_types_text")));
    if (is_empty) return;
    calendar.show(buildModel(known.view, plan_id, unfolded));
    swap(/** @type {HTMLElement} */ (hint.lastElementChild), t("calendar.pick_up_since", { date: formatDate(known.view.picked_up_since) }));
    if (go_to) calendar.goTo(go_to);
    go_to = null;
    void bar.refreshed();
  };
  const refresh = keepFresh(
    loading,
    {
      areas: ["rates", "room_types", "rooms", "reservations", "articles"],
      load: async () => {
        const [plans, types, articles] = await Promise.all([
          api.get("/api/rate-plans", { page_size: 100 }, signal),
          api.get("/api/room-types", { page_size: 100 }, signal),
          api.get("/api/articles", { is_active: true, page_size: 100 }, signal),
        ]);
        const offered = plans.items.filter(isOffered);
        if (!offered.some(({ id }) => id === plan_id)) plan_id = offered[0]?.id ?? 1;
        const all = { from, to: addDays(from, DAYS - 1) };
        const is_much = DAYS * types.items.length * offered.length > MOST_PRICES;
        const view = await api.get("/api/rate-calendar", is_much ? { ...all, rate_plan_id: plan_id } : all, signal);
        return { view, plans: plans.items, types: types.items, articles: articles.items };
      },
      show: (data) => {
        known = data;
        const offered = data.plans.filter(isOffered);
        swap(
          choice,
          offered.length > 1 &&
            chipChoice(
              t("field.rate_plan"),
              offered.map(({ id, name }) => ({ value: String(id), label: name })),
              String(plan_id),
              (id) => {
                plan_id = Number(id);
                keep();
                // What is typed for one plan is not for another.
                bar.leave();
                if (data.view.rate_plans.some((plan) => plan.id === plan_id)) showCalendar();
                else again();
              },
              signal,
            ),
        );
        swap(plans_slot, plansCard(data.plans, data.articles, again, signal));
        // Once what is asked for has left the page, the calendar is there.
        queueMicrotask(showCalendar);
        return null;
      },
      skeleton: () => skeletonLines(12),
    },
    signal,
  );
  calendar.wishes = {
    // The bar takes its room once the hand is empty.
    chosen: (area, is_held) => !(is_held && bar.element.hidden) && bar.choose(area),
    begin: (text) => bar.begin(text),
    clear: () => bar.clear(),
    leave: () => bar.leave(),
    paste: (text) => {
      if (calendar.model && calendar.area) importDialog(fileOf(text, calendar.model, calendar.area, (row, at) => calendar.isChosen(row, at)), again, signal);
    },
    unfold: (id) => {
      if (!unfolded.delete(id)) unfolded.add(id);
      showCalendar();
    },
    seen: (date) => date.slice(0, 7) !== seen.slice(0, 7) && showHead((seen = date)),
  };
  /** @param {{ from: string, to: string, weekdays: Set<number> | null, types: number[] | null }} nights */
  const restrict = (nights) => {
    const plan = known?.plans.find(({ id }) => id === plan_id);
    if (!known || !plan) return;
    const { model, area } = calendar;
    const is_one = area !== null && area.top === area.bottom && area.first === area.last;
    const row = is_one ? model?.rows[area.top] : undefined;
    const run = row?.held.get(area?.first ?? 0);
    // What is chosen is of its first row's plan.
    const chosen = model && area ? model.rows[area.top]?.plan.id : plan.id;
    const of = known.plans.find(({ id }) => id === chosen) ?? plan;
    restrictionDialog(of, known.types, { ...nights, held: run ? heldOn(run) : null }, () => (bar.leave(), again()), signal);
  };
  const keep = () => replaceQuery(`?from=${seen}&plan=${plan_id}`);
  let seen = wanted;
  const go = (/** @type {string} */ to) => {
    bar.leave();
    seen = to;
    if (calendar.has(to)) calendar.goTo(to);
    else {
      from = monthStart(to);
      go_to = to;
      again();
    }
    keep();
    showHead(seen);
  };
  const inSight = () => ({ from: seen, to: addDays(seen, 13), weekdays: null });
  const showHead = (/** @type {string} */ date) => {
    const first = dateInput({
      value: date,
      year: "nearest",
      label: t("word.from"),
      key: "from",
      signal,
      onchange: () => first.value && go(first.value),
    });
    swap(
      head,
      pageHead({
        title: t("nav.prices"),
        lead: formatDate(date, "month"),
        actions: [
          may("manage") &&
            button({
              label: t("prices.change"),
              sign: "edit",
              key: "change-prices",
              signal,
              onclick: () => {
                const plan = known?.plans.find(({ id }) => id === plan_id);
                if (known && plan) changePricesDialog(plan, known.types, inSight(), again, signal);
              },
            }),
          may("manage") &&
            button({ label: t("restriction.set"), key: "restrictions", signal, onclick: () => (bar.leave(), restrict({ ...inSight(), types: null })) }),
          rowMenu(
            t("nav.prices"),
            "price-files",
            [
              { label: t("prices.export"), sign: "right", run: () => exportPrices(from, addDays(from, DAYS - 1), plan_id) },
              ...(may("manage") ? [{ label: t("prices.import"), sign: /** @type {const} */ ("left"), run: () => importDialog(null, again, signal) }] : []),
            ],
            signal,
          ),
          first,
          stepper(
            {
              before: t("prices.before"),
              after: t("prices.after"),
              go: (where) => go(where ? RateCalendar.month(calendar.firstSeen, where) : businessDate()),
            },
            signal,
          ),
        ],
      }),
    );
  };
  showHead(seen);
  return h("div", { class: "page page-prices" }, head, h("div", { class: "stack" }, choice, h("div", { class: "rates-slot" }, card, loading), hint, plans_slot));
}

/** @param {RatePlan} plan */
const isOffered = ({ is_active }) => is_active;

/**
 * @param {RatePlan[]} plans
 * @param {Article[]} articles
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const plansCard = (plans, articles, done, signal) =>
  h(
    "section",
    { class: "card table-card" },
    h(
      "header",
      { class: "card-head" },
      h("h2", {}, t("prices.plans")),
      h("span", { class: "count" }, plans.length),
      may("manage") &&
        button({
          label: t("prices.add_plan"),
          sign: "plus",
          is_small: true,
          key: "add-plan",
          signal,
          onclick: () => planDialog(null, plans, articles, done, signal),
        }),
    ),
    dataTable(
      [
        { label: t("field.name"), kind: "main", cell: (plan) => plan.name },
        { label: t("field.code"), cell: (plan) => h("span", { class: "code" }, plan.code) },
        {
          label: t("nav.prices"),
          cell: (plan) => [
            h("span", {}, origin(plan, plans)),
            [...extrasWords(plan), ...conditionWords(plan)].map((words) => h("span", { class: "muted plan-condition" }, words)),
          ],
        },
        { label: t("field.state"), cell: (plan) => (plan.is_active ? "" : t("word.inactive")) },
        {
          label: t("word.more"),
          kind: "menu",
          cell: (plan) =>
            may("manage") &&
            rowMenu(
              plan.name,
              `plan-${plan.id}`,
              [
                {
                  label: t("action.edit"),
                  sign: "edit",
                  run: () => planDialog(plan, plans, articles, done, signal),
                },
                {
                  label: plan.is_active ? t("action.deactivate") : t("action.reactivate"),
                  sign: plan.is_active ? "ban" : "undo",
                  run: () =>
                    void api
                      .patch(
                        "/api/rate-plans/{id}",
                        { id: plan.id },
                        { is_active: !plan.is_active, version: plan.version },
                      )
                      .then(done, showFailure),
                },
              ],
              signal,
            ),
        },
      ],
      plans,
    ),
  );

/** Where its prices come from. @param {RatePlan} plan @param {RatePlan[]} plans */
function origin({ parent_id, offset_kind, offset_percent, offset_amount }, plans) {
  const parent = plans.find(({ id }) => id === parent_id);
  if (!parent) return t("prices.own");
  const offset = offset_kind === "percent" ? formatExactPercent(offset_percent) : formatMoney(offset_amount);
  if (!(offset_kind === "percent" ? offset_percent : offset_amount)) return t("prices.as_plan", { name: parent.name });
  const is_above = (offset_kind === "percent" ? offset_percent : offset_amount) > 0;
  return `${parent.name} ${is_above ? "+" : ""}${offset}`;
}
