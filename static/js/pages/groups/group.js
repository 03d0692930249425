/**
 * One group on one page: what it asked for and has picked up, its stays, and what is done with them together.
 */
import { api } from "../../api.js";
import { daysBetween } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { openMenu } from "../../elements/menu.js";
import { saveChange, showFailure } from "../../failure.js";
import { checkbox, field, formDialog, input } from "../../forms.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate, formatDates, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { navigate } from "../../router.js";
import { businessDate } from "../../store.js";
import { holdsTyped } from "../../typed.js";
import { historyCard } from "../reservations/history.js";
import { reservationTable } from "../reservations/table.js";
import { blockCard } from "./block-card.js";
import { checkInSheet, checkOutSheet, isLeaving, mayLeave } from "./desk-sheet.js";
import { groupFields, readGroup } from "./group-form.js";
import { loadMaster, masterCard } from "./master-card.js";
import { openRoomingList } from "./rooming-list.js";
import { groupChip, pickUp } from "./words.js";

/** @typedef {import("innkeeper/api").GroupDetail} Group */
/** @typedef {import("innkeeper/api").ReservationView} Stay */

export const title = () => t("groups.group");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  const id = Number(params.id);
  const head = h("div", {});
  const block = h("section", { class: "card block-card" });
  const stays = h("section", { class: "card table-card" });
  const master = h("section", { class: "card" });
  const history = h("section", { class: "card" });
  const refresh = keepFresh(
    head,
    {
      areas: ["groups", "reservations", "payments", "rooms"],
      load: () => Promise.all([api.get("/api/groups/{id}", { id }, signal), allStays(id, signal), loadMaster(id, signal)]),
      show: ([group, all, bill]) => {
        document.title = [group.name, t("app.name")].join(" · ");
        if (!holdsTyped(block)) swap(block, blockCard(group, again, signal));
        swap(stays, staysCard(group, all, again, signal));
        swap(master, masterCard(group, bill, all, again, signal));
        return groupHead(group, all, bill.master.pays, again, signal);
      },
      skeleton: () => skeletonLines(2),
    },
    signal,
  );
  const again = () => void refresh();
  swap(block, skeletonLines(6));
  historyCard(history, "booking_group", id, signal);
  return h("div", { class: "page page-group" }, head, h("div", { class: "stack" }, block, stays, h("div", { class: "reservation-grid" }, master, history)));
}

/** @param {number} group_id @param {AbortSignal} signal */
async function allStays(group_id, signal) {
  /** @type {Stay[]} */
  const found = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const part = await api.get("/api/reservations", { group_id, page, page_size: 100, sort: "guest_name" }, signal);
    found.push(...part.items);
    pages = part.pages;
  }
  return found;
}

/** @param {Group} group */
const isOpen = ({ status }) => status === "tentative" || status === "definite";

/**
 * @param {Group} group
 * @param {Stay[]} stays
 * @param {import("innkeeper/api").MasterPays} pays
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function groupHead(group, stays, pays, done, signal) {
  return h(
    "header",
    { class: "page-head reservation-head" },
    h(
      "div",
      { class: "page-head-words" },
      h("h1", {}, group.name, groupChip(group)),
      h(
        "p",
        { class: "page-lead" },
        h("span", { class: "code" }, group.code),
        h("span", {}, formatDates(group.arrival_date, group.departure_date, "weekday")),
        h("span", {}, tn("count.nights", daysBetween(group.arrival_date, group.departure_date))),
        h("span", {}, t("groups.pick_up_of", { of: pickUp(group) })),
        group.balance !== 0 && h("span", {}, `${t("word.balance")} ${formatMoney(group.balance)}`),
        group.company_id && h("a", { href: `/reservations?company_id=${group.company_id}` }, group.company_name),
        group.guest_id && h("a", { href: `/guests/${group.guest_id}` }, group.guest_name),
      ),
      group.notes && h("p", { class: "with-icon muted" }, icon("note"), group.notes),
    ),
    may("desk") && h("div", { class: "page-actions" }, actions(group, stays, pays, done, signal)),
  );
}

/**
 * What is done next is filled: names first, then the arrival, then the departure.
 * @param {Group} group
 * @param {Stay[]} stays
 * @param {import("innkeeper/api").MasterPays} pays
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function actions(group, stays, pays, done, signal) {
  const may_arrive = stays.some(({ allowed_events }) => allowed_events.includes("check_in"));
  const may_leave = stays.some(mayLeave);
  const next = may_arrive ? "in" : stays.some(isLeaving) ? "out" : "list";
  const look = (/** @type {string} */ name) => (next === name ? { look: /** @type {const} */ ("primary") } : {});
  return [
    button({ sign: "printer", name: t("action.print"), key: "print", signal, onclick: () => void navigate(`/groups/${group.id}/print/rooming-list`) }),
    button({ label: [t("word.more"), icon("down")], key: "more", signal, onclick: (anchor) => openMore(anchor, group, stays, done, signal) }),
    isOpen(group) &&
      button({
        label: t("groups.rooming_list"),
        sign: "people",
        key: "rooming-list",
        ...look("list"),
        signal,
        onclick: () => void openRoomingList(group, done, signal),
      }),
    may_leave &&
      button({ label: t("groups.check_out"), sign: "leave", key: "check-out", ...look("out"), signal, onclick: () => void checkOutSheet(group, stays, pays, done, signal) }),
    may_arrive &&
      button({ label: t("groups.check_in"), sign: "key", key: "check-in", ...look("in"), signal, onclick: () => void checkInSheet(group, stays, done, signal) }),
  ];
}

