/**
 * The calendar of a date field: a sheet with two months, on a phone with one, that keyboard and screen reader walk
 * through as the date picker of the ARIA practices. It is built when it opens; what is told under the days comes when it comes.
 */
import { addDays, dateRange, daysBetween, isDate, monthEnd, monthStart, weekday } from "../dates.js";
import { closest, freshId, h, swap } from "../dom.js";
import { formatAmountTiny, formatDate, formatMoney, hotelDay, weekBegins } from "../format.js";
import { isAborted } from "../failure.js";
import { t, tn } from "../i18n.js";
import { businessDate } from "../store.js";
import { button } from "./button.js";
import { openPopover, place } from "./popover.js";

/** @typedef {import("../types.js").DateText} DateText */
/** @typedef {import("./date-field.js").DateField} DateField */
/** @typedef {import("./date-field.js").DayFacts} DayFacts */

/** So many rooms are few. */
const FEW = 3;
/** What a key moves by. @type {Record<string, [what: "days" | "months" | "week", by: number]>} */
const STEPS = {
  ArrowLeft: ["days", -1],
  ArrowRight: ["days", 1],
  ArrowUp: ["days", -7],
  ArrowDown: ["days", 7],
  PageUp: ["months", -1],
  PageDown: ["months", 1],
  Home: ["week", 0],
  End: ["week", 6],
};

/** What turns the months over. */
const TURNS = /** @type {const} */ ({
  year_before: { label: "«", by: -12 },
  month_before: { sign: "left", by: -1 },
  month_after: { sign: "right", by: 1 },
  year_after: { label: "»", by: 12 },
});

/**
 * @param {DateField} field
 * @param {HTMLElement} opener
 * @param {AbortSignal} signal
 */
export function openCalendar(field, opener, signal) {
  field.input.setAttribute("aria-expanded", "true");
  const popover = openPopover(
    opener,
    nameOf(field),
    ({ signal: life, close, element }) => new Calendar(field, { opener, close, sheet: element }, life).element,
    signal,
  );
  popover.element.classList.add("popover-calendar");
  popover.element.id = freshId("calendar");
  field.input.setAttribute("aria-controls", popover.element.id);
  place(popover.element, field.getBoundingClientRect());
  popover.signal.addEventListener("abort", () => {
    field.input.setAttribute("aria-expanded", "false");
    field.input.removeAttribute("aria-controls");
  });
}

/** What the field is called. @param {DateField} field */
const nameOf = ({ input }) => input.getAttribute("aria-label") ?? input.labels?.[0]?.textContent ?? "";

/** The same day of another month, or its last. @param {DateText} date @param {number} by */
function addMonths(date, by) {
  const months = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + by;
  const month = `${String(Math.floor(months / 12)).padStart(4, "0")}-${String((months % 12) + 1).padStart(2, "0")}`;
  const same = `${month}${date.slice(7)}`;
  return isDate(same) ? same : monthEnd(`${month}-01`);
}

class Calendar {
  element = h("div", { class: "calendar" });
  #opener;
  #close;
  #sheet;
  #signal;
  /** Whose date is chosen now; of a range, the first and then the last. */
  #field;
  /** Below which it opened. */
  #anchor;
  /** The day that the keys stand on, the one that the pointer is over, and the first month shown. @type {DateText} */
  #at;
  /** @type {DateText | ""} */
  #over = "";
  #top;
  #shown = matchMedia("(max-width: 700px)").matches ? 1 : 2;
  #week = weekBegins();
  #facts;
  /** @type {Map<DateText, DayFacts>} */
  #told = new Map();
  /** @type {Set<string>} the months that were asked for */
  #asked = new Set();
  #months = h("div", { class: "calendar-months" });
  #ends = h("p", { class: "calendar-ends" });
  #news = h("p", { class: "visually-hidden", role: "status" });

