/**
 * A letter in a list, to be printed again or taken back on its day.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { showFailure } from "../../failure.js";
import { formatDate, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { navigate } from "../../router.js";
import { businessDate } from "../../store.js";

/** @typedef {import("innkeeper/api").ReminderView} Reminder */

/** @param {Reminder} reminder @param {() => void} done @param {AbortSignal} signal */
export function letterLine({ id, level, date, amount, is_undone, company_name }, done, signal, of_company = false) {
  const undo = () => void api.post("/api/reminders/{id}/undo", { id }, {}).then(done, showFailure);
  return h(
    "li",
    {},
    h("span", { class: is_undone ? "grow is-struck" : "grow" }, [of_company && company_name, t(`reminders.level.${/** @type {1 | 2 | 3} */ (level)}`), formatDate(date)].filter(Boolean).join(" · ")),
    h("span", { class: "amount" }, formatMoney(amount)),
    !is_undone && date === businessDate() && may("desk") && button({ sign: "undo", look: "quiet", is_small: true, name: t("action.undo"), key: `undo-letter-${id}`, signal, onclick: undo }),
    !is_undone && button({ sign: "printer", look: "quiet", is_small: true, name: t("action.print"), key: `letter-${id}`, signal, onclick: () => void navigate(`/reminders/${id}/print/reminder`) }),
  );
}
