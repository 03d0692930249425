/**
 * Where one can go, in the order of the sidebar, and who may. The server refuses whoever comes
 * without asking here.
 */
import { session } from "./store.js";

/** @typedef {import("innkeeper/api").Role} Role */
/** @typedef {"staff" | "read" | "rooms" | "desk" | "manage" | "own"} Access */
/** @typedef {(typeof PLACES)[number]["nav"]} Nav */

/** @type {Record<Access, Role[]>} */
const ROLES = {
  staff: ["owner", "manager", "receptionist", "housekeeper", "read_only"],
  read: ["owner", "manager", "receptionist", "read_only"],
  rooms: ["owner", "manager", "receptionist", "housekeeper"],
  desk: ["owner", "manager", "receptionist"],
  manage: ["owner", "manager"],
  own: ["owner"],
};

const PLACES = /** @type {const} */ ([
  { nav: "today", path: "/", sign: "today", access: "read" },
  { nav: "chart", path: "/chart", sign: "chart", access: "read" },
  { nav: "reservations", path: "/reservations", sign: "reservations", access: "read" },
  { nav: "guests", path: "/guests", sign: "guests", access: "read" },
  { nav: "housekeeping", path: "/housekeeping", sign: "broom", access: "staff" },
  { nav: "payments", path: "/payments", sign: "coin", access: "read" },
  { nav: "statistics", path: "/statistics", sign: "bars", access: "read" },
  { nav: "rooms", path: "/rooms", sign: "bed", access: "desk" },
  { nav: "prices", path: "/prices", sign: "calendar", access: "read" },
  { nav: "staff", path: "/staff", sign: "people", access: "manage" },
  { nav: "activity", path: "/activity", sign: "history", access: "read" },
  { nav: "settings", path: "/settings", sign: "gear", access: "manage" },
  { nav: "system", path: "/system", sign: "screen", access: "manage" },
]);

/** Whether the person at the desk is one of those; in a read-only copy one may only look. @param {Access} access */
export const may = (access) =>
  Boolean(session.user && ROLES[access].includes(session.user.role)) &&
  (!session.copy_of || access === "staff" || access === "read");

export const places = () => PLACES.filter(({ access }) => may(access));

/** Where a person begins: the first place that is theirs. */
export const home = () => places()[0]?.path ?? "/";
