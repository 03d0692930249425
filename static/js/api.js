/**
 * The only `fetch`. Sends, reads problems, asks for a fresh login once when the session has ended,
 * and tells whether the server can be reached. Knows no path of its own: those are in `calls.js`.
 */

/** @typedef {import("./types.js").ProblemBody} ProblemBody */

/** A refusal of the server, in words for the person at the desk. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {ProblemBody} body
   */
  constructor(status, body) {
    super(body.detail || body.title || `${status}`);
    this.name = "Problem";
    this.status = status;
    this.body = body;
    /** The last part of the problem's type, such as `stale-version`. */
    this.code = (body.type ?? "").split(/[/:#]/).pop() ?? "";
    this.errors = body.errors ?? [];
  }
}

/** The server gave no answer at all. */
export class Unreachable extends Error {}

/**
 * @typedef {{ query?: Record<string, string | number | boolean | null | undefined>,
 *   body?: object, key?: string, signal?: AbortSignal, quiet_login?: boolean }} Options
 */

/** @type {{ login: (() => Promise<boolean>) | null, reachable: (is: boolean) => void }} */
export const hooks = { login: null, reachable: () => {} };

/** When somebody last touched the page: what it asks by itself later keeps no sign-in by PIN alive. */
let touched_at = Date.now();
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => (touched_at = Date.now()), true);
const UNATTENDED_MS = 60_000;

/** A key for one intent of a person. `randomUUID` is missing on plain HTTP, so bytes are drawn. */
export function intentKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {"GET" | "POST" | "PATCH" | "PUT" | "DELETE"} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<unknown>}
 */
export async function request(method, path, options = {}) {
  const response = await send(method, path, options);
  if (response.status === 401 && !options.quiet_login && hooks.login) {
    if (await hooks.login()) return answer(await send(method, path, options));
  }
  return answer(response);
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Options} options
 */
async function send(method, path, { query, body, key, signal }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (Date.now() - touched_at > UNATTENDED_MS) headers["X-Unattended"] = "1";
  if (body) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["Idempotency-Key"] = key ?? intentKey();
  try {
    const response = await fetch(path + queryText(query), {
      method,
      headers,
      body: body ? JSON.stringify(body) : null,
      signal: signal ?? null,
      cache: "no-cache",
    });
    hooks.reachable(true);
    return response;
  } catch (error) {
    if (signal?.aborted) throw error;
    hooks.reachable(false);
    throw new Unreachable("unreachable");
  }
}

/** @param {Response} response */
async function answer(response) {
  if (response.status === 204) return null;
  const text = await response.text();
  if (response.ok) return response.headers.get("Content-Type")?.startsWith("text/") ? text : parse(text);
  throw new Problem(response.status, /** @type {ProblemBody} */ (parse(text) ?? {}));
}

/**
 * @param {string} text
 * @returns {unknown}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {Options["query"]} query */
export function queryText(query) {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== null && value !== "") pairs.set(name, String(value));
  const text = pairs.toString();
  return text ? `?${text}` : "";
}
