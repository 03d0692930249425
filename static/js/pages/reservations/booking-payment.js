/**
 * Money taken with the booking: a deposit, or all of it at once.
 */
import { paymentMethods } from "../../choices.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { amountInput, field } from "../../forms.js";
import { formatAmount, parseAmount } from "../../format.js";
import { t } from "../../i18n.js";
import { methodChoice } from "../folio/payment.js";

export class BookingPayment {
  element;

  /**
   * @param {() => number} total of the booking as it stands
   * @param {AbortSignal} signal
   */
  constructor(total, signal) {
    const methods = h("div", { hidden: true });
    const showMethods = () => {
      methods.hidden = amount.value.trim() === "";
    };
    const amount = amountInput(null, { signal, placeholder: t("booking.pay_nothing"), oninput: showMethods });
    const all = button({
      label: t("booking.pay_all"),
      is_small: true,
      signal,
      onclick: () => {
        amount.value = formatAmount(total());
        showMethods();
      },
    });
    this.element = h(
      "div",
      { class: "booking-payment" },
      field({ label: t("booking.pay_now"), name: "pay_amount" }, amount),
      all,
      methods,
    );
    void paymentMethods().then(
      (names) => swap(methods, methodChoice(names)),
      () => {},
    );
  }

  /**
   * What is taken with the booking; nothing when the field is empty.
   * @param {Record<string, string>} values of the form
   * @returns {Pick<import("../../types.js").ReservationDraft, "payment">}
   */
  read({ pay_amount = "", payment_method = "" }) {
    const amount = parseAmount(pay_amount);
    return pay_amount && amount !== null ? { payment: { amount, payment_method } } : {};
  }
}
