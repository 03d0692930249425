/**
 * The room rack: rooms × days, one bar a stay. Shows a chart, changes only the rows that changed,
 * and turns gestures and keys into the wishes of `chart.wishes`. Sends nothing itself.
 */
import { closest, freshId, h, swap } from "../../dom.js";
import { t } from "../../i18n.js";
import { LightElement } from "../element.js";
import { StayCard } from "./card.js";
import { attachDrag } from "./drag.js";
import { KeyCursor } from "./keys.js";
import { buildModel, conflictOf, withoutFirstDay } from "./model.js";
import { chartGroup, chartHead, fillTrack, groupHead, rowLabel, stayKey, underlay } from "./rows.js";

/** @typedef {import("innkeeper/api").ChartView} Chart */
/** @typedef {import("innkeeper/api").ChartStay} ChartStay */
/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").Row} Row */
/** @typedef {import("./model.js").Place} Place */

/**
 * What a person may want of the chart.
 * @typedef {{ move: (stay: ChartStay, place: Place) => Promise<void>, create: (place: Place) => void, open: (stay: ChartStay) => void,
 *   quote: (stay: ChartStay, place: Place, signal: AbortSignal) => Promise<string> }} Wishes
 */

export class TapeChart extends LightElement {
  /** @type {Wishes} */
  wishes = {
    move: () => Promise.resolve(),
    create: () => {},
    open: () => {},
    quote: () => Promise.resolve(""),
  };
  /** @type {Model | null} */
  model = null;
  /** Whether gestures may begin; who only reads walks and opens. */
  may_change = true;

  #scroller = h("div", { class: "tape", role: "region", "aria-label": t("nav.chart") });
  #body = h("div", { class: "tape-body" });
  #note = h("p", { class: "visually-hidden", role: "status" });
  #card = new StayCard(this);
  #keys = new KeyCursor(this);
  #frame = "";
  /** @type {Map<number, string>} */
  #types = new Map();
  #lit = "";
  /** @type {Map<string, string>} */
  #seen = new Map();
  /** @type {[Chart, import("./model.js").Grouping] | null} */
  #late = null;

