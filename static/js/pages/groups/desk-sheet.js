/**
 * A group's arrival or departure in one sheet: who of it comes or goes now, and beside each what stood in the way.
 */
import { Problem, api } from "../../api.js";
import { methodWords, paymentMethods } from "../../choices.js";
import { h, swap } from "../../dom.js";
import { statusChip } from "../../elements/status-chip.js";
import { toast } from "../../elements/toast-list.js";
import { checkbox, field, formDialog, select } from "../../forms.js";
import { formatDates, formatMoney } from "../../format.js";
import { t, tn } from "../../i18n.js";
import { businessDate } from "../../store.js";
import { standingWords } from "../reservations/free-room.js";

/** @typedef {import("innkeeper/api").ReservationView} Stay */
/** @typedef {import("innkeeper/api").GroupDetail} Group */
/** @typedef {import("innkeeper/api").Outcome} Outcome */

/**
 * @param {Group} group
 * @param {Stay[]} stays
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export async function checkInSheet(group, stays, done, signal) {
  const due = stays.filter(({ allowed_events }) => allowed_events.includes("check_in"));
  const offers = await freeRooms(group, due, signal);
  sheet(
    {
      title: t("groups.check_in"),
      submit: t("groups.check_in_submit"),
      stays: due,
      detail: (stay) => (stay.room_number ? t("room.number", { number: stay.room_number }) : roomChoice(stay, offers.get(datesOf(stay)) ?? [])),
      more: () => [checkbox(t("groups.take_dirty"), "override_dirty")],
      send: (chosen, values, key) =>
        api.post(
          "/api/groups/{id}/check-in",
          { id: group.id },
          {
            stays: chosen.map(({ id }) => ({ reservation_id: id, ...(values[`room-${id}`] && { room_id: Number(values[`room-${id}`]) }) })),
            ...(values.override_dirty && { override_dirty: true }),
          },
          key,
        ),
      said: (count) => tn("groups.checked_in", count),
    },
    done,
    signal,
  );
}

/** @param {Stay} stay */
export const mayLeave = ({ allowed_events }) => allowed_events.includes("check_out");

/** Whose departure has come. @param {Stay} stay */
export const isLeaving = (stay) => mayLeave(stay) && stay.check_out_date <= businessDate();

/**
 * What each owes is told where the group pays none of it: of the rest only the departure itself knows.
 * @param {Group} group
 * @param {Stay[]} stays
 * @param {import("innkeeper/api").MasterPays} pays
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export async function checkOutSheet(group, stays, pays, done, signal) {
  // Who stays on stands below, for a group that leaves early.
  const due = [...stays.filter(isLeaving), ...stays.filter((stay) => mayLeave(stay) && !isLeaving(stay))];
  const methods = await paymentMethods().catch(() => []);
  sheet(
    {
      title: t("groups.check_out"),
      submit: t("groups.check_out_submit"),
      stays: due,
      isChosen: isLeaving,
      detail: ({ room_number, balance }) => [
        room_number && t("room.number", { number: room_number }),
        pays === "nothing" && balance !== 0 && h("span", { class: balance > 0 ? "is-due" : "" }, ` ${formatMoney(balance)}`),
      ],
      more: () => [
        due.some(({ balance }) => balance > 0) &&
          field(
            { label: t("groups.pay_by"), name: "payment_method", hint: t("groups.pay_hint") },
            select([{ value: "", label: t("groups.pay_not") }, ...methods.map((name) => ({ value: name, label: methodWords(name) }))], ""),
          ),
      ],
      send: (chosen, values, key) =>
        api.post(
          "/api/groups/{id}/check-out",
          { id: group.id },
          { stays: chosen.map(({ id }) => id), ...(values.payment_method && { payment_method: values.payment_method }) },
          key,
        ),
      said: (count) => tn("groups.checked_out", count),
    },
    done,
    signal,
  );
}

/**
 * @param {{ title: string, submit: string, stays: Stay[], detail: (stay: Stay) => import("../../dom.js").Child,
 *   more: () => import("../../dom.js").Child[], isChosen?: (stay: Stay) => boolean, said: (count: number) => string,
 *   send: (chosen: Stay[], values: Record<string, string>, key: string) => Promise<{ items: Outcome[] }> }} options
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function sheet({ title, submit, stays, detail, more, isChosen = () => true, said, send }, done, signal) {
  /** @type {Set<number>} */
  const finished = new Set();
  const list = h("ul", { class: "desk-sheet" }, stays.map((stay) => line(stay, detail(stay), isChosen(stay))));
  const all = h("input", { type: "checkbox", checked: stays.every(isChosen) });
  formDialog(
    {
      title,
      submit,
      is_wide: true,
      fields: (life) => {
        all.addEventListener(
          "change",
          () => {
            for (const box of list.querySelectorAll("input[type=checkbox]:enabled")) /** @type {HTMLInputElement} */ (box).checked = all.checked;
          },
          { signal: life },
        );
        return [stays.length > 1 && h("label", { class: "checkbox" }, all, h("span", {}, t("groups.all_of_them"))), list, ...more()];
      },
      send: async (values, key) => {
        const chosen = stays.filter(({ id }) => values[`stay-${id}`] && !finished.has(id));
        if (chosen.length === 0) throw new Problem(422, { detail: t("groups.nobody_chosen") });
        const { items } = await send(chosen, values, key);
        items.forEach((outcome) => mark(list, outcome, finished));
        done();
        const failed = items.filter(({ is_done }) => !is_done).length;
        if (failed > 0) throw new Problem(422, { detail: tn("groups.not_done", failed) });
        toast(said(items.length));
      },
    },
    signal,
  );
}

