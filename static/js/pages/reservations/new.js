/**
 * A new booking on one page: dates and people, a free room or several, a price per night, a guest.
 */
import { Problem, api } from "../../api.js";
import { bookingSources, ratePlans } from "../../choices.js";
import { addDays, daysBetween, isDate } from "../../dates.js";
import { typeFacts } from "../../day-facts.js";
import { debounce, h, swap } from "../../dom.js";
import { DateRange, dateInput } from "../../elements/date-field.js";
import { GuestPicker } from "../../elements/guest-picker.js";
import { pageHead } from "../../elements/page-head.js";
import { explain, isAborted } from "../../failure.js";
import { checkbox, field, formError, input, onSubmit, select, textarea } from "../../forms.js";
import { skeletonLines } from "../../fresh.js";
import { parseAmount } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { onChange } from "../../live.js";
import { may } from "../../places.js";
import { navigate } from "../../router.js";
import { businessDate } from "../../store.js";
import { agesField, arrivalField, lateMark, optionField, readAges } from "./arrival-fields.js";
import { bookingFor } from "./booking-for.js";
import { BookingPayment } from "./booking-payment.js";
import { BookingPrice } from "./booking-price.js";
import { typeChoice } from "./booking-types.js";
import { rateKindFields, readRateKind } from "./rate-kind-fields.js";
import { sendOrOverride } from "./override.js";

/** @typedef {import("innkeeper/api").AvailableType} Availability */
/** @typedef {import("innkeeper/api").BookingRequest} ReservationDraft */
/** What is wanted, as far as it is known. @typedef {{ check_in_date: string, check_out_date: string, adults: number, children: number, rooms: number, room_type_id: number, room_ids: number[], rate_plan_id: number, promo_code: string, company_id: number, group_id: number, source: string, children_ages: number[], cots: number, rate_kind: import("innkeeper/api").RateKind, is_split: boolean, small_type_id: number }} Wish */

const REST_MS = 120;
/** Whoever needs more has a group. */
const MOST_ROOMS = 20;

export const title = () => t("action.new_booking");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export async function render(params, signal) {
  const known_guest = params.guest_id
    ? await api.get("/api/guests/{id}", { id: Number(params.guest_id) }, signal).catch(() => null)
    : null;
  const booking = new Booking(firstWish(params), new GuestPicker(signal, known_guest), signal);
  return h("div", { class: "page page-booking" }, pageHead({ title: t("action.new_booking"), actions: [h("a", { class: "button", href: groupAddress(params), "data-key": "new-group" }, icon("group"), t("groups.new_or_block"))] }), booking.form);
}

/** A group of the dates that were asked for. @param {Record<string, string>} params */
const groupAddress = ({ check_in_date, check_out_date }) =>
  `/groups/new${check_in_date ? `?${new URLSearchParams({ check_in_date, ...(check_out_date && { check_out_date }) })}` : ""}`;

/** @param {Record<string, string>} params @returns {Wish} */
function firstWish(params) {
  const check_in_date = isDate(params.check_in_date ?? "") ? String(params.check_in_date) : businessDate();
  const asked_out = params.check_out_date ?? "";
  return {
    check_in_date,
    check_out_date: isDate(asked_out) && asked_out > check_in_date ? asked_out : addDays(check_in_date, 1),
    adults: Number(params.adults) || 2,
    children: Number(params.children) || 0,
    room_type_id: Number(params.room_type_id) || 0,
    // Of a party each room is a booking of its own, for as many people and at the same price.
    rooms: 1,
    room_ids: Number(params.room_id) ? [Number(params.room_id)] : [],
    rate_plan_id: 0,
    promo_code: "",
    company_id: 0,
    group_id: Number(params.group_id) || 0,
    source: "",
    children_ages: [],
    cots: 0,
    rate_kind: "paying",
    is_split: false,
    // A type that is too small, and chosen all the same.
    small_type_id: 0,
  };
}

