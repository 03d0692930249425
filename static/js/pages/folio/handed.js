/**
 * How money is handed over: what cash was given and what is change, what the smallest coin makes of it, a tip, notes
 * of another currency, the code of a voucher.
 */
import { api } from "../../api.js";
import { h, swap } from "../../dom.js";
import { amountInput, field, input, typedAmount } from "../../forms.js";
import { formatMoney, fromMinor, parseAmount, parseDecimal, sum, toMinor } from "../../format.js";
import { t } from "../../i18n.js";
import { session } from "../../store.js";

/** @typedef {import("innkeeper/api").MethodView["kind"]} Kind */
/** @typedef {Pick<import("innkeeper/api").PaymentRequest, "tip_amount" | "given_amount" | "foreign" | "voucher_code">} Body */

export class Handed {
  element = h("div", { class: "handed" });
  #amount;
  /** @type {() => number} */
  #rest;
  #kinds;
  #tip;
  #given;
  #currency = input({ maxlength: 3, class: "input is-code" });
  #foreign;
  #rate = input({ inputmode: "decimal" });
  /** What is asked once there is a currency. @type {HTMLElement[]} */
  #of_currency;
  #told = h("p", { class: "handed-told", role: "status" });
  #cash;
  #code = input({ maxlength: 20, class: "input is-code" });
  #voucher = h("div", {}, field({ label: t("payment.voucher_code"), name: "voucher_code" }, this.#code));
  #notes;

  /**
   * @param {HTMLInputElement} amount what of the bill is paid
   * @param {() => number} rest what is to be paid of it
   * @param {Map<string, Kind>} kinds of the methods
   * @param {AbortSignal} signal
   */
  constructor(amount, rest, kinds, signal) {
    this.#amount = amount;
    this.#rest = rest;
    this.#kinds = kinds;
    this.#tip = amountInput(null, { signal });
    this.#given = amountInput(null, { signal });
    this.#foreign = amountInput(null, { signal });
    this.#cash = h(
      "div",
      { class: "handed-cash" },
      field({ label: t("payment.given"), name: "given_amount" }, this.#given),
      this.#told,
    );
    this.#of_currency = [
      field({ label: t("payment.foreign_amount"), name: "foreign.amount" }, this.#foreign),
      field({ label: t("payment.rate"), name: "foreign.rate" }, this.#rate),
    ];
    this.#notes = h(
      "div",
      { class: "field-trio", "data-field": "foreign" },
      field({ label: t("field.currency"), name: "foreign.currency" }, this.#currency),
      this.#of_currency,
      h("p", { class: "field-error" }),
    );
    this.#currency.addEventListener("input", () => void this.#offerRate(signal), { signal });
    swap(
      this.element,
      this.#cash,
      this.#voucher,
      h(
        "details",
        {},
        h("summary", {}, t("payment.more")),
        field({ label: t("payment.tip"), name: "tip_amount", hint: t("payment.tip_hint") }, this.#tip),
        this.#notes,
      ),
    );
    // The methods stand in the same form.
    queueMicrotask(() => {
      const form = amount.form;
      form?.addEventListener("input", () => this.#show(), { signal });
      form?.addEventListener("change", () => this.#show(), { signal });
      this.#show();
    });
  }

  get #kind() {
    const chosen = this.#amount.form?.querySelector("input[name=payment_method]:checked");
    return chosen instanceof HTMLInputElement ? this.#kinds.get(chosen.value) : undefined;
  }

  get #is_cash() {
    return this.#kind === "cash";
  }

  /** In cash the rest comes to the nearest coin. */
  #due() {
    const amount = parseAmount(this.#amount.value) ?? 0;
    const coin = toMinor(session.settings?.smallest_coin ?? 0);
    if (!this.#is_cash || coin < 2 || amount !== this.#rest()) return amount;
    return fromMinor(Math.round(toMinor(amount) / coin) * coin) || amount;
  }

  /** What was given, in the hotel's currency. */
  #worth() {
    const [foreign, rate] = [parseAmount(this.#foreign.value), parseDecimal(this.#rate.value)];
    return foreign && rate ? fromMinor(Math.round(toMinor(foreign * rate))) : parseAmount(this.#given.value);
  }

  #code_of_notes() {
    return this.#currency.value.trim().toUpperCase();
  }

  /** What one was taken for last in this shift, unless somebody has typed another. @param {AbortSignal} signal */
  async #offerRate(signal) {
    const code = this.#code_of_notes();
    if (code.length !== 3 || this.#rate.value.trim()) return;
    // It is only help.
    const now = await api.get("/api/shifts/current", {}, signal).catch(() => null);
    const rates = now?.shifts.flatMap(({ foreign_rates }) => foreign_rates) ?? [];
    const last = rates.find(({ currency }) => currency === code);
    if (!last || this.#rate.value.trim() || this.#code_of_notes() !== code) return;
    this.#rate.value = String(last.rate);
    this.#show();
  }

  #show() {
    const is_cash = this.#is_cash;
    this.#cash.hidden = !is_cash;
    this.#notes.hidden = !is_cash;
    const is_foreign = is_cash && this.#code_of_notes().length === 3;
    for (const one of this.#of_currency) one.hidden = !is_foreign;
    this.#foreign.required = is_foreign;
    this.#rate.required = is_foreign;
    this.#voucher.hidden = this.#kind !== "voucher";
    const [due, whole, given] = [this.#due(), this.taken(), this.#worth()];
    swap(
      this.#told,
      due !== parseAmount(this.#amount.value) && due > 0 && t("payment.in_cash", { amount: formatMoney(whole) }),
      given !== null && given >= whole && h("strong", {}, t("payment.change", { amount: formatMoney(sum([given, -whole])) })),
    );
  }

  /** What is to be handed over, the tip with it. */
  taken() {
    return sum([this.#due(), parseAmount(this.#tip.value) ?? 0]);
  }

  /** What is change, once it is paid. @param {number} [paid] */
  change(paid = this.taken()) {
    const given = this.#is_cash ? this.#worth() : null;
    return given === null ? 0 : sum([given, -paid]);
  }

  /** The whole amount, and what else the request says. @param {number} amount @returns {Body & { amount: number }} */
  read(amount) {
    const tip = this.#tip.value.trim() ? typedAmount(this.#tip.value) : 0;
    const is_cash = this.#is_cash;
    const foreign = is_cash && this.#currency.value.trim() !== "";
    return {
      amount: typeof tip === "number" && typeof amount === "number" ? sum([amount, tip]) : amount,
      ...(this.#kind === "voucher" && { voucher_code: this.#code.value.trim() }),
      ...(tip !== 0 && { tip_amount: tip }),
      ...(is_cash && !foreign && this.#given.value.trim() && { given_amount: typedAmount(this.#given.value) }),
      ...(foreign && {
        foreign: {
          currency: this.#code_of_notes(),
          amount: typedAmount(this.#foreign.value),
          rate: /** @type {number} */ (parseDecimal(this.#rate.value) ?? this.#rate.value),
        },
      }),
    };
  }
}
