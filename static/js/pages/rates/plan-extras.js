/**
 * What a plan sells along with its nights: articles, on top of the price or inside it.
 */
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { amountInput, field, select, typedAmount } from "../../forms.js";
import { formatAmount } from "../../format.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").RatePlanView} RatePlan */
/** @typedef {import("innkeeper/api").PlanExtraView} PlanExtra */
/** @typedef {import("innkeeper/api").PlanExtraRequest} PlanExtraDraft */
/** @typedef {import("innkeeper/api").ArticleView} Article */
/** @typedef {{ article_id: number, amount: number | null, per: PlanExtra["per"], is_inside: boolean }} Row */

const MOST_EXTRAS = 10;
const COUNTED = /** @type {const} */ (["person", "night", "stay"]);
/** As the server names them, so that it is told there what is wrong. @param {number} n */
const place = (n) => `extras[${n}]`;

/**
 * @param {RatePlan | null} plan
 * @param {Article[]} articles what is sold, and what this plan sells already
 * @param {AbortSignal} signal
 */
export function extraFields(plan, articles, signal) {
  const rows = h("div", { class: "extra-rows" });
  /** What stands in the rows now. @returns {Row[]} */
  const typed = () =>
    [...rows.querySelectorAll(".extra-row")].map((row) => {
      const [article, amount, per, shown] = [...row.querySelectorAll("input, select")].map(
        (control) => /** @type {HTMLInputElement | HTMLSelectElement} */ (control).value,
      );
      return {
        article_id: Number(article),
        amount: amount ? typedAmount(amount) : null,
        per: /** @type {PlanExtra["per"]} */ (per),
        is_inside: shown === "inside",
      };
    });
  /** @param {Row[]} shown */
  const show = (shown) => {
    const next = articles.find(({ id }) => !shown.some(({ article_id }) => article_id === id));
    swap(
      rows,
      shown.map((row, n) => extraRow(row, n, articles, () => show(typed().toSpliced(n, 1)), signal)),
      next &&
        shown.length < MOST_EXTRAS &&
        button({
          label: t("plan.add_extra"),
          sign: "plus",
          look: "quiet",
          is_small: true,
          key: "add-extra",
          signal,
          onclick: () => {
            show([...typed(), { article_id: next.id, amount: null, per: "person", is_inside: false }]);
            /** @type {HTMLElement | null | undefined} */ (
              [...rows.querySelectorAll(".extra-row")].at(-1)?.querySelector("select")
            )?.focus();
          },
        }),
    );
  };
  show(plan?.extras ?? []);
  const inherited = plan?.inherited_extras ?? [];
  return h(
    "details",
    { class: "unfolding", open: (plan?.extras.length ?? 0) > 0 },
    h("summary", {}, t("plan.extras")),
    h(
      "div",
      { class: "form" },
      inherited.length > 0 &&
        h("p", { class: "muted" }, t("plan.inherited_extras", { extras: inherited.map(planExtraWords).join(", ") })),
      rows,
      h("p", { class: "field-hint" }, t(articles.length ? "plan.extras_hint" : "plan.no_articles")),
    ),
  );
}

/** @param {Row} row @param {number} n @param {Article[]} articles @param {() => void} remove @param {AbortSignal} signal */
function extraRow({ article_id, amount, per, is_inside }, n, articles, remove, signal) {
  const name = articles.find(({ id }) => id === article_id)?.name ?? "";
  const price = amountInput(amount, { signal });
  const article = select(
    articles.map((one) => ({ value: String(one.id), label: one.name })),
    String(article_id),
    { signal, onchange: () => showPrice() },
  );
  // What the article costs by itself is taken where nothing is typed.
  const showPrice = () => {
    const own = articles.find(({ id }) => id === Number(article.value))?.price;
    price.placeholder = own == null ? "" : formatAmount(own);
  };
  showPrice();
  return h(
    "div",
    { class: "extra-row" },
    field({ label: t("articles.choose"), name: `${place(n)}.article_id` }, article),
    field({ label: t("field.price"), name: `${place(n)}.amount` }, price),
    button({
      sign: "close",
      name: t("plan.remove_extra", { extra: name }),
      look: "quiet",
      is_small: true,
      signal,
      onclick: remove,
    }),
    field(
      { label: t("plan.counted"), name: `${place(n)}.per` },
      select(
        COUNTED.map((each) => ({ value: each, label: t(`plan.per_${each}`) })),
        per,
      ),
    ),
    field(
      { label: t("plan.shown"), name: `${place(n)}.is_inside` },
      select(
        [
          { value: "beside", label: t("plan.beside") },
          { value: "inside", label: t("plan.inside") },
        ],
        is_inside ? "inside" : "beside",
      ),
    ),
  );
}

/** @param {Record<string, string>} values of a form with these fields @returns {PlanExtraDraft[]} */
export function readExtras(values) {
  const extras = [];
  for (let n = 0; `${place(n)}.per` in values; n++) {
    const at = place(n);
    const amount = values[`${at}.amount`];
    extras.push({
      article_id: Number(values[`${at}.article_id`]),
      amount: amount ? typedAmount(amount) : null,
      per: /** @type {PlanExtra["per"]} */ (values[`${at}.per`]),
      is_inside: values[`${at}.is_inside`] === "inside",
    });
  }
  return extras;
}

/** @param {PlanExtra} extra */
const planExtraWords = ({ article_name, price, per, is_inside }) =>
  t(is_inside ? "plan.extra_inside" : "plan.extra_beside", {
    article: article_name,
    price: formatAmount(price),
    per: t(`plan.per_${per}`).toLowerCase(),
  });

/** What a plan sells along in one line each, its parents' too. @param {RatePlan} plan */
export const extrasWords = ({ extras, inherited_extras }) => [...inherited_extras, ...extras].map(planExtraWords);
