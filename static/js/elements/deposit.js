/**
 * The deposit that a booking's terms ask for, in words. How it stands, the server says.
 */
import { h } from "../dom.js";
import { formatDate } from "../format.js";
import { icon } from "../icons.js";
import { t } from "../i18n.js";

/** @typedef {import("innkeeper/api").DepositView} Deposit */

/** "Deposit due Thu, 3 Dec", "Deposit was due Wed, 2 Dec", "Deposit paid". @param {Deposit} deposit */
export const depositWords = ({ state, due_date }) => t(`deposit.${state}`, { date: formatDate(due_date, "weekday") });

/** One that is late, with its sign. @param {{ deposit: Deposit | null }} stay */
export const lateDeposit = ({ deposit }) =>
  deposit?.state === "late" &&
  h("span", { class: "mark mark-overdue", title: depositWords(deposit) }, icon("clock"), h("span", {}, t("deposit.is_late")));
