/**
 * The browsers on which staff sign in by PIN.
 */
import { findThisDevice, listDevices, registerDevice, revokeDevice } from "../../calls.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { showFailure } from "../../failure.js";
import { field, formDialog, input } from "../../forms.js";
import { formatInstant } from "../../format.js";
import { keepFresh } from "../../fresh.js";
import { t } from "../../i18n.js";

/** @param {AbortSignal} signal */
export function deviceCard(signal) {
  const list = h("section", { class: "card table-card" });
  const refresh = keepFresh(
    list,
    {
      areas: ["users"],
      load: async () => ({ ...(await listDevices(signal)), here: (await findThisDevice(signal)).device?.id }),
      show: ({ items, here }) => [
        h(
          "header",
          { class: "card-head" },
          h("h2", { class: "grow" }, t("device.title")),
          !here &&
            button({
              label: t("device.register"),
              is_small: true,
              key: "register",
              signal,
              onclick: () => register(() => void refresh(), signal),
            }),
        ),
        items.length
          ? dataTable(
              [
                {
                  label: t("guest.name"),
                  kind: "main",
                  cell: ({ id, name }) => [
                    name,
                    " ",
                    id === here && h("span", { class: "count" }, t("device.here")),
                  ],
                },
                { label: t("device.by"), cell: (device) => device.registered_by },
                {
                  label: t("device.used"),
                  cell: ({ last_used_at }) => last_used_at && formatInstant(last_used_at),
                },
                {
                  label: t("reservation.more"),
                  kind: "menu",
                  cell: ({ id, name }) =>
                    button({
                      label: t("device.revoke"),
                      is_small: true,
                      key: `device-${id}`,
                      name: `${t("device.revoke")} ${name}`,
                      signal,
                      onclick: () => void revokeDevice(id).then(refresh, showFailure),
                    }),
                },
              ],
              items,
            )
          : h("p", { class: "card-body muted" }, t("device.hint")),
      ],
    },
    signal,
  );
  return list;
}

/**
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const register = (done, signal) =>
  formDialog(
    {
      title: t("device.register"),
      submit: t("action.save"),
      intro: h("p", { class: "dialog-intro" }, t("device.hint")),
      fields: () => [field({ label: t("guest.name"), name: "name" }, input({ maxlength: 100 }))],
      send: async (values, key) => {
        await registerDevice(values, key);
        done();
      },
    },
    signal,
  );
