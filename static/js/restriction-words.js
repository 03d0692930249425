/**
 * The restrictions of rate plans in words: minimum and maximum stays, closed dates, days in advance.
 */
import { h } from "./dom.js";
import { formatDate, formatDates } from "./format.js";
import { icon } from "./icons.js";
import { t, tn } from "./i18n.js";

/** @typedef {import("innkeeper/api").Broken} Broken */
/** @typedef {{ from: string, to: string, restrictions: Record<string, number | null> }} Setting */

/**
 * What of them was set, on which dates, and what was taken away.
 * @param {import("innkeeper/api").AuditEntry} entry
 */
export function settingWords({ action, after }) {
  if (action !== "set_restrictions") return [];
  const { from: date, to, restrictions } = /** @type {Setting} */ (after);
  return Object.entries(restrictions).map(([name, value]) => {
    const kind = /** @type {Broken["kind"]} */ (name);
    const is_switch = kind.startsWith("is_");
    const restriction = brokenWords({ kind, date, to, limit: is_switch ? null : value });
    if (value === null) return t("restriction.removed", { restriction });
    return is_switch && value === 0 ? t("restriction.opened", { restriction }) : restriction;
  });
}

/** Which of them a stay does not keep. @param {Broken} broken */
export function brokenWords({ kind, date, to, limit }) {
  const dates = date === to ? formatDate(date) : formatDates(date, to);
  return t("restriction.on_dates", { restriction: restrictionWords(kind, limit), dates });
}

/** Why a stay is not for sale; with a reason it is all the same. @param {Broken[]} broken @param {string} [place] its class */
export const brokenList = (broken, place = "") =>
  broken.length > 0 &&
  h(
    "ul",
    { class: `broken-list ${place}`.trim() },
    broken.map((one) => h("li", { class: "with-icon" }, icon("ban"), brokenWords(one))),
  );

/** @param {Broken["kind"]} kind @param {number | null} limit */
export function restrictionWords(kind, limit) {
  if (limit === null) return t(`restriction.${kind}`);
  const is_in_days = kind === "min_advance_days" || kind === "max_advance_days";
  return t("restriction.of", {
    restriction: t(`restriction.${kind}`),
    length: tn(is_in_days ? "count.days" : "count.nights", limit),
  });
}
