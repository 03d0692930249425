/**
 * What else a close meets: drawers that nobody has counted, and what is only told.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { showFailure } from "../../failure.js";
import { formatDate, formatInstant } from "../../format.js";
import { once } from "../../intents.js";
import { t, tn } from "../../i18n.js";
import { may } from "../../places.js";
import { missingWords } from "../registration/missing.js";
import { closeShift } from "../till/till-dialogs.js";
import { choiceGroup } from "./choices.js";
import { prolongBlock } from "./mend.js";

/** @typedef {import("innkeeper/api").DayCloseView} DayClose */
/** @typedef {DayClose["shifts"][number]} Shift */

/** @param {DayClose} day @param {() => void} done @param {AbortSignal} signal */
export const shiftCard = ({ shifts }, done, signal) =>
  shifts.length > 0 &&
  h(
    "section",
    { class: "card close-group is-asked", "aria-labelledby": "close-shifts", "data-case": "shifts" },
    h(
      "header",
      { class: "card-head" },
      h("h2", { id: "close-shifts" }, t("close.shifts")),
      h("span", { class: "count" }, shifts.length),
    ),
    h("p", { class: "close-hint" }, t("close.mend_shifts")),
    h("ul", { class: "close-rows" }, shifts.map((shift) => openShift(shift, done, signal))),
  );

/** @param {Shift} shift @param {() => void} done @param {AbortSignal} signal */
const openShift = (shift, done, signal) =>
  h(
    "li",
    { class: `close-row ${shift.decision ? "is-decided" : ""}` },
    h("span", { class: "room-mark is-empty" }, "–"),
    h(
      "div",
      { class: "close-words" },
      h("span", { class: "stay-name" }, shift.drawer_name),
      h("p", { class: "stay-detail" }, h("span", {}, t("till.since", { who: shift.username, when: formatInstant(shift.opened_at) }))),
    ),
    h("div", { class: "close-balance" }),
    may("desk") &&
      h(
        "div",
        { class: "close-ways" },
        button({
          label: t("till.close"),
          name: t("close.do_label", { what: t("till.close"), guest: shift.drawer_name }),
          is_small: true,
          key: `count-${shift.shift_id}`,
          signal,
          onclick: (anchor) => void once(anchor, () => count(shift, done, signal)),
        }),
        choiceGroup(
          {
            about: { shift_id: shift.shift_id },
            name: shift.drawer_name,
            choices: ["uncounted", "carry"],
            decision: shift.decision,
            words: (choice) => t(choice === "carry" ? "close.leave_shift" : "close.uncounted"),
          },
          done,
          signal,
        ),
      ),
  );

/** @param {Shift} shift @param {() => void} done @param {AbortSignal} signal */
async function count(shift, done, signal) {
  try {
    const till = await api.get("/api/shifts/current", {}, signal);
    const found = till.shifts.find(({ id }) => id === shift.shift_id);
    if (found) closeShift(found, till.colleagues, done, signal);
    else done();
  } catch (error) {
    showFailure(error, done);
  }
}

/** What the close does by itself, and what somebody may want to see to. @param {DayClose} day @param {() => void} done @param {AbortSignal} signal */
export function toldCards({ blocks, dirty_rooms, discrepancies, unregistered, unsent }, done, signal) {
  const rooms = (/** @type {DayClose["dirty_rooms"]} */ all) => all.map(({ room_number }) => room_number).join(", ");
  return [
    blocks.length > 0 &&
      told("blocks", blocks.length, [
        h(
          "ul",
          { class: "lines" },
          blocks.map((block) =>
            h(
              "li",
              {},
              h("a", { class: "link grow", href: `/groups/${block.group_id}` }, block.name),
              h("span", { class: "muted" }, formatDate(block.cut_off_date, "weekday")),
              may("desk") &&
                button({
                  label: t("close.do_prolong"),
                  name: t("close.do_label", { what: t("close.do_prolong"), guest: block.name }),
                  is_small: true,
                  key: `prolong-block-${block.group_id}`,
                  signal,
                  onclick: () => void prolongBlock(block, done, signal),
                }),
            ),
          ),
        ),
      ]),
    (unregistered.length > 0 || unsent > 0) &&
      told("registration", unregistered.length + unsent, [
        h("a", { class: "link", href: "/registrations" }, t("close.registrations")),
        unsent > 0 && h("p", {}, tn("close.unsent", unsent)),
        unregistered.length > 0 &&
          h(
            "ul",
            { class: "lines" },
            unregistered.map(({ reservation_id, room_number, full_name, missing_fields }) =>
              h(
                "li",
                {},
                h("span", { class: "room-mark" }, room_number ?? "–"),
                h(
                  "div",
                  { class: "close-words" },
                  h("a", { class: "link", href: `/reservations/${reservation_id}` }, full_name),
                  h("p", { class: "muted" }, missingWords(missing_fields)),
                ),
              ),
            ),
          ),
      ]),
    discrepancies.length > 0 && told("discrepancies", discrepancies.length, [toBoard(), h("p", {}, rooms(discrepancies))]),
    dirty_rooms.length > 0 && told("dirty_rooms", dirty_rooms.length, [toBoard(), h("p", { class: "muted" }, rooms(dirty_rooms))]),
  ];
}

const toBoard = () => h("a", { class: "link", href: "/housekeeping" }, t("nav.housekeeping"));

/** @param {"blocks" | "registration" | "discrepancies" | "dirty_rooms"} what @param {number} count @param {import("../../dom.js").Child} body */
const told = (what, count, body) =>
  h(
    "section",
    { class: "card close-group", "aria-labelledby": `close-${what}`, "data-case": what },
    h(
      "header",
      { class: "card-head" },
      h("h2", { id: `close-${what}` }, t(`close.${what}`)),
      h("span", { class: "count" }, count),
    ),
    h("div", { class: "card-body close-told" }, h("p", { class: "muted" }, t(`close.mend_${what}`)), body),
  );
