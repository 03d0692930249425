/**
 * What lies on prices, and the city taxes that guests pay: set up once from a place, changed as laws
 * change.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { rowMenu } from "../../elements/menu.js";
import { pageHead } from "../../elements/page-head.js";
import { saveChange, showFailure } from "../../failure.js";
import { field, formDialog, formError, input, onSubmit, select } from "../../forms.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate, formatExactPercent, formatMoney } from "../../format.js";
import { currentLanguage, t, tn } from "../../i18n.js";
import { businessDate } from "../../store.js";
import { groupDialog, levyDialog, taxDialog } from "./dialogs.js";

/** @typedef {import("innkeeper/api").TaxSetupView} Setup */
/** @typedef {import("innkeeper/api").TaxChange} Change */
/** @typedef {Setup["groups"][number]} Group */
/** @typedef {Setup["taxes"][number]} Tax */
/** @typedef {Setup["levies"][number]} Levy */
/** @typedef {import("../../dom.js").Child} Child */
/** @typedef {(change: Change) => Promise<void>} Save */

const ROUNDINGS = /** @type {const} */ (["night", "line", "document"]);

export const title = () => t("taxes.title");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export function render(_params, signal) {
  const body = h("div", { class: "stack" });
  const refresh = keepFresh(
    body,
    {
      areas: ["taxes"],
      load: () => api.get("/api/taxes", {}, signal),
      show: (setup) => {
        /** @type {Save} */
        const save = async (change) => {
          const again = () => void refresh();
          await saveChange(() => api.patch("/api/taxes", {}, { ...change, version: setup.version || undefined }), again);
          await refresh();
        };
        return setup.version === 0 ? start(save, signal) : cards(setup, save, signal);
      },
      skeleton: () => skeletonLines(10),
    },
    signal,
  );
  return h("div", { class: "page" }, pageHead({ title: t("taxes.title"), lead: t("taxes.lead") }), body);
}

/** @param {Save} save @param {AbortSignal} signal */
const start = (save, signal) =>
  h(
    "section",
    { class: "card" },
    empty(
      "coin",
      t("taxes.none"),
      t("taxes.none_text"),
      h(
        "div",
        { class: "empty-actions" },
        button({ label: t("taxes.start"), look: "primary", key: "start", signal, onclick: () => void startDialog(save, signal).catch(showFailure) }),
        button({
          label: t("taxes.start_empty"),
          signal,
          onclick: () => void save({ rounding: "document" }).catch(showFailure),
        }),
      ),
    ),
  );

/** @param {Save} save @param {AbortSignal} signal */
async function startDialog(save, signal) {
  const presets = await api.get("/api/taxes/presets", {}, signal);
  const regions = new Intl.DisplayNames([currentLanguage()], { type: "region" });
  const options = presets.items
    .map(({ country, place }, at) => ({
      value: String(at),
      label: [regions.of(country) ?? country, place].filter(Boolean).join(", "),
    }))
    .sort((a, b) => a.label.localeCompare(b.label));
  formDialog(
    {
      title: t("taxes.start"),
      submit: t("taxes.start_submit"),
      intro: h("p", { class: "field-hint" }, t("taxes.check", { date: formatDate(presets.as_of, "year") })),
      fields: () => [field({ label: t("taxes.place"), name: "place" }, select(options, options[0]?.value ?? "0"))],
      send: async ({ place }) => {
        const preset = presets.items[Number(place)];
        if (preset) await save(preset.setup);
      },
    },
    signal,
  );
}

