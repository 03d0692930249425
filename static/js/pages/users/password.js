/**
 * One's own password and PIN.
 */
import { changePassword, setPin } from "../../calls.js";
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
      send: async ({ pin, ...values }) => {
        await setPin({ ...values, pin: pin || null });
        toast(t("action.saved"));
      },
    },
    signal,
  );
