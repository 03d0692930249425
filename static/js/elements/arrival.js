/**
 * When a guest is expected, in words.
 */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";

/** @typedef {{ expected_arrival_time: string | null, is_expected_late: boolean }} Expected */

/** "Expected 22:30", "Late arrival", or both; empty when nothing was announced. @param {Expected} stay */
export const arrivalWords = ({ expected_arrival_time, is_expected_late }) =>
  [
    expected_arrival_time && t("stay.expected", { time: expected_arrival_time }),
    is_expected_late && t("stay.late_arrival"),
  ]
    .filter(Boolean)
    .join(" · ");

/** The hour with its sign, where the words do not fit. @param {Expected} stay */
export const arrivalHour = ({ expected_arrival_time }) =>
  expected_arrival_time &&
  h(
    "span",
    { class: "with-icon", title: t("field.expected_arrival") },
    icon("clock"),
    h("span", { class: "visually-hidden" }, t("field.expected_arrival")),
    expected_arrival_time,
  );
