/**
 * The keys of the chart, told: a line below it that follows what is in the hand, and all of them at `?`.
 */
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { openDialog } from "../../elements/dialog.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";

/** Keys, what they do, and whether only who may change something has them. */
const KEYS = /** @type {const} */ ([
  ["← ↑ ↓ →", "walk", false],
  ["Enter", "enter", false],
  ["C", "check", true],
  ["Shift ← →", "nights", true],
  ["M", "pick_up", true],
  ["← ↑ ↓ →", "carry", true],
  ["Shift ← →", "departure", true],
  ["Ctrl ← →", "arrival", true],
  ["Enter", "put_down", true],
  ["Esc", "escape", true],
  ["Ctrl+Z", "undo", true],
]);

/** @param {AbortSignal} signal */
const showKeys = (signal) =>
  openDialog(
    { title: t("chart.keys_title") },
    () =>
      h(
        "dl",
        { class: "key-list" },
        KEYS.filter(([, , changes]) => !changes || may("desk")).map(([keys, what]) => [
          h("dt", {}, keys.split(/[ +]/).map((key) => h("kbd", {}, key))),
          h("dd", {}, t(`chart.key_${what}`)),
        ]),
      ),
    signal,
  );

/** @param {AbortSignal} signal */
export function chartKeys(signal) {
  document.addEventListener(
    "keydown",
    (event) => {
      const is_typing = event.target instanceof Element && event.target.closest("input, textarea, dialog");
      if (event.key !== "?" || is_typing) return;
      event.preventDefault();
      showKeys(signal);
    },
    { signal },
  );
}

/** @param {AbortSignal} signal */
export const keyHint = (signal) =>
  h(
    "span",
    { class: "legend-keys" },
    h("span", {}, t(may("desk") ? "chart.keys" : "chart.keys_seen")),
    h("span", { class: "is-carrying" }, t("chart.keys_carry")),
    button({
      label: h("kbd", {}, "?"),
      name: t("chart.keys_title"),
      look: "quiet",
      is_small: true,
      signal,
      onclick: () => showKeys(signal),
    }),
  );
