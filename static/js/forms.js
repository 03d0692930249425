/**
 * Fields with their label, hint and error; forms that send once, keep what was typed, and put each
 * error beside the field it is about.
 */
import { Problem } from "./api.js";
import { freshId, h, swap } from "./dom.js";
import { button } from "./elements/button.js";
import { openDialog } from "./elements/dialog.js";
import { NotSent, explain, isAborted } from "./failure.js";
import { complaint, fieldName, sentence } from "./field-words.js";
import { formatAmount, parseAmount } from "./format.js";
import { allShown } from "./fresh.js";
import { t } from "./i18n.js";
import { Intent, once } from "./intents.js";
import { watchTyping, whileSending } from "./typed.js";

/** @typedef {import("./dom.js").Child} Child */
/** @typedef {import("./dom.js").Props} Props */
/** @typedef {import("./elements/date-field.js").DateField} DateField */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */
/**
 * Sends what the form holds, or throws: `NotSent` where it has asked something first. `submitter` is the
 * button it came by, where it came by one.
 * @typedef {(values: Record<string, string>, key: string, submitter: HTMLElement | null) => Promise<void>} Send
 */

/**
 * @param {{ label: string, name: string, hint?: string, class?: string }} options
 * @param {Control | DateField} control
 */
export function field({ label, name, hint, class: extra = "" }, control) {
  const id = freshId(name);
  const error_id = `${id}-error`;
  const hint_id = `${id}-hint`;
  // Of a date it is the text that is labelled.
  const box = "input" in control ? control.input : control;
  box.id = id;
  control.name = name;
  if (!box.dataset.key) box.dataset.key = `field-${name}`;
  box.setAttribute("aria-describedby", hint ? `${hint_id} ${error_id}` : error_id);
  return h(
    "div",
    { class: `field ${extra}`.trim(), "data-field": name },
    h("label", { for: id }, label),
    control,
    hint && h("p", { class: "field-hint", id: hint_id }, hint),
    h("p", { class: "field-error", id: error_id }),
  );
}

/** @param {Props} [props] */
export const input = (props = {}) =>
  h("input", { type: "text", autocomplete: "off", class: "input", ...props });

/** @param {Props} [props] */
export const textarea = (props = {}) => h("textarea", { rows: 3, class: "input", ...props });

/**
 * @param {{ value: string, label: string }[]} options
 * @param {string} value
 * @param {Props} [props]
 */
export function select(options, value, props = {}) {
  const control = h(
    "select",
    { class: "input select", ...props },
    options.map((option) => h("option", { value: option.value }, option.label)),
  );
  control.value = value;
  return control;
}

/**
 * An amount as text: grouped when it is left, read back by `parseAmount`.
 * @param {number | null} amount
 * @param {Props & { signal: AbortSignal }} props
 */
export function amountInput(amount, props) {
  const control = input({
    inputmode: "decimal",
    class: "input input-amount",
    value: amount === null ? "" : formatAmount(amount),
    onblur: () => {
      const value = parseAmount(control.value);
      if (value !== null) control.value = formatAmount(value);
    },
    ...props,
  });
  return control;
}

/**
 * The amount that was typed; what is none goes to the server as it is, which refuses it in its own words.
 * @param {string | undefined} text
 */
export const typedAmount = (text) =>
  parseAmount(text ?? "") ?? /** @type {number} */ (/** @type {unknown} */ (text));

/**
 * @param {string} label
 * @param {string} name
 * @param {boolean} [is_on]
 */
export const checkbox = (label, name, is_on = false) =>
  h(
    "label",
    { class: "checkbox" },
    h("input", { type: "checkbox", name, value: "1", checked: is_on }),
    h("span", {}, label),
  );

/** What was typed, trimmed. @param {HTMLFormElement} form @returns {Record<string, string>} */
export const readForm = (form) =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));

/** @param {HTMLElement} form */
export function clearErrors(form) {
  for (const slot of form.querySelectorAll(".field-error, .form-error")) slot.textContent = "";
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
}

/**
 * @param {HTMLElement} form
 * @param {string} name
 * @param {string} message
 * @returns {boolean} whether the form has that field, and shows it
 */
export function showFieldError(form, name, message) {
  const tail = fieldName(name);
  const holder =
    form.querySelector(`[data-field="${CSS.escape(name)}"]`) ??
    form.querySelector(`[data-field="${CSS.escape(tail)}"]`);
  const slot = holder?.querySelector(".field-error");
  // Nobody sees what is said inside something hidden.
  if (!holder || !slot || holder.closest("[hidden]")) return false;
  for (let unfolding = holder.closest("details"); unfolding; unfolding = unfolding.parentElement?.closest("details") ?? null)
    unfolding.open = true;
  complain(holder, message);
  return true;
}

/**
 * Beside the one control in a holder.
 * @param {Element} holder
 * @param {string} message
 */
