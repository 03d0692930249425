/**
 * A group's block as a sheet: types down, nights across, how many rooms it asks for in each cell. Arrows go from cell to
 * cell; what is typed in the first column stands for every night.
 */
import { api } from "../../api.js";
import { isWeekend } from "../../dates.js";
import { h, swap } from "../../dom.js";
import { saveChange } from "../../failure.js";
import { amountInput, formError, input, onSubmit, typedAmount } from "../../forms.js";
import { formatDate, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";

/** @typedef {import("innkeeper/api").GroupDetail} Group */
/** @typedef {Group["types"][number]} Type */
/** @typedef {Type["nights"][number]} Night */

/** @type {Record<string, [down: number, across: number]>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * @param {Group} group
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function blockCard(group, done, signal) {
  const may_change = may("desk") && (group.status === "tentative" || group.status === "definite");
  const form = h("form", {});
  const table = may_change ? sheet(group, signal) : sheet({ ...group, types: group.types.filter(({ nights }) => nights.some(({ rooms, picked_up }) => rooms || picked_up)) }, signal, true);
  const save = h("button", { type: "submit", class: "button button-primary", "data-key": "save-block" }, t("groups.save_block"));
  const foot = h("div", { class: "card-body form" }, formError(), h("footer", { class: "form-foot" }, save));
  swap(form, h("div", { class: "block-scroll" }, table));
  form.addEventListener("input", () => (changed(form).length > 0 || agreed(form).is_changed ? form.append(foot) : foot.remove()), { signal });
  form.addEventListener("keydown", (event) => walk(form, event), { signal });
  if (may_change)
    onSubmit(
      form,
      async (_, key) => {
        const body = { nights: changed(form), ...(agreed(form).is_changed && { rates: agreed(form).rates }), version: group.version };
        await saveChange(() => api.post("/api/groups/{id}/block", { id: group.id }, body, key), done);
        done();
      },
      signal,
    );
  return [h("header", { class: "card-head" }, h("h2", {}, t("groups.block")), h("p", { class: "muted" }, heldWords(group))), form];
}

/** @param {Group} group */
function heldWords({ is_holding, cut_off_date, released_on, asked_nights }) {
  if (asked_nights === 0) return "";
  if (is_holding) return t("groups.held_until", { date: formatDate(cut_off_date, "weekday") });
  return released_on ? t("groups.released_on", { date: formatDate(released_on, "weekday") }) : t("groups.released");
}

/**
 * @param {Group} group
 * @param {AbortSignal} signal
 * @param {boolean} [is_read_only]
 */
const sheet = ({ types, rates }, signal, is_read_only = false) => {
  const agreed = new Map(rates.map(({ room_type_id, rate }) => [room_type_id, rate]));
  const has_rates = agreed.size > 0 || (!is_read_only && may("manage"));
  return h(
    "table",
    { class: "block-sheet" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, t("field.room_type")),
        has_rates && h("th", { scope: "col" }, t("groups.agreed_rate")),
        !is_read_only && h("th", { scope: "col" }, t("groups.every_night")),
        (types[0]?.nights ?? []).map(({ night }) =>
          h("th", { scope: "col", class: isWeekend(night) ? "is-weekend" : "" }, h("span", {}, formatDate(night, "weekday"))),
        ),
        h("td", { class: "is-rest" }),
      ),
    ),
    h(
      "tbody",
      {},
      types.map((type, down) => row(type, down, signal, is_read_only, has_rates && (agreed.get(type.room_type_id) ?? null))),
    ),
  );
};

/**
 * @param {Type} type
 * @param {number} down
 * @param {AbortSignal} signal
 * @param {boolean} is_read_only
 * @param {number | null | false} agreed for a night; `false` where nobody asks
 */
