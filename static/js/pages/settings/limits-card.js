/**
 * How much staff may take off one stay by themselves, by kind and role. An empty field is no limit.
 */
import { api } from "../../api.js";
import { freshId, h } from "../../dom.js";
import { saveChange } from "../../failure.js";
import { amountInput, formError, onSubmit } from "../../forms.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { parseAmount } from "../../format.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").LimitView} Limit */

const ROLES = /** @type {const} */ (["receptionist", "manager"]);

/** @param {AbortSignal} signal */
export function limitsCard(signal) {
  const body = h("div", { class: "card-body" });
  const refresh = keepFresh(
    body,
    {
      areas: ["settings"],
      load: () => api.get("/api/settings/limits", {}, signal),
      show: ({ items }) => limitsForm(items, () => void refresh(), signal),
      skeleton: () => skeletonLines(8),
    },
    signal,
  );
  return h(
    "section",
    { class: "card" },
    h("header", { class: "card-head" }, h("h2", {}, t("limits.title"))),
    body,
  );
}

/**
 * @param {Limit[]} limits
 * @param {() => void} saved
 * @param {AbortSignal} signal
 */
function limitsForm(limits, saved, signal) {
  const hint_id = freshId("limits-hint");
  const form = h(
    "form",
    { class: "form" },
    h("p", { class: "field-hint", id: hint_id }, t("limits.hint")),
    h(
      "div",
      { class: "limits" },
      h(
        "div",
        { class: "limits-head", "aria-hidden": "true" },
        h("span", {}),
        ROLES.map((role) => h("span", {}, t(`role.${role}`))),
      ),
      limits.map((limit, at) => limitRow(limit, at, hint_id, signal)),
    ),
    formError(),
    h("div", {}, h("button", { type: "submit", class: "button" }, t("action.save"))),
  );
  onSubmit(
    form,
    async (values) => {
      const amount = (/** @type {string} */ name) => parseAmount(values[name] ?? "");
      const changes = limits.map(({ kind }) => ({
        kind,
        receptionist_amount: amount(`${kind}.receptionist`),
        manager_amount: amount(`${kind}.manager`),
      }));
      await saveChange(() => api.patch("/api/settings/limits", {}, { limits: changes }), saved);
      saved();
    },
    signal,
  );
  return form;
}

/**
 * @param {Limit} limit
 * @param {number} at
 * @param {string} hint_id
 * @param {AbortSignal} signal
 */
function limitRow(limit, at, hint_id, signal) {
  const { kind } = limit;
  const amounts = { receptionist: limit.receptionist_amount, manager: limit.manager_amount };
  return h(
    "div",
    { class: "limits-row", role: "group", "aria-label": t(`limits.${kind}`) },
    h("span", { class: "limits-kind" }, t(`limits.${kind}`)),
    ROLES.map((role) =>
      h(
        "div",
        { class: "field", "data-field": `limits[${at}].${role}_amount`, "data-role": t(`role.${role}`) },
        amountInput(amounts[role], {
          signal,
          name: `${kind}.${role}`,
          placeholder: t("limits.none"),
          "aria-label": `${t(`limits.${kind}`)}, ${t(`role.${role}`)}`,
          "aria-describedby": hint_id,
        }),
        h("p", { class: "field-error" }),
      ),
    ),
  );
}
