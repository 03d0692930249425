/**
 * What is sold, and the rooms themselves: set up, changed, taken out of order, deleted.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { searchFilter, selectFilter } from "../../elements/filters.js";
import { rowMenu } from "../../elements/menu.js";
import { pageHead } from "../../elements/page-head.js";
import { amountInput, field, formDialog, input, select, textarea, typedAmount } from "../../forms.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatMoney } from "../../format.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { blocksDialog } from "./blocks.js";
import { partyPriceFields, readPartyPrice } from "./party-price.js";

/** @typedef {import("innkeeper/api").RoomView} Room */
/** @typedef {import("innkeeper/api").RoomTypeView} RoomType */

export const title = () => t("nav.rooms");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  const filters = { q: params.q ?? "", type: "" };
  const cards = h("div", { class: "stack" });
  const card = (/** @type {import("../../dom.js").Child} */ content) =>
    h("section", { class: "card table-card" }, content);
  const again = () => void refresh();
  const refresh = keepFresh(
    cards,
    {
      areas: ["rooms", "room_types", "reservations"],
      load: () =>
        Promise.all([
          api.get("/api/room-types", { page_size: 100 }, signal),
          api.get("/api/housekeeping", {}, signal),
        ]),
      show: ([types, board]) => [
        card(typesCard(types.items, again, signal)),
        card(roomsCard(types.items, board.items, filters, again, again, signal)),
      ],
      skeleton: () => [card(skeletonLines(4)), card(skeletonLines(10))],
    },
    signal,
  );
  return h("div", { class: "page" }, pageHead({ title: t("nav.rooms") }), cards);
}

/**
 * @param {RoomType[]} types
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const typesCard = (types, done, signal) => [
  h(
    "header",
    { class: "card-head" },
    h("h2", {}, t("rooms.types")),
    h("span", { class: "count" }, types.length),
    may("manage") &&
      button({
        label: t("rooms.add_type"),
        sign: "plus",
        is_small: true,
        key: "add-type",
        signal,
        onclick: () => typeDialog(null, done, signal),
      }),
  ),
  types.length
    ? dataTable(
        [
          { label: t("field.room_type"), kind: "main", cell: (type) => type.name },
          { label: t("field.code"), cell: (type) => h("span", { class: "code" }, type.code) },
          {
            label: t("field.people"),
            cell: (type) =>
              [
                tn("count.adults", type.capacity_adults),
                type.capacity_children && tn("count.children", type.capacity_children),
              ]
                .filter(Boolean)
                .join(", "),
          },
          { label: t("rooms.beds"), kind: "words", cell: (type) => type.bed_config },
          { label: t("field.rate"), kind: "number", cell: (type) => formatMoney(type.default_rate) },
          { label: t("word.rooms"), kind: "number", cell: (type) => type.room_count },
          {
            label: t("word.more"),
            kind: "menu",
            cell: (type) =>
              may("manage") &&
              rowMenu(
                type.name,
                `type-${type.id}`,
                [
                  { label: t("action.edit"), sign: "edit", run: () => typeDialog(type, done, signal) },
                  {
                    label: t("action.delete"),
                    is_danger: true,
                    run: () =>
                      confirmDelete(
                        type.name,
                        () => api.delete("/api/room-types/{id}", { id: type.id }),
                        done,
                        signal,
                      ),
                  },
                ],
                signal,
              ),
          },
        ],
        types,
      )
    : empty("bed", t("rooms.no_types"), t("rooms.no_types_text")),
];

/**
 * @param {RoomType[]} types
 * @param {Room[]} all
 * @param {{ q: string, type: string }} filters
 * @param {() => void} again shows the list anew
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function roomsCard(types, all, filters, again, done, signal) {
  const shown = all
    .filter((room) => !filters.type || String(room.room_type_id) === filters.type)
    .filter((room) => room.room_number.toLowerCase().includes(filters.q.toLowerCase()))
    .sort((a, b) => a.room_number.localeCompare(b.room_number, undefined, { numeric: true }));
  const find = searchFilter(t("rooms.search"), filters.q, (q) => change({ q }), signal);
  find.querySelector("input")?.setAttribute("data-key", "room-search");
  const change = (/** @type {Partial<typeof filters>} */ with_these) => {
    Object.assign(filters, with_these);
    again();
  };
  return [
    h(
      "header",
      { class: "card-head" },
      h("h2", {}, t("word.rooms")),
      h("span", { class: "count" }, shown.length),
      may("manage") &&
        types.length > 0 &&
        button({
          label: t("action.add_rooms"),
          sign: "plus",
          is_small: true,
          key: "add-rooms",
          signal,
          onclick: () => roomsDialog(types, done, signal),
        }),
    ),
    h(
      "div",
      { class: "card-body filters" },
      find,
      selectFilter(
        t("field.room_type"),
        typeOptions(types),
        filters.type,
        (type) => change({ type }),
        signal,
      ),
    ),
    shown.length
      ? dataTable(
          [
            { label: t("field.room"), kind: "main", cell: (room) => room.room_number },
            { label: t("field.room_type"), kind: "words", cell: (room) => room.room_type_name },
            { label: t("field.floor"), kind: "number", cell: (room) => room.floor },
            { label: t("rooms.view"), cell: (room) => room.view_type },
            {
              label: t("field.state"),
              cell: (room) =>
                [t(`housekeeping.${room.housekeeping}`), t(`occupancy.${room.occupancy}`)].join(" · "),
            },
            {
              label: t("rooms.blocked"),
              kind: "words",
              cell: (room) =>
                room.block &&
                h(
                  "span",
                  { class: "mark mark-warn" },
                  `${t(`block.${room.block.kind}`)}: ${room.block.reason}`,
                ),
            },
            { label: t("field.notes"), cell: (room) => room.notes && h("span", { class: "cell-note" }, room.notes) },
            {
              label: t("word.more"),
              kind: "menu",
              cell: (room) =>
                rowMenu(
                  t("room.number", { number: room.room_number }),
                  `room-${room.id}`,
                  roomMenu(room, types, done, signal),
                  signal,
                ),
            },
          ],
          shown,
        )
      : empty(
          "bed",
          all.length ? t("rooms.none_found") : t("word.no_rooms"),
          all.length ? "" : t("rooms.none_text"),
        ),
  ];
}

