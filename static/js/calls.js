/**
 * Every request of the UI by the name its endpoint has, with the type of its answer.
 * Adds nothing: what the server says is what the page gets.
 */
import { request } from "./api.js";

/** @import { Options } from "./api.js" */
/** @import * as Api from "./types.js" */
/** @typedef {Options["query"]} Query */

/**
 * @template T
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @param {Query} [query]
 */
const get = (path, signal, query) =>
  /** @type {Promise<T>} */ (request("GET", path, { ...(query && { query }), ...(signal && { signal }) }));

/**
 * Writes do not carry the page's signal: what a person has sent must not be torn up by walking on.
 * @template T
 * @param {"POST" | "PATCH" | "PUT" | "DELETE"} method
 * @param {string} path
 * @param {object} body
 * @param {string} [key]
 */
const write = (method, path, body, key) =>
  /** @type {Promise<T>} */ (request(method, path, { body, ...(key && { key }) }));

// users, settings

/** @param {AbortSignal} [signal] @returns {Promise<Api.SetupState>} */
export const findSetup = (signal) => get("/api/setup", signal);

/**
 * A part of the program that is being loaded; where the server is away, that is how it fails.
 * @template T
 * @param {Promise<T>} loading
 * @returns {Promise<T>}
 */
export const part = (loading) =>
  loading.catch(async (error) => {
    await findSetup();
    throw error;
  });

/** @param {object} body @param {string} key @returns {Promise<Api.LoginAnswer>} */
export const completeSetup = (body, key) => write("POST", "/api/setup", body, key);
/** @param {{ username: string, password: string }} body @returns {Promise<Api.LoginAnswer>} */
export const login = (body) =>
  /** @type {Promise<Api.LoginAnswer>} */ (request("POST", "/api/auth/login", { body, quiet_login: true }));
/** @param {{ user_id: number, pin: string }} body @returns {Promise<Api.LoginAnswer>} */
export const loginByPin = (body) =>
  /** @type {Promise<Api.LoginAnswer>} */ (request("POST", "/api/auth/pin", { body, quiet_login: true }));
/** @param {AbortSignal} [signal] @returns {Promise<Api.ThisDevice>} */
export const findThisDevice = (signal) => get("/api/auth/device", signal);
/** @param {object} body @returns {Promise<null>} */
export const setPin = (body) => write("PUT", "/api/auth/pin", body);
/** @param {AbortSignal} signal @returns {Promise<Api.Paged<Api.Device>>} */
export const listDevices = (signal) => get("/api/devices", signal, { page_size: 100 });
/** @param {object} body @param {string} key @returns {Promise<Api.Device>} */
export const registerDevice = (body, key) => write("POST", "/api/devices", body, key);
/** @param {number} id @returns {Promise<null>} */
export const revokeDevice = (id) => write("DELETE", `/api/devices/${id}`, {});
/** @returns {Promise<null>} */
export const logout = () =>
  /** @type {Promise<null>} */ (request("POST", "/api/auth/logout", { body: {}, quiet_login: true }));
/** @param {AbortSignal} signal @returns {Promise<Api.Paged<Api.Session>>} */
export const listSessions = (signal) => get("/api/auth/sessions", signal, { page_size: 100 });
/** @param {number} id @returns {Promise<null>} */
export const endSession = (id) => write("DELETE", `/api/auth/sessions/${id}`, {});
/** @param {AbortSignal} [signal] @returns {Promise<Api.Me>} */
export const findMe = (signal) =>
  /** @type {Promise<Api.Me>} */ (
    request("GET", "/api/auth/me", { quiet_login: true, ...(signal && { signal }) })
  );
