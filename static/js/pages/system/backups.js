/**
 * The back-ups: when they are made and where they go, what copies there are, and putting one back.
 */
import { Problem, api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { openMenu } from "../../elements/menu.js";
import { toast } from "../../elements/toast-list.js";
import { saveChange } from "../../failure.js";
import { checkbox, field, formDialog, input } from "../../forms.js";
import { formatAgo, formatBytes, formatCount, formatInstant } from "../../format.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { LOOK_AGAIN_MS } from "./back-up.js";

/** @typedef {import("innkeeper/api").BackupView} Backup */
/** @typedef {import("innkeeper/api").PlanView} Plan */

const KEPT = /** @type {const} */ (["keep_daily", "keep_weekly", "keep_monthly"]);

/** @param {AbortSignal} signal */
export function backupsCard(signal) {
  const element = h("section", { class: "card table-card" });
  const refresh = keepFresh(
    element,
    {
      areas: ["backups"],
      load: () =>
        Promise.all([
          api.get("/api/backups/plan", {}, signal),
          api.get("/api/backups/state", {}, signal),
          api.get("/api/backups", { page_size: 100 }, signal),
        ]),
      show: ([plan, { folder, problem }, { items, total }]) => [
        h(
          "header",
          { class: "card-head" },
          h("h2", {}, t("backup.title")),
          h("span", { class: "count" }, formatCount(total)),
          may("own") &&
            button({
              label: t("action.edit"),
              key: "plan",
              is_small: true,
              signal,
              onclick: (anchor) => openMenu(anchor, t("backup.title"), changes(plan, signal), signal),
            }),
        ),
        h("ul", { class: "card-body" }, sentences(plan, folder)),
        problem && h("p", { class: "card-body form-error" }, problem),
        total ? table(items, signal) : empty("history", t("system.no_backup"), plan.is_on ? t("system.no_backup_detail", { time: plan.at_time }) : ""),
      ],
      skeleton: () => skeletonLines(3),
    },
    signal,
  );
  return { element, refresh };
}

/** @param {Plan} plan @param {string} folder */
const sentences = (plan, folder) =>
  [
    plan.is_on ? t("backup.nightly", { time: plan.at_time }) : t("backup.by_hand"),
    t("backup.into", { folder: [folder, plan.second_folder].filter(Boolean).join(", ") }),
    !plan.second_folder && t("backup.no_second"),
    t("backup.kept", { days: plan.keep_daily, weeks: plan.keep_weekly, months: plan.keep_monthly }),
    t(plan.is_encrypted ? "backup.locked" : "backup.open"),
  ].map((sentence) => sentence && h("li", {}, sentence));

/** @param {Plan} plan @param {AbortSignal} signal */
const changes = (plan, signal) => [
  { label: t("backup.plan"), run: () => void planDialog(plan, signal) },
  { label: t("backup.set"), run: () => void passphraseDialog("backup.set", signal) },
  ...(plan.is_encrypted
    ? [{ label: t("backup.remove"), is_danger: true, run: () => void passphraseDialog("backup.remove", signal) }]
    : []),
];

/** @param {Backup[]} copies @param {AbortSignal} signal */
const table = (copies, signal) =>
  dataTable(
    [
      {
        label: t("word.when"),
        kind: "main",
        cell: (copy) => [formatInstant(copy.made_at), " · ", formatAgo(copy.made_at)],
      },
      {
        label: t("field.kind"),
        cell: (copy) =>
          [copy.is_encrypted && t("backup.passphrase"), copy.is_in_second_folder && t("backup.second_folder")]
            .filter(Boolean)
            .join(", "),
      },
      { label: t("backup.size"), kind: "number", cell: (copy) => formatBytes(copy.bytes) },
      {
        label: t("backup.restore"),
        kind: "menu",
        cell: (copy) =>
          may("own") &&
          button({
            label: t("backup.restore"),
            name: restoring(copy),
            key: copy.name,
            is_small: true,
            signal,
            onclick: () => void restoreDialog(copy, signal),
          }),
      },
    ],
    copies,
  );

/** @param {Backup} copy */
const restoring = (copy) => `${t("backup.restore")}: ${formatInstant(copy.made_at)}`;

/** @param {Plan} plan @param {AbortSignal} signal */
const planDialog = (plan, signal) =>
  formDialog(
    {
      title: t("backup.plan"),
      submit: t("action.save"),
      fields: () => [
        checkbox(t("backup.every_night"), "is_on", plan.is_on),
        field({ label: t("backup.at"), name: "at_time" }, input({ type: "time", value: plan.at_time })),
        field(
          { label: t("backup.folder"), name: "folder", hint: t("backup.folder_hint") },
          input({ value: plan.folder }),
        ),
        field(
          { label: t("backup.second_folder"), name: "second_folder", hint: t("backup.second_hint") },
          input({ value: plan.second_folder }),
        ),
        h(
          "div",
          { class: "field-trio" },
          KEPT.map((name) =>
            field({ label: t(`backup.${name}`), name }, input({ type: "number", min: 0, value: plan[name] })),
          ),
        ),
      ],
      send: async (values) => {
        const change = {
          is_on: Boolean(values.is_on),
          at_time: values.at_time,
          folder: values.folder,
          second_folder: values.second_folder,
          ...Object.fromEntries(KEPT.map((name) => [name, Number(values[name])])),
          version: plan.version,
        };
        await save(() => api.patch("/api/backups/plan", {}, change));
      },
    },
    signal,
  );

/** @param {() => Promise<Plan>} send */
const save = (send) => saveChange(send, () => {});

/**
 * What is typed can be read: it has to be copied onto paper.
 * @param {"backup.set" | "backup.remove"} what
 * @param {AbortSignal} signal
 */
const passphraseDialog = (what, signal) => {
  const is_new = what === "backup.set";
  formDialog(
    {
      title: t(what),
      submit: t(is_new ? "action.save" : what),
      is_danger: !is_new,
      intro: h("p", { class: "dialog-intro" }, t(is_new ? "backup.set_text" : "backup.open")),
      fields: () => [
        is_new &&
          field(
            { label: t("backup.passphrase"), name: "passphrase", hint: t("backup.set_hint") },
            input({ maxlength: 200 }),
          ),
      ],
      send: async ({ passphrase = "" }) => {
        // Nothing would mean none.
        if (is_new && !passphrase) throw new Problem(422, { detail: t("backup.set_hint") });
        await save(() => api.put("/api/backups/passphrase", {}, { passphrase }));
      },
    },
    signal,
  );
};

/** @param {Backup} copy @param {AbortSignal} signal */
const restoreDialog = (copy, signal) => {
  const line = h("p", { class: "muted", role: "status" });
  formDialog(
    {
      title: restoring(copy),
      submit: t("backup.restore"),
      is_danger: true,
      intro: h("p", { class: "dialog-intro" }, t("backup.restore_text", { ago: formatAgo(copy.made_at) })),
      fields: () => [
        copy.is_encrypted &&
          field({ label: t("backup.passphrase"), name: "passphrase" }, input({ type: "password" })),
        line,
      ],
      send: async ({ passphrase }, key) => {
        line.textContent = t("backup.restoring");
        try {
          const { started_at } = await api.get("/api/system", {}, signal);
          const { property_name, reservations, guests } = await api.post(
            "/api/backups/{name}/restore",
            { name: copy.name },
            copy.is_encrypted ? { passphrase } : {},
            key,
          );
          await untilOpenAgain(started_at, signal);
          const { problem } = await api.get("/api/backups/state", {}, signal);
          if (problem) throw new Problem(409, { detail: problem });
          const counts = `${t("nav.reservations")} ${formatCount(reservations)}, ${t("nav.guests")} ${formatCount(guests)}`;
          toast(t("backup.restored", { time: formatInstant(copy.made_at), property: property_name, counts }));
        } finally {
          line.textContent = "";
        }
      },
    },
    signal,
  );
};

/**
 * Until the programme answers that has opened the file anew. The open pages find their way back by
 * themselves; who was not signed in when the copy was made is asked to.
 * @param {string} before when the one that closes was started
 * @param {AbortSignal} signal
 */
async function untilOpenAgain(before, signal) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    try {
      if ((await api.get("/api/system", {}, signal)).started_at !== before) return;
    } catch (error) {
      if (signal.aborted || (error instanceof Problem && error.status < 500)) throw error;
    }
  }
}