/**
 * @param {Room} room
 * @param {RoomType[]} types
 * @param {() => void} done
 * @param {AbortSignal} signal
 * @returns {import("../../elements/menu.js").MenuItem[]}
 */
const roomMenu = (room, types, done, signal) => [
  { label: t("rooms.blocks"), sign: "wrench", run: () => blocksDialog(room, done, signal) },
  ...(may("manage")
    ? /** @type {import("../../elements/menu.js").MenuItem[]} */ ([
        { label: t("action.edit"), sign: "edit", run: () => roomDialog(room, types, done, signal) },
        {
          label: t("action.delete"),
          is_danger: true,
          run: () =>
            confirmDelete(
              t("room.number", { number: room.room_number }),
              () => api.delete("/api/rooms/{id}", { id: room.id }),
              done,
              signal,
            ),
        },
      ])
    : []),
];

/** @param {RoomType[]} types */
const typeOptions = (types) => types.map((type) => ({ value: String(type.id), label: type.name }));

/** @param {string} label @param {string} name @param {number} value @param {number} min */
const number = (label, name, value, min) =>
  field({ label, name }, input({ type: "number", min, max: 50, value }));

/**
 * @param {RoomType | null} type
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const typeDialog = (type, done, signal) =>
  formDialog(
    {
      title: type ? type.name : t("rooms.add_type"),
      submit: t("action.save"),
      fields: (inner) => [
        h(
          "div",
          { class: "field-pair" },
          field(
            { label: t("field.room_type"), name: "name" },
            input({ value: type?.name ?? "", placeholder: t("field.room_type_example"), autofocus: true, required: true }),
          ),
          field(
            { label: t("field.code"), name: "code" },
            input({ value: type?.code ?? "", maxlength: 20, required: true }),
          ),
        ),
        h(
          "div",
          { class: "field-trio" },
          field(
            { label: t("field.rate"), name: "default_rate" },
            amountInput(type?.default_rate ?? null, { signal: inner, required: true }),
          ),
          number(t("field.adults"), "capacity_adults", type?.capacity_adults ?? 2, 1),
          number(t("field.children"), "capacity_children", type?.capacity_children ?? 0, 0),
        ),
        partyPriceFields(type, inner),
        field({ label: t("rooms.beds"), name: "bed_config" }, input({ value: type?.bed_config ?? "" })),
        field(
          { label: t("rooms.amenities"), name: "amenities", hint: t("rooms.amenities_hint") },
          input({ value: type?.amenities.join(", ") ?? "" }),
        ),
      ],
      send: async (values, key) => {
        const body = {
          name: values.name,
          code: values.code,
          bed_config: values.bed_config,
          default_rate: typedAmount(values.default_rate),
          capacity_adults: Number(values.capacity_adults),
          capacity_children: Number(values.capacity_children),
          amenities: words(values.amenities),
          ...readPartyPrice(values),
        };
        if (type) await api.patch("/api/room-types/{id}", { id: type.id }, { ...body, version: type.version });
        else await api.post("/api/room-types", {}, body, key);
        done();
      },
    },
    signal,
  );

/** @param {string | undefined} text @param {RegExp} [between] */
const words = (text, between = /\s*,\s*/) => (text ?? "").split(between).filter(Boolean);

