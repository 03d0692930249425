/**
 * What somebody has typed and not yet sent, in every form of the page: nothing of it may be lost unasked.
 * Knows only the forms; asking is the dialog's.
 */

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */
/** What each field held when somebody first came to it, and which of them somebody has changed. */
/** @typedef {{ before: Map<Control, string>, touched: Set<Control>, is_sending: boolean }} Typing */

/** @type {Map<HTMLFormElement, Typing>} */
const forms = new Map();

/** @param {Control} control */
const content = (control) =>
  control instanceof HTMLInputElement && ["checkbox", "radio"].includes(control.type)
    ? String(control.checked)
    : control.value;

/** The field of an event, unless it is one that is only looked up. @param {Event} event */
const fieldOf = ({ target }) =>
  (target instanceof HTMLInputElement ||
    target instanceof HTMLSelectElement ||
    target instanceof HTMLTextAreaElement) &&
  !target.closest("[data-passing]") &&
  target;

/**
 * From now on what is typed into the form counts, but for what lies in a `data-passing` part: that is
 * looked up rather than entered, and costs nothing to choose again.
 * @param {HTMLFormElement} form
 * @param {AbortSignal} signal
 */
export function watchTyping(form, signal) {
  const typing = { before: new Map(), touched: new Set(), is_sending: false };
  forms.set(form, typing);
  signal.addEventListener("abort", () => forms.delete(form), { once: true });
  const arrive = (/** @type {Event} */ event) => {
    const control = fieldOf(event);
    if (control && !typing.before.has(control)) typing.before.set(control, content(control));
  };
  const touch = (/** @type {Event} */ event) => {
    const control = fieldOf(event);
    if (control) typing.touched.add(control);
  };
  form.addEventListener("focusin", arrive, { signal });
  // On its way down, since a date tells of itself by an event of its own.
  for (const kind of ["input", "change"]) form.addEventListener(kind, touch, { capture: true, signal });
}

/**
 * Whether anything is typed that would be lost.
 * @param {Node} [within]
 */
export const hasTyped = (within = document) =>
  [...forms].some(([form, typing]) => within.contains(form) && !typing.is_sending && isTyped(typing));

/**
 * The same, and what is on its way too: should it be refused, it has to be there still.
 * @param {Node} within
 */
export const holdsTyped = (within) => [...forms].some(([form, typing]) => within.contains(form) && isTyped(typing));

/** @param {Typing} typing */
const isTyped = ({ before, touched }) =>
  [...touched].some((control) => content(control) !== before.get(control));

/**
 * What was typed is saved, or given up.
 * @param {Node} [within]
 */
export function forgetTyped(within = document) {
  for (const [form, { before, touched }] of forms) {
    if (!within.contains(form)) continue;
    for (const control of before.keys()) before.set(control, content(control));
    touched.clear();
  }
}

/**
 * While a form is on its way it holds nobody back; refused, it counts again.
 * @param {HTMLFormElement} form
 * @param {() => Promise<void>} send
 */
export async function whileSending(form, send) {
  const typing = forms.get(form);
  if (typing) typing.is_sending = true;
  try {
    await send();
    forgetTyped(form);
  } finally {
    if (typing) typing.is_sending = false;
  }
}
