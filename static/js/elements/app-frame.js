/**
 * What stands around every page: navigation, the property and its day, search, who is at the desk,
 * and whether the server is there.
 */
import { part, quietly } from "../api.js";
import { addDays } from "../dates.js";
import { h, swap } from "../dom.js";
import { showFailure } from "../failure.js";
import { select } from "../forms.js";
import { formatDate, formatInstant } from "../format.js";
import { icon } from "../icons.js";
import { once } from "../intents.js";
import { LANGUAGES, currentLanguage, keepLanguage, t } from "../i18n.js";
import { onConnection } from "../live.js";
import { home, may, placeGroups, tabs } from "../places.js";
import { released } from "../pressed.js";
import { navigate } from "../router.js";
import { onSession, session, setTheme, theme } from "../store.js";
import { button } from "./button.js";
import { CommandBox } from "./command-box.js";
import { mayLeave } from "./dialog.js";
import { LightElement } from "./element.js";
import { menuItem } from "./menu.js";
import { openPopover } from "./popover.js";

/** @typedef {import("../places.js").Nav} Nav */

/** How many places of a phone's bar stand before "New booking". */
const BEFORE_NEW = 2;
const COLLAPSED = "innkeeper.sidebar";
const PUT_OFF = "innkeeper.day-put-off";

export class AppFrame extends LightElement {
  #main = h("main", { id: "main", tabindex: "-1" });
  #banner = h("div", { class: "banner-slot" });
  #property = h("div", { class: "brand-words" });
  #bar_property = h("div", { class: "brand-words" });
  #user = h("span", { class: "user-name" });
  #command_box = new CommandBox();

