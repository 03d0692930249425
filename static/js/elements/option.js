/**
 * Until when a tentative booking's room is held, in words. How the option stands, the server says.
 */
import { h } from "../dom.js";
import { formatDate } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";

/** @typedef {{ option_date: string | null, option_state: import("innkeeper/api").OptionState | null }} Optional */

/** "Held until Thu, 3 Dec", "Option ends today", "Option ended Wed, 2 Dec". @param {Optional} stay */
export const optionWords = ({ option_date, option_state }) =>
  option_date && option_state
    ? t(`option.${option_state}`, { date: formatDate(option_date, "weekday") })
    : "";

/** @type {Record<import("innkeeper/api").OptionState, string>} */
const LOOKS = { held: "", due: "mark-warn", past: "mark-overdue" };

/** The same with its sign; nothing where there is no option. @param {Optional} stay */
export const optionMark = (stay) =>
  stay.option_state &&
  h("span", { class: `mark ${LOOKS[stay.option_state]}`.trim() }, icon("clock"), h("span", {}, optionWords(stay)));

/** "until 3 Dec", beneath the state where there is little room. @param {Optional} stay */
export const optionUntil = (stay) =>
  stay.option_state &&
  h(
    "small",
    { class: `option-until ${LOOKS[stay.option_state]}`.trim(), title: optionWords(stay) },
    t("option.until", { date: formatDate(stay.option_date ?? "") }),
  );