export function complain(holder, message) {
  const slot = holder.querySelector(".field-error");
  if (!slot) return;
  slot.textContent = sentence(message);
  const control = holder.querySelector("input, select, textarea");
  control?.setAttribute("aria-invalid", "true");
  // What is being put right is wrong no more.
  control?.addEventListener(
    "input",
    () => {
      control.removeAttribute("aria-invalid");
      slot.textContent = "";
    },
    { once: true },
  );
}

/**
 * @param {HTMLElement} form
 * @param {unknown} error
 */
export function showFormError(form, error) {
  if (isAborted(error) || error instanceof NotSent) return;
  const errors = error instanceof Problem ? error.errors : [];
  const unplaced = errors.filter(({ field: name, message }) => !showFieldError(form, name, message));
  const slot = form.querySelector(".form-error");
  const words = errors.length ? unplaced.map(complaint).join(" ") : explain(error);
  if (slot) slot.textContent = words;
  const wrong = form.querySelector("[aria-invalid]");
  if (wrong instanceof HTMLElement) wrong.focus();
  // What cannot be read is typed anew, not added to.
  if (wrong instanceof HTMLInputElement && wrong.type === "password") wrong.select();
}

/**
 * Marks at once every field that must be filled in and is not, and every amount and date that nobody can read.
 * @param {HTMLFormElement} form
 */
function flagUnfilled(form) {
  const controls = [...form.querySelectorAll("input, select, textarea")].map(
    (control) => /** @type {Control} */ (control),
  );
  const wrong = controls.filter((control) => {
    const text = control.value.trim();
    const is_unreadable = control.matches(".input-amount") && text !== "" && parseAmount(text) === null;
    const { customError: has_own_words } = control.validity;
    if (text ? !is_unreadable && !has_own_words : !control.required) return false;
    const holder = /** @type {HTMLElement | null} */ (control.closest("[data-field]"));
    const words = has_own_words ? control.validationMessage : t(text ? "error.amount" : "error.required");
    return showFieldError(form, holder?.dataset.field ?? "", words);
  });
  wrong[0]?.focus();
  return wrong.length > 0;
}

/** Where a form says what no field can say. */
export const formError = () => h("p", { class: "form-error", role: "alert" });

/**
 * Sends a form once at a time and shows what the server says about it. Nobody leaves it unasked while
 * something typed is in it.
 * @param {HTMLFormElement} form
 * @param {Send} send
 * @param {AbortSignal} signal
 */
export function onSubmit(form, send, signal) {
  const intent = new Intent();
  form.noValidate = true;
  watchTyping(form, signal);
  form.addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      const submitter = event.submitter ?? form.querySelector("[type=submit]");
      const button = /** @type {HTMLElement} */ (submitter ?? form);
      void once(button, async () => {
        clearErrors(form);
        if (flagUnfilled(form)) return;
        const values = readForm(form);
        if (event.submitter instanceof HTMLButtonElement && event.submitter.name)
          values[event.submitter.name] = event.submitter.value;
        try {
          await whileSending(form, () => intent.run(values, (key) => send(values, key, event.submitter)));
        } catch (error) {
          showFormError(form, error);
        }
      });
    },
    { signal },
  );
}

/** @param {KeyboardEvent} event */
const dropRepeated = (event) => {
  if (event.repeat) event.preventDefault();
};

/**
 * A dialog that asks for a few things and then does one.
 * @param {{ title: string, submit: string, intro?: Child, is_danger?: boolean, is_wide?: boolean, is_sheet?: boolean,
 *   fields: (signal: AbortSignal) => Child[],
 *   send: Send }} options `is_sheet`: it is complete as it is told, unless a field asks for the focus; Enter does it
 * @param {AbortSignal} signal
 */
export function formDialog(options, signal) {
  const { title, submit, intro, is_danger = false, is_wide = false, is_sheet = false, fields, send } = options;
  return openDialog(
    { title, wide: is_wide || is_sheet },
    (dialog) => {
      const form = h("form", { class: "form" });
      const sent = new AbortController();
      swap(
        form,
        intro ?? null,
        fields(AbortSignal.any([dialog.signal, sent.signal])),
        formError(),
        h(
          "footer",
          { class: "dialog-foot" },
          button({ label: t("action.back"), signal: dialog.signal, onclick: dialog.leave }),
          h(
            "button",
            {
              type: "submit",
              class: `button ${is_danger ? "button-danger" : "button-primary"}`,
              autofocus: is_sheet,
              // The key that opened the sheet, held too long, is no answer to it.
              ...(is_sheet && { signal: dialog.signal, onkeydown: dropRepeated }),
            },
            submit,
          ),
        ),
      );
      onSubmit(
        form,
        async (values, key, submitter) => {
          await send(values, key, submitter);
          // What was done stands on the page before the dialog goes: the next press finds it there.
          sent.abort();
          await allShown();
          dialog.close();
        },
        dialog.signal,
      );
      return form;
    },
    signal,
  );
}
