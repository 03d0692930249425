/**
 * What went wrong, said so that the person at the desk knows what to do next.
 */
import { Problem, Unreachable } from "./api.js";
import { toast } from "./elements/toast-list.js";
import { complaint } from "./field-words.js";
import { t } from "./i18n.js";
import { forgetTyped } from "./typed.js";

/** @param {unknown} error */
export function explain(error) {
  if (error instanceof Problem) return error.errors.map(complaint).join(" ") || error.message;
  if (error instanceof Unreachable) return t("error.unreachable");
  console.error(error);
  return t("error.unexpected");
}

/** How the sending of a form ends when nothing was sent: what is asked first stands before the person already. */
export class NotSent extends Error {}

/** Whether the page left while the answer was on its way. @param {unknown} error */
export const isAborted = (error) => error instanceof DOMException && error.name === "AbortError";

/** Whether another desk was faster. @param {unknown} error */
const isStale = (error) => error instanceof Problem && /stale|version/.test(error.code);

/**
 * Saves and says so; when another desk was faster, says that and offers what is stored. Either way the
 * form keeps what was typed.
 * @template T
 * @param {() => Promise<T>} send
 * @param {() => void} load_again
 */
export async function saveChange(send, load_again) {
  try {
    const saved = await send();
    toast(t("action.saved"));
    return saved;
  } catch (error) {
    if (isStale(error))
      toast(t("error.stale"), {
        kind: "error",
        action: {
          label: t("action.reload"),
          run: () => {
            forgetTyped();
            load_again();
          },
        },
      });
    throw error;
  }
}

/**
 * @param {unknown} error
 * @param {(() => void)} [load_again] offered when what is shown is no longer what is stored
 */
export function showFailure(error, load_again) {
  if (isAborted(error) || error instanceof NotSent) return;
  const action = isStale(error) && load_again && { label: t("action.reload"), run: load_again };
  toast(explain(error), { kind: "error", ...(action && { action }) });
}
