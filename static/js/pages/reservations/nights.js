/**
 * The price of each night. Posted nights are history; the others can be typed over.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button, formFoot } from "../../elements/button.js";
import { extraAmount, extraWords } from "../../elements/extras.js";
import { NotSent, saveChange } from "../../failure.js";
import { amountInput, formError, onSubmit, showFieldError } from "../../forms.js";
import { formatAmount, formatDate, formatMoney, parseAmount, sum } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { editCard } from "./edit-card.js";
import { sendOrOverride } from "./override.js";
import { whyButton } from "./rerate.js";

/** @typedef {import("innkeeper/api").ReservationDetail} ReservationDetail */
/** @typedef {import("innkeeper/api").NightView} ReservationNight */
/** @typedef {import("./edit-card.js").Page} Page */

/**
 * @param {ReservationDetail} stay
 * @param {Page} page
 */
export function nightsCard(stay, page) {
  const may_edit =
    stay.nightly.some((night) => !night.is_posted) &&
    (stay.allowed_events.includes("extend") || stay.allowed_events.includes("cancel"));
  const has_moved = new Set(stay.nightly.map((night) => night.room_number)).size > 1;
  const has_extras = stay.nightly.some(({ extras }) => extras.length > 0);
  const view = h(
    "table",
    { class: "table table-plain" },
    h(
      "thead",
      { class: "visually-hidden" },
      h(
        "tr",
        {},
        h("th", { scope: "col" }, t("field.night")),
        h("th", { scope: "col" }, t("field.state")),
        h("th", { scope: "col" }, t("field.price")),
      ),
    ),
    h(
      "tbody",
      {},
      stay.nightly.map((night) => [nightLine(night, has_moved), night.extras.map(extraLine)]),
    ),
    h(
      "tfoot",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "row", colspan: 2 }, t(has_extras ? "word.total" : "reservation.nights_total")),
        h("td", { class: "is-number" }, formatMoney(sum(stay.nightly.map(({ amount }) => amount)))),
      ),
    ),
  );
  const form = may_edit ? () => nightsForm(stay, page) : null;
  const why = may_edit && may("desk") && whyButton(stay, page);
  return editCard({ title: t("reservation.nights"), key: "edit-nights", view: [view, why], form }, page);
}

/**
 * @param {ReservationNight} night
 * @param {boolean} has_moved
 */
const nightLine = (night, has_moved) =>
  h(
    "tr",
    {},
    h(
      "td",
      {},
      formatDate(night.date, "weekday"),
      has_moved &&
        h("span", { class: "muted" }, ` ${t("room.number", { number: night.room_number ?? "–" })}`),
    ),
    h(
      "td",
      { class: "muted" },
      night.is_posted ? t("night.posted") : night.is_rate_typed ? t("night.typed") : "",
    ),
    h("td", { class: "is-number" }, formatAmount(night.rate)),
  );

/** What is sold along with a night, below it. @param {import("innkeeper/api").ExtraView} extra */
const extraLine = (extra) =>
  h(
    "tr",
    { class: "night-extra" },
    h("td", { colspan: 2 }, extraWords(extra)),
    h("td", { class: "is-number" }, extraAmount(extra)),
  );

/**
 * @param {ReservationDetail} stay
 * @param {Page} page
 */
function nightsForm(stay, page) {
  const { signal } = page;
  const total = h("output", { class: "amount" });
  const open = stay.nightly.filter((night) => !night.is_posted);
  const fields = open.map((night) =>
    amountInput(night.rate, {
      signal,
      name: night.date,
      "aria-label": t("night.price_of", { date: formatDate(night.date, "weekday") }),
    }),
  );
  const posted = stay.nightly.filter((night) => night.is_posted).map((night) => night.rate);
  const showTotal = () => {
    const typed = fields.map((control) => parseAmount(control.value));
    total.textContent = typed.includes(null)
      ? "–"
      : formatMoney(sum([...posted, ...typed.map((value) => value ?? 0)]));
  };
  showTotal();
  const form = h(
    "form",
    { class: "form night-form", signal, oninput: showTotal },
    open.map((night, i) =>
      h(
        "div",
        { class: "night-field", "data-field": night.date },
        h("span", {}, formatDate(night.date, "weekday")),
        fields[i],
        h("p", { class: "field-error" }),
      ),
    ),
    open.length > 1 &&
      button({
        label: t("night.same_for_all"),
        look: "quiet",
        is_small: true,
        signal,
        onclick: () => {
          for (const control of fields) control.value = fields[0]?.value ?? "";
          showTotal();
        },
      }),
    h("p", { class: "sum-line" }, h("span", {}, t("reservation.nights_total")), total),
    formError(),
    formFoot(page.done, signal),
  );
  onSubmit(form, (values, key) => save(stay, open, values, form, page, key), signal);
  return form;
}

/**
 * @param {ReservationDetail} stay
 * @param {ReservationNight[]} open
 * @param {Record<string, string>} values
 * @param {HTMLFormElement} form
 * @param {Page} page
 * @param {string} key
 */
async function save(stay, open, values, form, page, key) {
  /** @type {import("innkeeper/api").NightRate[]} */
  const nightly = [];
  for (const night of open) {
    const rate = parseAmount(values[night.date] ?? "");
    if (rate === null) {
      showFieldError(form, night.date, t("error.amount"));
      throw new NotSent();
    }
    if (rate !== night.rate) nightly.push({ date: night.date, rate });
  }
  if (!nightly.length) return page.done();
  // A price below the rates wants a reason.
  await sendOrOverride(
    async (more) => {
      const change = { nightly, ...more, version: stay.version };
      await saveChange(() => api.patch("/api/reservations/{id}", { id: stay.id }, change), page.done);
      page.done();
    },
    key,
    page.signal,
    form,
  );
}
