/**
 * Whose booking it is: a company's, a group's, and what was agreed with either. A hotel that has none is not asked.
 */
import { companies, openGroups } from "../../choices.js";
import { h, swap } from "../../dom.js";
import { select } from "../../forms.js";
import { t } from "../../i18n.js";

/** @typedef {import("./new.js").Wish} Wish */

/**
 * @param {Wish} wish
 * @param {() => import("innkeeper/api").RatePlanView[]} plans
 * @param {(change: Partial<Wish>) => void} change
 * @param {AbortSignal} signal
 */
export function bookingFor(wish, plans, change, signal) {
  const company = select([], "", { "aria-label": t("field.company"), hidden: true });
  const group = select([], "", { "aria-label": t("groups.group"), hidden: true });
  const fill = (/** @type {HTMLSelectElement} */ control, /** @type {string} */ none, /** @type {{ id: number, name: string }[]} */ all) => {
    control.hidden = all.length === 0;
    swap(control, h("option", { value: "" }, none), all.map(({ id, name }) => h("option", { value: id }, name)));
  };
  void Promise.all([companies().catch(() => []), openGroups().catch(() => [])]).then(([known, open]) => {
    fill(company, t("companies.nobody"), known);
    fill(group, t("groups.none_of"), open);
    const take = () => {
      const chosen = known.find(({ id }) => id === Number(company.value));
      const before = known.find(({ id }) => id === wish.company_id);
      const agreed = plans().find(({ id }) => chosen?.rate_plan_ids.includes(id));
      const was_agreed = before?.rate_plan_ids.includes(wish.rate_plan_id) ?? false;
      change({ company_id: chosen?.id ?? 0, ...((agreed || was_agreed) && { rate_plan_id: agreed?.id ?? 1 }) });
    };
    company.addEventListener("change", take, { signal });
    const join = () => {
      const joined = open.find(({ id }) => id === Number(group.value));
      if (!joined) return change({ group_id: 0 });
      const { arrival_date, departure_date, company_id, rate_plan_id } = joined;
      const is_apart = wish.check_out_date <= arrival_date || wish.check_in_date >= departure_date;
      if (company_id) company.value = String(company_id);
      change({
        group_id: joined.id,
        rate_plan_id,
        ...(company_id && { company_id }),
        ...(is_apart && { check_in_date: arrival_date, check_out_date: departure_date }),
      });
    };
    group.addEventListener("change", join, { signal });
    if (wish.group_id && !signal.aborted) {
      group.value = String(wish.group_id);
      join();
    }
  });
  return [group, company];
}
