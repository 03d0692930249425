/**
 * What is done with the nights that are chosen in the calendar: a price is typed, what changes is shown in their
 * cells, then it is saved as one change that can be undone.
 */
import { Problem, api } from "../../api.js";
import { addDays } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { chosenOf } from "../../elements/rate-calendar/model.js";
import { NotSent, isAborted, showFailure } from "../../failure.js";
import { clearErrors, formError, input, onSubmit, select, typedAmount } from "../../forms.js";
import { formatDate, formatDates, parsePercent } from "../../format.js";
import { t, tn } from "../../i18n.js";
import { forgetTyped } from "../../typed.js";
import { KINDS, summary, tellChanged } from "./change-prices.js";
import { MONDAY, WEEK } from "./nights-fields.js";

/** @typedef {import("../../elements/rate-calendar/rate-calendar.js").RateCalendar} RateCalendar */
/** @typedef {import("../../elements/rate-calendar/model.js").Area} Area */
/** @typedef {import("innkeeper/api").ChangedRateView} Changed */
/** @typedef {import("innkeeper/api").ChangeKind} Kind */
/** @typedef {import("innkeeper/api").RateChangesView} Told */
/** @typedef {{ from: string, to: string, weekdays: Set<number> | null }} Nights */

/** Those that need nothing typed. */
const WHOLE = ["last_year_by_weekday", "last_year_by_date", "clear"];

export class SelectionBar {
  #calendar;
  #done;
  #signal;
  /** @type {Area | null} */
  #area = null;
  /** @type {{ text: string, told: Told } | null} */
  #previewed = null;
  /** Whether the kind follows from what is typed. */
  #is_inferred = false;
  #turn = 0;
  #words = h("p", { class: "selection-words", role: "status" });
  #told = h("p", { class: "prices-told", role: "status" });
  #kind;
  #value;
  #days;
  #submit = h("button", { type: "submit", class: "button button-primary", "data-key": "selection-submit" }, t("calendar.preview"));
  #form;

