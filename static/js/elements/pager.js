/**
 * Page by page through a list.
 */
import { h } from "../dom.js";
import { formatCount } from "../format.js";
import { t } from "../i18n.js";
import { button } from "./button.js";

/**
 * @param {{ total: number, page: number, page_size: number, pages: number }} list
 * @param {(page: number) => void} go
 * @param {AbortSignal} signal
 */
export function pager({ total, page, page_size, pages }, go, signal) {
  if (total === 0) return null;
  const first = (page - 1) * page_size + 1;
  const step = (/** @type {number} */ to, /** @type {"left" | "right"} */ side) =>
    button({
      sign: side,
      is_small: true,
      key: `page-${side}`,
      name: side === "left" ? t("pager.previous") : t("pager.next"),
      is_disabled: to < 1 || to > pages,
      signal,
      onclick: () => go(to),
    });
  return h(
    "nav",
    { class: "pager", "aria-label": t("pager.pages") },
    h(
      "p",
      {},
      t("pager.range", {
        first: formatCount(first),
        last: formatCount(Math.min(total, page * page_size)),
        total: formatCount(total),
      }),
    ),
    pages > 1 && h("div", { class: "button-group" }, step(page - 1, "left"), step(page + 1, "right")),
  );
}
