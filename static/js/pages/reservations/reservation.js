/**
 * One reservation on one page: the stay, its guest, price per night, folio and history; every allowed
 * transition is a button.
 */
import { api } from "../../api.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { openMenu } from "../../elements/menu.js";
import { lengthWords } from "../../elements/page-head.js";
import { optionMark } from "../../elements/option.js";
import { rateKindChip } from "../../elements/rate-kind.js";
import { overdueChip, statusChip } from "../../elements/status-chip.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { formatDates } from "../../format.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { navigate } from "../../router.js";
import { holdsTyped } from "../../typed.js";
import { takePayment } from "../folio/payment.js";
import { takeSecurity } from "../folio/security.js";
import { folioCard } from "../folio/folio-card.js";
import { cancel, confirm, move, noShow, undo } from "./actions.js";
import { bookedCard } from "./booked.js";
import { checkIn } from "./check-in.js";
import { checkOut } from "./check-out.js";
import { extend } from "./extend.js";
import { historyCard } from "./history.js";
import { nightsCard } from "./nights.js";
import { whatHappens } from "./next-step.js";
import { peopleCard } from "./people-card.js";
import { foundGroup } from "./found-group.js";
import { stayCard } from "./stay-card.js";

/** @typedef {import("innkeeper/api").ReservationDetail} ReservationDetail */
/** @typedef {import("innkeeper/api").Event} ReservationEvent */
/** @typedef {import("innkeeper/api").DepartureView} Departure */
/** @typedef {import("./actions.js").Desk} Desk */

export const title = () => t("word.reservation");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  const id = Number(params.id);
  const head = h("div", {});
  const cards = {
    stay: h("section", { class: "card" }),
    people: h("section", { class: "card" }),
    nights: h("section", { class: "card" }),
    folio: h("section", { class: "card" }),
    history: h("section", { class: "card" }),
  };
  const booked = h("div", {});
  let is_editing = false;
  let version = 0;
  const editing = (/** @type {boolean} */ is) => {
    is_editing = is;
  };
  const refresh = () => Promise.all([refreshStay(), refreshFolio()]).then(() => {});
  const again = () => {
    is_editing = false;
    version = 0;
    void refresh();
  };
  const refreshStay = keepFresh(
    head,
    {
      areas: ["reservations", "payments", "guests", "rooms"],
      load: async () => {
        const stay = await api.get("/api/reservations/{id}", { id }, signal);
        const may_leave = stay.allowed_events.includes("check_out");
        return { stay, leaving: may_leave ? await api.get("/api/reservations/{id}/departure", { id }, signal) : null };
      },
      show: ({ stay, leaving }) => {
        document.title = [stay.guest_name, t("app.name")].join(" · ");
        if (params.is_new) swap(booked, bookedCard(stay));
        // While someone types in a card it keeps what it shows; the version tells on saving.
        if (!is_editing || !version) {
          const page = { done: again, editing, signal };
          if (!holdsTyped(cards.stay)) swap(cards.stay, stayCard(stay, page));
          if (!holdsTyped(cards.nights)) swap(cards.nights, nightsCard(stay, page));
        }
        version = stay.version;
        return reservationHead(stay, leaving, again, signal);
      },
      skeleton: () => skeletonLines(2),
    },
    signal,
  );
  swap(cards.stay, skeletonLines(6));
  const refreshFolio = keepFresh(
    cards.folio,
    {
      areas: ["reservations", "payments", "articles"],
      load: () =>
        Promise.all([
          api.get("/api/reservations/{id}", { id }, signal),
          api.get("/api/reservations/{id}/folio", { id }, signal),
          api.get("/api/articles", { is_active: true, page_size: 100 }, signal),
        ]),
      show: ([stay, folio, articles]) => folioCard(stay, folio, articles.items, again, signal),
      skeleton: () => skeletonLines(6),
    },
    signal,
  );
  keepFresh(
    cards.people,
    {
      areas: ["reservations", "guests"],
      load: () => api.get("/api/reservations/{id}/guests", { id }, signal),
      show: (people) => peopleCard(id, people, again, signal),
      skeleton: () => skeletonLines(2),
    },
    signal,
  );
  historyCard(cards.history, "reservation", id, signal);
  return h(
    "div",
    { class: "page page-reservation" },
    booked,
    head,
    h(
      "div",
      { class: "reservation-grid" },
      h("div", { class: "stack" }, cards.stay, cards.people, cards.nights),
      h("div", { class: "stack" }, cards.folio, cards.history),
    ),
  );
}

/**
 * @param {ReservationDetail} stay
 * @param {Departure | null} leaving
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function reservationHead(stay, leaving, done, signal) {
  return h(
    "header",
    { class: "page-head reservation-head" },
    h(
      "div",
      { class: "page-head-words" },
      h(
        "h1",
        {},
        stay.guest_name,
        stay.guest_is_vip && h("span", { class: "chip chip-vip" }, icon("star"), t("word.vip")),
        statusChip(stay.status),
        overdueChip(stay),
        optionMark(stay),
        rateKindChip(stay),
      ),
      h(
        "p",
        { class: "page-lead" },
        h("span", { class: "code" }, stay.confirmation_number),
        h("span", {}, formatDates(stay.check_in_date, stay.check_out_date, "weekday")),
        h("span", {}, lengthWords(stay)),
        h("span", {}, stay.room_number ? t("room.number", { number: stay.room_number }) : t("room.none")),
      ),
      partyLine(stay, signal),
    ),
    h("div", { class: "page-actions" }, actionButtons(stay, done, signal)),
    nextStep(stay, leaving),
  );
}

/**
 * The group, or the rooms that were booked together with this one, which become one when somebody asks.
 * @param {ReservationDetail} stay
 * @param {AbortSignal} signal
 */
