/**
 * The outline that shows where a stay would lie, what that changes in money, and why it may not.
 */
import { debounce, h, swap } from "../../dom.js";
import { formatDates } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { conflictOf, extent, isPast } from "./model.js";

/** @typedef {import("./model.js").Place} Place */
/** @typedef {import("./tape-chart.js").TapeChart} TapeChart */
/** @typedef {import("innkeeper/api").ChartStay} ChartStay */

const QUOTE_REST_MS = 70;

export class Ghost {
  #chart;
  #price = h("b", {});
  #element = h("div", { class: "bar-ghost", "aria-hidden": "true" });
  #stay;
  #life = new AbortController();
  #asked = new AbortController();
  #askPrice = debounce(() => void this.#quote(), QUOTE_REST_MS, this.#life.signal);
  /** @type {Place | null} */
  place = null;
  is_refused = false;

  /**
   * @param {TapeChart} chart
   * @param {ChartStay | null} stay `null` for one that is not booked yet
   */
  constructor(chart, stay) {
    this.#chart = chart;
    this.#stay = stay;
  }

  /** @param {Place} place */
  show(place) {
    const { model } = this.#chart;
    const track = this.#chart.trackOf(place.row);
    if (!model || !track) return;
    const before = this.place;
    if (before?.row === place.row && before.from === place.from && before.to === place.to) return;
    const words = this.#judge(place);
    const { at, span } = extent(model, place.from, place.to);
    this.place = place;
    this.#element.style.setProperty("--at", String(at));
    this.#element.style.setProperty("--span", String(span));
    this.#element.classList.toggle("is-refused", this.is_refused);
    swap(this.#price);
    swap(
      this.#element,
      h("span", { class: "bar-ghost-words" }, this.is_refused && icon("ban"), words, this.#price),
    );
    if (this.#element.parentElement !== track) track.append(this.#element);
    this.#chart.say(words);
    this.#chart.light(place, this.#stay?.reservation_id);
    this.#asked.abort();
    if (this.#stay && !this.is_refused) this.#askPrice();
  }

  async #quote() {
    const { place } = this;
    if (!this.#stay || !place || this.is_refused) return;
    this.#asked = new AbortController();
    const signal = AbortSignal.any([this.#life.signal, this.#asked.signal]);
    try {
      const words = await this.#chart.wishes.quote(this.#stay, place, signal);
      if (signal.aborted || !words) return;
      swap(this.#price, " · ", words);
      this.#chart.say(`${this.#judge(place)}, ${words}`);
    } catch (error) {
      // The price is told ahead as a help; what the server refuses, it refuses again on dropping.
      if (!signal.aborted && error instanceof Error) swap(this.#price, " · ", error.message);
    }
  }

  /** @param {Place} place */
  #judge(place) {
    const conflict = conflictOf(place, this.#stay?.reservation_id ?? null);
    const needs_room = this.#stay?.status === "checked_in" && !place.row.room;
    const is_past = place.from !== this.#stay?.from && isPast(this.#chart, place.from);
    this.is_refused = conflict !== null || needs_room || is_past;
    if (is_past) return t("chart.past");
    if (needs_room) return t("chart.needs_room", { guest: this.#stay?.guest_name ?? "" });
    const room = place.row.room ? t("room.number", { number: place.row.room.room_number }) : t("room.none");
    if (conflict?.stay)
      return t("chart.taken", {
        room,
        guest: conflict.stay.guest_name,
        dates: formatDates(conflict.stay.from, conflict.stay.to),
      });
    if (conflict?.block) return t("chart.blocked", { room, reason: conflict.block.reason });
    return `${room} · ${formatDates(place.from, place.to)}`;
  }

  remove() {
    this.#life.abort();
    this.#chart.light(null);
    this.#element.remove();
  }
}
