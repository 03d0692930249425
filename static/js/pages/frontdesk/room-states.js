/**
 * Every room in one glance: who sleeps in it or how ready it is. Colour, sign and word together.
 */
import { h } from "../../dom.js";
import { formatCount } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").ChartView} TapeChart */
/** @typedef {import("innkeeper/api").ChartRoom} ChartRoom */
/** @typedef {"occupied" | "clean" | "inspected" | "dirty" | "out_of_order"} State */

/** @type {Record<State, import("../../icons.js").IconName>} */
const SIGNS = { occupied: "key", clean: "check", inspected: "checks", dirty: "broom", out_of_order: "wrench" };
const STATES = /** @type {State[]} */ (Object.keys(SIGNS));

/** @param {State} state */
const stateWords = (state) =>
  state === "occupied"
    ? t("house.occupied")
    : state === "out_of_order"
      ? t("block.out_of_order")
      : t(`housekeeping.${state}`);

/** @param {TapeChart} chart @returns {Map<number, State>} by room */
export function roomStates({ rooms, blocks, business_date }) {
  const out = new Set(
    blocks
      .filter(
        ({ kind, start_date, end_date }) =>
          kind === "out_of_order" && start_date <= business_date && business_date < end_date,
      )
      .map((block) => block.room_id),
  );
  const state = (/** @type {ChartRoom} */ room) =>
    room.occupancy === "occupied" ? "occupied" : out.has(room.id) ? "out_of_order" : room.housekeeping;
  return new Map(rooms.map((room) => [room.id, state(room)]));
}

/** The sign of a room's state, with its word for who does not see it. @param {State} state */
export const stateSign = (state) =>
  h(
    "span",
    { class: `room-state is-${state}`, title: stateWords(state) },
    icon(SIGNS[state]),
    h("span", { class: "visually-hidden" }, stateWords(state)),
  );

/** @param {TapeChart} chart */
export function roomBoard(chart) {
  const states = roomStates(chart);
  const count = (/** @type {State} */ state) => [...states.values()].filter((one) => one === state).length;
  return h(
    "section",
    { class: "card day-list-rooms", id: "rooms", "aria-labelledby": "list-rooms" },
    h(
      "header",
      { class: "card-head" },
      h("h2", { id: "list-rooms" }, t("word.rooms")),
      h(
        "p",
        { class: "room-key" },
        STATES.map((state) =>
          h("span", {}, icon(SIGNS[state]), `${stateWords(state)} `, h("b", {}, formatCount(count(state)))),
        ),
      ),
    ),
    h(
      "ul",
      { class: "room-board" },
      chart.rooms.map((room) => {
        const state = states.get(room.id) ?? room.housekeeping;
        return h(
          "li",
          {},
          h(
            "a",
            { class: `room-tile is-${state}`, href: `/chart?room_id=${room.id}` },
            h("strong", {}, room.room_number),
            stateSign(state),
          ),
        );
      }),
    ),
  );
}
