/**
 * The accounts of the staff, what each role may do, and the devices on which a PIN is enough.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { rowMenu } from "../../elements/menu.js";
import { pageHead } from "../../elements/page-head.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { field, formDialog, input, select } from "../../forms.js";
import { formatInstant } from "../../format.js";
import { keepFresh, skeletonLines } from "../../fresh.js";
import { t } from "../../i18n.js";
import { session } from "../../store.js";

/** @typedef {import("innkeeper/api").UserView} User */

const ROLES = /** @type {const} */ (["owner", "manager", "receptionist", "housekeeper", "read_only"]);

export const title = () => t("nav.staff");

/**
 * @param {Record<string, string>} _params
 * @param {AbortSignal} signal
 */
export function render(_params, signal) {
  const list = h("section", { class: "card table-card" });
  const refresh = keepFresh(
    list,
    {
      areas: ["users"],
      load: () => api.get("/api/users", { page_size: 100 }, signal),
      show: ({ items }) => userTable(items, () => void refresh(), signal),
      skeleton: () => skeletonLines(6),
    },
    signal,
  );
  return h(
    "div",
    { class: "page" },
    pageHead({
      title: t("nav.staff"),
      actions: button({
        label: t("staff.add"),
        sign: "plus",
        look: "primary",
        signal,
        onclick: () => newUser(() => void refresh(), signal),
      }),
    }),
    h(
      "div",
      { class: "stack" },
      list,
      deviceCard(signal),
      h(
        "section",
        { class: "card" },
        h("header", { class: "card-head" }, h("h2", {}, t("staff.roles"))),
        h(
          "dl",
          { class: "card-body facts facts-narrow" },
          ROLES.map((role) => h("div", {}, h("dt", {}, t(`role.${role}`)), h("dd", {}, t(`staff.${role}`)))),
        ),
      ),
    ),
  );
}

/**
 * @param {User[]} users
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const userTable = (users, done, signal) =>
  dataTable(
    [
      {
        label: t("field.name"),
        kind: "main",
        cell: (user) => [
          h("span", { class: user.is_active ? "" : "is-struck" }, user.full_name),
          " ",
          user.id === session.user?.id && h("span", { class: "count" }, t("staff.you")),
        ],
      },
      { label: t("field.username"), cell: (user) => user.username },
      { label: t("field.role"), cell: (user) => t(`role.${user.role}`) },
      { label: t("field.state"), cell: (user) => (user.is_active ? t("word.active") : t("staff.retired")) },
      {
        label: t("word.more"),
        kind: "menu",
        cell: (user) => rowMenu(user.full_name, `user-${user.id}`, userMenu(user, done, signal), signal),
      },
    ],
    users,
  );

/**
 * @param {User} user
 * @param {() => void} done
 * @param {AbortSignal} signal
 * @returns {import("../../elements/menu.js").MenuItem[]}
 */
const userMenu = (user, done, signal) => [
  { label: t("action.edit"), sign: "edit", run: () => editUser(user, done, signal) },
  { label: t("staff.reset"), sign: "lock", run: () => newPassword(user, signal) },
  {
    label: user.is_active ? t("staff.retire") : t("staff.return"),
    sign: user.is_active ? "ban" : "undo",
    is_danger: user.is_active,
    run: () =>
      void api
        .patch("/api/users/{id}", { id: user.id }, { is_active: !user.is_active, version: user.version })
        .then(done, (error) => showFailure(error, done)),
  },
];

/** @param {string} [role] */
const roleField = (role = "receptionist") =>
  field(
    { label: t("field.role"), name: "role" },
    select(
      ROLES.map((value) => ({ value, label: t(`role.${value}`) })),
      role,
    ),
  );

/** @param {string} [name] */
const nameField = (name = "") =>
  field({ label: t("field.name"), name: "full_name" }, input({ value: name, autofocus: true }));

/** What both forms ask for. @param {Record<string, string>} values */
const readNamed = ({ full_name, role }) => ({ full_name, role: /** @type {User["role"]} */ (role) });

/** @param {string} name */
const passwordField = (name) =>
  field(
    { label: t("password.new"), name, hint: t("field.password_hint") },
    input({ type: "password", autocomplete: "new-password" }),
  );

/**
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const newUser = (done, signal) =>
  formDialog(
    {
      title: t("staff.add"),
      submit: t("staff.add"),
      fields: () => [
        nameField(),
        field({ label: t("field.username"), name: "username" }, input({ autocapitalize: "none" })),
        roleField(),
        passwordField("password"),
      ],
      send: async (values, key) => {
        const { username, password } = values;
        await api.post("/api/users", {}, { ...readNamed(values), username, password }, key);
        done();
      },
    },
    signal,
  );

/**
 * @param {User} user
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
const editUser = (user, done, signal) =>
  formDialog(
    {
      title: user.full_name,
      submit: t("action.save"),
      fields: () => [nameField(user.full_name), roleField(user.role)],
      send: async (values) => {
        await api.patch("/api/users/{id}", { id: user.id }, { ...readNamed(values), version: user.version });
        done();
      },
    },
    signal,
  );

/**
 * @param {User} user
 * @param {AbortSignal} signal
 */
const newPassword = (user, signal) =>
  formDialog(
    {
      title: t("staff.reset_title", { name: user.full_name }),
      submit: t("staff.reset"),
      intro: h("p", { class: "dialog-intro" }, t("staff.reset_text")),
      fields: () => [passwordField("new_password")],
      send: async ({ new_password }) => {
        await api.post("/api/users/{id}/reset-password", { id: user.id }, { new_password });
        toast(t("staff.reset_done", { name: user.full_name }));
      },
    },
    signal,
  );

/** The browsers on which staff sign in by PIN. @param {AbortSignal} signal */
function deviceCard(signal) {
  const list = h("section", { class: "card table-card" });
  const refresh = keepFresh(
    list,
    {
      areas: ["users"],
      load: async () => {
        const { items } = await api.get("/api/devices", { page_size: 100 }, signal);
        const { device } = await api.get("/api/auth/device", {}, signal);
        return { items, here: device?.id };
      },
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
                  label: t("field.name"),
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
                  label: t("word.more"),
                  kind: "menu",
                  cell: ({ id, name }) =>
                    button({
                      label: t("device.revoke"),
                      is_small: true,
                      key: `device-${id}`,
                      name: `${t("device.revoke")} ${name}`,
                      signal,
                      onclick: () => void api.delete("/api/devices/{id}", { id }).then(refresh, showFailure),
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
      fields: () => [field({ label: t("field.name"), name: "name" }, input({ maxlength: 100 }))],
      send: async ({ name }, key) => {
        await api.post("/api/devices", {}, { name }, key);
        done();
      },
    },
    signal,
  );
