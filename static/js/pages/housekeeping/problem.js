/**
 * Something is wrong with a room: as a note for whoever comes next, or as a block with its dates.
 */
import { api } from "../../api.js";
import { addDays } from "../../dates.js";
import { h } from "../../dom.js";
import { DateRange, dateInput } from "../../elements/date-field.js";
import { toast } from "../../elements/toast-list.js";
import { field, formDialog, textarea } from "../../forms.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { businessDate } from "../../store.js";

/** @typedef {import("innkeeper/api").RoomView} Room */

/**
 * @param {Room} room
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export const reportProblem = (room, done, signal) =>
  formDialog(
    {
      title: t("board.problem_label", { room: room.room_number }),
      submit: t("problem.submit"),
      fields: () => [
        field(
          { label: t("problem.what"), name: "reason" },
          textarea({ rows: 2, autofocus: true, placeholder: t("problem.example") }),
        ),
        choice([
          ["note", t("problem.note")],
          ["out_of_service", t("block.out_of_service")],
          ...(may("desk")
            ? [/** @type {[string, string]} */ (["out_of_order", t("block.out_of_order")])]
            : []),
        ]),
        ...blockDates(),
      ],
      send: async (values, key) => {
        const { kind, reason } = values;
        if (kind === "note")
          await api.put(
            "/api/rooms/{id}/status",
            { id: room.id },
            { notes: [room.notes, reason].filter(Boolean).join("\n") },
          );
        else await api.post("/api/rooms/{id}/blocks", { id: room.id }, readBlock(values), key);
        toast(t("problem.reported", { room: room.room_number }));
        done();
      },
    },
    signal,
  );

/**
 * What `choice` and `blockDates` were filled with, and why.
 * @param {Record<string, string>} values
 * @returns {import("innkeeper/api").BlockRequest}
 */
export const readBlock = ({ kind, reason, start_date, end_date }) => ({
  kind: /** @type {import("innkeeper/api").BlockKind} */ (kind),
  reason,
  start_date,
  end_date,
});

/** @param {[value: string, label: string][]} kinds */
export const choice = (kinds) =>
  h(
    "fieldset",
    { class: "choice", "data-field": "kind" },
    h("legend", {}, t("problem.kind")),
    h(
      "div",
      { class: "choice-row" },
      kinds.map(([value, label], i) =>
        h(
          "label",
          { class: "choice-item" },
          h("input", { type: "radio", name: "kind", value, checked: i === 0 }),
          h("span", {}, label),
        ),
      ),
    ),
    h("p", { class: "field-error" }),
  );

/** From today until it is for use again. */
export function blockDates() {
  const today = businessDate();
  const dates = new DateRange(dateInput({ value: today }), dateInput({ value: addDays(today, 1) }), { least: 1 });
  return [
    h(
      "div",
      { class: "field-pair block-dates" },
      field({ label: t("word.from"), name: "start_date" }, dates.from),
      field({ label: t("problem.until"), name: "end_date" }, dates.to),
    ),
  ];
}
