/**
 * Who pays for a stay, where nobody does: a complimentary one, or house use.
 */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";

/** @typedef {import("innkeeper/api").RateKind} RateKind */

/** Nothing for a stay that is paid for. @param {{ rate_kind: RateKind }} stay */
export const rateKindChip = ({ rate_kind }) =>
  rate_kind !== "paying" && h("span", { class: "chip chip-free" }, icon("coin"), t(`rate_kind.${rate_kind}`));
