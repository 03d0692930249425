/**
 * The business date's step to the next day: what is still open is told first, each with the page that
 * mends it; the step itself can be taken back while nothing was done on the new day.
 */
import { api } from "../../api.js";
import { addDays } from "../../dates.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { openDialog } from "../../elements/dialog.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { field, formError, input, onSubmit } from "../../forms.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate, formatDates, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { businessDate } from "../../store.js";

/** @typedef {import("innkeeper/api").DisplacedView} Displaced */
/** @typedef {import("innkeeper/api").DayCloseView} DayClose */
/** @typedef {import("innkeeper/api").OpenStay} OpenStay */
/** @typedef {import("../../elements/dialog.js").Dialog} Dialog */

const UNDO_MS = 30_000;
/** How many stays of a kind are shown before the rest is folded away. */
const FIRST = 5;
/** @type {DayClose["open"][number]["case"][]} */
const DUE_NOW = ["overdue_departure", "departure", "unsettled"];

/** @param {AbortSignal} signal the frame's: it stays while pages come and go */
export function dayMoveDialog(signal) {
  const today = businessDate();
  openDialog(
    { title: t("day.move_title", { date: formatDate(addDays(today, 1), "weekday") }), wide: true },
    (dialog) => {
      const body = h("div", { class: "day-move" });
      keepFresh(
        body,
        {
          areas: ["reservations", "payments", "rooms", "settings"],
          load: () => api.get("/api/day-close", {}, dialog.signal),
          show: (day) => {
            // Moved on at another desk meanwhile: there is nothing to ask any more.
            if (day.business_date !== today) dialog.close();
            return [openCases(day, dialog), moveForm(day, dialog)];
          },
          skeleton: () => skeletonLines(5),
        },
        dialog.signal,
      );
      return body;
    },
    signal,
  );
}

/**
 * @param {DayClose} day
 * @param {Dialog} dialog
 */
function openCases(day, dialog) {
  const stays = day.open.reduce((count, { total }) => count + total, 0);
  if (!stays && !day.dirty_rooms.length)
    return h("p", { class: "dialog-intro with-icon" }, icon("check"), t("day.all_done"));
  return [
    h("p", { class: "dialog-intro" }, stays ? t("day.still_open") : t("day.only_rooms")),
    day.open.map((group) => openGroup(group, dialog)),
    day.dirty_rooms.length > 0 && dirtyRooms(day.dirty_rooms, dialog),
  ];
}

/**
 * @param {DayClose["open"][number]} group
 * @param {Dialog} dialog
 */
function openGroup({ case: reason, total, stays }, dialog) {
  const owes = DUE_NOW.includes(reason);
  const rows = stays.map((stay) => openStay(stay, owes, dialog));
  return h(
    "section",
    { class: `open-group ${reason.startsWith("overdue") ? "is-overdue" : ""}` },
    h("h3", {}, t(`day.case_${reason}`), " ", h("span", { class: "count" }, total)),
    h("p", { class: "muted" }, t(`day.mend_${reason}`)),
    h("ul", { class: "lines" }, rows.slice(0, FIRST)),
    rows.length > FIRST &&
      h(
        "details",
        {},
        h("summary", {}, t("day.more", { count: total - FIRST })),
        h("ul", { class: "lines" }, rows.slice(FIRST)),
      ),
    total > stays.length &&
      h("p", { class: "muted" }, t("list.more", { count: total - stays.length })),
  );
}

/**
 * @param {OpenStay} stay
 * @param {boolean} owes whether its balance is due now
 * @param {Dialog} dialog
 */