/** @param {Setup} setup @param {Save} save @param {AbortSignal} signal */
const cards = (setup, save, signal) => [
  listCard(t("taxes.taxes"), t("taxes.add_tax"), () => taxDialog(null, setup, save, signal), signal, [
    setup.taxes.length > 0 &&
      dataTable(
        [
          { label: t("field.name"), kind: "main", cell: (/** @type {Tax} */ tax) => tax.name },
          { label: t("taxes.rate"), kind: "number", cell: (/** @type {Tax} */ tax) => formatExactPercent(rateNow(tax)) },
          { label: t("taxes.valid"), cell: (/** @type {Tax} */ tax) => validWords(tax.rates.map(({ from }) => from)) },
          { label: t("taxes.kind"), cell: (/** @type {Tax} */ tax) => (tax.is_service ? t("taxes.service") : t("taxes.tax")) },
          menuColumn((/** @type {Tax} */ tax) => ({
            name: tax.name,
            key: `tax-${tax.id}`,
            edit: () => taxDialog(tax, setup, save, signal),
            remove: () =>
              save({
                taxes: setup.taxes.filter(({ id }) => id !== tax.id),
                groups: setup.groups.map((group) => ({ ...group, tax_ids: group.tax_ids.filter((id) => id !== tax.id) })),
              }),
          }), signal),
        ],
        setup.taxes,
      ),
  ]),
  listCard(t("taxes.groups"), t("taxes.add_group"), () => groupDialog(null, setup, save, signal), signal, [
    setup.groups.length > 0 &&
      dataTable(
        [
          { label: t("field.name"), kind: "main", cell: (/** @type {Group} */ group) => group.name },
          {
            label: t("taxes.taxes"),
            kind: "words",
            cell: (/** @type {Group} */ group) =>
              group.parts?.map((part) => partWords(part, setup)).join(" + ") ||
              group.tax_ids.map((id) => setup.taxes.find((tax) => tax.id === id)?.name).join(", ") ||
              t("taxes.untaxed"),
          },
          {
            label: t("nav.prices"),
            cell: (/** @type {Group} */ group) =>
              group.tax_ids.length || group.parts?.length ? t(group.is_included ? "taxes.included" : "taxes.on_top") : "",
          },
          menuColumn((/** @type {Group} */ group) => ({
            name: group.name,
            key: `group-${group.id}`,
            edit: () => groupDialog(group, setup, save, signal),
            remove: () => save({ groups: setup.groups.filter(({ id }) => id !== group.id) }),
          }), signal),
        ],
        setup.groups,
      ),
  ]),
  listCard(t("taxes.levies"), t("taxes.add_levy"), () => levyDialog(null, setup, save, signal), signal, [
    setup.levies.length > 0 &&
      dataTable(
        [
          { label: t("field.name"), kind: "main", cell: (/** @type {Levy} */ levy) => levy.name },
          { label: t("field.amount"), kind: "words", cell: dueWords },
          { label: t("taxes.whom"), kind: "words", cell: (/** @type {Levy} */ levy) => whomWords(levy) },
          { label: t("taxes.valid"), cell: (/** @type {Levy} */ levy) => validWords(levy.rates.map(({ from }) => from)) },
          menuColumn((/** @type {Levy} */ levy) => ({
            name: levy.name,
            key: `levy-${levy.id}`,
            edit: () => levyDialog(levy, setup, save, signal),
            remove: () => save({ levies: setup.levies.filter(({ id }) => id !== levy.id) }),
          }), signal),
        ],
        setup.levies,
      ),
  ]),
  billsCard(setup, save, signal),
];

/**
 * @param {string} name @param {string} add @param {() => void} run @param {AbortSignal} signal @param {Child} table
 */
const listCard = (name, add, run, signal, table) =>
  h(
    "section",
    { class: "card table-card" },
    h(
      "header",
      { class: "card-head" },
      h("h2", {}, name),
      button({ label: add, sign: "plus", is_small: true, key: add, signal, onclick: run }),
    ),
    table,
  );

/**
 * @template T
 * @param {(row: T) => { name: string, key: string, edit: () => void, remove: () => Promise<void> }} of
 * @param {AbortSignal} signal
 * @returns {{ label: string, kind: "menu", cell: (row: T) => Child }}
 */
const menuColumn = (of, signal) => ({
  label: t("word.more"),
  kind: "menu",
  cell: (row) => {
    const { name, key, edit, remove } = of(row);
    /** @type {import("../../elements/menu.js").MenuItem[]} */
    const actions = [
      { label: t("action.edit"), sign: /** @type {const} */ ("edit"), run: edit },
      { label: t("action.delete"), sign: /** @type {const} */ ("close"), run: () => askToRemove(name, remove, signal) },
    ];
    return rowMenu(name, key, actions, signal);
  },
});

