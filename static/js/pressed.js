/**
 * Nothing is put in another's place while a finger or a mouse button is down: a browser makes no
 * click of a press whose target has left before it was let go.
 */
let is_pressed = false;
/** @type {(() => void)[]} */
let waiting = [];

const release = () => {
  is_pressed = false;
  const all = waiting;
  waiting = [];
  // After the click that the press becomes.
  setTimeout(() => all.forEach((go) => go()));
};

addEventListener("pointerdown", () => (is_pressed = true), true);
for (const name of ["pointerup", "pointercancel", "dragend"]) addEventListener(name, release, true);
// Let go where this window does not hear of it.
addEventListener("blur", release);
addEventListener("pointermove", ({ buttons }) => is_pressed && buttons === 0 && release(), true);

/** @returns {Promise<void>} fulfilled once nothing is pressed */
export const released = () => (is_pressed ? new Promise((go) => waiting.push(go)) : Promise.resolve());
