/**
 * Opening the day before again, while nothing was done on this one.
 */
import { api } from "../../api.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { formatDate } from "../../format.js";
import { t } from "../../i18n.js";

/** @param {string} date the day before */
export async function goBack(date) {
  try {
    await api.patch("/api/settings", {}, { business_date: date });
    document.dispatchEvent(new Event("innkeeper:day-moved"));
    toast(t("day.moved_back", { date: formatDate(date, "weekday") }));
  } catch (error) {
    showFailure(error);
  }
}
