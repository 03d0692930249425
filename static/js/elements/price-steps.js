/**
 * How the price of each night comes about, in the server's words: a list a price, whose nights stand above it.
 */
import { h } from "../dom.js";
import { formatAmount, formatDate, formatDates } from "../format.js";
import { t } from "../i18n.js";

/** @typedef {import("innkeeper/api").ExplainedNight} ExplainedNight */

/** Nights that follow each other and come about alike are told once. @param {ExplainedNight[]} nights */
function alike(nights) {
  /** @type {ExplainedNight[][]} */
  const groups = [];
  for (const night of nights) {
    const group = groups.at(-1);
    if (group && JSON.stringify(group[0]?.steps) === JSON.stringify(night.steps)) group.push(night);
    else groups.push([night]);
  }
  return groups;
}

/** @param {ExplainedNight[]} nights of one group */
function nightsWords(nights) {
  const [first, last] = [nights[0]?.date ?? "", nights.at(-1)?.date ?? ""];
  return first === last ? formatDate(first, "weekday") : formatDates(first, last, "weekday");
}

/** @param {ExplainedNight[]} nights */
export const priceSteps = (nights) =>
  alike(nights).map((group) => {
    const [{ rate, steps } = { rate: 0, steps: [] }] = group;
    const words = nightsWords(group);
    return h(
      "div",
      { class: "price-steps" },
      h("h3", {}, words),
      h(
        "ul",
        { "aria-label": t("price.of_nights", { nights: words }) },
        steps.map(({ text, amount }, at) => line(text, at === 0 ? formatAmount(amount) : signed(amount))),
        steps.length > 1 && line(t("price.a_night"), formatAmount(rate), "is-sum"),
      ),
    );
  });

/** @param {number} amount */
const signed = (amount) => (amount < 0 ? `−${formatAmount(-amount)}` : `+${formatAmount(amount)}`);

/** @param {string} words @param {string} amount @param {string} [look] */
const line = (words, amount, look = "") =>
  h("li", { class: look }, h("span", {}, words), " ", h("span", { class: "amount" }, amount));