  /**
   * @param {DateField} field
   * @param {{ opener: HTMLElement, close: () => void, sheet: HTMLElement }} around
   * @param {AbortSignal} signal
   */
  constructor(field, { opener, close, sheet }, signal) {
    this.#field = this.#anchor = field;
    this.#opener = opener;
    this.#close = close;
    this.#sheet = sheet;
    this.#signal = signal;
    const { facts, max } = field.options;
    this.#facts = facts?.() ?? null;
    const nearest = field.value || field.range?.from.value || businessDate();
    this.#at = max && nearest > max ? max : nearest;
    this.#top = monthStart(field.range?.from.value || this.#at);
    this.element.classList.toggle("has-facts", this.#facts !== null);
    this.#build();
    this.#show();
  }

  #build() {
    const signal = this.#signal;
    const has_years = this.#field.options.year === "typed";
    const turn = (/** @type {keyof typeof TURNS} */ what) => {
      const { by, ...look } = TURNS[what];
      return button({ ...look, look: "quiet", extra: "button-icon", name: t(`date.${what}`), key: what, signal, onclick: () => this.#turn(by) });
    };
    swap(
      this.element,
      h(
        "div",
        { class: "calendar-turns" },
        h("div", {}, has_years && turn("year_before"), turn("month_before")),
        h("div", {}, turn("month_after"), has_years && turn("year_after")),
      ),
      this.#months,
      h(
        "div",
        { class: "calendar-foot" },
        this.#ends,
        button({ label: t("nav.today"), is_small: true, key: "today", signal, onclick: () => this.#move(businessDate()) }),
      ),
      this.#news,
    );
    this.element.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#months.addEventListener("click", (event) => this.#press(event), { signal });
    const hover = (/** @type {DateText | ""} */ date) => {
      if (date === this.#over) return;
      this.#over = date;
      this.#paint();
    };
    this.#months.addEventListener(
      "pointerover",
      (event) => hover(event.pointerType === "mouse" ? (closest(event, "[data-date]")?.dataset.date ?? "") : ""),
      { signal },
    );
    this.#months.addEventListener("pointerleave", () => hover(""), { signal });
  }

  /** The months anew; the focus stays with its day. */
  #show() {
    const months = Array.from({ length: this.#shown }, (_, i) => addMonths(this.#top, i));
    swap(this.#months, months.map((month) => this.#month(month)));
    this.#paint();
    void this.#ask(months);
  }

  /** @param {DateText} first of the month */
  #month(first) {
    const id = freshId("month");
    const start = addDays(first, -((weekday(first) - this.#week + 7) % 7));
    const weeks = Math.ceil((daysBetween(start, monthEnd(first)) + 1) / 7);
    const week = dateRange(start, 7);
    return h(
      "section",
      { class: "calendar-month" },
      h("p", { id, class: "calendar-title" }, formatDate(first, "month")),
      h(
        "table",
        { role: "grid", "aria-labelledby": id },
        h(
          "thead",
          {},
          h("tr", {}, week.map((day) => h("th", { scope: "col", abbr: formatDate(day, "weekday_long") }, formatDate(day, "letter")))),
        ),
        h(
          "tbody",
          {},
          Array.from({ length: weeks }, (_, row) =>
            h("tr", {}, dateRange(addDays(start, row * 7), 7).map((day) => (monthStart(day) === first ? this.#day(day) : h("td", {})))),
          ),
        ),
      ),
    );
  }

  /** @param {DateText} day */
  #day(day) {
    const is_at = day === this.#at;
    const marks = [day === businessDate() && "is-business", day === hotelDay() && "is-today", this.#isOut(day) && "is-out"];
    const cell = h("button", {
      type: "button",
      class: ["calendar-day", ...marks].filter(Boolean).join(" "),
      tabindex: is_at ? 0 : -1,
      autofocus: is_at,
      "data-date": day,
      "data-key": `day-${day}`,
      "aria-disabled": this.#isOut(day) && "true",
      "aria-current": day === businessDate() && "date",
    });
    this.#tell(cell, day);
    return h("td", { role: "gridcell" }, cell);
  }

  /** What is known of a day, in sight and in words. @param {HTMLElement} cell @param {DateText} day */
  #tell(cell, day) {
    const facts = this.#told.get(day);
    const is_full = facts?.left === 0;
    const is_few = facts !== undefined && !is_full && facts.left <= FEW;
    const words = [
      formatDate(day, "full"),
      day === businessDate() && t("field.business_date"),
      day === hotelDay() && t("nav.today"),
      facts && formatMoney(facts.rate),
      facts && (is_full ? t("date.full") : tn("date.left", facts.left)),
    ];
    const seen = (/** @type {string} */ name, /** @type {string} */ text) => h("span", { class: name, "aria-hidden": "true" }, text);
    cell.classList.toggle("is-full", is_full);
    swap(
      cell,
      h("span", { class: "visually-hidden" }, words.filter(Boolean).join(", ")),
      seen("day-number", String(Number(day.slice(8)))),
      facts && seen("day-price", is_full ? t("date.full") : formatAmountTiny(facts.rate)),
      facts && seen("day-left", is_few ? t("date.few", { count: facts.left }) : ""),
    );
  }

  /** @param {DateText[]} months */
  async #ask(months) {
    const today = businessDate();
    const [first = "", ...more] = months.filter((month) => !this.#asked.has(month) && monthEnd(month) >= today);
    if (!this.#facts || !first) return;
    for (const month of months) this.#asked.add(month);
    try {
      const found = await this.#facts(first < today ? today : first, monthEnd(more.at(-1) ?? first), this.#signal);
      for (const [day, facts] of found) {
        if (this.#told.has(day)) continue;
        this.#told.set(day, facts);
        const cell = this.#cell(day);
        if (cell) this.#tell(cell, day);
      }
    } catch (error) {
      // Prices are help only: dates are chosen without them too.
      if (!isAborted(error)) for (const month of months) this.#asked.delete(month);
    }
  }

  /** @param {DateText} day @returns {HTMLElement | null} */
  #cell(day) {
    return this.#months.querySelector(`[data-date="${day}"]`);
  }

  /** @param {DateText} day */
  #isOut(day) {
    const { range, options } = this.#field;
    const least = range?.to === this.#field && range.from.value ? addDays(range.from.value, range.least) : "";
    return day < (options.min ?? "") || day < least || (options.max !== undefined && day > options.max);
  }

  /** From which day to which it would be, were the one under the pointer chosen. @returns {[DateText | "", DateText | ""]} */
  #span() {
    const over = this.#over && !this.#isOut(this.#over) ? this.#over : "";
    const { range } = this.#field;
    if (!range) return [this.#field.value, this.#field.value];
    const [from, to] = [range.from.value, range.to.value];
    if (!over) return [from, to];
    if (this.#field === range.to) return [from, over];
    const days = Math.max(range.days(), range.least);
    return [over, range.nights || (to && to < addDays(over, range.least)) ? addDays(over, days) : to];
  }

  #paint() {
    const [from, to] = this.#span();
    const { range, value } = this.#field;
    const ends = range ? [range.from.value, range.to.value] : [value];
    for (const cell of this.#months.querySelectorAll("[data-date]")) {
      const day = /** @type {HTMLElement} */ (cell).dataset.date ?? "";
      const place = cell.parentElement;
      place?.classList.toggle("is-in", from !== "" && from <= day && day <= to);
      place?.classList.toggle("is-start", day === from);
      place?.classList.toggle("is-end", day === to);
      place?.setAttribute("aria-selected", String(ends.includes(day)));
    }
    swap(this.#ends, range && [this.#end(range.from, from), this.#end(range.to, to), this.#nights(from, to)]);
  }

  /** @param {DateField} field @param {DateText | ""} date */
  #end(field, date) {
    return h(
      "span",
      { class: field === this.#field ? "calendar-end is-picked" : "calendar-end" },
      h("span", {}, nameOf(field)),
      h("b", {}, date ? formatDate(date, "list") : "–"),
    );
  }

  /** @param {DateText | ""} from @param {DateText | ""} to */
  #nights(from, to) {
    const has_nights = this.#field.range?.nights && from && to;
    return has_nights ? h("span", { class: "calendar-nights" }, tn("count.nights", Math.max(daysBetween(from, to), 0))) : null;
  }

  /** @param {number} months */
  #turn(months) {
    this.#top = addMonths(this.#top, months);
    this.#at = addMonths(this.#at, months);
    this.#show();
    this.#settle();
  }

  /** Stands on another day, which is brought into sight. @param {DateText} day */
  #move(day) {
    if (!isDate(day)) return;
    this.#at = day;
    const last = monthEnd(addMonths(this.#top, this.#shown - 1));
    if (day < this.#top || day > last) {
      this.#top = day < this.#top ? monthStart(day) : addMonths(monthStart(day), 1 - this.#shown);
      this.#show();
      this.#settle();
    }
    for (const cell of this.#months.querySelectorAll("[data-date]"))
      cell.setAttribute("tabindex", cell === this.#cell(day) ? "0" : "-1");
    this.#cell(day)?.focus();
  }

  /** Other months are told of, and may need more room. */
  #settle() {
    place(this.#sheet, this.#anchor.getBoundingClientRect());
    this.#news.textContent = Array.from(this.#months.querySelectorAll(".calendar-title"), (head) => head.textContent).join(", ");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Tab") return this.#goRound(event);
    const step = STEPS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey || !closest(event, "[data-date]")) return;
    event.preventDefault();
    event.stopPropagation();
    const [what, by] = step;
    if (what === "months") this.#move(addMonths(this.#at, event.shiftKey ? by * 12 : by));
    else if (what === "days") this.#move(addDays(this.#at, by));
    else this.#move(addDays(this.#at, by - ((weekday(this.#at) - this.#week + 7) % 7)));
  }

  /** The Tab key stays in the calendar. @param {KeyboardEvent} event */
  #goRound(event) {
    const stops = [...this.element.querySelectorAll("button:not([tabindex='-1'])")];
    const at = stops.indexOf(/** @type {Element} */ (document.activeElement));
    const next = stops[(at + (event.shiftKey ? stops.length - 1 : 1)) % stops.length];
    event.preventDefault();
    if (next instanceof HTMLElement) next.focus();
  }

  /** @param {Event} event */
  #press(event) {
    const day = closest(event, "[data-date]")?.dataset.date;
    if (!day || this.#isOut(day)) return;
    const field = this.#field;
    field.choose(day);
    const { range } = field;
    if (range?.from === field) return this.#goOn(range.to, day);
    this.#close();
    const is_by_field = this.#opener.matches("input");
    if (is_by_field || !matchMedia("(pointer: coarse)").matches) field.focus();
    else this.#opener.focus();
  }

  /** After the first date of a range the last one is asked for. @param {DateField} to @param {DateText} day */
  #goOn(to, day) {
    this.#field = to;
    this.#sheet.setAttribute("aria-label", nameOf(to));
    this.#at = to.value || day;
    this.#over = "";
    const last = monthEnd(addMonths(this.#top, this.#shown - 1));
    if (this.#at > last || this.#at < this.#top) this.#at = day;
    this.#show();
    this.#cell(this.#at)?.focus();
    this.#news.textContent = nameOf(to);
  }
}
