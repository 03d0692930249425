/**
 * Who stays: everybody the registration card asks about, each written down and changed in a dialog.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dateInput } from "../../elements/date-field.js";
import { toast } from "../../elements/toast-list.js";
import { saveChange, showFailure } from "../../failure.js";
import { field, formDialog, input, select, textarea } from "../../forms.js";
import { formatDate } from "../../format.js";
import { t, tn } from "../../i18n.js";
import { once } from "../../intents.js";
import { may } from "../../places.js";
import { businessDate } from "../../store.js";
import { idTypeChoices, idTypeWords } from "../guests/guest-form.js";

/** @typedef {import("innkeeper/api").StayGuestView} StayGuest */
/** @typedef {import("innkeeper/api").StayGuestsView} StayGuests */

const RELATIONS = /** @type {const} */ (["spouse", "child", "parent", "relative", "friend", "colleague", "other"]);
const SEXES = /** @type {const} */ (["female", "male", "other"]);

/**
 * @param {number} id the reservation's
 * @param {StayGuests} people
 * @param {() => void} again
 * @param {AbortSignal} signal
 */
export function peopleCard(id, people, again, signal) {
  const { items, unnamed_count, unnamed_ages } = people;
  const can_change = may("desk");
  const put = (/** @type {StayGuest[]} */ guests) =>
    api.put("/api/reservations/{id}/guests", { id }, { guests: guests.map(written), version: people.version });
  const edit = (/** @type {number} */ at) =>
    personDialog({ people, at, save: (guests) => saveChange(() => put(guests), again).then(again) }, signal);
  const remove = async (/** @type {number} */ at) => {
    const left = await put(items.filter((_, n) => n !== at));
    const bringBack = () => api.put("/api/reservations/{id}/guests", { id }, { guests: items.map(written), version: left.version });
    toast(t("people.removed", { name: items[at]?.full_name ?? "" }), {
      action: { label: t("action.undo"), run: () => void bringBack().then(again, (e) => showFailure(e, again)) },
    });
  };
  const line = (/** @type {StayGuest} */ person, /** @type {number} */ at) => {
    const words = [
      h("span", { class: "person-name" }, person.full_name, h("span", { class: "muted" }, roleWords(person))),
      h("span", { class: "person-facts muted" }, factWords(person)),
    ];
    if (!can_change) return h("li", {}, h("div", { class: "person" }, words));
    const open = h(
      "button",
      { type: "button", class: "person", "data-key": `person-${at}`, signal, onclick: () => void edit(at) },
      words,
    );
    const off = button({
      sign: "close",
      name: t("people.remove", { name: person.full_name }),
      look: "quiet",
      is_small: true,
      key: `remove-person-${at}`,
      signal,
      onclick: () =>
        void once(off, () => remove(at).then(again, (error) => showFailure(error, again))),
    });
    return h("li", {}, open, !person.is_head && off);
  };
  return [
    h(
      "header",
      { class: "card-head" },
      h("h2", {}, t("field.people")),
      can_change &&
        unnamed_count > 0 &&
        button({
          label: t("people.add"),
          sign: "plus",
          look: "quiet",
          is_small: true,
          key: "add-person",
          signal,
          onclick: () => void edit(items.length),
        }),
    ),
    h("ul", { class: "people" }, items.map(line), unnamed_ages.map(childLine)),
    unnamed_count > 0 && h("p", { class: "people-left muted" }, tn("people.unnamed", unnamed_count)),
  ];
}

/** A child of whom the age alone is known. @param {number} age */
const childLine = (age) =>
  h(
    "li",
    {},
    h(
      "div",
      { class: "person" },
      h("span", { class: "person-name muted" }, t("people.child")),
      h("span", { class: "person-facts muted" }, tn("people.age", age)),
    ),
  );

/** As it is sent: the age follows from the date of birth, and whom the authority was told of is marked elsewhere. @param {StayGuest} person */
const written = ({ age: _, sent_on: __, ...person }) => person;

/** @param {StayGuest} person */
const roleWords = ({ is_head, relation }) =>
  is_head ? ` ${t("people.head")}` : relation ? ` ${t(`relation.${relation}`)}` : "";

