/**
 * The rate calendar: room types by the nights of a year. Builds only the days in sight and some beside them,
 * keeps what is chosen, and tells `wishes` what a person wants of it. Sends nothing itself.
 */
import { addDays, daysBetween, monthStart } from "../../dates.js";
import { closest, freshId, h, swap } from "../../dom.js";
import { formatAmount } from "../../format.js";
import { t } from "../../i18n.js";
import { LightElement } from "../element.js";
import { place } from "../popover.js";
import { dayHead, heldWords, monthHeads, priceCell, rowHead, soldCell } from "./cells.js";
import { attachKeys } from "./keys.js";
import { holds, means } from "./model.js";
import { attachPointer } from "./pointer.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").Area} Area */
/**
 * `chosen`: another area is chosen, or none, and whether it is still being dragged; `begin`: something is typed over it; `leave`: nothing of it is wanted.
 * @typedef {{ chosen: (area: Area | null, is_held: boolean) => void, begin: (text: string) => void, clear: () => void, leave: () => void,
 *   unfold: (type_id: number) => void, seen: (date: string) => void, paste: (text: string) => void }} Wishes
 */
/** @typedef {{ row: number, at: number }} Spot */

/** Days that are built on each side of those in sight. */
const BESIDE = 21;
const WEEK = 7;

export class RateCalendar extends LightElement {
  /** @type {Wishes} */
  wishes = { chosen: () => {}, begin: () => {}, clear: () => {}, leave: () => {}, unfold: () => {}, seen: () => {}, paste: () => {} };
  /** @type {Model | null} */
  model = null;
  may_change = true;
  /** @type {Area | null} */
  area = null;
  /** Days of the week that are kept of it. @type {Set<number> | null} */
  weekdays = null;
  /** @type {Spot} */
  cursor = { row: 0, at: 0 };

