/**
 * What is done to a cash drawer: a shift is opened, cash comes and goes, the drawer is counted.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { openDialog } from "../../elements/dialog.js";
import { toast } from "../../elements/toast-list.js";
import { amountInput, field, formDialog, input, select, typedAmount } from "../../forms.js";
import { formatCurrency, formatMoney, sum } from "../../format.js";
import { t } from "../../i18n.js";
import { denominations } from "./denominations.js";

/** @typedef {import("innkeeper/api").ShiftDetail} ShiftDetail */
/** @typedef {import("innkeeper/api").FreeDrawer} FreeDrawer */
/** @typedef {import("innkeeper/api").ColleagueView} Colleague */

const KINDS = /** @type {const} */ (["paid_out", "bank_drop", "float_in", "tip_out"]);

/** @param {FreeDrawer[]} drawers @param {() => void} done @param {AbortSignal} signal */
export const openShift = (drawers, done, signal) =>
  formDialog(
    {
      title: t("till.open"),
      submit: t("till.open"),
      intro: h("p", { class: "dialog-intro" }, t("till.open_text")),
      fields: (inner) => {
        const amount = amountInput(drawers[0]?.left_amount ?? null, { signal: inner, autofocus: true, required: true });
        const drawer = select(
          drawers.map(({ id, name }) => ({ value: String(id), label: name })),
          String(drawers[0]?.id),
          {
            signal: inner,
            onchange: () => {
              const left = drawers.find(({ id }) => id === Number(drawer.value))?.left_amount;
              amount.value = left === null || left === undefined ? "" : String(left);
              amount.dispatchEvent(new Event("blur"));
            },
          },
        );
        return [
          field({ label: t("till.drawer"), name: "drawer_id" }, drawer),
          field({ label: t("till.float"), name: "float_amount" }, amount),
          field({ label: t("till.note"), name: "note" }, input({ maxlength: 500 })),
        ];
      },
      send: async ({ drawer_id, float_amount, note = "" }, key) => {
        const body = { drawer_id: Number(drawer_id), float_amount: typedAmount(float_amount), note };
        await api.post("/api/shifts", {}, body, key);
        toast(t("till.opened"));
        done();
      },
    },
    signal,
  );

/** @param {ShiftDetail} shift @param {() => void} done @param {AbortSignal} signal */
export const moveCash = (shift, done, signal) =>
  formDialog(
    {
      title: t("till.move_title", { drawer: shift.drawer_name }),
      submit: t("action.save"),
      fields: (inner) => [
        h(
          "div",
          { class: "field-pair" },
          field(
            { label: t("field.kind"), name: "kind" },
            select(
              KINDS.map((value) => ({ value, label: t(`till.${value}`) })),
              "paid_out",
            ),
          ),
          field(
            { label: t("field.amount"), name: "amount" },
            amountInput(null, { signal: inner, autofocus: true, required: true }),
          ),
        ),
        field({ label: t("till.what_for"), name: "reason" }, input({ maxlength: 200 })),
      ],
      send: async ({ kind, amount, reason = "" }, key) => {
        const body = { kind: /** @type {(typeof KINDS)[number]} */ (kind), amount: typedAmount(amount), reason };
        await api.post("/api/shifts/{id}/movements", { id: shift.id }, body, key);
        done();
      },
    },
    signal,
  );

