/**
 * Everyone who stays or has stayed, found while typing.
 */
import { api } from "../../api.js";
import { debounce, h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { formDialog } from "../../forms.js";
import { empty } from "../../fresh.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { navigate } from "../../router.js";
import { guestFields, readGuest } from "./guest-form.js";

/** @typedef {import("innkeeper/api").GuestView} Guest */

const SEARCH_REST_MS = 160;
const PAGE_SIZE = 25;

export const title = () => t("nav.guests");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  /** @type {Record<string, string>} */
  const filters = { q: params.q ?? "", is_vip: params.is_vip ?? "", page: params.page ?? "" };
  const { element, change } = pagedList(
    filters,
    {
      areas: ["guests", "reservations"],
      load: () => api.get("/api/guests", { ...filters, page_size: PAGE_SIZE }, signal),
      rows: guestTable,
      none: () =>
        filters.q
          ? empty("search", t("guests.none_found"), t("guests.none_found_text"))
          : empty("guests", t("guests.none"), t("guests.none_text")),
    },
    signal,
  );
  const box = h("input", {
    type: "search",
    class: "input",
    value: filters.q,
    placeholder: t("guests.search"),
    "aria-label": t("guests.search"),
    autofocus: matchMedia("(hover: hover)").matches,
    signal,
    oninput: debounce(() => change({ q: box.value.trim() }), SEARCH_REST_MS, signal),
  });
  const vip = h("input", {
    type: "checkbox",
    checked: filters.is_vip === "true",
    signal,
    onchange: () => change({ is_vip: vip.checked ? "true" : "" }),
  });
  return h(
    "div",
    { class: "page" },
    pageHead({
      title: t("nav.guests"),
      actions: [
        h("a", { class: "button", href: "/registrations", "data-key": "registrations" }, t("registration.title")),
        may("desk") &&
          button({
            label: t("guests.new"),
            sign: "plus",
            look: "primary",
            signal,
            onclick: () => newGuest(signal),
          }),
      ],
    }),
    h(
      "div",
      { class: "filters" },
      h("div", { class: "search-field" }, icon("search"), box),
      h("label", { class: "checkbox" }, vip, h("span", {}, t("guests.only_vip"))),
    ),
    element,
  );
}

/** @param {Guest[]} guests */
const guestTable = (guests) =>
  h(
    "table",
    { class: "table table-fold" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        [t("field.name"), t("field.phone"), t("field.email"), t("field.nationality")].map((label) =>
          h("th", { scope: "col" }, label),
        ),
        h("th", { scope: "col", class: "is-number" }, t("guest.stays")),
      ),
    ),
    h(
      "tbody",
      {},
      guests.map((guest) =>
        h(
          "tr",
          {},
          h(
            "td",
            { class: "cell-main" },
            h(
              "a",
              { href: `/guests/${guest.id}`, class: "row-link", "data-key": `guest-${guest.id}` },
              guest.full_name,
            ),
            guest.is_vip && h("span", { class: "chip chip-vip" }, icon("star"), t("word.vip")),
          ),
          h("td", { "data-label": t("field.phone") }, guest.phone_number),
          h("td", { "data-label": t("field.email") }, guest.email),
          h("td", { "data-label": t("field.nationality") }, guest.nationality),
          h("td", { class: "is-number", "data-label": t("guest.stays") }, guest.stay_count),
        ),
      ),
    ),
  );

/** @param {AbortSignal} signal */
const newGuest = (signal) =>
  formDialog(
    {
      title: t("guests.new"),
      submit: t("action.save"),
      fields: () => guestFields(null),
      send: async (values, key) => {
        const guest = await api.post("/api/guests", {}, readGuest(values), key);
        void navigate(`/guests/${guest.id}`);
      },
    },
    signal,
  );
