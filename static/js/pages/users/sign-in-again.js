/**
 * When a session ends in the middle of work: signs in over the page, so that nothing typed is lost,
 * and lets the refused request go on.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { openDialog } from "../../elements/dialog.js";
import { t } from "../../i18n.js";
import { session } from "../../store.js";
import { signInForm } from "./sign-in-form.js";

/** @type {Promise<boolean> | null} */
let asking = null;

/** @returns {Promise<boolean>} whether the person signed in */
export function askToSignIn() {
  if (!session.user) return Promise.resolve(false);
  asking ??= ask().finally(() => {
    asking = null;
  });
  return asking;
}

/** @returns {Promise<boolean>} */
async function ask() {
  const { staff } = await api.get("/api/auth/device", {}).catch(() => ({ staff: [] }));
  return new Promise((resolve) => {
    let is_in = false;
    const life = new AbortController();
    openDialog(
      {
        title: t("login.again"),
        onclose: () => {
          life.abort();
          resolve(is_in);
          if (!is_in) document.dispatchEvent(new Event("innkeeper:signed-out"));
        },
      },
      (dialog) => [
        h("p", { class: "dialog-intro" }, t("login.again_text")),
        signInForm(
          staff,
          () => {
            is_in = true;
            dialog.close();
          },
          dialog.signal,
          session.user,
        ),
      ],
      life.signal,
    );
  });
}