/** A whole number, or nothing. @param {string | undefined} text */
const whole = (text) => (text ? Number(text) : null);

/**
 * @param {RoomType[]} types
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const roomsDialog = (types, done, signal) =>
  formDialog(
    {
      title: t("action.add_rooms"),
      submit: t("action.add_rooms"),
      fields: () => [
        field(
          { label: t("field.room_numbers"), name: "numbers", hint: t("field.room_numbers_hint") },
          input({ placeholder: "101-112", autofocus: true }),
        ),
        h(
          "div",
          { class: "field-pair" },
          field(
            { label: t("field.room_type"), name: "room_type_id" },
            select(typeOptions(types), String(types[0]?.id ?? "")),
          ),
          field({ label: t("field.floor"), name: "floor" }, input({ type: "number", min: -20, max: 200 })),
        ),
      ],
      send: async ({ numbers, room_type_id, floor }, key) => {
        const body = {
          room_type_id: Number(room_type_id),
          floor: whole(floor),
          numbers: words(numbers, /[,;\s]+/),
        };
        await api.post("/api/rooms/batch", {}, body, key);
        done();
      },
    },
    signal,
  );

/**
 * @param {Room} room
 * @param {RoomType[]} types
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const roomDialog = (room, types, done, signal) =>
  formDialog(
    {
      title: t("room.number", { number: room.room_number }),
      submit: t("action.save"),
      fields: () => [
        h(
          "div",
          { class: "field-pair" },
          field(
            { label: t("field.room"), name: "room_number" },
            input({ value: room.room_number, autofocus: true }),
          ),
          field(
            { label: t("field.room_type"), name: "room_type_id" },
            select(typeOptions(types), String(room.room_type_id)),
          ),
        ),
        h(
          "div",
          { class: "field-pair" },
          field(
            { label: t("field.floor"), name: "floor" },
            input({ type: "number", min: -20, max: 200, value: room.floor ?? "" }),
          ),
          field({ label: t("rooms.view"), name: "view_type" }, input({ value: room.view_type })),
        ),
        field({ label: t("field.notes"), name: "notes" }, textarea({ value: room.notes })),
      ],
      send: async ({ room_number, room_type_id, floor, view_type, notes }) => {
        const named = { room_number, view_type, notes };
        const numbered = { room_type_id: Number(room_type_id), floor: whole(floor), version: room.version };
        await api.patch("/api/rooms/{id}", { id: room.id }, { ...named, ...numbered });
        done();
      },
    },
    signal,
  );

/**
 * Asks first; what still needs the thing is said by the server.
 * @param {string} name
 * @param {() => Promise<unknown>} remove
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const confirmDelete = (name, remove, done, signal) =>
  formDialog(
    {
      title: t("rooms.delete_title", { name }),
      submit: t("action.delete"),
      is_danger: true,
      intro: h("p", { class: "dialog-intro" }, t("rooms.delete_text")),
      fields: () => [],
      send: async () => {
        await remove();
        done();
      },
    },
    signal,
  );
