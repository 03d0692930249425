/**
 * Several folios of a stay: opening one, saying who pays it, moving lines to another payer, sharing a line.
 */
import { api, intentKey } from "../../api.js";
import { h } from "../../dom.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { amountInput, checkbox, field, formDialog, input, select, typedAmount } from "../../forms.js";
import { formatMoney, parseAmount } from "../../format.js";
import { t } from "../../i18n.js";
import { sendOrOverride } from "../reservations/override.js";
import { windowWords } from "./folio-rows.js";

/** @typedef {import("innkeeper/api").FolioView} Folio */
/** @typedef {import("innkeeper/api").WindowView} Window */
/** @typedef {import("innkeeper/api").ReservationView} Reservation */
/** @typedef {import("./folio-rows.js").Row} Row */
/** @typedef {{ stay: Reservation, folio: Folio, done: () => void, signal: AbortSignal }} Desk */

const companies = async (/** @type {AbortSignal} */ signal) =>
  (await api.get("/api/companies", { is_active: true, page_size: 100 }, signal)).items;

/** @param {import("innkeeper/api").CompanyView[]} all @param {number | null} chosen */
const companySelect = (all, chosen) =>
  select(
    [{ value: "", label: t("folio.no_company") }, ...all.map(({ id, name }) => ({ value: String(id), label: name }))],
    String(chosen ?? ""),
  );

/** @param {Record<string, string>} values */
const payerOf = ({ payer_company_id, payer_name = "" }) =>
  payer_company_id ? { payer_company_id: Number(payer_company_id) } : { payer_name };

/**
 * @param {Desk} desk
 * @param {(window: Window) => void} opened
 */
export async function openWindow({ stay, done, signal }, opened) {
  const all = await companies(signal).catch(showFailure);
  if (!all || signal.aborted) return;
  formDialog(
    {
      title: t("folio.open_title"),
      submit: t("folio.open_submit"),
      intro: h("p", { class: "dialog-intro" }, t("folio.open_text")),
      fields: () => [
        field({ label: t("field.company"), name: "payer_company_id" }, companySelect(all, stay.company_id)),
        field({ label: t("folio.payer_name"), name: "payer_name", hint: t("folio.payer_hint") }, input({ maxlength: 200 })),
      ],
      send: async (values, key) => {
        opened(await api.post("/api/reservations/{id}/folios", { id: stay.id }, payerOf(values), key));
        done();
      },
    },
    signal,
  );
}

/** @param {Desk} desk @param {Window} window */
export async function changePayer({ done, signal }, window) {
  const all = await companies(signal).catch(showFailure);
  if (!all || signal.aborted || window.id === null) return;
  const { id, version } = window;
  formDialog(
    {
      title: t("folio.payer_title", { folio: windowWords(window) }),
      submit: t("action.save"),
      fields: () => [
        field({ label: t("field.company"), name: "payer_company_id" }, companySelect(all, window.payer_company_id)),
        field(
          { label: t("folio.payer_name"), name: "payer_name", hint: t("folio.payer_hint") },
          input({ maxlength: 200, value: window.payer_company_id ? "" : window.payer_name }),
        ),
      ],
      send: async (values, key) => {
        const payer = payerOf(values);
        await api.patch("/api/folios/{id}", { id }, { payer_company_id: null, ...payer, version }, key);
        done();
      },
    },
    signal,
  );
}

/** @param {Desk} desk @param {Window} window @param {boolean} is_closed */
export async function closeWindow({ done }, window, is_closed) {
  if (window.id === null) return;
  await api.patch("/api/folios/{id}", { id: window.id }, { is_closed, version: window.version }).then(done, showFailure);
}

/**
 * What is open goes to a company's account: the payer's, or else that of whose stay or group it is.
 * @param {{ stay: { company_id: number | null }, done: () => void, signal: AbortSignal }} desk
 * @param {Window} window
 */