/** @param {AbortSignal} [signal] @returns {Promise<Api.Settings>} */
export const findSettings = (signal) => get("/api/settings", signal);
/** @param {Partial<Api.Settings> & { reason?: string }} body @returns {Promise<Api.ChangedSettings>} */
export const updateSettings = (body) => write("PATCH", "/api/settings", body);
/** @param {AbortSignal} signal @returns {Promise<Api.Network>} */
export const findNetwork = (signal) => get("/api/network", signal);
/** @param {{ is_open?: boolean, port?: number, version: number }} body @returns {Promise<Api.Network>} */
export const updateNetwork = (body) => write("PATCH", "/api/network", body);
/** @param {AbortSignal} signal @returns {Promise<Api.Items<Api.ListEntry>>} */
export const listBookingSources = (signal) => get("/api/booking-sources", signal);
/** @param {AbortSignal} signal @returns {Promise<Api.Items<Api.ListEntry>>} */
export const listPaymentMethods = (signal) => get("/api/payment-methods", signal);
/** Begins a copy; how far it is tells `findBackups`. @returns {Promise<Api.BackupState>} */
export const backUp = () => write("POST", "/api/backups", {});
/** @param {AbortSignal} signal @returns {Promise<Api.BackupState>} */
export const findBackups = (signal) => get("/api/backups/state", signal);
/** @param {AbortSignal} signal @returns {Promise<string>} */
export const findLicences = (signal) => get("/api/licences", signal);
/** @param {AbortSignal} signal @returns {Promise<Api.Paged<Api.Backup>>} */
export const listBackups = (signal) => get("/api/backups", signal, { page_size: 100 });
/** @param {AbortSignal} signal @returns {Promise<Api.BackupPlan>} */
export const findBackupPlan = (signal) => get("/api/backups/plan", signal);
/** @param {object} body @returns {Promise<Api.BackupPlan>} */
export const updateBackupPlan = (body) => write("PATCH", "/api/backups/plan", body);
/** @param {string} passphrase empty = none @returns {Promise<Api.BackupPlan>} */
export const setBackupPassphrase = (passphrase) => write("PUT", "/api/backups/passphrase", { passphrase });
/** @param {string} name @param {object} body @param {string} key @returns {Promise<Api.Restored>} */
export const restoreBackup = (name, body, key) =>
  write("POST", `/api/backups/${encodeURIComponent(name)}/restore`, body, key);
/** @param {AbortSignal} signal @returns {Promise<Api.System>} */
export const findSystem = (signal) => get("/api/system", signal);
/** @param {object} body */
export const updateThresholds = (body) => write("PATCH", "/api/system/thresholds", body);
/** @param {object} body @returns {Promise<null>} */
export const changePassword = (body) => write("PUT", "/api/auth/password", body);
/** @param {AbortSignal} signal @returns {Promise<Api.Paged<Api.User>>} */
export const listUsers = (signal) => get("/api/users", signal, { page_size: 100 });
/** @param {object} body @param {string} key @returns {Promise<Api.User>} */
export const createUser = (body, key) => write("POST", "/api/users", body, key);
/** @param {number} id @param {object} body @returns {Promise<Api.User>} */
export const updateUser = (id, body) => write("PATCH", `/api/users/${id}`, body);
/** @param {number} id @param {object} body @returns {Promise<null>} */
export const resetPassword = (id, body) => write("POST", `/api/users/${id}/reset-password`, body);
/**
 * @param {"booking-sources" | "payment-methods"} list
 * @param {AbortSignal} signal
 * @returns {Promise<Api.Items<Api.ListEntry>>}
 */
export const listEntries = (list, signal) => get(`/api/${list}`, signal, { page_size: 100 });
/** @param {string} list @param {object} body @param {string} key @returns {Promise<Api.ListEntry>} */
export const createEntry = (list, body, key) => write("POST", `/api/${list}`, body, key);
/** @param {string} list @param {number} id @param {object} body @returns {Promise<Api.ListEntry>} */
export const updateEntry = (list, id, body) => write("PATCH", `/api/${list}/${id}`, body);
/** @param {Query} query @param {AbortSignal} signal @returns {Promise<Api.Paged<Api.AuditEntry>>} */
export const listAuditLog = (query, signal) => get("/api/audit-log", signal, query);
/** @param {Query} query @param {AbortSignal} signal @returns {Promise<Api.Paged<Api.OwnersException>>} */
export const listExceptions = (query, signal) => get("/api/audit/exceptions", signal, query);
/** @param {AbortSignal} signal @returns {Promise<Api.Items<Api.Limit>>} */
export const listLimits = (signal) => get("/api/settings/limits", signal);
/** @param {{ limits: Api.Limit[] }} body @returns {Promise<Api.Items<Api.Limit>>} */
export const updateLimits = (body) => write("PATCH", "/api/settings/limits", body);

// rooms

/** @param {AbortSignal} signal @returns {Promise<Api.Paged<Api.RoomType>>} */
export const listRoomTypes = (signal) => get("/api/room-types", signal, { page_size: 100 });
/** @param {AbortSignal} signal @returns {Promise<Api.Paged<Api.RatePlan>>} */
export const listRatePlans = (signal) => get("/api/rate-plans", signal, { page_size: 100 });
/** @param {object} body @param {string} key @returns {Promise<Api.RatePlan>} */
export const createRatePlan = (body, key) => write("POST", "/api/rate-plans", body, key);
/** @param {number} id @param {object} body @returns {Promise<Api.RatePlan>} */
export const updateRatePlan = (id, body) => write("PATCH", `/api/rate-plans/${id}`, body);
/** @param {number} id @param {Query} query @param {AbortSignal} signal @returns {Promise<Api.Items<Api.Rate>>} */
export const listRates = (id, query, signal) => get(`/api/rate-plans/${id}/rates`, signal, query);
/** @param {number} id @param {object} body @param {string} key @returns {Promise<Api.Items<Api.Rate>>} */
export const setRates = (id, body, key) => write("PUT", `/api/rate-plans/${id}/rates`, body, key);
/** @param {object} body @param {string} key @returns {Promise<Api.RoomType>} */
export const createRoomType = (body, key) => write("POST", "/api/room-types", body, key);
/** @param {object} body @param {string} key @returns {Promise<Api.Items<Api.Room>>} */
export const createRooms = (body, key) => write("POST", "/api/rooms/batch", body, key);
/** @param {Query} query @param {AbortSignal} signal @returns {Promise<Api.Items<Api.Availability>>} */
export const listAvailable = (query, signal) => get("/api/rooms/available", signal, query);

