/**
 * Whose work Innkeeper is made of, as the licences ask.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { pageHead } from "../../elements/page-head.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { t } from "../../i18n.js";

export const title = () => t("licences.title");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export function render(_params, signal) {
  const text = h("section", { class: "card card-body" });
  keepFresh(
    text,
    {
      areas: [],
      load: () => api.get("/api/licences", {}, signal),
      show: (licences) => h("pre", { class: "code" }, licences),
      skeleton: () => skeletonLines(12),
    },
    signal,
  );
  return h("div", { class: "page" }, pageHead({ title: t("licences.title") }), text);
}
