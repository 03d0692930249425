/**
 * What documents say in the hotel's own words: each beside what the program says, which an empty field goes back to.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { openMenu } from "../../elements/menu.js";
import { showFailure } from "../../failure.js";
import { field, formDialog, input } from "../../forms.js";
import { t } from "../../i18n.js";
import { languages } from "./words.js";

/** @typedef {import("innkeeper/api").WordView} Word */
/** @typedef {NonNullable<import("innkeeper/api").SetupView["language"]>} Language */

/** @param {HTMLElement} anchor @param {() => void} done @param {AbortSignal} signal */
export const chooseWords = (anchor, done, signal) =>
  openMenu(
    anchor,
    t("invoices.own_words"),
    languages().map(({ value, label }) => ({
      label,
      run: () => void editWords(/** @type {Language} */ (value), label, done, signal).catch(showFailure),
    })),
    signal,
  );

/** @param {Language} language @param {string} name of the language @param {() => void} done @param {AbortSignal} signal */
async function editWords(language, name, done, signal) {
  const { items } = await api.get("/api/invoice-words", { language }, signal);
  const at = (/** @type {Word} */ { key }) => `words.own.${key}`;
  formDialog(
    {
      title: `${t("invoices.own_words")} · ${name}`,
      submit: t("action.save"),
      intro: h("p", { class: "dialog-intro" }, t("invoices.own_words_text")),
      fields: () => items.map((word) => field({ label: word.standard, name: at(word) }, input({ value: word.own ?? "", maxlength: 200 }))),
      send: async (values, key) => {
        const own = Object.fromEntries(items.map((word) => [word.key, values[at(word)] ?? ""]).filter(([, words]) => words));
        await api.patch("/api/invoice-setup", {}, { words: { language, own } }, key);
        done();
      },
    },
    signal,
  );
}