/** @param {string} name @param {() => Promise<void>} remove @param {AbortSignal} signal */
const askToRemove = (name, remove, signal) =>
  formDialog(
    {
      title: t("taxes.remove", { name }),
      submit: t("action.delete"),
      is_danger: true,
      intro: h("p", {}, t("taxes.remove_text")),
      fields: () => [],
      send: remove,
    },
    signal,
  );

/** @param {NonNullable<Group["parts"]>[number]} part @param {Setup} setup */
const partWords = ({ group_id, percent }, { groups }) =>
  `${groups.find(({ id }) => id === group_id)?.name} ${formatExactPercent(percent)}`;

/** The last rate that is in force, or the first to come. @param {Tax} tax */
const rateNow = (tax) => (tax.rates.findLast(({ from }) => from <= businessDate()) ?? tax.rates[0])?.percent ?? 0;

/** @param {string[]} days */
const validWords = (days) => days.map((day) => (day <= "2000-01-01" ? t("taxes.always") : formatDate(day, "year"))).join(", ");

/** @param {Levy} levy */
function dueWords({ rates, unit }) {
  const bands = rates.at(-1)?.bands ?? [];
  const due = bands.map(({ amount, percent }) => (amount == null ? formatExactPercent(percent ?? 0) : formatMoney(amount)));
  const words = due.length > 2 ? `${due[0]} – ${due.at(-1)}` : due.join(" / ");
  return `${words} ${t(`taxes.per_${unit}`)}`;
}

/** @param {Levy} levy */
const whomWords = ({ ages = [], nights, whom, is_included }) =>
  [
    ages[0] && t("taxes.from_age", { age: ages[0].from_age }),
    nights?.to && t("taxes.first_nights", { nights: tn("count.nights", nights.to) }),
    whom && whom !== "everybody" && t(`taxes.whom_${whom}`),
    is_included && t("taxes.included"),
  ]
    .filter(Boolean)
    .join(" · ") || t("taxes.whom_everybody");

/** @param {Setup} setup @param {Save} save @param {AbortSignal} signal */
function billsCard(setup, save, signal) {
  const offered = [
    { value: "", label: t("taxes.untaxed") },
    ...setup.groups.map(({ id, name }) => ({ value: String(id), label: name })),
  ];
  const group = (/** @type {string} */ label, /** @type {string} */ name, /** @type {number | null | undefined} */ id) =>
    field({ label, name }, select(offered, String(id ?? "")));
  const form = h(
    "form",
    { class: "card-body form" },
    h(
      "div",
      { class: "field-pair" },
      group(t("taxes.room_group"), "room_group_id", setup.room_group_id),
      group(t("taxes.extra_group"), "extra_group_id", setup.extra_group_id),
    ),
    h(
      "div",
      { class: "field-pair" },
      group(t("taxes.fee_group"), "fee_group_id", setup.fee_group_id),
      field(
        { label: t("taxes.rounding"), name: "rounding", hint: t("taxes.rounding_hint") },
        select(
          ROUNDINGS.map((rounding) => ({ value: rounding, label: t(`taxes.rounding_${rounding}`) })),
          setup.rounding,
        ),
      ),
    ),
    field(
      { label: t("taxes.country"), name: "country", hint: t("taxes.country_hint") },
      input({ value: setup.country, maxlength: 60 }),
    ),
    formError(),
    h("div", {}, h("button", { type: "submit", class: "button" }, t("action.save"))),
  );
  const id = (/** @type {string | undefined} */ value) => (value ? Number(value) : null);
  onSubmit(
    form,
    (values) =>
      save({
        rounding: /** @type {Setup["rounding"]} */ (values.rounding),
        country: values.country,
        room_group_id: id(values.room_group_id),
        extra_group_id: id(values.extra_group_id),
        fee_group_id: id(values.fee_group_id),
      }),
    signal,
  );
  return h("section", { class: "card" }, h("header", { class: "card-head" }, h("h2", {}, t("taxes.bills"))), form);
}
