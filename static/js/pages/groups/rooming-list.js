/**
 * The names for a group's rooms, pasted from a spreadsheet or typed a line each: shown as they are understood, and
 * booked all or none, with what is wrong beside its row.
 */
import { Problem, api } from "../../api.js";
import { h, swap } from "../../dom.js";
import { toast } from "../../elements/toast-list.js";
import { complaint } from "../../field-words.js";
import { field, formDialog, input, textarea } from "../../forms.js";
import { formatDate } from "../../format.js";
import { isDate } from "../../dates.js";
import { t, tn } from "../../i18n.js";
import { businessDate } from "../../store.js";
import { sendOrOverride } from "../reservations/override.js";
import { readRoomingList } from "./rooming-text.js";

/** @typedef {import("innkeeper/api").GroupDetail} Group */
/** @typedef {import("innkeeper/api").RowRequest} Row */
/** @typedef {Pick<import("../reservations/override.js").Override, "override_capacity" | "override_restrictions" | "reason">} Allowed */

/**
 * @param {Group} group
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export async function openRoomingList(group, done, signal) {
  const rooms = await roomNumbers(signal).catch(() => []);
  const house = {
    types: group.types.flatMap(({ name, code }) => [name, code]),
    rooms,
    today: businessDate(),
  };
  /** @type {Row[]} */
  let rows = [];
  const preview = h("div", { class: "rooming-preview", tabindex: "0", "aria-label": t("groups.preview"), hidden: true });
  const dialog = formDialog(
    {
      title: t("groups.rooming_list"),
      submit: t("groups.book_rooms"),
      is_wide: true,
      fields: (life) => {
        const text = textarea({ rows: 8, required: true, autofocus: true, placeholder: t("groups.paste_example"), spellcheck: "false", class: "input rooming-text" });
        const adults = input({ type: "number", min: 1, max: 20, value: 2 });
        const read = () => {
          const understood = readRoomingList(text.value, house, Number(adults.value) || 1);
          rows = understood.rows;
          preview.hidden = rows.length === 0;
          const head = understood.heading?.filter(Boolean).join(" · ");
          swap(preview, head && h("p", { class: "muted" }, t("groups.heading_line", { line: head })), table(rows, group));
          const submit = text.form?.querySelector("[type=submit]");
          if (submit) submit.textContent = rows.length ? tn("groups.book_n", rows.length) : t("groups.book_rooms");
        };
        text.addEventListener("input", read, { signal: life });
        adults.addEventListener("input", read, { signal: life });
        return [
          field({ label: t("groups.names"), name: "text", hint: t("groups.paste_hint") }, text),
          field({ label: t("groups.per_room"), name: "per_room", class: "field-people" }, adults),
          preview,
        ];
      },
      send: async (_, key) => {
        const book = async (/** @type {Allowed} */ more, /** @type {string} */ again) => {
          const booked = await api.post("/api/groups/{id}/rooming-list", { id: group.id }, { rows, ...more }, again).catch((error) => {
            throw error instanceof Problem ? markRows(preview, error) : error;
          });
          toast(tn("groups.booked", booked.items.length));
          done();
          // The question on top of it was answered.
          if (more.reason) dialog.close();
        };
        await sendOrOverride(book, key, signal, dialog.element.querySelector("form"));
      },
    },
    signal,
  );
}

/** @param {AbortSignal} signal */
async function roomNumbers(signal) {
  /** @type {string[]} */
  const found = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const part = await api.get("/api/rooms", { page, page_size: 100 }, signal);
    found.push(...part.items.map(({ room_number }) => room_number));
    pages = part.pages;
  }
  return found;
}

/** @param {Row[]} rows @param {Group} group */
function table(rows, group) {
  const has = (/** @type {keyof Row} */ name) => rows.some((row) => row[name]);
  /** @type {[string, boolean, (row: Row) => import("../../dom.js").Child][]} */
  const columns = [
    [t("field.name"), true, ({ name }) => name || "–"],
    [t("field.room_type"), has("room_type"), ({ room_type }) => room_type],
    [t("field.room"), has("room_number"), ({ room_number }) => room_number],
    [t("field.arrival"), has("check_in_date"), ({ check_in_date }) => dateWords(check_in_date ?? group.arrival_date)],
    [t("field.departure"), has("check_out_date"), ({ check_out_date }) => dateWords(check_out_date ?? group.departure_date)],
    [t("field.people"), true, ({ adults, children }) => (children ? `${adults}+${children}` : adults)],
    [t("field.email"), has("email"), ({ email }) => email],
    [t("field.phone"), has("phone_number"), ({ phone_number }) => phone_number],
    [t("field.notes"), has("notes"), ({ notes }) => notes],
  ];
  const shown = columns.filter(([, is_shown]) => is_shown);
  return h(
    "table",
    { class: "table rooming-table" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col", class: "is-number" }, "#"), shown.map(([label]) => h("th", { scope: "col" }, label)))),
    h(
      "tbody",
      {},
      rows.map((row, at) =>
        h(
          "tr",
          { "data-row": at },
          h("td", { class: "is-number muted" }, at + 1),
          shown.map(([, , cell], column) => h("td", {}, cell(row), column === 0 && h("p", { class: "field-error" }))),
        ),
      ),
    ),
  );
}

/** @param {string} text */
const dateWords = (text) => (isDate(text) ? formatDate(text, "list") : text);

/**
 * Puts each complaint beside its row; what is left is said by the form.
 * @param {HTMLElement} preview
 * @param {Problem} problem
 */
function markRows(preview, problem) {
  for (const slot of preview.querySelectorAll(".field-error")) slot.textContent = "";
  let wrong = new Set();
  for (const { field: name, message } of problem.errors) {
    const at = /^rows\[(\d+)\]/.exec(name)?.[1];
    const slot = at && preview.querySelector(`[data-row="${at}"] .field-error`);
    if (!at || !slot) return problem;
    wrong = wrong.add(at);
    const words = name === `rows[${at}]` ? message.replace(/^[^:]*: /, "") : complaint({ field: name, message });
    slot.textContent = [slot.textContent, words].filter(Boolean).join(" ");
  }
  if (wrong.size === 0) return problem;
  preview.querySelector(".field-error:not(:empty)")?.scrollIntoView({ block: "nearest" });
  return new Problem(422, { detail: tn("groups.rows_wrong", wrong.size) });
}
