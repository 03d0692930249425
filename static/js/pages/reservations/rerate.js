/**
 * The prices of a booking beside those of its rate plan now, and the step from the ones to the others.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { openDialog } from "../../elements/dialog.js";
import { extraLines } from "../../elements/extras.js";
import { priceSteps } from "../../elements/price-steps.js";
import { saveChange, showFailure } from "../../failure.js";
import { formDialog } from "../../forms.js";
import { formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { once } from "../../intents.js";
import { sendOrOverride } from "./override.js";

/** @typedef {import("innkeeper/api").ReservationDetail} ReservationDetail */
/** @typedef {import("innkeeper/api").PriceView} Price */
/** @typedef {import("./edit-card.js").Page} Page */

/**
 * @param {ReservationDetail} stay
 * @param {Page} page
 */
export function whyButton(stay, page) {
  const open = button({
    label: t("price.why"),
    look: "quiet",
    is_small: true,
    key: "why-price",
    signal: page.signal,
    onclick: () =>
      void once(open, async () => {
        try {
          show(stay, await api.get("/api/reservations/{id}/price", { id: stay.id }, page.signal), page);
        } catch (error) {
          if (!page.signal.aborted) showFailure(error);
        }
      }),
  });
  return open;
}

/**
 * @param {ReservationDetail} stay
 * @param {Price} price
 * @param {Page} page
 */
function show(stay, price, page) {
  const { agreed_amount, rerated_amount, nights, rerated_extras, rate_plan_name } = price;
  const title = t("price.why_of", { plan: rate_plan_name });
  // Nothing is charged at either price of a complimentary stay, whatever its nights would cost.
  const is_same = agreed_amount === rerated_amount;
  const told = [
    h(
      "p",
      { class: "dialog-intro" },
      is_same
        ? t("price.as_agreed", { amount: formatMoney(agreed_amount) })
        : t("price.differs", { agreed: formatMoney(agreed_amount), now: formatMoney(rerated_amount) }),
    ),
    priceSteps(nights),
    rerated_extras.length > 0 && extraLines(rerated_extras),
  ];
  if (is_same) return openDialog({ title }, () => h("div", { class: "form" }, told), page.signal);
  return formDialog(
    {
      title,
      submit: t("price.rerate"),
      fields: () => told,
      send: (_, key) =>
        sendOrOverride(
          async (more) => {
            const change = { rerate: true, ...more, version: stay.version };
            await saveChange(() => api.patch("/api/reservations/{id}", { id: stay.id }, change), page.done);
            page.done();
          },
          key,
          page.signal,
        ),
    },
    page.signal,
  );
}