const partyLine = ({ id: own, party, group_id, group_name }, signal) =>
  group_id
    ? h("p", { class: "page-lead" }, icon("group"), h("a", { href: `/groups/${group_id}` }, group_name))
    : party.length > 0 &&
  h(
    "p",
    { class: "page-lead" },
    h("span", {}, t("reservation.party")),
    party.map(({ id, guest_name, room_number, status }) =>
      h(
        "a",
        { href: `/reservations/${id}`, class: ["cancelled", "no_show"].includes(status) ? "is-struck" : "" },
        [room_number ?? t("room.none"), guest_name].join(" · "),
      ),
    ),
    may("desk") &&
      button({ label: t("groups.found"), is_small: true, key: "found-group", signal, onclick: () => foundGroup(own, signal) }),
  );

/** What the first button will do. @param {ReservationDetail} stay @param {Departure | null} leaving */
function nextStep(stay, leaving) {
  const [event] = foremostOf(stay);
  if (!event) return null;
  return h(
    "p",
    { class: "next-step", id: "next-step" },
    icon(EVENT_ICONS[event]),
    h("span", {}, h("b", {}, `${t(`event.${event}`)}: `), whatHappens(event, stay, leaving)),
  );
}

/** What of a stay is put on paper. */
const PRINTS = /** @type {const} */ (["registration", "confirmation", "receipt"]);

/** What is done with a stay most days, in this order; the rest is behind "More". */
/** @type {ReservationEvent[]} */
const FOREMOST = ["check_in", "check_out", "confirm", "reinstate"];
/** For who should have come before today. @type {ReservationEvent[]} */
const FOREMOST_OVERDUE = ["check_in", "no_show", "cancel"];

/** What is done next, the first step first. @param {ReservationDetail} stay */
const foremostOf = ({ overdue, allowed_events }) =>
  overdue === "arrival"
    ? FOREMOST_OVERDUE.filter((event) => allowed_events.includes(event)).slice(0, 1)
    : FOREMOST.filter((event) => allowed_events.includes(event));

/**
 * @param {ReservationDetail} stay
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function actionButtons(stay, done, signal) {
  const allowed = may("desk") ? stay.allowed_events : [];
  const foremost = may("desk") ? foremostOf(stay) : [];
  const others = allowed.filter((event) => !foremost.includes(event));
  const may_leave_security = may("desk") && stay.status === "checked_in";
  const openOthers = (/** @type {HTMLElement} */ anchor) =>
    openMenu(
      anchor,
      t("word.more"),
      [
        ...others.map((event) => ({
          label: t(`event.${event}`),
          detail: whatHappens(event, stay, null),
          sign: EVENT_ICONS[event],
          is_danger: event === "cancel" || event === "no_show",
          run: () => void perform(event, stay, { anchor, done, signal }),
        })),
        ...(may_leave_security
          ? [
              {
                label: t("security.take"),
                detail: t("security.hint"),
                sign: /** @type {const} */ ("lock"),
                run: () => void takeSecurity(stay, done, signal),
              },
            ]
          : []),
      ],
      signal,
    );
  const openPrints = (/** @type {HTMLElement} */ anchor) =>
    openMenu(
      anchor,
      t("action.print"),
      PRINTS.map((kind) => ({
        label: t(`print.${kind}`),
        sign: "printer",
        run: () => void navigate(`/reservations/${stay.id}/print/${kind}`),
      })),
      signal,
    );
  return [
    button({ sign: "printer", name: t("action.print"), key: "print", signal, onclick: openPrints }),
    (others.length > 0 || may_leave_security) &&
      button({ label: [t("word.more"), icon("down")], key: "more", signal, onclick: openOthers }),
    stay.balance > 0 &&
      may("desk") &&
      button({
        label: t("step.pay"),
        sign: "card",
        key: "pay",
        signal,
        onclick: () => void takePayment(stay, done, signal),
      }),
    foremost.map((event, i) =>
      button({
        label: t(`event.${event}`),
        sign: EVENT_ICONS[event],
        ...(i === 0 && { look: "primary" }),
        key: event,
        signal,
        onclick: (anchor) => void perform(event, stay, { anchor, done, signal }),
      }),
    ),
  ];
}

/** @type {Record<ReservationEvent, import("../../icons.js").IconName>} */
const EVENT_ICONS = {
  confirm: "check",
  check_in: "key",
  check_out: "leave",
  cancel: "ban",
  no_show: "absent",
  extend: "calendar",
  move: "bed",
  undo_check_in: "undo",
  undo_check_out: "undo",
  reinstate: "undo",
};

/**
 * @param {ReservationEvent} event
 * @param {ReservationDetail} stay
 * @param {Desk} desk
 */
function perform(event, stay, desk) {
  switch (event) {
    case "confirm":
      return confirm(stay, desk);
    case "check_in":
      return checkIn(stay, desk);
    case "check_out":
      return checkOut(stay, desk);
    case "cancel":
      return cancel(stay, desk);
    case "no_show":
      return noShow(stay, desk);
    case "extend":
      return extend(stay, desk);
    case "move":
      return move(stay, desk);
    case "undo_check_in":
    case "undo_check_out":
    case "reinstate":
      return undo(stay, event, desk);
  }
}
