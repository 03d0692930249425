/**
 * Securities, which are held apart from the bill: left, given back, kept for damage.
 */
import { api } from "../../api.js";
import { methodWords, paymentMethods } from "../../choices.js";
import { h } from "../../dom.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { amountInput, field, formDialog, input, typedAmount } from "../../forms.js";
import { formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { methodChoice } from "./payment.js";

/** @typedef {{ id: number, guest_name: string }} Stay */

/**
 * @param {Stay} stay
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export async function takeSecurity({ id, guest_name: guest }, done, signal) {
  const methods = await paymentMethods().catch((error) => showFailure(error));
  if (!methods || signal.aborted) return;
  formDialog(
    {
      title: t("security.take_title", { guest }),
      submit: t("security.take"),
      intro: h("p", { class: "dialog-intro" }, t("security.hint")),
      fields: (inner) => [
        field({ label: t("field.amount"), name: "amount" }, amountInput(null, { signal: inner, autofocus: true, required: true })),
        methodChoice(methods),
      ],
      send: async ({ amount, payment_method = "" }, key) => {
        await api.post("/api/reservations/{id}/security", { id }, { amount: typedAmount(amount), payment_method }, key);
        done();
        toast(t("security.taken", { amount: formatMoney(Number(typedAmount(amount))), guest }));
      },
    },
    signal,
  );
}

/**
 * A deposit goes back as it was paid, unless another way is chosen.
 * @param {Stay} stay
 * @param {number} held
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export async function giveBackDeposit({ id, guest_name: guest }, held, done, signal) {
  const methods = await paymentMethods().catch((error) => showFailure(error));
  if (!methods || signal.aborted) return;
  formDialog(
    {
      title: t("payment.deposit_return_title", { guest }),
      submit: t("payment.deposit_return"),
      fields: (inner) => [
        field({ label: t("field.amount"), name: "amount" }, amountInput(held, { signal: inner, autofocus: true })),
        methodChoice(methods, { legend: t("payment.refund_by"), as_paid: t("payment.deposit_as_paid"), chosen: "" }),
        field({ label: t("field.reason"), name: "reason" }, input({ required: true, maxlength: 200 })),
      ],
      send: async ({ amount, payment_method, reason = "" }, key) => {
        const body = { amount: typedAmount(amount), ...(payment_method && { payment_method }), reason };
        await api.post("/api/reservations/{id}/deposit/return", { id }, body, key);
        done();
        toast(t("payment.refunded", { amount: formatMoney(Number(typedAmount(amount))), guest, method: payment_method ? methodWords(payment_method) : t("payment.deposit_as_paid") }));
      },
    },
    signal,
  );
}

/**
 * @param {Stay} stay
 * @param {number} held
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function keepDeposit({ id, guest_name: guest }, held, done, signal) {
  formDialog(
    {
      title: t("payment.deposit_keep_title", { guest }),
      submit: t("payment.deposit_keep"),
      is_danger: true,
      intro: h("p", { class: "dialog-intro" }, t("payment.deposit_keep_text", { amount: formatMoney(held) })),
      fields: (inner) => [
        field({ label: t("field.amount"), name: "amount" }, amountInput(held, { signal: inner, autofocus: true })),
        field({ label: t("field.reason"), name: "reason" }, input({ required: true, maxlength: 200 })),
      ],
      send: async ({ amount, reason = "" }, key) => {
        await api.post("/api/reservations/{id}/deposit/keep", { id }, { amount: typedAmount(amount), reason }, key);
        done();
        toast(t("payment.deposit_kept", { amount: formatMoney(Number(typedAmount(amount))), guest }));
      },
    },
    signal,
  );
}

/**
 * @param {Stay} stay
 * @param {number} held
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export async function giveBackSecurity({ id, guest_name: guest }, held, done, signal) {
  const found = await Promise.all([api.get("/api/reservations/{id}/security", { id }, signal), paymentMethods()]).catch(showFailure);
  if (!found || signal.aborted) return;
  const [security, methods] = found;
  formDialog(
    {
      title: t("security.return_title", { guest }),
      submit: t("security.return"),
      fields: (inner) => [
        field({ label: t("field.amount"), name: "amount" }, amountInput(held, { signal: inner, autofocus: true })),
        methodChoice(methods, {
          legend: t("payment.refund_by"),
          as_paid: security.payment_methods.map(methodWords).join(", "),
        }),
        field({ label: t("field.reason"), name: "reason" }, input({ maxlength: 200 })),
      ],
      send: async ({ amount, payment_method, reason }, key) => {
        const body = { amount: typedAmount(amount), ...(payment_method && { payment_method }), ...(reason && { reason }) };
        await api.post("/api/reservations/{id}/security/return", { id }, body, key);
        done();
        toast(t("security.returned", { amount: formatMoney(Number(typedAmount(amount))), guest }));
      },
    },
    signal,
  );
}

/**
 * @param {Stay} stay
 * @param {number} held
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function keepSecurity({ id, guest_name: guest }, held, done, signal) {
  formDialog(
    {
      title: t("security.keep_title", { guest }),
      submit: t("security.keep"),
      is_danger: true,
      intro: h("p", { class: "dialog-intro" }, t("security.keep_text", { amount: formatMoney(held) })),
      fields: (inner) => [
        field({ label: t("field.amount"), name: "amount" }, amountInput(held, { signal: inner, autofocus: true })),
        field({ label: t("security.damage"), name: "reason" }, input({ required: true, maxlength: 200 })),
      ],
      send: async ({ amount, reason = "" }, key) => {
        await api.post("/api/reservations/{id}/security/keep", { id }, { amount: typedAmount(amount), reason }, key);
        done();
        toast(t("security.kept", { amount: formatMoney(Number(typedAmount(amount))), guest }));
      },
    },
    signal,
  );
}
