/**
 * Housekeeping's day, the most urgent room first. Made for a thumb: each room's next states are the
 * largest things on it.
 */
import { api } from "../../api.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { chipChoice, selectFilter } from "../../elements/filters.js";
import { openMenu } from "../../elements/menu.js";
import { pageHead, people } from "../../elements/page-head.js";
import { showFailure } from "../../failure.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate } from "../../format.js";
import { icon } from "../../icons.js";
import { once } from "../../intents.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { reportProblem } from "./problem.js";

/** @typedef {import("innkeeper/api").TaskView} Task */
/** @typedef {import("innkeeper/api").BoardView} Board */
/** @typedef {import("innkeeper/api").Housekeeping} Housekeeping */
/** @typedef {import("../../dom.js").Child} Child */

const FLOOR = "innkeeper.floor";
const VIEWS = /** @type {const} */ (["open", "inspect", "differ", "all"]);
/** @type {Record<(typeof VIEWS)[number], (task: Task) => boolean>} */
const SHOWS = {
  open: (task) => task.is_open,
  inspect: (task) => task.housekeeping === "clean" && !task.is_open,
  differ: (task) => Boolean(task.discrepancy || task.block),
  all: () => true,
};
/** @type {Record<Housekeeping, import("../../icons.js").IconName>} */
const STATE_ICONS = { dirty: "broom", clean: "check", inspected: "checks" };

/**
 * What was done to the rooms on the list since it was shown: the state a room had, the one it was
 * given, and how high its card was, so that the cards below stay where they are.
 * @typedef {Map<number, { was: Housekeeping, is: Housekeeping, height_px: number }>} Done
 */
/**
 * What a card needs besides its room.
 * @typedef {{ refresh: () => void, done: Done, signal: AbortSignal }} Hands
 */

export const title = () => t("nav.housekeeping");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export function render(_params, signal) {
  /** @type {(typeof VIEWS)[number]} */
  let view = "open";
  let floor = localStorage.getItem(FLOOR) ?? "";
  /** @type {Board | null} */
  let board = null;
  /**
   * The rooms on the list, in the order in which they came onto it. A room that is finished keeps its
   * place, and a new one goes below: nothing slides under a thumb that is on its way.
   * @type {number[] | null}
   */
  let placed = null;
  /** @type {Done} */
  const done = new Map();
  const lead = h("span", {});
  const bar = h("div", { class: "board-filters" });
  const list = h("div", {});
  /** @param {Board} shown */
  const show = ({ date, items }) => {
    const here = items.filter((task) => !floor || String(task.floor) === floor);
    lead.textContent = [formatDate(date, "weekday"), tn("board.left", here.filter(SHOWS.open).length)].join(
      " · ",
    );
    const wanted = here.filter(SHOWS[view]);
    const rooms = new Map(here.map((task) => [task.id, task]));
    placed = [...new Set([...(placed ?? []), ...wanted.map((task) => task.id)])];
    const shown = placed.map((id) => rooms.get(id)).filter((task) => task !== undefined);
    const finished = shown.length - wanted.length;
    const hands = { refresh: () => void refresh(), done, signal };
    if (shown.length)
      return [
        h(
          "ul",
          { class: "tasks" },
          shown.map((task) => taskItem(task, hands, SHOWS[view](task))),
        ),
        finished > 0 &&
          h(
            "p",
            { class: "tasks-finished" },
            h("span", { role: "status" }, tn("board.finished", finished)),
            button({ label: t("board.hide"), look: "quiet", is_small: true, key: "hide", signal, onclick: anew }),
          ),
      ];
    return items.length
      ? empty("check", t("board.done"), t("board.done_text"))
      : empty("bed", t("word.no_rooms"));
  };
  const again = () => board && swap(list, show(board));
  const anew = () => {
    placed = null;
    done.clear();
    again();
  };
  const refresh = keepFresh(
    list,
    {
      areas: ["rooms", "reservations", "room_types", "settings"],
      load: () => api.get("/api/housekeeping", {}, signal),
      show: (loaded) => {
        if (!board) swap(bar, filters(loaded, signal));
        board = loaded;
        return show(loaded);
      },
      skeleton: () => skeletonLines(9),
    },
    signal,
  );
  /** @param {Board} loaded @param {AbortSignal} life */
  const filters = ({ items }, life) => {
    const floors = [...new Set(items.map((task) => task.floor))].filter((one) => one !== null);
    if (!floors.includes(Number(floor))) floor = "";
    return [
      chipChoice(
        t("field.state"),
        VIEWS.map((value) => ({ value, label: t(`board.${value}`) })),
        view,
        (value) => {
          view = /** @type {typeof view} */ (value);
          anew();
        },
        life,
      ),
      floors.length > 1 &&
        selectFilter(
          t("board.floors"),
          floors
            .sort((a, b) => a - b)
            .map((one) => ({ value: String(one), label: t("chart.floor", { floor: one }) })),
          floor,
          (value) => {
            floor = value;
            localStorage.setItem(FLOOR, value);
            anew();
          },
          life,
        ),
    ];
  };
  return h(
    "div",
    { class: "page page-board" },
    pageHead({
      title: t("nav.housekeeping"),
      lead,
      actions: h(
        "a",
        { class: "button only-wide", href: "/print/housekeeping" },
        icon("printer"),
        t("action.print"),
      ),
    }),
    bar,
    list,
  );
}

