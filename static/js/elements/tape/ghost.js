/**
 * The outline that shows where a stay would lie, and why it may not.
 */
import { h, swap } from "../../dom.js";
import { formatDates } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { conflictOf, extent } from "./model.js";

/** @typedef {import("./model.js").Place} Place */
/** @typedef {import("./tape-chart.js").TapeChart} TapeChart */

export class Ghost {
  #chart;
  #element = h("div", { class: "bar-ghost", "aria-hidden": "true" });
  #reservation_id;
  /** @type {Place | null} */
  place = null;
  is_refused = false;

  /**
   * @param {TapeChart} chart
   * @param {number | null} reservation_id `null` for a stay that is not booked yet
   */
  constructor(chart, reservation_id) {
    this.#chart = chart;
    this.#reservation_id = reservation_id;
  }

  /** @param {Place} place */
  show(place) {
    const { model } = this.#chart;
    const track = this.#chart.trackOf(place.row);
    if (!model || !track) return;
    const words = this.#judge(place);
    const { at, span } = extent(model, place.from, place.to);
    this.place = place;
    this.#element.style.setProperty("--at", String(at));
    this.#element.style.setProperty("--span", String(span));
    this.#element.classList.toggle("is-refused", this.is_refused);
    swap(this.#element, h("span", { class: "bar-ghost-words" }, this.is_refused && icon("ban"), words));
    if (this.#element.parentElement !== track) track.append(this.#element);
    this.#chart.say(words);
  }

  /** @param {Place} place */
  #judge(place) {
    const conflict = conflictOf(place, this.#reservation_id);
    this.is_refused = conflict !== null;
    const room = place.row.room ? t("room.number", { number: place.row.room.room_number }) : t("chart.lane");
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
    this.#element.remove();
  }
}
