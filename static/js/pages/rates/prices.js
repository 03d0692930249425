/**
 * What each night costs: a fortnight of prices by room type under one of the hotel's plans, and the plans
 * themselves: some with prices of their own, some so much above or below another.
 */
import { api } from "../../api.js";
import { addDays, isDate, isWeekend } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { button, stepper } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { dateInput } from "../../elements/date-field.js";
import { chipChoice } from "../../elements/filters.js";
import { rowMenu } from "../../elements/menu.js";
import { pageHead } from "../../elements/page-head.js";
import { showFailure } from "../../failure.js";
import { amountInput, field, formDialog, typedAmount } from "../../forms.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatAmount, formatDate, formatDates, formatExactPercent, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { replaceQuery } from "../../router.js";
import { businessDate } from "../../store.js";
import { changePricesDialog } from "./change-prices.js";
import { datesFields, readWeekdays, weekdaysField } from "./nights-fields.js";
import { conditionWords } from "./plan-conditions.js";
import { planDialog } from "./plan-dialog.js";
import { restrictionDialog, restrictionMarks } from "./restrictions.js";

/** @typedef {import("innkeeper/api").RoomTypeView} RoomType */
/** @typedef {import("innkeeper/api").RatePlanView} RatePlan */
/** @typedef {import("innkeeper/api").RateView} Rate */
/** @typedef {import("innkeeper/api").RestrictionView} Restrictions */
/** @typedef {import("../../types.js").DateText} DateText */

const DAYS = 14;

export const title = () => t("nav.prices");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  let from = isDate(params.from ?? "") ? String(params.from) : businessDate();
  let plan_id = Number(params.plan) || 1;
  /** What the form of restrictions chooses from. @type {{ plan: RatePlan, types: RoomType[] } | null} */
  let known = null;
  const head = h("div", {});
  const body = h("div", { class: "stack" });
  const refresh = keepFresh(
    body,
    {
      areas: ["rates", "room_types"],
      load: async () => {
        const [plans, types] = await Promise.all([
          api.get("/api/rate-plans", { page_size: 100 }, signal),
          api.get("/api/room-types", { page_size: 100 }, signal),
        ]);
        if (!plans.items.some(({ id }) => id === plan_id)) plan_id = plans.items[0]?.id ?? 1;
        const range = { from, to: addDays(from, DAYS - 1) };
        const [restrictions, ...rates] = await Promise.all([
          api.get("/api/rate-plans/{id}/restrictions", { id: plan_id, ...range }, signal),
          ...types.items.map(({ id: room_type_id }) =>
            api.get("/api/rate-plans/{id}/rates", { id: plan_id, room_type_id, ...range }, signal),
          ),
        ]);
        const plan = plans.items.find(({ id }) => id === plan_id);
        known = plan && types.items.length > 0 ? { plan, types: types.items } : null;
        return {
          plans: plans.items,
          types: types.items,
          rates: rates.map(({ items }) => items),
          restrictions: restrictions.items,
        };
      },
      show: ({ plans, types, rates, restrictions }) => [
        plans.length > 1 &&
          chipChoice(
            t("field.rate_plan"),
            plans.filter(isOffered).map(({ id, name }) => ({ value: String(id), label: name })),
            String(plan_id),
            (id) => {
              plan_id = Number(id);
              again();
            },
            signal,
          ),
        h(
          "section",
          { class: "card table-card" },
          types.length
            ? priceTable(
                { types, rates, restrictions },
                {
                  price: (type, rate) => priceDialog(plan_id, type, rate, () => void refresh(), signal),
                  restrict: (type, held) => restrict({ from: held.date, to: held.date, type, held }),
                },
                signal,
              )
            : empty("bed", t("rooms.no_types"), t("rooms.no_types_text")),
        ),
        plansCard(plans, () => void refresh(), signal),
      ],
      skeleton: () => skeletonLines(8),
    },
    signal,
  );
  const restrict = (/** @type {Parameters<typeof restrictionDialog>[2]} */ start) => {
    if (known) restrictionDialog(known.plan, known.types, start, () => void refresh(), signal);
  };
  const again = () => {
    replaceQuery(`?from=${from}&plan=${plan_id}`);
    showHead();
    void refresh();
  };
  const showHead = () => {
    const first = dateInput({
      value: from,
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
        lead: formatDates(from, addDays(from, DAYS - 1), "year"),
        actions: [
          may("manage") &&
            button({
              label: t("prices.change"),
              sign: "edit",
              key: "change-prices",
              signal,
              onclick: () =>
                known &&
                changePricesDialog(known.plan, known.types, { from, to: addDays(from, DAYS - 1) }, () => void refresh(), signal),
            }),
          may("manage") &&
            button({
              label: t("restriction.set"),
              key: "restrictions",
              signal,
              onclick: () => restrict({ from, to: addDays(from, DAYS - 1), type: null, held: null }),
            }),
          first,
          stepper(
            {
              before: t("prices.before"),
              after: t("prices.after"),
              is_today: from === businessDate(),
              go: (where) => go(where ? addDays(from, where * DAYS) : businessDate()),
            },
            signal,
          ),
        ],
      }),
    );
  };
  const go = (/** @type {DateText} */ to) => {
    from = to;
    again();
  };
  showHead();
  return h("div", { class: "page" }, head, body);
}

