/**
 * User name and password, or one's name and a PIN on a registered device; at the door, or over a page
 * whose session has ended.
 */
import { quietly } from "../../api.js";
import { h, swap } from "../../dom.js";
import { button } from "../../elements/button.js";
import { field, formError, input, onSubmit } from "../../forms.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").ThisDeviceView["staff"][number]} Person */

const PIN_LENGTH = 8;

/**
 * @param {Person[]} staff those with a PIN here; none where the device is not registered
 * @param {() => void} done
 * @param {AbortSignal} signal
 * @param {import("innkeeper/api").UserView | null} [user] whose session has ended
 */
export function signInForm(staff, done, signal, user) {
  const box = h("div", { class: "form" });
  /** @param {...import("../../dom.js").Child} children */
  const show = (...children) => {
    swap(box, children);
    const first = box.querySelector("[autofocus], button");
    if (first instanceof HTMLElement) first.focus();
  };
  const quiet = (/** @type {string} */ label, /** @type {() => void} */ onclick) =>
    button({ label, look: "quiet", signal, onclick });
  const by_name = () =>
    show(
      staff.map((person) =>
        button({
          label: person.full_name,
          extra: "button-wide button-tall",
          signal,
          onclick: () => by_pin(person),
        }),
      ),
      quiet(t("pin.by_password"), by_password),
    );
  const by_pin = (/** @type {Person} */ person) =>
    show(
      pinForm(person, done, signal),
      quiet(t("pin.by_password"), by_password),
      !user && quiet(t("action.back"), by_name),
    );
  const by_password = () =>
    show(
      passwordForm(done, signal, user?.username),
      staff.length > 0 && !user && quiet(t("action.back"), by_name),
    );
  const own = staff.find(({ id }) => id === user?.id);
  if (own) by_pin(own);
  else if (user || !staff.length) by_password();
  else by_name();
  return box;
}

/**
 * @param {() => void} done
 * @param {AbortSignal} signal
 * @param {string} [username]
 */
function passwordForm(done, signal, username = "") {
  const secret = input({
    type: "password",
    autocomplete: "current-password",
    autofocus: Boolean(username),
  });
  const form = h(
    "form",
    { class: "form", "data-passing": true },
    field(
      { label: t("field.username"), name: "username" },
      input({ autocomplete: "username", autocapitalize: "none", autofocus: !username, value: username }),
    ),
    field({ label: t("field.password"), name: "password" }, secret),
    formError(),
    h("button", { type: "submit", class: "button button-primary button-wide" }, t("login.title")),
  );
  onSubmit(
    form,
    async ({ username: name = "", password = "" }) => {
      try {
        await quietly.post("/api/auth/login", {}, { username: name, password });
      } catch (error) {
        secret.focus();
        secret.select();
        throw error;
      }
      done();
    },
    signal,
  );
  return form;
}

/**
 * Typed, or tapped on keys as large as a thumb: the phone's own keyboard stays away.
 * @param {Person} person
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function pinForm(person, done, signal) {
  const pin = input({ type: "password", inputmode: "none", maxlength: PIN_LENGTH, autofocus: true });
  const digit = (/** @type {number} */ value) =>
    button({
      label: value,
      signal,
      onclick: () => (pin.value = `${pin.value}${value}`.slice(0, PIN_LENGTH)),
    });
  const form = h(
    "form",
    { class: "form", "data-passing": true },
    h("h2", {}, person.full_name),
    field({ label: t("pin.title"), name: "pin" }, pin),
    h(
      "div",
      { class: "keypad" },
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map(digit),
      button({
        sign: "left",
        name: t("pin.erase"),
        signal,
        onclick: () => (pin.value = pin.value.slice(0, -1)),
      }),
      digit(0),
      h(
        "button",
        { type: "submit", class: "button button-primary" },
        t("login.title"),
      ),
    ),
    // Below the keys: none of them moves under the thumb that tries again.
    formError(),
  );
  onSubmit(
    form,
    async () => {
      try {
        await quietly.post("/api/auth/pin", {}, { user_id: person.id, pin: pin.value });
      } catch (error) {
        pin.value = "";
        pin.focus();
        throw error;
      }
      done();
    },
    signal,
  );
  return form;
}
