/**
 * Past shifts and what was missing or too much, and the drawers themselves.
 */
import { api } from "../../api.js";
import { h } from "../../dom.js";
import { button } from "../../elements/button.js";
import { dataTable } from "../../elements/data-table.js";
import { openDialog } from "../../elements/dialog.js";
import { rangeFilter, rangeOf, selectFilter } from "../../elements/filters.js";
import { rowMenu } from "../../elements/menu.js";
import { pageHead } from "../../elements/page-head.js";
import { pagedList } from "../../elements/paged-list.js";
import { saveChange, showFailure } from "../../failure.js";
import { checkbox, field, formDialog, input } from "../../forms.js";
import { empty, keepFresh, skeletonLines } from "../../fresh.js";
import { formatCurrency, formatDate, formatInstant, formatMoney } from "../../format.js";
import { t } from "../../i18n.js";
import { may } from "../../places.js";
import { countLines, differenceWords } from "./till-dialogs.js";
import { movements, shiftSums } from "./till.js";

/** @typedef {import("innkeeper/api").ShiftView} Shift */
/** @typedef {import("innkeeper/api").DrawerView} Drawer */

const PAGE_SIZE = 25;
const NAMES = ["from", "to", "has_difference", "page"];

export const title = () => t("till.shifts");

/**
 * @param {Record<string, string>} params
 * @param {AbortSignal} signal
 */
export function render(params, signal) {
  /** @type {Record<string, string>} */
  const filters = {
    ...rangeOf("last_30"),
    ...Object.fromEntries(NAMES.filter((name) => params[name]).map((name) => [name, params[name] ?? ""])),
  };
  const { element, change } = pagedList(
    filters,
    {
      areas: ["till", "payments"],
      load: () => {
        const { from = "", to = "", ...rest } = filters;
        const days = { business_date_from: from, business_date_to: to };
        return api.get("/api/shifts", { ...rest, ...days, page_size: PAGE_SIZE }, signal);
      },
      rows: (shifts) => table(shifts, signal),
      none: () => empty("coin", t("till.no_shifts"), t("filter.none_text")),
    },
    signal,
  );
  const bar = h("div", { class: "filters" }, [
    rangeFilter(
      ["today", "yesterday", "last_7", "last_30", "this_month", "last_month"],
      { from: filters.from ?? "", to: filters.to ?? "" },
      change,
      signal,
    ),
    selectFilter(
      t("till.difference"),
      [
        { value: "true", label: t("till.with_difference") },
        { value: "false", label: t("till.even") },
      ],
      filters.has_difference ?? "",
      (has_difference) => change({ has_difference }),
      signal,
    ),
  ]);
  const back = h("a", { class: "button", href: "/payments" }, t("nav.payments"));
  return h(
    "div",
    { class: "page" },
    pageHead({ title: t("till.shifts"), lead: t("till.shifts_lead"), actions: back }),
    bar,
    h("div", { class: "stack" }, element, drawersCard(signal)),
  );
}

/** @param {Shift[]} shifts @param {AbortSignal} signal */
const table = (shifts, signal) =>
  dataTable(
    [
      {
        label: t("till.drawer"),
        kind: "main",
        cell: (shift) =>
          button({
            label: shift.drawer_name,
            look: "quiet",
            is_small: true,
            extra: "till-name",
            key: `shift-${shift.id}`,
            signal,
            onclick: () => void showShift(shift.id, signal),
          }),
      },
      { label: t("field.business_date"), cell: ({ business_date }) => formatDate(business_date, "weekday") },
      { label: t("activity.who"), cell: ({ username }) => username },
      {
        label: t("till.closed_at"),
        cell: ({ closed_at, closed_by, username }) =>
          closed_at === null
            ? h("span", { class: "chip" }, t("till.is_open"))
            : [formatInstant(closed_at), closed_by !== null && closed_by !== username && ` · ${closed_by}`],
      },
      { label: t("till.float"), kind: "number", cell: ({ float_amount }) => formatMoney(float_amount) },
      {
        label: t("till.counted"),
        kind: "number",
        cell: ({ counts }) => counts.map(({ counted_amount, currency }) => h("div", {}, counted_amount === null ? t("till.not_counted") : formatCurrency(counted_amount, currency))),
      },
      {
        label: t("till.difference"),
        kind: "number",
        cell: ({ counts }) =>
          counts.map(({ difference, currency }) =>
            h(
              "div",
              { class: difference !== null && difference < 0 ? "till-short" : "", title: differenceWords(difference) },
              difference === null ? "?" : difference === 0 ? "–" : formatCurrency(difference, currency),
            ),
          ),
      },
    ],
    shifts,
  );

