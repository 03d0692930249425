/**
 * What a group is called, when it comes, and what was agreed: asked of a new one and when one is changed.
 */
import { companies, ratePlans } from "../../choices.js";
import { h, swap } from "../../dom.js";
import { DateRange, dateInput } from "../../elements/date-field.js";
import { field, input, select, textarea } from "../../forms.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").GroupDetail} Group */

/**
 * @param {Group | null} group
 * @param {AbortSignal} signal
 * @param {{ from?: string, to?: string, onrange?: (from: string, to: string) => void }} [dates]
 */
export function groupFields(group, signal, { from = "", to = "", onrange } = {}) {
  const arrival = dateInput({ value: group?.arrival_date ?? from, required: true });
  const departure = dateInput({ value: group?.departure_date ?? to, required: true });
  const cut_off = dateInput({ value: group?.cut_off_date ?? "" });
  new DateRange(arrival, departure, { least: 1, signal });
  const tell = () => onrange?.(arrival.value, departure.value);
  arrival.addEventListener("change", tell, { signal });
  departure.addEventListener("change", tell, { signal });
  const status = select(
    /** @type {const} */ (["definite", "tentative"]).map((value) => ({ value, label: t(`groups.status_${value}`) })),
    group?.status ?? "definite",
  );
  return [
    h(
      "div",
      { class: "field-pair" },
      field({ label: t("field.name"), name: "name" }, input({ value: group?.name ?? "", maxlength: 200, required: true, autofocus: true })),
      (!group || group.status === "tentative") && field({ label: t("field.status"), name: "status" }, status),
    ),
    h(
      "div",
      { class: "field-trio group-dates" },
      field({ label: t("field.arrival"), name: "arrival_date" }, arrival),
      field({ label: t("field.departure"), name: "departure_date" }, departure),
      field({ label: t("groups.cut_off"), name: "cut_off_date", hint: t("groups.cut_off_hint") }, cut_off),
    ),
    choices(group),
    field({ label: t("field.notes"), name: "notes" }, textarea({ rows: 2, value: group?.notes ?? "" })),
  ];
}

/** Whose people they are and what is charged, in a hotel that has more than one of each. @param {Group | null} group */
function choices(group) {
  const own_company = { value: String(group?.company_id ?? ""), label: group?.company_name || t("companies.nobody") };
  const company = select([own_company], own_company.value);
  const own_plan = String(group?.rate_plan_id ?? 1);
  // Also one that is not sold any more.
  const own = { value: own_plan, label: group?.rate_plan_name ?? "–" };
  const plan = select([own], own_plan);
  const of_company = field({ label: t("field.company"), name: "company_id" }, company);
  const of_plan = field({ label: t("field.rate_plan"), name: "rate_plan_id" }, plan);
  of_company.hidden = !group?.company_id;
  of_plan.hidden = true;
  const fill = (/** @type {HTMLSelectElement} */ control, /** @type {{ value: string, label: string }[]} */ options) => {
    const { value } = control;
    swap(control, options.map((option) => h("option", { value: option.value }, option.label)));
    control.value = value;
  };
  void companies().then(
    (all) => {
      of_company.hidden = all.length === 0 && !group?.company_id;
      const others = all.filter(({ id }) => id !== group?.company_id).map(({ id, name }) => ({ value: String(id), label: name }));
      const own = group?.company_id ? [own_company] : [];
      fill(company, [{ value: "", label: t("companies.nobody") }, ...own, ...others]);
    },
    () => {},
  );
  void ratePlans().then(
    (all) => {
      of_plan.hidden = all.every(({ id }) => String(id) === own_plan);
      const sold = all.map(({ id, name }) => ({ value: String(id), label: name }));
      fill(plan, group && !sold.some(({ value }) => value === own_plan) ? [own, ...sold] : sold);
    },
    () => {},
  );
  return h("div", { class: "field-pair" }, of_company, of_plan);
}

/** What the fields hold, as the API takes it. @param {Record<string, string>} values */
export const readGroup = ({ name = "", status, arrival_date = "", departure_date = "", cut_off_date, company_id, rate_plan_id, notes = "" }) => ({
  name,
  status: /** @type {"tentative" | "definite"} */ (status),
  arrival_date,
  departure_date,
  // Left empty it is the arrival.
  cut_off_date: cut_off_date || arrival_date,
  company_id: company_id ? Number(company_id) : null,
  rate_plan_id: Number(rate_plan_id) || 1,
  notes,
});
