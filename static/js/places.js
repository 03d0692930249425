/**
 * Where one can go, in the order of the sidebar and in its three groups, and who may. The server refuses whoever comes
 * without asking here.
 */
import { session } from "./store.js";

/** @typedef {import("innkeeper/api").Role} Role */
/** @typedef {"staff" | "read" | "rooms" | "desk" | "manage" | "own"} Access */
/** @typedef {(typeof PLACES)[number]} Place */
/** @typedef {Place["nav"]} Nav */

/** @type {Record<Access, Role[]>} */
const ROLES = {
  staff: ["owner", "manager", "receptionist", "housekeeper", "read_only"],
  read: ["owner", "manager", "receptionist", "read_only"],
  rooms: ["owner", "manager", "receptionist", "housekeeper"],
  desk: ["owner", "manager", "receptionist"],
  manage: ["owner", "manager"],
  own: ["owner"],
};

/** What is done with guests, what is looked after behind the desk, and what is set up once. */
const GROUPS = /** @type {const} */ (["desk", "office", "setup"]);

const PLACES = /** @type {const} */ ([
  { nav: "today", group: "desk", path: "/", sign: "today", access: "read" },
  { nav: "chart", group: "desk", path: "/chart", sign: "chart", access: "read" },
  { nav: "reservations", group: "desk", path: "/reservations", sign: "reservations", access: "read" },
  { nav: "groups", group: "desk", path: "/groups", sign: "group", access: "read" },
  { nav: "guests", group: "desk", path: "/guests", sign: "guests", access: "read" },
  { nav: "housekeeping", group: "desk", path: "/housekeeping", sign: "broom", access: "staff" },
  { nav: "payments", group: "desk", path: "/payments", sign: "coin", access: "read" },
  { nav: "invoices", group: "office", path: "/invoices", sign: "note", access: "read" },
  { nav: "companies", group: "office", path: "/companies", sign: "case", access: "read" },
  { nav: "prices", group: "office", path: "/prices", sign: "calendar", access: "read" },
  { nav: "statistics", group: "office", path: "/statistics", sign: "bars", access: "read" },
  { nav: "reports", group: "office", path: "/reports", sign: "note", access: "read" },
  { nav: "activity", group: "office", path: "/activity", sign: "history", access: "read" },
  { nav: "rooms", group: "setup", path: "/rooms", sign: "bed", access: "desk" },
  { nav: "staff", group: "setup", path: "/staff", sign: "people", access: "manage" },
  { nav: "settings", group: "setup", path: "/settings", sign: "gear", access: "manage" },
  { nav: "system", group: "setup", path: "/system", sign: "screen", access: "manage" },
]);

/** What stands in a phone's bar, beside "More" and on both sides of "New booking". @type {Record<Role, Nav[]>} */
const TABS = {
  owner: ["today", "chart", "statistics"],
  manager: ["today", "chart", "reservations"],
  receptionist: ["today", "chart", "reservations"],
  housekeeper: ["housekeeping"],
  read_only: ["today", "chart", "reservations", "statistics"],
};

/** Whether the person at the desk is one of those; in a read-only copy one may only look. @param {Access} access */
export const may = (access) =>
  Boolean(session.user && ROLES[access].includes(session.user.role)) &&
  (!session.copy_of || access === "staff" || access === "read");

export const places = () => PLACES.filter(({ access }) => may(access));

/** The groups of the sidebar, those that hold nothing for this person left out. */
export const placeGroups = () =>
  GROUPS.map((group) => ({ group, places: places().filter((place) => place.group === group) })).filter(
    (one) => one.places.length > 0,
  );

/** The places of a phone's bar. */
export const tabs = () => {
  const wanted = session.user ? TABS[session.user.role] : [];
  return places().filter(({ nav }) => wanted.includes(nav));
};

/** Where a person begins: the first place that is theirs. */
export const home = () => places()[0]?.path ?? "/";
