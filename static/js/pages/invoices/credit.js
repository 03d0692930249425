/**
 * Taking an invoice back: all of it, some of its lines, or amounts of them.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { toast } from "../../elements/toast-list.js";
import { NotSent } from "../../failure.js";
import { amountInput, field, formDialog, input, typedAmount } from "../../forms.js";
import { formatMoney, sum } from "../../format.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").InvoiceDetail} Invoice */

/** @param {Invoice} invoice @param {() => void} done @param {AbortSignal} signal */
export function creditDialog(invoice, done, signal) {
  const left = (/** @type {Invoice["lines"][number]} */ line) => sum([line.amount, line.credited_amount]);
  formDialog(
    {
      title: t("invoices.credit_title", { number: invoice.number ?? "" }),
      submit: t("invoices.credit_submit"),
      is_wide: true,
      intro: h("p", { class: "dialog-intro" }, t("invoices.credit_text")),
      fields: (life) => [
        field({ label: t("field.reason"), name: "reason" }, input({ required: true, maxlength: 200, autofocus: true })),
        h(
          "fieldset",
          { class: "invoice-lines" },
          h("legend", {}, t("invoices.credit_lines")),
          invoice.lines
            .filter((line) => left(line) !== 0)
            .map((line) =>
              h(
                "div",
                { class: "invoice-line" },
                h("span", {}, line.description),
                h("span", { class: "amount" }, formatMoney(left(line))),
                amountInput(null, {
                  name: `line-${line.position}`,
                  "aria-label": t("invoices.credit_of", { line: line.description }),
                  signal: life,
                }),
              ),
            ),
        ),
      ],
      send: async ({ reason = "", ...typed }, key) => {
        const lines = invoice.lines.flatMap((line) => {
          const text = typed[`line-${line.position}`];
          return text ? [{ position: line.position, amount: typedAmount(text) }] : [];
        });
        const note = await api.post("/api/invoices/{id}/credit", { id: invoice.id }, { reason, lines }, key);
        if (!note) throw new NotSent();
        toast(t("invoices.issued", { number: note.number ?? "" }));
        done();
      },
    },
    signal,
  );
}
