/**
 * What is sold along with nights, in a few words each: beside the price it costs something, inside it the guest
 * sees one price.
 */
import { h } from "../dom.js";
import { formatAmount } from "../format.js";
import { t } from "../i18n.js";

/** @typedef {import("innkeeper/api").ExtraView} Extra */

/** @param {Extra} extra */
export const extraWords = ({ quantity, name, is_inside }) =>
  t(is_inside ? "extra.inside" : "extra.beside", { quantity, name });

/** @param {Extra} extra */
export const extraAmount = ({ amount, is_inside }) => (is_inside ? "" : formatAmount(amount));

/** A list of them, each with what it costs. @param {Extra[]} extras */
export const extraLines = (extras) =>
  h(
    "ul",
    { class: "extra-lines", "aria-label": t("extra.list") },
    extras.map((extra) =>
      h(
        "li",
        { class: extra.is_inside ? "is-inside" : "" },
        h("span", {}, extraWords(extra)),
        " ",
        h("span", { class: "amount" }, extraAmount(extra)),
      ),
    ),
  );
