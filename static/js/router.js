/**
 * From the address to a page. Aborts the signal of the page that leaves, so its listeners, fetches
 * and timers leave with it.
 */
import { routes } from "./routes.js";

/** @typedef {import("./types.js").PageModule} PageModule */
/** @typedef {import("./routes.js").Route} Route */
/** @typedef {(route: Route, page: PageModule, node: Node) => void} Show */

let controller = new AbortController();
/** @type {Show} */
let show = () => {};
/** @type {(route: Route) => string | null} */
let redirect = () => null;
/** @type {(error: unknown) => Node} */
let broken = () => document.createTextNode("");
/** @type {Set<() => boolean>} */
const guards = new Set();

/**
 * @param {{ show: Show, redirect: typeof redirect, broken: typeof broken }} options
 * @param {AbortSignal} signal
 */
export function startRouter(options, signal) {
  ({ show, redirect, broken } = options);
  document.addEventListener("click", followLink, { signal });
  window.addEventListener("popstate", () => void open(), { signal });
  window.addEventListener(
    "beforeunload",
    (event) => {
      if ([...guards].some((guard) => guard())) event.preventDefault();
    },
    { signal },
  );
  return open();
}

/**
 * @param {string} path
 * @param {{ replace?: boolean }} [options]
 */
export function navigate(path, { replace = false } = {}) {
  if (replace) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  return open();
}

/** Renders the current address anew. */
export const reload = () => open();

/**
 * Keeps the state of a page in its address without rendering it again.
 * @param {string} query
 */
export const replaceQuery = (query) => history.replaceState(history.state, "", location.pathname + query);

/**
 * Asks the browser to warn before the tab closes while something typed is not saved.
 * @param {() => boolean} is_dirty
 * @param {AbortSignal} signal
 */
export function guardLeave(is_dirty, signal) {
  guards.add(is_dirty);
  signal.addEventListener("abort", () => guards.delete(is_dirty), { once: true });
}

/** @param {MouseEvent} event */
function followLink(event) {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.target || link.origin !== location.origin) return;
  if (link.pathname.startsWith("/api/") || link.getAttribute("href")?.startsWith("#")) return;
  event.preventDefault();
  void navigate(link.pathname + link.search);
}

async function open() {
  controller.abort();
  controller = new AbortController();
  const { signal } = controller;
  const { route, params } = match(location.pathname);
  const elsewhere = redirect(route);
  if (elsewhere) return void navigate(elsewhere, { replace: true });
  const query = Object.fromEntries(new URLSearchParams(location.search));
  try {
    const page = await route.load();
    if (signal.aborted) return;
    const node = await page.render({ ...query, ...params }, signal);
    if (!signal.aborted) show(route, page, node);
  } catch (error) {
    if (signal.aborted) return;
    const node = broken(error);
    show(route, { title: () => "", render: () => node }, node);
  }
}

/**
 * @param {string} path
 * @returns {{ route: Route, params: Record<string, string> }}
 */
function match(path) {
  for (const route of routes) {
    const found = route.pattern.exec(path);
    if (found) return { route, params: { ...found.groups } };
  }
  const last = routes[routes.length - 1];
  return { route: last, params: {} };
}
