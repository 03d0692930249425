/**
 * One's own password, PIN and sign-ins.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { openDialog } from "../../elements/dialog.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { field, formDialog, input } from "../../forms.js";
import { formatInstant } from "../../format.js";
import { keepFresh } from "../../fresh.js";
import { t } from "../../i18n.js";

/** @param {AbortSignal} signal */
export const passwordDialog = (signal) =>
  formDialog(
    {
      title: t("frame.password"),
      submit: t("action.save"),
      fields: () => [
        field(
          { label: t("password.current"), name: "current_password" },
          input({ type: "password", autocomplete: "current-password" }),
        ),
        field(
          { label: t("password.new"), name: "new_password", hint: t("field.password_hint") },
          input({ type: "password", autocomplete: "new-password" }),
        ),
      ],
      send: async ({ current_password, new_password }) => {
        await api.put("/api/auth/password", {}, { current_password, new_password });
        toast(t("password.changed"));
      },
    },
    signal,
  );

/** @param {AbortSignal} signal */
export const pinDialog = (signal) =>
  formDialog(
    {
      title: t("pin.title"),
      submit: t("action.save"),
      fields: () => [
        field(
          { label: t("password.current"), name: "current_password" },
          input({ type: "password", autocomplete: "current-password" }),
        ),
        field(
          { label: t("pin.new"), name: "pin", hint: t("pin.hint") },
          input({ type: "password", inputmode: "numeric", maxlength: 8, autocomplete: "new-password" }),
        ),
      ],
      send: async ({ current_password, pin }) => {
        await api.put("/api/auth/pin", {}, { current_password, pin: pin || null });
        toast(t("action.saved"));
      },
    },
    signal,
  );

/** What a browser calls itself, in two words. @param {string} agent */
const browserWords = (agent) =>
  [/Firefox|Edg|OPR|Chrome|Safari/, /Windows|Android|iPhone|iPad|Mac|Linux/]
    .map((known) => known.exec(agent)?.[0])
    .filter(Boolean)
    .join(" · ");

/** Where one is signed in, and the end of it elsewhere. @param {AbortSignal} signal */
export const sessionsDialog = (signal) =>
  openDialog(
    { title: t("session.title") },
    (dialog) => {
      const list = h("ul", { class: "lines" });
      const refresh = keepFresh(
        list,
        {
          areas: [],
          load: () => api.get("/api/auth/sessions", { page_size: 100 }, dialog.signal),
          show: ({ items }) =>
            items.map(({ id, address, device_name, user_agent, last_seen_at, is_current }) =>
              h(
                "li",
                {},
                h(
                  "span",
                  { class: "grow" },
                  [device_name ?? browserWords(user_agent), address].filter(Boolean).join(" · "),
                  h("span", { class: "muted" }, ` ${formatInstant(last_seen_at)}`),
                ),
                is_current
                  ? h("span", { class: "count" }, t("session.here"))
                  : button({
                      label: t("frame.log_out"),
                      is_small: true,
                      key: `session-${id}`,
                      signal: dialog.signal,
                      onclick: () => void api.delete("/api/auth/sessions/{id}", { id }).then(refresh, showFailure),
                    }),
              ),
            ),
        },
        dialog.signal,
      );
      return list;
    },
    signal,
  );
