/**
 * Which page answers which address. `bare` pages stand without the frame; `nav` is the entry of the
 * sidebar that is lit.
 */

/** @typedef {import("./types.js").PageModule} PageModule */
/**
 * @typedef {{ pattern: RegExp, load: () => Promise<PageModule>, bare?: boolean,
 *   nav?: import("./places.js").Nav, access?: import("./places.js").Access }} Route
 *   `access` is read when not given: whoever else comes is led home
 */

/** @type {Route[]} */
export const routes = [
  { pattern: /^\/$/, nav: "today", load: () => import("./pages/frontdesk/today.js") },
  { pattern: /^\/close$/, nav: "today", load: () => import("./pages/day-close/close.js") },
  { pattern: /^\/chart$/, nav: "chart", load: () => import("./pages/frontdesk/chart.js") },
  { pattern: /^\/reservations$/, nav: "reservations", load: () => import("./pages/reservations/list.js") },
  {
    pattern: /^\/reservations\/new$/,
    nav: "reservations",
    access: "desk",
    load: () => import("./pages/reservations/new.js"),
  },
  {
    pattern: /^\/reservations\/(?<id>\d+)$/,
    nav: "reservations",
    load: () => import("./pages/reservations/reservation.js"),
  },
  { pattern: /^\/groups$/, nav: "groups", load: () => import("./pages/groups/list.js") },
  { pattern: /^\/groups\/new$/, nav: "groups", access: "desk", load: () => import("./pages/groups/new.js") },
  { pattern: /^\/groups\/(?<id>\d+)$/, nav: "groups", load: () => import("./pages/groups/group.js") },
  { pattern: /^\/guests$/, nav: "guests", load: () => import("./pages/guests/list.js") },
  { pattern: /^\/guests\/(?<id>\d+)$/, nav: "guests", load: () => import("./pages/guests/guest.js") },
  { pattern: /^\/registrations$/, nav: "guests", load: () => import("./pages/registration/registrations.js") },
  { pattern: /^\/companies$/, nav: "companies", load: () => import("./pages/companies/companies.js") },
  { pattern: /^\/companies\/(?<id>\d+)$/, nav: "companies", load: () => import("./pages/companies/company.js") },
  { pattern: /^\/accounts$/, nav: "companies", load: () => import("./pages/accounts/accounts.js") },
  { pattern: /^\/reminders$/, nav: "companies", load: () => import("./pages/accounts/reminders.js") },
  { pattern: /^\/commissions$/, nav: "companies", load: () => import("./pages/accounts/commissions.js") },
  {
    pattern: /^\/housekeeping$/,
    nav: "housekeeping",
    access: "staff",
    load: () => import("./pages/housekeeping/board.js"),
  },
  {
    pattern: /^\/rooms$/,
    nav: "rooms",
    access: "desk",
    load: () => import("./pages/rooms/rooms.js"),
  },
  { pattern: /^\/articles$/, nav: "settings", access: "manage", load: () => import("./pages/articles/articles.js") },
  { pattern: /^\/taxes$/, nav: "settings", access: "manage", load: () => import("./pages/taxes/taxes.js") },
  { pattern: /^\/account-codes$/, nav: "settings", access: "manage", load: () => import("./pages/reports/account-codes.js") },
  { pattern: /^\/retention$/, nav: "settings", access: "manage", load: () => import("./pages/retention/retention.js") },
  { pattern: /^\/prices$/, nav: "prices", load: () => import("./pages/rates/prices.js") },
  { pattern: /^\/deposits$/, nav: "payments", load: () => import("./pages/folio/deposits.js") },
  { pattern: /^\/payments$/, nav: "payments", load: () => import("./pages/folio/payments.js") },
  { pattern: /^\/invoices$/, nav: "invoices", load: () => import("./pages/invoices/list.js") },
  { pattern: /^\/invoices\/setup$/, nav: "invoices", access: "manage", load: () => import("./pages/invoices/setup.js") },
  { pattern: /^\/invoices\/(?<id>\d+)$/, nav: "invoices", load: () => import("./pages/invoices/invoice.js") },
  { pattern: /^\/vouchers$/, nav: "payments", load: () => import("./pages/till/vouchers.js") },
  { pattern: /^\/shifts$/, nav: "payments", access: "manage", load: () => import("./pages/till/shifts.js") },
  {
    pattern: /^\/statistics$/,
    nav: "statistics",
    load: () => import("./pages/statistics/statistics.js"),
  },
  { pattern: /^\/reports$/, nav: "reports", load: () => import("./pages/reports/list.js") },
  { pattern: /^\/reports\/(?<name>[a-z-]+)$/, nav: "reports", load: () => import("./pages/reports/report.js") },
  {
    pattern: /^\/reports\/(?<name>[a-z-]+)\/print$/,
    bare: true,
    load: () => import("./pages/print/document.js"),
  },
  {
    pattern: /^\/staff$/,
    nav: "staff",
    access: "manage",
    load: () => import("./pages/users/staff.js"),
  },
  { pattern: /^\/activity$/, nav: "activity", load: () => import("./pages/activity/activity.js") },
  {
    pattern: /^\/exceptions$/,
    nav: "activity",
    access: "manage",
    load: () => import("./pages/activity/exceptions.js"),
  },
  {
    pattern: /^\/settings$/,
    nav: "settings",
    access: "manage",
    load: () => import("./pages/settings/settings.js"),
  },
  {
    pattern: /^\/system$/,
    nav: "system",
    access: "manage",
    load: () => import("./pages/system/system.js"),
  },
  { pattern: /^\/licences$/, access: "staff", load: () => import("./pages/system/licences.js") },
  {
    pattern: /^\/reservations\/(?<id>\d+)\/print\/(?<kind>registration|confirmation|receipt)$/,
    bare: true,
    load: () => import("./pages/print/document.js"),
  },
  {
    pattern: /^\/(?<kind>invoice)s\/(?<id>\d+)\/print$/,
    bare: true,
    load: () => import("./pages/print/document.js"),
  },
  {
    pattern: /^\/groups\/(?<id>\d+)\/print\/(?<kind>rooming-list)$/,
    bare: true,
    load: () => import("./pages/print/document.js"),
  },
  {
    pattern: /^\/companies\/(?<id>\d+)\/print\/(?<kind>statement)$/,
    bare: true,
    load: () => import("./pages/print/document.js"),
  },
  {
    pattern: /^\/reminders\/(?<id>\d+)\/print\/(?<kind>reminder)$/,
    bare: true,
    load: () => import("./pages/print/document.js"),
  },
  {
    pattern: /^\/print\/(?<kind>arrivals)$/,
    bare: true,
    load: () => import("./pages/print/document.js"),
  },
  {
    pattern: /^\/print\/(?<kind>housekeeping)$/,
    bare: true,
    access: "staff",
    load: () => import("./pages/print/document.js"),
  },
  { pattern: /^\/login$/, bare: true, access: "staff", load: () => import("./pages/users/login.js") },
  { pattern: /^\/setup$/, bare: true, access: "manage", load: () => import("./pages/settings/setup.js") },
  { pattern: /^/, access: "staff", load: () => import("./pages/missing.js") },
];
