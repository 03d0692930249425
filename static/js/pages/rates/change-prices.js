/**
 * Changes the prices of many nights of several room types at once. What would change is told while it is
 * typed, and what was there is put back with one click.
 */
import { Problem, api, intentKey } from "../../api.js";
import { debounce, h, swap } from "../../dom.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { amountInput, field, formDialog, input, readForm, select, typedAmount } from "../../forms.js";
import { formatMoney, parsePercent } from "../../format.js";
import { t, tn } from "../../i18n.js";
import { datesFields, readTypes, readWeekdays, typesField, weekdaysField } from "./nights-fields.js";

/** @typedef {import("innkeeper/api").RoomTypeView} RoomType */
/** @typedef {import("innkeeper/api").RatePlanView} RatePlan */
/** @typedef {import("innkeeper/api").ChangedRateView} Changed */
/** @typedef {import("innkeeper/api").ChangeKind} Kind */

export const KINDS = /** @type {const} */ (["set", "percent", "amount", "last_year_by_weekday", "last_year_by_date", "clear"]);
const REST_MS = 200;
const UNDO_MS = 15_000;

/**
 * @param {RatePlan} plan
 * @param {RoomType[]} types
 * @param {{ from: string, to: string }} dates
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function changePricesDialog(plan, types, { from, to }, done, signal) {
  const told = h("p", { class: "prices-told", role: "status" });
  const dialog = formDialog(
    {
      title: t("prices.change_of", { plan: plan.name }),
      submit: t("action.save"),
      fields: (inner) => {
        const kind = select(
          KINDS.map((value) => ({ value, label: t(`prices.by_${value}`) })),
          "percent",
        );
        const percent = field(
          { label: t("prices.percent"), name: "percent", hint: t("prices.offset_hint") },
          input({ inputmode: "decimal", placeholder: "10" }),
        );
        const amount = field({ label: t("field.amount"), name: "amount" }, amountInput(null, { signal: inner }));
        const rate = field({ label: t("field.rate"), name: "rate" }, amountInput(null, { signal: inner }));
        const needed = { percent, amount, set: rate };
        const showNeeded = () => {
          for (const [name, element] of Object.entries(needed)) element.hidden = name !== kind.value;
        };
        showNeeded();
        kind.addEventListener("change", showNeeded, { signal: inner });
        let turn = 0;
        const preview = debounce(
          () => {
            const form = dialog.element.querySelector("form");
            if (!form) return;
            const mine = (turn += 1);
            const body = wanted(readForm(form), types);
            if (!isWhole(body)) return swap(told);
            api.post("/api/rate-plans/{id}/rate-changes/preview", { id: plan.id }, body).then(
              ({ items }) => mine === turn && swap(told, summary(items)),
              // What is half typed is complained of when it is saved.
              () => mine === turn && swap(told),
            );
          },
          REST_MS,
          inner,
        );
        const fields = h(
          "div",
          { class: "stack", signal: inner, oninput: preview, onchange: preview },
          datesFields(from, to),
          typesField(types, null),
          weekdaysField(),
          h(
            "div",
            { class: "field-pair prices-how" },
            field({ label: t("prices.how"), name: "kind" }, kind),
            percent,
            amount,
            rate,
          ),
          told,
        );
        return [fields];
      },
      send: async (values, key) => {
        const { items } = await api.post("/api/rate-plans/{id}/rate-changes", { id: plan.id }, wanted(values, types), key);
        if (items.length === 0) throw new Problem(422, { detail: t("prices.nothing_changes") });
        tellChanged(items, done);
        done();
      },
    },
    signal,
  );
}

/** @param {Record<string, string>} values @param {RoomType[]} types */
function wanted(values, types) {
  const kind = /** @type {Kind} */ (values.kind);
  const { percent = "" } = values;
  return {
    room_type_ids: readTypes(types, values),
    from: values.from ?? "",
    to: values.to ?? "",
    ...readWeekdays(values),
    kind,
    ...(kind === "percent" && percent && { percent: /** @type {number} */ (parsePercent(percent) ?? percent) }),
    ...(kind === "amount" && values.amount && { amount: typedAmount(values.amount) }),
    ...(kind === "set" && values.rate && { rate: typedAmount(values.rate) }),
  };
}

/** Whether all is typed that the change needs. @param {ReturnType<typeof wanted>} body */
const isWhole = ({ kind, percent, amount, rate, room_type_ids }) =>
  room_type_ids.length > 0 &&
  ((kind !== "percent" && kind !== "amount" && kind !== "set") || [percent, amount, rate].some((value) => typeof value === "number"));

/** Says how many prices were changed, with the way back. @param {Changed[]} items @param {() => void} done */
export const tellChanged = (items, done) =>
  toast(tn("prices.changed", items.length), {
    duration_ms: UNDO_MS,
    action: {
      label: t("action.undo"),
      run: () =>
        void putBack(items).then(({ left }) => {
          if (left) toast(tn("prices.left", left));
          done();
        }, showFailure),
    },
  });

/** "42 nights: from 350,000–420,000 to 385,000–462,000". @param {Changed[]} items */
export function summary(items) {
  if (items.length === 0) return t("prices.nothing_changes");
  const range = (/** @type {number[]} */ prices) =>
    [...new Set([Math.min(...prices), Math.max(...prices)])].map((price) => formatMoney(price)).join(" – ");
  return [
    tn("prices.changes", items.length),
    ": ",
    range(items.map(({ before }) => before)),
    " → ",
    h("b", {}, range(items.map(({ after }) => after))),
  ];
}

/** What somebody has changed since stays. @param {Changed[]} items */
const putBack = (items) =>
  api.put(
    "/api/rate-calendar/cells",
    {},
    {
      rates: items.map(({ rate_plan_id, room_type_id, date, own_before, own_after }) => ({
        rate_plan_id,
        room_type_id,
        date,
        rate: own_before,
        expected: own_after,
      })),
    },
    intentKey(),
  );
