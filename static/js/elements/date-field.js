/**
 * A date, typed as people write it or chosen in the calendar. To forms and pages it is a control whose value is
 * `YYYY-MM-DD`, empty while what is typed is no date; its events come when there is a date to tell of, not with each key.
 */
import { addDays, daysBetween, isDate } from "../dates.js";
import { readDate, unreadable } from "../date-text.js";
import { freshId, h } from "../dom.js";
import { complain } from "../forms.js";
import { formatDate } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { businessDate } from "../store.js";
import { openCalendar } from "./date-calendar.js";
import { LightElement } from "./element.js";

/** @typedef {import("../types.js").DateText} DateText */
/** @typedef {import("../date-text.js").YearMeant} YearMeant */
/** What is told under the days from one to another. @typedef {(from: DateText, to: DateText, signal: AbortSignal) => Promise<Map<DateText, DayFacts>>} FactsOf */
/** @typedef {{ rate: number, left: number }} DayFacts */
/**
 * `facts` is asked when the calendar opens, and answers nothing where there is nothing to tell; `min` and `max` bound
 * the calendar alone: what is typed is the server's to refuse. `label` is for screen readers, where no label stands there.
 * `today` is another than the books' where what is asked for has to do with the calendar.
 * @typedef {{ value?: string, year?: YearMeant, today?: DateText, min?: DateText, max?: DateText, facts?: () => FactsOf | null,
 *   label?: string, key?: string, required?: boolean, autofocus?: boolean,
 *   signal?: AbortSignal, oninput?: () => void, onchange?: () => void }} DateOptions
 */

/** A whole date is told of as soon as it stands there. */
const IS_WHOLE = /^\s*\d{4}-\d{2}-\d{2}\s*$|\D\d{4}\s*$/;

export class DateField extends LightElement {
  static formAssociated = true;
  input = h("input", {
    type: "text",
    class: "input",
    autocomplete: "off",
    spellcheck: "false",
    role: "combobox",
    "aria-haspopup": "dialog",
    "aria-expanded": "false",
  });
  /** @type {DateRange | null} */
  range = null;
  /** @type {DateOptions} */
  options = {};
  #internals = this.attachInternals();
  /** Out of the way of the Tab key: from the field the arrow down opens the calendar. */
  #opener = h("button", { type: "button", class: "date-opener", tabindex: -1, "aria-label": t("date.open") }, icon("calendar"));
  /** The date that pages know of, and how it is written. */
  #told = "";
  #shown = "";

  /** @param {DateOptions} options */
  setUp(options) {
    const { value = "", label, key, required = false, autofocus = false, signal, oninput, onchange } = options;
    this.options = options;
    this.input.required = required;
    if (autofocus) this.input.setAttribute("autofocus", "");
    if (label) this.input.setAttribute("aria-label", label);
    // Among others in a bar it is no wider than it must be.
    if (label) this.classList.add("input-date");
    if (key) this.input.dataset.key = key;
    this.value = value;
    this.append(this.input, this.#opener);
    if (oninput) this.addEventListener("input", oninput, { signal });
    if (onchange) this.addEventListener("change", onchange, { signal });
  }

  /** @override @param {AbortSignal} signal */
  build(signal) {
    // What a page hears of is a date, and comes from this element: of half of one nobody hears.
    const hears = (/** @type {string} */ kind, /** @type {() => void} */ act) =>
      this.input.addEventListener(
        kind,
        (event) => {
          event.stopPropagation();
          act();
        },
        { signal },
      );
    hears("input", () => this.#read());
    hears("change", () => this.#settle());
    this.input.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#opener.addEventListener("click", () => this.#open(this.#opener), { signal });
    let is_first = false;
    this.input.addEventListener("focus", () => (is_first = true), { signal });
    // One press into the field, and what is typed takes the place of what stood there.
    this.input.addEventListener(
      "click",
      () => {
        if (is_first && this.input.selectionStart === this.input.selectionEnd) this.input.select();
        is_first = false;
      },
      { signal },
    );
  }

  get name() {
    return this.getAttribute("name") ?? "";
  }

  set name(name) {
    this.setAttribute("name", name);
  }

  get disabled() {
    return this.hasAttribute("disabled");
  }

  set disabled(is_disabled) {
    this.toggleAttribute("disabled", is_disabled);
  }

  /** By itself, or with the part of the form that it lies in. @param {boolean} is_disabled */
  formDisabledCallback(is_disabled) {
    this.input.disabled = this.#opener.disabled = is_disabled;
  }

  /** @returns {DateText | ""} */
  get value() {
    const text = this.input.value;
    return text === this.#shown ? this.#told : readDate(text, this.#ground());
  }

  set value(date) {
    this.#told = isDate(date) ? date : "";
    this.#shown = this.#told && this.write(this.#told);
    this.input.value = this.#shown;
    this.#hold();
  }

  /** As the hotel writes it. @param {DateText} date */
  write(date) {
    return formatDate(date, this.options.year === "typed" ? "year" : "list");
  }

  /** @override @param {FocusOptions} [options] */
  focus(options) {
    this.input.focus(options);
  }

  /** Chosen in the calendar. @param {DateText} date */
  choose(date) {
    this.input.value = this.write(date);
    this.#shown = this.input.value;
    const before = this.#told;
    this.#told = date;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    if (date !== before) this.#tell();
  }

  #ground() {
    const { year = "coming", today = businessDate() } = this.options;
    const from = this.range?.to === this ? this.range.from.value : "";
    return { today, base: from || today, year };
  }

  /** What forms send, and whether they may. */
  #hold() {
    const { value } = this;
    this.#internals.setFormValue(value);
    const is_none = this.input.value.trim() !== "" && !value;
    this.input.setCustomValidity(is_none ? unreadable(this.options.year ?? "coming", businessDate()) : "");
  }

  #read() {
    this.#hold();
    this.querySelector(".date-error")?.remove();
    const { value } = this;
    if (!value || value === this.#told || !IS_WHOLE.test(this.input.value)) return;
    this.#told = value;
    this.#shown = this.input.value;
    this.#tell();
  }

  /** The typing is over. */
  #settle() {
    const { value } = this;
    if (!value && this.input.value.trim()) return this.#complain();
    const is_new = value !== this.#told;
    this.value = value;
    if (is_new) this.#tell();
  }