/** @param {Stay} stay @param {import("../../dom.js").Child} detail @param {boolean} is_chosen */
function line(stay, detail, is_chosen) {
  const box = checkbox(stay.guest_name, `stay-${stay.id}`, is_chosen);
  box.append(h("span", { class: "muted" }, `${stay.room_type_name} · ${formatDates(stay.check_in_date, stay.check_out_date)}`));
  return h(
    "li",
    { "data-field": `stay-${stay.id}` },
    box,
    h("div", { class: "desk-sheet-detail" }, detail),
    h("p", { class: "field-error", role: "status" }),
  );
}

/** @param {HTMLElement} list @param {Outcome} outcome @param {Set<number>} finished */
function mark(list, { reservation_id: id, is_done, problem, status, room_number }, finished) {
  const row = list.querySelector(`[data-field="stay-${id}"]`);
  const slot = row?.querySelector(".field-error");
  if (slot) slot.textContent = problem ?? "";
  const box = row?.querySelector("input[type=checkbox]");
  if (!is_done || !row || !(box instanceof HTMLInputElement)) return;
  finished.add(id);
  box.disabled = true;
  const detail = row.querySelector(".desk-sheet-detail");
  if (detail) swap(detail, room_number && t("room.number", { number: room_number }), " ", statusChip(status));
}

/** @param {Stay} stay */
const datesOf = ({ check_in_date, check_out_date }) => `${check_in_date}/${check_out_date}`;

/**
 * What is free for each of the group's dates.
 * @param {Group} group
 * @param {Stay[]} stays
 * @param {AbortSignal} signal
 */
async function freeRooms(group, stays, signal) {
  const wanted = stays.filter(({ room_id }) => room_id === null);
  const dates = [...new Set(wanted.map(datesOf))];
  const found = await Promise.all(
    dates.map(async (key) => {
      const [check_in_date = "", check_out_date = ""] = key.split("/");
      const asked = { check_in_date, check_out_date, group_id: group.id, too_small: true };
      const { items } = await api.get("/api/rooms/available", asked, signal).catch(() => ({ items: [] }));
      return /** @type {const} */ ([key, items]);
    }),
  );
  return new Map(found);
}

/** @param {Stay} stay @param {import("innkeeper/api").AvailableType[]} offers */
function roomChoice(stay, offers) {
  const rooms = offers.find(({ room_type_id }) => room_type_id === stay.room_type_id)?.rooms ?? [];
  return select(
    [
      { value: "", label: t("groups.first_free") },
      ...rooms.map((room) => ({ value: String(room.id), label: `${room.room_number} · ${standingWords(room)}` })),
    ],
    "",
    { name: `room-${stay.id}`, "aria-label": t("groups.room_for", { guest: stay.guest_name }) },
  );
}
