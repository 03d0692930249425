/**
 * A line of a folio that is dragged onto the tab of another one.
 */

/** So far a press is a click. */
const SLACK = 6;

/**
 * @param {HTMLElement} line
 * @param {(window: number) => void} drop
 * @param {AbortSignal} signal
 */
export function dragLine(line, drop, signal) {
  line.classList.add("is-movable");
  line.addEventListener(
    "pointerdown",
    (event) => {
      const is_on_control = event.target instanceof Element && event.target.closest("button, a, input");
      // A finger scrolls; there the menu moves lines.
      if (event.button !== 0 || event.pointerType === "touch" || is_on_control) return;
      follow(line, event, drop, signal);
    },
    { signal },
  );
}

/**
 * @param {HTMLElement} line
 * @param {PointerEvent} start
 * @param {(window: number) => void} drop
 * @param {AbortSignal} signal
 */
function follow(line, start, drop, signal) {
  const drag = new AbortController();
  const { signal: inner } = drag;
  /** @type {HTMLElement | null} */
  let over = null;
  let is_dragged = false;
  const mark = (/** @type {HTMLElement | null} */ tab) => {
    over?.classList.remove("is-target");
    over = tab?.getAttribute("aria-selected") === "true" ? null : tab;
    over?.classList.add("is-target");
  };
  const end = () => {
    mark(null);
    line.classList.remove("is-dragged");
    document.documentElement.classList.remove("is-moving-line");
    drag.abort();
  };
  const options = { signal: AbortSignal.any([inner, signal]) };
  signal.addEventListener("abort", end, { once: true, signal: inner });
  addEventListener(
    "pointermove",
    (event) => {
      is_dragged ||= Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > SLACK;
      if (!is_dragged) return;
      line.classList.add("is-dragged");
      document.documentElement.classList.add("is-moving-line");
      const under = document.elementFromPoint(event.clientX, event.clientY);
      mark(/** @type {HTMLElement | null} */ (under?.closest(".folio-tab") ?? null));
    },
    options,
  );
  addEventListener(
    "pointerup",
    () => {
      const window = Number(over?.dataset.window);
      end();
      if (window) drop(window);
    },
    options,
  );
  addEventListener("pointercancel", end, options);
  addEventListener("keydown", ({ key }) => key === "Escape" && end(), options);
}
