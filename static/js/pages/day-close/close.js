/**
 * Closing the day: what is open and what will be posted, all day long; in the evening the close itself, step by step.
 */
import { api, intentKey } from "../../api.js";
import { h } from "../../dom.js";
import { pageHead } from "../../elements/page-head.js";
import { toast } from "../../elements/toast-list.js";
import { field, formError, input, onSubmit } from "../../forms.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate, formatInstant, formatMoney } from "../../format.js";
import { icon } from "../../icons.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { goBack } from "./go-back.js";
import { openGroups } from "./open-groups.js";
import { shiftCard, toldCards } from "./other-cards.js";

/** @typedef {import("innkeeper/api").DayCloseView} DayClose */
/** @typedef {import("innkeeper/api").DisplacedView} Displaced */
/** @typedef {import("../../dom.js").Child} Child */

const UNDO_MS = 30_000;
/** As many as one message can name. */
const MOST_NAMED = 5;

export const title = () => t("close.title");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export function render(_params, signal) {
  const slot = h("div", { class: "close-slot" });
  const refresh = keepFresh(
    slot,
    {
      areas: ["reservations", "payments", "rooms", "till", "groups", "guests", "settings", "day_close"],
      load: () => api.get("/api/day-close", {}, signal),
      show: (day) => shown(day, () => void refresh(), signal),
      skeleton: () => h("div", { class: "close-columns" }, h("div", { class: "card" }, skeletonLines(8))),
    },
    signal,
  );
  return h("div", { class: "page page-close" }, slot);
}

/** @param {DayClose} day @param {() => void} done @param {AbortSignal} signal */
const shown = (day, done, signal) => [
  pageHead({
    title: t("close.title"),
    lead: formatDate(day.business_date, "full"),
    actions: h("a", { class: "button", href: "/" }, t("nav.today")),
  }),
  warnings(day),
  h(
    "div",
    { class: "close-columns" },
    h("div", { class: "stack" }, standing(day), openGroups(day, done, signal), shiftCard(day, done, signal), toldCards(day, done, signal)),
    h("div", { class: "close-side" }, postingsCard(day, done, signal), day.has_begun && stepsCard(day)),
  ),
];

/** @param {DayClose} day */
function warnings({ books, days_behind, is_backup_late, business_date, calendar_date, has_begun }) {
  const values = { business: formatDate(business_date, "weekday"), calendar: formatDate(calendar_date, "weekday") };
  const wrong =
    !books.is_balanced &&
    t("close.not_balanced", { amount: formatMoney(books.difference_amount), count: books.bills_off });
  const told = [
    has_begun && t("close.has_begun"),
    days_behind > 1 && t("close.behind", { ...values, days: days_behind }),
    days_behind < -1 && t("close.clock", values),
    is_backup_late && t("today.late_backup"),
  ].filter(Boolean);
  return (
    (wrong || told.length > 0) &&
    h(
      "div",
      { class: "close-warnings" },
      wrong && h("p", { class: "form-error", role: "alert" }, wrong),
      told.map((words) => h("p", { class: "close-warning", role: "status" }, words)),
    )
  );
}

/** How it stands, in one line. @param {DayClose} day */
const standing = ({ waiting, open, shifts }) =>
  h(
    "p",
    { class: `close-standing ${waiting ? "" : "is-ready"}`, role: "status" },
    icon(waiting ? "clock" : "check"),
    waiting
      ? tn("close.waiting", waiting)
      : t(open.length || shifts.length ? "close.all_decided" : "close.all_done"),
  );

/** @param {DayClose} day @param {() => void} done @param {AbortSignal} signal */
function postingsCard(day, done, signal) {
  const { postings } = day;
  /** @type {[string, number | string][]} */
  const lines = [
    [tn("close.nights", postings.nights), formatMoney(postings.room_amount)],
    [t("close.extras"), postings.extras_amount && formatMoney(postings.extras_amount)],
    [t("close.taxes"), postings.taxes_amount && formatMoney(postings.taxes_amount)],
    [tn("close.no_show_fees", postings.no_shows), postings.no_shows && formatMoney(postings.fees_amount)],
  ];
  return h(
    "section",
    { class: "card close-postings", "aria-labelledby": "close-postings" },
    h("header", { class: "card-head" }, h("h2", { id: "close-postings" }, t("close.will_post"))),
    h(
      "div",
      { class: "card-body" },
      h(
        "dl",
        { class: "sum-lines" },
        lines.filter(([, amount]) => amount).map(([label, amount]) => h("div", {}, h("dt", {}, label), h("dd", {}, amount))),
        h(
          "div",
          { class: "is-total" },
          h("dt", {}, tn("close.on_bills", postings.bills)),
          h("dd", { class: "amount" }, formatMoney(postings.total_amount)),
        ),
      ),
      postings.items.length > 0 && billLines(postings),
      may("desk") && closeForm(day, done, signal),
    ),
  );
}