/**
 * @param {Task} task
 * @param {Hands} hands
 * @param {boolean} is_wanted or finished since the list was shown
 */
const taskItem = (task, hands, is_wanted) =>
  h(
    "li",
    {
      class: `task duty-${task.duty} is-${task.housekeeping} ${is_wanted ? "" : "is-finished"}`.trim(),
      vars: { least: `${hands.done.get(task.id)?.height_px ?? 0}px` },
    },
    h("div", { class: "task-room" }, h("h2", {}, task.room_number), h("span", {}, task.room_type_name)),
    h("div", { class: "task-words" }, dutyLine(task), notes(task)),
    may("rooms")
      ? stateButtons(task, hands)
      : h(
          "span",
          { class: "with-icon" },
          icon(STATE_ICONS[task.housekeeping]),
          stateWords(task.housekeeping),
        ),
  );

/** @param {Housekeeping} state */
const stateWords = (state) => t(`housekeeping.${state}`);

/** @type {Record<import("innkeeper/api").Duty, import("../../icons.js").IconName>} */
const DUTY_ICONS = {
  turnover: "sort",
  departure: "leave",
  arrival: "key",
  stay_over: "bed",
  vacant: "minus",
  out_of_order: "ban",
};

/** What the day asks of the room. @param {Task} task */
const dutyLine = (task) =>
  h("p", { class: "task-duty" }, dutyWords(task));

/** Whether a room that somebody leaves today can be begun with. @param {Task} task */
const guestWords = ({ duty, occupancy }) =>
  duty === "turnover" || duty === "departure"
    ? t(occupancy === "occupied" ? "board.guest_here" : "board.guest_left")
    : "";

/** @param {Task} task */
const dutyWords = (task) => {
  const { duty, housekeeping, arriving, departure_date, guest_name, cots } = task;
  const guest = guestWords(task);
  return [
    h("span", { class: "chip" }, icon(DUTY_ICONS[duty]), t(`duty.${duty}`)),
    guest &&
      h("span", { class: `task-guest is-${task.occupancy}` }, guest),
    housekeeping === "dirty" &&
      h("span", { class: "room-state is-dirty" }, icon(STATE_ICONS.dirty), stateWords("dirty")),
    duty === "stay_over" &&
      departure_date &&
      h("span", {}, t("stay.until", { date: formatDate(departure_date) })),
    arriving && h("span", { class: "with-icon" }, icon("people"), people(arriving.adults, arriving.children)),
    cots > 0 && h("span", { class: "chip" }, tn("count.cots", cots)),
    arriving?.is_vip && h("span", { class: "chip chip-vip" }, icon("star"), t("word.vip")),
    guest_name && h("span", { class: "muted" }, guest_name),
  ];
};

/** @param {Task} task @returns {Child} */
function notes({ discrepancy, block, arriving, notes: room_notes }) {
  const line = (
    /** @type {import("../../icons.js").IconName} */ sign,
    /** @type {string} */ words,
    extra = "",
  ) => words && h("p", { class: `mark ${extra}` }, icon(sign), h("span", {}, words));
  return [
    discrepancy && line("warning", t(`board.${discrepancy}`), "mark-warn"),
    block && line("wrench", `${t(`block.${block.kind}`)}: ${block.reason}`, "mark-warn"),
    arriving?.expected_arrival_time &&
      line("clock", t("stay.expected", { time: arriving.expected_arrival_time })),
    arriving && line("note", arriving.special_requests),
    line("note", room_notes),
  ];
}

