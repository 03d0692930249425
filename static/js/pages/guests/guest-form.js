/**
 * The fields of a guest's profile, for a new guest and for changing one.
 */
import { h } from "../../dom.js";
import { dateInput } from "../../elements/date-field.js";
import { checkbox, field, input, select, textarea } from "../../forms.js";
import { t } from "../../i18n.js";
import { businessDate } from "../../store.js";

/** @typedef {import("innkeeper/api").GuestView} Guest */
/** @typedef {import("innkeeper/api").GuestRequest} GuestDraft */

const ID_TYPES = /** @type {const} */ (["passport", "id_card", "driving_licence", "other"]);

/** A kind of document in words; one of the hotel's own as it was typed. @param {string} type */
export function idTypeWords(type) {
  const known = ID_TYPES.find((one) => one === type);
  return known ? t(`id_type.${known}`) : type;
}

/** Kinds of documents to choose from, one of the hotel's own too. @param {string} current */
export function idTypeChoices(current) {
  const is_own = current !== "" && !ID_TYPES.some((type) => type === current);
  return [
    { value: "", label: "–" },
    ...(is_own ? [{ value: current, label: current }] : []),
    ...ID_TYPES.map((type) => ({ value: type, label: t(`id_type.${type}`) })),
  ];
}

/** @param {Guest | null} guest */
export function guestFields(guest) {
  return [
    field(
      { label: t("field.name"), name: "full_name" },
      input({ value: guest?.full_name ?? "", autofocus: true }),
    ),
    h(
      "div",
      { class: "field-pair" },
      field(
        { label: t("field.phone"), name: "phone_number" },
        input({ type: "tel", value: guest?.phone_number ?? "" }),
      ),
      field({ label: t("field.email"), name: "email" }, input({ type: "email", value: guest?.email ?? "" })),
    ),
    h(
      "div",
      { class: "field-pair" },
      field({ label: t("field.id_document"), name: "id_type" }, select(idTypeChoices(guest?.id_type ?? ""), guest?.id_type ?? "")),
      field({ label: t("field.id_number"), name: "id_number" }, input({ value: guest?.id_number ?? "" })),
    ),
    h(
      "div",
      { class: "field-pair" },
      field(
        { label: t("field.nationality"), name: "nationality" },
        input({ value: guest?.nationality ?? "", maxlength: 40 }),
      ),
      field(
        { label: t("field.birth_date"), name: "birth_date" },
        dateInput({ value: guest?.birth_date ?? "", year: "typed", max: businessDate() }),
      ),
    ),
    field({ label: t("field.notes"), name: "notes" }, textarea({ rows: 3, value: guest?.notes ?? "" })),
    checkbox(t("guest.is_vip"), "is_vip", guest?.is_vip ?? false),
  ];
}

/** @param {Record<string, string>} values @returns {GuestDraft} */
export const readGuest = (values) => ({
  full_name: values.full_name ?? "",
  email: values.email ?? "",
  phone_number: values.phone_number ?? "",
  id_type: values.id_type ?? "",
  id_number: values.id_number ?? "",
  nationality: values.nationality ?? "",
  birth_date: values.birth_date || null,
  is_vip: values.is_vip === "1",
  notes: values.notes ?? "",
});
