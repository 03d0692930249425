/**
 * The dialogs that change a tax, a group of what is taxed alike, or a city tax. What a dialog does not ask
 * stays as it is.
 */
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dateInput } from "../../elements/date-field.js";
import { amountInput, checkbox, field, formDialog, input, select, typedAmount } from "../../forms.js";
import { formatDecimal, parseDecimal, parsePercent } from "../../format.js";
import { t } from "../../i18n.js";
import { businessDate } from "../../store.js";

/** @typedef {import("./taxes.js").Setup} Setup */
/** @typedef {import("./taxes.js").Group} Group */
/** @typedef {import("./taxes.js").Tax} Tax */
/** @typedef {import("./taxes.js").Levy} Levy */
/** @typedef {import("./taxes.js").Save} Save */
/** @typedef {NonNullable<Group["parts"]>[number]} Part */
/** @typedef {Levy["rates"][number]["bands"][number]} Band */
/** @typedef {NonNullable<Levy["rates"][number]["authorities"]>[number]} Authority */

const UNITS = /** @type {const} */ (["person_night", "room_night", "stay"]);
/** Rows for the parts of a split price, and for those who share a levy. */
const MOST_PARTS = 3;
const WHOM = /** @type {const} */ (["everybody", "residents", "foreigners"]);

/** @param {{ id: number }[]} list */
const nextId = (list) => Math.max(0, ...list.map(({ id }) => id)) + 1;

/**
 * The list with one entry changed or added.
 * @template {{ id: number }} T
 * @param {T[]} list @param {T} entry @returns {T[]}
 */
const put = (list, entry) =>
  list.some(({ id }) => id === entry.id) ? list.map((old) => (old.id === entry.id ? entry : old)) : [...list, entry];

/**
 * The versions with one that begins on a day: in the place of the one that began then, or a new one. Where
 * the last one stays as it was but for its day, it is that one which moves.
 * @template {{ from: string }} T
 * @param {T[]} versions @param {T} version @returns {T[]}
 */
function since(versions, version) {
  const last = versions.at(-1);
  const has_moved = last && JSON.stringify({ ...last, from: "" }) === JSON.stringify({ ...version, from: "" });
  const kept = versions.filter((old) => old.from !== version.from && !(has_moved && old === last));
  return [...kept, version].sort((a, b) => a.from.localeCompare(b.from));
}

/** A percentage as typed, or what stands there: the server says what is wrong with it. @param {string | undefined} typed */
const percentOf = (typed) => /** @type {number} */ (parsePercent(typed ?? "") ?? typed);

/** The same of an amount. @param {string | undefined} typed */
const amountOf = (typed) => /** @type {number} */ (parseDecimal(typed ?? "") ?? typed);

/** @param {string} value @param {string} [hint] */
const fromField = (value, hint = t("taxes.from_hint")) =>
  field({ label: t("taxes.from"), name: "from", hint }, dateInput({ value, year: "nearest" }));

/**
 * @param {Tax | null} tax
 * @param {Setup} setup
 * @param {Save} save
 * @param {AbortSignal} signal
 */
export const taxDialog = (tax, setup, save, signal) =>
  formDialog(
    {
      title: tax?.name ?? t("taxes.add_tax"),
      submit: t("action.save"),
      fields: () => [
        field({ label: t("field.name"), name: "name" }, input({ value: tax?.name ?? "", maxlength: 100, autofocus: true })),
        h(
          "div",
          { class: "field-pair" },
          field(
            { label: t("taxes.rate"), name: "percent" },
            input({ inputmode: "decimal", value: tax ? formatDecimal(tax.rates.at(-1)?.percent ?? 0, 4) : "" }),
          ),
          fromField(tax?.rates.at(-1)?.from ?? businessDate()),
        ),
        checkbox(t("taxes.is_service"), "is_service", tax?.is_service),
      ],
      send: async ({ name = "", percent, from = "", is_service }) => {
        const rates = since(tax?.rates ?? [], { from, percent: percentOf(percent) });
        const entry = { ...tax, id: tax?.id ?? nextId(setup.taxes), name, is_service: Boolean(is_service), rates };
        await save({ taxes: put(setup.taxes, entry) });
      },
    },
    signal,
  );

/**
 * @param {Group | null} group
 * @param {Setup} setup
 * @param {Save} save
 * @param {AbortSignal} signal
 */
