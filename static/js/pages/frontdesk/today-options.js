/**
 * Tentative bookings whose option is due or past: each is confirmed, held longer or released. Nothing
 * happens to them by itself.
 */
import { api } from "../../api.js";
import { addDays } from "../../dates.js";
import { dateInput } from "../../elements/date-field.js";
import { toast } from "../../elements/toast-list.js";
import { saveChange, showFailure } from "../../failure.js";
import { field, formDialog } from "../../forms.js";
import { formatDate, formatDates } from "../../format.js";
import { once } from "../../intents.js";
import { t } from "../../i18n.js";
import { businessDate } from "../../store.js";
import { cancel, confirm } from "../reservations/actions.js";
import { list, row, stepButton, stepsOf } from "./today-lists.js";

/** @typedef {import("innkeeper/api").ReservationView} Reservation */
/** @typedef {import("./today-lists.js").Desk} Desk */

/**
 * @param {import("./today-lists.js").Page} options
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function optionList(options, done, signal) {
  if (options.items.length === 0) return null;
  /** @type {Desk} */
  const desk = { done, signal, is_today: true, vips: new Set(), states: new Map() };
  return list("options", options, new Map(), (stay) =>
    row(stay, desk, { step: optionSteps(stay, desk), when: formatDates(stay.check_in_date, stay.check_out_date) }),
  );
}

/** @param {Reservation} stay @param {Desk} desk */
const optionSteps = (stay, desk) =>
  stepsOf([
    stepButton(stay, "confirm", "button button-small", desk, (anchor) => void confirm(stay, { ...desk, anchor })),
    stepButton(stay, "hold", "button button-small", desk, () => holdLonger(stay, desk)),
    stepButton(stay, "release", "button button-small", desk, (anchor) => void release(stay, { ...desk, anchor })),
  ]);

/**
 * Another date for the option. Where the old one is still to come, the message gives it back.
 * @param {Reservation} stay
 * @param {Desk} desk
 */
function holdLonger(stay, desk) {
  const today = businessDate();
  const put = async (/** @type {string | null} */ option_date, /** @type {number} */ version) => {
    const saved = await api.patch("/api/reservations/{id}", { id: stay.id }, { option_date, version });
    desk.done();
    return saved;
  };
  const next = addDays(today, 1);
  formDialog(
    {
      title: t("option.hold_title", { guest: stay.guest_name }),
      submit: t("option.hold_submit"),
      fields: () => [
        field(
          { label: t("field.option_date"), name: "option_date" },
          dateInput({
            value: next < stay.check_in_date ? next : stay.check_in_date,
            required: true,
            autofocus: true,
          }),
        ),
      ],
      send: ({ option_date = "" }) =>
        saveChange(async () => {
          const saved = await put(option_date, stay.version);
          const bringBack = () => put(stay.option_date, saved.version).catch((error) => showFailure(error, desk.done));
          toast(t("option.hold_done", { guest: stay.guest_name, date: formatDate(option_date, "weekday") }), {
            ...(stay.option_state === "due" && { action: { label: t("action.undo"), run: () => void bringBack() } }),
          });
        }, desk.done),
    },
    desk.signal,
  );
}

/**
 * The booking is given up, and its room with it.
 * @param {Reservation} stay
 * @param {import("../reservations/actions.js").Desk} desk
 */
const release = (stay, desk) =>
  once(desk.anchor, async () => {
    try {
      // What it costs is said first, and only the whole booking knows it.
      const whole = await api.get("/api/reservations/{id}", { id: stay.id }, desk.signal);
      cancel(whole, desk, {
        title: t("option.release_title", { guest: stay.guest_name }),
        submit: t("option.release_submit"),
      });
    } catch (error) {
      showFailure(error, desk.done);
    }
  });
