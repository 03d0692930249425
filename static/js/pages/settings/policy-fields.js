/**
 * What cancelling and not coming cost: as many steps as the hotel wants, each dearer the later it is. And the
 * deposit that is asked for before.
 */
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { amountInput, field, input, select, typedAmount } from "../../forms.js";
import { formatDecimal, formatExactPercent, formatMoney, parsePercent } from "../../format.js";
import { t, tn } from "../../i18n.js";

/** @typedef {import("innkeeper/api").PolicyView} Policy */
/** @typedef {import("innkeeper/api").PolicyRequest} PolicyDraft */
/** @typedef {import("innkeeper/api").FeeKind} FeeKind */
/** @typedef {Policy["cancellation"][number]} Step */

const FEES = /** @type {const} */ (["none", "first_night", "percent"]);
const DEPOSITS = /** @type {const} */ (["none", "first_night", "percent", "amount"]);
const DUES = /** @type {const} */ (["after_booking", "before_arrival"]);
const MOST_STEPS = 5;
/** Fields are named as the server names them, so that it is told there what is wrong. @param {number} n */
const place = (n) => `policy.cancellation[${n}]`;

/**
 * @param {Policy} policy
 * @param {AbortSignal} signal
 */
export function policyFields(policy, signal) {
  const steps = h("div", { class: "policy-steps" });
  /** What stands in the rows now. @returns {Step[]} */
  const typed = () =>
    [...steps.querySelectorAll(".policy-step")].map((row) => {
      const [hours, kind, percent] = [...row.querySelectorAll("input, select")].map(
        (control) => /** @type {HTMLInputElement | HTMLSelectElement} */ (control).value,
      );
      return {
        hours_before: Number(hours),
        fee_kind: kind === "percent" ? "percent" : "first_night",
        fee_percent: Number(parsePercent(percent) ?? 0),
      };
    });
  /** @param {Step[]} rows */
  const show = (rows) => {
    const earliest = rows.at(-1)?.hours_before;
    swap(
      steps,
      rows.length === 0 && h("p", { class: "muted" }, t("policy.always_free")),
      rows.map((step, n) => stepRow(step, n, () => show(typed().toSpliced(n, 1)), signal)),
      rows.length < MOST_STEPS &&
        button({
          label: t("policy.add_step"),
          sign: "plus",
          look: "quiet",
          is_small: true,
          key: "add-step",
          signal,
          onclick: () => {
            const hours_before = earliest === undefined ? 24 : Math.floor(earliest / 2);
            show([...typed(), { hours_before, fee_kind: "first_night", fee_percent: 100 }]);
            /** @type {HTMLElement | null | undefined} */ (
              [...steps.querySelectorAll(".policy-step")].at(-1)?.querySelector("input")
            )?.focus();
          },
        }),
    );
  };
  show(policy.cancellation);
  return [
    h("fieldset", { class: "choice" }, h("legend", {}, t("policy.cancellation")), steps),
    h(
      "div",
      { class: "field-pair fee-pair" },
      fee(t("settings.no_show_fee"), "policy.no_show_fee_kind", policy.no_show_fee_kind, FEES),
      percentField("policy.no_show_fee_percent", policy.no_show_fee_percent),
    ),
    depositFields(policy, signal),
  ];
}

/**
 * @param {Policy} policy
 * @param {AbortSignal} signal
 */
function depositFields(policy, signal) {
  const kind = select(
    DEPOSITS.map((value) => ({ value, label: t(value === "amount" ? "field.amount" : `fee.${value}`) })),
    policy.deposit_kind,
  );
  const percent = percentField("policy.deposit_percent", policy.deposit_percent);
  const amount = field(
    { label: t("field.amount"), name: "policy.deposit_amount" },
    amountInput(policy.deposit_amount || null, { signal }),
  );
  const due = h(
    "div",
    { class: "field-pair" },
    field(
      { label: t("policy.deposit_days"), name: "policy.deposit_due_days", class: "field-narrow" },
      input({ type: "number", min: 0, max: 365, value: policy.deposit_due_days }),
    ),
    field(
      { label: t("policy.deposit_due"), name: "policy.deposit_due" },
      select(
        DUES.map((value) => ({ value, label: t(`policy.deposit_${value}`) })),
        policy.deposit_due,
      ),
    ),
  );
  const show = () => {
    percent.hidden = kind.value !== "percent";
    amount.hidden = kind.value !== "amount";
    due.hidden = kind.value === "none";
  };
  kind.addEventListener("change", show, { signal });
  show();
  return h(
    "div",
    { class: "stack" },
    h(
      "div",
      { class: "field-pair" },
      field({ label: t("policy.deposit_kind"), name: "policy.deposit_kind" }, kind),
      percent,
      amount,
    ),
    due,
  );
}

