/**
 * Vouchers that were sold: what is left of each, and what became of it.
 */
import { api } from "../../api.js";
import { methodWords, paymentMethods } from "../../choices.js";
import { debounce, h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { dateInput } from "../../elements/date-field.js";
import { openDialog } from "../../elements/dialog.js";
import { selectFilter } from "../../elements/filters.js";
import { rowMenu } from "../../elements/menu.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { amountInput, field, formDialog, input, typedAmount } from "../../forms.js";
import { empty, keepFresh } from "../../fresh.js";
import { formatDate, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { businessDate } from "../../store.js";
import { methodChoice } from "../folio/payment.js";

/** @typedef {import("innkeeper/api").VoucherView} Voucher */
/** @typedef {import("innkeeper/api").VoucherDetail} VoucherDetail */

const PAGE_SIZE = 25;
const SEARCH_REST_MS = 200;

export const title = () => t("vouchers.title");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  /** @type {Record<string, string>} */
  const filters = { code: params.code ?? "", is_open: params.is_open ?? "", page: params.page ?? "" };
  const { element, change, refresh } = pagedList(
    filters,
    {
      areas: ["payments"],
      load: () => api.get("/api/vouchers", { ...filters, page_size: PAGE_SIZE }, signal),
      rows: (vouchers) => table(vouchers, () => void refresh(), signal),
      none: () => empty("coin", t("vouchers.none"), t("vouchers.none_text")),
    },
    signal,
  );
  const owed = h("span", {});
  keepFresh(
    owed,
    {
      areas: ["payments"],
      load: () => api.get("/api/vouchers/owed", {}, signal),
      show: ({ amount, count }) => t("vouchers.owed", { amount: formatMoney(amount), vouchers: tn("vouchers.count", count) }),
    },
    signal,
  );
  const box = h("input", {
    type: "search",
    class: "input",
    value: filters.code,
    placeholder: t("vouchers.code"),
    "aria-label": t("vouchers.code"),
    signal,
    oninput: debounce(() => change({ code: box.value.trim() }), SEARCH_REST_MS, signal),
  });
  const sell = button({
    label: t("vouchers.sell"),
    sign: "plus",
    look: "primary",
    key: "sell-voucher",
    signal,
    onclick: () => void sellVoucher(() => void refresh(), signal),
  });
  return h(
    "div",
    { class: "page" },
    pageHead({ title: t("vouchers.title"), lead: owed, actions: [h("a", { class: "button", href: "/payments" }, t("nav.payments")), may("desk") && sell] }),
    h(
      "div",
      { class: "filters" },
      h("div", { class: "search-field" }, icon("search"), box),
      selectFilter(
        t("field.state"),
        [
          { value: "true", label: t("vouchers.open") },
          { value: "false", label: t("vouchers.used") },
        ],
        filters.is_open ?? "",
        (is_open) => change({ is_open }),
        signal,
      ),
    ),
    element,
  );
}

/** @param {Voucher} voucher */
const isOver = ({ expires_on }) => expires_on !== null && expires_on < businessDate();

/** @param {Voucher[]} vouchers @param {() => void} done @param {AbortSignal} signal */
const table = (vouchers, done, signal) =>
  dataTable(
    [
      {
        label: t("vouchers.code"),
        kind: "main",
        cell: (voucher) =>
          button({
            label: h("span", { class: "code" }, voucher.code),
            look: "quiet",
            is_small: true,
            extra: "till-name",
            key: `voucher-${voucher.id}`,
            signal,
            onclick: () => void showVoucher(voucher.id, signal),
          }),
      },
      { label: t("vouchers.holder"), cell: ({ holder }) => holder },
      { label: t("vouchers.sold_on"), cell: ({ sold_on }) => formatDate(sold_on) },
      {
        label: t("vouchers.expires_on"),
        cell: (voucher) =>
          voucher.expires_on === null
            ? "–"
            : h("span", { class: isOver(voucher) && voucher.balance > 0 ? "till-short" : "" }, formatDate(voucher.expires_on)),
      },
      { label: t("vouchers.amount"), kind: "number", cell: ({ amount }) => formatMoney(amount) },
      { label: t("vouchers.balance"), kind: "number", cell: ({ balance }) => formatMoney(balance) },
      {
        label: t("word.more"),
        kind: "menu",
        cell: (voucher) =>
          may("manage") &&
          isOver(voucher) &&
          voucher.balance > 0 &&
          rowMenu(
            voucher.code,
            `more-${voucher.id}`,
            [{ label: t("vouchers.expire"), sign: "ban", run: () => void expire(voucher, done) }],
            signal,
          ),
      },
    ],
    vouchers,
  );

/** @param {Voucher} voucher @param {() => void} done */
const expire = ({ id }, done) => api.post("/api/vouchers/{id}/expire", { id }, {}).then(done, showFailure);

/** @param {number} id @param {AbortSignal} signal */
async function showVoucher(id, signal) {
  const voucher = await api.get("/api/vouchers/{id}", { id }, signal).catch(showFailure);
  if (voucher && !signal.aborted) voucherDialog(voucher, signal);
}

/** @param {VoucherDetail} voucher @param {AbortSignal} signal */
const voucherDialog = (voucher, signal) =>
  openDialog(
    { title: t("vouchers.one", { code: voucher.code }) },
    (dialog) => [
      h("p", { class: "voucher-code" }, voucher.code),
      h(
        "dl",
        { class: "sum-lines" },
        voucher.entries.map(({ kind, amount, date }) =>
          h("div", {}, h("dt", {}, `${t(`vouchers.${kind}`)} · ${formatDate(date)}`), h("dd", { class: "amount" }, formatMoney(amount))),
        ),
        h("div", { class: "is-total" }, h("dt", {}, t("vouchers.balance")), h("dd", { class: "amount" }, formatMoney(voucher.balance))),
      ),
      h(
        "footer",
        { class: "dialog-foot" },
        button({ label: t("action.close"), signal: dialog.signal, onclick: dialog.leave }),
      ),
    ],
    signal,
  );

/** @param {() => void} done @param {AbortSignal} signal */
async function sellVoucher(done, signal) {
  const methods = await paymentMethods().catch((error) => showFailure(error));
  if (!methods || signal.aborted) return;
  formDialog(
    {
      title: t("vouchers.sell"),
      submit: t("vouchers.sell"),
      fields: (inner) => [
        field({ label: t("field.amount"), name: "amount" }, amountInput(null, { signal: inner, autofocus: true, required: true })),
        field({ label: t("vouchers.holder_optional"), name: "holder" }, input({ maxlength: 200 })),
        field({ label: t("vouchers.expires_optional"), name: "expires_on" }, dateInput({ min: businessDate() })),
        methodChoice(methods),
      ],
      send: async ({ amount, holder = "", expires_on, payment_method = "" }, key) => {
        const body = { amount: typedAmount(amount), holder, payment_method, ...(expires_on && { expires_on }) };
        const sold = await api.post("/api/vouchers", {}, body, key);
        toast(t("vouchers.is_sold", { code: sold.code, method: methodWords(payment_method) }));
        done();
        voucherDialog(sold, signal);
      },
    },
    signal,
  );
}
