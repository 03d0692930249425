/**
 * A new group with its block: as many rooms of each type, on every night; single nights are told on its own page.
 */
import { api } from "../../api.js";
import { addDays, isDate } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { pageHead } from "../../elements/page-head.js";
import { amountInput, field, formError, input, onSubmit, typedAmount } from "../../forms.js";
import { skeletonLines } from "../../fresh.js";
import { formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { navigate } from "../../router.js";
import { businessDate } from "../../store.js";
import { groupFields, readGroup } from "./group-form.js";

/** @typedef {import("innkeeper/api").AvailableType} Available */

export const title = () => t("groups.new");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  const from = isDate(params.check_in_date ?? "") ? String(params.check_in_date) : businessDate();
  const asked = params.check_out_date ?? "";
  const to = isDate(asked) && asked > from ? asked : addDays(from, 1);
  const block = h("div", { class: "card-body", "data-passing": true }, skeletonLines(3));
  const form = h("form", { class: "stack" });
  /** Rooms as typed, kept when other dates are chosen. @type {Map<number, { rooms: string, rate: string }>} */
  const typed = new Map();
  let turn = 0;
  const show = async (/** @type {string} */ arrival, /** @type {string} */ departure) => {
    const mine = (turn += 1);
    if (!arrival || !departure || departure <= arrival) return;
    try {
      const asked = { check_in_date: arrival, check_out_date: departure, too_small: true };
      const { items } = await api.get("/api/rooms/available", asked, signal);
      if (mine === turn && !signal.aborted) swap(block, blockFields(items, typed, signal));
    } catch {
      // It is only help: what cannot be held is refused on saving, in words.
    }
  };
  swap(
    form,
    h("section", { class: "card" }, h("div", { class: "card-body form" }, groupFields(null, signal, { from, to, onrange: (a, b) => void show(a, b) }))),
    h("section", { class: "card" }, h("header", { class: "card-head" }, h("h2", {}, t("groups.block"))), block),
    h(
      "div",
      { class: "form" },
      formError(),
      h("footer", { class: "form-foot" }, h("button", { type: "submit", class: "button button-primary" }, t("groups.create"))),
    ),
  );
  onSubmit(
    form,
    async (values, key) => {
      const rooms = [...typed].map(([room_type_id, one]) => ({ room_type_id, rooms: Number(one.rooms) || 0 })).filter(({ rooms }) => rooms > 0);
      const rates = [...typed]
        .filter(([, one]) => one.rate.trim())
        .map(([room_type_id, one]) => ({ room_type_id, rate: typedAmount(one.rate) }));
      const { company_id, ...wanted } = readGroup(values);
      const made = await api.post("/api/groups", {}, { ...wanted, ...(company_id && { company_id }), rooms, ...(rates.length > 0 && { rates }) }, key);
      await navigate(`/groups/${made.id}`);
    },
    signal,
  );
  void show(from, to);
  return h("div", { class: "page page-form" }, pageHead({ title: t("groups.new") }), form);
}

/**
 * @param {Available[]} types
 * @param {Map<number, { rooms: string, rate: string }>} typed
 * @param {AbortSignal} signal
 */
const blockFields = (types, typed, signal) =>
  h(
    "div",
    { class: "block-types" },
    types.map(({ room_type_id: id, name, available_count, nightly }) => {
      const kept = typed.get(id) ?? { rooms: "", rate: "" };
      const note = () => typed.set(id, { rooms: rooms.value, rate: rate.value });
      const rooms = input({ type: "number", min: 0, max: 1000, inputmode: "numeric", value: kept.rooms, placeholder: "0", signal, oninput: note });
      const rate = amountInput(null, { value: kept.rate, placeholder: formatMoney(nightly[0]?.rate ?? 0), signal, oninput: note });
      return h(
        "div",
        { class: "block-type" },
        h("div", { class: "grow" }, h("strong", {}, name), h("p", { class: "muted" }, t("groups.free", { count: available_count }))),
        field({ label: t("groups.rooms_of", { type: name }), name: `rooms-${id}` }, rooms),
        may("manage") && field({ label: t("groups.agreed_rate"), name: `rate-${id}` }, rate),
      );
    }),
  );
