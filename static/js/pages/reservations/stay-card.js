/**
 * Dates, room, people and notes of a stay: read first, changed after "Edit".
 */
import { api } from "../../api.js";
import { bookingSources, companies, openGroups, ratePlans } from "../../choices.js";
import { stayFacts } from "../../day-facts.js";
import { h, swap } from "../../dom.js";
import { formFoot } from "../../elements/button.js";
import { DateRange, dateInput } from "../../elements/date-field.js";
import { saveChange } from "../../failure.js";
import { checkbox, field, formError, input, onSubmit, select, textarea } from "../../forms.js";
import { formatDate, formatInstant, mailTo } from "../../format.js";
import { icon } from "../../icons.js";
import { t, tn } from "../../i18n.js";
import { editCard } from "./edit-card.js";
import { agesField, arrivalField, lateMark, optionField, readAges } from "./arrival-fields.js";
import { isNow, standingWords } from "./free-room.js";
import { rateKindFields, readRateKind } from "./rate-kind-fields.js";
import { sendOrOverride } from "./override.js";

/** @typedef {import("innkeeper/api").ReservationDetail} ReservationDetail */
/** @typedef {import("../../dom.js").Child} Child */
/** @typedef {import("./edit-card.js").Page} Page */

/**
 * @param {ReservationDetail} stay
 * @param {Page} page
 */
export const stayCard = (stay, page) =>
  editCard(
    { title: t("word.stay"), key: "edit-stay", view: facts(stay), form: () => editForm(stay, page) },
    page,
  );

/** The plan that every hotel has. */
const BAR = 1;

/** @param {ReservationDetail} stay */
function facts(stay) {
  /** @type {[string, Child][]} */
  const lines = [
    [t("field.arrival"), formatDate(stay.check_in_date, "full")],
    [t("field.expected_arrival"), expected(stay)],
    [t("field.departure"), formatDate(stay.check_out_date, "full")],
    [
      t("field.room"),
      [
        stay.room_number ?? t("room.none"),
        h("span", { class: "muted" }, ` ${stay.room_type_name}`),
        stay.is_room_locked && icon("lock"),
      ],
    ],
    [
      t("field.people"),
      [tn("count.adults", stay.adults), stay.children ? `, ${childrenWords(stay)}` : "", cotWords(stay)],
    ],
    [t("field.guest"), h("a", { href: `/guests/${stay.guest_id}` }, stay.guest_name)],
    [t("guest.contact"), contact(stay)],
    [
      t("field.company"),
      stay.company_id && h("a", { href: `/reservations?company_id=${stay.company_id}` }, stay.company_name),
    ],
    [t("groups.group"), stay.group_id && h("a", { href: `/groups/${stay.group_id}` }, stay.group_name)],
    [t("field.source"), stay.source || "–"],
    // A hotel with one plan does not talk of it.
    [t("field.rate_plan"), stay.rate_plan_id !== BAR && stay.rate_plan_name],
    [
      t("field.rate_kind"),
      stay.rate_kind !== "paying" && `${t(`rate_kind.${stay.rate_kind}`)}: ${stay.rate_kind_reason}`,
    ],
    [t("field.booked"), formatInstant(stay.created_at)],
  ];
  return [
    h(
      "dl",
      { class: "facts" },
      lines.filter(([, value]) => value).map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))),
    ),
    stay.guest_notes &&
      h(
        "div",
        { class: "note-box" },
        icon("guests"),
        h("div", {}, h("h3", {}, t("reservation.guest_notes")), h("p", {}, stay.guest_notes)),
      ),
    stay.special_requests &&
      h(
        "div",
        { class: "note-box" },
        icon("star"),
        h("div", {}, h("h3", {}, t("field.special_requests")), h("p", {}, stay.special_requests)),
      ),
    stay.notes &&
      h(
        "div",
        { class: "note-box" },
        icon("note"),
        h("div", {}, h("h3", {}, t("field.notes")), h("p", {}, stay.notes)),
      ),
  ];
}

/** @param {ReservationDetail} stay */
const childrenWords = ({ children, children_ages }) =>
  [tn("count.children", children), children_ages.length > 0 && `(${children_ages.join(", ")})`].filter(Boolean).join(" ");

/** @param {ReservationDetail} stay */
const cotWords = ({ cots }) => (cots ? `, ${tn("count.cots", cots)}` : "");

/** @param {ReservationDetail} stay */
const expected = ({ expected_arrival_time, is_expected_late }) =>
  [expected_arrival_time, is_expected_late && t("stay.late_arrival")].filter(Boolean).join(" · ");

