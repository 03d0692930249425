/**
 * Arrivals, departures and in-house guests, each row with its one next step.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { arrivalHour } from "../../elements/arrival.js";
import { optionMark } from "../../elements/option.js";
import { lengthWords, people } from "../../elements/page-head.js";
import { dueLook, overdueWords, statusChip } from "../../elements/status-chip.js";
import { showFailure } from "../../failure.js";
import { select } from "../../forms.js";
import { empty } from "../../fresh.js";
import { formatDate, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { once } from "../../intents.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { businessDate } from "../../store.js";
import { takePayment } from "../folio/payment.js";
import { cancel, confirm, move, noShow } from "../reservations/actions.js";
import { checkIn } from "../reservations/check-in.js";
import { checkOut } from "../reservations/check-out.js";
import { extend } from "../reservations/extend.js";
import { roomBoard, roomStates, stateSign } from "./room-states.js";

/** @typedef {import("innkeeper/api").ReservationView} Reservation */
/** @typedef {import("../../types.js").Paged<Reservation>} Page */
/** @typedef {import("innkeeper/api").ChartView} TapeChart */
/** @typedef {{ date: string, arrivals: Page, departures: Page, in_house: Page, chart: TapeChart, placed: Placed, sorting: Sorting }} Day */
/** @typedef {{ by: string, change: (by: string) => void }} Sorting */
/** The rows of each list, in the order in which they were first shown. @typedef {Map<string, number[]>} Placed */
/**
 * What the rows know besides their stay.
 * @typedef {{ done: () => void, signal: AbortSignal, is_today: boolean, vips: Set<number>,
 *   states: ReturnType<typeof roomStates> }} Desk
 */

/**
 * @param {Day} day
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function dayLists({ date, arrivals, departures, in_house, chart, placed, sorting }, done, signal) {
  const desk = {
    done,
    signal,
    is_today: date === businessDate(),
    vips: new Set(chart.stays.filter((stay) => stay.is_vip).map((stay) => stay.reservation_id)),
    states: roomStates(chart),
  };
  const leaving = new Set(
    departures.items.filter((stay) => stay.status === "checked_in").map((stay) => stay.room_id),
  );
  const wanted = new Set(
    arrivals.items.filter((stay) => stay.allowed_events.includes("cancel")).map((stay) => stay.room_id),
  );
  const lists = [
    list(
      "arrivals",
      arrivals,
      placed,
      (stay) =>
        row(stay, desk, {
          step: arrivalStep(stay, desk),
          is_turnover: leaving.has(stay.room_id) && stay.status !== "checked_in",
          is_awaited: stay.status !== "checked_in",
        }),
      arrivals.items.length > 1 && sortChoice(sorting, signal),
      new Map(chart.stays.map(({ group_id, group_name }) => [group_id, group_name ?? ""])),
    ),
    list("departures", departures, placed, (stay) =>
      row(stay, desk, { step: departureStep(stay, desk), is_wanted: wanted.has(stay.room_id) }),
    ),
    list("in_house", in_house, placed, (stay) =>
      row(stay, desk, {
        step: inHouseStep(stay, desk),
        is_staying: true,
        is_last_day: stay.check_out_date === date,
      }),
    ),
  ];
  // The first thing to do is told by its look; the rest wait quietly until somebody turns to them.
  lists.map((one) => one.querySelector(".row-step")).find(Boolean)?.classList.add("is-next");
  return [lists, desk.is_today && chart.rooms.length > 0 && roomBoard(chart)];
}

/**
 * What is still to be done comes first, overdue ones before the rest; within that the server's order stays.
 * What is done meanwhile keeps its place: no other button slides under the pointer that has just pressed one.
 * @param {"arrivals" | "departures" | "in_house" | "options"} name
 * @param {Page} page
 * @param {Placed} placed
 * @param {(stay: Reservation) => Node} show
 * @param {import("../../dom.js").Child} [tool]
 * @param {Map<number | null, string>} [names] of groups, whose stays stand together under theirs
 */
