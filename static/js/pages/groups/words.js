/**
 * How a group's state and pick-up are said.
 */
import { h } from "../../dom.js";
import { icon } from "../../icons.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").GroupView} Group */
/** @typedef {import("innkeeper/api").GroupStatus} GroupStatus */

/** A group looks as a stay of its state does. @type {Record<GroupStatus, [look: string, sign: import("../../icons.js").IconName]>} */
const LOOKS = {
  tentative: ["status-tentative", "question"],
  definite: ["status-confirmed", "check"],
  cancelled: ["status-cancelled", "ban"],
  ended: ["status-checked_out", "leave"],
};

/** @param {{ status: GroupStatus }} group */
export function groupChip({ status }) {
  const [look, sign] = LOOKS[status];
  return h("span", { class: `chip ${look}` }, icon(sign), t(`groups.status_${status}`));
}

/** "8 of 10" room nights. @param {{ asked_nights: number, picked_up_nights: number }} group */
export const pickUp = ({ asked_nights, picked_up_nights }) =>
  asked_nights > 0 ? t("groups.of", { picked: picked_up_nights, asked: asked_nights }) : String(picked_up_nights);