/** @param {number} id @param {AbortSignal} signal */
async function showShift(id, signal) {
  const shift = await api.get("/api/shifts/{id}", { id }, signal).catch(showFailure);
  if (!shift || signal.aborted) return;
  openDialog(
    { title: `${shift.drawer_name} · ${shift.username}` },
    (dialog) => [
      h(
        "p",
        { class: "dialog-intro" },
        [formatInstant(shift.opened_at), shift.closed_at && formatInstant(shift.closed_at)].filter(Boolean).join(" – "),
        shift.note && h("span", { class: "muted" }, ` · ${shift.note}`),
      ),
      shiftSums(shift),
      movements(shift.movements),
      shift.counts.length > 0 && countLines(shift),
      h(
        "footer",
        { class: "dialog-foot" },
        button({ label: t("action.close"), signal: dialog.signal, onclick: dialog.leave }),
      ),
    ],
    signal,
  );
}

/** @param {AbortSignal} signal */
function drawersCard(signal) {
  const list = h("div", {});
  const refresh = keepFresh(
    list,
    {
      areas: ["till"],
      load: () => api.get("/api/drawers", {}, signal),
      show: ({ items }) =>
        h(
          "ul",
          { class: "lines card-body" },
          items.map((drawer) => drawerLine(drawer, () => void refresh(), signal)),
        ),
      skeleton: () => skeletonLines(2),
    },
    signal,
  );
  const add = () => drawerDialog(null, () => void refresh(), signal);
  return h(
    "section",
    { class: "card" },
    h(
      "header",
      { class: "card-head" },
      h("h2", {}, t("till.drawers")),
      may("own") && button({ label: t("till.add_drawer"), sign: "plus", key: "add-drawer", signal, onclick: add }),
    ),
    list,
  );
}

/** @param {Drawer} drawer @param {() => void} done @param {AbortSignal} signal */
const drawerLine = (drawer, done, signal) =>
  h(
    "li",
    {},
    h("span", { class: `grow ${drawer.is_active ? "" : "is-struck"}` }, drawer.name),
    h("span", { class: "muted" }, t(drawer.is_shared ? "till.shared" : "till.own")),
    may("own") &&
      rowMenu(
        drawer.name,
        `drawer-${drawer.id}`,
        [
          { label: t("action.edit"), sign: "edit", run: () => drawerDialog(drawer, done, signal) },
          {
            label: drawer.is_active ? t("action.deactivate") : t("action.reactivate"),
            sign: drawer.is_active ? "ban" : "undo",
            run: () =>
              void api
                .patch("/api/drawers/{id}", { id: drawer.id }, { is_active: !drawer.is_active, version: drawer.version })
                .then(done, showFailure),
          },
        ],
        signal,
      ),
  );

/** @param {Drawer | null} drawer @param {() => void} done @param {AbortSignal} signal */
const drawerDialog = (drawer, done, signal) =>
  formDialog(
    {
      title: drawer ? drawer.name : t("till.add_drawer"),
      submit: t("action.save"),
      fields: () => [
        field(
          { label: t("field.name"), name: "name" },
          input({ value: drawer?.name ?? "", maxlength: 100, autofocus: true, required: true }),
        ),
        checkbox(t("till.is_shared"), "is_shared", drawer?.is_shared ?? true),
      ],
      send: async ({ name = "", is_shared }, key) => {
        const wanted = { name, is_shared: Boolean(is_shared) };
        if (drawer)
          await saveChange(
            () => api.patch("/api/drawers/{id}", { id: drawer.id }, { ...wanted, version: drawer.version }),
            done,
          );
        else await api.post("/api/drawers", {}, wanted, key);
        done();
      },
    },
    signal,
  );