function row({ room_type_id, name, nights }, down, signal, is_read_only, agreed) {
  const own = (/** @type {Night} */ { night, rooms }, /** @type {number} */ at) =>
    cell(`${down}:${at + 1}`, t("groups.cell", { type: name, night: formatDate(night, "weekday") }), rooms, { type: room_type_id, night, rooms });
  const cells = is_read_only ? [] : nights.map(own);
  const first = nights[0]?.rooms ?? 0;
  const is_even = nights.every(({ rooms }) => rooms === first);
  const all = cell(`${down}:0`, t("groups.cell_all", { type: name }), is_even ? first : null, {});
  all.addEventListener(
    "input",
    () => cells.forEach((one) => (one.value = all.value)),
    { signal },
  );
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, name),
    agreed !== false && h("td", {}, is_read_only || !may("manage") ? agreed !== null && formatMoney(agreed) : agreedCell(`${down}:-1`, name, room_type_id, agreed, signal)),
    !is_read_only && h("td", { class: "is-every" }, all),
    nights.map((night, at) =>
      h(
        "td",
        {},
        cells[at] ?? h("strong", {}, night.rooms),
        h(
          "span",
          { class: "block-facts" },
          night.picked_up > 0 && h("b", {}, t("groups.picked", { count: night.picked_up })),
          h("span", {}, t("groups.free_short", { count: night.free })),
        ),
      ),
    ),
    h("td", { class: "is-rest" }),
  );
}

/**
 * @param {string} place
 * @param {string} label
 * @param {number | null} rooms
 * @param {Record<string, unknown>} data
 */
const cell = (place, label, rooms, data) =>
  input({
    class: "input block-cell",
    inputmode: "numeric",
    maxlength: 4,
    value: rooms || "",
    placeholder: rooms === null ? "·" : "0",
    "aria-label": label,
    "data-key": `block-${place}`,
    "data-place": place,
    ...Object.fromEntries(Object.entries(data).map(([name, value]) => [`data-${name}`, value])),
  });

/**
 * What was agreed for a night of a type; empty = the plan's price.
 * @param {string} place
 * @param {string} type
 * @param {number} room_type_id
 * @param {number | null} rate
 * @param {AbortSignal} signal
 */
const agreedCell = (place, type, room_type_id, rate, signal) =>
  amountInput(rate, {
    signal,
    class: "input input-amount block-rate",
    placeholder: "–",
    "aria-label": t("groups.agreed_of", { type }),
    "data-key": `block-${place}`,
    "data-place": place,
    "data-agreed": room_type_id,
    "data-rate": rate ?? "",
  });

/** The prices agreed, as they stand in the sheet. @param {HTMLFormElement} form */
function agreed(form) {
  const cells = [...form.querySelectorAll("input[data-agreed]")].map((one) => /** @type {HTMLInputElement} */ (one));
  const is_changed = cells.some(({ value, dataset }) => (value.trim() ? String(typedAmount(value)) : "") !== dataset.rate);
  const typed = cells.filter(({ value }) => value.trim());
  return { is_changed, rates: typed.map(({ value, dataset }) => ({ room_type_id: Number(dataset.agreed), rate: typedAmount(value) })) };
}

/** The cells that hold something else than what was asked for. @param {HTMLFormElement} form */
function changed(form) {
  const cells = [...form.querySelectorAll("input[data-night]")].map((one) => /** @type {HTMLInputElement} */ (one));
  return cells
    .filter(({ value, dataset }) => Number(value || 0) !== Number(dataset.rooms))
    .map(({ value, dataset }) => ({
      room_type_id: Number(dataset.type),
      night: dataset.night ?? "",
      // What is no number goes as it is typed, for the server to refuse.
      rooms: /^\d*$/.test(value.trim()) ? Number(value) : /** @type {number} */ (/** @type {unknown} */ (value)),
    }));
}

/**
 * From cell to cell as in a sheet.
 * @param {HTMLFormElement} form
 * @param {KeyboardEvent} event
 */
function walk(form, event) {
  const step = STEPS[event.key];
  const from = event.target instanceof HTMLInputElement ? event.target.dataset.place : undefined;
  if (!step || !from || event.ctrlKey || event.metaKey || event.altKey) return;
  const [down = 0, across = 0] = from.split(":").map(Number);
  const next = form.querySelector(`[data-place="${down + step[0]}:${across + step[1]}"]`);
  if (!(next instanceof HTMLInputElement)) return;
  event.preventDefault();
  next.focus();
  next.select();
}