export function groupDialog(group, setup, save, signal) {
  // A price is split over whole groups, not over another split price.
  const whole = setup.groups.filter(({ id, parts }) => id !== group?.id && !parts?.length);
  const shares = group?.parts ?? [];
  const is_split = shares.length > 0;
  formDialog(
    {
      title: group?.name ?? t("taxes.add_group"),
      submit: t("action.save"),
      fields: (inner) => {
        const taxed = h(
          "div",
          { class: "stack", hidden: is_split },
          setup.taxes.length > 0 &&
            h(
              "fieldset",
              { class: "choice" },
              h("legend", {}, t("taxes.taxes")),
              setup.taxes.map(({ id, name }) => checkbox(name, `tax_${id}`, group?.tax_ids.includes(id))),
            ),
          checkbox(t("taxes.is_lodging"), "is_lodging", group?.is_lodging),
        );
        const split = shareFields(
          "parts",
          t("taxes.parts_hint"),
          shares.map(({ percent }) => formatDecimal(percent, 4)),
          { part: (n) => t("taxes.part", { n }), share: t("taxes.share") },
          (n) =>
            select(
              [
                { value: "", label: "–" },
                ...whole.map(({ id, name }) => ({ value: String(id), label: name })),
              ],
              String(shares[n]?.group_id ?? ""),
            ),
          !is_split,
        );
        const choice = checkbox(t("taxes.is_split"), "is_split", is_split);
        choice.addEventListener(
          "change",
          () => {
            split.hidden = !split.hidden;
            taxed.hidden = !split.hidden;
          },
          { signal: inner },
        );
        return [
          field({ label: t("field.name"), name: "name" }, input({ value: group?.name ?? "", maxlength: 100, autofocus: true })),
          field(
            { label: t("nav.prices"), name: "is_included" },
            select(
              [
                { value: "yes", label: t("taxes.included") },
                { value: "", label: t("taxes.on_top") },
              ],
              group && !group.is_included ? "" : "yes",
            ),
          ),
          whole.length > 1 && choice,
          taxed,
          split,
        ];
      },
      send: async (values) => {
        const entry = {
          ...group,
          id: group?.id ?? nextId(setup.groups),
          name: values.name ?? "",
          is_included: Boolean(values.is_included),
          is_lodging: Boolean(values.is_lodging) && !values.is_split,
          tax_ids: values.is_split ? [] : setup.taxes.map(({ id }) => id).filter((id) => values[`tax_${id}`]),
          parts: values.is_split ? readParts(values) : [],
        };
        await save({ groups: put(setup.groups, entry) });
      },
    },
    signal,
  );
}

/**
 * Who or what has a share, a row each; at the end rows for more.
 * @param {string} name @param {string} hint
 * @param {string[]} shares those there are, as they are typed
 * @param {{ part: (n: number) => string, share: string }} labels
 * @param {(n: number) => HTMLInputElement | HTMLSelectElement} control
 * @param {boolean} [hidden]
 */
const shareFields = (name, hint, shares, labels, control, hidden = false) =>
  h(
    "div",
    { class: "stack", hidden, "data-field": name },
    h("p", { class: "field-hint" }, hint),
    Array.from({ length: Math.max(MOST_PARTS, shares.length) }, (_, n) =>
      h(
        "div",
        { class: "field-pair", role: "group", "aria-label": labels.part(n + 1) },
        field({ label: labels.part(n + 1), name: `part_${n}` }, control(n)),
        field({ label: labels.share, name: `share_${n}` }, input({ inputmode: "decimal", value: shares[n] ?? "" })),
      ),
    ),
    h("p", { class: "field-error" }),
  );

/** The rows that are filled in. @param {Record<string, string>} values */
const filledRows = (values) =>
  Object.keys(values)
    .filter((name) => /^part_\d+$/.test(name) && values[name])
    .map((name) => ({ part: values[name] ?? "", share: values[name.replace("part", "share")] }));

/** @param {Record<string, string>} values @returns {Part[]} */
const readParts = (values) =>
  filledRows(values).map(({ part, share }) => ({ group_id: Number(part), percent: percentOf(share) }));

/** @param {Record<string, string>} values @returns {Authority[]} */
const readAuthorities = (values) => filledRows(values).map(({ part, share }) => ({ name: part, share: amountOf(share) }));

/**
 * @param {Levy | null} levy
 * @param {Setup} setup
 * @param {Save} save
 * @param {AbortSignal} signal
 */
