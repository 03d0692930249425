/**
 * One box over guests, reservations, rooms and the places of the UI: type, arrows, Enter.
 */
import { api } from "../api.js";
import { debounce, freshId, h, swap } from "../dom.js";
import { explain, isAborted } from "../failure.js";
import { formatDate, formatDates } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";
import { may, places } from "../places.js";
import { navigate } from "../router.js";
import { LightElement } from "./element.js";
import { statusChip } from "./status-chip.js";

/** @typedef {import("innkeeper/api").SearchView} SearchAnswer */
/** @typedef {import("../dom.js").Child} Child */
/** @typedef {{ path: string, mark: import("../icons.js").IconName, title: string, detail: string, chip?: Child }} Hit */

const REST_MS = 120;

export class CommandBox extends LightElement {
  #list_id = freshId("hits");
  #input = h("input", {
    type: "search",
    class: "command-input",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    "aria-controls": this.#list_id,
    "aria-label": t("search.label"),
    placeholder: t("search.placeholder"),
  });
  #list = h("div", {
    class: "command-list",
    id: this.#list_id,
    role: "listbox",
    "aria-label": t("search.label"),
  });
  #note = h("p", { class: "command-note", role: "status" });
  #dialog = h("dialog", { class: "command-box", "aria-label": t("frame.search") });
  #chosen = 0;
  /** What the list answers, which lags behind fast fingers. */
  #answered = "";
  /**
   * What was asked for last, its answer and its end; nothing once it failed.
   * @type {{ q: string, answer: Promise<void>, life: AbortController } | null}
   */
  #asked = null;

  /** @param {AbortSignal} signal */
  build(signal) {
    swap(
      this.#dialog,
      h("div", { class: "command-head" }, icon("search"), this.#input, h("kbd", {}, "Esc")),
      this.#list,
      this.#note,
    );
    swap(this, this.#dialog);
    const ask = debounce(() => void this.#ask(signal), REST_MS, signal);
    this.#input.addEventListener("input", ask, { signal });
    this.#input.addEventListener("keydown", (event) => void this.#key(event, signal), { signal });
    this.#list.addEventListener("click", () => this.#dialog.close(), { signal });
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && this.#dialog.close(), {
      signal,
    });
  }

  open() {
    if (this.#dialog.open) return;
    this.#asked?.life.abort();
    this.#asked = null;
    this.#input.value = "";
    this.#show([["", commands("")]]);
    this.#dialog.showModal();
    this.#input.focus();
  }

  /**
   * Once for the same words, however many keys and timers ask.
   * @param {AbortSignal} signal
   * @returns {Promise<void>}
   */
  #ask(signal) {
    const q = this.#input.value.trim();
    if (this.#asked?.q === q) return this.#asked.answer;
    this.#asked?.life.abort();
    const life = new AbortController();
    const answer = this.#find(q, AbortSignal.any([signal, life.signal]));
    this.#asked = { q, answer, life };
    return answer;
  }

  /** @param {string} q @param {AbortSignal} signal */
  async #find(q, signal) {
    if (!q) return this.#show([["", commands("")]]);
    try {
      this.#show(groups(await api.get("/api/search", { q }, signal), q), q);
    } catch (error) {
      if (isAborted(error)) return;
      this.#asked = null;
      this.#note.textContent = explain(error);
    }
  }

  /** @param {[string, Hit[]][]} found @param {string} [q] */
  #show(found, q = "") {
    this.#answered = q;
    const filled = found.filter(([, hits]) => hits.length);
    this.#chosen = 0;
    let index = 0;
    swap(
      this.#list,
      filled.map(([title, hits]) =>
        h(
          "div",
          { class: "command-group", role: "group", "aria-label": title || t("search.go_to") },
          h("p", { class: "command-title", "aria-hidden": "true" }, title || t("search.go_to")),
          hits.map((hit) => option(hit, `${this.#list_id}-${index++}`)),
        ),
      ),
    );
    this.#note.textContent = index ? "" : t("search.nothing", { q: this.#input.value.trim() });
    this.#choose(0);
  }

  /** @param {KeyboardEvent} event @param {AbortSignal} signal */
  async #key(event, signal) {
    // The browser's own Esc would only empty the field.
    if (event.key === "Escape") {
      event.preventDefault();
      this.#dialog.close();
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.#choose(this.#chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      // Enter means what was typed, not what was listed before it.
      if (!this.#is_answered()) await this.#ask(signal);
      if (!this.#is_answered() || !this.#dialog.open) return;
      const link = this.#list.querySelectorAll("[role=option]")[this.#chosen];
      if (!(link instanceof HTMLAnchorElement)) return;
      this.#dialog.close();
      void navigate(link.pathname + link.search);
    }
  }

  #is_answered() {
    return this.#input.value.trim() === this.#answered;
  }

  /** @param {number} index */
  #choose(index) {
    const options = this.#list.querySelectorAll("[role=option]");
    this.#chosen = options.length ? (index + options.length) % options.length : 0;
    options.forEach((item, at) => item.setAttribute("aria-selected", String(at === this.#chosen)));
    const chosen = options[this.#chosen];
    if (chosen) {
      this.#input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else this.#input.removeAttribute("aria-activedescendant");
  }
}
customElements.define("command-box", CommandBox);

/**
 * @param {Hit} hit
 * @param {string} id
 */
const option = (hit, id) =>
  h(
    "a",
    { class: "command-hit", role: "option", id, href: hit.path, tabindex: "-1" },
    icon(hit.mark),
    h("span", { class: "command-words" }, h("strong", {}, hit.title), h("span", {}, hit.detail)),
    hit.chip ?? null,
  );

/** @param {string} q @returns {Hit[]} */
function commands(q) {
  /** @type {Hit} */
  const add = {
    path: "/reservations/new",
    mark: "plus",
    title: t("action.new_booking"),
    detail: t("search.new_booking"),
  };
  /** @type {Hit[]} */
  const all = places().map(({ nav, path, sign }) => ({
    path,
    mark: sign,
    title: t(`nav.${nav}`),
    detail: t(`search.${nav}`),
  }));
  if (may("desk")) all.unshift(add);
  return all.filter(({ title }) => title.toLowerCase().includes(q.toLowerCase()));
}

/**
 * @param {SearchAnswer} answer
 * @param {string} q
 * @returns {[string, Hit[]][]}
 */
function groups(answer, q) {
  return [
    [
      t("nav.reservations"),
      answer.reservations.map((stay) => ({
        path: `/reservations/${stay.id}`,
        mark: "reservations",
        title: stay.guest_name,
        detail: [
          formatDates(stay.check_in_date, stay.check_out_date),
          stay.room_number ? t("room.number", { number: stay.room_number }) : t("room.none"),
          stay.confirmation_number,
          stay.note,
        ]
          .filter(Boolean)
          .join(" · "),
        chip: statusChip(stay.status),
      })),
    ],
    [
      t("nav.guests"),
      answer.guests.map((guest) => ({
        path: `/guests/${guest.id}`,
        mark: guest.is_vip ? "star" : "guests",
        title: guest.full_name,
        detail: [guest.phone_number, guest.email, guest.note].filter(Boolean).join(" · "),
      })),
    ],
    [
      t("word.rooms"),
      answer.rooms.map((room) => ({
        path: `/chart?room_id=${room.id}`,
        mark: "bed",
        title: t("room.number", { number: room.room_number }),
        detail: [room.room_type_name, room.guest_name].filter(Boolean).join(" · "),
      })),
    ],
    [
      t("nav.invoices"),
      answer.invoices.map((invoice) => ({
        path: `/invoices/${invoice.id}`,
        mark: "note",
        title: invoice.number,
        detail: [t(`invoices.kind_${invoice.kind}`), formatDate(invoice.issued_on, "year"), invoice.buyer_name].filter(Boolean).join(" · "),
      })),
    ],
    [t("search.go_to"), commands(q)],
  ];
}