export async function settleWindow({ stay, done, signal }, window) {
  const all = await companies(signal).catch(showFailure);
  if (!all || signal.aborted || window.id === null) return;
  const { id } = window;
  const dialog = formDialog(
    {
      title: t("folio.settle_title", { amount: formatMoney(window.balance) }),
      submit: t("folio.settle_submit"),
      fields: (inner) => [
        field(
          { label: t("field.company"), name: "company_id" },
          companySelect(all, window.payer_company_id ?? stay.company_id),
        ),
        field({ label: t("field.amount"), name: "amount" }, amountInput(window.balance, { signal: inner })),
      ],
      send: async ({ company_id, amount }, key) => {
        const body = { ...(company_id && { company_id: Number(company_id) }), amount: typedAmount(amount) };
        const send = async (/** @type {Pick<import("../reservations/override.js").Override, "override_limit" | "reason">} */ more, /** @type {string} */ again) => {
          await api.post("/api/folios/{id}/settle", { id }, { ...body, ...more }, again);
          done();
          // The question on top of it was answered.
          if (more.reason) dialog.close();
        };
        await sendOrOverride(send, key, signal, dialog.element.querySelector("form"));
      },
    },
    signal,
  );
}

/** What of a row is moved. @param {Row} row */
const lineOf = ({ charge, payment }) =>
  charge ? { charge_ids: [charge.id] } : { payment_ids: payment ? [payment.id] : [] };

/**
 * Moves a line at once, with a way back.
 * @param {Desk} desk
 * @param {Window} from
 * @param {Row} row
 * @param {Window} to
 */
export async function moveAtOnce({ done, signal }, from, row, to) {
  if (from.id === null) return;
  const { id } = from;
  await sendOrOverride(
    async ({ reason }, key) => {
      const body = { ...lineOf(row), to: { window: to.window }, ...(reason && { notes: reason }) };
      told(await api.post("/api/folios/{id}/transfer", { id }, body, key), row.words, windowWords(to), done, signal);
    },
    intentKey(),
    signal,
  ).catch(showFailure);
}

/**
 * @param {import("innkeeper/api").TransfersView} made
 * @param {string} line
 * @param {string} folio
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
function told({ transfers }, line, folio, done, signal) {
  done();
  const undo = async () => {
    for (const { id: transfer_id, folio_id: id } of transfers)
      await sendOrOverride(
        async ({ reason }, key) => {
          const why = reason ? { notes: reason } : {};
          await api.post("/api/folios/{id}/transfers/{transfer_id}/undo", { id, transfer_id }, why, key);
          done();
        },
        intentKey(),
        signal,
      );
  };
  toast(t("folio.moved", { line, folio }), {
    action: { label: t("action.undo"), run: () => void undo().catch(showFailure) },
  });
}

/** @param {Desk} desk @param {Window} from @param {Row} row */
export async function moveLine({ stay, folio, done, signal }, from, row) {
  const found = await Promise.all([
    companies(signal),
    api.get("/api/reservations/in-house", { page_size: 100 }, signal),
  ]).catch(showFailure);
  if (!found || signal.aborted || from.id === null) return;
  const { id } = from;
  const [all, { items: guests }] = found;
  const others = folio.folios.filter(({ window, is_closed }) => window !== from.window && !is_closed);
  const targets = [
    ...others.map((window) => ({ value: `w${window.window}`, label: windowWords(window) })),
    { value: "new", label: t("folio.new") },
    ...all.map(({ id: company, name }) => ({ value: `c${company}`, label: t("folio.account_of", { company: name }) })),
    ...guests
      .filter((guest) => guest.id !== stay.id)
      .map((guest) => ({ value: `s${guest.id}`, label: `${guest.guest_name} · ${guest.room_number ?? ""}` })),
  ];
  const whole = Math.abs(row.amount);
  const dialog = formDialog(
    {
      title: t("folio.move_title", { line: row.words }),
      submit: t("folio.move_submit"),
      fields: (inner) => [
        field({ label: t("folio.to"), name: "to" }, select(targets, targets[0]?.value ?? "new", { autofocus: true })),
        field({ label: t("field.amount"), name: "amount" }, amountInput(whole, { signal: inner })),
      ],
      send: async ({ to = "", amount }, key) => {
        const number = Number(to.slice(1));
        const typed = typedAmount(amount);
        const opened =
          to === "new" ? await api.post("/api/reservations/{id}/folios", { id: stay.id }, {}, `${key}-folio`) : null;
        const target = opened
          ? { window: opened.window }
          : to.startsWith("w")
            ? { window: number }
            : to.startsWith("c")
              ? { company_id: number }
              : { reservation_id: number };
        const there = opened ? windowWords(opened) : (targets.find(({ value }) => value === to)?.label ?? "");
        await sendOrOverride(
          async ({ reason, override_limit }, again) => {
            const why = { ...(reason && { notes: reason }), ...(override_limit && { override_limit }) };
            const part = { ...lineOf(row), ...(typed !== whole && { amount: typed }), ...why };
            told(await api.post("/api/folios/{id}/transfer", { id }, { ...part, to: target }, again), row.words, there, done, signal);
            // The question on top of it was answered.
            if (reason) dialog.close();
          },
          key,
          signal,
          dialog.element.querySelector("form"),
        );
      },
    },
    signal,
  );
}

