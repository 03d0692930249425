/**
 * One guest: profile, stays, and what was changed.
 */
import { api } from "../../api.js";
import { h, swap } from "../../dom.js";
import { button, formFoot } from "../../elements/button.js";
import { openMenu } from "../../elements/menu.js";
import { saveChange, showFailure } from "../../failure.js";
import { formError, onSubmit } from "../../forms.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatDate, mailTo } from "../../format.js";
import { icon } from "../../icons.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { navigate } from "../../router.js";
import { editButton } from "../reservations/edit-card.js";
import { historyCard } from "../reservations/history.js";
import { guestStayTable } from "../reservations/table.js";
import { anonymise, merge, takeData, takePaper } from "./guest-actions.js";
import { guestFields, idTypeWords, readGuest } from "./guest-form.js";

/** @typedef {import("innkeeper/api").GuestView} Guest */

export const title = () => t("field.guest");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  const id = Number(params.id);
  const head = h("div", {});
  const profile = h("section", { class: "card" });
  const stays = h("section", { class: "card table-card" });
  const history = h("section", { class: "card" });
  let is_editing = false;
  const refresh = keepFresh(
    profile,
    {
      areas: ["guests", "reservations"],
      load: () => api.get("/api/guests/{id}", { id }, signal),
      show: (guest) => {
        if (guest.merged_into_id) void navigate(`/guests/${guest.merged_into_id}`, { replace: true });
        document.title = [guest.full_name, t("app.name")].join(" · ");
        swap(head, guestHead(guest, () => void refresh(), signal));
        return is_editing ? editCard(guest) : profileCard(guest, { edit: () => edit(guest) }, signal);
      },
      skeleton: () => skeletonLines(6),
    },
    signal,
  );
  /** @param {Guest} guest */
  const editCard = (guest) => [
    h("header", { class: "card-head" }, h("h2", {}, t("guest.profile"))),
    h("div", { class: "card-body" }, editForm(guest, close, signal)),
  ];
  /** @param {Guest} guest */
  const edit = (guest) => {
    is_editing = true;
    swap(profile, editCard(guest));
    profile.querySelector("input")?.focus();
  };
  /** @param {Guest | null} shown what to go back to while the fresh one is on its way */
  const close = (shown) => {
    is_editing = false;
    if (shown) swap(profile, profileCard(shown, { edit: () => edit(shown) }, signal));
    void refresh();
  };
  keepFresh(
    stays,
    {
      areas: ["reservations", "payments"],
      load: () => api.get("/api/guests/{id}/reservations", { id, page_size: 100 }, signal),
      show: ({ items }) => [
        h(
          "header",
          { class: "card-head" },
          h("h2", {}, t("nav.reservations")),
          h("span", { class: "count" }, items.length),
        ),
        items.length
          ? guestStayTable(items)
          : empty("bed", t("guest.no_stays"), t("guest.no_stays_text")),
      ],
      skeleton: () => skeletonLines(4),
    },
    signal,
  );
  historyCard(history, "guest", id, signal);
  return h(
    "div",
    { class: "page page-guest" },
    head,
    h("div", { class: "guest-grid" }, h("div", { class: "stack" }, profile, history), stays),
  );
}

/**
 * @param {Guest} guest
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const guestHead = (guest, done, signal) =>
  h(
    "header",
    { class: "page-head" },
    h(
      "div",
      { class: "page-head-words" },
      h(
        "h1",
        {},
        guest.full_name,
        guest.is_vip && h("span", { class: "chip chip-vip" }, icon("star"), t("word.vip")),
      ),
      h("p", { class: "page-lead" }, tn("count.stays", guest.stay_count)),
    ),
    h(
      "div",
      { class: "page-actions" },
      may("manage") &&
        !guest.is_anonymised &&
        button({
          label: [t("word.more"), icon("down")],
          key: "more",
          signal,
          onclick: (anchor) =>
            openMenu(
              anchor,
              t("word.more"),
              [
                { label: t("guest.merge"), sign: "people", run: () => merge(guest, done, signal) },
                { label: t("guest.data_json"), sign: "note", run: () => void takeData(guest).catch(showFailure) },
                { label: t("guest.data_pdf"), sign: "printer", run: () => takePaper(guest) },
                {
                  label: t("guest.anonymise"),
                  sign: "ban",
                  is_danger: true,
                  run: () => anonymise(guest, done, signal),
                },
              ],
              signal,
            ),
        }),
      may("desk") &&
        !guest.is_anonymised &&
        h(
          "a",
          { class: "button button-primary", href: `/reservations/new?guest_id=${guest.id}` },
          icon("plus"),
          t("action.new_booking"),
        ),
    ),
  );

/**
 * @param {Guest} guest
 * @param {{ edit: () => void }} actions
 * @param {AbortSignal} signal
 */
function profileCard(guest, { edit }, signal) {
  const id_words = [idTypeWords(guest.id_type), guest.id_number].filter(Boolean).join(" ");
  /** @type {[string, import("../../dom.js").Child][]} */
  const lines = [
    [
      t("field.phone"),
      guest.phone_number &&
        h("a", { href: `tel:${guest.phone_number.replace(/[^+\d]/g, "")}` }, guest.phone_number),
    ],
    [t("field.email"), guest.email && h("a", { href: mailTo(guest.email) }, guest.email)],
    [t("field.id_document"), id_words],
    [t("field.nationality"), guest.nationality],
    [t("field.birth_date"), guest.birth_date && formatDate(guest.birth_date, "year")],
  ];
  return [
    h(
      "header",
      { class: "card-head" },
      h("h2", {}, t("guest.profile")),
      may("desk") && !guest.is_anonymised && editButton("edit-guest", edit, signal),
    ),
    h(
      "div",
      { class: "card-body" },
      h(
        "dl",
        { class: "facts facts-narrow" },
        lines.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value || "–"))),
      ),
      guest.notes &&
        h(
          "div",
          { class: "note-box" },
          icon("note"),
          h("div", {}, h("h3", {}, t("field.notes")), h("p", {}, guest.notes)),
        ),
    ),
  ];
}

/**
 * @param {Guest} guest
 * @param {(shown: Guest | null) => void} close
 * @param {AbortSignal} signal
 */
function editForm(guest, close, signal) {
  const form = h(
    "form",
    { class: "form" },
    guestFields(guest),
    formError(),
    formFoot(() => close(guest), signal),
  );
  onSubmit(
    form,
    async (values) => {
      const change = { ...readGuest(values), version: guest.version };
      close(
        await saveChange(
          () => api.patch("/api/guests/{id}", { id: guest.id }, change),
          () => close(guest),
        ),
      );
    },
    signal,
  );
  return form;
}
