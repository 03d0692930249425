/**
 * Who pays, asked with a new booking and on its page; where nobody does, why.
 */
import { field, input, select } from "../../forms.js";
import { t } from "../../i18n.js";

/** @typedef {import("innkeeper/api").RateKind} RateKind */

const KINDS = /** @type {const} */ (["paying", "complimentary", "house_use"]);

/**
 * @param {{ rate_kind: RateKind, rate_kind_reason: string }} stay
 * @param {AbortSignal} signal
 * @param {(kind: RateKind) => void} [changed]
 */
export function rateKindFields({ rate_kind, rate_kind_reason }, signal, changed) {
  const kind = select(
    KINDS.map((value) => ({ value, label: t(`rate_kind.${value}`) })),
    rate_kind,
  );
  const reason = field({ label: t("rate_kind.reason"), name: "rate_kind_reason" }, input({ value: rate_kind_reason }));
  reason.hidden = rate_kind === "paying";
  kind.addEventListener(
    "change",
    () => {
      reason.hidden = kind.value === "paying";
      changed?.(/** @type {RateKind} */ (kind.value));
    },
    { signal },
  );
  return [field({ label: t("field.rate_kind"), name: "rate_kind" }, kind), reason];
}

/** What was chosen, for the request. @param {Record<string, string>} values */
export const readRateKind = ({ rate_kind, rate_kind_reason = "" }) => ({
  rate_kind: /** @type {RateKind} */ (rate_kind || "paying"),
  rate_kind_reason: rate_kind === "paying" ? "" : rate_kind_reason,
});
