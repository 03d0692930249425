/**
 * What invoices say of the hotel, and how they are numbered.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { rowMenu } from "../../elements/menu.js";
import { pageHead } from "../../elements/page-head.js";
import { saveChange, showFailure } from "../../failure.js";
import { amountInput, checkbox, field, formDialog, formError, input, onSubmit, select, textarea, typedAmount } from "../../forms.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { t } from "../../i18n.js";
import { partyFields, readParty } from "./draft.js";
import { chooseWords } from "./own-words.js";
import { KINDS, kindWords, languages } from "./words.js";

/** @typedef {import("innkeeper/api").SetupView} Setup */
/** @typedef {import("innkeeper/api").SeriesView} Series */

export const title = () => t("invoices.setup");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export function render(_params, signal) {
  const body = h("div", { class: "stack" });
  const refresh = keepFresh(
    body,
    {
      areas: ["invoices"],
      load: () => Promise.all([api.get("/api/invoice-setup", {}, signal), api.get("/api/invoice-series", {}, signal)]),
      show: ([setup, series]) => [setupCard(setup, again, signal), logoCard(setup, again, signal), seriesCard(series.items, again, signal)],
      skeleton: () => skeletonLines(12),
    },
    signal,
  );
  const again = () => void refresh();
  const back = h("a", { class: "button", href: "/invoices" }, t("nav.invoices"));
  return h("div", { class: "page" }, pageHead({ title: t("invoices.setup"), lead: t("invoices.setup_lead"), actions: [back] }), body);
}

/** @param {Setup} setup @param {() => void} done @param {AbortSignal} signal */
function setupCard(setup, done, signal) {
  const { seller, bank } = setup;
  const text = (/** @type {string} */ name, /** @type {string} */ label, /** @type {string | undefined} */ value, /** @type {number} */ maxlength) =>
    field({ label, name }, input({ value, maxlength }));
  const form = h(
    "form",
    { class: "form invoice-setup" },
    setup.warning && h("div", { class: "note-box invoice-warnings" }, h("p", {}, t(`invoices.warning_${setup.warning}`))),
    h("h3", {}, t("invoices.seller")),
    partyFields(seller),
    h("div", { class: "field-pair" }, [
      text("registration_number", t("invoices.registration_number"), seller.registration_number, 50),
      text("website", t("invoices.website"), seller.website, 200),
    ]),
    h("h3", {}, t("invoices.bank")),
    h("div", { class: "field-pair" }, [
      text("bank_holder", t("invoices.bank_holder"), bank.holder, 200),
      text("bank_name", t("invoices.bank_name"), bank.name, 200),
    ]),
    h("div", { class: "field-pair" }, [text("iban", "IBAN", bank.iban, 34), text("bic", "BIC", bank.bic, 11)]),
    h("h3", {}, t("invoices.words")),
    h("div", { class: "field-pair" }, [
      field(
        { label: t("invoices.language"), name: "language" },
        select([{ value: "", label: t("invoices.language_default") }, ...languages()], setup.language ?? ""),
      ),
      field({ label: t("invoices.due_days"), name: "due_days" }, input({ type: "number", min: 0, max: 365, value: setup.due_days })),
    ]),
    field(
      { label: t("invoices.simplified_limit"), name: "simplified_limit", hint: t("invoices.simplified_hint") },
      amountInput(setup.simplified_limit, { signal }),
    ),
    field({ label: t("invoices.accent"), name: "accent", class: "field-narrow", hint: t("invoices.accent_hint") }, input({ value: setup.accent, maxlength: 7 })),
    field({ label: t("invoices.terms"), name: "terms" }, textarea({ rows: 2, maxlength: 1000, value: setup.terms })),
    field({ label: t("invoices.footer"), name: "footer" }, textarea({ rows: 2, maxlength: 1000, value: setup.footer })),
    formError(),
    h("div", { class: "form-actions" }, h("button", { type: "submit", class: "button button-primary" }, t("action.save"))),
  );
  onSubmit(
    form,
    async (values, key) => {
      const { registration_number = "", website = "", bank_holder: holder = "", bank_name: name = "", iban = "", bic = "" } = values;
      /** @type {import("innkeeper/api").SetupChange} */
      const change = {
        seller: { ...readParty(values, seller), registration_number, website },
        bank: { holder, name, iban, bic },
        language: values.language ? /** @type {NonNullable<Setup["language"]>} */ (values.language) : null,
        due_days: Number(values.due_days),
        simplified_limit: typedAmount(values.simplified_limit),
        accent: values.accent ?? "",
        terms: values.terms ?? "",
        footer: values.footer ?? "",
        ...(setup.version > 0 && { version: setup.version }),
      };
      await saveChange(() => api.patch("/api/invoice-setup", {}, change, key), done);
      done();
    },
    signal,
  );
  return h("section", { class: "card" }, h(
      "header",
      { class: "card-head" },
      h("h2", {}, t("invoices.paper")),
      button({ label: t("invoices.own_words"), look: "quiet", is_small: true, key: "own-words", signal, onclick: (anchor) => chooseWords(anchor, done, signal) }),
    ),
    h("div", { class: "card-body" }, form));
}

