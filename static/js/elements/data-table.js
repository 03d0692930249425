/**
 * A table of rows that a narrow screen folds into one small card a row.
 */
import { h } from "../dom.js";

/** @typedef {import("../dom.js").Child} Child */
/**
 * `main` stands out in the folded row; `words` may take a second line where the table is narrow; `menu`
 * is the last column, which has no head to see.
 * @template T
 * @typedef {{ label: string, cell: (row: T) => Child, kind?: "number" | "main" | "words" | "menu" }} Column
 */

const CLASSES = { number: "is-number", main: "cell-main", words: "cell-words", menu: "cell-menu" };

/**
 * @template T
 * @param {Column<T>[]} columns
 * @param {T[]} rows
 * @param {Child[]} [foot] a cell a column
 */
export const dataTable = (columns, rows, foot) =>
  h(
    "table",
    { class: "table table-fold" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        columns.map(({ label, kind }) =>
          h(
            "th",
            { scope: "col", class: kind && CLASSES[kind] },
            kind === "menu" ? h("span", { class: "visually-hidden" }, label) : label,
          ),
        ),
      ),
    ),
    h(
      "tbody",
      {},
      rows.map((row) => line(columns, (column) => column.cell(row))),
    ),
    foot &&
      h(
        "tfoot",
        {},
        line(columns, (_, at) => foot[at]),
      ),
  );

/**
 * @template T
 * @param {Column<T>[]} columns
 * @param {(column: Column<T>, at: number) => Child} fill
 */
const line = (columns, fill) =>
  h(
    "tr",
    {},
    columns.map((column, at) => {
      const { label, kind } = column;
      return h(
        "td",
        { class: kind && CLASSES[kind], "data-label": kind === "main" || kind === "menu" ? null : label },
        fill(column, at),
      );
    }),
  );
