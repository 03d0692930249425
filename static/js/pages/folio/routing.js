/**
 * Who pays what of a stay from now on: a few rules, of which the first that fits decides.
 */
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { showFailure } from "../../failure.js";
import { amountInput, formDialog, select } from "../../forms.js";
import { formatAmount, parseAmount } from "../../format.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").RuleView} Rule */
/** @typedef {import("innkeeper/api").ArticleView} Article */
/** @typedef {{ what: string, limit: HTMLInputElement, kind: HTMLSelectElement, to: HTMLSelectElement, rule: Rule | null }} Line */
/** @typedef {{ value: string, label: string }} Option */

const KINDS = /** @type {const} */ (["room", "extras", "levies", "all"]);

/**
 * @param {{ load: () => Promise<Rule[]>, save: (rules: object[], key: string) => Promise<unknown>, title: string,
 *   intro: string, targets: Option[], articles: Article[] }} of `targets`: none where there is only one
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export async function editRouting({ load, save, title, intro, targets, articles }, done, signal) {
  const rules = await load().catch(showFailure);
  if (!rules || signal.aborted) return;
  /** @type {Line[]} */
  let lines = [];
  formDialog(
    {
      title,
      submit: t("action.save"),
      intro: h("p", { class: "dialog-intro" }, intro),
      fields: (inner) => {
        const list = h("div", { class: "routing-list", "data-field": "rules" });
        const error = h("p", { class: "field-error" });
        const options = [
          ...KINDS.map((kind) => ({ value: kind, label: t(`routing.${kind}`) })),
          ...articles.map(({ id, name }) => ({ value: `a${id}`, label: name })),
        ];
        const show = () => {
          swap(list, lines.map((line) => lineRow(line)), lines.length === 0 && h("p", { class: "muted" }, t("routing.none")), error);
        };
        const add = (/** @type {Rule | null} */ rule) => {
          const what = rule ? (rule.what === "articles" ? `a${rule.article_ids[0]}` : rule.what) : "room";
          lines.push({
            what,
            rule,
            kind: select(options, what, { "aria-label": t("routing.what") }),
            to: select(targets, rule ? (rule.target === "group" ? "group" : String(rule.window ?? "")) : (targets[0]?.value ?? ""), {
              "aria-label": t("folio.to"),
            }),
            limit: amountInput(rule?.limit_amount ?? null, {
              signal: inner,
              "aria-label": t("routing.limit"),
              placeholder: t("routing.limit"),
            }),
          });
        };
        const lineRow = (/** @type {Line} */ line) =>
          h(
            "div",
            { class: "routing-line" },
            line.kind,
            targets.length > 0 && line.to,
            line.limit,
            button({
              sign: "close",
              look: "quiet",
              is_small: true,
              name: t("routing.remove"),
              signal: inner,
              onclick: () => {
                lines = lines.filter((one) => one !== line);
                show();
              },
            }),
          );
        rules.forEach(add);
        if (lines.length === 0) add(null);
        show();
        return [
          list,
          button({
            label: t("routing.add"),
            sign: "plus",
            look: "quiet",
            is_small: true,
            signal: inner,
            onclick: () => {
              add(null);
              show();
              lines.at(-1)?.kind.focus();
            },
          }),
        ];
      },
      send: async (_, key) => {
        const told = lines.map(({ kind, to, limit, rule, what }) => {
          const article = kind.value.startsWith("a") && kind.value !== "all" ? Number(kind.value.slice(1)) : null;
          const is_same = rule !== null && kind.value === what;
          const limit_amount = parseAmount(limit.value);
          return {
            what: article ? "articles" : kind.value,
            ...(article && { article_ids: is_same ? rule.article_ids : [article] }),
            ...(rule?.from_date && { from_date: rule.from_date }),
            ...(rule?.to_date && { to_date: rule.to_date }),
            ...(limit_amount && { limit_amount }),
            ...(to.value === "group" ? { target: "group" } : to.value && { window: Number(to.value) }),
          };
        });
        await save(told, key);
        done();
      },
    },
    signal,
  );
}

/** The limit as the list of a company says it. @param {Rule} rule */
export const ruleWords = ({ what, limit_amount }) =>
  [t(`routing.${what}`), limit_amount !== null && t("routing.up_to", { amount: formatAmount(limit_amount) })].filter(Boolean).join(" ");