export function list(name, page, placed, show, tool = null, names) {
  const is_open = (/** @type {Reservation} */ stay) =>
    stay.overdue !== null || stay.allowed_events.includes(name === "arrivals" ? "check_in" : "check_out");
  const items =
    name === "in_house" || name === "options"
      ? page.items
      : inPlace(
          name,
          [...page.items].sort((a, b) => Number(is_open(b)) - Number(is_open(a))),
          placed,
        );
  return h(
    "section",
    { class: `card day-list day-list-${name}`, "aria-labelledby": `list-${name}` },
    h(
      "header",
      { class: "card-head" },
      h("h2", { id: `list-${name}` }, t(`list.${name}`)),
      h("span", { class: "count" }, page.total),
      tool,
    ),
    items.length
      ? h("ul", { class: "stay-rows" }, names ? together(items, names, show) : items.map(show))
      : empty(
          name === "departures" ? "leave" : name === "arrivals" ? "key" : "bed",
          t(`list.${name}_empty`),
          t(`list.${name}_empty_text`),
        ),
    page.total > items.length &&
      h("p", { class: "card-foot" }, t("list.more", { count: page.total - items.length })),
  );
}

/**
 * The stays of a group one after the other, where its first stands.
 * @param {Reservation[]} items
 * @param {Map<number | null, string>} names
 * @param {(stay: Reservation) => Node} show
 */
function together(items, names, show) {
  const shown = new Set();
  return items.flatMap((stay) => {
    const { group_id: id } = stay;
    const own = id === null ? [] : items.filter(({ group_id }) => group_id === id);
    if (id === null || own.length < 2) return [show(stay)];
    if (shown.has(id)) return [];
    shown.add(id);
    const head = h(
      "li",
      { class: "group-row" },
      icon("group"),
      h("a", { href: `/groups/${id}`, "data-key": `group-${id}` }, names.get(id) || t("groups.group")),
      h("span", { class: "muted" }, tn("list.of_group", own.length)),
    );
    return [head, ...own.map(show)];
  });
}

/** By which of them the arrivals stand. @type {[string, import("../../i18n.js").Key][]} */
const SORTS = [
  ["guest_name", "field.guest"],
  ["room_number", "field.room"],
  ["expected_arrival_time", "field.expected_arrival"],
];

/**
 * @param {Sorting} sorting
 * @param {AbortSignal} signal
 */
const sortChoice = ({ by, change }, signal) =>
  h(
    "label",
    { class: "sort-choice" },
    h("span", { class: "muted" }, t("list.sort")),
    select(
      SORTS.map(([value, label]) => ({ value, label: t(label) })),
      by,
      {
        "data-key": "sort-arrivals",
        "data-passing": true,
        signal,
        onchange: (/** @type {Event} */ event) => change(/** @type {HTMLSelectElement} */ (event.target).value),
      },
    ),
  );

/**
 * @param {string} name
 * @param {Reservation[]} items
 * @param {Placed} placed
 */
function inPlace(name, items, placed) {
  const stays = new Map(items.map((stay) => [stay.id, stay]));
  const order = [...new Set([...(placed.get(name) ?? []), ...stays.keys()])].filter((id) => stays.has(id));
  placed.set(name, order);
  return order.map((id) => stays.get(id)).filter((stay) => stay !== undefined);
}

/**
 * @param {Reservation} stay
 * @param {Desk} desk
 * @param {Marks & { step: Node | null, is_staying?: boolean, when?: string }} options
 */
