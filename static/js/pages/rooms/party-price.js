/**
 * For how many people a type's price is, and what an adult more, or a child of an age, costs a night.
 */
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { amountInput, field, input, typedAmount } from "../../forms.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").RoomTypeView} RoomType */
/** @typedef {{ from_age: number | string, to_age: number | string, rate: number | null }} Band */

const MOST_BANDS = 10;
const OLDEST_CHILD = 17;
/** As the server names them, so that it is told there what is wrong. @param {number} n */
const place = (n) => `child_rates[${n}]`;

/**
 * @param {RoomType | null} type
 * @param {AbortSignal} signal
 */
export function partyPriceFields(type, signal) {
  const bands = h("div", { class: "bands" });
  /** What stands in the rows now. @returns {Band[]} */
  const typed = () =>
    [...bands.querySelectorAll(".band")].map((row) => {
      const [from = "", to = "", rate = ""] = [...row.querySelectorAll("input")].map(({ value }) => value);
      return { from_age: from, to_age: to, rate: rate ? typedAmount(rate) : null };
    });
  /** @param {Band[]} rows */
  const show = (rows) =>
    swap(
      bands,
      rows.map((band, n) => bandRow(band, n, () => show(typed().toSpliced(n, 1)), signal)),
      rows.length < MOST_BANDS &&
        button({
          label: t("people_price.add_band"),
          sign: "plus",
          look: "quiet",
          is_small: true,
          key: "add-band",
          signal,
          onclick: () => {
            const from_age = Number(rows.at(-1)?.to_age ?? -1) + 1;
            show([...typed(), { from_age: Math.min(from_age, OLDEST_CHILD), to_age: "", rate: null }]);
            /** @type {HTMLElement | null | undefined} */ (
              [...bands.querySelectorAll(".band")].at(-1)?.querySelector("input")
            )?.focus();
          },
        }),
    );
  show(type?.child_rates ?? []);
  return h(
    "details",
    { class: "unfolding", open: type?.included_persons != null },
    h("summary", {}, t("people_price.title")),
    h(
      "div",
      { class: "form" },
      h(
        "div",
        { class: "field-pair" },
        field(
          { label: t("people_price.included"), name: "included_persons", hint: t("people_price.included_hint") },
          input({ type: "number", min: 1, max: 100, value: type?.included_persons ?? "" }),
        ),
        field(
          { label: t("people_price.adult"), name: "extra_adult_rate" },
          amountInput(type?.included_persons ? type.extra_adult_rate : null, { signal }),
        ),
      ),
      h(
        "div",
        { class: "field-pair" },
        field(
          { label: t("people_price.max_cots"), name: "max_cots" },
          input({ type: "number", min: 0, max: 10, value: type?.max_cots ?? 1, required: true }),
        ),
        field({ label: t("people_price.cot"), name: "cot_rate" }, amountInput(type?.cot_rate || null, { signal })),
      ),
      h(
        "fieldset",
        { class: "choice" },
        h("legend", {}, t("people_price.children")),
        bands,
        h("p", { class: "field-hint" }, t("people_price.children_hint")),
      ),
    ),
  );
}

/** @param {Band} band @param {number} n @param {() => void} remove @param {AbortSignal} signal */
const bandRow = ({ from_age, to_age, rate }, n, remove, signal) =>
  h(
    "div",
    { class: "band" },
    age(t("people_price.from_age"), `${place(n)}.from_age`, from_age),
    age(t("people_price.to_age"), `${place(n)}.to_age`, to_age),
    field({ label: t("people_price.a_night"), name: `${place(n)}.rate` }, amountInput(rate, { signal, required: true })),
    button({
      sign: "close",
      name: t("people_price.remove_band", { from: String(from_age) }),
      look: "quiet",
      is_small: true,
      signal,
      onclick: remove,
    }),
  );

/** @param {string} label @param {string} name @param {number | string} value */
const age = (label, name, value) =>
  field({ label, name }, input({ type: "number", min: 0, max: OLDEST_CHILD, value, required: true }));

/** @param {Record<string, string>} values of a form with these fields */
export function readPartyPrice(values) {
  const child_rates = [];
  for (let n = 0; `${place(n)}.rate` in values; n++) {
    const at = place(n);
    child_rates.push({
      from_age: Number(values[`${at}.from_age`]),
      to_age: Number(values[`${at}.to_age`]),
      rate: typedAmount(values[`${at}.rate`]),
    });
  }
  return {
    included_persons: values.included_persons ? Number(values.included_persons) : null,
    extra_adult_rate: values.extra_adult_rate ? typedAmount(values.extra_adult_rate) : 0,
    child_rates,
    max_cots: Number(values.max_cots),
    cot_rate: values.cot_rate ? typedAmount(values.cot_rate) : 0,
  };
}