/**
 * @param {HTMLElement} anchor
 * @param {Group} group
 * @param {Stay[]} stays
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function openMore(anchor, group, stays, done, signal) {
  const { id, version } = group;
  const save = (/** @type {() => Promise<unknown>} */ send) => void saveChange(send, done).then(done, (error) => showFailure(error, done));
  /** @type {(import("../../elements/menu.js").MenuItem | false)[]} */
  const items = [
    isOpen(group) && { label: t("action.new_booking"), sign: "plus", run: () => void navigate(`/reservations/new?group_id=${id}`) },
    { label: t("action.edit"), sign: "edit", run: () => edit(group, done, signal) },
    group.status === "tentative" && {
      label: t("groups.confirm"),
      sign: "check",
      run: () => save(() => api.patch("/api/groups/{id}", { id }, { status: "definite", version })),
    },
    group.is_holding &&
      group.asked_nights > 0 && {
        label: t("groups.release"),
        detail: t("groups.release_detail"),
        sign: "undo",
        run: () => save(() => api.post("/api/groups/{id}/release", { id }, { version })),
      },
    group.released_on !== null &&
      isOpen(group) &&
      group.asked_nights > 0 &&
      group.cut_off_date >= businessDate() && {
        label: t("groups.hold_again"),
        detail: t("groups.held_until", { date: formatDate(group.cut_off_date, "weekday") }),
        sign: "lock",
        run: () => save(() => api.patch("/api/groups/{id}", { id }, { hold_again: true, version })),
      },
    isOpen(group) && {
      label: t("groups.cancel"),
      detail: t("groups.cancel_detail"),
      sign: "ban",
      is_danger: true,
      run: () => void cancel(group, stays, done, signal),
    },
  ];
  openMenu(anchor, t("word.more"), items.filter((item) => item !== false), signal);
}

/** @param {Group} group @param {() => void} done @param {AbortSignal} signal */
const edit = (group, done, signal) =>
  formDialog(
    {
      title: group.name,
      submit: t("action.save"),
      is_wide: true,
      fields: (life) => [
        ...groupFields(group, life),
        field({ label: t("field.code"), name: "code", class: "field-narrow" }, input({ value: group.code, maxlength: 20, required: true })),
      ],
      send: async (values, key) => {
        const wanted = { ...readGroup(values), code: values.code };
        const changed = Object.entries(wanted).filter(([name, value]) => value !== undefined && value !== group[/** @type {keyof Group} */ (name)]);
        if (changed.length > 0) {
          const body = { ...Object.fromEntries(changed), version: group.version };
          await saveChange(() => api.patch("/api/groups/{id}", { id: group.id }, body, key), done);
        }
        done();
      },
    },
    signal,
  );

/**
 * What each of its stays costs by its terms is said before they are cancelled.
 * @param {Group} group
 * @param {Stay[]} stays
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
async function cancel(group, stays, done, signal) {
  const open = stays.filter(({ allowed_events }) => allowed_events.includes("cancel"));
  const each = await Promise.all(open.map(({ id }) => api.get("/api/reservations/{id}", { id }, signal))).catch(() => null);
  const fees = each?.reduce((sum, { cancellation }) => sum + cancellation.fee_now, 0) ?? null;
  formDialog(
    {
      title: t("groups.cancel_title", { group: group.name }),
      intro: h(
        "p",
        { class: "dialog-intro" },
        tn("groups.cancel_stays", open.length),
        fees !== null && open.length > 0 && [" ", fees > 0 ? t("groups.cancel_fees", { fees: formatMoney(fees) }) : t("groups.cancel_free")],
      ),
      submit: t("groups.cancel"),
      is_danger: true,
      fields: () => [
        field({ label: t("field.reason"), name: "reason" }, input({ maxlength: 500 })),
        fees !== 0 && checkbox(t("groups.waive_fees"), "waive_fees"),
      ],
      send: async ({ reason, waive_fees }, key) => {
        await api.post("/api/groups/{id}/cancel", { id: group.id }, { ...(reason && { reason }), ...(waive_fees && { waive_fees: true }), version: group.version }, key);
        done();
      },
    },
    signal,
  );
}

/**
 * @param {Group} group
 * @param {Stay[]} stays
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const staysCard = (group, stays, done, signal) => [
  h("header", { class: "card-head" }, h("h2", {}, t("groups.stays")), h("span", { class: "count" }, group.stays)),
  stays.length > 0
    ? reservationTable(stays, { signal })
    : empty(
        "people",
        t("groups.no_stays"),
        t("groups.no_stays_text"),
        may("desk") &&
          isOpen(group) &&
          button({ label: t("groups.rooming_list"), sign: "people", signal, onclick: () => void openRoomingList(group, done, signal) }),
      ),
];