export function row(stay, desk, { step, is_staying = false, when, ...marks }) {
  const length = is_staying
    ? t("stay.until", { date: formatDate(stay.check_out_date, "weekday") })
    : lengthWords(stay);
  return h(
    "li",
    { class: `stay-row ${step ? "" : "is-done"}` },
    roomMark(stay, desk),
    h(
      "div",
      { class: "stay-words" },
      h(
        "a",
        { class: "stay-name", href: `/reservations/${stay.id}`, "data-key": `name-${stay.id}` },
        stay.guest_name,
        desk.vips.has(stay.id) &&
          h("span", { class: "chip chip-vip" }, icon("star"), t("word.vip")),
      ),
      h(
        "p",
        { class: "stay-detail" },
        h("span", {}, when ?? length),
        marks.is_awaited && arrivalHour(stay),
        h(
          "span",
          { class: "with-icon" },
          icon("people"),
          h("span", { class: "visually-hidden" }, t("field.people")),
          people(stay.adults, stay.children),
        ),
        stay.cots > 0 && h("span", {}, tn("count.cots", stay.cots)),
        h("span", { class: "stay-type" }, stay.room_type_name),
      ),
      markLine(stay, marks),
    ),
    h("div", { class: "stay-balance" }, balance(stay)),
    h("div", { class: "stay-step" }, step ?? statusChip(stay.status)),
  );
}

/** @typedef {{ is_turnover?: boolean, is_wanted?: boolean, is_last_day?: boolean, is_awaited?: boolean }} Marks */

/**
 * What whoever serves this guest should know, in full words.
 * @param {Reservation} stay
 * @param {Marks} marks
 */
function markLine(stay, { is_turnover, is_wanted, is_last_day, is_awaited }) {
  const marks = [
    stay.overdue && mark("clock", overdueWords(stay), "mark-overdue"),
    optionMark(stay),
    stay.rate_kind !== "paying" && mark("coin", t(`rate_kind.${stay.rate_kind}`)),
    is_awaited && stay.is_expected_late && mark("moon", t("stay.late_arrival"), "mark-warn"),
    is_turnover && mark("clock", t("stay.turnover"), "mark-warn"),
    is_wanted && stay.status === "checked_in" && mark("clock", t("stay.wanted"), "mark-warn"),
    is_last_day && mark("leave", t("stay.leaves_today")),
    stay.special_requests && mark("wish", stay.special_requests),
    stay.notes && mark("note", stay.notes),
  ].filter(Boolean);
  return marks.length > 0 && h("p", { class: "stay-marks" }, marks);
}

/**
 * @param {import("../../icons.js").IconName} sign
 * @param {string} words
 * @param {string} [extra]
 */
const mark = (sign, words, extra = "") =>
  h("span", { class: `mark ${extra}`.trim(), title: words }, icon(sign), h("span", {}, words));

/** @param {Reservation} stay */
const balance = (stay) =>
  stay.balance > 0
    ? h("span", { class: `amount ${dueLook(stay)}` }, formatMoney(stay.balance))
    : stay.balance < 0
      ? h("span", { class: "amount" }, formatMoney(stay.balance))
      : h("span", { class: "is-paid with-icon" }, icon("check"), t("stay.paid"));

/** How ready the room is that somebody waits for. @param {Reservation} stay @param {Desk} desk */
function awaited(stay, desk) {
  const state = desk.states.get(stay.room_id ?? 0);
  return desk.is_today && state && stay.allowed_events.includes("check_in") ? stateSign(state) : null;
}

/**
 * The room, or the button that finds one.
 * @param {Reservation} stay
 * @param {Desk} desk
 */
function roomMark(stay, desk) {
  if (stay.room_number)
    return h(
      "span",
      { class: "room-mark" },
      h("span", { class: "visually-hidden" }, t("field.room")),
      stay.room_number,
      awaited(stay, desk),
    );
  if (!stay.allowed_events.includes("move")) return h("span", { class: "room-mark is-empty" }, "–");
  return stepButton(stay, "assign", "room-mark is-empty", desk, (anchor) => move(stay, { ...desk, anchor }));
}

