/**
 * Finds a guest while the name is typed, or takes down a new one; who looks like someone already
 * known is pointed out before there are two of them.
 */
import { api } from "../api.js";
import { debounce, freshId, h, swap } from "../dom.js";
import { field, input } from "../forms.js";
import { icon } from "../icons.js";
import { t, tn } from "../i18n.js";
import { button } from "./button.js";

/** @typedef {import("innkeeper/api").GuestView} Guest */
/** @typedef {import("innkeeper/api").GuestRequest} GuestDraft */

const SEARCH_REST_MS = 140;
const DUPLICATE_REST_MS = 350;
const MOST_HITS = 6;

export class GuestPicker {
  element = h("div", { class: "guest-picker" });
  #signal;
  /** @type {Guest | null} */
  #guest = null;
  /** @type {Guest[]} */
  #hits = [];
  #chosen = -1;
  #asked = new AbortController();
  #list_id = freshId("guest-hits");
  #list = h("div", {
    class: "guest-hits",
    id: this.#list_id,
    role: "listbox",
    "aria-label": t("nav.guests"),
    hidden: true,
  });
  #name = input({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": this.#list_id,
    placeholder: t("guest.find_or_new"),
    class: "input input-large",
  });
  #phone = input({ type: "tel" });
  #email = input({ type: "email" });
  /** How often likenesses were looked for. */
  #compared = 0;
  #duplicates = h("div", { class: "duplicates", role: "status" });

  /**
   * @param {AbortSignal} signal
   * @param {Guest | null} [guest]
   */
  constructor(signal, guest = null) {
    this.#signal = signal;
    this.#guest = guest;
    const search = debounce(() => void this.#search(), SEARCH_REST_MS, signal);
    const compare = debounce(() => void this.#compare(), DUPLICATE_REST_MS, signal);
    this.#name.addEventListener("input", () => (search(), compare()), { signal });
    this.#name.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#name.addEventListener("blur", () => this.#hide(), { signal });
    this.#phone.addEventListener("input", compare, { signal });
    this.#email.addEventListener("input", compare, { signal });
    // Before the field loses the focus to the click, which would take the list away.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    this.#show();
  }

  /** @returns {{ guest_id: number } | { guest: GuestDraft }} */
  read() {
    if (this.#guest) return { guest_id: this.#guest.id };
    return {
      guest: {
        full_name: this.#name.value.trim(),
        ...(this.#phone.value.trim() && { phone_number: this.#phone.value.trim() }),
        ...(this.#email.value.trim() && { email: this.#email.value.trim() }),
      },
    };
  }

  #show() {
    swap(this.element, this.#guest ? this.#card(this.#guest) : this.#fields());
  }

  #fields() {
    const name = field({ label: t("field.name"), name: "full_name" }, this.#name);
    name.append(this.#list);
    return [
      name,
      h(
        "div",
        { class: "field-pair" },
        field({ label: t("field.phone"), name: "phone_number" }, this.#phone),
        field({ label: t("field.email"), name: "email" }, this.#email),
      ),
      this.#duplicates,
    ];
  }

  /** @param {Guest} guest */
  #card(guest) {
    return h(
      "div",
      { class: "guest-card" },
      icon(guest.is_vip ? "star" : "guests"),
      h(
        "div",
        { class: "grow" },
        h("strong", {}, guest.full_name),
        h("p", { class: "muted" }, describe(guest)),
        guest.notes && h("p", { class: "with-icon" }, icon("note"), guest.notes),
      ),
      button({
        label: t("guest.choose_other"),
        is_small: true,
        signal: this.#signal,
        onclick: () => this.#choose(null),
      }),
    );
  }

  /** @param {Guest | null} guest */
  #choose(guest) {
    this.#guest = guest;
    this.#hide();
    swap(this.#duplicates);
    this.#show();
    if (guest) this.element.querySelector("button")?.focus();
    else this.#name.focus();
  }

  async #search() {
    this.#asked.abort();
    this.#asked = new AbortController();
    const q = this.#name.value.trim();
    if (q.length < 2) return this.#hide();
    try {
      const { items } = await api.get(
        "/api/guests",
        { q, page_size: MOST_HITS },
        AbortSignal.any([this.#signal, this.#asked.signal]),
      );
      if (document.activeElement === this.#name) this.#showHits(items);
    } catch {
      // The search is help only; the typed name is taken as it is.
    }
  }

  /** @param {Guest[]} hits */
  #showHits(hits) {
    this.#hits = hits;
    this.#chosen = -1;
    this.#list.hidden = hits.length === 0;
    this.#name.setAttribute("aria-expanded", String(hits.length > 0));
    this.#name.removeAttribute("aria-activedescendant");
    swap(
      this.#list,
      hits.map((guest, i) =>
        h(
          "div",
          {
            class: "guest-hit",
            role: "option",
            id: `${this.#list_id}-${i}`,
            "aria-selected": "false",
            signal: this.#signal,
            onclick: () => this.#choose(guest),
          },
          icon(guest.is_vip ? "star" : "guests"),
          h(
            "span",
            { class: "grow" },
            h("strong", {}, guest.full_name),
            h("span", { class: "muted" }, describe(guest)),
          ),
        ),
      ),
    );
  }

  #hide() {
    this.#list.hidden = true;
    this.#hits = [];
    this.#chosen = -1;
    this.#name.setAttribute("aria-expanded", "false");
    this.#name.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.#hits.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.#chosen = (this.#chosen + step + this.#hits.length) % this.#hits.length;
      [...this.#list.children].forEach((hit, i) =>
        hit.setAttribute("aria-selected", String(i === this.#chosen)),
      );
      this.#name.setAttribute("aria-activedescendant", `${this.#list_id}-${this.#chosen}`);
    } else if (event.key === "Enter" && this.#hits[this.#chosen])
      this.#choose(this.#hits[this.#chosen] ?? null);
    else if (event.key === "Escape") this.#hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  async #compare() {
    const mine = (this.#compared += 1);
    const draft = this.read();
    if (!("guest" in draft) || draft.guest.full_name.length < 3) return swap(this.#duplicates);
    const { full_name, email, phone_number } = draft.guest;
    try {
      const asked = { full_name, email: email ?? "", phone_number: phone_number ?? "" };
      const { items } = await api.get("/api/guests/duplicates", asked, this.#signal);
      if (this.#guest || mine !== this.#compared) return;
      swap(
        this.#duplicates,
        items.length > 0 && [
          h("p", {}, icon("warning"), t("guest.maybe_known")),
          items.slice(0, 3).map((guest) => this.#duplicate(guest)),
        ],
      );
    } catch {
      // Pointing out a likeness is help only.
    }
  }

  /** @param {Guest} guest */
  #duplicate(guest) {
    return h(
      "p",
      { class: "duplicate" },
      h(
        "span",
        { class: "grow" },
        h("strong", {}, guest.full_name),
        " ",
        h("span", { class: "muted" }, describe(guest)),
      ),
      button({
        label: t("guest.use_this"),
        is_small: true,
        signal: this.#signal,
        onclick: () => this.#choose(guest),
      }),
    );
  }
}

/** @param {Guest} guest */
export const describe = (guest) =>
  [guest.phone_number, guest.email, guest.stay_count > 0 && tn("count.stays", guest.stay_count)]
    .filter(Boolean)
    .join(" · ");
