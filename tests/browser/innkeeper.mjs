// Starts the real executable on a file of its own and speaks to its API, so that each flow can arrange
// what it needs without clicking through it.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const HERE = import.meta.dirname;
export const BUSINESS_DATE = "2025-11-10";

/** The executable: INNKEEPER_BIN, or the debug build. */
export const executable = process.env.INNKEEPER_BIN ?? path.resolve(HERE, "../../target/debug/innkeeper");

/**
 * @param {string[]} args what follows the executable's name, without address and file
 * @param {{ folder?: string, listen?: string, env?: Record<string, string> }} [again] to open the same file
 *   at the same address again, or in another environment
 * @returns {Promise<{ url: string, folder: string, pid: number | undefined, kill: () => Promise<void>, stop: () => Promise<void> }>}
 */
export async function startInnkeeper(args, { folder, listen = "127.0.0.1:0", env = {} } = {}) {
  const home = folder ?? (await mkdtemp(path.join(tmpdir(), "innkeeper-browser-")));
  const file = path.join(home, "hotel.db");
  const child = spawn(
    executable,
    [...args, "--no-browser", "--rate-limit", "0", "--listen", listen, "--db", file],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } },
  );
  const said = [];
  child.stderr.on("data", (text) => said.push(String(text)));
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    child.once("error", reject);
    createInterface({ input: child.stdout }).on("line", (line) => {
      said.push(line);
      const address = /Innkeeper is open at (http:\/\/[^\s/]+)/.exec(line)?.[1];
      if (address) resolve(address);
    });
    ended.then((code) =>
      reject(new Error(`Innkeeper ended with ${code} before it was open:\n${said.join("\n")}`)),
    );
  });
  const kill = async () => {
    child.kill();
    await ended;
  };
  const stop = async () => {
    await kill();
    await rm(home, { recursive: true, force: true });
  };
  return { url, folder: home, pid: child.pid, kill, stop };
}

/** Of the owner of a hotel that is set up by a test; the demo hotel has its own. */
export const OWN_PASSWORD = "a door of one’s own";

/** A desk that speaks to the API directly. */
export class Desk {
  password = "admin123";

  /** @param {string} url */
  constructor(url) {
    this.url = url;
    this.token = "";
  }

  async signIn() {
    const answer = await this.post("/api/auth/login", { username: "admin", password: this.password });
    this.token = answer.access_token;
    return this;
  }

  /** An empty file becomes a hotel whose owner `signIn` signs in. @param {string} property_name */
  async setUp(property_name) {
    await this.post("/api/setup", {
      property_name,
      currency: "EUR",
      time_zone: "Europe/Vienna",
      username: "admin",
      full_name: "Ada Owner",
      password: OWN_PASSWORD,
      business_date: BUSINESS_DATE,
    });
    this.password = OWN_PASSWORD;
    return this;
  }

  /** @param {string} address */
  get(address) {
    return this.send("GET", address);
  }

  /** @param {string} address @param {object} body */
  post(address, body) {
    return this.send("POST", address, body);
  }

  async send(method, address, body) {
    const headers = { Accept: "application/json" };
    if (this.token) headers.Authorization = `Bearer ${this.token}`;
    if (body) headers["Content-Type"] = "application/json";
    if (method !== "GET") headers["Idempotency-Key"] = crypto.randomUUID();
    const response = await fetch(this.url + address, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${address}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  /** A room type of its own with free rooms, so that a flow never meets the demo's guests. */
  async addRooms(name, code, numbers) {
    const type = await this.post("/api/room-types", {
      name,
      code,
      capacity_adults: 2,
      capacity_children: 1,
      default_rate: 500000,
    });
    const { items } = await this.post("/api/rooms/batch", { room_type_id: type.id, numbers: [numbers] });
    return { type, rooms: items };
  }

  /** Closes a day, whatever is open, so that the next one begins. @param {string} business_date */
  closeDay(business_date) {
    return this.post("/api/day-close", { business_date, undecided: "carry" });
  }

  book(guest_name, fields) {
    return this.post("/api/reservations", {
      guest: { full_name: guest_name, phone_number: "+62 811 555 0100" },
      check_in_date: BUSINESS_DATE,
      check_out_date: addDays(BUSINESS_DATE, 2),
      adults: 2,
      ...fields,
    });
  }
}

/** @param {string} date @param {number} days */
export const addDays = (date, days) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
