/**
 * Reading a rooming list as it was copied from a spreadsheet or a mail: columns split by tabs, semicolons or commas,
 * with a row of headings or without one, names as "Ana Silva" or "Silva, Ana".
 */
import { readDate } from "../../date-text.js";

/** @typedef {import("innkeeper/api").RowRequest} Row */
/** @typedef {"name" | "first_name" | "last_name" | "room_type" | "room_number" | "check_in_date" | "check_out_date" | "adults" | "children" | "email" | "phone_number" | "notes"} Column */
/** What the house has, so that a column without a heading is known by what stands in it. @typedef {{ types: string[], rooms: string[], today: string }} House */

/** As people head their columns, in English and Indonesian; the first word that fits. @type {[Column, RegExp][]} */
const HEADINGS = [
  ["first_name", /^(first|given|fore) ?name|^nama depan/],
  ["last_name", /^(last|family|sur) ?name|^surname|^nama (belakang|keluarga)/],
  ["email", /mail|surel/],
  ["phone_number", /phone|mobile|^tel|hp$|telepon|whatsapp/],
  ["check_in_date", /arriv|check.?in|^from$|^in$|tiba|masuk|kedatangan/],
  ["check_out_date", /depart|check.?out|^to$|^until$|^out$|pulang|keluar|keberangkatan/],
  ["children", /child|kids|anak/],
  ["adults", /adult|pax|people|persons|guests$|dewasa|orang|jumlah/],
  ["room_number", /room ?(no|number|#|nr)|^no\.? ?room|(no|nomor) ?kamar/],
  ["room_type", /type|tipe|jenis|category|^room$|^kamar$/],
  ["notes", /note|remark|comment|request|catatan|keterangan/],
  ["name", /name|guest|nama|tamu/],
];

/** @param {string} text */
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").trim().toLowerCase();

/** @param {string} cell @returns {Column | undefined} */
const headed = (cell) => HEADINGS.find(([, words]) => words.test(plain(cell)))?.[0];

/**
 * The cells of a line; what stands in quotes may hold the mark.
 * @param {string} line
 * @param {string} mark
 */
function cellsOf(line, mark) {
  const cells = [""];
  let is_quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line.charAt(at);
    const last = cells.length - 1;
    if (sign === '"' && is_quoted && line.charAt(at + 1) === '"') {
      cells[last] += '"';
      at += 1;
    } else if (sign === '"' && (is_quoted || cells[last] === "")) is_quoted = !is_quoted;
    else if (sign === mark && !is_quoted) cells.push("");
    else cells[last] += sign;
  }
  return cells.map((cell) => cell.trim());
}

/**
 * Tabs before semicolons before commas; where each line has one comma and nothing else, it is that of "Silva, Ana".
 * @param {string[]} lines
 */
function split(lines) {
  for (const mark of ["\t", ";"]) if (lines.some((line) => line.includes(mark))) return lines.map((line) => cellsOf(line, mark));
  const rows = lines.map((line) => cellsOf(line, ","));
  const is_headed = (rows[0] ?? []).filter((cell) => headed(cell)).length > 1;
  const are_names = rows.every((cells) => cells.length <= 2 && !/\d/.test(cells[1] ?? ""));
  return are_names && !is_headed ? lines.map((line) => [line.trim()]) : rows;
}

/** "Silva, Ana" as it is said. @param {string} text */
function spoken(text) {
  const [last = "", first = "", ...more] = text.split(",").map((part) => part.trim());
  return first && more.length === 0 ? `${first} ${last}` : text.replace(/\s+/g, " ").trim();
}

/**
 * What each column holds: by its heading, or by what stands in it.
 * @param {string[][]} rows
 * @param {House} house
 * @returns {{ columns: (Column | null)[], body: string[][] }}
 */
function columnsOf(rows, house) {
  const [first = []] = rows;
  const heads = first.map((cell) => headed(cell) ?? null);
  const is_headed = heads.some((head) => head !== null && /name/.test(head)) && first.every((cell) => !/\d{2}/.test(cell));
  if (is_headed) return { columns: heads.map((head, at) => (heads.indexOf(head) === at ? head : null)), body: rows.slice(1) };
  const types = new Set(house.types.map(plain));
  const rooms = new Set(house.rooms.map(plain));
  /** @type {Set<Column>} */
  const taken = new Set(/** @type {Column[]} */ (["name"]));
  const guess = (/** @type {number} */ at) => {
    const cells = rows.map((cells) => cells[at] ?? "").filter(Boolean);
    /** @type {[Column, (cell: string) => boolean][]} */
    const ways = [
      ["room_type", (cell) => types.has(plain(cell))],
      ["room_number", (cell) => rooms.has(plain(cell))],
      ["adults", (cell) => /^\d{1,2}$/.test(cell)],
      ["children", (cell) => /^\d{1,2}$/.test(cell)],
      ["email", (cell) => /^\S+@\S+$/.test(cell)],
      ["phone_number", (cell) => /^\+?[\d\s()/-]{6,}$/.test(cell) && !readDate(cell, { today: house.today })],
      ["check_in_date", (cell) => readDate(cell, { today: house.today }) !== ""],
      ["check_out_date", (cell) => readDate(cell, { today: house.today }) !== ""],
      ["notes", () => true],
    ];
    const way = cells.length > 0 ? ways.find(([column, fits]) => !taken.has(column) && cells.every(fits)) : undefined;
    if (way) taken.add(way[0]);
    return way?.[0] ?? null;
  };
  return { columns: first.map((_, at) => (at === 0 ? "name" : guess(at))), body: rows };
}

/**
 * The rows of a rooming list, one a name. What cannot be read is left as it is, for the server to refuse.
 * @param {string} text
 * @param {House} house
 * @param {number} adults of a row that does not say
 * @returns {Row[]}
 */
export function readRoomingList(text, house, adults) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  if (lines.length === 0) return [];
  const { columns, body } = columnsOf(split(lines), house);
  return body.map((cells) => {
    /** @type {Partial<Record<Column, string>>} */
    const said = {};
    columns.forEach((column, at) => {
      if (column && cells[at]) said[column] = cells[at];
    });
    const { name, first_name = "", last_name = "", adults: people, children, check_in_date, check_out_date, ...others } = said;
    const date = (/** @type {string} */ cell) => readDate(cell, { today: house.today }) || cell;
    return {
      name: name ? spoken(name) : `${first_name} ${last_name}`.trim(),
      ...others,
      adults: Number(people) || adults,
      ...(children && { children: Number(children) || 0 }),
      ...(check_in_date && { check_in_date: date(check_in_date) }),
      ...(check_out_date && { check_out_date: date(check_out_date) }),
    };
  });
}
