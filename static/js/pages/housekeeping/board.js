/**
 * Housekeeping's day, the most urgent room first. Made for a thumb: each room's next states are the
 * largest things on it.
 */
import { findBoard, setRoomStatus } from "../../calls.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { chipChoice, selectFilter } from "../../elements/filters.js";
import { openMenu } from "../../elements/menu.js";
import { pageHead, people } from "../../elements/page-head.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate } from "../../format.js";
import { icon } from "../../icons.js";
import { once } from "../../intents.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { reportProblem } from "./problem.js";

/** @typedef {import("../../types.js").Task} Task */
/** @typedef {import("../../types.js").Board} Board */
/** @typedef {import("../../types.js").Housekeeping} Housekeeping */
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
const STATE_ICONS = { dirty: "broom", clean: "check", inspected: "star" };

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
  const lead = h("span", {});
  const bar = h("div", { class: "board-filters" });
  const list = h("div", {});
  /** @param {Board} shown */
  const show = ({ date, items }) => {
    const here = items.filter((task) => !floor || String(task.floor) === floor);
    lead.textContent = [formatDate(date, "weekday"), tn("board.left", here.filter(SHOWS.open).length)].join(
      " · ",
    );
    const shown = here.filter(SHOWS[view]);
    if (shown.length)
      return h(
        "ul",
        { class: "tasks" },
        shown.map((task) => taskItem(task, () => void refresh(), signal)),
      );
    return items.length
      ? empty("star", t("board.done"), t("board.done_text"))
      : empty("bed", t("chart.no_rooms"));
  };
  const again = () => board && swap(list, show(board));
  const refresh = keepFresh(
    list,
    {
      areas: ["rooms", "reservations", "room_types", "settings"],
      load: () => findBoard(signal),
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
          again();
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
            again();
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
        t("print.print"),
      ),
    }),
    bar,
    list,
  );
}

/**
 * @param {Task} task
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const taskItem = (task, done, signal) =>
  h(
    "li",
    { class: `task duty-${task.duty} is-${task.housekeeping}` },
    h("div", { class: "task-room" }, h("h2", {}, task.room_number), h("span", {}, task.room_type_name)),
    h("div", { class: "task-words" }, dutyLine(task), notes(task)),
    may("rooms")
      ? stateButtons(task, done, signal)
      : h(
          "span",
          { class: "with-icon" },
          icon(STATE_ICONS[task.housekeeping]),
          stateWords(task.housekeeping),
        ),
  );

/** @param {Housekeeping} state */
const stateWords = (state) => t(`housekeeping.${state}`);

/** @type {Record<import("../../types.js").Duty, import("../../icons.js").IconName>} */
const DUTY_ICONS = {
  turnover: "sort",
  departure: "leave",
  arrival: "key",
  stay_over: "bed",
  vacant: "minus",
  out_of_order: "ban",
};

/** What the day asks of the room. @param {Task} task */
const dutyLine = ({ duty, housekeeping, arriving, departure_date, guest_name }) =>
  h(
    "p",
    { class: "task-duty" },
    h("span", { class: "chip" }, icon(DUTY_ICONS[duty]), t(`duty.${duty}`)),
    housekeeping === "dirty" &&
      h("span", { class: "room-state is-dirty" }, icon(STATE_ICONS.dirty), stateWords("dirty")),
    duty === "stay_over" &&
      departure_date &&
      h("span", {}, t("stay.until", { date: formatDate(departure_date) })),
    arriving && h("span", { class: "with-icon" }, icon("people"), people(arriving.adults, arriving.children)),
    arriving?.is_vip && h("span", { class: "chip chip-vip" }, icon("star"), t("guest.vip")),
    guest_name && h("span", { class: "muted" }, guest_name),
  );

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
    arriving && line("note", arriving.special_requests),
    line("note", room_notes),
  ];
}

/**
 * @param {Task} task
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function stateButtons(task, done, signal) {
  const state = (/** @type {"clean" | "inspected"} */ to) => {
    const made = button({
      label: stateWords(to),
      sign: STATE_ICONS[to],
      key: `${to}-${task.id}`,
      name: t("board.set_label", { room: task.room_number, state: stateWords(to) }),
      signal,
      onclick: (anchor) => void once(anchor, () => setState(task, to, done)),
    });
    made.setAttribute("aria-pressed", String(task.housekeeping === to));
    return made;
  };
  return h(
    "div",
    { class: "task-buttons" },
    state("clean"),
    state("inspected"),
    button({
      label: t("board.problem"),
      sign: "wrench",
      key: `problem-${task.id}`,
      name: t("board.problem_label", { room: task.room_number }),
      signal,
      onclick: () => reportProblem(task, done, signal),
    }),
    button({
      sign: "more",
      look: "quiet",
      key: `more-${task.id}`,
      name: t("folio.menu_of", { name: t("room.number", { number: task.room_number }) }),
      signal,
      onclick: (anchor) =>
        openMenu(anchor, t("room.number", { number: task.room_number }), more(task, done), signal),
    }),
  );
}

/** @param {Task} task @param {() => void} done */
const more = (task, done) => [
  { label: t("board.dirty_again"), sign: STATE_ICONS.dirty, run: () => void setState(task, "dirty", done) },
  ...(task.reported_occupancy
    ? [{ label: t("board.seen_nothing"), run: () => void saw(task, null, done) }]
    : []),
  ...(task.occupancy === "occupied"
    ? [{ label: t("board.seen_vacant"), run: () => void saw(task, "vacant", done) }]
    : [{ label: t("board.seen_occupied"), run: () => void saw(task, "occupied", done) }]),
];

/**
 * @param {Task} task
 * @param {Housekeeping} housekeeping
 * @param {() => void} done
 */
async function setState(task, housekeeping, done) {
  const set = async (/** @type {Housekeeping} */ to) => {
    try {
      await setRoomStatus(task.id, { housekeeping: to });
      done();
      return true;
    } catch (error) {
      showFailure(error);
      return false;
    }
  };
  if (housekeeping === task.housekeeping || !(await set(housekeeping))) return;
  toast(t("board.set", { room: task.room_number, state: stateWords(housekeeping) }), {
    action: { label: t("action.undo"), run: () => void set(task.housekeeping) },
  });
}

/**
 * What was seen in the room, which the desk may know otherwise.
 * @param {Task} task
 * @param {"vacant" | "occupied" | null} reported_occupancy
 * @param {() => void} done
 */
async function saw(task, reported_occupancy, done) {
  try {
    await setRoomStatus(task.id, { reported_occupancy });
    done();
  } catch (error) {
    showFailure(error);
  }
}
