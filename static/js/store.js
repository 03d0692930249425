/**
 * Who is signed in and which property this is. Holds; never fetches.
 */

/** @typedef {import("innkeeper/api").UserView} User */
/** @typedef {import("innkeeper/api").PropertyView} Property */
/** @typedef {import("innkeeper/api").SettingsView} Settings */

/**
 * `copy_of` is set where nothing can be changed: when the last change was made that this copy knows of.
 * @type {{ user: User | null, property: Property | null, settings: Settings | null, copy_of?: string | null }}
 */
export const session = { user: null, property: null, settings: null };

const changed = new EventTarget();

/**
 * @param {Partial<typeof session>} change
 */
export function updateSession(change) {
  Object.assign(session, change);
  changed.dispatchEvent(new Event("change"));
}

/**
 * @param {() => void} listener
 * @param {AbortSignal} signal
 */
export const onSession = (listener, signal) => changed.addEventListener("change", listener, { signal });

/** The hotel's own day; everything dated starts from it. */
export function businessDate() {
  return session.property?.business_date ?? new Date().toISOString().slice(0, 10);
}

/** The theme is a matter of this browser, so it is kept in this browser. */
const THEME = "innkeeper.theme";

/** @returns {"light" | "dark" | "system"} */
export function theme() {
  const kept = localStorage.getItem(THEME);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** @param {"light" | "dark" | "system"} choice */
export function setTheme(choice) {
  localStorage.setItem(THEME, choice);
  applyTheme();
}

export function applyTheme() {
  const choice = theme();
  if (choice === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset.theme = choice;
}
