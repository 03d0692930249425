/**
 * What becomes of a plan's prices, and to whom and when it is sold: each kind unfolds, and stands open where
 * something of it is set.
 */
import { bookingSources } from "../../choices.js";
import { h, swap } from "../../dom.js";
import { DateRange, dateInput } from "../../elements/date-field.js";
import { checkbox, field, input, select } from "../../forms.js";
import { currencyDecimals, formatAmount, formatDate, formatDates, formatDecimal, formatExactPercent, parsePercent } from "../../format.js";
import { t, tn } from "../../i18n.js";

/** @typedef {import("innkeeper/api").RatePlanView} RatePlan */
/** @typedef {import("innkeeper/api").RoundTo} RoundTo */
/** @typedef {import("innkeeper/api").RatePlanRequest} RatePlanDraft */
/** @typedef {import("../../dom.js").Child} Child */

/** In the order of their size; those with decimals for currencies that have them. */
/** @type {readonly RoundTo[]} */
const ENDINGS = ["0.90", "0.99"];
/** @type {readonly RoundTo[]} */
const UNITS = ["1", "5", "10", "100", "1000", "10000"];
const WAYS = /** @type {const} */ (["nearest", "up", "down"]);

/** @param {RoundTo} to */
const roundingWords = (to) =>
  ENDINGS.includes(to)
    ? t("plan.ends_in", { ending: formatAmount(Number(to)) })
    : t("plan.multiples", { size: formatDecimal(Number(to)) });

/** @param {RatePlan | null} plan */
export function conditionFields(plan) {
  const { rounding = null, long_stay = null, advance = null } = plan ?? {};
  const usual = currencyDecimals() === 0 ? UNITS : [...UNITS.slice(0, 4), ...ENDINGS];
  // What the plan has is offered, however unusual in this currency.
  const sizes = rounding && !usual.includes(rounding.to) ? [...usual, rounding.to] : usual;
  return [
    unfolding(t("plan.rounding"), rounding !== null, [
      h(
        "div",
        { class: "field-pair" },
        field(
          { label: t("plan.round_to"), name: "rounding.to" },
          select(
            [{ value: "", label: t("plan.no_rounding") }, ...sizes.map((to) => ({ value: to, label: roundingWords(to) }))],
            rounding?.to ?? "",
          ),
        ),
        field(
          { label: t("plan.round_way"), name: "rounding.way" },
          select(
            WAYS.map((way) => ({ value: way, label: t(`plan.${way}`) })),
            rounding?.way ?? "nearest",
          ),
        ),
      ),
    ]),
    unfolding(t("plan.discounts"), (long_stay ?? advance) !== null, [
      pair(count("long_stay.nights", t("plan.long_nights"), long_stay?.nights), percent("long_stay.percent", long_stay?.percent)),
      pair(count("advance.days", t("plan.advance_days"), advance?.days), percent("advance.percent", advance?.percent)),
    ]),
    unfolding(t("plan.sold"), plan !== null && soldWords(plan).length > 0, [
      dates("stay", plan?.stay_from, plan?.stay_to),
      dates("book", plan?.book_from, plan?.book_to),
      field(
        { label: t("field.promo_code"), name: "promo_code", hint: t("plan.promo_hint") },
        input({ value: plan?.promo_code ?? "", maxlength: 20 }),
      ),
      field({ label: t("plan.source"), name: "source" }, sourceChoice(plan?.source ?? "")),
      checkbox(t("plan.for_companies"), "is_for_companies", plan?.is_for_companies ?? false),
      h("p", { class: "field-hint" }, t("plan.for_companies_hint")),
    ]),
  ];
}

/** @param {string} title @param {boolean} is_open @param {Child} fields */
const unfolding = (title, is_open, fields) =>
  h("details", { class: "unfolding", open: is_open }, h("summary", {}, title), h("div", { class: "form" }, fields));

