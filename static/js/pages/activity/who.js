/**
 * Whose deeds are listed: the filter by person that the lists of activity share.
 */
import { api } from "../../api.js";
import { selectFilter } from "../../elements/filters.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";

/**
 * The accounts by name; none for who may not see them.
 * @param {AbortSignal} signal
 * @returns {Promise<string[]>}
 */
export const staffNames = (signal) =>
  may("manage")
    ? api.get("/api/users", { page_size: 100 }, signal).then(
        ({ items }) => items.map((user) => user.username),
        () => [],
      )
    : Promise.resolve([]);

/** Whoever is not signed in has no name. */
const NOBODY = "anonymous";

/** Who did it. @param {string} username empty where the program did it by itself */
export const whoWords = (username) =>
  username === NOBODY ? t("history.nobody") : username || t("word.system");

/**
 * @param {string[]} names
 * @param {Record<string, string>} filters
 * @param {(change: Record<string, string>) => void} change
 * @param {AbortSignal} signal
 */
export const whoFilter = (names, filters, change, signal) =>
  names.length > 1 &&
  selectFilter(
    t("activity.who"),
    names.map((value) => ({ value, label: value })),
    filters.username ?? "",
    (username) => change({ username }),
    signal,
  );
