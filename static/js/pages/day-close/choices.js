/**
 * What the close does with something open: one of a few ways, chosen and taken back by a click.
 */
import { api, intentKey } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { showFailure } from "../../failure.js";
import { formatMoney } from "../../format.js";
import { once } from "../../intents.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").OpenStayView} OpenStay */
/** @typedef {OpenStay["choices"][number]} Choice */
/** @typedef {NonNullable<OpenStay["decision"]>} Decision */
/** @typedef {{ reservation_id: number } | { shift_id: number }} About */

/** @param {OpenStay} stay @param {() => void} done @param {AbortSignal} signal */
export const choicesOf = (stay, done, signal) =>
  choiceGroup(
    {
      about: { reservation_id: stay.reservation_id },
      name: stay.guest_name,
      choices: stay.choices,
      decision: stay.decision,
      words: (choice) => words(choice, stay),
    },
    done,
    signal,
  );

/**
 * @param {{ about: About, name: string, choices: Choice[], decision: Decision | null, words: (choice: Choice) => string }} open
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function choiceGroup({ about, name, choices, decision, words: say }, done, signal) {
  if (choices.length === 0) return null;
  const key = "shift_id" in about ? `shift-${about.shift_id}` : `stay-${about.reservation_id}`;
  return h(
    "div",
    { class: "close-choices", role: "group", "aria-label": t("close.at_close", { name }) },
    choices.map((choice) => {
      const is_chosen = decision?.choice === choice;
      return h(
        "button",
        {
          type: "button",
          class: "button button-small close-choice",
          "aria-pressed": String(is_chosen),
          "data-key": `${choice}-${key}`,
          signal,
          onclick: () => void choose(about, choice, is_chosen ? decision : null, done),
        },
        say(choice),
      );
    }),
  );
}

/**
 * One choice for all of whom nobody has decided yet.
 * @param {OpenStay[]} stays
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function forAll(stays, done, signal) {
  const waiting = stays.filter(({ decision, choices }) => !decision && choices.length > 0);
  const [one] = waiting;
  if (!one || waiting.length < 2) return null;
  const choices = one.choices.filter((choice) => waiting.every((stay) => stay.choices.includes(choice)));
  return h(
    "p",
    { class: "close-all" },
    choices.map((choice) => {
      const what = words(choice, { ...one, amount: null });
      return button({
        label: t("close.all", { what, count: waiting.length }),
        is_small: true,
        key: `all-${choice}-${one.reservation_id}`,
        signal,
        onclick: (anchor) =>
          void once(anchor, async () => {
            try {
              for (const { reservation_id } of waiting)
                await api.post("/api/day-close/decisions", {}, { reservation_id, choice }, intentKey());
            } catch (error) {
              showFailure(error, done);
            }
            done();
          }),
      });
    }),
  );
}

/** @param {Choice} choice @param {OpenStay} stay */
function words(choice, stay) {
  const amount = stay.amount !== null && stay.amount > 0 ? formatMoney(stay.amount) : "";
  if (choice === "no_show") return amount ? t("close.no_show_for", { amount }) : t("close.no_show");
  if (choice === "extend") return amount ? t("close.extend_for", { amount }) : t("close.extend");
  if (choice === "release") return t("close.release");
  if (stay.status === "checked_out") return t("close.leave_unpaid");
  return t(stay.status === "checked_in" ? "close.leave_overdue" : "close.leave_expected");
}

/**
 * @param {About} about
 * @param {Choice} choice
 * @param {Decision | null} chosen what is taken back by it
 * @param {() => void} done
 */
async function choose(about, choice, chosen, done) {
  try {
    if (chosen) await api.delete("/api/day-close/decisions/{id}", { id: chosen.id });
    else await api.post("/api/day-close/decisions", {}, { ...about, choice }, intentKey());
  } catch (error) {
    showFailure(error, done);
  }
  done();
}