/**
 * @param {Step} step
 * @param {number} n
 * @param {() => void} remove
 * @param {AbortSignal} signal
 */
const stepRow = ({ hours_before, fee_kind, fee_percent }, n, remove, signal) =>
  h(
    "div",
    { class: "policy-step fee-pair" },
    field(
      { label: t("policy.hours_before"), name: `${place(n)}.hours_before` },
      input({ type: "number", min: 0, max: 8760, value: hours_before }),
    ),
    fee(t("policy.fee"), `${place(n)}.fee_kind`, fee_kind, ["first_night", "percent"]),
    percentField(`${place(n)}.fee_percent`, fee_percent, t("fee.percent_short")),
    button({
      sign: "close",
      name: t("policy.remove_step", { hours: hours_before }),
      look: "quiet",
      is_small: true,
      signal,
      onclick: remove,
    }),
  );

/** @param {string} label @param {string} name @param {string} value @param {readonly FeeKind[]} kinds */
const fee = (label, name, value, kinds) =>
  field(
    { label, name },
    select(
      kinds.map((kind) => ({ value: kind, label: t(`fee.${kind}`) })),
      value,
    ),
  );

/**
 * How much percent is asked of a fee in percent only.
 * @param {string} name @param {number} percent @param {string} [label]
 */
const percentField = (name, percent, label = t("settings.percent")) =>
  field(
    { label, name, class: "fee-percent" },
    input({ inputmode: "decimal", value: percent ? formatDecimal(percent) : "" }),
  );

/** In one line. @param {Policy} policy */
export const policyWords = ({ cancellation, no_show_fee_kind, no_show_fee_percent, ...deposit }) =>
  [
    ...(cancellation.length ? cancellation.map(stepWords) : [t("policy.always_free")]),
    t("policy.no_show", { fee: feeWords(no_show_fee_kind, no_show_fee_percent) }),
    ...(deposit.deposit_kind === "none" ? [] : [depositWords(deposit)]),
  ].join(" · ");

/** @param {Omit<Policy, "cancellation" | "no_show_fee_kind" | "no_show_fee_percent">} deposit */
function depositWords({ deposit_kind, deposit_percent, deposit_amount, deposit_due, deposit_due_days }) {
  const deposit = deposit_kind === "amount" ? formatMoney(deposit_amount) : feeWords(deposit_kind, deposit_percent);
  const days = deposit_due_days;
  const counted = deposit_due === "after_booking" ? tn("policy.days_after_booking", days) : tn("policy.days_before_arrival", days);
  const due = days === 0 ? t(`policy.deposit_${deposit_due}_now`) : counted;
  return t("policy.deposit_words", { deposit, due });
}

/** @param {Step} step */
const stepWords = ({ hours_before, fee_kind, fee_percent }) =>
  t("policy.from", { hours: hours_before, fee: feeWords(fee_kind, fee_percent) });

/** @param {FeeKind} kind @param {number} percent */
const feeWords = (kind, percent) => (kind === "percent" ? formatExactPercent(percent) : t(`fee.${kind}`));

/**
 * @param {Record<string, string>} values of a form with these fields
 * @returns {PolicyDraft}
 */
export function readPolicy(values) {
  const percent = (/** @type {string} */ kind, /** @type {string} */ name) =>
    values[kind] === "percent" ? { [name.split(".").at(-1) ?? ""]: parsePercent(values[name] ?? "") ?? values[name] } : {};
  const cancellation = [];
  for (let n = 0; `${place(n)}.fee_kind` in values; n++) {
    const at = place(n);
    cancellation.push({
      hours_before: Number(values[`${at}.hours_before`]),
      fee_kind: values[`${at}.fee_kind`],
      ...percent(`${at}.fee_kind`, `${at}.fee_percent`),
    });
  }
  const no_show_fee_kind = values["policy.no_show_fee_kind"];
  const deposit_kind = values["policy.deposit_kind"];
  return /** @type {PolicyDraft} */ ({
    cancellation,
    no_show_fee_kind,
    ...percent("policy.no_show_fee_kind", "policy.no_show_fee_percent"),
    deposit_kind,
    ...(deposit_kind !== "none" && {
      ...percent("policy.deposit_kind", "policy.deposit_percent"),
      ...(deposit_kind === "amount" && { deposit_amount: typedAmount(values["policy.deposit_amount"]) }),
      deposit_due: values["policy.deposit_due"],
      deposit_due_days: Number(values["policy.deposit_due_days"]),
    }),
  });
}
