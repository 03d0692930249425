/**
 * What the country asks of people and nobody has written down, in words.
 */
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").PersonField} PersonField */
/** @typedef {import("../../i18n.js").Key} Key */

/** @type {Record<PersonField, Key>} */
const FIELDS = {
  sex: "people.sex",
  birth_date: "field.birth_date",
  birth_place: "people.birth_place",
  nationality: "field.nationality",
  residence: "people.residence",
  address: "people.address",
  document_kind: "field.id_document",
  document_number: "field.id_number",
  document_issued_in: "people.issued_in",
  document_issued_on: "people.issued_on",
  relation: "people.relation",
};

/** @param {PersonField[]} fields */
export const missingWords = (fields) => fields.map((name) => t(FIELDS[name])).join(", ");