/** The hotel's sources, once they are known. @param {string} chosen */
function sourceChoice(chosen) {
  const control = select([{ value: chosen, label: chosen || t("plan.every_source") }], chosen);
  void bookingSources().then(
    (names) => {
      const { value } = control;
      const all = [...new Set([chosen, ...names])].filter(Boolean);
      swap(control, h("option", { value: "" }, t("plan.every_source")), all.map((name) => h("option", { value: name }, name)));
      control.value = value;
    },
    () => {},
  );
  return control;
}

/** @param {Child[]} two */
const pair = (...two) => h("div", { class: "field-pair" }, two);

/** @param {string} name @param {string} label @param {number} [value] */
const count = (name, label, value) => field({ label, name }, input({ type: "number", min: 1, value: value ?? "" }));

/** @param {string} name @param {number} [value] */
const percent = (name, value) =>
  field({ label: t("plan.percent_off"), name }, input({ inputmode: "decimal", value: value ? formatDecimal(value) : "" }));

/** @param {"stay" | "book"} what @param {string | null} [from] @param {string | null} [to] */
function dates(what, from, to) {
  const range = new DateRange(dateInput({ value: from ?? "" }), dateInput({ value: to ?? "" }));
  const [first, last] = /** @type {const} */ ([`${what}_from`, `${what}_to`]);
  return pair(field({ label: t(`plan.${first}`), name: first }, range.from), field({ label: t(`plan.${last}`), name: last }, range.to));
}

/**
 * @param {Record<string, string>} values of a form with these fields
 * @returns {Partial<RatePlanDraft>}
 */
export function readConditions(values) {
  /** @param {string} name @param {string} unit */
  const discount = (name, unit) => {
    const [from, off] = [values[`${name}.${unit}`], values[`${name}.percent`]];
    if (!from && !off) return null;
    return { [unit]: from ? Number(from) : from, percent: parsePercent(off ?? "") ?? off };
  };
  const to = values["rounding.to"];
  return /** @type {Partial<RatePlanDraft>} */ ({
    rounding: to ? { to, way: values["rounding.way"] } : null,
    long_stay: discount("long_stay", "nights"),
    advance: discount("advance", "days"),
    stay_from: values.stay_from || null,
    stay_to: values.stay_to || null,
    book_from: values.book_from || null,
    book_to: values.book_to || null,
    promo_code: values.promo_code ?? "",
    source: values.source ?? "",
    is_for_companies: Boolean(values.is_for_companies),
  });
}

/** To whom and when it is sold, where it is not to everybody at any time. @param {RatePlan} plan */
const soldWords = ({ stay_from, stay_to, book_from, book_to, promo_code, source, is_for_companies }) => [
  ...(stay_from || stay_to ? [t("plan.stays", { dates: span(stay_from, stay_to) })] : []),
  ...(book_from || book_to ? [t("plan.booked", { dates: span(book_from, book_to) })] : []),
  ...(promo_code ? [t("plan.with_code", { code: promo_code })] : []),
  ...(source ? [t("plan.from_source", { source })] : []),
  ...(is_for_companies ? [t("plan.for_companies")] : []),
];

/** @param {string | null} from @param {string | null} to */
function span(from, to) {
  if (from && to) return formatDates(from, to, "year");
  return from ? t("plan.from", { date: formatDate(from, "year") }) : t("plan.to", { date: formatDate(to ?? "", "year") });
}

/** Each of a plan's conditions in a few words. @param {RatePlan} plan */
export const conditionWords = (plan) => [
  ...(plan.rounding ? [roundingWords(plan.rounding.to)] : []),
  ...(plan.long_stay
    ? [t("plan.off", { when: tn("plan.from_nights", plan.long_stay.nights), percent: formatExactPercent(plan.long_stay.percent) })]
    : []),
  ...(plan.advance
    ? [t("plan.off", { when: tn("plan.days_ahead", plan.advance.days), percent: formatExactPercent(plan.advance.percent) })]
    : []),
  ...soldWords(plan),
];