/** @param {Desk} desk @param {Window} from @param {Row} row */
export function splitLine({ folio, done, signal }, from, row) {
  if (from.id === null) return;
  const { id } = from;
  const windows = folio.folios.filter(({ is_closed }) => !is_closed);
  const dialog = formDialog(
    {
      title: t("folio.split_title", { line: row.words, amount: formatMoney(Math.abs(row.amount)) }),
      submit: t("folio.split_submit"),
      fields: (inner) => {
        const boxes = windows.map((window) =>
          h(
            "div",
            { class: "folio-share", "data-field": `share-${window.window}` },
            checkbox(windowWords(window), `in-${window.window}`, true),
            input({
              name: `share-${window.window}`,
              class: "input input-amount",
              inputmode: "decimal",
              "aria-label": t("folio.share_of", { folio: windowWords(window) }),
              hidden: true,
            }),
          ),
        );
        const how = select(
          [
            { value: "equal", label: t("folio.equal") },
            { value: "percent", label: t("folio.percent") },
            { value: "amount", label: t("folio.amounts") },
          ],
          "equal",
          {
            autofocus: true,
            signal: inner,
            onchange: () => {
              for (const box of boxes) for (const share of box.querySelectorAll("input[inputmode]")) share.toggleAttribute("hidden", how.value === "equal");
            },
          },
        );
        return [
          field({ label: t("folio.split_how"), name: "how" }, how),
          h("fieldset", { class: "folio-shares", "data-field": "parts" }, h("legend", {}, t("folio.over")), boxes, h("p", { class: "field-error" })),
        ];
      },
      send: async (values, key) => {
        const parts = windows
          .filter(({ window }) => values[`in-${window}`])
          .map(({ window }) => {
            const typed = values[`share-${window}`] ?? "";
            const share = parseAmount(typed) ?? 0;
            return {
              to: { window },
              ...(values.how === "percent" && { percent: share }),
              ...(values.how === "amount" && { amount: share }),
            };
          });
        const line = row.charge ? { charge_id: row.charge.id } : row.payment ? { payment_id: row.payment.id } : {};
        await sendOrOverride(
          async ({ reason }, again) => {
            await api.post("/api/folios/{id}/split", { id }, { ...line, parts, ...(reason && { notes: reason }) }, again);
            done();
            // The question on top of it was answered.
            if (reason) dialog.close();
          },
          key,
          signal,
          dialog.element.querySelector("form"),
        );
      },
    },
    signal,
  );
}
