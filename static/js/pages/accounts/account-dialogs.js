/**
 * What is done with an account: money is taken, matched with what it pays for, and a statement is printed.
 */
import { api, queryText } from "../../api.js";
import { paymentMethods } from "../../choices.js";
import { addDays, monthStart } from "../../dates.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { DateRange, dateInput } from "../../elements/date-field.js";
import { openDialog } from "../../elements/dialog.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { amountInput, checkbox, field, formDialog, input, typedAmount } from "../../forms.js";
import { formatAmount, formatDate, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { navigate } from "../../router.js";
import { businessDate } from "../../store.js";
import { methodChoice } from "../folio/payment.js";
import { itemWords, stayWords } from "./words.js";

/** @typedef {import("innkeeper/api").CompanyView} Company */
/** @typedef {import("innkeeper/api").AccountView} Account */
/** @typedef {import("innkeeper/api").ItemDetail} Item */
/** @typedef {import("innkeeper/api").ItemView} OpenItem */

/** Debts that one dialog shows; the older ones come first. */
const MOST = 100;

/** @param {Company} company @param {Account} account @param {() => void} done @param {AbortSignal} signal */
export async function payDialog({ id, name }, { balance, overdue_amount }, done, signal) {
  const methods = await paymentMethods().catch(showFailure);
  if (!methods || signal.aborted) return;
  const due = overdue_amount > 0 ? overdue_amount : Math.max(balance, 0);
  formDialog(
    {
      title: t("accounts.pay_title", { company: name }),
      submit: t("accounts.pay"),
      fields: (life) => [
        h(
          "dl",
          { class: "sum-lines" },
          h("div", {}, h("dt", {}, t("accounts.overdue")), h("dd", { class: "amount" }, formatMoney(overdue_amount))),
          h("div", { class: "is-total" }, h("dt", {}, t("accounts.owed")), h("dd", { class: "amount" }, formatMoney(balance))),
        ),
        field({ label: t("field.amount"), name: "amount" }, amountInput(due || null, { signal: life, required: true, autofocus: true })),
        methodChoice(methods),
        field({ label: t("accounts.reference"), name: "reference_number" }, input({ maxlength: 100 })),
        checkbox(t("accounts.pays_oldest"), "is_matched", true),
      ],
      send: async ({ amount, payment_method = "", reference_number = "", is_matched }, key) => {
        const body = { amount: typedAmount(amount), payment_method, reference_number, is_matched: Boolean(is_matched) };
        const made = await api.post("/api/companies/{id}/account/payments", { id }, body, key);
        toast(
          made.unmatched_amount > 0
            ? t("accounts.paid_unmatched", { amount: formatMoney(made.paid_amount), left: formatMoney(made.unmatched_amount) })
            : t("accounts.paid", { amount: formatMoney(made.paid_amount) }),
        );
        done();
      },
    },
    signal,
  );
}

/** What an item is, and what it is matched with. @param {number} id @param {number} item_id @param {() => void} done @param {AbortSignal} signal */
export async function showItem(id, item_id, done, signal) {
  const item = await api.get("/api/companies/{id}/account/items/{item_id}", { id, item_id }, signal).catch(showFailure);
  if (!item || signal.aborted) return;
  openDialog(
    { title: itemWords(item) },
    (dialog) => {
      const undo = (/** @type {number} */ match_id) => {
        dialog.close();
        void api.post("/api/companies/{id}/account/matches/{match_id}/undo", { id, match_id }, {}).then(() => {
          toast(t("accounts.unmatched"));
          done();
        }, showFailure);
      };
      return [
        h("p", { class: "dialog-intro" }, [formatDate(item.date), stayWords(item), item.notes].filter(Boolean).join(" · ")),
        h(
          "dl",
          { class: "sum-lines" },
          h("div", {}, h("dt", {}, t("field.amount")), h("dd", { class: "amount" }, formatMoney(item.amount))),
          h("div", { class: "is-total" }, h("dt", {}, t("accounts.open")), h("dd", { class: "amount" }, formatMoney(item.open_amount))),
        ),
        h("h3", { class: "card-subhead" }, t("accounts.matched_with")),
        item.matches.length
          ? h("ul", { class: "lines" }, item.matches.map((match) => matchLine(match, undo, dialog.signal)))
          : h("p", { class: "muted" }, t("accounts.matched_with_nothing")),
        h(
          "footer",
          { class: "dialog-foot" },
          item.open_amount < 0 &&
            may("desk") &&
            button({
              label: t("accounts.match"),
              sign: "checks",
              look: "primary",
              key: "match-item",
              signal: dialog.signal,
              onclick: () => {
                dialog.close();
                void matchDialog(id, item, done, signal);
              },
            }),
          button({ label: t("action.close"), signal: dialog.signal, onclick: dialog.leave }),
        ),
      ];
    },
    signal,
  );
}

/** @param {Item["matches"][number]} match @param {(id: number) => void} undo @param {AbortSignal} signal */
const matchLine = ({ id, amount, with: other }, undo, signal) =>
  h(
    "li",
    {},
    h("span", { class: "grow" }, [itemWords(other), stayWords(other) || formatDate(other.date)].join(" · ")),
    h("span", { class: "amount" }, formatMoney(amount)),
    may("desk") && button({ sign: "undo", look: "quiet", is_small: true, name: t("accounts.unmatch"), key: `unmatch-${id}`, signal, onclick: () => undo(id) }),
  );

/** Which debts an amount that was received pays for. @param {number} id @param {Item} item @param {() => void} done @param {AbortSignal} signal */
async function matchDialog(id, item, done, signal) {
  const asked = { id, is_open: true, is_owed: true, sort: "due_date", page_size: MOST };
  const open = await api.get("/api/companies/{id}/account/items", asked, signal).catch(showFailure);
  if (!open || signal.aborted) return;
  if (open.items.length === 0) {
    toast(t("accounts.nothing_open"));
    return;
  }
  formDialog(
    {
      title: t("accounts.match_title", { amount: formatMoney(-item.open_amount) }),
      submit: t("accounts.match"),
      is_wide: true,
      fields: (life) => [
        h("p", { class: "dialog-intro" }, t("accounts.match_text")),
        h("div", { class: "match-rows" }, suggested(open.items, -item.open_amount).map(([debit, amount]) => matchRow(debit, amount, life))),
      ],
      send: async (values, key) => {
        const items = open.items.filter((debit) => values[`debit-${debit.id}`]).map((debit) => ({ debit_id: debit.id, amount: typedAmount(values[`debit-${debit.id}`]) }));
        const body = items.length ? { credit_id: item.id, items } : { credit_id: item.id };
        const { amount } = await api.post("/api/companies/{id}/account/matches", { id }, body, key);
        toast(t("accounts.matched", { amount: formatMoney(amount) }));
        done();
      },
    },
    signal,
  );
}

/** The oldest debts first, as far as the money goes. @param {OpenItem[]} debits @param {number} money @returns {[OpenItem, number][]} */
function suggested(debits, money) {
  let left = money;
  return debits.map((debit) => {
    const amount = Math.min(debit.open_amount, left);
    left -= amount;
    return [debit, amount];
  });
}

/** @param {OpenItem} debit @param {number} amount @param {AbortSignal} signal */
const matchRow = (debit, amount, signal) =>
  h(
    "div",
    { class: "match-row" },
    h(
      "div",
      {},
      h("div", {}, [itemWords(debit), stayWords(debit)].filter(Boolean).join(" · ")),
      h("div", { class: "muted" }, t("accounts.open_of", { open: formatMoney(debit.open_amount), date: formatDate(debit.due_date) })),
    ),
    field(
      { label: t("accounts.match_amount", { date: formatDate(debit.due_date) }), name: `debit-${debit.id}` },
      amountInput(null, { signal, value: amount > 0 ? formatAmount(amount) : "" }),
    ),
  );

/** @param {number} id @param {AbortSignal} signal */
export const statementDialog = (id, signal) =>
  formDialog(
    {
      title: t("accounts.statement"),
      submit: t("accounts.show_statement"),
      fields: (life) => {
        const today = businessDate();
        const before = addDays(monthStart(today), -1);
        const from = dateInput({ label: t("word.from"), value: monthStart(before), year: "past", today, signal: life });
        const to = dateInput({ label: t("range.to"), value: today, year: "past", today, signal: life });
        new DateRange(from, to, { signal: life });
        return [h("div", { class: "field-pair" }, field({ label: t("word.from"), name: "from" }, from), field({ label: t("range.to"), name: "to" }, to))];
      },
      send: async ({ from = "", to = "" }) => {
        void navigate(`/companies/${id}/print/statement${queryText({ from, to })}`, { asks: false });
      },
    },
    signal,
  );