class Booking {
  form = h("form", { class: "booking" });
  #wish;
  #guest;
  #signal;
  /** The children's, as typed. */
  #ages = "";
  #price;
  #payment;
  #stay = h("section", { class: "card" });
  #types = h(
    "div",
    { class: "type-list", role: "radiogroup", "aria-label": t("field.room"), "data-passing": true },
    skeletonLines(4),
  );
  /** What cancelling costs, and what is asked for before. */
  #terms = h("p", { class: "field-hint", role: "status" });
  #plan = select([], "", { "aria-label": t("field.rate_plan"), hidden: true });
  #promo = input({ "aria-label": t("field.promo_code"), placeholder: t("field.promo_code"), maxlength: 20, hidden: true });
  /** All that are sold; which of them fit is the server's to say. @type {import("innkeeper/api").RatePlanView[]} */
  #plans = [];
  #save_and_check_in = h(
    "button",
    { type: "submit", name: "then", value: "check_in", class: "button button-wide" },
    t("booking.save_and_check_in"),
  );
  /** @type {Availability[]} */
  #offers = [];
  /** Of what is asked for offers. */
  #turn = 0;
  /** Of the questions for terms. */
  #terms_turn = 0;
  /** What is asked of one room before the arrival. */
  #deposit = 0;
  /** Why nothing is offered, where the question was refused. */
  #refusal = "";

  /**
   * @param {Wish} wish
   * @param {GuestPicker} guest
   * @param {AbortSignal} signal
   */
  constructor(wish, guest, signal) {
    this.#wish = wish;
    this.#guest = guest;
    this.#signal = signal;
    this.#price = new BookingPrice(() => this.#explain(), signal);
    this.#payment = new BookingPayment(() => this.#price.total(), signal);
    this.#price.element.addEventListener("input", () => this.#offerDeposit(), { signal });
    this.#build();
    onSubmit(this.form, (values, key, submitter) => this.#save(values, key, submitter), signal);
    onChange(["reservations", "rooms", "rates", "room_types", "articles"], () => void this.#load(), signal);
    void this.#load();
  }

  #build() {
    this.#showStay();
    const source = select([{ value: "", label: "–" }], "", {});
    void bookingSources().then(
      (names) =>
        swap(
          source,
          h("option", { value: "" }, "–"),
          names.map((name) => h("option", { value: name }, name)),
        ),
      () => {},
    );
    source.addEventListener(
      "change",
      () => {
        this.#wish.source = source.value;
        void this.#load();
      },
      { signal: this.#signal },
    );
    void this.#offerPlans();
    const buyers = bookingFor(this.#wish, () => this.#plans, (change) => this.#change(change), this.#signal);
    swap(
      this.form,
      h(
        "div",
        { class: "booking-main stack" },
        this.#stay,
        h(
          "section",
          { class: "card" },
          h("header", { class: "card-head" }, h("h2", {}, t("field.room")), h("div", { class: "plan-choice" }, buyers, this.#promo, this.#plan)),
          this.#types,
        ),
        h(
          "section",
          { class: "card" },
          h("header", { class: "card-head" }, h("h2", {}, t("field.guest"))),
          h("div", { class: "card-body" }, this.#guest.element),
        ),
        h(
          "section",
          { class: "card" },
          h("header", { class: "card-head" }, h("h2", {}, t("booking.details"))),
          h(
            "div",
            { class: "card-body form" },
            h(
              "div",
              { class: "field-pair" },
              field({ label: t("field.source"), name: "source" }, source),
              arrivalField(),
            ),
            lateMark(),
            h(
              "div",
              { class: "field-pair" },
              field({ label: t("field.special_requests"), name: "special_requests" }, textarea({ rows: 2 })),
              field({ label: t("field.notes"), name: "notes" }, textarea({ rows: 2 })),
            ),
          ),
        ),
      ),
      h(
        "aside",
        { class: "card booking-summary" },
        h("header", { class: "card-head" }, h("h2", {}, t("booking.summary"))),
        h(
          "div",
          { class: "card-body form" },
          this.#price.element,
          this.#terms,
          this.#payment.element,
          rateKindFields({ rate_kind: "paying", rate_kind_reason: "" }, this.#signal, (rate_kind) => {
            this.#wish.rate_kind = rate_kind;
            void this.#load();
          }),
          this.#tentative(),
          formError(),
          h("button", { type: "submit", class: "button button-primary button-wide" }, t("booking.save")),
          this.#save_and_check_in,
        ),
      ),
    );
  }

  /** Until when the room is held is asked of a tentative booking alone. */
  #tentative() {
    const until = optionField();
    until.hidden = true;
    const mark = checkbox(t("booking.tentative"), "is_tentative");
    mark.addEventListener(
      "change",
      () => {
        until.hidden = !mark.querySelector("input")?.checked;
      },
      { signal: this.#signal },
    );
    return [mark, until];
  }

  /** What was chosen beside the rooms: other dates are shown as well. @param {Partial<Wish>} change */
  #change(change) {
    Object.assign(this.#wish, change);
    if (change.rate_plan_id) this.#plan.value = String(change.rate_plan_id);
    if (change.check_in_date) this.#showStay();
    void this.#load();
  }

  /** A hotel with one plan is not asked, nor for a code where no plan has one. */
  async #offerPlans() {
    this.#plans = await ratePlans().catch(() => []);
    this.#plan.hidden = this.#plans.length < 2;
    this.#promo.hidden = !this.#plans.some(({ promo_code }) => promo_code);
    swap(
      this.#plan,
      this.#plans.map(({ id, name }) => h("option", { value: id }, name)),
    );
    void this.#showPlans();
    this.#plan.addEventListener(
      "change",
      () => {
        this.#wish.rate_plan_id = Number(this.#plan.value);
        void this.#load();
      },
      { signal: this.#signal },
    );
    const load = debounce(() => void this.#load(), REST_MS, this.#signal);
    this.#promo.addEventListener(
      "input",
      () => {
        this.#wish.promo_code = this.#promo.value.trim();
        load();
      },
      { signal: this.#signal },
    );
  }

  /** What the server is asked about the wished stay. */
  #asked() {
    const { check_in_date, check_out_date, adults, children, children_ages, cots, promo_code, company_id, group_id, source } = this.#wish;
    const has_all = children_ages.length === children;
    return {
      check_in_date,
      check_out_date,
      adults,
      children,
      ...(has_all && children > 0 && { children_ages }),
      ...(cots > 0 && { cots }),
      ...(promo_code && { promo_code }),
      ...(company_id && { company_id }),
      ...(group_id && { group_id }),
      ...(source && { source }),
    };
  }

  /**
   * Offers the plans that fit the stay, and the one that is chosen: where it does not fit, its name is in the refusal.
   * Of the chosen one the terms.
   */
  async #showPlans() {
    const { room_type_id, rate_plan_id, rate_kind } = this.#wish;
    const mine = (this.#terms_turn += 1);
    // What was asked of another wish is not taken for this one.
    this.#tellTerms("", 0);
    if (!room_type_id) return;
    try {
      const { items } = await api.post("/api/quotes", {}, { ...this.#asked(), room_type_id });
      if (mine !== this.#terms_turn || this.#signal.aborted) return;
      const chosen = items.find((item) => item.rate_plan_id === (rate_plan_id || 1));
      if (chosen && rate_kind === "paying") this.#tellTerms(chosen.terms, chosen.deposit?.amount ?? 0);
      for (const option of this.#plan.options) {
        const is_fitting = items.some(({ rate_plan_id }) => rate_plan_id === Number(option.value));
        option.disabled = !is_fitting;
        option.hidden = !is_fitting && !option.selected;
      }
    } catch {
      // The list is only help: a plan that does not fit is refused by its name.
    }
  }

  /** @param {string} terms @param {number} deposit of one room */
  #tellTerms(terms, deposit) {
    this.#terms.textContent = terms;
    this.#deposit = deposit;
    this.#offerDeposit();
  }

  /** Of prices that were typed over nobody knows yet what is asked. */
  #offerDeposit() {
    const is_quoted = !this.#price.read().nightly;
    this.#payment.offerDeposit(is_quoted ? this.#deposit * this.#wish.rooms : 0);
  }

  async #explain() {
    const { room_type_id, rate_plan_id } = this.#wish;
    const asked = { ...this.#asked(), room_type_id, rate_plan_id: rate_plan_id || 1 };
    const { items } = await api.post("/api/quotes", {}, asked);
    return items[0]?.nights ?? [];
  }

  #showStay() {
    const { check_in_date, check_out_date, adults, children, rooms } = this.#wish;
    const facts = () => this.#facts();
    const check_in = dateInput({ value: check_in_date, required: true, facts });
    const check_out = dateInput({ value: check_out_date, required: true, facts });
    const nights = input({
      type: "number",
      min: 1,
      max: 365,
      value: daysBetween(check_in_date, check_out_date),
    });
    const room_count = input({ type: "number", min: 1, max: MOST_ROOMS, value: rooms });
    const adult_count = input({ type: "number", min: 1, max: 20, value: adults });
    const child_count = input({ type: "number", min: 0, max: 20, value: children });
    const cot_count = input({ type: "number", min: 0, max: 10, value: this.#wish.cots });
    const load = debounce(() => void this.#load(), REST_MS, this.#signal);
    new DateRange(check_in, check_out, { nights, least: 1, signal: this.#signal });
    const update = () => {
      if (!check_in.value) return;
      Object.assign(this.#wish, {
        check_in_date: check_in.value,
        check_out_date: check_out.value,
        rooms: Math.min(Math.max(Math.trunc(Number(room_count.value)), 1), MOST_ROOMS) || 1,
        adults: Number(adult_count.value) || 1,
        children: Number(child_count.value) || 0,
        cots: Number(child_count.value) > 0 ? Number(cot_count.value) || 0 : 0,
      });
      hint.hidden = this.#wish.rooms === 1;
      ages.hidden = cots.hidden = this.#wish.children === 0;
      load();
    };
    const hint = h("p", { class: "field-hint", role: "status", hidden: rooms === 1 }, t("booking.per_room"));
    const ages = agesField(readAges(this.#ages));
    const cots = field({ label: t("field.cots"), name: "cots", class: "field-narrow" }, cot_count);
    ages.hidden = cots.hidden = children === 0;
    ages.addEventListener(
      "input",
      () => {
        this.#ages = ages.querySelector("input")?.value ?? "";
        this.#wish.children_ages = readAges(this.#ages);
      },
      { signal: this.#signal },
    );
    const grid = h(
      "div",
      { class: "card-body stay-fields", "data-passing": true, signal: this.#signal, oninput: update },
      field({ label: t("field.arrival"), name: "check_in_date" }, check_in),
      field({ label: t("field.nights"), name: "nights", class: "field-narrow" }, nights),
      field({ label: t("field.departure"), name: "check_out_date" }, check_out),
      field({ label: t("word.rooms"), name: "more_rooms", class: "field-narrow" }, room_count),
      field({ label: t("field.adults"), name: "adults", class: "field-narrow" }, adult_count),
      field({ label: t("field.children"), name: "children", class: "field-narrow" }, child_count),
      cots,
      ages,
      hint,
    );
    swap(this.#stay, h("header", { class: "card-head" }, h("h2", {}, t("booking.stay"))), grid);
  }

  /** What the days of the chosen type cost, and how many rooms it has then. */
  #facts() {
    const { room_type_id: id, rate_plan_id, adults, children, children_ages } = this.#wish;
    return id ? typeFacts({ id, ...(rate_plan_id && { rate_plan_id }), adults, children, children_ages }) : null;
  }

  /** @param {Partial<Wish>} change */
  #choose(change) {
    const has_new_dates = (change.check_in_date ?? this.#wish.check_in_date) !== this.#wish.check_in_date;
    Object.assign(this.#wish, change);
    if (has_new_dates) {
      this.#showStay();
      void this.#load();
      return;
    }
    this.#settleChoice();
    this.#show();
    void this.#showPlans();
  }

  async #load() {
    if (!isDate(this.#wish.check_out_date)) return;
    const mine = (this.#turn += 1);
    try {
      const items = await this.#find();
      // Of several questions the last one counts, whichever is answered last.
      if (mine !== this.#turn) return;
      this.#refusal = "";
      this.#offers = items;
      this.#settleChoice();
      this.#show();
      void this.#showPlans();
    } catch (error) {
      if (isAborted(error) || mine !== this.#turn) return;
      // What was offered before is of another wish, and so are its prices.
      this.#refusal = explain(error);
      this.#offers = [];
      this.#show();
      void this.#showPlans();
    }
  }

  /** What can be had of the wished stay, or of one that differs in something. @type {import("./booking-types.js").Find} */
  async #find(change = {}) {
    const { rate_plan_id, rate_kind } = this.#wish;
    const { children_ages, ...asked } = this.#asked();
    const wished = {
      ...asked,
      ...(children_ages && { children_ages: children_ages.join(",") }),
      ...(rate_plan_id && { rate_plan_id }),
      ...(rate_kind !== "paying" && { rate_kind }),
      // Offered to those who may put more people into a room than it is for.
      ...(may("manage") && { too_small: true }),
      ...change,
    };
    return (await api.get("/api/rooms/available", wished, this.#signal)).items;
  }

  /** Keeps what was chosen while it can be had; otherwise takes the first type that has a room. */
  #settleChoice() {
    const wish = this.#wish;
    const of_room = this.#offers.find((offer) => offer.rooms.some(({ id }) => wish.room_ids.includes(id)));
    if (of_room) wish.room_type_id = of_room.room_type_id;
    if (wish.rooms > 1) wish.is_split = false;
    const can_be_had = (/** @type {Availability} */ offer) =>
      (offer.is_fitting || offer.room_type_id === wish.small_type_id) &&
      (offer.available_count >= wish.rooms || (wish.is_split && offer.split !== null));
    const chosen = this.#offers.find(
      (offer) => offer.room_type_id === wish.room_type_id && can_be_had(offer),
    );
    if (!chosen || chosen.available_count > 0) wish.is_split = false;
    const free_offers = this.#offers.filter((one) => one.is_fitting && one.available_count >= wish.rooms);
    // What is for sale comes before what would need a reason.
    const offer = chosen ?? free_offers.find(({ broken }) => broken.length === 0) ?? free_offers[0];
    wish.room_type_id = offer?.room_type_id ?? 0;
    const free = offer?.rooms ?? [];
    const kept = wish.room_ids.filter((id) => free.some((room) => room.id === id));
    // Whoever stands at the desk is given a room that is ready.
    const is_now = wish.check_in_date === businessDate() && !wish.is_split;
    const ready = free.filter(({ id, is_ready }) => is_now && is_ready && !kept.includes(id));
    wish.room_ids = [...kept, ...ready.map(({ id }) => id)].slice(0, wish.rooms);
  }

  #show() {
    const wish = this.#wish;
    swap(
      this.#types,
      this.#refusal
        ? h("p", { class: "card-body form-error", role: "alert" }, this.#refusal)
        : this.#offers.length === 0 && h("p", { class: "card-body muted" }, t("booking.no_type")),
      this.#offers.map((offer) =>
        typeChoice(offer, wish, (change) => this.#choose(change), (change) => this.#find(change), this.#signal),
      ),
    );
    const offer = this.#offers.find((one) => one.room_type_id === wish.room_type_id) ?? null;
    this.#price.show(offer, wish, this.#whyNone());
    this.#save_and_check_in.hidden = wish.check_in_date !== businessDate();
  }

  /** Why no room is chosen, where none can be. */
  #whyNone() {
    if (this.#refusal) return this.#refusal;
    if (this.#offers.length === 0) return t("booking.no_type");
    const { rooms } = this.#wish;
    if (this.#offers.some((one) => one.available_count >= rooms)) return t("booking.none_fitting");
    return t(rooms > 1 ? "booking.not_so_many" : "booking.nothing_free");
  }

  /** The rooms one after the other, when the stay changes rooms. */
  #parts() {
    const { is_split, room_type_id } = this.#wish;
    return (is_split && this.#offers.find((offer) => offer.room_type_id === room_type_id)?.split) || [];
  }

  #rooms() {
    const parts = this.#parts();
    if (parts.length > 0)
      return { parts: parts.map(({ from, to, room_id, room_type_id }) => ({ from, to, room_id, room_type_id })) };
    const { rooms, room_ids, room_type_id } = this.#wish;
    const [first, ...others] = Array.from({ length: rooms }, (_, i) => {
      const room_id = room_ids[i];
      return { ...(room_id ? { room_id } : { room_type_id }), ...this.#price.read() };
    });
    return { ...first, ...(others.length > 0 && { more_rooms: others }) };
  }

  /**
   * @param {Record<string, string>} values
   * @param {string} key
   * @param {HTMLElement | null} submitter
   */
  async #save(values, key, submitter) {
    const wish = this.#wish;
    // Before anything is saved: what is typed and cannot be read.
    const { pay_amount = "" } = values;
    const unreadable = this.#price.unreadable() ?? (pay_amount && parseAmount(pay_amount) === null && "pay_amount");
    if (unreadable) throw new Problem(422, { errors: [{ field: unreadable, message: t("error.amount") }] });
    if (!wish.room_type_id) throw new Problem(422, { detail: this.#whyNone() });
    /** @type {ReservationDraft} */
    const draft = {
      ...this.#guest.read(),
      ...this.#rooms(),
      check_in_date: wish.check_in_date,
      check_out_date: wish.check_out_date,
      adults: wish.adults,
      children: wish.children,
      ...(wish.children > 0 && { children_ages: readAges(this.#ages) }),
      ...(wish.cots > 0 && { cots: wish.cots }),
      ...(wish.rate_plan_id && { rate_plan_id: wish.rate_plan_id }),
      ...(wish.promo_code && { promo_code: wish.promo_code }),
      ...(wish.company_id && { company_id: wish.company_id }),
      ...(wish.group_id && { group_id: wish.group_id }),
      ...(values.source && { source: values.source }),
      ...(values.expected_arrival_time && { expected_arrival_time: values.expected_arrival_time }),
      ...(values.is_late_arrival && { is_late_arrival: true }),
      ...(values.notes && { notes: values.notes }),
      ...(values.special_requests && { special_requests: values.special_requests }),
      ...(wish.rate_kind !== "paying" && readRateKind(values)),
      ...(values.is_tentative && {
        status: /** @type {const} */ ("tentative"),
        ...(values.option_date && { option_date: values.option_date }),
      }),
      ...this.#price.read(),
      ...this.#payment.read(values, submitter),
      ...(values.then === "check_in" && { check_in: {} }),
    };
    await sendOrOverride((more, again) => this.#create(draft, more, again), key, this.#signal, this.form);
  }

  /**
   * The booking, its payment and the check-in together; where one cannot be done none is.
   * @param {ReservationDraft} draft
   * @param {import("./override.js").Override} more
   * @param {string} key
   */
  async #create(draft, { override_dirty, ...more }, key) {
    const check_in = draft.check_in && { ...draft.check_in, ...(override_dirty && { override_dirty }) };
    const saved = await api.post("/api/reservations", {}, { ...draft, ...more, ...(check_in && { check_in }) }, key);
    await navigate(`/reservations/${saved.id}?is_new=1`);
  }
}
