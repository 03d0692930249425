/**
 * When the guest is expected, how old the children are, and until when a room is held: asked with a new booking and on its page.
 */
import { dateInput } from "../../elements/date-field.js";
import { checkbox, field, input } from "../../forms.js";
import { t } from "../../i18n.js";

/** @param {{ expected_arrival_time: string | null }} [stay] */
export const arrivalField = (stay) =>
  field(
    { label: t("field.expected_arrival"), name: "expected_arrival_time", hint: t("booking.expected_hint") },
    input({ type: "time", value: stay?.expected_arrival_time ?? "" }),
  );

/** @param {{ is_late_arrival: boolean }} [stay] */
export const lateMark = (stay) =>
  checkbox(t("booking.is_late_arrival"), "is_late_arrival", stay?.is_late_arrival);

/** Asked where there are children; left empty when nobody knows. @param {number[]} [ages] */
export const agesField = (ages = []) =>
  field(
    { label: t("field.children_ages"), name: "children_ages", hint: t("booking.ages_hint"), class: "field-ages" },
    input({ value: ages.join(", ") }),
  );

/** What was typed: numbers with anything between them. @param {string} [text] */
export const readAges = (text = "") => (text.match(/\d+/g) ?? []).map(Number);

/** @param {string | null} [option_date] */
export const optionField = (option_date = null) =>
  field(
    { label: t("field.option_date"), name: "option_date", hint: t("option.hint") },
    dateInput({ value: option_date ?? "" }),
  );
