/**
 * A list with filters and pages, kept fresh. What is chosen stands in the address, so that going back finds
 * the list as it was.
 */
import { queryText } from "../api.js";
import { h } from "../dom.js";
import { keepFresh, skeletonLines } from "../fresh.js";
import { replaceQuery } from "../router.js";
import { pager } from "./pager.js";

/** @typedef {import("../dom.js").Child} Child */
/** @typedef {Record<string, string>} Filters */

const SKELETON_LINES = 12;

/**
 * @template Row
 * @param {Filters} filters as they are at first; `change` writes into them
 * @param {{ areas: import("../types.js").Area[], load: () => Promise<import("../types.js").Paged<Row>>,
 *   rows: (rows: Row[]) => Child, none: () => Child }} options
 * @param {AbortSignal} signal
 */
export function pagedList(filters, { areas, load, rows, none }, signal) {
  const element = h("section", { class: "card table-card" });
  const refresh = keepFresh(
    element,
    {
      areas,
      load,
      show: (found) =>
        found.items.length
          ? [rows(found.items), pager(found, (page) => change({ page: String(page) }), signal)]
          : none(),
      skeleton: () => skeletonLines(SKELETON_LINES),
    },
    signal,
  );
  /** Other filters; with them the list begins anew. @param {Filters} with_these */
  const change = (with_these) => {
    Object.assign(filters, { page: "" }, with_these);
    replaceQuery(queryText(filters));
    void refresh();
  };
  return { element, change, refresh };
}
