/**
 * What can be done with a stay on the chart where it lies: by a right click, by the menu key, and by C, which
 * checks it in or out.
 */
import { api } from "../../api.js";
import { closest } from "../../dom.js";
import { openMenu } from "../../elements/menu.js";
import { showFailure } from "../../failure.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { checkIn } from "../reservations/check-in.js";
import { checkOut } from "../reservations/check-out.js";

/** @typedef {import("innkeeper/api").ChartStay} ChartStay */
/** @typedef {import("../../elements/tape/tape-chart.js").TapeChart} TapeChart */

/** The step that a stay comes to next. @type {Partial<Record<ChartStay["status"], "check_in" | "check_out">>} */
const NEXT = { confirmed: "check_in", checked_in: "check_out" };

/**
 * @param {TapeChart} chart
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function chartMenu(chart, done, signal) {
  /** @param {ChartStay} stay @param {HTMLElement} anchor */
  const check = async (stay, anchor) => {
    try {
      const booking = await api.get("/api/reservations/{id}", { id: stay.reservation_id }, signal);
      const desk = { anchor, done, signal };
      await (NEXT[stay.status] === "check_in" ? checkIn(booking, desk) : checkOut(booking, desk));
    } catch (error) {
      showFailure(error, done);
    }
  };
  const pressed = (/** @type {Event} */ event) => {
    const bar = closest(event, ".bar[data-stay]");
    const found = may("desk") ? chart.stayOf(bar) : null;
    return found && bar instanceof HTMLElement ? { stay: found.stay, bar } : null;
  };
  chart.addEventListener(
    "contextmenu",
    (event) => {
      const found = pressed(event);
      if (!found) return;
      event.preventDefault();
      const { stay, bar } = found;
      const next = NEXT[stay.status];
      chart.hideCard();
      openMenu(
        bar,
        stay.guest_name,
        [
          ...(next ? [{ label: t(`event.${next}`), run: () => void check(stay, bar) }] : []),
          { label: t("chart.open_stay"), run: () => chart.wishes.open(stay) },
        ],
        signal,
      );
    },
    { signal },
  );
  chart.addEventListener(
    "keydown",
    (event) => {
      if (event.key.toLowerCase() !== "c" || event.defaultPrevented || event.repeat) return;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const found = pressed(event);
      if (!found || !NEXT[found.stay.status]) return;
      event.preventDefault();
      void check(found.stay, found.bar);
    },
    { signal },
  );
}