/** @param {RatePlan} plan */
const isOffered = ({ is_active }) => is_active;

/**
 * @param {{ types: RoomType[], rates: Rate[][], restrictions: Restrictions[] }} shown rates: a row a type
 * @param {{ price: (type: RoomType, rate: Rate) => void, restrict: (type: RoomType, held: Restrictions) => void }} change
 * @param {AbortSignal} signal
 */
function priceTable({ types, rates, restrictions }, change, signal) {
  const dates = (rates[0] ?? []).map(({ date }) => date);
  const held = new Map(restrictions.map((one) => [`${one.room_type_id} ${one.date}`, one]));
  const cell = (/** @type {RoomType} */ type, /** @type {Rate} */ rate) => {
    const amount = formatAmount(rate.rate);
    const classes = [isWeekend(rate.date) && "is-weekend", rate.is_own && "is-own"].filter(Boolean).join(" ");
    const name = `${type.name}, ${formatDate(rate.date, "weekday")}: ${formatMoney(rate.rate)}`;
    return h(
      "td",
      { class: classes },
      may("manage")
        ? h(
            "button",
            {
              type: "button",
              class: "price",
              "data-key": `${type.id}-${rate.date}`,
              "aria-label": rate.is_own ? `${name}, ${t("prices.own")}` : name,
              signal,
              onclick: () => change.price(type, rate),
            },
            amount,
          )
        : h("span", { class: "price" }, amount),
      restrictionMarks(type, held.get(`${type.id} ${rate.date}`), change.restrict, signal),
    );
  };
  return h(
    "table",
    { class: "table price-table" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, t("field.room_type")),
        dates.map((date) =>
          h(
            "th",
            { scope: "col", class: isWeekend(date) ? "is-weekend" : "" },
            h("span", {}, formatDate(date, "letter")),
            h("strong", {}, formatDate(date, "day")),
          ),
        ),
      ),
    ),
    h(
      "tbody",
      {},
      types.map((type, at) =>
        h("tr", {}, h("th", { scope: "row" }, type.name), (rates[at] ?? []).map((rate) => cell(type, rate))),
      ),
    ),
  );
}

/**
 * @param {number} plan_id
 * @param {RoomType} type
 * @param {Rate} rate
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const priceDialog = (plan_id, type, { date, rate, is_own }, done, signal) =>
  formDialog(
    {
      title: t("word.rate_of", { type: type.name }),
      submit: t("action.save"),
      fields: (inner) => [
        datesFields(date, date),
        field(
          { label: t("field.rate"), name: "rate", hint: t("prices.hint") },
          amountInput(is_own ? rate : null, {
            signal: inner,
            autofocus: true,
            placeholder: formatAmount(rate),
          }),
        ),
        weekdaysField(),
      ],
      send: async (values, key) => {
        await api.put(
          "/api/rate-plans/{id}/rates",
          { id: plan_id },
          {
            room_type_id: type.id,
            from: values.from,
            to: values.to,
            rate: values.rate ? typedAmount(values.rate) : null,
            ...readWeekdays(values),
          },
          key,
        );
        done();
      },
    },
    signal,
  );

/**
 * @param {RatePlan[]} plans
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const plansCard = (plans, done, signal) =>
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
          onclick: () => planDialog(null, plans, done, signal),
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
            conditionWords(plan).map((words) => h("span", { class: "muted plan-condition" }, words)),
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
                  run: () => planDialog(plan, plans, done, signal),
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
