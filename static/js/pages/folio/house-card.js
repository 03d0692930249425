/**
 * Accounts of the house: what is sold to people who do not stay here, paid and closed.
 */
import { api } from "../../api.js";
import { methodWords, paymentMethods } from "../../choices.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { openDialog } from "../../elements/dialog.js";
import { rowMenu } from "../../elements/menu.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { amountInput, field, formDialog, input, select, typedAmount } from "../../forms.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { formatAmount, formatDate, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { startInvoice } from "../invoices/start.js";
import { lineWords } from "./folio-rows.js";
import { methodChoice } from "./payment.js";

/** @typedef {import("innkeeper/api").WindowView} Account */

/** @param {AbortSignal} signal */
export function houseCard(signal) {
  const card = h("section", { class: "card table-card house-card" });
  const refresh = keepFresh(
    card,
    {
      areas: ["payments", "reservations"],
      load: () => api.get("/api/house-accounts", { is_closed: false, page_size: 100 }, signal),
      show: ({ items }) => [
        h(
          "header",
          { class: "card-head" },
          h("h2", {}, t("house_account.title")),
          may("desk") &&
            button({
              label: t("house_account.open"),
              sign: "plus",
              look: "quiet",
              is_small: true,
              key: "house-open",
              signal,
              onclick: () => openAccount(() => void refresh(), signal),
            }),
        ),
        items.length === 0
          ? h("p", { class: "card-body muted" }, t("house_account.none"))
          : accountTable(items, () => void refresh(), signal),
      ],
      skeleton: () => skeletonLines(2),
    },
    signal,
  );
  return card;
}

/** @param {Account[]} accounts @param {() => void} done @param {AbortSignal} signal */
const accountTable = (accounts, done, signal) =>
  dataTable(
    [
      {
        label: t("field.name"),
        kind: "main",
        cell: (account) =>
          h(
            "button",
            { type: "button", class: "link", "data-key": `account-${account.id}`, signal, onclick: () => void showAccount(account, signal) },
            account.payer_name,
          ),
      },
      { label: t("word.balance"), kind: "number", cell: ({ balance }) => formatAmount(balance) },
      ...(may("desk")
        ? [
            {
              label: t("word.more"),
              kind: /** @type {const} */ ("menu"),
              cell: (/** @type {Account} */ account) => rowMenu(account.payer_name, `house-${account.id}`, actions(account, done, signal), signal),
            },
          ]
        : []),
    ],
    accounts,
  );

/** @param {Account} account @param {() => void} done @param {AbortSignal} signal */
const actions = (account, done, signal) =>
  [
    { label: t("charge.add"), run: () => void sell(account, done, signal) },
    { label: t("payment.add"), run: () => void pay(account, done, signal) },
    { label: t("invoices.invoice"), run: () => void startInvoice({ id: account.id }).catch(showFailure) },
    account.balance === 0 && {
      label: t("house_account.close"),
      run: () =>
        void api
          .patch("/api/folios/{id}", { id: Number(account.id) }, { is_closed: true, version: account.version })
          .then(done, showFailure),
    },
  ].filter((action) => action !== false);

/** @param {() => void} done @param {AbortSignal} signal */
const openAccount = (done, signal) =>
  formDialog(
    {
      title: t("house_account.open"),
      submit: t("folio.open_submit"),
      fields: () => [field({ label: t("field.name"), name: "name" }, input({ required: true, maxlength: 200, autofocus: true }))],
      send: async ({ name = "" }, key) => {
        await api.post("/api/house-accounts", {}, { name }, key);
        done();
      },
    },
    signal,
  );

/** @param {Account} account @param {() => void} done @param {AbortSignal} signal */
async function sell(account, done, signal) {
  const found = await api.get("/api/articles", { is_active: true, page_size: 100 }, signal).catch(showFailure);
  if (!found || signal.aborted) return;
  formDialog(
    {
      title: t("charge.title", { guest: account.payer_name }),
      submit: t("charge.submit"),
      fields: (inner) => {
        const description = input({ placeholder: t("charge.example") });
        const unit_amount = amountInput(null, { signal: inner });
        const choice = select(
          [{ value: "", label: t("articles.other") }, ...found.items.map(({ id, name }) => ({ value: String(id), label: name }))],
          "",
          {
            autofocus: true,
            signal: inner,
            onchange: () => {
              const article = found.items.find(({ id }) => id === Number(choice.value));
              description.value = article?.name ?? "";
              unit_amount.value = article?.price ? formatAmount(article.price) : "";
            },
          },
        );
        return [
          found.items.length > 0 && field({ label: t("articles.choose"), name: "article_id" }, choice),
          field({ label: t("field.description"), name: "description" }, description),
          h(
            "div",
            { class: "field-pair" },
            field({ label: t("field.quantity"), name: "quantity" }, input({ type: "number", min: 1, value: "1" })),
            field({ label: t("charge.unit_amount"), name: "unit_amount" }, unit_amount),
          ),
        ];
      },
      send: async ({ article_id, description, quantity, unit_amount }, key) => {
        await api.post(
          "/api/house-accounts/{id}/charges",
          { id: Number(account.id) },
          {
            kind: "extra",
            ...(article_id && { article_id: Number(article_id) }),
            description,
            quantity: Number(quantity),
            unit_amount: typedAmount(unit_amount),
          },
          key,
        );
        done();
      },
    },
    signal,
  );
}

/** @param {Account} account @param {() => void} done @param {AbortSignal} signal */
async function pay(account, done, signal) {
  const methods = await paymentMethods().catch((error) => showFailure(error));
  if (!methods || signal.aborted) return;
  formDialog(
    {
      title: t("payment.title", { guest: account.payer_name }),
      submit: t("step.pay"),
      fields: (inner) => [
        field({ label: t("field.amount"), name: "amount" }, amountInput(account.balance || null, { signal: inner, autofocus: true })),
        methodChoice(methods),
        field({ label: t("payment.reference"), name: "reference_number" }, input()),
      ],
      send: async ({ amount, payment_method = "", reference_number }, key) => {
        await api.post(
          "/api/payments",
          {},
          {
            folio_id: Number(account.id),
            amount: typedAmount(amount),
            payment_method,
            ...(reference_number && { reference_number }),
          },
          key,
        );
        toast(t("payment.taken", { amount: formatMoney(Number(typedAmount(amount))), guest: account.payer_name }));
        done();
      },
    },
    signal,
  );
}

/** What stands on an account. @param {Account} account @param {AbortSignal} signal */
async function showAccount({ id, payer_name }, signal) {
  const found = await api.get("/api/folios/{id}", { id: Number(id) }, signal).catch(showFailure);
  if (!found || signal.aborted) return;
  const rows = [
    ...found.lines.map((line) => ({ date: line.date, order: line.id, words: lineWords(line), amount: line.amount })),
    ...found.payments.map((payment) => ({
      date: payment.payment_date,
      order: payment.id,
      words: methodWords(payment.payment_method),
      amount: -payment.amount,
    })),
    ...found.transfers.map((transfer) => ({
      date: transfer.date,
      order: transfer.id,
      words: t(transfer.amount < 0 ? "folio.to_account" : "folio.from_account", { payer: transfer.other_payer_name }),
      amount: transfer.amount,
    })),
  ].sort((a, b) => a.order - b.order);
  openDialog(
    { title: payer_name },
    () =>
      rows.length === 0
        ? h("p", { class: "muted" }, t("house_account.empty"))
        : dataTable(
            [
              { label: t("field.date"), cell: ({ date }) => formatDate(date) },
              { label: t("field.description"), kind: "words", cell: ({ words }) => words },
              { label: t("field.amount"), kind: "number", cell: ({ amount }) => formatAmount(amount) },
            ],
            rows,
            [t("word.balance"), "", formatAmount(found.balance)],
          ),
    signal,
  );
}
