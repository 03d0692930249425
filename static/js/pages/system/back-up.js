/**
 * "Back up now": begins a copy, follows it whoever began it, and says how it went.
 */
import { Problem, api } from "../../api.js";
import { h } from "../../dom.js";
import { toast } from "../../elements/toast-list.js";
import { showFailure } from "../../failure.js";
import { formatBytes, formatPercent } from "../../format.js";
import { t } from "../../i18n.js";

export const LOOK_AGAIN_MS = 500;

/** @param {NonNullable<import("innkeeper/api").StateView["progress"]>} progress */
const told = ({ step, pages_done, pages_total }) =>
  step === "copying" && pages_total
    ? `${t("backup.copying")} ${formatPercent((100 * pages_done) / pages_total)}`
    : t(`backup.${step}`);

/**
 * @param {() => void} done
 * @param {AbortSignal} signal
 */
export function backUpNow(done, signal) {
  const line = h("p", { class: "muted", role: "status", hidden: true });
  let is_followed = false;
  /** Until none is running any more. */
  const follow = async () => {
    is_followed = true;
    for (;;) {
      const state = await api.get("/api/backups/state", {}, signal);
      line.hidden = !state.is_running;
      if (!state.is_running) {
        is_followed = false;
        return state;
      }
      line.textContent = state.progress && told(state.progress);
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  };
  const begin = async () => {
    try {
      await api.post("/api/backups", {}, {}).catch((error) => {
        // Somebody else's is as good.
        if (!(error instanceof Problem && error.code === "still-at-work")) throw error;
      });
      const { problem, last_made } = await follow();
      if (problem) toast(problem, { kind: "error" });
      else if (last_made) toast(t("backup.made", { size: formatBytes(last_made.bytes) }));
      done();
    } catch (error) {
      showFailure(error);
    }
  };
  /** Shows one that somebody else, or the night, has begun. */
  const look = () =>
    is_followed ||
    follow().catch(() => {
      is_followed = false;
    });
  void look();
  return { line, begin, look };
}