/** @param {StayGuest} person */
const factWords = (person) =>
  [
    person.birth_date && formatDate(person.birth_date, "year"),
    person.age !== null && person.age < 18 && tn("people.age", person.age),
    person.nationality,
    [idTypeWords(person.document_kind), person.document_number].filter(Boolean).join(" "),
    person.levy_exemption && t("people.exempt", { reason: person.levy_exemption }),
    person.sent_on && t("people.sent", { date: formatDate(person.sent_on) }),
  ]
    .filter(Boolean)
    .join(" · ") || t("people.no_facts");

/**
 * @param {{ people: StayGuests, at: number, save: (guests: StayGuest[]) => Promise<void> }} parts
 * @param {AbortSignal} signal
 */
function personDialog({ people: { items, has_levies }, at, save }, signal) {
  const known = items[at];
  return formDialog(
    {
      title: known ? known.full_name : t("people.add"),
      submit: t("action.save"),
      fields: () => personFields(known, at, has_levies),
      send: (values) => {
        const { is_head, guest_id } = known ?? { is_head: false, guest_id: null };
        return save(items.toSpliced(at, 1, { is_head, guest_id, age: null, sent_on: null, ...readPerson(values) }));
      },
    },
    signal,
  );
}

/**
 * @param {StayGuest | undefined} person
 * @param {number} at
 * @param {boolean} has_levies
 */
function personFields(person, at, has_levies) {
  /** @typedef {Exclude<keyof StayGuest, "is_head" | "guest_id" | "age">} Name */
  const none = { value: "", label: "–" };
  const pair = (/** @type {HTMLElement[]} */ ...two) => h("div", { class: "field-pair" }, two);
  /** @param {Name} name @param {import("../../i18n.js").Key} label @param {import("../../dom.js").Props} [props] */
  const line = (name, label, props) =>
    field({ label: t(label), name }, input({ value: person?.[name] ?? "", ...props }));
  /** A date of the past, with its year. @param {"birth_date" | "document_issued_on"} name @param {import("../../i18n.js").Key} label */
  const past = (name, label) =>
    field({ label: t(label), name }, dateInput({ value: person?.[name] ?? "", year: "typed", max: businessDate() }));
  /** @param {Name} name @param {import("../../i18n.js").Key} label @param {{ value: string, label: string }[]} options */
  const choice = (name, label, options) =>
    field({ label: t(label), name }, select(options, person?.[name] ?? ""));
  const relations = [none, ...RELATIONS.map((one) => ({ value: one, label: t(`relation.${one}`) }))];
  const sexes = [none, ...SEXES.map((one) => ({ value: one, label: t(`sex.${one}`) }))];
  const sex = choice("sex", "people.sex", sexes);
  return [
    line("full_name", "field.name", { autofocus: true }),
    at === 0 ? sex : pair(choice("relation", "people.relation", relations), sex),
    pair(past("birth_date", "field.birth_date"), line("birth_place", "people.birth_place")),
    pair(line("nationality", "field.nationality"), line("residence", "people.residence")),
    field({ label: t("people.address"), name: "address" }, textarea({ rows: 2, value: person?.address ?? "" })),
    pair(
      choice("document_kind", "field.id_document", idTypeChoices(person?.document_kind ?? "")),
      line("document_number", "field.id_number"),
    ),
    pair(line("document_issued_in", "people.issued_in"), past("document_issued_on", "people.issued_on")),
    (has_levies || person?.levy_exemption) &&
      field(
        { label: t("people.exemption"), name: "levy_exemption", hint: t("people.exemption_hint") },
        input({ value: person?.levy_exemption ?? "", maxlength: 200 }),
      ),
  ];
}

/** @param {Record<string, string>} values */
const readPerson = (values) => ({
  full_name: values.full_name ?? "",
  relation: RELATIONS.find((one) => one === values.relation) ?? null,
  sex: SEXES.find((one) => one === values.sex) ?? null,
  birth_date: values.birth_date || null,
  birth_place: values.birth_place ?? "",
  nationality: values.nationality ?? "",
  residence: values.residence ?? "",
  address: values.address ?? "",
  document_kind: values.document_kind ?? "",
  document_number: values.document_number ?? "",
  document_issued_in: values.document_issued_in ?? "",
  document_issued_on: values.document_issued_on || null,
  levy_exemption: values.levy_exemption ?? "",
});