  /** @param {AbortSignal} signal */
  build(signal) {
    const connection = h("div", { class: "connection", role: "status" });
    this.classList.toggle("is-collapsed", localStorage.getItem(COLLAPSED) === "1");
    swap(
      this,
      h("a", { class: "skip-link", href: "#main" }, t("frame.skip")),
      this.#sidebar(signal),
      this.#topbar(signal),
      h("div", { class: "frame-body" }, connection, this.#banner, this.#main),
      this.#bottomBar(signal),
      this.#command_box,
    );
    onConnection((is_lost) => {
      connection.classList.toggle("is-lost", is_lost);
      swap(connection, is_lost && [icon("offline"), h("span", {}, t("frame.lost"))]);
    }, signal);
    onSession(() => void released().then(() => signal.aborted || this.#showSession(signal)), signal);
    this.#showSession(signal);
    document.addEventListener("keydown", (event) => this.#openSearch(event), { signal });
  }

  /**
   * @param {Node} page
   * @param {Nav} [nav]
   */
  show(page, nav) {
    this.#main.replaceChildren(page);
    for (const link of this.querySelectorAll("[data-nav]")) {
      if (link.getAttribute("data-nav") === nav) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const more = this.querySelector("[data-more]");
    more?.classList.toggle("is-here", Boolean(nav && more.getAttribute("data-more")?.split(" ").includes(nav)));
    this.querySelector(".places [aria-current]")?.scrollIntoView({ block: "nearest" });
    this.#main.parentElement?.scrollTo(0, 0);
    const autofocus = this.#main.querySelector("[autofocus]");
    const target = autofocus instanceof HTMLElement ? autofocus : this.#main;
    target.focus({ preventScroll: true });
  }

  /** @param {AbortSignal} signal */
  #sidebar(signal) {
    return h(
      "aside",
      { class: "sidebar", "aria-label": t("frame.sidebar") },
      h(
        "a",
        { class: "brand", href: home() },
        h("span", { class: "brand-mark" }, icon("key")),
        this.#property,
      ),
      may("read") &&
        h(
          "button",
          {
            type: "button",
            class: "search-button",
            signal,
            onclick: () => this.#command_box.open(),
            title: t("frame.search"),
          },
          icon("search"),
          h("span", { class: "word" }, t("frame.search")),
          h("kbd", { class: "word" }, "/"),
        ),
      may("desk") &&
        h(
          "a",
          {
            class: "button button-primary sidebar-new",
            href: "/reservations/new",
            title: t("action.new_booking"),
          },
          icon("plus"),
          h("span", { class: "word" }, t("action.new_booking")),
        ),
      h("nav", { class: "places", "aria-label": t("frame.places") }, this.#groups("place")),
      h(
        "div",
        { class: "sidebar-foot" },
        session.property?.is_demo &&
          h(
            "p",
            { class: "demo-mark", title: t("demo.title") },
            icon("bed"),
            h("span", { class: "word" }, t("demo.mark")),
          ),
        h("div", { class: "sidebar-user" },
        h(
          "button",
          {
            type: "button",
            class: "place user-button",
            signal,
            onclick: this.#userMenu(signal),
            title: t("frame.user_menu"),
          },
          icon("guests"),
          this.#user,
        ),
        h(
          "button",
          {
            type: "button",
            class: "place collapse",
            signal,
            onclick: () => this.#collapse(),
            title: t("frame.collapse"),
            "aria-label": t("frame.collapse"),
          },
          icon("sidebar"),
        ),
        ),
      ),
    );
  }

  /** All places under the names of their groups. @param {"place" | "menu-item"} look @param {Nav[]} [without] */
  #groups(look, without = []) {
    return placeGroups().map(({ group, places }) => {
      const links = places.filter(({ nav }) => !without.includes(nav)).map((place) => placeLink(place, look));
      const name = h("p", { class: "place-group" }, h("span", { class: "word" }, t(`nav.group_${group}`)));
      return links.length > 0 && h("div", { class: "place-list", role: "group", "aria-label": t(`nav.group_${group}`) }, name, links);
    });
  }

  /** Phones only. @param {AbortSignal} signal */
  #topbar(signal) {
    return h(
      "header",
      { class: "topbar" },
      h(
        "a",
        { class: "brand", href: home() },
        h("span", { class: "brand-mark" }, icon("key")),
        this.#bar_property,
      ),
      may("read") &&
        h(
          "button",
          {
            type: "button",
            class: "button button-quiet button-icon",
            "aria-label": t("frame.search"),
            signal,
            onclick: () => this.#command_box.open(),
          },
          icon("search"),
        ),
      h(
        "button",
        {
          type: "button",
          class: "button button-quiet button-icon",
          "aria-label": t("frame.user_menu"),
          signal,
          onclick: this.#userMenu(signal),
        },
        icon("guests"),
      ),
    );
  }

  /** Phones only: what this person opens most, a booking, and a sheet with the rest. @param {AbortSignal} signal */
  #bottomBar(signal) {
    const all = placeGroups().flatMap(({ places }) => places);
    if (all.length < 2) return null;
    const kept = tabs();
    const links = kept.map((place) => placeLink(place, "place"));
    const add =
      may("desk") &&
      h(
        "a",
        { class: "place place-new", href: "/reservations/new", "aria-label": t("action.new_booking") },
        h("span", { class: "place-new-mark" }, icon("plus")),
      );
    const rest = all.filter((place) => !kept.includes(place)).map(({ nav }) => nav);
    const more = h(
      "button",
      {
        type: "button",
        class: "place",
        "data-more": rest.join(" "),
        signal,
        onclick: () => this.#openRest(more, kept, signal),
      },
      icon("more"),
      h("span", { class: "word" }, t("frame.more")),
    );
    return h(
      "nav",
      { class: "bottom-bar", "aria-label": t("frame.places") },
      links.slice(0, BEFORE_NEW),
      add,
      links.slice(BEFORE_NEW),
      more,
    );
  }

  /** @param {HTMLElement} anchor @param {import("../places.js").Place[]} kept @param {AbortSignal} signal */
  #openRest(anchor, kept, signal) {
    const here = this.querySelector(".places [aria-current]")?.getAttribute("data-nav");
    openPopover(
      anchor,
      t("frame.places"),
      ({ close, signal: life }) => {
        const rest = h(
          "nav",
          { class: "rest-of-places", "aria-label": t("frame.places") },
          this.#groups("menu-item", kept.map(({ nav }) => nav)),
        );
        rest.querySelector(`[data-nav="${here}"]`)?.setAttribute("aria-current", "page");
        rest.addEventListener("click", close, { signal: life });
        return rest;
      },
      signal,
    );
  }

  /** @param {AbortSignal} signal */
  #showSession(signal) {
    const { user, property } = session;
    if (!user || !property) return;
    for (const words of [this.#property, this.#bar_property])
      swap(
        words,
        h("strong", {}, property.name),
        h("span", {}, formatDate(property.business_date, "weekday")),
      );
    swap(this.#user, h("strong", {}, user.full_name || user.username), h("span", {}, t(`role.${user.role}`)));
    swap(this.#banner, this.#dayBanner(signal));
  }

  /** The hotel's day does not follow the clock, so a day left open is pointed out, gently. @param {AbortSignal} signal */
  #dayBanner(signal) {
    const { settings, copy_of } = session;
    if (copy_of)
      return h(
        "aside",
        { class: "banner", "aria-label": t("frame.copy") },
        icon("lock"),
        h("p", {}, t("frame.copy_of", { time: formatInstant(copy_of) })),
      );
    if (!settings) return null;
    const { business_date: today, calendar_date: calendar } = settings;
    // A day may be closed before midnight; two days ahead is a mistake.
    const is_ahead = today > addDays(calendar, 1);
    if ((today >= calendar && !is_ahead) || sessionStorage.getItem(PUT_OFF) === today) return null;
    const before = addDays(today, -1);
    const banner = h(
      "aside",
      { class: "banner", "aria-label": t("field.business_date") },
      icon("clock"),
      h(
        "p",
        {},
        t(is_ahead ? "day.ahead" : "day.behind", {
          business: formatDate(today, "weekday"),
          calendar: formatDate(calendar, "year"),
        }),
      ),
      is_ahead
        ? may("manage") &&
            button({
              label: t("day.go_back", { date: formatDate(before) }),
              is_small: true,
              key: "day-move",
              signal,
              onclick: (anchor) =>
                void once(anchor, async () => {
                  try {
                    const { goBack } = await part(import("../pages/day-close/go-back.js"));
                    await goBack(before);
                  } catch (error) {
                    showFailure(error);
                  }
                }),
            })
        : may("desk") && h("a", { class: "button button-small", href: "/close", "data-key": "day-close" }, t("close.title")),
      h(
        "button",
        {
          type: "button",
          class: "button button-quiet button-icon button-small",
          "aria-label": t("day.put_off"),
          signal,
          onclick: () => {
            sessionStorage.setItem(PUT_OFF, today);
            banner.remove();
          },
        },
        icon("close"),
      ),
    );
    return banner;
  }

  /** @param {AbortSignal} signal */
  #userMenu(signal) {
    return (/** @type {MouseEvent} */ event) => {
      const anchor = /** @type {HTMLElement} */ (event.currentTarget);
      openPopover(
        anchor,
        t("frame.user_menu"),
        (popover) => [
          h(
            "p",
            { class: "menu-head" },
            h("strong", {}, session.user?.full_name),
            h("span", {}, session.user?.username),
          ),
          themeChoice(popover.signal),
          languageChoice(popover.signal),
          menuItem(
            { label: t("frame.password"), sign: "lock", run: () => void openOwn("passwordDialog", signal) },
            popover.signal,
          ),
          menuItem(
            { label: t("session.title"), sign: "screen", run: () => void openOwn("sessionsDialog", signal) },
            popover.signal,
          ),
          menuItem({ label: t("licences.title"), sign: "note", run: () => navigate("/licences") }, popover.signal),
          session.user?.role !== "owner" &&
            menuItem(
              { label: t("pin.title"), sign: "key", run: () => void openOwn("pinDialog", signal) },
              popover.signal,
            ),
          menuItem({ label: t("frame.log_out"), sign: "leave", run: () => void signOut() }, popover.signal),
        ],
        signal,
      );
    };
  }

  #collapse() {
    const is_collapsed = this.classList.toggle("is-collapsed");
    localStorage.setItem(COLLAPSED, is_collapsed ? "1" : "0");
    dispatchEvent(new Event("resize"));
  }

  /** @param {KeyboardEvent} event */
  #openSearch(event) {
    const is_command = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    const is_typing =
      event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
    if (!may("read")) return;
    if (!is_command && (event.key !== "/" || is_typing)) return;
    event.preventDefault();
    this.#command_box.open();
  }
}
customElements.define("app-frame", AppFrame);

