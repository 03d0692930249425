/**
 * A stay on paper: the registration card to sign, the confirmation to send, the receipt to keep.
 */
import { api } from "../../api.js";
import { methodWords } from "../../choices.js";
import { h } from "../../dom.js";
import { formatDate, formatInstant, formatMoney } from "../../format.js";
import { t, tn } from "../../i18n.js";
import { lengthWords } from "../../elements/page-head.js";
import { lineWords } from "../folio/folio-card.js";
import { idTypeWords } from "../guests/guest-form.js";
import { facts, paper, sheetTable, signatures } from "./paper.js";

/** @typedef {import("innkeeper/api").ReservationDetail} Stay */
/** @typedef {import("innkeeper/api").SettingsView} Settings */
/** @typedef {import("innkeeper/api").GuestView} Guest */
/** @typedef {import("innkeeper/api").StayGuestView} Person */
/** @typedef {import("innkeeper/api").FolioView} Folio */
/** @typedef {"registration" | "confirmation" | "receipt"} Kind */

export const title = () => t("action.print");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export async function render(params, signal) {
  const id = Number(params.id);
  const kind = /** @type {Kind} */ (params.kind);
  const [stay, folio, people] = await Promise.all([
    api.get("/api/reservations/{id}", { id }, signal),
    api.get("/api/reservations/{id}/folio", { id }, signal),
    api.get("/api/reservations/{id}/guests", { id }, signal),
  ]);
  const guest = await api.get("/api/guests/{id}", { id: stay.guest_id }, signal);
  const sheets = {
    registration: (/** @type {Settings} */ settings) => registration(stay, guest, people, settings),
    confirmation: (/** @type {Settings} */ settings) => confirmation(stay, settings),
    receipt: () => receipt(stay, folio),
  };
  return paper(
    { title: t(`print.${kind}`), number: stay.confirmation_number, back: `/reservations/${id}` },
    sheets[kind],
    signal,
  );
}

/**
 * @param {Stay} stay
 * @param {Settings} settings
 * @returns {[string, import("../../dom.js").Child][]}
 */
const stayFacts = (stay, settings) => [
  [
    t("field.arrival"),
    `${formatDate(stay.check_in_date, "full")}, ${t("print.from_time", { time: settings.check_in_time })}`,
  ],
  [t("field.expected_arrival"), stay.expected_arrival_time],
  [
    t("field.departure"),
    `${formatDate(stay.check_out_date, "full")}, ${t("print.until_time", { time: settings.check_out_time })}`,
  ],
  [t("field.nights"), lengthWords(stay)],
  [
    t("field.people"),
    [tn("count.adults", stay.adults), stay.children && tn("count.children", stay.children)].filter(Boolean).join(", "),
  ],
  [t("field.room_type"), stay.room_type_name],
];

/** @param {string | null} date */
const dateWords = (date) => date && formatDate(date, "year");
/** @param {...(string | null)} parts */
const joined = (...parts) => parts.filter(Boolean).join(", ");
/** @param {Person} person */
const documentWords = ({ document_kind, document_number }) =>
  [idTypeWords(document_kind), document_number].filter(Boolean).join(" ");

/**
 * Lines to fill in by hand are left for whoever is not named yet.
 * @param {Stay} stay
 * @param {Guest} guest
 * @param {import("innkeeper/api").StayGuestsView} people
 * @param {Settings} settings
 */
const registration = (stay, guest, { items: [head, ...others], unnamed_count, unnamed_ages }, settings) => [
  h("h2", {}, t("field.guest")),
  head &&
    facts([
      [t("field.name"), head.full_name],
      [t("field.nationality"), head.nationality],
      [t("field.birth_date"), joined(dateWords(head.birth_date), head.birth_place)],
      [t("field.id_document"), documentWords(head)],
      [t("people.issued"), joined(head.document_issued_in, dateWords(head.document_issued_on))],
      [t("field.phone"), guest.phone_number],
      [t("field.email"), guest.email],
      [t("people.address"), joined(head.address, head.residence) || null],
    ]),
  others.length + unnamed_count > 0 && [
    h("h2", {}, t("people.others")),
    sheetTable(
      [
        { label: t("field.name") },
        { label: t("field.birth_date"), is_tight: true },
        { label: t("field.nationality"), is_tight: true },
        { label: t("field.id_document") },
      ],
      [
        ...others.map((person) => [
          person.full_name,
          joined(dateWords(person.birth_date), person.birth_place),
          person.nationality,
          documentWords(person),
        ]),
        ...Array.from({ length: unnamed_count }, (_, at) => {
          const age = unnamed_ages[at];
          return ["\u00a0", age === undefined ? "" : tn("people.age", age), "", ""];
        }),
      ],
    ),
  ],
  h("h2", {}, t("word.stay")),
  facts([
    [t("field.room"), stay.room_number],
    ...stayFacts(stay, settings),
    [t("reservation.nights_total"), formatMoney(stay.room_amount)],
    [t("word.balance"), formatMoney(stay.balance)],
  ]),
  h(
    "p",
    { class: "paper-text" },
    t("print.registration_text", { property: settings.name, time: settings.check_out_time }),
  ),
  signatures(t("print.place_date"), t("print.guest_signature")),
];

