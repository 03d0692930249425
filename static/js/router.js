/**
 * From the address to a page. Aborts the signal of the page that leaves, so its listeners, fetches
 * and timers leave with it. Asks first where something typed would leave too.
 */
import { part } from "./api.js";
import { heirsOf, refocus } from "./dom.js";
import { mayLeave } from "./elements/dialog.js";
import { allShown } from "./fresh.js";
import { routes } from "./routes.js";
import { hasTyped } from "./typed.js";

/** @typedef {import("./types.js").PageModule} PageModule */
/** @typedef {import("./routes.js").Route} Route */
/** @typedef {(route: Route, page: PageModule, node: Node) => void} Show */

let controller = new AbortController();
/** @type {Show} */
let show = () => {};
/** @type {(route: Route) => string | null} */
let redirect = () => null;
/** @type {(error: unknown, signal: AbortSignal) => Node} */
let broken = () => document.createTextNode("");
/** Where this page stands among those that Back and Forward lead to; `history.state` keeps it. */
let at = 0;
let path_shown = "";
let is_returning = false;
/** What of a page scrolls. */
const SCROLLERS = ".frame-body, .tape";
/** Where one was on the pages that Back and Forward lead to. @type {Map<number, { tops: number[], heirs: string[] }>} */
const left_at = new Map();

/**
 * @param {{ show: Show, redirect: typeof redirect, broken: typeof broken }} options
 * @param {AbortSignal} signal
 */
export function startRouter(options, signal) {
  ({ show, redirect, broken } = options);
  at = placeOf(history.state) ?? 0;
  history.replaceState({ at }, "");
  document.addEventListener("click", followLink, { signal });
  window.addEventListener("popstate", (event) => void travel(event), { signal });
  window.addEventListener("beforeunload", (event) => hasTyped() && event.preventDefault(), { signal });
  return open();
}

/** @param {{ at?: number } | null} state */
const placeOf = (state) => (typeof state?.at === "number" ? state.at : null);

/**
 * @param {string} path
 * @param {{ replace?: boolean, asks?: boolean }} [options] without `asks` when nobody can stay here anyhow
 */
export async function navigate(path, { replace = false, asks = true } = {}) {
  if (asks && !(await mayLeave())) return;
  if (replace) history.replaceState({ at }, "", path);
  else {
    remember();
    history.pushState({ at: (at += 1) }, "", path);
  }
  await open();
}

/** How far down one was, and at what, for when one comes back. */
function remember() {
  const tops = Array.from(document.querySelectorAll(SCROLLERS), ({ scrollTop }) => scrollTop);
  left_at.set(at, { tops, heirs: heirsOf(document.activeElement, document.querySelector("main")) });
}

/** Puts one back there once the page shows what it loads, unless one has gone on already. */
async function returnToPlace() {
  const { signal } = controller;
  const place = left_at.get(at);
  const focused = document.activeElement;
  await allShown();
  if (!place || signal.aborted) return;
  document.querySelectorAll(SCROLLERS).forEach((element, i) => (element.scrollTop ||= place.tops[i] ?? 0));
  const has_stayed = document.activeElement === focused;
  if (place.heirs.length > 0 && has_stayed) refocus(place.heirs, document.querySelector("main"));
}

/**
 * Back and Forward. The browser has gone there already: while there is a question, it comes back.
 * @param {PopStateEvent} event
 */
async function travel(event) {
  if (is_returning) {
    is_returning = false;
    return;
  }
  const to = placeOf(event.state);
  if (to === null && location.pathname + location.search === path_shown)
    return history.replaceState({ at: (at += 1) }, "");
  const step = (to ?? at) - at;
  if (!step || !hasTyped()) {
    remember();
    at = to ?? at;
    await open();
    return returnToPlace();
  }
  is_returning = true;
  history.go(-step);
  if (await mayLeave()) history.go(step);
}

/** Renders the current address anew. */
export const reload = () => open();

/**
 * Keeps the state of a page in its address without rendering it again.
 * @param {string} query
 */
export function replaceQuery(query) {
  history.replaceState(history.state, "", location.pathname + query);
  path_shown = location.pathname + location.search;
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
  path_shown = location.pathname + location.search;
  const { route, params } = match(location.pathname);
  const elsewhere = redirect(route);
  if (elsewhere) return void navigate(elsewhere, { replace: true, asks: false });
  const query = Object.fromEntries(new URLSearchParams(location.search));
  try {
    const page = await part(route.load());
    if (signal.aborted) return;
    const node = await page.render({ ...query, ...params }, signal);
    if (!signal.aborted) show(route, page, node);
  } catch (error) {
    if (signal.aborted) return;
    const node = broken(error, signal);
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
