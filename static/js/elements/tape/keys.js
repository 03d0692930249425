/**
 * The chart by keyboard: arrows walk over days and rooms, Enter opens a stay or books a free night,
 * Shift with arrows takes more nights, M picks a stay up: then arrows carry it, with Shift its departure
 * alone and with Ctrl its arrival alone. The focus is always on a real element.
 */
import { addDays, daysBetween } from "../../dates.js";
import { closest, h } from "../../dom.js";
import { formatDate } from "../../format.js";
import { t } from "../../i18n.js";
import { Ghost } from "./ghost.js";
import { conflictOf, isPast, movable, shifted, stayAt } from "./model.js";
import { stayKey } from "./rows.js";

/** @typedef {import("./tape-chart.js").TapeChart} TapeChart */
/** @typedef {import("./model.js").Row} Row */
/** @typedef {import("./model.js").Place} Place */
/** @typedef {import("innkeeper/api").ChartStay} ChartStay */

const PAGE_ROWS = 10;

export class KeyCursor {
  #chart;
  #cell = h("button", { type: "button", class: "tape-cursor" });
  /** @type {{ key: string, date: string, nights: number }} */
  #at = { key: "", date: "", nights: 1 };
  /** @type {{ stay: ChartStay, home: Row, place: Place, ghost: Ghost } | null} */
  #carried = null;

  /** @param {TapeChart} chart */
  constructor(chart) {
    this.#chart = chart;
  }

