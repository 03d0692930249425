/**
 * The cash drawers at hand: opened, filled and emptied, counted, handed over.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { keepFresh } from "../../fresh.js";
import { formatCount, formatCurrency, formatInstant, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { session } from "../../store.js";
import { closeShift, moveCash, openShift } from "./till-dialogs.js";

/** @typedef {import("innkeeper/api").CurrentView} Current */
/** @typedef {import("innkeeper/api").ShiftDetail} ShiftDetail */
/** @typedef {import("innkeeper/api").MovementView} Movement */

/** @param {AbortSignal} signal */
export function tillCard(signal) {
  const card = h("section", { class: "card till-card" });
  const refresh = keepFresh(
    card,
    {
      areas: ["till", "payments"],
      load: () => api.get("/api/shifts/current", {}, signal),
      show: (till) => shown(till, () => void refresh(), signal),
    },
    signal,
  );
  return card;
}

/** @param {Current} till @param {() => void} done @param {AbortSignal} signal */
function shown(till, done, signal) {
  const can_open = !till.has_own && till.free_drawers.length > 0;
  const open = () => openShift(till.free_drawers, done, signal);
  return [
    h(
      "header",
      { class: "card-head" },
      h("h2", {}, t("till.title")),
      may("manage") && h("a", { class: "button button-quiet", href: "/shifts", "data-key": "shifts" }, t("till.past")),
      can_open && button({ label: t("till.open"), sign: "key", key: "open-shift", signal, onclick: open }),
    ),
    till.shifts.length
      ? h("div", { class: "till-shifts" }, till.shifts.map((shift) => openOne(shift, till, done, signal)))
      : h(
          "p",
          { class: "card-body muted" },
          t(session.settings?.needs_shift ? "till.none_needed" : "till.none"),
        ),
  ];
}

/** @param {ShiftDetail} shift @param {Current} till @param {() => void} done @param {AbortSignal} signal */
const openOne = (shift, till, done, signal) =>
  h(
    "article",
    { class: "card-body till-shift", "data-key": `shift-${shift.id}` },
    h(
      "header",
      { class: "till-head" },
      h(
        "div",
        {},
        h("h3", {}, shift.drawer_name),
        h("p", { class: "muted" }, t("till.since", { who: shift.username, when: formatInstant(shift.opened_at) })),
        shift.note && h("p", { class: "muted" }, shift.note),
        till.shift_id === shift.id && till.shifts.length > 1 && h("p", { class: "muted" }, t("till.takes_yours")),
      ),
      h(
        "div",
        { class: "till-actions" },
        button({
          label: t("till.move"),
          key: `move-${shift.id}`,
          signal,
          onclick: () => moveCash(shift, done, signal),
        }),
        button({
          label: t("till.close"),
          sign: "lock",
          look: "primary",
          key: `close-${shift.id}`,
          signal,
          onclick: () => closeShift(shift, till.colleagues, done, signal),
        }),
      ),
    ),
    shiftSums(shift),
    movements(shift.movements),
    till.tips_held > 0 && h("p", { class: "muted till-tips" }, t("till.tips_held", { amount: formatMoney(till.tips_held) })),
  );

/** What went through the drawer, and what is in it as far as that may be seen. @param {ShiftDetail} shift */
export function shiftSums(shift) {
  const { expected, received_amount, returned_amount } = shift;
  const line = (/** @type {string} */ words, /** @type {import("../../dom.js").Child} */ value, extra = "") =>
    h("div", { class: extra }, h("dt", {}, words), h("dd", { class: "amount" }, value));
  return h(
    "dl",
    { class: "sum-lines" },
    line(t("till.float"), formatMoney(shift.float_amount)),
    expected === null && line(t("till.payments"), formatCount(shift.payment_count)),
    received_amount !== null && line(t("payments.received"), formatMoney(received_amount)),
    Boolean(returned_amount) && line(t("payments.returned"), formatMoney(-Number(returned_amount))),
    shift.closed_at === null &&
      expected?.map(({ currency, amount }) => line(t("till.in_drawer"), formatCurrency(amount, currency), "is-total")),
  );
}

/** @param {Movement[]} moved */
export const movements = (moved) =>
  moved.length > 0 &&
  h(
    "ul",
    { class: "lines till-lines" },
    moved.map(({ kind, amount, currency, reason, created_at, created_by }) =>
      h(
        "li",
        {},
        h(
          "span",
          { class: "grow" },
          [t(`till.${kind}`), reason].filter(Boolean).join(" · "),
          h("small", { class: "muted" }, ` ${created_by}, ${formatInstant(created_at)}`),
        ),
        h("span", { class: "amount" }, formatCurrency(amount, currency)),
      ),
    ),
  );
