/**
 * What the hotel sells beside its rooms: what one costs, how it is taxed, and what the desk finds on every
 * bill.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { rowMenu } from "../../elements/menu.js";
import { pageHead } from "../../elements/page-head.js";
import { saveChange, showFailure } from "../../failure.js";
import { amountInput, checkbox, field, formDialog, input, select, typedAmount } from "../../forms.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").ArticleView} Article */
/** @typedef {import("innkeeper/api").TaxSetupView["groups"]} Groups */

export const title = () => t("articles.title");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export function render(_params, signal) {
  const body = h("section", { class: "card table-card" });
  /** @type {Groups} */
  let groups = [];
  const add = () => articleDialog(null, groups, () => void refresh(), signal);
  const refresh = keepFresh(
    body,
    {
      areas: ["articles", "taxes"],
      load: () => Promise.all([api.get("/api/articles", { page_size: 100 }, signal), api.get("/api/taxes", {}, signal)]),
      show: ([{ items }, taxes]) => {
        groups = taxes.groups;
        return items.length
          ? table(items, groups, () => void refresh(), signal)
          : empty("coin", t("articles.none"), t("articles.none_text"));
      },
      skeleton: () => skeletonLines(6),
    },
    signal,
  );
  const action = button({ label: t("articles.add"), sign: "plus", look: "primary", key: "add-article", signal, onclick: add });
  return h(
    "div",
    { class: "page" },
    pageHead({ title: t("articles.title"), lead: t("articles.lead"), actions: [action] }),
    body,
  );
}

/** @param {Article[]} articles @param {Groups} groups @param {() => void} done @param {AbortSignal} signal */
const table = (articles, groups, done, signal) =>
  dataTable(
    [
      { label: t("field.name"), kind: "main", cell: ({ name }) => name },
      {
        label: t("field.price"),
        kind: "number",
        cell: ({ price }) =>
          price === null ? h("span", { class: "muted" }, t("articles.asked")) : formatMoney(price),
      },
      ...(groups.length
        ? [
            {
              label: t("articles.tax_group"),
              cell: (/** @type {Article} */ { tax_group_id }) =>
                groups.find(({ id }) => id === tax_group_id)?.name ??
                h("span", { class: "muted" }, t("articles.as_extras")),
            },
          ]
        : []),
      {
        label: t("articles.on_bills"),
        cell: ({ is_favourite }) => is_favourite && h("span", { class: "with-icon" }, icon("star"), t("word.yes")),
      },
      ...(articles.every(({ is_active }) => is_active)
        ? []
        : [
            {
              label: t("field.state"),
              cell: (/** @type {Article} */ { is_active }) => (is_active ? "" : t("word.inactive")),
            },
          ]),
      {
        label: t("word.more"),
        kind: "menu",
        cell: (article) =>
          rowMenu(
            article.name,
            `article-${article.id}`,
            [
              { label: t("action.edit"), sign: "edit", run: () => articleDialog(article, groups, done, signal) },
              {
                label: article.is_active ? t("action.deactivate") : t("action.reactivate"),
                sign: article.is_active ? "ban" : "undo",
                run: () => void activate(article).then(done, showFailure),
              },
            ],
            signal,
          ),
      },
    ],
    articles,
  );

/** Sells it again, or no more. @param {Article} article */
const activate = ({ id, is_active, version }) =>
  api.patch("/api/articles/{id}", { id }, { is_active: !is_active, version });

/** @param {Article | null} article @param {Groups} groups @param {() => void} done @param {AbortSignal} signal */
const articleDialog = (article, groups, done, signal) =>
  formDialog(
    {
      title: article ? article.name : t("articles.add"),
      submit: t("action.save"),
      fields: (inner) => [
        field(
          { label: t("field.name"), name: "name", hint: t("articles.name_hint") },
          input({ value: article?.name ?? "", maxlength: 100, autofocus: true }),
        ),
        h(
          "div",
          { class: groups.length ? "field-pair" : "" },
          field(
            { label: t("field.price"), name: "price", hint: t("articles.price_hint") },
            amountInput(article?.price ?? null, { signal: inner }),
          ),
          groups.length > 0 &&
            field(
              { label: t("articles.tax_group"), name: "tax_group_id" },
              select(
                [
                  { value: "", label: t("articles.as_extras") },
                  ...groups.map(({ id, name }) => ({ value: String(id), label: name })),
                ],
                String(article?.tax_group_id ?? ""),
              ),
            ),
        ),
        checkbox(t("articles.favourite"), "is_favourite", article?.is_favourite ?? true),
        checkbox(t("articles.is_food"), "is_food", article?.is_food ?? false),
      ],
      send: async ({ name = "", price, tax_group_id, is_favourite, is_food }, key) => {
        const wanted = {
          name,
          price: price ? typedAmount(price) : null,
          tax_group_id: tax_group_id ? Number(tax_group_id) : null,
          is_favourite: Boolean(is_favourite),
          is_food: Boolean(is_food),
        };
        if (article)
          await saveChange(
            () => api.patch("/api/articles/{id}", { id: article.id }, { ...wanted, version: article.version }),
            done,
          );
        else await api.post("/api/articles", {}, wanted, key);
        done();
      },
    },
    signal,
  );
