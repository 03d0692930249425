/**
 * Where something that lies over the page covers no control of it.
 */

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */

const MARGIN_PX = 12;
const STEP_PX = 8;
const BUTTONS = "button, input, select, textarea, summary, label, [role=button]";
/** A link in a list has its row beside it; a button has nothing else. */
const LINKS = "a[href]";
const WEIGHT = 100;

/**
 * The place for a box of that size within `area` that covers least: at the bottom or at the top when
 * one of them is free, else between.
 * @param {{ width: number, height: number }} size
 * @param {Box} area
 * @param {{ box: Box, weight: number }[]} controls
 */
export function freePlace({ width, height }, area, controls) {
  const lefts = [
    (area.left + area.right - width) / 2,
    area.right - width - MARGIN_PX,
    area.left + MARGIN_PX,
  ].map((left) => Math.max(area.left, left));
  const bottom = area.bottom - height - MARGIN_PX;
  const top = Math.min(bottom, area.top + MARGIN_PX);
  const between = Array.from({ length: Math.floor((bottom - top) / STEP_PX) }, (_, i) => bottom - (i + 1) * STEP_PX);
  const places = [bottom, top, ...between].flatMap((y) => lefts.map((left) => ({ left, top: y })));
  let best = { left: lefts[0] ?? 0, top: bottom };
  let least = Infinity;
  for (const place of places) {
    const covered = weightUnder({ ...place, right: place.left + width, bottom: place.top + height }, controls);
    if (covered < least) [best, least] = [place, covered];
    if (least === 0) break;
  }
  return best;
}

/**
 * How much lies under a box.
 * @param {Box} box
 * @param {{ box: Box, weight: number }[]} controls
 */
export const weightUnder = (box, controls) =>
  controls.reduce(
    (sum, { box: one, weight }) =>
      one.left < box.right && one.right > box.left && one.top < box.bottom && one.bottom > box.top
        ? sum + weight
        : sum,
    0,
  );

/**
 * What can be pressed in the window now; behind a dialog nothing can.
 * @param {Element} except
 */
export function controlsInSight(except) {
  const dialogs = document.querySelectorAll("dialog[open]");
  const root = dialogs[dialogs.length - 1] ?? document.body;
  return [...root.querySelectorAll(`${BUTTONS}, ${LINKS}`)]
    .filter((element) => !except.contains(element))
    .map((element) => ({
      box: element.getBoundingClientRect(),
      weight: element.matches(BUTTONS) ? WEIGHT : 1,
    }))
    .filter(({ box }) => box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0);
}
