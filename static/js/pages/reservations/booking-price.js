/**
 * The price of a booking night by night. What is typed over stays typed over while other things change.
 */
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { extraLines } from "../../elements/extras.js";
import { priceSteps } from "../../elements/price-steps.js";
import { explain, isAborted } from "../../failure.js";
import { amountInput } from "../../forms.js";
import { formatAmount, formatDate, formatDates, formatMoney, parseAmount, sum } from "../../format.js";
import { icon } from "../../icons.js";
import { lengthWords } from "../../elements/page-head.js";
import { daysBetween } from "../../dates.js";
import { t, tn } from "../../i18n.js";

/** @typedef {import("innkeeper/api").AvailableType} Availability */
/** @typedef {import("innkeeper/api").NightRate} NightRate */
/** @typedef {import("./new.js").Wish} Wish */

export class BookingPrice {
  element = h("div", { class: "booking-price" });
  #signal;
  #total = h("output", { class: "amount booking-total" });
  /** @type {Map<string, string>} what was typed, by night */
  #typed = new Map();
  #is_free = false;
  /** @type {NightRate[]} */
  #nightly = [];
  #rooms = 1;
  #of_rooms = h("p", { class: "sum-line muted", hidden: true });
  /** What the plan sells along. @type {import("innkeeper/api").ExtraView[]} */
  #extras = [];
  /** What taxes add to the prices as they are offered. */
  #added = 0;
  #taxes = h("p", { class: "sum-line muted", hidden: true });

  /** Asked for when it is unfolded, and again while it is open. */
  #why_lines = h("div", {});
  #why = h("details", { class: "price-why" }, h("summary", {}, t("price.why")), this.#why_lines);
  #explain;
  /** Of what is asked for the reasons. */
  #turn = 0;
  /** The reasons that stand there. */
  #told = "";

  /**
   * @param {() => Promise<import("innkeeper/api").ExplainedNight[]>} explain
   * @param {AbortSignal} signal
   */
  constructor(explain, signal) {
    this.#explain = explain;
    this.#signal = signal;
    this.#why.addEventListener("toggle", () => void this.#showWhy(), { signal });
  }