/** @param {import("../places.js").Place} place @param {"place" | "menu-item"} look */
const placeLink = ({ nav, path, sign }, look) =>
  h(
    "a",
    { class: look, href: path, "data-nav": nav, title: t(`nav.${nav}`) },
    icon(sign),
    h("span", { class: "word" }, t(`nav.${nav}`)),
  );

async function signOut() {
  if (!(await mayLeave())) return;
  try {
    await quietly.post("/api/auth/logout", {}, {});
  } catch (error) {
    showFailure(error);
    return;
  }
  document.dispatchEvent(new Event("innkeeper:signed-out"));
}

/** @param {"passwordDialog" | "pinDialog" | "sessionsDialog"} dialog @param {AbortSignal} signal the frame's */
async function openOwn(dialog, signal) {
  try {
    (await part(import("../pages/users/password.js")))[dialog](signal);
  } catch (error) {
    showFailure(error);
  }
}

/** @param {AbortSignal} signal */
function themeChoice(signal) {
  const choices = /** @type {const} */ ([
    ["light", "sun"],
    ["dark", "moon"],
    ["system", "screen"],
  ]);
  return h(
    "fieldset",
    { class: "segmented theme-choice" },
    h("legend", { class: "visually-hidden" }, t("theme.title")),
    choices.map(([value, name]) =>
      h(
        "label",
        {},
        h("input", {
          type: "radio",
          name: "theme",
          value,
          checked: theme() === value,
          signal,
          onchange: () => setTheme(value),
        }),
        icon(name),
        h("span", {}, t(`theme.${value}`)),
      ),
    ),
  );
}

/** Another language is read from the start, so the page opens anew. @param {AbortSignal} signal */
function languageChoice(signal) {
  const choice = select(
    Object.entries(LANGUAGES).map(([value, label]) => ({ value, label })),
    currentLanguage(),
    {
      "aria-label": t("frame.language"),
      signal,
      onchange: () => {
        keepLanguage(choice.value);
        location.reload();
      },
    },
  );
  return choice;
}
