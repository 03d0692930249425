/**
 * Reminders: who is due for which today, the letters that were written, and the three steps.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { toast } from "../../elements/toast-list.js";
import { saveChange, showFailure } from "../../failure.js";
import { amountInput, field, formDialog, input, textarea, typedAmount } from "../../forms.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate, formatMoney } from "../../format.js";
import { t, tn } from "../../i18n.js";
import { once } from "../../intents.js";
import { may } from "../../places.js";
import { letterLine } from "./letters.js";
import { accountPages } from "./words.js";

/** @typedef {import("innkeeper/api").DueView} Due */
/** @typedef {import("innkeeper/api").LevelView} Level */

const PAGE_SIZE = 25;

export const title = () => t("reminders.title");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  const due = h("section", { class: "card table-card" });
  const steps = h("section", { class: "card" });
  const refresh = keepFresh(
    due,
    {
      areas: ["accounts", "companies", "payments", "settings"],
      load: () => api.get("/api/reminders/due", {}, signal),
      show: ({ companies }) =>
        companies.length ? dueForm(companies, () => void refresh(), signal) : empty("check", t("reminders.nobody"), t("reminders.nobody_text")),
      skeleton: () => skeletonLines(5),
    },
    signal,
  );
  const again = keepFresh(
    steps,
    {
      areas: ["accounts"],
      load: () => api.get("/api/reminder-levels", {}, signal),
      show: ({ levels }) => stepsCard(levels, () => void again(), signal),
      skeleton: () => skeletonLines(3),
    },
    signal,
  );
  /** @type {Record<string, any>} */
  const filters = { page: params.page ?? "" };
  const { element } = pagedList(
    filters,
    {
      areas: ["accounts"],
      load: () => api.get("/api/reminders", { page: filters.page, page_size: PAGE_SIZE }, signal),
      rows: (reminders) => h("ul", { class: "lines card-body" }, reminders.map((one) => letterLine(one, () => void refresh(), signal, true))),
      none: () => empty("mail", t("reminders.none"), t("reminders.none_text")),
    },
    signal,
  );
  return h(
    "div",
    { class: "page" },
    pageHead({ title: t("reminders.title"), lead: t("reminders.lead"), actions: h("a", { class: "button", href: "/companies" }, t("companies.title")) }),
    accountPages("reminders"),
    h("div", { class: "stack" }, h("h2", { class: "section-title" }, t("reminders.due")), due, steps, h("h2", { class: "section-title" }, t("reminders.written")), element),
  );
}

/** @param {Due[]} companies @param {() => void} done @param {AbortSignal} signal */
function dueForm(companies, done, signal) {
  /** @param {Due} due */
  const box = ({ company_id, company_name }) => h("input", { type: "checkbox", name: "company", value: company_id, checked: true, "aria-label": company_name, "data-key": `due-${company_id}` });
  const boxes = new Map(companies.map((one) => [one.company_id, box(one)]));
  const write = async () => {
    const company_ids = companies.map(({ company_id }) => company_id).filter((id) => boxes.get(id)?.checked);
    if (company_ids.length === 0) return toast(t("reminders.choose"));
    const made = await api.post("/api/reminders", {}, { company_ids }).catch(showFailure);
    if (!made) return;
    toast(tn("reminders.made", made.reminders.length));
    done();
  };
  const list = dataTable(
    [
      { label: t("field.company"), kind: "main", cell: (one) => h("label", { class: "checkbox" }, boxes.get(one.company_id), h("span", {}, one.company_name)) },
      { label: t("reminders.letter"), cell: ({ level }) => t(`reminders.level.${/** @type {1 | 2 | 3} */ (level)}`) },
      { label: t("accounts.overdue"), kind: "number", cell: ({ amount }) => formatMoney(amount) },
      { label: t("reminders.fee"), kind: "number", cell: ({ fee }) => (fee ? formatMoney(fee) : "–") },
      { label: t("accounts.oldest"), cell: ({ oldest_due_date }) => (oldest_due_date ? formatDate(oldest_due_date) : "–") },
      {
        label: t("accounts.unmatched_amount"),
        kind: "number",
        cell: ({ unmatched_amount, company_id }) => (unmatched_amount > 0 ? h("a", { href: `/companies/${company_id}` }, formatMoney(unmatched_amount)) : "–"),
      },
    ],
    companies,
  );
  return [
    list,
    may("desk") &&
      h("footer", { class: "card-body table-foot" }, button({ label: t("reminders.write"), sign: "mail", look: "primary", key: "write-reminders", signal, onclick: (anchor) => void once(anchor, write) })),
  ];
}

/** @param {Level[]} levels @param {() => void} done @param {AbortSignal} signal */
const stepsCard = (levels, done, signal) => [
  h("header", { class: "card-head" }, h("h2", {}, t("reminders.steps"))),
  h(
    "ul",
    { class: "lines card-body" },
    levels.map((step) =>
      h(
        "li",
        {},
        h("span", { class: "grow" }, t(`reminders.level.${/** @type {1 | 2 | 3} */ (step.level)}`)),
        h("span", { class: "muted" }, [t("reminders.after", { days: tn("count.days", step.days) }), step.fee > 0 && formatMoney(step.fee)].filter(Boolean).join(" · ")),
        may("manage") && button({ sign: "edit", look: "quiet", is_small: true, name: t("action.edit"), key: `step-${step.level}`, signal, onclick: () => stepDialog(step, done, signal) }),
      ),
    ),
  ),
];

/** @param {Level} step @param {() => void} done @param {AbortSignal} signal */
const stepDialog = (step, done, signal) =>
  formDialog(
    {
      title: t(`reminders.level.${/** @type {1 | 2 | 3} */ (step.level)}`),
      submit: t("action.save"),
      fields: (life) => [
        h(
          "div",
          { class: "field-pair" },
          field({ label: t("reminders.days"), name: "days" }, input({ type: "number", min: 1, max: 365, value: step.days, required: true, autofocus: true })),
          field({ label: t("reminders.fee"), name: "fee" }, amountInput(step.fee, { signal: life })),
        ),
        field({ label: t("reminders.words"), name: "words", hint: t("reminders.words_hint") }, textarea({ rows: 5, value: step.words, maxlength: 2000 })),
      ],
      send: async ({ days, fee, words = "" }) => {
        const body = { days: Number(days), fee: fee ? typedAmount(fee) : 0, words, version: step.version };
        await saveChange(() => api.patch("/api/reminder-levels/{level}", { level: step.level }, body), done);
        done();
      },
    },
    signal,
  );