  async #showWhy() {
    const mine = (this.#turn += 1);
    if (!this.#why.open) return;
    try {
      const nights = await this.#explain();
      const told = JSON.stringify(nights);
      // Whoever reads them goes on reading where they are the same.
      if (mine !== this.#turn || told === this.#told) return;
      this.#told = told;
      swap(this.#why_lines, priceSteps(nights));
    } catch (error) {
      if (isAborted(error) || mine !== this.#turn) return;
      this.#told = "";
      swap(this.#why_lines, h("p", { class: "form-error", role: "alert" }, explain(error)));
    }
  }

  /**
   * @param {Availability | null} offer
   * @param {Wish} wish
   * @param {string} none why there is nothing to price
   */
  show(offer, wish, none) {
    this.#nightly = offer?.nightly ?? [];
    this.#added = offer?.added_amount ?? 0;
    this.#extras = offer?.extras ?? [];
    this.#is_free = wish.rate_kind !== "paying";
    this.#rooms = wish.rooms;
    if (!offer) return swap(this.element, h("p", { class: "muted summary-none" }, icon("bed"), h("span", {}, none)));
    swap(
      this.element,
      h(
        "p",
        { class: "summary-room" },
        h("strong", {}, offer.name),
        h("span", {}, roomWords(offer, wish)),
      ),
      h(
        "p",
        { class: "muted" },
        stayWords(wish),
      ),
      h(
        "div",
        { class: "price-nights" },
        this.#nightly.map((night) => this.#line(night)),
      ),
      this.#nightly.length > 1 && this.#typed.size > 0 && this.#sameForAll(offer, wish, none),
      this.#extras.length > 0 && extraLines(this.#extras),
      !this.#is_free && this.#why,
      this.#taxes,
      this.#of_rooms,
      h("p", { class: "sum-line" }, h("span", {}, t("word.total")), this.#total),
    );
    this.#showTotal();
    void this.#showWhy();
  }

  /** Of all rooms. */
  total() {
    return sum(Array.from({ length: this.#rooms }, () => this.#roomTotal()));
  }

  #roomTotal() {
    const { nightly } = this.read();
    const beside = this.#extras.filter(({ is_inside }) => !is_inside).map(({ amount }) => amount);
    return sum([...(nightly ?? this.#nightly).map(({ rate }) => rate), ...beside, nightly ? 0 : this.#added]);
  }

  /** Prices that were typed over; none when all are as offered. @returns {{ nightly?: NightRate[] }} */
  read() {
    if (this.#is_free) return {};
    const rates = this.#nightly.map(({ date, rate }) => ({
      date,
      rate: parseAmount(this.#typed.get(date) ?? "") ?? rate,
    }));
    const is_changed = rates.some(({ rate }, i) => rate !== this.#nightly[i]?.rate);
    return is_changed ? { nightly: rates } : {};
  }

  /** The night whose price nobody can read, if there is one. */
  unreadable() {
    if (this.#is_free) return undefined;
    return this.#nightly.find(({ date }) => {
      const text = this.#typed.get(date)?.trim();
      return text && parseAmount(text) === null;
    })?.date;
  }

  /** @param {NightRate} night */
  #line({ date, rate }) {
    const typed = this.#is_free ? null : parseAmount(this.#typed.get(date) ?? "");
    const control = amountInput(typed ?? rate, {
      signal: this.#signal,
      "aria-label": t("night.price_of", { date: formatDate(date, "weekday") }),
      "data-key": `price-${date}`,
      disabled: this.#is_free,
      oninput: () => {
        this.#typed.set(date, control.value);
        this.#showTotal();
      },
    });
    return h(
      "div",
      { class: "night-field", "data-field": date },
      h("span", {}, formatDate(date, "weekday")),
      control,
      h("p", { class: "field-error" }),
    );
  }

  /**
   * @param {Availability} offer
   * @param {Wish} wish
   * @param {string} none
   */
  #sameForAll(offer, wish, none) {
    const first = this.read().nightly?.[0]?.rate ?? this.#nightly[0]?.rate ?? 0;
    const takeFirst = () => {
      for (const { date } of this.#nightly) this.#typed.set(date, formatAmount(first));
      this.show(offer, wish, none);
    };
    return button({
      label: t("night.same_for_all"),
      look: "quiet",
      is_small: true,
      signal: this.#signal,
      onclick: takeFirst,
    });
  }

  #showTotal() {
    this.#total.textContent = formatMoney(this.total());
    this.#taxes.hidden = !this.#added;
    swap(
      this.#taxes,
      h("span", {}, t("taxes.title")),
      this.read().nightly ? t("night.taxes_follow") : formatAmount(this.#added),
    );
    const is_one = this.#rooms === 1;
    this.#of_rooms.hidden = is_one;
    if (is_one) return swap(this.#of_rooms);
    swap(this.#of_rooms, h("span", {}, tn("count.rooms", this.#rooms)), `× ${formatMoney(this.#roomTotal())}`);
  }
}

/** @param {Wish} wish */
function stayWords({ check_in_date, check_out_date }) {
  const nights = daysBetween(check_in_date, check_out_date);
  const days = formatDates(check_in_date, check_out_date, "weekday");
  return `${days} · ${lengthWords({ nights, is_day_use: nights === 0 })}`;
}

/**
 * @param {Availability} offer
 * @param {Wish} wish
 */
function roomWords(offer, wish) {
  if (wish.is_split && offer.split) return offer.split.map((part) => part.room_number).join(" → ");
  const chosen = offer.rooms.filter(({ id }) => wish.room_ids.includes(id)).map(({ room_number }) => room_number);
  if (wish.rooms > 1) return [tn("count.rooms", wish.rooms), chosen.join(", ")].filter(Boolean).join(": ");
  return chosen[0] ? t("room.number", { number: chosen[0] }) : t("booking.any_room");
}