/** @param {number} id @param {object} body @returns {Promise<Api.RoomType>} */
export const updateRoomType = (id, body) => write("PATCH", `/api/room-types/${id}`, body);
/** @param {number} id @returns {Promise<null>} */
export const deleteRoomType = (id) => write("DELETE", `/api/room-types/${id}`, {});
/** @param {number} id @param {object} body @returns {Promise<Api.Room>} */
export const updateRoom = (id, body) => write("PATCH", `/api/rooms/${id}`, body);
/** @param {number} id @returns {Promise<null>} */
export const deleteRoom = (id) => write("DELETE", `/api/rooms/${id}`, {});
/** @param {number} id @param {object} body @returns {Promise<Api.Room>} */
export const setRoomStatus = (id, body) => write("PUT", `/api/rooms/${id}/status`, body);
/** @param {number} id @param {AbortSignal} signal @returns {Promise<Api.Paged<Api.Block>>} */
export const listBlocks = (id, signal) =>
  get(`/api/rooms/${id}/blocks`, signal, { is_released: false, sort: "start_date", page_size: 100 });
/** @param {number} id @param {object} body @param {string} key @returns {Promise<Api.Block>} */
export const createBlock = (id, body, key) => write("POST", `/api/rooms/${id}/blocks`, body, key);
/** @param {number} id @param {number} block_id @returns {Promise<null>} */
export const releaseBlock = (id, block_id) => write("DELETE", `/api/rooms/${id}/blocks/${block_id}`, {});
/** @param {AbortSignal} signal @returns {Promise<Api.Board>} */
export const findBoard = (signal) => get("/api/housekeeping", signal);

// guests

/** @param {Query} query @param {AbortSignal} signal @returns {Promise<Api.Paged<Api.Guest>>} */
export const listGuests = (query, signal) => get("/api/guests", signal, query);
/** @param {number} id @param {AbortSignal} signal @returns {Promise<Api.Guest>} */
export const findGuest = (id, signal) => get(`/api/guests/${id}`, signal);
/** @param {Query} query @param {AbortSignal} signal @returns {Promise<Api.Items<Api.Guest>>} */
export const listDuplicates = (query, signal) => get("/api/guests/duplicates", signal, query);
/** @param {number} id @param {AbortSignal} signal @returns {Promise<Api.Paged<Api.Reservation>>} */
export const listGuestReservations = (id, signal) =>
  get(`/api/guests/${id}/reservations`, signal, { page_size: 100 });
/** @param {Api.GuestDraft} body @param {string} key @returns {Promise<Api.Guest>} */
export const createGuest = (body, key) => write("POST", "/api/guests", body, key);
/** @param {number} id @param {Partial<Api.GuestDraft>} body @returns {Promise<Api.Guest>} */
export const updateGuest = (id, body) => write("PATCH", `/api/guests/${id}`, body);
/** @param {number} id @param {{ other_id: number }} body @param {string} key @returns {Promise<Api.Guest>} */
export const mergeGuests = (id, body, key) => write("POST", `/api/guests/${id}/merge`, body, key);
/** @param {number} id @param {object} body @param {string} key @returns {Promise<Api.Guest>} */
export const anonymiseGuest = (id, body, key) => write("POST", `/api/guests/${id}/anonymise`, body, key);

// reservations

/** @param {number} id @param {AbortSignal} signal @returns {Promise<Api.StayGuests>} */
export const listStayGuests = (id, signal) => get(`/api/reservations/${id}/guests`, signal);
/** @param {number} id @param {Api.StayGuestsDraft} body @returns {Promise<Api.StayGuests>} */
export const replaceStayGuests = (id, body) => write("PUT", `/api/reservations/${id}/guests`, body);
/** @param {Query} query @param {AbortSignal} signal @returns {Promise<Api.Paged<Api.Reservation>>} */
export const listReservations = (query, signal) => get("/api/reservations", signal, query);
/**
 * @param {"arrivals" | "departures" | "in-house"} list
 * @param {Api.DateText} date
 * @param {AbortSignal} signal
 * @param {{ page?: number, sort?: string }} [more]
 * @returns {Promise<Api.Paged<Api.Reservation>>}
 */