/** The picture at the head. @param {Setup} setup @param {() => void} done @param {AbortSignal} signal */
function logoCard(setup, done, signal) {
  const send = (/** @type {string | null} */ picture) =>
    api.put("/api/invoice-setup/logo", {}, { picture }).then(done, showFailure);
  const box = h("input", {
    type: "file",
    class: "input",
    accept: "image/png,image/jpeg",
    "aria-label": t("invoices.logo"),
    "data-key": "logo",
    signal,
    onchange: async () => {
      const file = box.files?.[0];
      if (file) await send(await inBase64(file));
    },
  });
  return h(
    "section",
    { class: "card" },
    h(
      "header",
      { class: "card-head" },
      h("h2", {}, t("invoices.logo")),
      setup.logo !== null &&
        button({ label: t("invoices.logo_remove"), look: "quiet", is_small: true, key: "remove-logo", signal, onclick: () => void send(null) }),
    ),
    h("div", { class: "card-body" }, box, h("p", { class: "field-hint" }, t(setup.logo === null ? "invoices.logo_hint" : "invoices.logo_there"))),
  );
}

/** @param {File} file @returns {Promise<string>} */
async function inBase64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** @param {Series[]} all @param {() => void} done @param {AbortSignal} signal */
const seriesCard = (all, done, signal) =>
  h(
    "section",
    { class: "card table-card" },
    h(
      "header",
      { class: "card-head" },
      h("h2", {}, t("invoices.series")),
      button({ label: t("invoices.add_series"), sign: "plus", look: "quiet", is_small: true, key: "add-series", signal, onclick: () => seriesDialog(null, done, signal) }),
    ),
    dataTable(
      [
        { label: t("field.name"), kind: "main", cell: ({ name }) => name },
        { label: t("field.kind"), cell: ({ kind }) => kindWords(kind) },
        { label: t("invoices.next_look"), cell: ({ prefix, digits }) => h("span", { class: "code" }, `${prefix}${"1".padStart(digits, "0")}`) },
        { label: t("invoices.last_number"), cell: ({ last_number }) => last_number ?? "–" },
        { label: t("field.state"), cell: ({ is_active }) => (is_active ? "" : t("word.inactive")) },
        {
          label: t("word.more"),
          kind: "menu",
          cell: (series) =>
            rowMenu(
              series.name,
              `series-${series.id}`,
              [
                { label: t("action.edit"), sign: "edit", run: () => seriesDialog(series, done, signal) },
                {
                  label: series.is_active ? t("action.deactivate") : t("action.reactivate"),
                  run: () =>
                    void api
                      .patch("/api/invoice-series/{id}", { id: series.id }, { is_active: !series.is_active, version: series.version })
                      .then(done, showFailure),
                },
              ],
              signal,
            ),
        },
      ],
      all,
    ),
  );

/** @param {Series | null} series @param {() => void} done @param {AbortSignal} signal */
const seriesDialog = (series, done, signal) =>
  formDialog(
    {
      title: series?.name ?? t("invoices.add_series"),
      submit: t("action.save"),
      fields: () => [
        field({ label: t("field.name"), name: "name" }, input({ value: series?.name ?? "", maxlength: 100, required: true })),
        !series &&
          field(
            { label: t("field.kind"), name: "kind" },
            select(
              KINDS.map((kind) => ({ value: kind, label: kindWords(kind) })),
              "invoice",
            ),
          ),
        h("div", { class: "field-pair" }, [
          field(
            { label: t("invoices.prefix"), name: "prefix", hint: t("invoices.prefix_hint") },
            input({ value: series?.prefix ?? "{year}-", maxlength: 20 }),
          ),
          field({ label: t("invoices.digits"), name: "digits" }, input({ type: "number", min: 1, max: 10, value: series?.digits ?? 5 })),
        ]),
        checkbox(t("invoices.is_yearly"), "is_yearly", series?.is_yearly ?? true),
      ],
      send: async ({ name = "", kind, prefix = "", digits, is_yearly }, key) => {
        const typed = { name, prefix, digits: Number(digits), is_yearly: Boolean(is_yearly) };
        await (series
          ? saveChange(() => api.patch("/api/invoice-series/{id}", { id: series.id }, { ...typed, version: series.version }, key), done)
          : api.post("/api/invoice-series", {}, { ...typed, kind: /** @type {Series["kind"]} */ (kind) }, key));
        done();
      },
    },
    signal,
  );
