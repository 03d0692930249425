/**
 * The door. Says nothing about the hotel to whoever has not signed in.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { t } from "../../i18n.js";
import { entrance } from "./entrance.js";
import { signInForm } from "./sign-in-form.js";

export const title = () => t("login.title");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export async function render(_params, signal) {
  const [setup, here] = await Promise.all([
    api.get("/api/setup", {}, signal).catch(() => null),
    api.get("/api/auth/device", {}, signal).catch(() => null),
  ]);
  return entrance(
    h("h1", {}, t("login.welcome")),
    h("p", { class: "entrance-lead" }, t("login.lead")),
    signInForm(here?.staff ?? [], () => document.dispatchEvent(new Event("innkeeper:signed-in")), signal),
    setup?.demo && h("p", { class: "hint-box" }, t("demo.sign_in")),
  );
}