/**
 * @param {Reservation} stay
 * @param {"check_in" | "check_out" | "confirm" | "pay" | "assign" | "no_show" | "cancel" | "extend" | "hold" | "release"} name
 * @param {string} looks
 * @param {Desk} desk
 * @param {(anchor: HTMLElement) => void} run
 */
export const stepButton = (stay, name, looks, desk, run) =>
  may("desk")
    ? h(
        "button",
        {
          type: "button",
          class: looks,
          "data-key": `${name}-${stay.id}`,
          "aria-label": t(`step.${name}_label`, { guest: stay.guest_name }),
          signal: desk.signal,
          onclick: (/** @type {MouseEvent} */ event) => run(/** @type {HTMLElement} */ (event.currentTarget)),
        },
        t(`step.${name}`),
      )
    : null;

/**
 * Who should have come is checked in late, taken for a no-show, or the booking is given up: whoever
 * decides has two of these ways before them. Of any other arrival it is one.
 * @param {Reservation} stay
 * @param {Desk} desk
 */
function arrivalStep(stay, desk) {
  const steps = !desk.is_today ? ARRIVAL_STEPS.other_day : ARRIVAL_STEPS[stay.overdue ? "overdue" : "due"];
  const allowed = steps.filter((one) => stay.allowed_events.includes(one)).slice(0, stay.overdue && desk.is_today ? 2 : 1);
  const buttons = allowed.map((step) =>
    stepButton(stay, step, step === "check_in" ? FIRST : OTHER, desk, (anchor) => void takeStep(step, stay, { ...desk, anchor })),
  );
  return stepsOf(buttons);
}

/** Filled under the pointer or the focus, and where it is the next to be done. */
const FIRST = "button button-small row-step";
const OTHER = "button button-small";

/** @param {(HTMLElement | null)[]} buttons */
export function stepsOf(buttons) {
  const shown = buttons.filter((one) => one !== null);
  return shown.length > 1 ? h("div", { class: "stay-steps" }, shown) : (shown[0] ?? null);
}

/** @typedef {"check_in" | "no_show" | "cancel" | "confirm"} ArrivalStep */
/** The first of them that the server allows. @type {Record<"due" | "overdue" | "other_day", ArrivalStep[]>} */
const ARRIVAL_STEPS = {
  due: ["check_in", "confirm"],
  overdue: ["check_in", "no_show", "cancel"],
  other_day: ["confirm"],
};

/**
 * @param {ArrivalStep} step
 * @param {Reservation} stay
 * @param {import("../reservations/actions.js").Desk} desk
 */
async function takeStep(step, stay, desk) {
  if (step === "check_in") return checkIn(stay, desk);
  if (step === "confirm") return confirm(stay, desk);
  if (step === "no_show") return noShow(stay, desk);
  await once(desk.anchor, async () => {
    try {
      // What it costs is said first, and only the whole booking knows it.
      cancel(await api.get("/api/reservations/{id}", { id: stay.id }, desk.signal), desk);
    } catch (error) {
      showFailure(error, desk.done);
    }
  });
}

/**
 * Who should have left leaves now, or stays on.
 * @param {Reservation} stay
 * @param {Desk} desk
 */
const departureStep = (stay, desk) =>
  desk.is_today && stay.allowed_events.includes("check_out")
    ? stepsOf([
        stepButton(stay, "check_out", FIRST, desk, (anchor) => void checkOut(stay, { ...desk, anchor })),
        stay.overdue && stay.allowed_events.includes("extend")
          ? stepButton(stay, "extend", OTHER, desk, (anchor) => extend(stay, { ...desk, anchor }))
          : null,
      ])
    : null;

/** @param {Reservation} stay @param {Desk} desk */
function inHouseStep(stay, desk) {
  if (stay.overdue) return departureStep(stay, desk);
  if (stay.balance > 0)
    return stepButton(
      stay,
      "pay",
      "button button-small",
      desk,
      () => void takePayment(stay, desk.done, desk.signal),
    );
  return null;
}
