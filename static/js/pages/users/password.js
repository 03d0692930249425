/**
 * One's own password.
 */
import { changePassword } from "../../calls.js";
import { toast } from "../../elements/toast-list.js";
import { field, formDialog, input } from "../../forms.js";
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
          { label: t("password.new"), name: "new_password", hint: t("password.hint") },
          input({ type: "password", autocomplete: "new-password" }),
        ),
      ],
      send: async (values) => {
        await changePassword(values);
        toast(t("password.changed"));
      },
    },
    signal,
  );
