/**
 * User name and password, at the door or over a page whose session has ended.
 */
import { login } from "../../calls.js";
import { h } from "../../dom.js";
import { field, formError, input, onSubmit } from "../../forms.js";
import { t } from "../../i18n.js";

/**
 * @param {() => void} done
 * @param {AbortSignal} signal
 * @param {string} [username]
 */
export function signInForm(done, signal, username = "") {
  const form = h(
    "form",
    { class: "form" },
    field(
      { label: t("login.username"), name: "username" },
      input({ autocomplete: "username", autocapitalize: "none", autofocus: !username, value: username }),
    ),
    field(
      { label: t("login.password"), name: "password" },
      input({ type: "password", autocomplete: "current-password", autofocus: Boolean(username) }),
    ),
    formError(),
    h("button", { type: "submit", class: "button button-primary button-wide" }, t("login.submit")),
  );
  onSubmit(
    form,
    async ({ username: name = "", password = "" }) => {
      await login({ username: name, password });
      done();
    },
    signal,
  );
  return form;
}