/** @param {ShiftDetail} shift @param {Colleague[]} colleagues @param {() => void} done @param {AbortSignal} signal */
export const closeShift = (shift, colleagues, done, signal) =>
  formDialog(
    {
      title: t("till.close_title", { drawer: shift.drawer_name }),
      submit: t("till.close"),
      intro: h("p", { class: "dialog-intro" }, t("till.close_text")),
      fields: (inner) => [
        field(
          { label: t("till.counted"), name: "amount" },
          amountInput(null, { signal: inner, autofocus: true, required: true }),
        ),
        pieces(inner),
        shift.foreign_currencies.map((currency) =>
          field(
            { label: t("till.counted_of", { currency }), name: `foreign_${currency}` },
            amountInput(null, { signal: inner, required: true }),
          ),
        ),
        colleagues.length > 0 &&
          field(
            { label: t("till.hand_over"), name: "hand_over_to", hint: t("till.hand_over_hint") },
            select(
              [
                { value: "", label: t("till.nobody") },
                ...colleagues.map(({ id, full_name }) => ({ value: String(id), label: full_name })),
              ],
              "",
            ),
          ),
        field({ label: t("till.note"), name: "note" }, input({ maxlength: 500 })),
      ],
      send: async ({ amount, note = "", hand_over_to, ...values }, key) => {
        const counted = denominations()
          .map((value) => ({ value, count: Number(values[`piece_${value}`] || 0) }))
          .filter(({ count }) => count > 0);
        const foreign = Object.entries(values)
          .filter(([name]) => name.startsWith("foreign_"))
          .map(([name, text]) => ({ currency: name.slice("foreign_".length), amount: typedAmount(text) }));
        const body = {
          counts: [{ amount: typedAmount(amount), pieces: counted }, ...foreign],
          note,
          ...(hand_over_to && { hand_over_to: Number(hand_over_to) }),
        };
        const closed = await api.post("/api/shifts/{id}/close", { id: shift.id }, body, key);
        done();
        told(closed, signal);
      },
    },
    signal,
  );

/** How many of each coin and note, which make the sum. @param {AbortSignal} signal */
function pieces(signal) {
  const values = denominations();
  if (!values.length) return false;
  const boxes = values.map((value) =>
    field(
      { label: formatMoney(value), name: `piece_${value}`, class: "till-piece" },
      input({ type: "number", min: 0, inputmode: "numeric", placeholder: "0" }),
    ),
  );
  const grid = h("div", { class: "till-pieces" }, boxes);
  grid.addEventListener(
    "input",
    () => {
      const counts = values.map((value, at) => value * Number(boxes[at]?.querySelector("input")?.value || 0));
      const total = grid.closest("form")?.elements.namedItem("amount");
      if (total instanceof HTMLInputElement) {
        total.value = String(sum(counts));
        total.dispatchEvent(new Event("blur"));
        total.dispatchEvent(new Event("input"));
      }
    },
    { signal },
  );
  return h("details", { class: "till-count" }, h("summary", {}, t("till.by_pieces")), grid);
}

/** What was counted against what should have been there: shown once it was counted. @param {ShiftDetail} closed @param {AbortSignal} signal */
function told(closed, signal) {
  if (closed.counts.every(({ difference }) => difference === 0)) {
    toast(t("till.closed_even", { drawer: closed.drawer_name }));
    return;
  }
  openDialog(
    { title: t("till.closed_title", { drawer: closed.drawer_name }) },
    (dialog) => [
      countLines(closed),
      h("p", { class: "dialog-intro till-told" }, t("till.difference_text")),
      h(
        "footer",
        { class: "dialog-foot" },
        button({ label: t("action.close"), look: "primary", signal: dialog.signal, onclick: dialog.leave }),
      ),
    ],
    signal,
  );
}

/** @param {Pick<ShiftDetail, "counts">} shift */
export const countLines = ({ counts }) =>
  h(
    "dl",
    { class: "sum-lines" },
    counts.map(({ currency, expected_amount, counted_amount, difference }) => [
      line(t("till.expected"), formatCurrency(expected_amount, currency)),
      counted_amount !== null && line(t("till.counted"), formatCurrency(counted_amount, currency)),
      line(differenceWords(difference), difference === null ? "?" : formatCurrency(Math.abs(difference), currency), "is-total"),
    ]),
  );

/** @param {string} words @param {string} value @param {string} [extra] */
const line = (words, value, extra = "") => h("div", { class: extra }, h("dt", {}, words), h("dd", { class: "amount" }, value));

/** @param {number | null} difference `null` = nobody has counted */
export const differenceWords = (difference) =>
  t(difference === null ? "till.not_counted" : difference === 0 ? "till.even" : difference < 0 ? "till.short" : "till.over");
