/**
 * A longer stay: its price before it is booked; and when the room is taken, who is in the way and every
 * way around them, each one press.
 */
import { api } from "../../api.js";
import { addDays, isDate } from "../../dates.js";
import { stayFacts } from "../../day-facts.js";
import { debounce, h, swap } from "../../dom.js";
import { dateInput } from "../../elements/date-field.js";
import { extraWords } from "../../elements/extras.js";
import { NotSent, explain, isAborted } from "../../failure.js";
import { clearErrors, field, formDialog, showFormError } from "../../forms.js";
import { formatDate, formatDates, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { Intent, once } from "../../intents.js";
import { t, tn } from "../../i18n.js";
import { brokenList } from "../../restriction-words.js";
import { businessDate } from "../../store.js";
import { apply } from "./actions.js";
import { sendOrOverride } from "./override.js";

/** @typedef {import("innkeeper/api").ReservationView} Reservation */
/** @typedef {import("innkeeper/api").ExtensionView} Extension */
/** @typedef {import("innkeeper/api").ExtendRequest} Longer */
/** @typedef {import("innkeeper/api").ExtensionOption} ExtensionOption */
/** @typedef {import("./actions.js").Desk} Desk */

const REST_MS = 120;
/** Longer extensions are told as a sum. */
const NIGHTS_SHOWN = 7;

/**
 * @param {Reservation} stay
 * @param {Desk} desk
 */
export function extend(stay, desk) {
  // Who should have left stays tonight at least.
  const last = stay.check_out_date < businessDate() ? businessDate() : stay.check_out_date;
  const date = dateInput({
    value: addDays(last, 1),
    min: addDays(last, 1),
    autofocus: true,
    facts: () => stayFacts(stay),
  });
  const preview = h("div", { class: "extension", role: "status" });
  const dialog = formDialog(
    {
      title: t("stay.extend_title", { guest: stay.guest_name }),
      submit: t("event.extend"),
      intro: h(
        "p",
        { class: "dialog-intro" },
        t("stay.extend_text", { date: formatDate(stay.check_out_date, "weekday") }),
      ),
      fields: (signal) => {
        const load = debounce(() => void show(signal), REST_MS, signal);
        date.addEventListener("input", load, { signal });
        return [
          h("div", { "data-passing": true }, field({ label: t("stay.check_out_date"), name: "check_out_date" }, date)),
          preview,
        ];
      },
      send: async ({ check_out_date = "" }, key) => {
        try {
          await book({ check_out_date }, key, stayWords(stay, check_out_date));
        } catch (error) {
          // Taken meanwhile: the ways around it are asked for again.
          if (!(error instanceof NotSent)) void show(dialog.signal);
          throw error;
        }
      },
    },
    desk.signal,
  );
  const submit = dialog.element.querySelector("[type=submit]");
  /** @param {Longer} body @param {string} key @param {string} message @param {boolean} [moves_others] */
  const book = (body, key, message, moves_others) => {
    const send = async (/** @type {Pick<Longer, "override_restrictions" | "reason">} */ more, /** @type {string} */ again) => {
      const sent = api.post("/api/reservations/{id}/extend", { id: stay.id }, { ...body, ...more }, again);
      await apply(sent, stay, "extend", message, desk, moves_others);
      // The question on top of it was answered.
      if (more.reason) dialog.close();
    };
    return sendOrOverride(send, key, dialog.signal, dialog.element.querySelector("form"));
  };
  /** @param {Extension | null} found */
  const offer = (found) => {
    if (!(submit instanceof HTMLButtonElement)) return;
    submit.disabled = !found?.is_free;
    submit.hidden = found !== null && !found.is_free;
    submit.textContent = found
      ? t("stay.extend_submit", { amount: formatMoney(found.added_amount) })
      : t("event.extend");
  };
  let turn = 0;
  /** @param {AbortSignal} signal */
  const show = async (signal) => {
    const mine = (turn += 1);
    offer(null);
    if (!isDate(date.value)) return swap(preview);
    try {
      const asked = { id: stay.id, check_out_date: date.value };
      const found = await api.get("/api/reservations/{id}/extension", asked, signal);
      if (mine !== turn) return;
      offer(found);
      swap(preview, brokenList(found.broken), found.is_free ? price(found) : taken(found, choose, signal));
    } catch (error) {
      if (mine === turn && !isAborted(error)) swap(preview, h("p", { class: "form-error" }, explain(error)));
    }
  };
  const intent = new Intent();
  /** @param {HTMLElement} anchor @param {Longer} body @param {string} message @param {boolean} moves_others */
  const choose = (anchor, body, message, moves_others) =>
    once(anchor, async () => {
      clearErrors(dialog.element);
      try {
        await intent.run(body, (key) => book(body, key, message, moves_others));
        dialog.close();
      } catch (error) {
        if (error instanceof NotSent) return;
        showFormError(dialog.element, error);
        void show(dialog.signal);
      }
    });
  void show(dialog.signal);

  /**
   * @param {Extension} found
   * @param {typeof choose} run
   * @param {AbortSignal} signal
   */
  function taken(found, run, signal) {
    const list = h("div", { class: "ways-around" });
    const fill = (/** @type {boolean} */ rerate) =>
      swap(
        list,
        found.options.map((option, i) => optionButton(stay, found, option, { rerate, key: `option-${i}` }, run, signal)),
      );
    fill(false);
    const differs = found.options.some((option) => option.rerated_amount !== option.added_amount);
    return [
      found.conflicts.length
        ? h("p", { class: "mark-warn with-icon" }, icon("warning"), t("extend.taken", { room: found.conflicts[0]?.room_number ?? "" }))
        : h("p", { class: "mark-warn with-icon" }, icon("warning"), t("extend.none_left")),
      h("ul", { class: "lines" }, found.conflicts.map(conflict)),
      differs && priceChoice(fill, signal),
      found.options.length > 0 ? h("h3", {}, t("extend.instead")) : h("p", { class: "muted" }, t("extend.nothing")),
      list,
    ];
  }
}

/** @param {Extension} found */
function price({ nightly, extras, added_amount, balance }) {
  const line = (/** @type {string} */ label, /** @type {number} */ amount, extra = "") =>
    h("div", { class: extra }, h("dt", {}, label), h("dd", { class: "amount" }, formatMoney(amount)));
  return h(
    "dl",
    { class: "sum-lines" },
    nightly.length <= NIGHTS_SHOWN && nightly.map(({ date, rate }) => line(formatDate(date, "weekday"), rate)),
    extras.filter(({ is_inside }) => !is_inside).map((extra) => line(extraWords(extra), extra.amount)),
    line(t("extend.added", { nights: tn("count.nights", nightly.length) }), added_amount, "is-total"),
    line(t("word.balance"), balance),
  );
}

/** @param {Extension["conflicts"][number]} conflict */
const conflict = ({ reservation_id, guest_name, reason, check_in_date, check_out_date, is_room_locked, night }) =>
  h(
    "li",
    {},
    icon(reservation_id ? "guests" : "ban"),
    h("span", { class: "grow" }, guest_name ?? reason ?? ""),
    is_room_locked && icon("lock"),
    h(
      "span",
      { class: "muted" },
      check_in_date && check_out_date ? formatDates(check_in_date, check_out_date) : formatDate(night, "weekday"),
    ),
  );

/**
 * Whether other rooms cost what was booked, or what they are.
 * @param {(rerate: boolean) => void} choose
 * @param {AbortSignal} signal
 */
const priceChoice = (choose, signal) =>
  h(
    "fieldset",
    { class: "choice", "data-passing": true },
    h("legend", {}, t("field.price")),
    h(
      "div",
      { class: "choice-row" },
      [false, true].map((rerate) =>
        h(
          "label",
          { class: "choice-item" },
          h("input", {
            type: "radio",
            name: "rerate",
            value: rerate ? "1" : "",
            checked: !rerate,
            signal,
            onchange: () => choose(rerate),
          }),
          h("span", {}, t(rerate ? "extend.price_of_room" : "extend.price_as_booked")),
        ),
      ),
    ),
  );

/**
 * @param {Reservation} stay
 * @param {Extension} found
 * @param {ExtensionOption} option
 * @param {{ rerate: boolean, key: string }} how
 * @param {(anchor: HTMLElement, body: Longer, message: string, moves_others: boolean) => Promise<void>} run
 * @param {AbortSignal} signal
 */
function optionButton(stay, { check_out_date }, option, { rerate, key }, run, signal) {
  const { way, parts, added_amount, rerated_amount } = option;
  const is_rerated = rerate && way !== "make_way";
  const body =
    way === "make_way"
      ? { check_out_date, move_conflicting: true }
      : { check_out_date, rerate: is_rerated, parts: parts.map(({ room_id, to }) => ({ room_id, to })) };
  return h(
    "button",
    {
      type: "button",
      class: "button price-choice",
      "data-key": key,
      signal,
      onclick: (/** @type {MouseEvent} */ event) =>
        void run(
          /** @type {HTMLElement} */ (event.currentTarget),
          body,
          doneWords(stay, check_out_date, option),
          way === "make_way",
        ),
    },
    optionWords(option),
    h("b", { class: "amount" }, formatMoney(is_rerated ? rerated_amount : added_amount)),
  );
}

/** @param {ExtensionOption} option */
function optionWords({ way, parts, moved, room_type_name: type }) {
  const rooms = parts.map(({ room_number }) => room_number);
  const last = parts[parts.length - 1];
  if (way === "make_way")
    return moved.map(({ guest_name, room_number }) => t("extend.make_way", { guest: guest_name, room: room_number })).join(" ");
  if (parts.length > 1 && last)
    return t("extend.split", { rooms: rooms.join(" → "), type, date: formatDate(last.from, "weekday") });
  return t("extend.other_room", { room: rooms[0] ?? "", type });
}

/** @param {Reservation} stay @param {string} date */
const stayWords = (stay, date) =>
  isDate(date) ? t("stay.extended", { guest: stay.guest_name, date: formatDate(date, "weekday") }) : "";

/**
 * @param {Reservation} stay
 * @param {string} date
 * @param {ExtensionOption} option
 */
const doneWords = (stay, date, { parts, moved }) =>
  [
    stayWords(stay, date),
    ...parts
      .filter(({ room_number }) => room_number !== stay.room_number)
      .map(({ room_number, from }) => t("extend.room_from", { room: room_number, date: formatDate(from, "weekday") })),
    ...moved.map(({ guest_name, room_number }) => t("extend.moved", { guest: guest_name, room: room_number })),
  ].join(" ");
