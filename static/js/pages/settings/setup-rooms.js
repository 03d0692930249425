/**
 * Room types and their rooms in one go: "Double, 650,000, rooms 101-112" is one line and one button.
 */
import { api } from "../../api.js";
import { h, swap } from "../../dom.js";
import { amountInput, field, formError, input, onSubmit, typedAmount } from "../../forms.js";
import { keepFresh } from "../../fresh.js";
import { formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { t, tn } from "../../i18n.js";

/** @typedef {import("innkeeper/api").RoomTypeView} RoomType */

/** @param {AbortSignal} signal */
export function roomSetup(signal) {
  const list = h("div", { class: "setup-types" });
  const finish = h("a", { class: "button button-wide", href: "/" }, t("setup.later"));
  const refresh = keepFresh(
    list,
    {
      areas: ["rooms", "room_types"],
      load: () => api.get("/api/room-types", { page_size: 100 }, signal),
      show: ({ items }) => {
        const has_rooms = items.some(({ room_count }) => room_count > 0);
        finish.textContent = has_rooms ? t("setup.finish") : t("setup.later");
        finish.classList.toggle("button-primary", has_rooms);
        return items.length ? h("ul", {}, items.map(typeLine)) : null;
      },
    },
    signal,
  );
  return h(
    "div",
    { class: "setup-rooms" },
    h("h1", {}, t("setup.rooms_title")),
    h("p", { class: "entrance-lead" }, t("setup.rooms_lead")),
    list,
    typeForm(refresh, signal),
    finish,
  );
}

/** @param {RoomType} type */
const typeLine = (type) =>
  h(
    "li",
    {},
    icon("bed"),
    h("span", { class: "grow" }, h("strong", {}, type.name), h("span", { class: "muted" }, ` ${type.code}`)),
    h("span", {}, tn("count.rooms", type.room_count)),
    h("span", { class: "amount" }, formatMoney(type.default_rate)),
  );

/**
 * @param {() => Promise<void>} added
 * @param {AbortSignal} signal
 */
function typeForm(added, signal) {
  const form = h("form", { class: "form form-boxed" });
  const fill = () =>
    swap(
      form,
      h(
        "div",
        { class: "field-pair" },
        field({ label: t("field.room_type"), name: "name" }, input({ placeholder: t("field.room_type_example"), required: true })),
        field({ label: t("field.code"), name: "code" }, input({ placeholder: "DBL", maxlength: 8, required: true })),
      ),
      h(
        "div",
        { class: "field-trio" },
        field({ label: t("field.rate"), name: "default_rate" }, amountInput(null, { signal, required: true })),
        field(
          { label: t("field.adults"), name: "capacity_adults" },
          input({ type: "number", min: 1, max: 20, value: "2" }),
        ),
        field(
          { label: t("field.children"), name: "capacity_children" },
          input({ type: "number", min: 0, max: 20, value: "0" }),
        ),
      ),
      field(
        { label: t("field.room_numbers"), name: "numbers", hint: t("field.room_numbers_hint") },
        input({ placeholder: "101-112" }),
      ),
      formError(),
      h("button", { type: "submit", class: "button" }, icon("plus"), t("setup.add_type")),
    );
  fill();
  onSubmit(
    form,
    async (values, key) => {
      const type = {
        name: values.name,
        code: values.code,
        default_rate: typedAmount(values.default_rate),
        capacity_adults: Number(values.capacity_adults),
        capacity_children: Number(values.capacity_children),
        numbers: (values.numbers ?? "").split(/[,;\s]+/).filter(Boolean),
      };
      await api.post("/api/room-types", {}, type, key);
      fill();
      form.querySelector("input")?.focus();
      await added();
    },
    signal,
  );
  return form;
}