/** @param {ReservationDetail} stay @returns {Child[]} */
const contact = (stay) =>
  stay.guest_phone || stay.guest_email
    ? [
        stay.guest_phone &&
          h("a", { href: `tel:${stay.guest_phone.replace(/[^+\d]/g, "")}` }, stay.guest_phone),
        stay.guest_phone && stay.guest_email ? h("br", {}) : "",
        stay.guest_email && h("a", { href: mailTo(stay.guest_email) }, stay.guest_email),
      ]
    : ["–"];

/**
 * @param {ReservationDetail} stay
 * @param {Page} page
 */
function editForm(stay, page) {
  const { signal } = page;
  const facts = () => stayFacts(stay);
  const check_in = dateInput({ value: stay.check_in_date, required: true, facts });
  const check_out = dateInput({ value: stay.check_out_date, required: true, facts });
  new DateRange(check_in, check_out, { least: Math.min(stay.nights, 1), signal });
  const room = select([currentRoom(stay)], String(stay.room_id ?? ""));
  const sources = select([{ value: stay.source, label: stay.source || "–" }], stay.source);
  const fillRooms = () => void freeRooms(stay, check_in.value, check_out.value, room, signal);
  for (const date of [check_in, check_out]) date.addEventListener("change", fillRooms, { signal });
  fillRooms();
  const company = select([{ value: String(stay.company_id ?? ""), label: stay.company_name || t("companies.nobody") }], String(stay.company_id ?? ""));
  const of_company = field({ label: t("field.company"), name: "company_id" }, company);
  of_company.hidden = stay.company_id === null;
  void companies().then(
    (all) => {
      of_company.hidden = stay.company_id === null && all.length === 0;
      const others = all.filter(({ id }) => id !== stay.company_id).map(({ id, name }) => ({ value: String(id), label: name }));
      const own = stay.company_id ? [{ value: String(stay.company_id), label: stay.company_name }] : [];
      fillOptions(company, [{ value: "", label: t("companies.nobody") }, ...own, ...others]);
    },
    () => {},
  );
  void bookingSources().then((names) =>
    fillOptions(
      sources,
      [...new Set([stay.source, ...names])].map((name) => ({ value: name, label: name || "–" })),
    ),
  );
  const form = h(
    "form",
    { class: "form" },
    h(
      "div",
      { class: "field-pair" },
      field({ label: t("field.arrival"), name: "check_in_date" }, check_in),
      field({ label: t("field.departure"), name: "check_out_date" }, check_out),
    ),
    h("div", { class: "field-pair" }, arrivalField(stay), lateMark(stay)),
    stay.status === "tentative" && optionField(stay.option_date),
    field({ label: t("field.room"), name: "room_id" }, room),
    h(
      "div",
      { class: "field-trio" },
      field(
        { label: t("field.adults"), name: "adults" },
        input({ type: "number", min: 1, value: stay.adults }),
      ),
      field(
        { label: t("field.children"), name: "children" },
        input({ type: "number", min: 0, value: stay.children }),
      ),
      field({ label: t("field.cots"), name: "cots" }, input({ type: "number", min: 0, max: 10, value: stay.cots })),
    ),
    field({ label: t("field.source"), name: "source" }, sources),
    agesField(stay.children_ages),
    planFields(stay, signal),
    of_company,
    groupField(stay),
    h("div", { class: "field-pair" }, rateKindFields(stay, signal)),
    field(
      { label: t("field.special_requests"), name: "special_requests" },
      textarea({ rows: 2, value: stay.special_requests }),
    ),
    field({ label: t("field.notes"), name: "notes" }, textarea({ rows: 2, value: stay.notes })),
    checkbox(t("reservation.lock_room"), "is_room_locked", stay.is_room_locked),
    formError(),
    formFoot(page.done, signal),
  );
  onSubmit(form, (values) => save(stay, values, form, page), signal);
  return form;
}

/** The group that it belongs to, in a hotel that has any open. @param {ReservationDetail} stay */
function groupField(stay) {
  const own = { value: String(stay.group_id ?? ""), label: stay.group_name || t("groups.none_of") };
  const group = select([own], own.value);
  const of_group = field({ label: t("groups.group"), name: "group_id" }, group);
  of_group.hidden = stay.group_id === null;
  void openGroups().then(
    (all) => {
      of_group.hidden = stay.group_id === null && all.length === 0;
      const others = all.filter(({ id }) => id !== stay.group_id).map(({ id, name }) => ({ value: String(id), label: name }));
      fillOptions(group, [{ value: "", label: t("groups.none_of") }, ...(stay.group_id ? [own] : []), ...others]);
    },
    () => {},
  );
  return of_group;
}

/**
 * The plan, in a hotel that sells more than one: another one is taken for its prices, unless somebody says otherwise.
 * @param {ReservationDetail} stay
 * @param {AbortSignal} signal
 */
