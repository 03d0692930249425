/**
 * Prices as files: out as CSV, and in from one, or from what was copied in a spreadsheet. What would change is told
 * first; it is one change, which one click puts back.
 */
import { Problem, api, intentKey, queryText } from "../../api.js";
import { h, swap } from "../../dom.js";
import { toast } from "../../elements/toast-list.js";
import { NotSent, explain, showFailure } from "../../failure.js";
import { sentence } from "../../field-words.js";
import { field, formDialog, input } from "../../forms.js";
import { separator } from "../../format.js";
import { t, tn } from "../../i18n.js";

/** @typedef {import("innkeeper/api").ImportView} Told */
/** @typedef {import("../../elements/rate-calendar/model.js").Model} Model */
/** @typedef {import("../../elements/rate-calendar/model.js").Area} Area */

const UNDO_MS = 15_000;
const MOST_TOLD = 8;

/** Takes the prices of nights to a file, as the hotel's spreadsheets write them. @param {string} from @param {string} to @param {number} plan_id */
export function exportPrices(from, to, plan_id) {
  const address = `/api/rate-calendar/file${queryText({ from, to, rate_plan_id: plan_id, separator: separator() })}`;
  h("a", { href: address, download: "prices.csv" }).click();
}

/** @param {string | null} pasted a file's text; none = a file is asked for @param {() => void} done @param {AbortSignal} signal */
export function importDialog(pasted, done, signal) {
  let csv = pasted ?? "";
  /** @type {Told | null} */
  let told = null;
  const words = h("div", { class: "import-told", role: "status" });
  const preview = async () => {
    told = null;
    swap(words);
    if (!csv) return;
    try {
      told = await api.post("/api/rate-calendar/imports/preview", {}, { csv });
      swap(words, summary(told));
    } catch (error) {
      swap(words, complaints(error));
    }
  };
  formDialog(
    {
      title: t(pasted ? "import.pasted" : "import.title"),
      submit: t("action.save"),
      fields: (inner) => [
        // A file that was chosen is chosen again at no cost.
        !pasted &&
          h("div", { "data-passing": true }, field(
            { label: t("import.file"), name: "file", hint: t("import.hint") },
            input({
              type: "file",
              accept: ".csv,.txt,text/csv",
              required: true,
              signal: inner,
              onchange: async (/** @type {Event} */ event) => {
                const file = /** @type {HTMLInputElement} */ (event.target).files?.[0];
                csv = file ? decoded(await file.arrayBuffer()) : "";
                await preview();
              },
            }),
          )),
        words,
      ],
      send: async (_, key) => {
        if (!told) await preview();
        if (!told) throw new NotSent();
        if (told.rates.length + told.restrictions.length === 0) throw new Problem(422, { detail: t("import.nothing") });
        try {
          const taken = await api.post("/api/rate-calendar/imports", {}, { csv, expects: told.state }, key);
          toast(t("import.taken"), { duration_ms: UNDO_MS, action: { label: t("action.undo"), run: () => void putBack(taken).then(done, showFailure) } });
        } catch (error) {
          // Another desk was faster: what would change now is told before it is asked again.
          if (error instanceof Problem && error.code === "stale-version") await preview();
          throw error;
        }
        done();
      },
    },
    signal,
  );
  if (pasted) void preview();
}

/** @param {Told} told */
function summary({ rates, restrictions }) {
  if (rates.length + restrictions.length === 0) return t("import.nothing");
  return [rates.length > 0 && tn("import.rates", rates.length), restrictions.length > 0 && tn("import.restrictions", restrictions.length)]
    .filter(Boolean)
    .join(", ");
}

/** Each bad cell by its line and column. @param {unknown} error */
function complaints(error) {
  const errors = error instanceof Problem ? error.errors : [];
  if (errors.length === 0) return explain(error);
  const line = (/** @type {{ field: string, message: string }} */ { field: name, message }) => {
    const [, at, column] = /^csv\[(\d+)\]\.(\w+)$/.exec(name) ?? [];
    return at && column ? t("import.line", { line: at, column, message }) : t("import.whole", { message: sentence(message) });
  };
  return [
    h("p", { class: "field-error" }, t("import.nothing_taken")),
    h("ul", { class: "import-complaints" }, errors.slice(0, MOST_TOLD).map((one) => h("li", {}, line(one)))),
    errors.length > MOST_TOLD && h("p", { class: "muted" }, tn("import.more", errors.length - MOST_TOLD)),
  ];
}

/** What somebody has changed since stays. @param {Told} taken */
async function putBack({ rates, restrictions }) {
  const { left } = await api.put(
    "/api/rate-calendar/cells",
    {},
    {
      rates: rates.map(({ rate_plan_id, room_type_id, date, own_before, own_after }) => ({ rate_plan_id, room_type_id, date, rate: own_before, expected: own_after })),
      restrictions: restrictions.map(({ rate_plan_id, room_type_id, date, kind, before, after }) => ({ rate_plan_id, room_type_id, date, kind, value: before, expected: after })),
    },
    intentKey(),
  );
  if (left) toast(tn("prices.left", left));
}

/** Text of a file in any of the ways in which spreadsheets write it. @param {ArrayBuffer} bytes */
function decoded(bytes) {
  const [first, second] = new Uint8Array(bytes);
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/**
 * What was copied in a spreadsheet, as a file of prices: its first cell is the first of what is chosen; one price alone is
 * for all of it that is meant.
 * @param {string} text
 * @param {Model} model
 * @param {Area} area
 * @param {(row: number, at: number) => boolean} isChosen
 */
export function fileOf(text, model, { top, bottom, first, last }, isChosen) {
  const cells = text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
  const one = cells.length === 1 && cells[0]?.length === 1 ? (cells[0][0] ?? "") : null;
  const height = one === null ? cells.length : bottom - top + 1;
  const width = one === null ? Math.max(...cells.map((line) => line.length)) : last - first + 1;
  const lines = ["date\troom_type\trate_plan\tprice"];
  for (let row = 0; row < height; row += 1)
    for (let at = 0; at < width; at += 1) {
      if (one !== null && !isChosen(top + row, first + at)) continue;
      const [place, date] = [model.rows[top + row], model.dates[first + at]];
      const price = one ?? cells[row]?.[at] ?? "";
      // What is empty there, or lies beyond the nights that are here, changes nothing.
      if (place && date && price.trim()) lines.push([date, place.type.code, place.plan.code, price.trim()].join("\t"));
    }
  return lines.join("\n");
}
