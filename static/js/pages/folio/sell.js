/**
 * What the hotel sells beside its rooms, put on a bill: with one click where the price is known.
 */
import { api, intentKey } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { formatMoney } from "../../format.js";
import { once } from "../../intents.js";
import { t } from "../../i18n.js";
import { addCharge } from "./payment.js";

/** @typedef {import("innkeeper/api").ArticleView} Article */
/** @typedef {import("innkeeper/api").ReservationView} Reservation */

/**
 * A button for each favourite.
 * @param {Reservation} stay
 * @param {Article[]} articles
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export const favourites = (stay, articles, done, signal) =>
  h(
    "div",
    { class: "favourites", role: "group", "aria-label": t("articles.favourites") },
    articles.map((article) =>
      button({
        label: [article.name, article.price !== null && h("span", { class: "muted" }, formatMoney(article.price))],
        is_small: true,
        key: `sell-${article.id}`,
        signal,
        onclick: (anchor) =>
          article.price === null
            ? addCharge(stay, articles, done, signal, article)
            : void once(anchor, () => sell(stay, article).then(done, showFailure)),
      }),
    ),
  );

/** Posts one, and offers to take it back. @param {Reservation} stay @param {Article} article */
async function sell(stay, article) {
  const line = await api.post("/api/reservations/{id}/charges", { id: stay.id }, { article_id: article.id }, intentKey());
  const takeBack = () =>
    api.post(
      "/api/reservations/{id}/charges/{charge_id}/void",
      { id: stay.id, charge_id: line.id },
      { reason: t("reason.taken_back") },
      intentKey(),
    );
  toast(t("articles.sold", { article: article.name, guest: stay.guest_name }), {
    action: { label: t("action.undo"), run: () => void takeBack().catch(showFailure) },
  });
}
