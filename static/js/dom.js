/**
 * Building and replacing elements.
 * Text becomes text nodes only: nothing here parses HTML, so no name a guest gives can become markup.
 */

/** @typedef {import("./types.js").Child} Child */
/**
 * Attributes, plus `on…` handlers. Handlers need `signal`, so that they leave with their page.
 * @typedef {Record<string, unknown> & { signal?: AbortSignal }} Props
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Props | null} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  if (props) assign(element, props);
  append(element, children);
  return element;
}

/**
 * Makes an SVG element.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...Element} children
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {Props} props
 */
function assign(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (name === "signal" || value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) {
      if (!props.signal) throw new Error(`The ${name} handler of <${element.localName}> has no signal.`);
      const handler = /** @type {EventListener} */ (value);
      element.addEventListener(name.slice(2), handler, { signal: props.signal });
    } else if (name === "vars") {
      for (const [key, v] of Object.entries(/** @type {Record<string, string | number>} */ (value)))
        element.style.setProperty(`--${key}`, String(v));
    } else if (name === "value") {
      /** @type {HTMLInputElement} */ (element).value = String(value);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
}

/**
 * @param {Element | DocumentFragment} parent
 * @param {Child} child
 */
export function append(parent, child) {
  if (Array.isArray(child)) for (const one of child) append(parent, one);
  else if (child !== null && child !== undefined && child !== false)
    parent.append(typeof child === "number" ? String(child) : child);
}

/**
 * Replaces what an element holds, and gives the focus back to the element with the same `data-key`; when
 * that one is gone, to the next one that is still there, or else to the page.
 * @param {Element} parent
 * @param {...Child} children
 */
export function swap(parent, ...children) {
  const active = document.activeElement;
  const heirs = heirsOf(active, parent);
  const fragment = document.createDocumentFragment();
  append(fragment, children);
  parent.replaceChildren(fragment);
  if (active === document.activeElement) return;
  // What was put back as it is has lost the focus on the way.
  if (active instanceof HTMLElement && active.isConnected) active.focus({ preventScroll: true });
  else refocus(heirs, parent);
}

/**
 * The keys of what may take an element's place once it has gone: its own, what follows, what comes before.
 * @param {Element | null} element
 * @param {Element | null} parent
 */
export function heirsOf(element, parent) {
  const key = element && parent?.contains(element) ? element.getAttribute("data-key") : null;
  if (!key || !parent) return [];
  const keys = keysOf(parent);
  const at = keys.indexOf(key);
  return [...keys.slice(at), ...keys.slice(0, at).reverse()];
}

/**
 * Where the focus goes when what had it has left: to what stands in its place, or to the open
 * dialog, or to the page. Whoever goes by keyboard sees where; for a mouse nothing moves.
 * @param {string[]} heirs the first that is there
 * @param {Element | null} [parent]
 */
export function refocus(heirs, parent) {
  const left = new Set(parent ? keysOf(parent) : []);
  const key = heirs.find((one) => left.has(one));
  const again = key && parent?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const place = again || document.querySelector("dialog[open] button") || document.querySelector("main");
  if (!(place instanceof HTMLElement)) return;
  place.focus({ preventScroll: true });
  if (again && place.matches(":focus-visible")) place.scrollIntoView({ block: "nearest" });
}

/** @param {Element} parent */
const keysOf = (parent) =>
  Array.from(parent.querySelectorAll("[data-key]"), (element) => element.getAttribute("data-key") ?? "");

/**
 * The element a delegated event is about.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export function closest(event, selector) {
  const target = event.target;
  return target instanceof Element ? target.closest(selector) : null;
}

/**
 * Calls back once the typing rests.
 * @param {() => void} callback
 * @param {number} rest_ms
 * @param {AbortSignal} signal
 */
export function debounce(callback, rest_ms, signal) {
  let timer = 0;
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return () => {
    clearTimeout(timer);
    if (!signal.aborted) timer = window.setTimeout(callback, rest_ms);
  };
}

let last_id = 0;
/** A fresh element id, for labels and descriptions. @param {string} stem */
export const freshId = (stem) => `${stem}-${(last_id += 1)}`;