const openStay = (stay, owes, dialog) =>
  h(
    "li",
    {},
    h("span", { class: "room-mark" }, stay.room_number ?? "–"),
    h(
      "span",
      { class: "grow" },
      h(
        "a",
        {
          class: "link",
          href: `/reservations/${stay.reservation_id}`,
          signal: dialog.signal,
          onclick: dialog.close,
        },
        stay.guest_name,
      ),
      h("span", { class: "muted" }, ` ${formatDates(stay.check_in_date, stay.check_out_date)}`),
      stay.expected_arrival_time &&
        h("span", { class: "muted" }, ` · ${t("stay.expected", { time: stay.expected_arrival_time })}`),
      stay.option_date &&
        h("span", { class: "muted" }, ` · ${t("option.held", { date: formatDate(stay.option_date, "weekday") })}`),
    ),
    owes &&
      stay.balance !== 0 &&
      h("span", { class: `amount ${stay.balance > 0 ? "is-due" : ""}` }, formatMoney(stay.balance)),
  );

/**
 * @param {DayClose["dirty_rooms"]} rooms
 * @param {Dialog} dialog
 */
const dirtyRooms = (rooms, dialog) =>
  h(
    "section",
    { class: "open-group" },
    h("h3", {}, t("day.dirty_rooms"), " ", h("span", { class: "count" }, rooms.length)),
    h(
      "p",
      {},
      h(
        "a",
        { class: "link", href: "/housekeeping", signal: dialog.signal, onclick: dialog.close },
        t("nav.housekeeping"),
      ),
      h("span", { class: "muted" }, ` ${rooms.map((room) => room.room_number).join(", ")}`),
    ),
  );

/**
 * @param {DayClose} day
 * @param {Dialog} dialog
 */
function moveForm(day, dialog) {
  const may_move = !day.needs_reason || may("own");
  const is_clear = day.open.length === 0;
  const form = h(
    "form",
    { class: "form" },
    day.needs_reason &&
      h(
        "p",
        { class: "mark-warn" },
        t(may_move ? "day.ahead_reason" : "day.ahead_owner", {
          calendar: formatDate(day.calendar_date, "weekday"),
        }),
      ),
    day.needs_reason && may_move && field({ label: t("field.reason"), name: "reason" }, input()),
    formError(),
    h(
      "footer",
      { class: "dialog-foot" },
      button({ label: t("action.back"), signal: dialog.signal, onclick: dialog.leave }),
      may_move &&
        h(
          "button",
          { type: "submit", class: "button button-primary", autofocus: is_clear },
          is_clear ? t("day.move_on", { date: formatDate(day.next_date) }) : t("day.move_anyway"),
        ),
    ),
  );
  onSubmit(
    form,
    async ({ reason }) => {
      const { displaced } = await api.patch("/api/settings", {}, {
        business_date: day.next_date,
        ...(reason && { reason }),
      });
      dialog.close();
      document.dispatchEvent(new Event("innkeeper:day-moved"));
      toast(t("day.moved", { date: formatDate(day.next_date, "weekday") }), {
        duration_ms: UNDO_MS,
        action: { label: t("action.undo"), run: () => void goBack(day.business_date) },
      });
      if (displaced.length > 0) toast(displacedWords(displaced), { kind: "error", duration_ms: UNDO_MS });
    },
    dialog.signal,
  );
  return form;
}

/** As many as one message can name. */
const MOST_NAMED = 5;

/** Who lost a room to somebody who has not left, and where each is now. @param {Displaced[]} displaced */
function displacedWords(displaced) {
  const named = displaced
    .slice(0, MOST_NAMED)
    .map(({ guest_name, room_number }) => `${guest_name} → ${room_number ?? t("room.none")}`);
  const more = displaced.length - named.length;
  return t("day.displaced", { guests: named.concat(more > 0 ? `+${more}` : []).join(", ") });
}

/** @param {string} date the day before, while nothing was done on this one */
export async function goBack(date) {
  try {
    await api.patch("/api/settings", {}, { business_date: date });
    document.dispatchEvent(new Event("innkeeper:day-moved"));
    toast(t("day.moved_back", { date: formatDate(date, "weekday") }));
  } catch (error) {
    showFailure(error);
  }
}