/** What goes onto each bill, folded away. @param {DayClose["postings"]} postings */
const billLines = ({ items, bills }) =>
  h(
    "details",
    { class: "close-bills" },
    h("summary", {}, t("close.each_bill")),
    h(
      "ul",
      { class: "lines" },
      items.map((one) =>
        h(
          "li",
          {},
          h("span", { class: "room-mark" }, one.room_number ?? "–"),
          h("a", { class: "link grow", href: `/reservations/${one.reservation_id}` }, one.guest_name),
          h("span", { class: "amount" }, formatMoney(one.amount)),
        ),
      ),
    ),
    bills > items.length && h("p", { class: "muted" }, t("list.more", { count: bills - items.length })),
  );

/** @param {DayClose} day @param {() => void} done @param {AbortSignal} signal */
function closeForm(day, done, signal) {
  const calendar = formatDate(day.calendar_date, "weekday");
  if (day.needs_reason && !may("own")) return h("p", { class: "mark-warn" }, t("close.ahead_owner", { calendar }));
  const can = day.waiting === 0 && day.books.is_balanced;
  const form = h(
    "form",
    { class: "form close-form" },
    day.needs_reason && h("p", { class: "mark-warn" }, t("close.ahead_reason", { calendar })),
    day.needs_reason && field({ label: t("field.reason"), name: "reason" }, input()),
    formError(),
    h(
      "button",
      { type: "submit", class: "button button-primary button-wide", disabled: !can, "data-key": "close-day" },
      day.has_begun ? t("close.go_on") : t("close.submit", { date: formatDate(day.business_date) }),
    ),
    h("p", { class: "muted" }, can ? t("close.then", { date: formatDate(day.next_date, "weekday") }) : t("close.first")),
  );
  onSubmit(form, ({ reason }) => closeDay(day, reason ?? "").finally(done), signal);
  return form;
}

/** @param {DayClose} day @param {string} reason */
async function closeDay(day, reason) {
  const body = { business_date: day.business_date, ...(reason && { reason }) };
  const { displaced } = await api.post("/api/day-close", {}, body, intentKey());
  document.dispatchEvent(new Event("innkeeper:day-moved"));
  toast(t("close.closed", { date: formatDate(day.next_date, "weekday") }), {
    duration_ms: UNDO_MS,
    ...(may("manage") && { action: { label: t("action.undo"), run: () => void goBack(day.business_date) } }),
  });
  if (displaced.length > 0) toast(displacedWords(displaced), { kind: "error", duration_ms: UNDO_MS });
}

/** Who lost a room to somebody who has not left, and where each is now. @param {Displaced[]} displaced */
function displacedWords(displaced) {
  const named = displaced
    .slice(0, MOST_NAMED)
    .map(({ guest_name, room_number }) => `${guest_name} → ${room_number ?? t("room.none")}`);
  const more = displaced.length - named.length;
  return t("day.displaced", { guests: named.concat(more > 0 ? `+${more}` : []).join(", ") });
}

/** @param {DayClose} day */
const stepsCard = ({ steps }) =>
  h(
    "section",
    { class: "card", "aria-labelledby": "close-steps" },
    h("header", { class: "card-head" }, h("h2", { id: "close-steps" }, t("close.steps"))),
    h(
      "ol",
      { class: "card-body close-steps" },
      steps.map(({ step, at, by }) =>
        h(
          "li",
          { class: at ? "is-done" : "" },
          icon(at ? "check" : "clock"),
          h("span", { class: "grow" }, t(`close.step_${step}`)),
          at && h("span", { class: "muted" }, `${formatInstant(at)} · ${by}`),
        ),
      ),
    ),
  );
