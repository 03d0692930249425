/**
 * Who has to be registered by the country's rules, what is missing of them, and whom the authority was told of.
 */
import { api, queryText } from "../../api.js";
import { countrySelect } from "../../countries.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { rangeFilter, rangeOf, selectFilter } from "../../elements/filters.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { toast } from "../../elements/toast-list.js";
import { saveChange, showFailure } from "../../failure.js";
import { field, formDialog, select } from "../../forms.js";
import { empty } from "../../fresh.js";
import { formatDate, separator } from "../../format.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { missingWords } from "./missing.js";

/** @typedef {import("innkeeper/api").RegistrationView} Person */
/** @typedef {import("innkeeper/api").RulesView} Rules */

const PAGE_SIZE = 100;
const NAMES = ["from", "to", "is_sent", "is_complete", "page"];

export const title = () => t("registration.title");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  /** @type {Record<string, string>} */
  const filters = {
    ...rangeOf("last_30"),
    ...Object.fromEntries(NAMES.filter((name) => params[name]).map((name) => [name, params[name] ?? ""])),
  };
  const lead = h("div", {});
  /** @type {Rules | null} */
  let rules = null;
  const { element, change, refresh } = pagedList(
    filters,
    {
      areas: ["registration", "reservations"],
      load: async () => {
        const [found, asked] = await Promise.all([
          api.get("/api/registrations", { ...filters, page_size: PAGE_SIZE }, signal),
          api.get("/api/registrations/rules", {}, signal),
        ]);
        rules = asked;
        swap(lead, rulesWords(asked));
        return found;
      },
      rows: (people) => table(people, () => void refresh(), signal),
      none: () =>
        rules?.country
          ? empty("guests", t("registration.nobody"), t("registration.nobody_text"))
          : empty("guests", t("registration.no_country"), t("registration.no_country_text")),
    },
    signal,
  );
  const bar = h("div", { class: "filters" }, [
    rangeFilter(["today", "yesterday", "last_7", "last_30"], { from: filters.from ?? "", to: filters.to ?? "" }, change, signal),
    selectFilter(
      t("field.state"),
      [
        { value: "missing", label: t("registration.incomplete") },
        { value: "open", label: t("registration.to_send") },
        { value: "sent", label: t("registration.sent") },
      ],
      filters.is_sent === "true" ? "sent" : filters.is_complete === "false" ? "missing" : filters.is_sent === "false" ? "open" : "",
      (state) =>
        change({
          is_sent: state === "sent" ? "true" : state === "open" ? "false" : "",
          is_complete: state === "missing" ? "false" : state === "open" ? "true" : "",
        }),
      signal,
    ),
  ]);
  const save = () => h("a", { href: `/api/registrations/foreigners${queryText({ separator: separator() })}`, download: "foreigners.csv" }).click();
  return h(
    "div",
    { class: "page" },
    pageHead({
      title: t("registration.title"),
      lead,
      actions: [
        h("a", { class: "button", href: "/guests" }, t("nav.guests")),
        button({ label: t("registration.foreigners"), key: "foreigners", signal, onclick: save }),
        may("manage") && button({ label: t("registration.rules"), sign: "gear", key: "registration-rules", signal, onclick: () => rules && rulesDialog(rules, () => void refresh(), signal) }),
      ],
    }),
    bar,
    element,
  );
}

/** @param {Rules} rules */
function rulesWords({ country, who, is_checked, deadline_hours }) {
  if (!country || !who) return t("registration.no_country");
  const words = [
    country,
    t(`registration.who.${who}`),
    deadline_hours > 0 && t("registration.within", { hours: deadline_hours }),
    !is_checked && t("registration.to_be_checked"),
  ];
  return words.filter(Boolean).join(" · ");
}

/** @param {Person[]} people @param {() => void} done @param {AbortSignal} signal */
function table(people, done, signal) {
  const may_mark = may("desk");
  const ready = people.filter(({ id, missing_fields, sent_on }) => id !== null && missing_fields.length === 0 && sent_on === null);
  const mark = (/** @type {number[]} */ ids, /** @type {boolean} */ is_sent) =>
    void api.post("/api/registrations/sent", {}, { ids, is_sent }).then(() => {
      toast(is_sent ? tn("registration.marked", ids.length) : t("registration.unmarked"));
      done();
    }, showFailure);
  const list = dataTable(
    [
      {
        label: t("field.guest"),
        kind: "main",
        cell: ({ reservation_id, full_name, confirmation_number }) => [
          h("a", { href: `/reservations/${reservation_id}` }, full_name),
          h("span", { class: "code" }, confirmation_number),
        ],
      },
      { label: t("field.nationality"), cell: ({ nationality }) => nationality || "–" },
      { label: t("field.room"), cell: ({ room_number }) => room_number ?? "–" },
      { label: t("registration.arrived"), cell: ({ check_in_date }) => formatDate(check_in_date) },
      {
        label: t("registration.missing"),
        kind: "words",
        cell: ({ missing_fields }) => (missing_fields.length ? h("span", { class: "is-late" }, missingWords(missing_fields)) : "–"),
      },
      {
        label: t("registration.sent"),
        cell: ({ id, sent_on }) =>
          sent_on === null || id === null
            ? "–"
            : [formatDate(sent_on), may_mark && button({ sign: "undo", look: "quiet", is_small: true, name: t("registration.undo"), key: `unsent-${id}`, signal, onclick: () => mark([id], false) })],
      },
    ],
    people,
  );
  const all = () => mark(ready.flatMap(({ id }) => (id === null ? [] : [id])), true);
  return [
    list,
    may_mark &&
      ready.length > 0 &&
      h("footer", { class: "card-body table-foot" }, button({ label: tn("registration.mark", ready.length), sign: "check", look: "primary", key: "mark-sent", signal, onclick: all })),
  ];
}

/** @param {Rules} rules @param {() => void} done @param {AbortSignal} signal */
const rulesDialog = (rules, done, signal) =>
  formDialog(
    {
      title: t("registration.rules"),
      submit: t("action.save"),
      fields: () => [
        h("p", { class: "dialog-intro" }, t("registration.rules_text")),
        field(
          { label: t("registration.country"), name: "country" },
          select(
            [{ value: "", label: t("registration.none") }, ...rules.countries.map(({ code, is_checked }) => ({ value: code, label: countryWords(code, is_checked) }))],
            rules.country,
            { autofocus: true },
          ),
        ),
      ],
      send: async ({ country = "" }) => {
        await saveChange(() => api.put("/api/registrations/rules", {}, { country, version: rules.version }), done);
        done();
      },
    },
    signal,
  );

/** @param {string} code @param {boolean} is_checked */
function countryWords(code, is_checked) {
  const name = [...countrySelect(code).options].find(({ value }) => value === code)?.textContent ?? code;
  return is_checked ? name : `${name} (${t("registration.to_be_checked")})`;
}