export const listDay = (list, date, signal, more = {}) =>
  get(`/api/reservations/${list}`, signal, { date, page_size: 100, ...more });
/** @param {number} id @param {AbortSignal} [signal] @returns {Promise<Api.ReservationDetail>} */
export const findReservation = (id, signal) => get(`/api/reservations/${id}`, signal);
/** @param {number} id @param {Query} query @param {AbortSignal} signal @returns {Promise<Api.Quote>} */
export const quoteChange = (id, query, signal) => get(`/api/reservations/${id}/quote`, signal, query);
/** @param {number} id @param {AbortSignal} signal @returns {Promise<Api.Departure>} */
export const findDeparture = (id, signal) => get(`/api/reservations/${id}/departure`, signal);
/** @param {number} id @param {string} check_out_date @param {AbortSignal} signal @returns {Promise<Api.Extension>} */
export const findExtension = (id, check_out_date, signal) =>
  get(`/api/reservations/${id}/extension`, signal, { check_out_date });
/** @param {Api.ReservationDraft} body @param {string} key @returns {Promise<Api.ReservationDetail>} */
export const createReservation = (body, key) => write("POST", "/api/reservations", body, key);
/** @param {number} id @param {Api.ReservationChange} body @returns {Promise<Api.ReservationDetail>} */
export const updateReservation = (id, body) => write("PATCH", `/api/reservations/${id}`, body);
/**
 * A transition: check-in, check-out, cancel, no-show, extend, move or undo.
 * @param {number} id
 * @param {"check-in" | "check-out" | "cancel" | "no-show" | "extend" | "move" | "undo"} verb
 * @param {object} body
 * @param {string} key
 * @returns {Promise<Api.ReservationDetail>}
 */
export const applyTransition = (id, verb, body, key) =>
  write("POST", `/api/reservations/${id}/${verb}`, body, key);

// folio

/** @param {number} id @param {AbortSignal} signal @returns {Promise<Api.Folio>} */
export const findFolio = (id, signal) => get(`/api/reservations/${id}/folio`, signal);
/** @param {number} id @param {object} body @param {string} key @returns {Promise<Api.FolioLine>} */
export const createCharge = (id, body, key) => write("POST", `/api/reservations/${id}/charges`, body, key);
/** @param {number} id @param {number} charge_id @param {object} body @param {string} key */
export const voidCharge = (id, charge_id, body, key) =>
  write("POST", `/api/reservations/${id}/charges/${charge_id}/void`, body, key);
/** @param {object} body @param {string} key @returns {Promise<Api.Payment>} */
export const createPayment = (body, key) => write("POST", "/api/payments", body, key);
/** @param {Query} query @param {AbortSignal} signal @returns {Promise<Api.Paged<Api.Payment>>} */
export const listPayments = (query, signal) => get("/api/payments", signal, query);
/** @param {number} id @param {AbortSignal} signal @returns {Promise<Api.PaymentDetail>} */
export const findPayment = (id, signal) => get(`/api/payments/${id}`, signal);
/** @param {Query} query @param {AbortSignal} signal @returns {Promise<Api.PaymentTotals>} */
export const findPaymentTotals = (query, signal) => get("/api/payments/totals", signal, query);
/** @param {number} id @param {"void" | "refund"} verb @param {object} body @param {string} key */
export const reversePayment = (id, verb, body, key) =>
  write("POST", `/api/payments/${id}/${verb}`, body, key);

// front desk

/** @param {Api.DateText} from @param {number} days @param {AbortSignal} signal @returns {Promise<Api.TapeChart>} */
export const findTapeChart = (from, days, signal) => get("/api/tape-chart", signal, { from, days });
/** @param {AbortSignal} signal @returns {Promise<Api.HouseStatus>} */
export const findHouseStatus = (signal) => get("/api/dashboard/today", signal);
/**
 * @param {Query} period from and to; with as_of as it stood on the books when that day ended
 * @param {AbortSignal} signal
 * @returns {Promise<Api.Stats>}
 */
export const findStats = (period, signal) => get("/api/dashboard/stats", signal, period);
/** @param {AbortSignal} signal @returns {Promise<Api.DayClose>} */
export const findDayClose = (signal) => get("/api/day-close", signal);
/** @param {string} q @param {AbortSignal} signal @returns {Promise<Api.SearchAnswer>} */
export const search = (q, signal) => get("/api/search", signal, { q });
