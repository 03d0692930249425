/**
 * Money taken with the booking: a deposit, or all of it at once.
 */
import { createPayment } from "../../calls.js";
import { paymentMethods } from "../../choices.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { amountInput, field } from "../../forms.js";
import { formatAmount, parseAmount } from "../../format.js";
import { t } from "../../i18n.js";
import { methodChoice } from "../folio/payment.js";

/** @typedef {import("../../types.js").ReservationDetail} ReservationDetail */

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
   * Takes what was typed; nothing when the field is empty.
   * @param {ReservationDetail} stay
   * @param {Record<string, string>} values of the form
   * @param {string} key
   */
  async take(stay, { pay_amount = "", payment_method }, key) {
    if (!pay_amount) return;
    const amount = parseAmount(pay_amount);
    const payment_type = amount === stay.total_amount ? "full" : "deposit";
    await createPayment({ reservation_id: stay.id, amount, payment_method, payment_type }, key);
  }
}
