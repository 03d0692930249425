/**
 * Which account of the bookkeeper's everything belongs to: what the journal, and each posting, is entered under.
 */
import { api } from "../../api.js";
import { methodWords } from "../../choices.js";
import { h } from "../../dom.js";
import { pageHead } from "../../elements/page-head.js";
import { toast } from "../../elements/toast-list.js";
import { saveChange } from "../../failure.js";
import { formError, input, onSubmit } from "../../forms.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").AccountCodeView} Code */
/** @typedef {Code["kind"]} Kind */

const KINDS = /** @type {Kind[]} */ (["ledger", "method", "article", "levy", "tax"]);

export const title = () => t("codes.title");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export function render(_params, signal) {
  const body = h("div", {});
  const refresh = keepFresh(
    body,
    {
      areas: ["articles", "taxes", "settings"],
      load: () => api.get("/api/account-codes", {}, signal),
      show: ({ items }) => form(items, () => void refresh(), signal),
      skeleton: () => skeletonLines(14),
    },
    signal,
  );
  const journal = h("a", { class: "button", href: "/reports/journal?period=last_month", "data-key": "journal" }, t("codes.journal"));
  return h("div", { class: "page" }, pageHead({ title: t("codes.title"), lead: t("codes.lead"), actions: [journal] }), body);
}

/** What the hotel, or the program itself, calls it. @param {Code} code */
const nameOf = ({ kind, name, key }) =>
  kind === "method" ? methodWords(name) : name || t(/** @type {import("../../i18n.js").Key} */ (`codes.is_${key}`));

/**
 * @param {Code[]} codes
 * @param {() => void} saved
 * @param {AbortSignal} signal
 */
function form(codes, saved, signal) {
  const whole = h(
    "form",
    { class: "form" },
    h(
      "div",
      { class: "code-groups" },
      KINDS.map((kind) => ({ kind, found: codes.filter((one) => one.kind === kind) }))
        .filter(({ found }) => found.length > 0)
        .map(({ kind, found }) =>
          h(
            "section",
            { class: "card" },
            h("header", { class: "card-head" }, h("h2", {}, t(`codes.kind_${kind}`))),
            h("div", { class: "card-body code-list" }, found.map((one) => row(one, codes.indexOf(one)))),
          ),
        ),
    ),
    formError(),
    h("div", {}, h("button", { type: "submit", class: "button button-primary" }, t("action.save"))),
  );
  onSubmit(
    whole,
    async (values) => {
      const changes = codes.map(({ kind, key }, at) => ({ kind, key, code: values[`codes[${at}].code`] || null }));
      await saveChange(() => api.patch("/api/account-codes", {}, { codes: changes }), saved);
      toast(t("codes.saved"));
      saved();
    },
    signal,
  );
  return whole;
}

/** An empty field is the usual code. @param {Code} one @param {number} at */
const row = (one, at) =>
  h(
    "div",
    { class: "field code-row", "data-field": `codes[${at}].code` },
    h("label", { for: `code-${at}` }, nameOf(one)),
    input({
      id: `code-${at}`,
      name: `codes[${at}].code`,
      value: one.code === one.usual_code ? "" : one.code,
      placeholder: one.usual_code,
      maxlength: 20,
      autocomplete: "off",
    }),
    h("p", { class: "field-error" }),
  );