  /** @param {AbortSignal} signal */
  build(signal) {
    const help_id = freshId("chart-help");
    this.#scroller.setAttribute("aria-describedby", help_id);
    this.append(
      h("p", { class: "visually-hidden", id: help_id }, t("chart.help")),
      this.#scroller,
      this.#note,
    );
    this.classList.toggle("is-fixed", !this.may_change);
    attachDrag(this, this.#scroller, signal);
    this.#keys.attach(this.#scroller, signal);
    this.#attachCard(signal);
  }

  /** A stay is in the hand: nothing moves under it. @param {string[]} classes */
  hold(...classes) {
    this.hideCard();
    this.classList.add("is-dragging", ...classes);
  }

  /** The hand is empty again: shows what came in the meantime. */
  release() {
    this.classList.remove("is-dragging", "is-carrying");
    const late = this.#late;
    this.#late = null;
    if (late) this.show(...late);
  }

  /**
   * @param {Chart} chart with one day before the first one to show, so that its departures are known
   * @param {import("./model.js").Grouping} grouping
   */
  show(chart, grouping) {
    if (this.classList.contains("is-dragging")) {
      this.#late = [chart, grouping];
      return;
    }
    const model = withoutFirstDay(buildModel(chart, grouping));
    this.model = model;
    this.#types = new Map(chart.room_types.map(({ id, name }) => [id, name]));
    const had_focus = this.contains(document.activeElement);
    const frame = JSON.stringify([
      chart.from,
      chart.days,
      chart.business_date,
      chart.room_types,
      grouping,
      model.rows.map((row) => row.key),
    ]);
    if (frame === this.#frame) this.#update(chart, model);
    else this.#rebuild(chart, model);
    this.#frame = frame;
    this.#keys.restore(had_focus);
  }

  /** @param {string} words */
  say(words) {
    this.#note.textContent = words;
  }

  hideCard() {
    this.#card.hide();
  }

  /** @param {string} key */
  rowOf(key) {
    return this.model?.rows.find((row) => row.key === key) ?? null;
  }

  /** @param {number} id */
  typeName(id) {
    return this.#types.get(id) ?? "";
  }

  /** @param {Row} row */
  trackOf(row) {
    const track = this.#body.querySelector(`[data-row="${row.key}"]`);
    return track instanceof HTMLElement ? track : null;
  }

  /**
   * Lights the rooms where a stay would fit on its dates; none when there is no stay in the hand.
   * @param {Place | null} place
   * @param {number | null} [reservation_id]
   */
  light(place, reservation_id = null) {
    const dates = place ? `${place.from}${place.to}` : "";
    if (dates === this.#lit) return;
    this.#lit = dates;
    for (const row of this.model?.rows ?? []) {
      const fits = place && row.room && !conflictOf({ ...place, row }, reservation_id);
      this.trackOf(row)?.classList.toggle("is-fit", Boolean(fits));
    }
  }

  /** The stay behind a bar. @param {Element | null} bar */
  stayOf(bar) {
    const key = bar?.getAttribute("data-stay");
    if (!key) return null;
    for (const row of this.model?.rows ?? []) {
      const stay = row.stays.find((one) => stayKey(one) === key);
      if (stay) return { stay, row };
    }
    return null;
  }

  /** Brings a room into sight and puts the cursor there. @param {number} room_id */
  goToRoom(room_id) {
    const row = this.model?.rows.find((one) => one.room?.id === room_id);
    if (row) this.#keys.goTo(row, this.model?.business_date ?? "");
  }

  /**
   * @param {Chart} chart
   * @param {Model} model
   */
  #rebuild(chart, model) {
    const { scrollTop } = this.#scroller;
    this.#seen = new Map(model.rows.map((row) => [row.key, JSON.stringify(row)]));
    this.#scroller.style.setProperty("--days", String(model.days));
    this.#scroller.dataset.days = String(model.days);
    swap(
      this.#body,
      underlay(model),
      model.groups.map((group) => chartGroup(model, group)),
    );
    swap(this.#scroller, chartHead(model, chart.daily.slice(1)), this.#body);
    this.#scroller.scrollTop = scrollTop;
  }

  /**
   * @param {Chart} chart
   * @param {Model} model
   */
  #update(chart, model) {
    this.#scroller.querySelector(".tape-head")?.replaceWith(chartHead(model, chart.daily.slice(1)));
    const heads = this.#body.querySelectorAll(".tape-group-head");
    model.groups.forEach((group, i) => heads[i]?.replaceWith(groupHead(group)));
    for (const row of model.rows) {
      const text = JSON.stringify(row);
      if (this.#seen.get(row.key) === text) continue;
      this.#seen.set(row.key, text);
      const track = this.trackOf(row);
      if (!track) continue;
      this.#body.querySelector(`[data-label="${row.key}"]`)?.replaceWith(rowLabel(row));
      fillTrack(track, model, row);
    }
  }

  /** @param {AbortSignal} signal */
  #attachCard(signal) {
    const show = (/** @type {Event} */ event, /** @type {number | undefined} */ rest_ms) => {
      const bar = closest(event, ".bar[data-stay]");
      const found = this.stayOf(bar);
      if (bar && found && !this.classList.contains("is-dragging")) this.#card.show(found.stay, bar, rest_ms);
      else this.#card.hide();
    };
    this.#scroller.addEventListener(
      "pointerover",
      (event) => event.pointerType === "mouse" && show(event, undefined),
      { signal },
    );
    this.#scroller.addEventListener("pointerleave", () => this.#card.hide(), { signal });
    this.#scroller.addEventListener(
      "focusin",
      (event) => closest(event, ":focus-visible") && show(event, 0),
      { signal },
    );
    this.#scroller.addEventListener("focusout", () => this.#card.hide(), { signal });
    this.#scroller.addEventListener("scroll", () => this.#card.hide(), { signal, passive: true });
  }
}
customElements.define("tape-chart", TapeChart);
