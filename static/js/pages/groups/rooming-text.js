/**
 * Reading a rooming list as it was copied from a spreadsheet or a mail: columns split by tabs, semicolons or commas,
 * with a row of headings or without one, names as "Ana Silva" or "Silva, Ana".
 */
import { readDate } from "../../date-text.js";

/** @typedef {import("innkeeper/api").RowRequest} Row */
/** @typedef {"name" | "first_name" | "last_name" | "room_type" | "room_number" | "check_in_date" | "check_out_date" | "adults" | "children" | "email" | "phone_number" | "notes"} Column */
/** What the house has, so that a column without a heading is known by what stands in it. @typedef {{ types: string[], rooms: string[], today: string }} House */

/** As people head their columns, in English and Indonesian, in whole words; the first that fits. @type {[Column, RegExp][]} */
const HEADINGS = [
  ["first_name", /^(first|given|fore) ?name|^nama depan/],
  ["last_name", /^(last|family|sur) ?name|^nama (belakang|keluarga)/],
  ["email", /\b(e-?mail|mail|surel)\b/],
  ["phone_number", /\b(phone|telephone|tel|mobile|hp|telepon|whatsapp)\b/],
  ["check_in_date", /\b(arrivals?|arrives?|arriving|check.?in|tiba|masuk|kedatangan)\b|^from$|^in$/],
  ["check_out_date", /\b(departures?|departs?|departing|check.?out|pulang|keluar|keberangkatan)\b|^to$|^until$|^out$/],
  ["children", /\b(child|children|kids|anak)\b/],
  ["adults", /\b(adults?|pax|people|persons?|dewasa|orang|jumlah)\b|^guests$/],
  ["room_number", /\broom ?(no|number|nr)\b|\broom ?#|^no\.? ?room|\b(no|nomor) ?kamar\b/],
  ["room_type", /\b(types?|tipe|jenis|category)\b|^room$|^kamar$/],
  ["notes", /\b(notes?|remarks?|comments?|requests?|catatan|keterangan)\b/],
  ["name", /\b(names?|guests?|nama|tamu)\b/],
];

/** What heads a list of names alone: somebody may be called Guest. */
const NAMES_ALONE = /^((guest ?|full ?)?names?|guests?|nama( tamu| lengkap)?|tamu)$/;

/** A column of the list's own numbers says nothing. */
const COUNTED = /^(#|no\.?|nr\.?|nomor)$/;

/** @param {string} text */
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").trim().toLowerCase();

/** @param {string} cell @returns {Column | undefined} */
const headed = (cell) => HEADINGS.find(([, words]) => words.test(plain(cell).replaceAll("_", " ")))?.[0];

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
 * Whether a line heads the others: it names people, and in a list of several columns something else beside.
 * @param {string[]} cells
 */
function isHead(cells) {
  const heads = cells.map(headed).filter((head) => head !== undefined);
  if (cells.filter(Boolean).length === 1) return NAMES_ALONE.test(plain(cells.find(Boolean) ?? ""));
  return heads.length > 1 && heads.some((head) => /name/.test(head)) && cells.every((cell) => !/\d{2}/.test(cell));
}

/**
 * What each column holds: by its heading, or by what stands in it. Further words are notes.
 * @param {string[][]} rows
 * @param {House} house
 * @returns {{ columns: (Column | null)[], body: string[][], heading: string[] | null }}
 */
function columnsOf(rows, house) {
  const [first = []] = rows;
  const width = Math.max(...rows.map((cells) => cells.length));
  const each = (/** @type {(at: number) => Column | null} */ column) => Array.from({ length: width }, (_, at) => column(at));
  if (isHead(first)) {
    const heads = first.map((cell) => headed(cell) ?? null);
    const own = (/** @type {number} */ at) => (heads[at] && heads.indexOf(heads[at]) === at ? heads[at] : null);
    const columns = each((at) => own(at) ?? (COUNTED.test(plain(first[at] ?? "")) ? null : "notes"));
    return { columns, body: rows.slice(1), heading: first };
  }
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
      ["adults", (cell) => /^\d{1,2}(\s*\+\s*\d{1,2})?$/.test(cell)],
      ["children", (cell) => /^\d{1,2}$/.test(cell)],
      ["email", (cell) => /^\S+@\S+$/.test(cell)],
      ["phone_number", (cell) => /^\+?[\d\s()/-]{6,}$/.test(cell) && !readDate(cell, { today: house.today })],
      ["check_in_date", (cell) => readDate(cell, { today: house.today }) !== ""],
      ["check_out_date", (cell) => readDate(cell, { today: house.today }) !== ""],
    ];
    const way = cells.length > 0 ? ways.find(([column, fits]) => !taken.has(column) && cells.every(fits)) : undefined;
    if (way) taken.add(way[0]);
    return way?.[0] ?? "notes";
  };
  return { columns: each((at) => (at === 0 ? "name" : guess(at))), body: rows, heading: null };
}

/**
 * "2", "2+1", "2 (5, 7)" as adults and children; what is no number goes as it is typed, for the server to refuse.
 * @param {string} text
 * @returns {number[]}
 */
function peopleIn(text) {
  const [, first = "", second] = /^(\d+)\s*(?:\+\s*(\d+))?\s*(?:\([\d\s,;y]*\))?$/.exec(text.trim()) ?? [];
  if (!first) return [/** @type {number} */ (/** @type {unknown} */ (text))];
  return second === undefined ? [Number(first)] : [Number(first), Number(second)];
}

/**
 * The rows of a rooming list, one a name, and the line that heads them. What cannot be read is left as it is, for
 * the server to refuse.
 * @param {string} text
 * @param {House} house
 * @param {number} adults of a row that does not say
 * @returns {{ rows: Row[], heading: string[] | null }}
 */
export function readRoomingList(text, house, adults) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  if (lines.length === 0) return { rows: [], heading: null };
  const { columns, body, heading } = columnsOf(split(lines), house);
  const rows = body.map((cells) => {
    /** @type {Partial<Record<Column, string>>} */
    const said = {};
    columns.forEach((column, at) => {
      const cell = cells[at];
      if (column && cell) said[column] = column === "notes" && said.notes ? `${said.notes}; ${cell}` : cell;
    });
    const { name, first_name = "", last_name = "", adults: people, children, check_in_date, check_out_date, ...others } = said;
    const date = (/** @type {string} */ cell) => readDate(cell, { today: house.today }) || cell;
    const [grown = adults, small] = people ? peopleIn(people) : [];
    const young = children ? peopleIn(children)[0] : small;
    return {
      name: name ? spoken(name) : `${first_name} ${last_name}`.trim(),
      ...others,
      adults: grown,
      ...(young !== undefined && { children: young }),
      ...(check_in_date && { check_in_date: date(check_in_date) }),
      ...(check_out_date && { check_out_date: date(check_out_date) }),
    };
  });
  return { rows, heading };
}
