/**
 * The hotel's rate plans: some with prices of their own, some so much above or below another.
 */
import { createRatePlan, updateRatePlan } from "../../calls.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { rowMenu } from "../../elements/menu.js";
import { showFailure } from "../../failure.js";
import { field, formDialog, input, select } from "../../forms.js";
import { formatMoney, formatPercent } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { typedAmount } from "../folio/payment.js";

/** @typedef {import("../../types.js").RatePlan} RatePlan */

/**
 * @param {RatePlan[]} plans
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export const plansCard = (plans, done, signal) =>
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
        { label: t("guest.name"), kind: "main", cell: (plan) => plan.name },
        { label: t("setup.type_code"), cell: (plan) => h("span", { class: "code" }, plan.code) },
        { label: t("nav.prices"), cell: (plan) => origin(plan, plans) },
        { label: t("field.state"), cell: (plan) => (plan.is_active ? "" : t("settings.retired")) },
        {
          label: t("reservation.more"),
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
                  label: plan.is_active ? t("settings.retire") : t("settings.return"),
                  sign: plan.is_active ? "ban" : "undo",
                  run: () =>
                    void updateRatePlan(plan.id, { is_active: !plan.is_active, version: plan.version }).then(
                      done,
                      showFailure,
                    ),
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
  const offset = offset_kind === "percent" ? formatPercent(offset_percent) : formatMoney(offset_amount);
  const is_above = (offset_kind === "percent" ? offset_percent : offset_amount) > 0;
  return `${parent.name} ${is_above ? "+" : ""}${offset}`;
}

/**
 * @param {RatePlan | null} plan
 * @param {RatePlan[]} plans
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const planDialog = (plan, plans, done, signal) =>
  formDialog(
    {
      title: plan ? plan.name : t("prices.add_plan"),
      submit: t("action.save"),
      fields: () => {
        const kind = plan?.offset_kind ?? "percent";
        const offset = kind === "percent" ? plan?.offset_percent : plan?.offset_amount;
        return [
          h(
            "div",
            { class: "field-pair" },
            field(
              { label: t("guest.name"), name: "name" },
              input({ value: plan?.name ?? "", maxlength: 100, autofocus: true }),
            ),
            field(
              { label: t("setup.type_code"), name: "code" },
              input({ value: plan?.code ?? "", maxlength: 20 }),
            ),
          ),
          field(
            { label: t("nav.prices"), name: "parent_id" },
            select(
              [
                { value: "", label: t("prices.own") },
                ...plans
                  .filter(({ id, is_active }) => id !== plan?.id && is_active)
                  .map(({ id, name }) => ({ value: String(id), label: t("prices.from_plan", { name }) })),
              ],
              String(plan?.parent_id ?? ""),
            ),
          ),
          h(
            "div",
            { class: "field-pair only-derived" },
            field(
              { label: t("prices.offset"), name: "offset", hint: t("prices.offset_hint") },
              input({ inputmode: "decimal", value: offset ? String(offset) : "" }),
            ),
            field(
              { label: t("prices.in"), name: "offset_kind" },
              select(
                [
                  { value: "percent", label: t("prices.percent") },
                  { value: "amount", label: t("payment.amount") },
                ],
                kind,
              ),
            ),
          ),
        ];
      },
      send: async ({ name, code, parent_id, offset, offset_kind }, key) => {
        const is_percent = offset_kind === "percent";
        const body = {
          name,
          code,
          ...(parent_id
            ? {
                parent_id: Number(parent_id),
                offset_kind,
                ...(is_percent ? { offset_percent: Number(offset) } : { offset_amount: signed(offset) }),
              }
            : { parent_id: null }),
        };
        if (plan) await updateRatePlan(plan.id, { ...body, version: plan.version });
        else await createRatePlan(body, key);
        done();
      },
    },
    signal,
  );

/** An amount that may be taken off. @param {string | undefined} text */
function signed(text = "") {
  const amount = typedAmount(text.replace(/^[-−]/, ""));
  return /^[-−]/.test(text) && typeof amount === "number" ? -amount : amount;
}