function planFields(stay, signal) {
  const own = { value: String(stay.rate_plan_id), label: stay.rate_plan_name };
  const plan = select([own], own.value);
  const price = checkbox(t("price.rerate"), "rerate", true);
  const code = field({ label: t("field.promo_code"), name: "promo_code" }, input());
  const fields = h(
    "div",
    { class: "form" },
    h("div", { class: "field-pair" }, field({ label: t("field.rate_plan"), name: "rate_plan_id" }, plan), code),
    price,
  );
  [fields, price, code].forEach((part) => (part.hidden = true));
  void ratePlans().then(
    (plans) => {
      const others = plans.filter(({ id }) => id !== stay.rate_plan_id);
      fields.hidden = others.length === 0;
      fillOptions(plan, [own, ...others.map(({ id, name }) => ({ value: String(id), label: name }))]);
      const show = () => {
        price.hidden = plan.value === own.value;
        code.hidden = !others.some(({ id, promo_code }) => String(id) === plan.value && promo_code);
      };
      plan.addEventListener("change", show, { signal });
    },
    () => {},
  );
  return fields;
}

/** @param {ReservationDetail} stay */
const currentRoom = (stay) => ({
  value: String(stay.room_id ?? ""),
  label: stay.room_number
    ? `${stay.room_number} · ${stay.room_type_name}`
    : t("room.none_of", { type: stay.room_type_name }),
});

/**
 * @param {HTMLSelectElement} control
 * @param {{ value: string, label: string }[]} options
 */
function fillOptions(control, options) {
  const { value } = control;
  swap(
    control,
    options.map((option) => h("option", { value: option.value }, option.label)),
  );
  control.value = value;
}

/**
 * @param {ReservationDetail} stay
 * @param {string} check_in_date
 * @param {string} check_out_date
 * @param {HTMLSelectElement} room
 * @param {AbortSignal} signal
 */
async function freeRooms(stay, check_in_date, check_out_date, room, signal) {
  try {
    const [{ items }, types] = await Promise.all([
      api.get("/api/rooms/available", { check_in_date, check_out_date }, signal),
      api.get("/api/room-types", { page_size: 100 }, signal),
    ]);
    const names = new Map(types.items.map((type) => [type.id, type.name]));
    const options = items.flatMap((type) =>
      type.rooms.map((one) => ({
        value: String(one.id),
        label: [
          one.room_number,
          names.get(type.room_type_id) ?? type.name,
          isNow(check_in_date) && standingWords(one),
        ]
          .filter(Boolean)
          .join(" · "),
      })),
    );
    const current = currentRoom(stay);
    const none = { value: "", label: t("room.none_of", { type: stay.room_type_name }) };
    fillOptions(room, [
      current,
      ...(current.value ? [none] : []),
      ...options.filter(({ value }) => value !== current.value),
    ]);
  } catch {
    // The list of rooms is only help: a wrong date is refused on saving, in words.
  }
}

/**
 * Sends what was changed, and nothing else.
 * @param {ReservationDetail} stay
 * @param {Record<string, string>} values
 * @param {HTMLFormElement} form
 * @param {Page} page
 */
async function save(stay, values, form, page) {
  const typed = {
    check_in_date: values.check_in_date ?? "",
    check_out_date: values.check_out_date ?? "",
    room_id: values.room_id ? Number(values.room_id) : null,
    adults: Number(values.adults),
    children: Number(values.children),
    cots: Number(values.cots),
    source: values.source ?? "",
    company_id: values.company_id ? Number(values.company_id) : null,
    group_id: values.group_id ? Number(values.group_id) : null,
    notes: values.notes ?? "",
    special_requests: values.special_requests ?? "",
    is_room_locked: values.is_room_locked === "1",
    expected_arrival_time: values.expected_arrival_time || null,
    is_late_arrival: values.is_late_arrival === "1",
    option_date: values.option_date || null,
    ...readRateKind(values),
    children_ages: readAges(values.children_ages),
    rate_plan_id: Number(values.rate_plan_id),
  };
  const change = Object.fromEntries(
    Object.entries(typed).filter(([name, value]) => String(value) !== String(stay[/** @type {keyof typeof typed} */ (name)])),
  );
  if (Object.keys(change).length === 0) return page.done();
  if ("rate_plan_id" in change)
    Object.assign(change, values.rerate === "1" && { rerate: true }, values.promo_code && { promo_code: values.promo_code });
  const send = async (/** @type {object} */ more) => {
    await saveChange(
      () => api.patch("/api/reservations/{id}", { id: stay.id }, { ...change, ...more, version: stay.version }),
      page.done,
    );
    page.done();
  };
  await sendOrOverride(send, "", page.signal, form);
}
