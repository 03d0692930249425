/**
 * The only `fetch`. Sends, reads problems, asks for a fresh login once when the session has ended,
 * and tells whether the server can be reached. Which requests there are, what each takes and what it
 * answers is typed by the API's own description.
 */
import { currentLanguage } from "./i18n.js";

/** @typedef {import("./types.js").ProblemBody} ProblemBody */
/** @typedef {import("./types.js").Client} Client */

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

/** @typedef {Record<string, string | number | boolean | null | undefined>} Params */
/** @typedef {{ body?: object, key?: string | undefined, signal?: AbortSignal | undefined }} Options */

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
 * Requests by method, path and the parameters that the API names: what stands in the path is put there,
 * the rest is asked behind it. Writes do not carry the page's signal: what a person has sent must not be
 * torn up by walking on.
 * @param {boolean} asks whether a session that has ended is begun anew
 * @returns {Client}
 */
function client(asks) {
  const request = async (/** @type {[string, string, Options]} */ ...sent) => {
    const response = await send(...sent);
    if (response.status === 401 && asks && (await hooks.login?.())) return answer(await send(...sent));
    return answer(response);
  };
  const write =
    (/** @type {string} */ method) =>
    (/** @type {string} */ path, /** @type {Params} */ params, body = {}, /** @type {string} */ key = intentKey()) =>
      request(method, addressOf(path, params), { body, key });
  const methods = {
    get: (/** @type {string} */ path, /** @type {Params} */ params, /** @type {AbortSignal | undefined} */ signal) =>
      request("GET", addressOf(path, params), { signal }),
    post: write("POST"),
    put: write("PUT"),
    patch: write("PATCH"),
    delete: write("DELETE"),
  };
  // That a path takes these parameters and gives that answer is the description's word.
  return /** @type {Client} */ (/** @type {unknown} */ (methods));
}

export const api = client(true);
/** For signing in and out, and for asking who is signed in: there nobody is asked to sign in. */
export const quietly = client(false);

/**
 * A part of the program that is being loaded; where the server is away, that is how it fails.
 * @template T
 * @param {Promise<T>} loading
 * @returns {Promise<T>}
 */
export const part = (loading) =>
  loading.catch(async (error) => {
    await api.get("/api/setup", {});
    throw error;
  });

/**
 * @param {string} method
 * @param {string} address
 * @param {Options} options
 */
async function send(method, address, { body, key, signal }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", "Accept-Language": currentLanguage() };
  if (Date.now() - touched_at > UNATTENDED_MS) headers["X-Unattended"] = "1";
  if (body) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  try {
    const response = await fetch(address, {
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

/**
 * @param {string} path
 * @param {Params} params
 */
function addressOf(path, params) {
  const asked = { ...params };
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
    const value = encodeURIComponent(String(asked[name]));
    delete asked[name];
    return value;
  });
  return filled + queryText(asked);
}

/** @param {Params} params */
export function queryText(params) {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    if (value !== undefined && value !== null && value !== "") pairs.set(name, String(value));
  const text = pairs.toString();
  return text ? `?${text}` : "";
}
