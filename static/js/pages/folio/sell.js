/**
 * What the hotel sells beside its rooms, put on a bill: with one click where the price is known.
 */
import { api, intentKey } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { formatMoney } from "../../format.js";
import { Intent, once } from "../../intents.js";
import { t } from "../../i18n.js";
import { addCharge } from "./payment.js";

/** @typedef {import("innkeeper/api").ArticleView} Article */
/** @typedef {import("innkeeper/api").ReservationView} Reservation */

/** Each outlives its button, which is made anew with the bill. @type {Map<string, Intent>} by stay and article */
const intents = new Map();

/**
 * A button for each favourite. A double click, or a key held down, sells one.
 * @param {Reservation} stay
 * @param {Article[]} articles
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export const favourites = (stay, articles, done, signal) =>
  h(
    "div",
    {
      class: "favourites",
      role: "group",
      "aria-label": t("articles.favourites"),
      signal,
      onkeydown: (/** @type {KeyboardEvent} */ event) => event.repeat && event.key === "Enter" && event.preventDefault(),
    },
    articles.map((article) =>
      button({
        label: [article.name, article.price !== null && h("span", { class: "muted" }, formatMoney(article.price))],
        is_small: true,
        key: `sell-${article.id}`,
        signal,
        onclick: (anchor, event) => {
          if (event.detail > 1) return;
          if (article.price === null) addCharge(stay, articles, done, signal, article);
          else void once(anchor, () => sell(stay, article).then(done, showFailure));
        },
      }),
    ),
  );

/** Posts one, and offers to take it back. @param {Reservation} stay @param {Article} article */
async function sell(stay, article) {
  const name = `${stay.id}-${article.id}`;
  const intent = intents.get(name) ?? new Intent();
  intents.set(name, intent);
  const body = { article_id: article.id };
  const line = await intent.run(body, (key) => api.post("/api/reservations/{id}/charges", { id: stay.id }, body, key));
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
