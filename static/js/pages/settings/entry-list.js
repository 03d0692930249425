/**
 * A list that the hotel keeps itself: entries are added, renamed, retired and brought back.
 */
import { api } from "../../api.js";
import { methodWords } from "../../choices.js";
import { h } from "../../dom.js";
import { rowMenu } from "../../elements/menu.js";
import { showFailure } from "../../failure.js";
import { field, formDialog, formError, input, onSubmit, select } from "../../forms.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").ListEntryView & { kind?: Kind }} ListEntry */
/** @typedef {import("innkeeper/api").MethodView["kind"]} Kind */
/** @typedef {{ name?: string, kind?: Kind, is_active?: boolean }} Change */
/** @typedef {"booking-sources" | "payment-methods"} List */

/** What moves when a payment method is used. */
const KINDS = /** @type {const} */ (["cash", "card", "transfer", "voucher", "other"]);

/**
 * @param {List} list
 * @param {string} title
 * @param {AbortSignal} signal
 */
export function entryList(list, title, signal) {
  const entries = h("div", {});
  const refresh = keepFresh(
    entries,
    {
      areas: ["settings", "payments"],
      load: () => api.get(`/api/${list}`, { page_size: 100 }, signal),
      show: ({ items }) =>
        h(
          "ul",
          { class: "lines card-body" },
          items.map((entry) => line(list, entry, () => void refresh(), signal)),
        ),
      skeleton: () => skeletonLines(5),
    },
    signal,
  );
  const form = h(
    "form",
    { class: "card-body form" },
    field({ label: t("settings.add_label", { list: title }), name: "name" }, input({ maxlength: 100 })),
    formError(),
    h("div", {}, h("button", { type: "submit", class: "button" }, icon("plus"), t("settings.add"))),
  );
  onSubmit(
    form,
    async (values, key) => {
      await api.post(`/api/${list}`, {}, { name: values.name }, key);
      form.reset();
      void refresh();
    },
    signal,
  );
  return h(
    "section",
    { class: "card" },
    h("header", { class: "card-head" }, h("h2", {}, title)),
    entries,
    form,
  );
}

/**
 * @param {List} list
 * @param {ListEntry} entry
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function line(list, entry, done, signal) {
  const name = methodWords(entry.name);
  const change = (/** @type {Change} */ body) => api.patch(`/api/${list}/{id}`, { id: entry.id }, body).then(done);
  return h(
    "li",
    {},
    h("span", { class: `grow ${entry.is_active ? "" : "is-struck"}` }, name),
    entry.kind && h("span", { class: "muted" }, t(`settings.kind_${entry.kind}`)),
    !entry.is_active && h("span", { class: "muted" }, t("word.inactive")),
    rowMenu(
      name,
      `${list}-${entry.id}`,
      [
        { label: t(entry.kind ? "action.edit" : "settings.rename"), sign: "edit", run: () => rename(entry, change, signal) },
        {
          label: entry.is_active ? t("action.deactivate") : t("action.reactivate"),
          sign: entry.is_active ? "ban" : "undo",
          run: () => void change({ is_active: !entry.is_active }).catch(showFailure),
        },
      ],
      signal,
    ),
  );
}

/**
 * @param {ListEntry} entry
 * @param {(body: Change) => Promise<void>} change
 * @param {AbortSignal} signal
 */
const rename = (entry, change, signal) =>
  formDialog(
    {
      title: entry.kind ? methodWords(entry.name) : t("settings.rename"),
      submit: t("action.save"),
      fields: () => [
        field({ label: t("field.name"), name: "name" }, input({ value: entry.name, autofocus: true })),
        entry.kind &&
          field(
            { label: t("field.kind"), name: "kind", hint: t("settings.kind_hint") },
            select(
              KINDS.map((value) => ({ value, label: t(`settings.kind_${value}`) })),
              entry.kind,
            ),
          ),
      ],
      send: ({ name = "", kind }) => change({ name, ...(kind && { kind: /** @type {Kind} */ (kind) }) }),
    },
    signal,
  );
