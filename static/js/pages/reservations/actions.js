/**
 * The transitions of a stay as a person does them: what will happen is said first, what was refused
 * is explained, what can be taken back is offered back. Which of them are allowed, the server says.
 */
import { api, intentKey } from "../../api.js";
import { addDays } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { openPopover } from "../../elements/popover.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { checkbox, field, formDialog, input } from "../../forms.js";
import { failed, skeletonLines } from "../../fresh.js";
import { formatDate, formatDates, formatInstant, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { once } from "../../intents.js";
import { t } from "../../i18n.js";
import { businessDate } from "../../store.js";
import { isNow, standing } from "./free-room.js";
import { sendOrOverride } from "./override.js";

/** @typedef {import("innkeeper/api").ReservationView} Reservation */
/** @typedef {import("innkeeper/api").ReservationDetail} ReservationDetail */
/** @typedef {import("innkeeper/api").FreeRoom} FreeRoom */
/** @typedef {import("../../i18n.js").Key} Key */
/** @typedef {import("./override.js").Override} Override */
/** What an action needs to know of its page. */
/** @typedef {{ anchor: HTMLElement, done: () => void, signal: AbortSignal }} Desk */

const UNDO_MS = 30_000;

/** @typedef {"check-in" | "check-out" | "cancel" | "no-show" | "move" | "extend"} Verb */
/** What is asked to be taken back; of a move or an extension the last step is. @typedef {"undo_check_in" | "undo_check_out" | "reinstate"} Reversal */

/** @type {Record<Verb, Reversal | null>} */
const WAY_BACK = {
  "check-in": "undo_check_in",
  "check-out": "undo_check_out",
  cancel: "reinstate",
  "no-show": "reinstate",
  move: null,
  extend: null,
};

/**
 * Tells that a transition is done and offers the way back.
 * @param {Promise<unknown>} sent
 * @param {Reservation} stay
 * @param {Verb} verb
 * @param {string} message
 * @param {Desk} desk
 * @param {boolean} [is_final] nothing takes all of it back
 */
export async function apply(sent, stay, verb, message, desk, is_final = false) {
  await sent;
  desk.done();
  const action = { label: t("action.undo"), run: () => void undo(stay, WAY_BACK[verb], desk) };
  toast(message, { duration_ms: UNDO_MS, ...(!is_final && { action }) });
}

/**
 * @param {Reservation} stay
 * @param {Reversal | null} event
 * @param {Desk} desk
 */
export async function undo(stay, event, desk) {
  try {
    const now = await api.post("/api/reservations/{id}/undo", { id: stay.id }, event ? { event } : {}, intentKey());
    desk.done();
    const guest = stay.guest_name;
    const room = now.room_number ? t("room.number", { number: now.room_number }) : t("room.none");
    const date = formatDate(now.check_out_date, "weekday");
    toast(
      event
        ? t("stay.undone", { guest, status: t(`status.${now.status}`) })
        : t("stay.step_undone", { guest, room, date }),
    );
  } catch (error) {
    showFailure(error);
  }
}

/**
 * A popover of the rooms free for the rest of the stay, in the order in which the server offers them.
 * @param {Reservation} stay
 * @param {string} title
 * @param {(room: FreeRoom) => Promise<void>} choose
 * @param {Desk} desk
 */
export function chooseRoom(stay, title, choose, desk) {
  // Nights that were slept are nobody's any more.
  const today = businessDate();
  const check_in_date = stay.check_in_date < today ? today : stay.check_in_date;
  const next_day = addDays(check_in_date, 1);
  const check_out_date = stay.check_out_date < next_day ? next_day : stay.check_out_date;
  openPopover(
    desk.anchor,
    title,
    (popover) => {
      const body = h("div", { class: "room-choice" }, skeletonLines(3));
      const load = async () => {
        try {
          const { items } = await api.get("/api/rooms/available", { check_in_date, check_out_date }, popover.signal);
          const own_first = [...items].sort(
            (a, b) =>
              Number(b.room_type_id === stay.room_type_id) - Number(a.room_type_id === stay.room_type_id),
          );
          const with_rooms = own_first.filter(({ rooms }) => rooms.length > 0);
          swap(
            body,
            with_rooms.length === 0 && h("p", { class: "muted" }, t("room.none_free")),
            with_rooms.map((type) => roomGroup(type, choose, isNow(check_in_date), popover)),
          );
          body.querySelector("button")?.focus();
        } catch (error) {
          if (!popover.signal.aborted) swap(body, failed(error, load, popover.signal));
        }
      };
      void load();
      return [
        h("h2", { class: "popover-title" }, title),
        h(
          "p",
          { class: "popover-text" },
          stay.guest_name,
          " · ",
          formatDates(check_in_date, check_out_date),
        ),
        body,
      ];
    },
    desk.signal,
  );
}

/**
 * @param {import("innkeeper/api").AvailableType} type
 * @param {(room: FreeRoom) => Promise<void>} choose
 * @param {boolean} is_now
 * @param {import("../../elements/popover.js").Popover} popover
 */
function roomGroup(type, choose, is_now, popover) {
  const { rooms } = type;
  return h(
    "section",
    { class: "room-group" },
    h("h3", {}, type.name),
    h(
      "div",
      { class: "room-buttons" },
      rooms.map((room) =>
        h(
          "button",
          {
            type: "button",
            class: "button room-button",
            signal: popover.signal,
            onclick: (/** @type {MouseEvent} */ event) =>
              void once(/** @type {HTMLElement} */ (event.currentTarget), async () => {
                await choose(room);
                popover.close();
              }),
          },
          h("strong", {}, room.room_number),
          is_now && standing(room),
        ),
      ),
    ),
  );
}

/**
 * Says what a cancellation costs before it is one.
 * @param {ReservationDetail} stay
 * @param {Desk} desk
 * @param {{ title: string, submit: string }} [words] where it is called another name
 */
export function cancel(stay, desk, words) {
  const { fee_now, free_until } = stay.cancellation;
  const text =
    fee_now > 0
      ? t("stay.cancel_fee", { fee: formatMoney(fee_now) })
      : free_until
        ? t("stay.cancel_free_until", { time: formatInstant(free_until) })
        : t("stay.cancel_free");
  formDialog(
    {
      title: words?.title ?? t("stay.cancel_title", { guest: stay.guest_name }),
      submit: words?.submit ?? t("stay.cancel_submit"),
      is_danger: true,
      intro: h("p", { class: "dialog-intro" }, text),
      fields: () => [
        field({ label: t("field.reason"), name: "reason" }, input({ autofocus: true })),
        fee_now > 0 && checkbox(t("stay.waive_fee"), "waive_fee"),
      ],
      send: ({ reason, waive_fee }, key) => {
        const body = { ...(reason && { reason }), ...(waive_fee && { waive_fee: true }) };
        const sent = api.post("/api/reservations/{id}/cancel", { id: stay.id }, body, key);
        return apply(sent, stay, "cancel", t("stay.cancelled", { guest: stay.guest_name }), desk);
      },
    },
    desk.signal,
  );
}

/**
 * @param {Reservation} stay
 * @param {Desk} desk
 */
export function noShow(stay, desk) {
  formDialog(
    {
      title: t("stay.no_show_title", { guest: stay.guest_name }),
      submit: t("event.no_show"),
      is_danger: true,
      intro: [
        h("p", { class: "dialog-intro" }, t("stay.no_show_text")),
        stay.is_expected_late && h("p", { class: "mark mark-warn" }, icon("moon"), h("span", {}, announced(stay))),
      ],
      fields: () => [
        field({ label: t("field.reason"), name: "reason" }, input()),
        stay.is_expected_late && checkbox(t("stay.no_show_late"), "override_late_arrival"),
      ],
      send: ({ reason, override_late_arrival }, key) => {
        const body = { ...(reason && { reason }), ...(override_late_arrival && { override_late_arrival: true }) };
        const sent = api.post("/api/reservations/{id}/no-show", { id: stay.id }, body, key);
        return apply(sent, stay, "no-show", t("stay.no_show_done", { guest: stay.guest_name }), desk);
      },
    },
    desk.signal,
  );
}

/** @param {Reservation} stay */
const announced = ({ expected_arrival_time: time }) =>
  time ? t("stay.announced_late_at", { time }) : t("stay.announced_late");

/**
 * Another room for the nights to come. A stay that has none yet is given one instead.
 * @param {Reservation} stay
 * @param {Desk} desk
 */
export function move(stay, desk) {
  chooseRoom(
    stay,
    stay.room_id ? t("stay.move_title") : t("stay.choose_room"),
    async (room) => {
      const { id, version } = stay;
      const message = t("stay.moved", { guest: stay.guest_name, room: room.room_number });
      const send = async (/** @type {Override} */ more, /** @type {string} */ key) => {
        const body = { room_id: room.id, ...more };
        if (stay.room_id)
          return apply(api.post("/api/reservations/{id}/move", { id }, body, key), stay, "move", message, desk);
        await api.patch("/api/reservations/{id}", { id }, { ...body, version }, key);
        desk.done();
        toast(message);
      };
      try {
        await sendOrOverride(send, intentKey(), desk.signal);
      } catch (error) {
        showFailure(error, desk.done);
      }
    },
    desk,
  );
}

/**
 * @param {Reservation} stay
 * @param {Desk} desk
 */
export function confirm(stay, desk) {
  return once(desk.anchor, async () => {
    try {
      await api.patch("/api/reservations/{id}", { id: stay.id }, { status: "confirmed", version: stay.version });
      desk.done();
      toast(t("stay.confirmed", { guest: stay.guest_name }));
    } catch (error) {
      showFailure(error, desk.done);
    }
  });
}
