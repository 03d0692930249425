/**
 * What a person means to do, done once. A double click is one intent; a retry after a lost connection
 * is the same intent again and carries the same key; a retry after an answer is a new one.
 */
import { Unreachable, intentKey } from "./api.js";

/**
 * Keeps the idempotency key of a form or a button between tries.
 */
export class Intent {
  #key = "";
  #body = "";

  /**
   * Runs `action` with a key that stays the same while the server has not answered the same body.
   * @template T
   * @param {object} body
   * @param {(key: string) => Promise<T>} action
   * @returns {Promise<T>}
   */
  async run(body, action) {
    const text = JSON.stringify(body);
    if (!this.#key || text !== this.#body) this.#key = intentKey();
    this.#body = text;
    try {
      const result = await action(this.#key);
      this.#key = "";
      return result;
    } catch (error) {
      if (!(error instanceof Unreachable)) this.#key = "";
      throw error;
    }
  }
}

/**
 * Runs `action` unless the button is already at work, and shows that it is.
 * @param {HTMLElement} button
 * @param {() => Promise<void>} action
 */
export async function once(button, action) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    await action();
  } finally {
    button.removeAttribute("aria-busy");
  }
}
