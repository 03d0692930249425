/**
 * Which page answers which address. `bare` pages stand without the frame; `nav` is the entry of the
 * sidebar that is lit.
 */

/** @typedef {import("./types.js").PageModule} PageModule */
/**
 * @typedef {{ pattern: RegExp, load: () => Promise<PageModule>, bare?: boolean,
 *   nav?: "today" | "chart" | "reservations" | "guests" }} Route
 */

/** @type {Route[]} */
export const routes = [
  { pattern: /^\/$/, nav: "today", load: () => import("./pages/frontdesk/today.js") },
  { pattern: /^\/chart$/, nav: "chart", load: () => import("./pages/frontdesk/chart.js") },
  { pattern: /^\/reservations$/, nav: "reservations", load: () => import("./pages/reservations/list.js") },
  {
    pattern: /^\/reservations\/new$/,
    nav: "reservations",
    load: () => import("./pages/reservations/new.js"),
  },
  {
    pattern: /^\/reservations\/(?<id>\d+)$/,
    nav: "reservations",
    load: () => import("./pages/reservations/reservation.js"),
  },
  { pattern: /^\/guests$/, nav: "guests", load: () => import("./pages/guests/list.js") },
  { pattern: /^\/guests\/(?<id>\d+)$/, nav: "guests", load: () => import("./pages/guests/guest.js") },
  { pattern: /^\/login$/, bare: true, load: () => import("./pages/users/login.js") },
  { pattern: /^\/setup$/, bare: true, load: () => import("./pages/settings/setup.js") },
  { pattern: /^/, load: () => import("./pages/missing.js") },
];