/** @param {Stay} stay @param {Settings} settings */
const confirmation = (stay, settings) => [
  h("p", { class: "paper-text" }, t("print.dear", { guest: stay.guest_name })),
  h(
    "p",
    { class: "paper-text" },
    t(stay.status === "tentative" ? "print.tentative_text" : "print.confirmation_text", {
      property: settings.name,
    }),
    stay.status === "tentative" &&
      stay.option_date &&
      ` ${t("print.option_text", { date: formatDate(stay.option_date, "full") })}`,
  ),
  facts([[t("field.confirmation"), stay.confirmation_number], ...stayFacts(stay, settings)]),
  sheetTable(
    [{ label: t("field.night") }, { label: t("field.price"), is_number: true }],
    stay.nightly.map((night) => [formatDate(night.date, "full"), formatMoney(night.rate)]),
    [
      [t("word.total"), formatMoney(stay.total_amount)],
      [t("word.paid"), formatMoney(stay.total_paid)],
      [t("word.balance"), formatMoney(stay.balance)],
    ],
  ),
  stay.special_requests && [
    h("h2", {}, t("field.special_requests")),
    h("p", { class: "paper-text" }, stay.special_requests),
  ],
  ["tentative", "confirmed"].includes(stay.status) &&
    h(
      "p",
      { class: "paper-text" },
      stay.cancellation.free_until
        ? t("print.free_until", { time: formatInstant(stay.cancellation.free_until) })
        : t("print.free_always"),
    ),
  h("p", { class: "paper-text" }, t("print.welcome")),
];

/** @param {Stay} stay @param {Folio} folio */
const receipt = (stay, folio) => [
  facts([
    [t("field.guest"), stay.guest_name],
    [t("field.room"), stay.room_number],
    [t("field.arrival"), formatDate(stay.check_in_date, "year")],
    [t("field.departure"), formatDate(stay.check_out_date, "year")],
  ]),
  sheetTable(
    [
      { label: t("field.date") },
      { label: t("field.description") },
      { label: t("field.quantity"), is_number: true },
      { label: t("field.amount"), is_number: true },
    ],
    [
      ...folio.lines.map((line) => [
        formatDate(line.date, "year"),
        lineWords(line),
        line.quantity,
        formatMoney(line.amount),
      ]),
      ...folio.unposted.map(({ date, rate, is_day_use }) => [
        formatDate(date, "year"),
        t(is_day_use ? "folio.day_use_of" : "folio.night_of", { date: formatDate(date, "weekday") }),
        1,
        formatMoney(rate),
      ]),
    ],
    [[t("word.total"), "", "", formatMoney(folio.total_amount)]],
  ),
  h("h2", {}, t("nav.payments")),
  sheetTable(
    [
      { label: t("field.date") },
      { label: t("field.method") },
      { label: t("field.amount"), is_number: true },
    ],
    folio.payments.map((payment) => [
      formatDate(payment.payment_date, "year"),
      [
        methodWords(payment.payment_method),
        payment.kind !== "payment" && t(`payment.kind_${payment.kind}`),
        payment.reference_number,
      ]
        .filter(Boolean)
        .join(" · "),
      formatMoney(payment.amount),
    ]),
    [
      [t("word.paid"), "", formatMoney(folio.total_paid)],
      [t("word.balance"), "", formatMoney(folio.balance)],
    ],
  ),
  h("p", { class: "paper-text" }, t("print.no_invoice")),
  signatures(t("print.received_by")),
];
