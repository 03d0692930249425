/**
 * The start: finds out who is signed in, puts up the frame or the entrance, and opens the address.
 */
import { Problem, api, hooks, quietly } from "./api.js";
import { AppFrame } from "./elements/app-frame.js";
import "./elements/toast-list.js";
import { failed } from "./fresh.js";
import { h, refocus, swap } from "./dom.js";
import { speak, t } from "./i18n.js";
import { onChange, startLive, stopLive } from "./live.js";
import { home, may } from "./places.js";
import { navigate, reload, startRouter } from "./router.js";
import { applyTheme, session, updateSession } from "./store.js";
import { hasTyped } from "./typed.js";
import { askToSignIn } from "./pages/users/sign-in-again.js";

/** @typedef {import("./routes.js").Route} Route */
/** @typedef {import("./types.js").PageModule} PageModule */

/** Whether this browser has signed in before: a stranger is not sent to ask who they are. */
const SIGNED_IN = "innkeeper.signed-in";

const life = new AbortController();
const root = document.getElementById("root") ?? document.body;
let needs_setup = false;
/** @type {AppFrame | null} */
let frame = null;

applyTheme();
void start();

async function start() {
  try {
    await Promise.all([speak(), loadSession()]);
  } catch (error) {
    swap(root, h("main", { class: "entrance" }, failed(error, start, life.signal)));
    return;
  }
  hooks.login = askToSignIn;
  onChange(["settings", "users"], () => void loadSession(), life.signal);
  document.addEventListener("innkeeper:signed-in", () => void enter(), { signal: life.signal });
  // The page shows the new day, unless somebody is typing in it.
  document.addEventListener(
    "innkeeper:day-moved",
    () => void loadSession().then(() => hasTyped() || reload()),
    { signal: life.signal },
  );
  document.addEventListener("innkeeper:signed-out", leave, { signal: life.signal });
  await startRouter({ show, redirect, broken }, life.signal);
}

async function loadSession() {
  if (!localStorage.getItem(SIGNED_IN)) return stranger();
  try {
    const [me, settings] = await Promise.all([
      quietly.get("/api/auth/me", {}),
      api.get("/api/settings", {}).catch(() => null),
    ]);
    await speak(me.property.locale);
    updateSession({ ...me, settings });
    startLive();
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    // Ended from elsewhere, in the middle of work.
    if (session.user) return void ((await askToSignIn()) && (await loadSession()));
    localStorage.removeItem(SIGNED_IN);
    await stranger();
  }
}

async function stranger() {
  updateSession({ user: null, settings: null });
  needs_setup = (await api.get("/api/setup", {})).needed;
}

async function enter() {
  localStorage.setItem(SIGNED_IN, "1");
  await loadSession();
  needs_setup = false;
  if (location.pathname === "/setup") return;
  await navigate(pathOf(new URLSearchParams(location.search).get("next")), { replace: true });
}

/**
 * The page of this hotel that an address asks for; the first one where it asks for another site.
 * @param {string | null} asked
 */
function pathOf(asked) {
  if (!asked || !URL.canParse(asked, location.origin)) return "/";
  const address = new URL(asked, location.origin);
  return address.origin === location.origin && !address.pathname.startsWith("//") ? address.pathname + address.search : "/";
}

function leave() {
  stopLive();
  localStorage.removeItem(SIGNED_IN);
  frame = null;
  updateSession({ user: null, property: null, settings: null });
  void navigate("/login", { replace: true, asks: false });
}

/**
 * Where the address may not be opened as things stand.
 * @param {Route} route
 */
function redirect(route) {
  const path = location.pathname;
  if (session.user) return path === "/login" || !may(route.access ?? "read") ? home() : null;
  if (needs_setup) return path === "/setup" ? null : "/setup";
  if (path === "/setup") return "/login";
  if (route.bare) return null;
  const next = path + location.search;
  return next === "/" ? "/login" : `/login?next=${encodeURIComponent(next)}`;
}

/**
 * @param {Route} route
 * @param {PageModule} page
 * @param {Node} node
 */
function show(route, page, node) {
  const title = page.title();
  document.title = [title, session.property?.name, t("app.name")].filter(Boolean).join(" · ");
  if (route.bare) {
    frame = null;
    root.replaceChildren(node);
    const first = root.querySelector("[autofocus]");
    if (first instanceof HTMLElement) first.focus();
    else refocus([]);
    return;
  }
  if (!frame) {
    frame = new AppFrame();
    root.replaceChildren(frame);
  }
  frame.show(node, route.nav);
}

/** In the place of a page that did not come; once the server is back it comes by itself. @param {unknown} error @param {AbortSignal} signal */
function broken(error, signal) {
  onChange([], () => void reload(), signal);
  return h("div", { class: "page" }, failed(error, reload, signal));
}
