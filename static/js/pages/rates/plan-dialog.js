/**
 * A rate plan: where its prices come from, what is included in them, what becomes of them, to whom and when it is sold, its terms.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { checkbox, field, formDialog, input, select, typedAmount } from "../../forms.js";
import { formatAmount, formatDecimal, parsePercent } from "../../format.js";
import { t } from "../../i18n.js";
import { policyFields, readPolicy } from "../settings/policy-fields.js";
import { conditionFields, readConditions } from "./plan-conditions.js";
import { extraFields, readExtras } from "./plan-extras.js";

/** @typedef {import("innkeeper/api").RatePlanView} RatePlan */
/** @typedef {import("innkeeper/api").ArticleView} Article */

/**
 * @param {RatePlan | null} plan
 * @param {RatePlan[]} plans
 * @param {Article[]} articles
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export const planDialog = (plan, plans, articles, done, signal) =>
  formDialog(
    {
      title: plan ? plan.name : t("prices.add_plan"),
      submit: t("action.save"),
      fields: (inner) => {
        const kind = plan?.offset_kind ?? "percent";
        const terms = h("div", { class: "stack", hidden: !plan?.policy }, policyFields(plan?.policy ?? NON_REFUNDABLE, inner));
        const offset = kind === "percent" ? plan?.offset_percent : plan?.offset_amount;
        return [
          h(
            "div",
            { class: "field-pair" },
            field(
              { label: t("field.name"), name: "name" },
              input({ value: plan?.name ?? "", maxlength: 100, autofocus: true }),
            ),
            field(
              { label: t("field.code"), name: "code" },
              input({ value: plan?.code ?? "", maxlength: 20 }),
            ),
          ),
          field(
            { label: t("nav.prices"), name: "parent_id" },
            select(
              [
                { value: "", label: t("prices.own") },
                // One that is sold no more has no new ones, and keeps those it has.
                ...plans
                  .filter(({ id, is_active }) => id !== plan?.id && (is_active || id === plan?.parent_id))
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
              input({
                inputmode: "decimal",
                value: !offset ? "" : kind === "percent" ? formatDecimal(offset) : formatAmount(offset),
              }),
            ),
            field(
              { label: t("prices.in"), name: "offset_kind" },
              select(
                [
                  { value: "percent", label: t("prices.percent") },
                  { value: "amount", label: t("field.amount") },
                ],
                kind,
              ),
            ),
          ),
          extraFields(plan, articles, inner),
          conditionFields(plan),
          ownTerms(terms, plan?.policy != null, inner),
          terms,
        ];
      },
      send: async (values, key) => {
        const { name, code, parent_id, offset } = values;
        const offset_kind = /** @type {import("innkeeper/api").OffsetKind} */ (values.offset_kind);
        const typed = offset_kind === "percent" ? (parsePercent(offset ?? "") ?? offset) : typedAmount(offset);
        const body = {
          name,
          code,
          ...(parent_id
            ? {
                parent_id: Number(parent_id),
                offset_kind,
                [`offset_${offset_kind}`]: typed,
              }
            : { parent_id: null }),
          policy: values.has_own_terms ? readPolicy(values) : null,
          ...readConditions(values),
          extras: readExtras(values),
        };
        if (plan) await api.patch("/api/rate-plans/{id}", { id: plan.id }, { ...body, version: plan.version });
        else await api.post("/api/rate-plans", {}, body, key);
        done();
      },
    },
    signal,
  );

/** What a plan of its own terms most often is. @type {import("innkeeper/api").PolicyView} */
const NON_REFUNDABLE = {
  cancellation: [{ hours_before: 8760, fee_kind: "percent", fee_percent: 100 }],
  no_show_fee_kind: "percent",
  no_show_fee_percent: 100,
  deposit_kind: "none",
  deposit_percent: 0,
  deposit_amount: 0,
  deposit_due: "after_booking",
  deposit_due_days: 0,
};

/** @param {HTMLElement} terms @param {boolean} is_on @param {AbortSignal} signal */
function ownTerms(terms, is_on, signal) {
  const box = checkbox(t("policy.own"), "has_own_terms", is_on);
  box.addEventListener(
    "change",
    () => {
      terms.hidden = !box.querySelector("input")?.checked;
    },
    { signal },
  );
  return h("div", {}, box, h("p", { class: "field-hint" }, t("policy.own_hint")));
}