  #scroller = h("div", {
    class: "rates",
    role: "grid",
    tabindex: 0,
    "aria-label": t("calendar.title"),
    "aria-multiselectable": "true",
    "data-key": "rate-grid",
  });
  #stem = freshId("rate");
  /** @type {{ track: HTMLElement, make: (at: number) => HTMLElement }[]} */
  #tracks = [];
  /** @type {HTMLElement[]} */
  #rows = [];
  #from = 0;
  #to = 0;
  #label_px = 0;
  #day_px = 1;
  /** What cells will cost, by row and day. @type {Map<string, number>} */
  #foreseen = new Map();
  /** @type {Spot | null} */
  #anchor = null;
  #card = h("div", { class: "restriction-card", popover: "manual", "aria-hidden": "true" });

  /** @param {AbortSignal} signal */
  build(signal) {
    const help_id = freshId("rates-help");
    this.append(h("p", { class: "visually-hidden", id: help_id }, t(this.may_change ? "calendar.help" : "calendar.help_reading")), this.#scroller);
    this.#scroller.setAttribute("aria-describedby", help_id);
    this.#scroller.setAttribute("aria-readonly", String(!this.may_change));
    let frame = 0;
    const drawLater = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        if (!signal.aborted) this.#draw();
      });
    };
    this.#scroller.addEventListener(
      "scroll",
      () => {
        this.#card.remove();
        drawLater();
      },
      { signal, passive: true },
    );
    const size = new ResizeObserver(() => {
      this.#measure();
      drawLater();
    });
    size.observe(this.#scroller);
    signal.addEventListener("abort", () => size.disconnect(), { once: true });
    attachPointer(this, this.#scroller, signal);
    attachKeys(this, this.#scroller, signal);
    this.#attachCard(signal);
  }

  /** @param {Model} model */
  show(model) {
    const before = this.model;
    this.model = model;
    const widest = Math.max(...model.rows.flatMap(({ rates }) => rates).reduce(longest, [0]).map((rate) => formatAmount(rate).length), 5);
    this.#scroller.style.setProperty("--days", String(model.dates.length));
    this.#scroller.style.setProperty("--letters", String(widest));
    this.#scroller.setAttribute("aria-colcount", String(model.dates.length + 1));
    this.#scroller.setAttribute("aria-rowcount", String(model.rows.length + 1));
    const is_same_place = before?.from === model.from;
    const { scrollLeft, scrollTop } = this.#scroller;
    this.#build(model);
    this.#measure();
    if (is_same_place) this.#scroller.scrollTo(scrollLeft, scrollTop);
    const is_same_shape = is_same_place && before?.rows.map(({ key }) => key).join() === model.rows.map(({ key }) => key).join();
    if (!is_same_shape && before) this.#forget();
    this.cursor = { row: Math.min(this.cursor.row, model.rows.length - 1), at: Math.min(this.cursor.at, model.dates.length - 1) };
    this.#draw(true);
  }

  #unforesee() {
    if (this.#foreseen.size === 0) return;
    this.#foreseen.clear();
    this.#draw(true);
  }

  #forget() {
    this.#foreseen.clear();
    this.#anchor = null;
    if (!this.area) return;
    this.area = null;
    this.wishes.chosen(null, false);
  }

  /** What cells will cost; `null` = as they do. @param {Map<string, number> | null} prices by `${row}-${at}` */
  foresee(prices) {
    this.#foreseen = prices ?? new Map();
    this.#draw(true);
  }

  /** Brings a date to the beginning of what is in sight, and the cursor with it. @param {string} date */
  goTo(date) {
    if (!this.model) return;
    const at = Math.max(0, Math.min(this.model.dates.length - 1, daysBetween(this.model.from, date)));
    this.#scroller.scrollLeft = at * this.#day_px;
    this.cursor = { ...this.cursor, at };
    this.#draw();
    this.#paint();
  }

  /** Whether the date is among the nights that are there. @param {string} date */
  has(date) {
    return this.model !== null && date >= this.model.from && date <= (this.model.dates.at(-1) ?? "");
  }

  /** The first date in sight. */
  get firstSeen() {
    return addDays(this.model?.from ?? "2000-01-01", Math.max(0, Math.round(this.#scroller.scrollLeft / this.#day_px)));
  }

  focusGrid() {
    this.#scroller.focus({ preventScroll: true });
  }

  get hasFocus() {
    return document.activeElement === this.#scroller;
  }

  /** One cell, or from the one that was chosen first to this one. @param {Spot} spot @param {boolean} extends_it */
  choose(spot, extends_it) {
    if (!this.model) return;
    this.cursor = spot;
    if (!this.may_change) return this.#paint();
    if (!extends_it || !this.#anchor) this.#anchor = spot;
    const { row, at } = this.#anchor;
    this.area = {
      top: Math.min(row, spot.row),
      bottom: Math.max(row, spot.row),
      first: Math.min(at, spot.at),
      last: Math.max(at, spot.at),
    };
    this.#unforesee();
    this.#paint();
    this.wishes.chosen(this.area, this.isHeld);
  }

  /** Something is being dragged: nothing moves under it. */
  hold() {
    this.#card.remove();
    this.classList.add("is-dragging");
  }

  release() {
    this.classList.remove("is-dragging");
    this.wishes.chosen(this.area, false);
  }

  get isHeld() {
    return this.classList.contains("is-dragging");
  }

  /** Nothing is chosen any more. */
  leave() {
    this.#forget();
    this.#draw(true);
  }

  /** Where the cursor goes without choosing. @param {Spot} spot */
  moveTo(spot) {
    this.cursor = spot;
    this.#anchor = null;
    if (this.area) {
      this.#unforesee();
      this.area = null;
      this.wishes.chosen(null, false);
    }
    this.#paint();
    this.reveal();
  }

  /** Brings the cursor into sight. */
  reveal() {
    const row = this.#rows[this.cursor.row];
    if (!row) return;
    const { scrollLeft, clientWidth, scrollTop, clientHeight } = this.#scroller;
    const left = this.cursor.at * this.#day_px;
    const room = clientWidth - this.#label_px;
    if (left < scrollLeft) this.#scroller.scrollLeft = left;
    else if (left + this.#day_px > scrollLeft + room) this.#scroller.scrollLeft = left + this.#day_px - room;
    const head = this.#scroller.querySelector(".rates-head")?.clientHeight ?? 0;
    if (row.offsetTop - head < scrollTop) this.#scroller.scrollTop = row.offsetTop - head;
    else if (row.offsetTop + row.offsetHeight > scrollTop + clientHeight) this.#scroller.scrollTop = row.offsetTop + row.offsetHeight - clientHeight;
    this.#draw();
    this.#paint();
  }

  /** The cell under a point, or the nearest one. @param {number} x @param {number} y @returns {Spot | null} */
  spotAt(x, y) {
    if (!this.model || this.#rows.length === 0) return null;
    const box = this.#scroller.getBoundingClientRect();
    const exact = Math.floor((Math.max(x, box.left + this.#label_px) - box.left - this.#label_px + this.#scroller.scrollLeft) / this.#day_px);
    const boxes = this.#rows.map((row) => row.getBoundingClientRect());
    const below = boxes.findIndex(({ bottom }) => y < bottom);
    return { row: below < 0 ? boxes.length - 1 : below, at: Math.max(0, Math.min(this.model.dates.length - 1, exact)) };
  }

  /** Whether a cell is meant: in the area, of its plan, and on one of its days. @param {number} row @param {number} at */
  isChosen(row, at) {
    const { area, model } = this;
    return area !== null && model !== null && holds(area, row, at) && means(model, area, row) && this.#isKept(at);
  }

  /** @param {number} at */
  #isKept(at) {
    const day = (new Date(`${this.model?.dates[at]}T00:00:00Z`).getUTCDay() + 6) % WEEK;
    return this.weekdays === null || this.weekdays.has(day + 1);
  }

  /** Shows which days of the week are kept. @param {Set<number> | null} weekdays */
  keep(weekdays) {
    this.weekdays = weekdays;
    this.#paint();
  }

  #measure() {
    this.#label_px = this.#scroller.querySelector(".rates-corner")?.getBoundingClientRect().width ?? 0;
    const days = this.#scroller.querySelector(".rates-days")?.getBoundingClientRect().width ?? 0;
    this.#day_px = Math.max(1, days / Math.max(1, this.model?.dates.length ?? 1));
  }

  /** @param {Model} model */
  #build(model) {
    this.#from = this.#to = 0;
    this.#tracks = [];
    this.#rows = [];
    const track = (/** @type {string} */ looks, /** @type {(at: number) => HTMLElement} */ make) => {
      const element = h("div", { class: looks, role: "presentation" });
      this.#tracks.push({ track: element, make });
      return element;
    };
    const head = h(
      "div",
      { class: "rates-head", role: "rowgroup" },
      h("div", { class: "rates-months", "aria-hidden": "true" }, h("div", { class: "rates-corner" }), h("div", { class: "rates-track" }, monthHeads(model))),
      h(
        "div",
        { role: "row", class: "rates-row", "aria-rowindex": 1 },
        h("div", { role: "columnheader", class: "rates-corner", "aria-colindex": 1 }, t("field.room_type")),
        track("rates-track rates-days", (at) => dayHead(model, at)),
      ),
    );
    const body = h("div", { class: "rates-body", role: "rowgroup" });
    model.rows.forEach((one, row) => {
      const label = rowHead(model, row, this.signal, (id) => this.wishes.unfold(id));
      label.setAttribute("aria-colindex", "1");
      const cells = track("rates-track", (at) =>
        priceCell(model, row, at, { id: `${this.#stem}-${row}-${at}`, after: this.#foreseen.get(`${row}-${at}`) }),
      );
      const element = h("div", { role: "row", class: "rates-row rates-prices", "aria-rowindex": row + 2 }, label, cells);
      this.#rows.push(element);
      body.append(element);
      if (one.is_further) return;
      body.append(
        h(
          "div",
          { class: "rates-row rates-sold", "aria-hidden": "true" },
          h("div", { class: "rate-label" }, h("span", {}, t("calendar.sold_row")), h("span", { class: "only-wide" }, t("calendar.sold_days"))),
          track("rates-track", (at) => soldCell(model, row, at)),
        ),
      );
    });
    swap(this.#scroller, head, body);
  }

  /** Builds the days in sight, and lets go of those far from it. @param {boolean} [is_new] whether what is there is out of date */
  #draw(is_new = false) {
    if (!this.model) return;
    const { scrollLeft, clientWidth } = this.#scroller;
    const first = scrollLeft / this.#day_px;
    const seen = clientWidth / this.#day_px;
    const from = Math.max(0, Math.floor((first - BESIDE) / WEEK) * WEEK);
    const to = Math.min(this.model.dates.length, Math.ceil((first + seen + BESIDE) / WEEK) * WEEK);
    const has_moved = from !== this.#from || to !== this.#to;
    if (has_moved || is_new) {
      for (const { track, make } of this.#tracks) fill(track, make, from, to, is_new && !track.matches(".rates-days"));
      [this.#from, this.#to] = [from, to];
      this.#paint();
    }
    this.wishes.seen(this.firstSeen);
  }

  /** Marks what is chosen and where the cursor is. */
  #paint() {
    const { row: cursor_row, at: cursor_at } = this.cursor;
    this.#rows.forEach((element, row) => {
      for (const cell of element.querySelectorAll(".rate-cell")) {
        const at = Number(cell.getAttribute("data-at"));
        const is_chosen = this.isChosen(row, at);
        if (cell.classList.toggle("is-chosen", is_chosen)) cell.setAttribute("aria-selected", "true");
        else cell.removeAttribute("aria-selected");
        cell.classList.toggle("is-cursor", row === cursor_row && at === cursor_at);
      }
    });
    const id = `${this.#stem}-${cursor_row}-${cursor_at}`;
    if (document.getElementById(id)) this.#scroller.setAttribute("aria-activedescendant", id);
    else this.#scroller.removeAttribute("aria-activedescendant");
  }

  /** The whole words beside marks that are pointed at. @param {AbortSignal} signal */
  #attachCard(signal) {
    this.#scroller.addEventListener(
      "pointerover",
      (event) => {
        const cell = event.pointerType === "mouse" && !this.isHeld ? closest(event, ".rate-cell") : null;
        const row = cell ? this.#rows.findIndex((one) => one.contains(cell)) : -1;
        const run = this.model?.rows[row]?.held.get(Number(cell?.getAttribute("data-at")));
        if (!cell || !run) return this.#card.remove();
        swap(this.#card, heldWords(run).map((line) => h("p", {}, line)));
        this.append(this.#card);
        if (!this.#card.matches(":popover-open")) this.#card.showPopover();
        place(this.#card, cell.getBoundingClientRect());
      },
      { signal },
    );
    this.#scroller.addEventListener("pointerleave", () => this.#card.remove(), { signal });
  }

  /** The first day of the month so many months from a date. @param {string} date @param {number} months */
  static month(date, months) {
    let month = monthStart(date);
    for (let n = 0; n < Math.abs(months); n += 1) month = monthStart(addDays(month, months > 0 ? 31 : -1));
    return month;
  }
}
customElements.define("rate-calendar", RateCalendar);

/** Of prices the one that has the most figures. @param {number[]} most @param {number} rate */
const longest = ([most = 0], rate) => [Math.max(most, rate)];

/**
 * @param {HTMLElement} track
 * @param {(at: number) => HTMLElement} make
 * @param {number} from
 * @param {number} to
 * @param {boolean} is_new
 */
function fill(track, make, from, to, is_new) {
  const placeOf = (/** @type {Element} */ cell) => Number(cell.getAttribute("data-at"));
  if (is_new) track.replaceChildren();
  while (track.firstElementChild && placeOf(track.firstElementChild) < from) track.firstElementChild.remove();
  while (track.lastElementChild && placeOf(track.lastElementChild) >= to) track.lastElementChild.remove();
  const first = track.firstElementChild ? placeOf(track.firstElementChild) : to;
  const last = track.lastElementChild ? placeOf(track.lastElementChild) + 1 : to;
  const run = (/** @type {number} */ start, /** @type {number} */ end) => Array.from({ length: Math.max(0, end - start) }, (_, n) => make(start + n));
  track.prepend(...run(from, first));
  track.append(...run(last, to));
}