/**
 * The room's next states. What was just done is taken back where a problem is told otherwise: the
 * buttons keep their places and sizes.
 * @param {Task} task
 * @param {Hands} hands
 */
function stateButtons(task, hands) {
  const { signal } = hands;
  const before = hands.done.get(task.id);
  const can_undo = before?.is === task.housekeeping;
  const state = (/** @type {"clean" | "inspected"} */ to) => {
    const made = button({
      label: stateWords(to),
      sign: STATE_ICONS[to],
      key: `${to}-${task.id}`,
      name: t("board.set_label", { room: task.room_number, state: stateWords(to) }),
      signal,
      onclick: (anchor) => void once(anchor, () => setState(task, to, hands, anchor)),
    });
    made.setAttribute("aria-pressed", String(task.housekeeping === to));
    return made;
  };
  return h(
    "div",
    { class: "task-buttons" },
    state("clean"),
    state("inspected"),
    can_undo
      ? button({
          label: t("action.undo"),
          sign: "undo",
          key: `undo-${task.id}`,
          name: t("board.undo_label", { room: task.room_number }),
          signal,
          onclick: (anchor) => void once(anchor, () => setState(task, before.was, hands, anchor)),
        })
      : button({
          label: t("board.problem"),
          sign: "wrench",
          key: `problem-${task.id}`,
          name: t("board.problem_label", { room: task.room_number }),
          signal,
          onclick: () => reportProblem(task, hands.refresh, signal),
        }),
    button({
      sign: "more",
      look: "quiet",
      key: `more-${task.id}`,
      name: t("word.actions_for", { name: t("room.number", { number: task.room_number }) }),
      signal,
      onclick: (anchor) =>
        openMenu(anchor, t("room.number", { number: task.room_number }), more(task, hands, can_undo, anchor), signal),
    }),
  );
}

/** @param {Task} task @param {Hands} hands @param {boolean} can_undo @param {HTMLElement} anchor */
const more = (task, hands, can_undo, anchor) => [
  {
    label: t("board.dirty_again"),
    sign: STATE_ICONS.dirty,
    run: () => void setState(task, "dirty", hands, anchor),
  },
  ...(can_undo
    ? [
        {
          label: t("board.problem"),
          sign: /** @type {const} */ ("wrench"),
          run: () => reportProblem(task, hands.refresh, hands.signal),
        },
      ]
    : []),
  ...(task.reported_occupancy
    ? [{ label: t("board.seen_nothing"), run: () => void saw(task, null, hands.refresh) }]
    : []),
  ...(task.occupancy === "occupied"
    ? [{ label: t("board.seen_vacant"), run: () => void saw(task, "vacant", hands.refresh) }]
    : [{ label: t("board.seen_occupied"), run: () => void saw(task, "occupied", hands.refresh) }]),
];

/**
 * Sets the room's state; the card itself then says so and offers the way back.
 * @param {Task} task
 * @param {Housekeeping} is
 * @param {Hands} hands
 * @param {HTMLElement} anchor something on the card
 */
async function setState(task, is, { refresh, done }, anchor) {
  const was = task.housekeeping;
  if (is === was) return;
  const height_px = anchor.closest("li")?.offsetHeight ?? 0;
  try {
    await api.put("/api/rooms/{id}/status", { id: task.id }, { housekeeping: is });
  } catch (error) {
    return showFailure(error);
  }
  if (done.get(task.id)?.was === is) done.delete(task.id);
  else done.set(task.id, { was: done.get(task.id)?.was ?? was, is, height_px });
  refresh();
}

/**
 * What was seen in the room, which the desk may know otherwise.
 * @param {Task} task
 * @param {"vacant" | "occupied" | null} reported_occupancy
 * @param {() => void} done
 */
async function saw(task, reported_occupancy, done) {
  try {
    await api.put("/api/rooms/{id}/status", { id: task.id }, { reported_occupancy });
    done();
  } catch (error) {
    showFailure(error);
  }
}
