/**
 * When a room is out of order or out of service, and why.
 */
import { api } from "../../api.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { openDialog } from "../../elements/dialog.js";
import { showFailure } from "../../failure.js";
import { field, formError, input, onSubmit } from "../../forms.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { formatDates } from "../../format.js";
import { icon } from "../../icons.js";
import { once } from "../../intents.js";
import { t } from "../../i18n.js";
import { businessDate } from "../../store.js";
import { blockDates, choice, readBlock } from "../housekeeping/problem.js";

/** @typedef {import("innkeeper/api").RoomView} Room */
/** @typedef {import("innkeeper/api").BlockView} Block */

/**
 * @param {Room} room
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export const blocksDialog = (room, done, signal) =>
  openDialog(
    { title: t("rooms.blocks_of", { room: room.room_number }) },
    (dialog) => {
      const list = h("div", {});
      const refresh = keepFresh(
        list,
        {
          areas: ["rooms"],
          load: () =>
            api.get(
              "/api/rooms/{id}/blocks",
              { id: room.id, is_released: false, sort: "start_date", page_size: 100 },
              dialog.signal,
            ),
          show: ({ items }) =>
            blockList(
              items.filter((block) => block.end_date > businessDate()),
              changed,
              dialog.signal,
            ),
          skeleton: () => skeletonLines(2),
        },
        dialog.signal,
      );
      const changed = () => {
        void refresh();
        done();
      };
      return [list, blockForm(room, changed, dialog.signal)];
    },
    signal,
  );

/**
 * @param {Block[]} blocks
 * @param {() => void} changed
 * @param {AbortSignal} signal
 */
const blockList = (blocks, changed, signal) =>
  blocks.length
    ? h(
        "ul",
        { class: "lines" },
        blocks.map((block) =>
          h(
            "li",
            {},
            icon(block.kind === "out_of_order" ? "ban" : "wrench"),
            h(
              "span",
              { class: "grow" },
              h("strong", {}, t(`block.${block.kind}`)),
              ` · ${formatDates(block.start_date, block.end_date)}`,
              h("br"),
              h("span", { class: "muted" }, block.reason),
            ),
            button({
              label: t("rooms.release"),
              is_small: true,
              key: `release-${block.id}`,
              signal,
              onclick: (anchor) =>
                void once(anchor, async () => {
                  try {
                    await api.delete("/api/rooms/{id}/blocks/{block_id}", { id: block.room_id, block_id: block.id });
                    changed();
                  } catch (error) {
                    showFailure(error);
                  }
                }),
            }),
          ),
        ),
      )
    : h("p", { class: "muted" }, t("rooms.no_blocks"));

/**
 * @param {Room} room
 * @param {() => void} changed
 * @param {AbortSignal} signal
 */
function blockForm(room, changed, signal) {
  const form = h("form", { class: "form form-boxed" });
  const fill = () =>
    swap(
      form,
      choice([
        ["out_of_order", t("block.out_of_order")],
        ["out_of_service", t("block.out_of_service")],
      ]),
      h("p", { class: "field-hint" }, t("rooms.blocks_hint")),
      blockDates(),
      field({ label: t("field.reason"), name: "reason" }, input()),
      formError(),
      h("button", { type: "submit", class: "button button-primary" }, t("rooms.block")),
    );
  fill();
  onSubmit(
    form,
    async (values, key) => {
      await api.post("/api/rooms/{id}/blocks", { id: room.id }, readBlock(values), key);
      fill();
      form.querySelector("input")?.focus();
      changed();
    },
    signal,
  );
  return form;
}
