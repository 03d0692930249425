/**
 * Rooms that were booked together become a group, with a page of their own.
 */
import { api } from "../../api.js";
import { field, formDialog, input } from "../../forms.js";
import { t } from "../../i18n.js";
import { navigate } from "../../router.js";

/**
 * @param {number} id any of them
 * @param {AbortSignal} signal
 */
export const foundGroup = (id, signal) =>
  formDialog(
    {
      title: t("groups.found_title"),
      submit: t("groups.create"),
      fields: () => [field({ label: t("field.name"), name: "name" }, input({ maxlength: 200, required: true, autofocus: true }))],
      send: async ({ name = "" }, key) => {
        const group = await api.post("/api/reservations/{id}/group", { id }, { name }, key);
        setTimeout(() => void navigate(`/groups/${group.id}`));
      },
    },
    signal,
  );
