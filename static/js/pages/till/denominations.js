/**
 * The notes and coins of a currency, the largest first, as far as we know them.
 */
import { session } from "../../store.js";

/** @type {Record<string, number[]>} */
const KNOWN = {
  EUR: [200, 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05],
  CHF: [200, 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05],
  GBP: [50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01],
  USD: [100, 50, 20, 10, 5, 1, 0.25, 0.1, 0.05, 0.01],
  IDR: [100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100],
  JPY: [10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1],
};

/** Those of the hotel's currency; none for a currency we do not know. */
export const denominations = () => KNOWN[session.property?.currency ?? ""] ?? [];