export const levyDialog = (levy, setup, save, signal) => {
  const last = levy?.rates.at(-1);
  const is_share = last?.bands[0]?.percent != null;
  return formDialog(
    {
      title: levy?.name ?? t("taxes.add_levy"),
      submit: t("action.save"),
      fields: (inner) => [
        field({ label: t("field.name"), name: "name" }, input({ value: levy?.name ?? "", maxlength: 100, autofocus: true })),
        h(
          "div",
          { class: "field-pair" },
          field(
            { label: t("taxes.unit"), name: "unit" },
            select(
              UNITS.map((unit) => ({ value: unit, label: t(`taxes.unit_${unit}`) })),
              levy?.unit ?? "person_night",
            ),
          ),
          field(
            { label: t("taxes.due_kind"), name: "due_kind" },
            select(
              [
                { value: "amount", label: t("field.amount") },
                { value: "percent", label: t("taxes.percent_of_price") },
              ],
              is_share ? "percent" : "amount",
            ),
          ),
        ),
        bandFields(last?.bands ?? [{}], inner),
        fromField(last?.from ?? businessDate()),
        h(
          "details",
          { class: "unfolding", open: Boolean(last?.authorities?.length) },
          h("summary", {}, t("taxes.authorities")),
          shareFields(
            "authorities",
            t("taxes.authorities_hint"),
            last?.authorities?.map(({ share }) => formatDecimal(share, 6)) ?? [],
            { part: (n) => t("taxes.authority", { n }), share: t("taxes.authority_share") },
            (n) => input({ value: last?.authorities?.[n]?.name ?? "", maxlength: 100 }),
          ),
        ),
        h(
          "div",
          { class: "field-pair" },
          field(
            { label: t("taxes.free_below"), name: "from_age", hint: (levy?.ages?.length ?? 0) > 1 ? t("taxes.ages_kept") : undefined },
            input({ type: "number", min: 0, max: 150, value: levy?.ages?.[0]?.from_age ?? "" }),
          ),
          field(
            { label: t("taxes.most_nights"), name: "nights_to" },
            input({ type: "number", min: 1, max: 366, value: levy?.nights?.to ?? "" }),
          ),
        ),
        h(
          "div",
          { class: "field-pair" },
          field(
            { label: t("taxes.on_levy"), name: "group_id" },
            select(
              [
                { value: "", label: t("taxes.untaxed") },
                ...setup.groups.map(({ id, name }) => ({ value: String(id), label: name })),
              ],
              String(levy?.group_id ?? ""),
            ),
          ),
          field(
            { label: t("taxes.whom"), name: "whom" },
            select(
              WHOM.map((whom) => ({ value: whom, label: t(`taxes.whom_${whom}`) })),
              levy?.whom ?? "everybody",
            ),
          ),
        ),
        checkbox(t("taxes.has_taxes_included"), "has_taxes_included", levy?.has_taxes_included),
        checkbox(t("taxes.is_included"), "is_included", levy?.is_included),
      ],
      send: async (values) => {
        const whole = (/** @type {string | undefined} */ typed) => (typed ? Number(typed) : null);
        const from_age = whole(values.from_age);
        const kept = levy?.ages ?? [];
        const ages =
          from_age === null ? [] : kept.length > 1 && kept[0]?.from_age === from_age ? kept : [{ from_age, percent: 100 }];
        const rates = since(levy?.rates ?? [], {
          from: values.from ?? "",
          bands: readBands(values),
          authorities: readAuthorities(values),
        });
        const entry = {
          ...levy,
          id: levy?.id ?? nextId(setup.levies),
          name: values.name ?? "",
          unit: /** @type {Levy["unit"]} */ (values.unit),
          group_id: whole(values.group_id),
          whom: /** @type {Levy["whom"]} */ (values.whom),
          has_taxes_included: Boolean(values.has_taxes_included),
          is_included: Boolean(values.is_included),
          nights: { ...levy?.nights, to: whole(values.nights_to) },
          ages,
          rates,
        };
        await save({ levies: put(setup.levies, entry) });
      },
    },
    signal,
  );
};

/**
 * What one costs, by the price of a night: one row as long as that does not matter.
 * @param {Partial<Band>[]} bands
 * @param {AbortSignal} signal
 */
function bandFields(bands, signal) {
  const rows = h("div", { class: "stack" });
  const typed = () =>
    [...rows.querySelectorAll(".tax-band")].map((row) => {
      const [from_price, due] = [...row.querySelectorAll("input")].map(({ value }) => value);
      return { from_price: typedAmount(from_price ?? ""), due };
    });
  /** @param {{ from_price?: number | string | null, due?: string }[]} shown */
  const show = (shown) =>
    swap(
      rows,
      shown.map(({ from_price, due }, n) =>
        h(
          "div",
          { class: "tax-band field-pair", role: "group", "aria-label": t("taxes.band", { n: n + 1 }) },
          field(
            { label: t("taxes.from_price"), name: `from_price_${n}` },
            amountInput(typeof from_price === "number" ? from_price : 0, { signal }),
          ),
          field({ label: t("taxes.due"), name: `due_${n}` }, input({ inputmode: "decimal", value: due ?? "" })),
          shown.length > 1 &&
            button({
              sign: "close",
              name: t("taxes.remove_band", { n: n + 1 }),
              look: "quiet",
              is_small: true,
              signal,
              onclick: () => show(typed().toSpliced(n, 1)),
            }),
        ),
      ),
      h(
        "div",
        {},
        button({
          label: t("taxes.add_band"),
          sign: "plus",
          look: "quiet",
          is_small: true,
          key: "add-band",
          signal,
          onclick: () => show([...typed(), {}]),
        }),
      ),
    );
  show(
    bands.map(({ from_price, amount, percent }) => ({
      from_price,
      due: amount ?? percent ? formatDecimal(amount ?? percent ?? 0, 6) : "",
    })),
  );
  return rows;
}

/** @param {Record<string, string>} values @returns {Band[]} */
function readBands(values) {
  const bands = [];
  for (let n = 0; `due_${n}` in values; n++) {
    const due = values[`due_${n}`];
    const from_price = /** @type {number} */ (typedAmount(values[`from_price_${n}`] || "0"));
    const is_share = values.due_kind === "percent";
    bands.push({ from_price, amount: is_share ? null : amountOf(due), percent: is_share ? percentOf(due) : null });
  }
  return bands;
}
