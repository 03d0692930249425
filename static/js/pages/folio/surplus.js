/**
 * A zero too many is typed in a moment: before more money is taken than is due, or given back than is
 * owed, that is asked about once, where it was typed.
 */
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { NotSent } from "../../failure.js";
import { formatMoney, sum } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";

/** @typedef {import("../../i18n.js").Key} Key */

export class Surplus {
  element = h("div", { class: "surplus", role: "alert" });
  #control;
  #words;
  #signal;
  #asking = new AbortController();
  /** What somebody has said yes to. @type {number | null} */
  #accepted = null;

  /**
   * @param {HTMLInputElement} control in which the amount is typed
   * @param {"taken" | "refunded"} what
   * @param {AbortSignal} signal
   */
  constructor(control, what, signal) {
    this.#control = control;
    this.#words = WORDS[what];
    this.#signal = signal;
    control.addEventListener("input", () => this.#clear(), { signal });
  }

  /**
   * Lets what is not too much pass, and what was said yes to; stops all else with a question.
   * @param {unknown} amount as it is about to be sent
   * @param {number} most
   * @param {HTMLElement | null} submitter what sends the form, which the answer sends again
   */
  check(amount, most, submitter) {
    if (typeof amount !== "number" || amount <= Math.max(most, 0) || amount === this.#accepted) return this.#clear();
    const surplus = formatMoney(sum([amount, -Math.max(most, 0)]));
    const words = { amount: formatMoney(amount), surplus };
    swap(
      this.element,
      h("p", { class: "with-icon" }, icon("warning"), t(most > 0 ? this.#words.more : this.#words.nothing, words)),
      // Not what Enter in the field presses: a key held down too long is no answer.
      button({
        label: t(this.#words.yes, words),
        is_small: true,
        signal: this.#signal,
        onclick: () => {
          this.#accepted = amount;
          this.#control.focus();
          this.#control.form?.requestSubmit(submitter);
        },
      }),
    );
    this.#asking.abort();
    this.#asking = new AbortController();
    // What stands below has moved down: the second half of a double click is meant for none of it.
    for (const kind of /** @type {const} */ (["mousedown", "click"]))
      this.#control.form?.addEventListener(kind, dropSecond, { capture: true, signal: this.#asking.signal });
    this.#control.focus();
    this.#control.select();
    throw new NotSent();
  }

  #clear() {
    this.#asking.abort();
    swap(this.element);
  }
}

/** @param {MouseEvent} event */
function dropSecond(event) {
  if (event.detail < 2) return;
  event.preventDefault();
  event.stopPropagation();
}

/** @type {Record<"taken" | "refunded", { more: Key, nothing: Key, yes: Key }>} */
const WORDS = {
  taken: { more: "payment.surplus", nothing: "payment.surplus_all", yes: "payment.surplus_take" },
  refunded: { more: "payment.refund_surplus", nothing: "payment.nothing_owed", yes: "payment.refund_surplus_give" },
};