  /**
   * @param {RateCalendar} calendar
   * @param {{ done: () => void, restrict: (nights: Nights & { types: number[] }) => void }} wishes
   * @param {AbortSignal} signal
   */
  constructor(calendar, { done, restrict }, signal) {
    this.#calendar = calendar;
    this.#done = done;
    this.#signal = signal;
    this.#kind = select(
      KINDS.map((value) => ({ value, label: t(`prices.by_${value}`) })),
      "set",
      { "aria-label": t("prices.how"), name: "kind", "data-key": "selection-kind", signal, onchange: () => this.#kindChosen() },
    );
    this.#value = input({
      name: "value",
      inputmode: "text",
      class: "input selection-value",
      "aria-label": t("calendar.value"),
      placeholder: t("calendar.value"),
      "data-key": "selection-value",
      signal,
      oninput: () => this.#typed(),
    });
    this.#days = h("div", { class: "selection-days", role: "group", "aria-label": t("prices.weekdays") }, WEEK.map((day) => this.#dayToggle(day)));
    this.#form = h(
      "form",
      {
        class: "selection-bar",
        "aria-label": t("calendar.selection"),
        hidden: true,
        signal,
        onkeydown: (/** @type {KeyboardEvent} */ event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          this.leave();
        },
      },
      h("div", { class: "selection-line" }, this.#words, this.#days),
      h(
        "div",
        { class: "selection-line" },
        this.#kind,
        this.#value,
        this.#submit,
        button({ label: t("restriction.set"), key: "selection-restrict", signal, onclick: () => restrict(this.#nights()) }),
        button({ label: t("action.cancel"), look: "quiet", key: "selection-leave", signal, onclick: () => this.leave() }),
      ),
      this.#told,
      formError(),
    );
    onSubmit(this.#form, (_, key) => this.#send(key), signal);
  }

  get element() {
    return this.#form;
  }

  /** @param {Area | null} area */
  choose(area) {
    const had = this.#area !== null;
    this.#area = area;
    this.#unpreview();
    clearErrors(this.#form);
    this.#form.hidden = area === null;
    if (!area) return forgetTyped(this.#form);
    if (!had) {
      this.#value.value = "";
      this.#kind.value = "set";
      this.#showDays(null);
      this.#kindShown();
    }
    this.#days.hidden = area.first === area.last;
    if (this.#days.hidden) this.#showDays(null);
    this.#say();
  }

  /** What is typed over the cells begins it. @param {string} text */
  begin(text) {
    if (text) {
      this.#kind.value = "set";
      this.#kindShown();
      this.#value.value = text.replace("−", "-");
      this.#value.focus();
      this.#value.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (this.#value.hidden) this.#kind.focus();
    else {
      this.#value.focus();
      this.#value.select();
    }
  }

  /** Takes the own prices away, once it is told what that means. */
  clear() {
    this.#kind.value = "clear";
    this.#kindChosen();
    this.#submit.focus();
  }

  /** Nothing is changed, nothing is chosen any more. */
  leave() {
    forgetTyped(this.#form);
    const had_focus = this.#form.contains(document.activeElement);
    this.#calendar.leave();
    if (had_focus) this.#calendar.focusGrid();
  }

  /** The prices were read anew: what was told is told again, and what is another now is said. */
  async refreshed() {
    const before = this.#previewed;
    if (!before) return;
    try {
      const told = await this.#preview();
      if (told && told.state !== before.told.state) this.#told.prepend(h("span", { class: "told-again" }, t("calendar.changed_meanwhile"), " "));
    } catch (error) {
      if (!isAborted(error)) showFailure(error);
    }
  }

  #model() {
    const model = this.#calendar.model;
    if (!model || !this.#area) throw new Error("Nothing is chosen.");
    return { model, area: this.#area };
  }

  #nights() {
    const { model, area } = this.#model();
    const { types } = chosenOf(model, area);
    return { from: model.dates[area.first] ?? "", to: model.dates[area.last] ?? "", weekdays: this.#calendar.weekdays, types: types.map(({ id }) => id) };
  }

  /** "3 room types, 24 – 26 Dec: 9 prices". */
  #say() {
    const { model, area } = this.#model();
    const { types, plans } = chosenOf(model, area);
    const { from, to } = this.#nights();
    let count = 0;
    for (let row = area.top; row <= area.bottom; row += 1)
      for (let at = area.first; at <= area.last; at += 1) if (this.#calendar.isChosen(row, at)) count += 1;
    const of = types.length > 1 ? tn("calendar.types", types.length) : (types[0]?.name ?? "");
    const under = plans.length > 1 ? tn("calendar.plans", plans.length) : plans[0] === model.chosen ? "" : (plans[0]?.name ?? "");
    swap(
      this.#words,
      h("b", {}, [of, under].filter(Boolean).join(", ")),
      " · ",
      from === to ? formatDate(from, "weekday") : formatDates(from, to),
      count > 1 && h("span", { class: "muted" }, ` · ${tn("calendar.prices", count)}`),
      count === 1 && h("span", { class: "muted only-touch" }, ` ${t("calendar.tap_hint")}`),
    );
  }

  /** @param {number} day */
  #dayToggle(day) {
    const toggle = h(
      "button",
      {
        type: "button",
        class: "day-toggle",
        "aria-pressed": "true",
        "data-key": `selection-day-${day}`,
        signal: this.#signal,
        onclick: () => {
          const now = this.#calendar.weekdays ?? new Set(WEEK);
          // The first one that is pressed is the one that is meant; the others are added to it.
          const next = now.size === WEEK.length ? new Set([day]) : new Set(now);
          if (now.size < WEEK.length) next.has(day) ? next.delete(day) : next.add(day);
          this.#showDays(next.size === 0 || next.size === WEEK.length ? null : next);
          const has_told = this.#previewed !== null;
          this.#unpreview();
          this.#say();
          if (has_told) void this.#tell();
        },
      },
      formatDate(addDays(MONDAY, day - 1), "letter"),
    );
    return toggle;
  }

  /** @param {Set<number> | null} days */
  #showDays(days) {
    this.#calendar.keep(days);
    [...this.#days.children].forEach((toggle, at) => toggle.setAttribute("aria-pressed", String(days === null || days.has(at + 1))));
  }

  #kindShown() {
    this.#value.hidden = WHOLE.includes(this.#kind.value);
  }

  #kindChosen() {
    this.#is_inferred = false;
    this.#kindShown();
    this.#unpreview();
    if (this.#value.hidden) void this.#tell();
  }

  /** "+10%" is by percent and "-50" by an amount, whatever is chosen. */
  #typed() {
    const text = this.#value.value.trim();
    const meant = text.endsWith("%") ? "percent" : /^[+\-−]/.test(text) && (this.#is_inferred || this.#kind.value === "set") ? "amount" : "";
    if (meant && meant !== this.#kind.value) {
      this.#kind.value = meant;
      this.#is_inferred = true;
    } else if (!meant && this.#is_inferred) {
      // The sign is gone, and with it what it said.
      this.#kind.value = "set";
      this.#is_inferred = false;
    }
    this.#unpreview();
  }

  #unpreview() {
    this.#turn += 1;
    if (this.#previewed) this.#calendar.foresee(null);
    this.#previewed = null;
    swap(this.#told);
    this.#submit.textContent = t("calendar.preview");
  }

  #body() {
    const { model, area } = this.#model();
    const { plans, types } = chosenOf(model, area);
    const { from, to, weekdays } = this.#nights();
    const kind = /** @type {Kind} */ (this.#kind.value);
    const text = this.#value.value.trim().replace(/^\+/, "").replace("−", "-");
    return {
      plan_id: plans[0]?.id ?? 1,
      body: {
        room_type_ids: types.map(({ id }) => id),
        ...(plans.length > 1 && { further_plan_ids: plans.slice(1).map(({ id }) => id) }),
        from,
        to,
        ...(weekdays && { weekdays: [...weekdays].sort() }),
        kind,
        ...(kind === "percent" && text && { percent: /** @type {number} */ (parsePercent(text) ?? text) }),
        ...(kind === "amount" && text && { amount: typedAmount(text) }),
        ...(kind === "set" && text && { rate: typedAmount(text) }),
      },
    };
  }

  /** What would change, in its cells; `null` where something else is asked since. */
  async #preview() {
    const { plan_id, body } = this.#body();
    const mine = (this.#turn += 1);
    const told = await api.post("/api/rate-plans/{id}/rate-changes/preview", { id: plan_id }, body);
    if (mine !== this.#turn || this.#signal.aborted) return null;
    const { model } = this.#model();
    const rows = new Map(model.rows.map(({ key }, row) => [key, row]));
    const places = new Map(model.dates.map((date, at) => [date, at]));
    this.#calendar.foresee(
      new Map(told.items.map((one) => [`${rows.get(`${one.room_type_id}-${one.rate_plan_id}`)}-${places.get(one.date)}`, one.after])),
    );
    this.#previewed = { text: JSON.stringify(body), told };
    swap(this.#told, summary(told.items));
    this.#submit.textContent = t(told.items.length ? "action.save" : "calendar.preview");
    return told;
  }

  /** Tells it by itself, where nothing has to be typed. */
  async #tell() {
    try {
      await this.#preview();
    } catch (error) {
      showFailure(error);
    }
  }

  /** The first time it is told, the second time done. @param {string} key */
  async #send(key) {
    const { plan_id, body } = this.#body();
    const previewed = this.#previewed;
    if (!previewed || previewed.text !== JSON.stringify(body) || previewed.told.items.length === 0) {
      await this.#preview();
      throw new NotSent();
    }
    try {
      const { items } = await api.post("/api/rate-plans/{id}/rate-changes", { id: plan_id }, { ...body, expects: previewed.told.state }, key);
      tellChanged(items, this.#done);
    } catch (error) {
      // Another desk was faster: what stands there now is shown first.
      if (error instanceof Problem && error.code === "stale-version") await this.#preview();
      throw error;
    }
    this.leave();
    this.#calendar.focusGrid();
    this.#done();
  }
}
