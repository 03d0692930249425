/**
 * What a manager does with a profile: fold a second one of the same person into it, or erase it.
 */
import { Problem, api } from "../../api.js";
import { debounce, h, swap } from "../../dom.js";
import { describe } from "../../elements/guest-picker.js";
import { toast } from "../../elements/toast-list.js";
import { explain } from "../../failure.js";
import { field, formDialog, input } from "../../forms.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").GuestView} Guest */

const SEARCH_REST_MS = 160;
const MOST_HITS = 6;

/**
 * @param {Guest} guest the profile that stays
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function merge(guest, done, signal) {
  const hits = h("div", { class: "merge-hits", role: "radiogroup", "aria-label": t("guest.merge_other") });
  /** @param {Guest[]} found */
  const show = (found) => {
    const others = found.filter((other) => other.id !== guest.id).slice(0, MOST_HITS);
    swap(
      hits,
      others.length === 0 && h("p", { class: "muted" }, t("guests.none_found")),
      others.map((other) =>
        h(
          "label",
          { class: "merge-hit" },
          h("input", { type: "radio", name: "other_id", value: other.id }),
          h(
            "span",
            {},
            h("strong", {}, other.full_name),
            " ",
            h("span", { class: "muted" }, describe(other)),
          ),
        ),
      ),
    );
  };
  const { full_name, email, phone_number } = guest;
  formDialog(
    {
      title: t("guest.merge_title", { guest: full_name }),
      submit: t("guest.merge_submit"),
      is_danger: true,
      intro: h("p", { class: "dialog-intro" }, t("guest.merge_text", { guest: full_name })),
      fields: (inner) => {
        let turn = 0;
        // An answer that was overtaken is not shown.
        const load = (/** @type {Promise<{ items: Guest[] }>} */ asked) => {
          const mine = (turn += 1);
          return asked.then(
            ({ items }) => mine === turn && show(items),
            (error) => mine !== turn || inner.aborted || swap(hits, h("p", { class: "form-error" }, explain(error))),
          );
        };
        const box = input({
          type: "search",
          signal: inner,
          autofocus: true,
          placeholder: t("guests.search"),
          oninput: debounce(
            () => void load(api.get("/api/guests", { q: box.value.trim(), page_size: MOST_HITS + 1 }, inner)),
            SEARCH_REST_MS,
            inner,
          ),
        });
        void load(api.get("/api/guests/duplicates", { full_name, email, phone_number }, inner));
        return [field({ label: t("guest.merge_other"), name: "q" }, box), hits];
      },
      send: async ({ other_id }, key) => {
        // What cannot be undone is done with nobody whom nobody has chosen.
        if (!other_id) throw new Problem(422, { errors: [{ field: "q", message: t("guest.merge_choose") }] });
        await api.post("/api/guests/{id}/merge", { id: guest.id }, { other_id: Number(other_id) }, key);
        toast(t("guest.merged", { guest: full_name }));
        done();
      },
    },
    signal,
  );
}

/** All that is known of the guest, for programs; the browser keeps the file. @param {Guest} guest */
export async function takeData({ id }) {
  const data = await api.post("/api/guests/{id}/personal-data", { id }, {});
  const file = new Blob([JSON.stringify(data, null, 2)], { type: "application/json" });
  const address = URL.createObjectURL(file);
  h("a", { href: address, download: `personal-data-${id}.json` }).click();
  URL.revokeObjectURL(address);
}

/** The same on paper. @param {Guest} guest */
export const takePaper = ({ id }) =>
  h("a", { href: `/api/guests/${id}/personal-data.pdf`, download: `personal-data-${id}.pdf` }).click();

/**
 * @param {Guest} guest
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export const anonymise = (guest, done, signal) =>
  formDialog(
    {
      title: t("guest.anonymise_title", { guest: guest.full_name }),
      submit: t("guest.anonymise_submit"),
      is_danger: true,
      intro: h("p", { class: "dialog-intro" }, t("guest.anonymise_text")),
      fields: () => [field({ label: t("field.reason"), name: "reason" }, input({ autofocus: true }))],
      send: async ({ reason }, key) => {
        await api.post("/api/guests/{id}/anonymise", { id: guest.id }, { reason }, key);
        toast(t("guest.anonymised"));
        done();
      },
    },
    signal,
  );