  #tell() {
    for (const kind of ["input", "change"]) this.dispatchEvent(new Event(kind, { bubbles: true }));
  }

  #complain() {
    this.#hold();
    const holder = this.closest("[data-field]") ?? this;
    if (holder === this && !this.querySelector(".date-error")) {
      const id = freshId("date-error");
      this.append(h("p", { class: "field-error date-error", id }));
      this.input.setAttribute("aria-describedby", id);
    }
    holder.querySelector(".field-error")?.setAttribute("role", "alert");
    complain(holder, this.input.validationMessage);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "ArrowDown" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#open(this.input);
  }

  /** @param {HTMLElement} opener where the focus comes back to */
  #open(opener) {
    if (this.input.getAttribute("aria-expanded") === "true") return;
    // Whoever watches the typing knows by this what stood here before.
    this.input.focus({ preventScroll: true });
    openCalendar(this, opener, this.signal);
  }
}
customElements.define("date-field", DateField);

/** @param {DateOptions} [options] */
export function dateInput(options = {}) {
  const element = new DateField();
  element.setUp(options);
  return element;
}

/**
 * Two dates that belong together. Where the nights between them have a field, or the first overtakes the last, the
 * last goes with the first.
 */
export class DateRange {
  /**
   * @param {DateField} from
   * @param {DateField} to
   * @param {{ nights?: HTMLInputElement | null, least?: number, signal?: AbortSignal }} [options] `least`: so many days are between them
   */
  constructor(from, to, { nights = null, least = 0, signal } = {}) {
    this.from = from;
    this.to = to;
    this.nights = nights;
    this.least = least;
    from.range = to.range = this;
    let days = this.days();
    const settled = () => {
      if (!from.value || !to.value) return;
      days = this.days();
      if (nights) nights.value = days < 0 ? "" : String(days);
    };
    const follow = () => {
      const wanted = nights ? Number(nights.value) || Math.max(days, 0) : Math.max(days, least);
      const has_overtaken = to.value !== "" && this.days() < least;
      if (from.value && (nights || has_overtaken)) to.value = addDays(from.value, wanted);
    };
    from.addEventListener("input", () => (follow(), settled()), { signal });
    to.addEventListener("input", settled, { signal });
    nights?.addEventListener("input", () => Number(nights.value) > 0 && follow(), { signal });
  }

  /** From the first to the last; none where one is missing. */
  days() {
    const { from, to } = this;
    return from.value && to.value ? daysBetween(from.value, to.value) : this.least;
  }
}
