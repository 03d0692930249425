/**
 * Money taken with the booking: a deposit, or all of it at once.
 */
import { methodKinds, paymentMethods } from "../../choices.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { amountInput, field } from "../../forms.js";
import { formatAmount, parseAmount } from "../../format.js";
import { t } from "../../i18n.js";
import { Handed } from "../folio/handed.js";
import { methodChoice } from "../folio/payment.js";
import { Surplus } from "../folio/surplus.js";

export class BookingPayment {
  element;
  #signal;
  #total;
  #surplus;
  #amount;
  #deposit;
  /** @type {Handed | null} */
  #handed = null;

  /**
   * @param {() => number} total of the booking as it stands
   * @param {AbortSignal} signal
   */
  constructor(total, signal) {
    this.#total = total;
    this.#signal = signal;
    const methods = h("div", { class: "form", hidden: true });
    const showMethods = () => {
      methods.hidden = amount.value.trim() === "";
    };
    const amount = amountInput(null, { signal, placeholder: t("booking.pay_nothing"), oninput: showMethods });
    this.#surplus = new Surplus(amount, "taken", signal);
    this.#amount = amount;
    this.#deposit = h("div", { class: "booking-deposit", hidden: true });
    const all = button({
      label: t("booking.pay_all"),
      is_small: true,
      signal,
      onclick: () => this.#put(total()),
    });
    this.element = h(
      "div",
      { class: "booking-payment" },
      field({ label: t("booking.pay_now"), name: "pay_amount" }, amount),
      all,
      this.#deposit,
      this.#surplus.element,
      methods,
    );
    void Promise.all([paymentMethods({ with_vouchers: true }), methodKinds()]).then(
      ([names, kinds]) => {
        this.#handed = new Handed(amount, total, kinds, signal);
        swap(methods, methodChoice(names), this.#handed.element);
      },
      () => {},
    );
  }

  /** @param {number} amount */
  #put(amount) {
    this.#amount.value = formatAmount(amount);
    this.#amount.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** What the terms ask for before the arrival, with one click; nothing for 0. @param {number} amount */
  offerDeposit(amount) {
    this.#deposit.hidden = amount === 0;
    const words = t("booking.pay_deposit", { amount: formatAmount(amount) });
    swap(this.#deposit, button({ label: words, is_small: true, key: "deposit", signal: this.#signal, onclick: () => this.#put(amount) }));
  }

  /**
   * What is taken with the booking; nothing when the field is empty. More than the booking costs is asked about.
   * @param {Record<string, string>} values of the form
   * @param {HTMLElement | null} submitter
   * @returns {Pick<import("innkeeper/api").BookingRequest, "payment">}
   */
  read({ pay_amount = "", payment_method = "" }, submitter) {
    const amount = parseAmount(pay_amount);
    this.#surplus.check(amount, this.#total(), submitter);
    return pay_amount && amount !== null ? { payment: { ...(this.#handed?.read(amount) ?? { amount }), payment_method } } : {};
  }

  /** What is to be handed over, and what of it is change. */
  told() {
    return { taken: this.#handed?.taken() ?? 0, change: this.#handed?.change() ?? 0 };
  }
}