  /**
   * @param {HTMLElement} scroller
   * @param {AbortSignal} signal
   */
  attach(scroller, signal) {
    scroller.addEventListener("keydown", (event) => this.#key(event), { signal });
    scroller.addEventListener("focusin", (event) => this.#adopt(event), { signal });
    this.#cell.addEventListener("click", () => this.#book(), { signal });
  }

  /**
   * After the chart was drawn anew: one element of it stays reachable by Tab, the focus comes back.
   * @param {boolean} had whether the focus was here before
   */
  restore(had) {
    const { model } = this.#chart;
    if (!model?.rows.length) return;
    const had_focus = had || this.#is_waiting;
    this.#is_waiting = false;
    const row = this.#chart.rowOf(this.#at.key) ?? model.rows.find((one) => one.room) ?? model.rows[0];
    const date = model.dates.includes(this.#at.date)
      ? this.#at.date
      : model.dates.includes(model.business_date)
        ? model.business_date
        : model.from;
    if (!this.#carried) this.#place(row, date, had_focus);
  }

  #is_waiting = false;

  /**
   * @param {Row} row
   * @param {string} date
   */
  goTo(row, date) {
    const { model } = this.#chart;
    if (model) this.#place(row, model.dates.includes(date) ? date : model.from, true);
  }

  /** A bar that was focused by a click is where the arrows go on. @param {FocusEvent} event */
  #adopt(event) {
    const found = this.#chart.stayOf(closest(event, ".bar[data-stay]"));
    if (!found || !this.#chart.model) return;
    const from = found.stay.from < this.#chart.model.from ? this.#chart.model.from : found.stay.from;
    if (stayAt(found.row, this.#at.date) !== found.stay || this.#at.key !== found.row.key)
      this.#at = { key: found.row.key, date: from, nights: 1 };
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const is_edge = this.#carried !== null && event.key.startsWith("Arrow");
    if (event.metaKey || ((event.altKey || event.ctrlKey) && !is_edge)) return;
    const is_handled = this.#carried ? this.#carryKey(event) : this.#walkKey(event);
    if (!is_handled) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {KeyboardEvent} event */
  #walkKey(event) {
    const row = this.#chart.rowOf(this.#at.key);
    const { model } = this.#chart;
    if (!row || !model || !closest(event, ".bar, .tape-cursor")) return false;
    const stay = stayAt(row, this.#at.date);
    const index = model.rows.indexOf(row);
    const steps = { ArrowUp: -1, ArrowDown: 1, PageUp: -PAGE_ROWS, PageDown: PAGE_ROWS }[event.key];
    if (steps) {
      const next = Math.max(0, Math.min(model.rows.length - 1, index + steps));
      this.#place(model.rows[next], this.#at.date, true);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      if (event.shiftKey && !stay && this.#chart.may_change) this.#stretch(row, event.key === "ArrowRight" ? 1 : -1);
      else this.#step(row, stay, event.key === "ArrowRight");
    } else if (event.key === "Home") this.#place(row, model.from, true);
    else if (event.key === "End") this.#place(row, model.dates[model.days - 1] ?? model.from, true);
    else if (event.key === "Enter" && stay) this.#chart.wishes.open(stay);
    else if (event.key === "Enter" || event.key === " ") this.#book();
    else if (event.key.toLowerCase() === "m" && stay && this.#chart.may_change) this.#pickUp(stay, row);
    else return false;
    return true;
  }

  /**
   * Over a bar in one step, over free days one by one.
   * @param {Row} row
   * @param {ChartStay | undefined} stay
   * @param {boolean} is_forward
   */
  #step(row, stay, is_forward) {
    const { model } = this.#chart;
    if (!model) return;
    const date = stay
      ? is_forward
        ? stay.to
        : addDays(stay.from, -1)
      : addDays(this.#at.date, is_forward ? 1 : -1);
    if (model.dates.includes(date)) this.#place(row, date, true);
  }

  /**
   * @param {Row} row
   * @param {number} nights
   */
  #stretch(row, nights) {
    const wanted = Math.max(1, this.#at.nights + nights);
    const place = { row, from: this.#at.date, to: addDays(this.#at.date, wanted) };
    if (conflictOf(place, null)) return this.#chart.say(t("chart.no_more_nights"));
    this.#place(row, this.#at.date, true, wanted);
  }

  #book() {
    const row = this.#chart.rowOf(this.#at.key);
    if (!row?.room || !this.#chart.may_change || isPast(this.#chart, this.#at.date)) return;
    const place = { row, from: this.#at.date, to: addDays(this.#at.date, this.#at.nights) };
    if (!conflictOf(place, null)) this.#chart.wishes.create(place);
  }

  /**
   * Puts the cursor on a day of a row: on the bar that lies there, or on the free cell.
   * @param {Row} row
   * @param {string} date
   * @param {boolean} takes_focus
   * @param {number} [nights]
   */
  #place(row, date, takes_focus, nights = 1) {
    const track = this.#chart.trackOf(row);
    const { model } = this.#chart;
    if (!track || !model) return;
    this.#at = { key: row.key, date, nights };
    for (const old of this.#chart.querySelectorAll('.bar[tabindex="0"]')) old.setAttribute("tabindex", "-1");
    const stay = stayAt(row, date);
    const bar = stay && track.querySelector(`[data-stay="${CSS.escape(stayKey(stay))}"]`);
    /** @type {HTMLElement} */
    let target = this.#cell;
    if (bar instanceof HTMLElement) {
      this.#cell.remove();
      bar.setAttribute("tabindex", "0");
      target = bar;
    } else {
      const room = row.room ? t("room.number", { number: row.room.room_number }) : t("room.none");
      this.#cell.setAttribute(
        "aria-label",
        t(this.#chart.may_change ? "chart.cell" : "chart.cell_seen", {
          room,
          date: formatDate(date, "weekday"),
          nights,
        }),
      );
      this.#cell.style.setProperty("--at", String(daysBetween(model.from, date) + 0.5));
      this.#cell.style.setProperty("--span", String(nights));
      if (this.#cell.parentElement !== track) track.append(this.#cell);
    }
    if (!takes_focus) return;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /**
   * @param {ChartStay} stay
   * @param {Row} home
   */
  #pickUp(stay, home) {
    if (stay.status === "checked_out") return;
    const ghost = new Ghost(this.#chart, stay);
    const place = { row: home, from: stay.from, to: stay.to };
    this.#carried = { stay, home, place, ghost };
    this.#chart.hold("is-carrying");
    ghost.show(place);
    this.#chart.say(t("chart.picked_up", { guest: stay.guest_name }));
  }

  /** @param {KeyboardEvent} event */
  #carryKey(event) {
    const { model } = this.#chart;
    const carried = this.#carried;
    if (!carried || !model) return false;
    const { place, stay, home } = carried;
    const may_shift = stay.status !== "checked_in" && stay.starts_here && stay.ends_here;
    const days = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const steps = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const may_stretch = may_shift || place.row === home;
    if (days && (event.ctrlKey || event.altKey)) {
      if (may_stretch && stay.starts_here && stay.status !== "checked_in")
        this.#carry({ ...place, from: addDays(place.from, days) });
    } else if (days && event.shiftKey) {
      if (may_stretch && stay.ends_here) this.#carry({ ...place, to: addDays(place.to, days) });
    } else if (days) {
      if (may_shift) this.#carry({ ...place, ...shifted(place, days) });
    } else if (steps) {
      const row = model.rows[model.rows.indexOf(place.row) + steps] ?? place.row;
      const { from } = row === home ? stay : movable(stay, model.business_date);
      this.#carry({ row, from: may_shift ? place.from : from, to: place.to });
    } else if (event.key === "Escape") this.#letGo();
    else if (event.key === "Enter" || event.key === " ") void this.#drop();
    else return event.key !== "Tab";
    return true;
  }

  /** @param {Place} place */
  #carry(place) {
    if (!this.#carried || place.to <= place.from) return;
    this.#carried.place = place;
    this.#carried.ghost.show(place);
    this.#chart.trackOf(place.row)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  async #drop() {
    const carried = this.#carried;
    if (!carried || carried.ghost.is_refused) return;
    const { place, stay, home } = carried;
    const is_same = place.row === home && place.from === stay.from && place.to === stay.to;
    this.#is_waiting = true;
    this.#at = { key: is_same ? home.key : place.row.key, date: place.from, nights: 1 };
    this.#letGo();
    if (!is_same) await this.#chart.wishes.move(stay, place);
  }

  #letGo() {
    this.#carried?.ghost.remove();
    this.#carried = null;
    this.#chart.release();
  }
}
