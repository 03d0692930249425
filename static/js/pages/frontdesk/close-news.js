/**
 * In the morning: what the night has closed by itself and decided, each of it to be taken back; or that it was stopped.
 */
import { api, intentKey } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { keepFresh } from "../../fresh.js";
import { formatDate, formatDates, formatMoney } from "../../format.js";
import { once } from "../../intents.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { businessDate } from "../../store.js";

/** @typedef {import("innkeeper/api").LastCloseView} LastClose */
/** @typedef {LastClose["decided"][number]} Decided */

/** How many decisions are shown before the rest is folded away. */
const FIRST = 5;

/** @param {AbortSignal} signal */
export function closeNews(signal) {
  const slot = h("div", { class: "close-news-slot" });
  const refresh = keepFresh(
    slot,
    {
      areas: ["day_close", "reservations"],
      load: () => api.get("/api/day-close/last", {}, signal),
      show: (last) => [last.stopped_at && stopped(), last.news_since !== null && news(last, () => void refresh(), signal)],
      skeleton: () => null,
    },
    signal,
  );
  return slot;
}

const stopped = () =>
  h(
    "p",
    { class: "form-error", role: "alert" },
    t("close.stopped", { date: formatDate(businessDate(), "weekday") }),
    " ",
    h("a", { class: "link", href: "/close" }, t("close.title")),
  );

/** @param {LastClose} last @param {() => void} done @param {AbortSignal} signal */
function news({ business_date, news_since, decided }, done, signal) {
  const [first, day] = [news_since ?? businessDate(), business_date ?? businessDate()];
  const date = first < day ? formatDates(first, day) : formatDate(day, "weekday");
  const rows = decided.map((one) => row(one, first < day, done, signal));
  return h(
    "section",
    { class: "card close-news", "aria-labelledby": "close-news" },
    h(
      "header",
      { class: "card-head" },
      h("h2", { id: "close-news" }, t("close.news", { date })),
      may("desk") &&
        button({
          label: t("close.news_seen"),
          sign: "check",
          key: "close-seen",
          signal,
          onclick: (anchor) =>
            void once(anchor, async () => {
              await api.post("/api/day-close/last/seen", {}, {}, intentKey()).catch(showFailure);
              done();
            }),
        }),
    ),
    rows.length
      ? h("ul", { class: "close-rows" }, rows.slice(0, FIRST))
      : h("p", { class: "card-body muted" }, t("close.news_nothing")),
    rows.length > FIRST &&
      h(
        "details",
        { class: "close-more" },
        h("summary", {}, t("day.more", { count: rows.length - FIRST })),
        h("ul", { class: "close-rows" }, rows.slice(FIRST)),
      ),
  );
}

/** @param {Decided} one @param {boolean} has_day there are several @param {() => void} done @param {AbortSignal} signal */
function row(one, has_day, done, signal) {
  const guest = one.guest_name ?? one.drawer_name ?? "";
  return h(
    "li",
    { class: "close-row" },
    h("span", { class: "room-mark" }, one.room_number ?? "–"),
    h(
      "div",
      { class: "close-words" },
      h("a", { class: "stay-name", href: one.reservation_id === null ? "/shifts" : `/reservations/${one.reservation_id}` }, guest),
      h(
        "p",
        { class: "stay-detail" },
        has_day && h("span", {}, formatDate(one.business_date, "weekday")),
        h("span", {}, t(one.is_undone ? "close.was_undone" : `close.was_${one.choice}`)),
      ),
    ),
    h("div", { class: "close-balance" }, one.amount > 0 && h("span", { class: "amount" }, formatMoney(one.amount))),
    h(
      "div",
      { class: "close-ways" },
      one.can_undo &&
        may("desk") &&
        button({
          label: t("action.undo"),
          name: t("close.undo_label", { guest }),
          is_small: true,
          key: `undo-${one.id}`,
          signal,
          onclick: (anchor) => void once(anchor, () => takeBack(one, guest, done)),
        }),
    ),
  );
}

/** @param {Decided} one @param {string} guest @param {() => void} done */
async function takeBack(one, guest, done) {
  try {
    await api.post("/api/day-close/decisions/{id}/undo", { id: one.id }, {}, intentKey());
    toast(t("close.undone", { guest }));
  } catch (error) {
    showFailure(error, done);
  }
  done();
}
