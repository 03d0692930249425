// What the pages show can be typed again: every way of writing that the executable offers, there and
// back. Reads the modules of the pages; needs no browser.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { executable } from "./innkeeper.mjs";

const MODULES = path.resolve(import.meta.dirname, "../../static/js");
const kept = {};
globalThis.localStorage ??= { getItem: (key) => kept[key] ?? null, setItem: (key, value) => (kept[key] = value) };
globalThis.document ??= { documentElement: {} };
const { formatAgo, formatAmount, formatDate, formatDates, formatInstant, formatMoney, formatMoneyShort, parseAmount } =
  await import(path.join(MODULES, "format.js"));
const { readDate, unreadable } = await import(path.join(MODULES, "date-text.js"));
const { LANGUAGES, keepLanguage, speak } = await import(path.join(MODULES, "i18n.js"));
const { updateSession } = await import(path.join(MODULES, "store.js"));

const api = JSON.parse(execFileSync(executable, ["openapi"], { maxBuffer: 32 << 20 }));
const offered = api.components.schemas.Locale.enum;
const CURRENCIES = { IDR: 0, EUR: 2, KWD: 3 };

/** A hotel that writes so. */
function hotel(locale, currency = "EUR") {
  const property = { locale, currency, currency_exponent: CURRENCIES[currency], business_date: "2026-11-26", time_zone: "UTC" };
  updateSession({ property });
}

test("an amount that is shown in any format offered is read back as it was", () => {
  assert.ok(offered.length > 50);
  const wrong = [];
  for (const locale of offered)
    for (const [currency, exponent] of Object.entries(CURRENCIES)) {
      hotel(locale, currency);
      for (const minor of [0, 1, 7, 10, 99, 100, 1000, 1234, 12345, 150000, 1234567, 98765432, 1234567890, -5, -1500000]) {
        const amount = minor / 10 ** exponent;
        const shown = formatAmount(amount);
        if (!Object.is(parseAmount(shown), amount)) wrong.push(`${locale} ${currency} ${amount}: ${shown}`);
      }
    }
  assert.deepEqual(wrong, []);
});

test("what anybody would type is read, and what could be two amounts is not", () => {
  const read = (locale, currency, text) => {
    hotel(locale, currency);
    return parseAmount(text);
  };
  for (const [locale, currency, text, amount] of [
    ["en-GB", "IDR", "1500000", 1500000],
    ["en-GB", "IDR", "1.500.000", 1500000],
    ["id-ID", "IDR", "1,500,000", 1500000],
    ["en-GB", "EUR", "120,50", 120.5],
    ["de-DE", "EUR", "120.50", 120.5],
    ["de-DE", "EUR", "1,234.50", 1234.5],
    ["en-IN", "EUR", "1,50,000.00", 150000],
    ["en-IN", "EUR", "150,000.00", 150000],
    ["de-CH", "EUR", "1'234.50", 1234.5],
    ["sv-SE", "EUR", "1 234,5", 1234.5],
    ["sv-SE", "EUR", "-3", -3],
    ["ar-EG", "EUR", "١٬٢٣٤٫٥", 1234.5],
    ["th-TH", "EUR", "๑๒๐.๕๐", 120.5],
    ["de-DE", "KWD", "1.234", 1234],
    ["en-GB", "KWD", "1.234", 1.234],
    ["en-GB", "EUR", ".5", 0.5],
    ["fr-FR", "KWD", "1.234", null],
    ["en-GB", "EUR", "1,50,000", null],
    ["en-GB", "EUR", "1.2.3", null],
    ["en-GB", "EUR", "50o", null],
    ["en-GB", "EUR", "-", null],
    ["en-GB", "EUR", ".", null],
    ["id-ID", "IDR", "1,5", null],
  ])
    assert.equal(read(locale, currency, text), amount, `${locale} ${currency} ${text}`);
});

test("every date and amount shown has our digits and our calendar, and no mark that turns the writing", async () => {
  for (const language of Object.keys(LANGUAGES)) {
    keepLanguage(language);
    globalThis.navigator ??= { languages: [] };
    await speak();
    for (const locale of offered) {
      hotel(locale);
      const where = `${language} ${locale}`;
      const year = formatDate("2026-03-09", "year");
      assert.match(year, /\b0?9\b/, where);
      assert.match(year, /\b2026\b/, where);
      const shown = [
        year,
        formatDate("2025-03-09", "full"),
        formatInstant("2026-03-09T10:20:00Z"),
        formatMoney(-1234.5),
        formatMoneyShort(1234567),
      ];
      for (const text of shown) assert.doesNotMatch(text, /[^\P{Nd}\d]|[\u061c\u200e\u200f]/u, `${where}: ${text}`);
    }
  }
});

test("a list names the year where it is not the business date's, in the page's words and the country's order", async () => {
  const shown = async (language, locale) => {
    keepLanguage(language);
    await speak();
    hotel(locale);
    return [
      formatDate("2026-11-26", "weekday"),
      formatDate("2024-11-26", "weekday"),
      formatDate("2024-11-26"),
      formatDate("2024-11-26", "list"),
      formatDate("2026-11-26", "list"),
      formatDate("2024-11-26", "day"),
      formatDates("2026-12-30", "2027-01-02"),
      formatDates("2026-11-26", "2026-11-28", "weekday"),
      formatDates("2026-11-26", "2026-11-26", "weekday"),
      formatMoney(119.5),
    ].map((text) => text.replace(/,(?!\d)/g, "").replace(/\s+/g, " "));
  };
  assert.deepEqual(await shown("en", "de-DE"), [
    "Thu 26 Nov",
    "Tue 26 Nov 2024",
    "26 Nov 2024",
    "26 Nov 2024",
    "Thu 26 Nov",
    "26 Nov",
    "30 Dec 2026 – 2 Jan 2027",
    "Thu 26 – Sat 28 Nov",
    "Thu 26 Nov",
    "119,50 €",
  ]);
  assert.deepEqual(await shown("id", "en-US"), [
    "Kam 26 Nov",
    "Sel 26 Nov 2024",
    "26 Nov 2024",
    "26 Nov 2024",
    "Kam 26 Nov",
    "26 Nov",
    "30 Des 2026 – 2 Jan 2027",
    "Kam 26 Nov – Sab 28 Nov",
    "Kam 26 Nov",
    "€119.50",
  ]);
  assert.equal((await shown("en", "th-TH"))[0], "Thu 26 Nov");
  assert.equal((await shown("en", "en-US"))[0], "Thu Nov 26");
});

test("how long ago something was is told as finely as anybody wants to know it", async () => {
  keepLanguage("en");
  await speak();
  const then = "2026-11-26T10:00:00Z";
  const after = (/** @type {number} */ minutes) => formatAgo(then, Date.parse(then) + minutes * 60_000);
  assert.deepEqual(
    [0.4, 5, 59, 61, 26 * 60, 72 * 60].map(after),
    ["now", "5 minutes ago", "59 minutes ago", "1 hour ago", "26 hours ago", "3 days ago"],
  );
});

/** What is read in a hotel that writes so, on Friday, 27 November 2026. */
async function reads(language, locale, text, ground = {}) {
  keepLanguage(language);
  await speak();
  hotel(locale);
  return readDate(text, { today: "2026-11-27", ...ground });
}

test("a date is read as people type it: in the hotel's order, by names in its languages, by days from now", async () => {
  for (const [language, locale, text, date] of [
    ["en", "en-GB", "29/11", "2026-11-29"],
    ["en", "en-GB", "29.11.", "2026-11-29"],
    ["en", "en-GB", "29-11-2026", "2026-11-29"],
    ["en", "en-GB", "29 11 26", "2026-11-29"],
    ["en", "en-GB", "2911", "2026-11-29"],
    ["en", "en-GB", "29112027", "2027-11-29"],
    ["en", "en-GB", "2026-11-26", "2026-11-26"],
    ["en", "en-GB", "26/11", "2027-11-26"],
    ["en", "en-GB", "5/1", "2027-01-05"],
    ["en", "en-GB", "29 nov", "2026-11-29"],
    ["en", "en-GB", "nov 29", "2026-11-29"],
    ["en", "en-GB", "29th of November", "2026-11-29"],
    ["en", "en-GB", "Sept 3, 2027", "2027-09-03"],
    ["en", "en-GB", "Sun, 29 Nov", "2026-11-29"],
    ["en", "en-GB", "29/2", "2028-02-29"],
    ["en", "en-US", "11/29", "2026-11-29"],
    ["en", "en-US", "11/29/2026", "2026-11-29"],
    ["en", "en-US", "1129", "2026-11-29"],
    ["en", "en-US", "29 nov", "2026-11-29"],
    ["id", "en-US", "11/29", "2026-11-29"],
    ["en", "en-US", "29/11", ""],
    ["en", "en-GB", "11/29", ""],
    ["en", "de-DE", "29.11.", "2026-11-29"],
    ["en", "de-DE", "3. Dezember", "2026-12-03"],
    ["en", "de-DE", "3 mär 27", "2027-03-03"],
    ["en", "de-DE", "übermorgen", "2026-11-29"],
    ["id", "de-DE", "3 agu", "2027-08-03"],
    ["en", "id-ID", "3 agustus", "2027-08-03"],
    ["id", "id-ID", "besok", "2026-11-28"],
    ["id", "id-ID", "hari ini", "2026-11-27"],
    ["id", "id-ID", "kam", "2026-12-03"],
    ["en", "fr-FR", "3 août", "2027-08-03"],
    ["en", "fr-FR", "3 jui", ""],
    ["en", "fr-FR", "mar", "2026-12-01"],
    ["en", "sv-SE", "24/12", "2026-12-24"],
    ["en", "sv-SE", "261224", "2026-12-24"],
    ["en", "ar-EG", "٢٩/١١", "2026-11-29"],
    ["en", "en-GB", "today", "2026-11-27"],
    ["en", "en-GB", "Tomorrow", "2026-11-28"],
    ["en", "en-GB", "yesterday", "2026-11-26"],
    ["en", "en-GB", "fri", "2026-12-04"],
    ["en", "en-GB", "saturday", "2026-11-28"],
    ["en", "en-GB", "+3", "2026-11-30"],
    ["en", "en-GB", "-1", "2026-11-26"],
    ["en", "en-GB", "", ""],
    ["en", "en-GB", "31/11", ""],
    ["en", "en-GB", "30/2/2028", ""],
    ["en", "en-GB", "11/2026", ""],
    ["en", "en-GB", "5", ""],
    ["en", "en-GB", "1/2/3/4", ""],
    ["en", "en-GB", "29 nov dec", ""],
    ["en", "en-GB", "29 movember", ""],
    ["en", "en-GB", "29_11", ""],
    ["en", "en-GB", "t", ""],
  ])
    assert.equal(await reads(language, locale, text), date, `${language} ${locale} ${text}`);
});

test("a departure is counted from its arrival, and a year that is left out is the one that makes sense", async () => {
  const read = (text, ground) => reads("en", "en-GB", text, ground);
  const arrival = { base: "2027-02-10" };
  assert.equal(await read("+3", arrival), "2027-02-13");
  assert.equal(await read("12/2", arrival), "2027-02-12");
  assert.equal(await read("9/2", arrival), "2028-02-09");
  assert.equal(await read("fri", arrival), "2027-02-12");
  assert.equal(await read("tomorrow", arrival), "2026-11-28");
  assert.equal(await read("26/11", { year: "nearest" }), "2026-11-26");
  assert.equal(await read("5/1", { year: "nearest" }), "2027-01-05");
  assert.equal(await read("5/6", { year: "nearest" }), "2026-06-05");
  assert.equal(await read("5/1", { year: "past" }), "2026-01-05");
  assert.equal(await read("27/11", { year: "past" }), "2026-11-27");
  assert.equal(await read("fri", { year: "past" }), "2026-11-20");
});

test("of a birth neither year nor century is guessed", async () => {
  const read = (text) => reads("en", "en-GB", text, { year: "typed" });
  for (const text of ["4/3", "4/3/85", "4 mar", "040385", "mar 4 85", "mon"]) assert.equal(await read(text), "", text);
  for (const text of ["4/3/1985", "4 mar 1985", "04031985", "1985-03-04"]) assert.equal(await read(text), "1985-03-04", text);
  assert.match(unreadable("typed", "2026-11-27"), /26\/11\/1985/);
  assert.match(unreadable("coming", "2026-11-27"), /27\/11, 27 Nov or \+3/);
});

test("a date that is shown, or given as an example, is read back as it was, in every format offered", async () => {
  const wrong = [];
  for (const language of Object.keys(LANGUAGES))
    for (const locale of offered)
      for (const date of ["2026-11-27", "2026-12-31", "2027-01-05", "2027-05-09", "2028-02-29"]) {
        keepLanguage(language);
        await speak();
        hotel(locale);
        const figures = new Intl.DateTimeFormat(locale, { day: "numeric", month: "numeric", timeZone: "UTC", calendar: "gregory", numberingSystem: "latn" });
        const near = date < "2027-11-27" ? [figures.format(new Date(date))] : [];
        for (const shown of [formatDate(date, "list"), formatDate(date, "year"), ...near])
          if (readDate(shown, { today: "2026-11-27" }) !== date) wrong.push(`${language} ${locale} ${date}: ${shown}`);
      }
  assert.deepEqual(wrong, []);
});

test("a rooming list is understood as people write it", async () => {
  hotel("en-GB");
  const { readRoomingList } = await import(path.join(MODULES, "pages/groups/rooming-text.js"));
  const house = { types: ["Double", "DBL", "Twin"], rooms: ["101"], today: "2026-11-26" };
  const read = (text) => readRoomingList(text, house, 2);
  const called = read("McNamara, John\tDouble\nLi, Ben\tTwin");
  assert.deepEqual([called.heading, called.rows.map(({ name }) => name)], [null, ["John McNamara", "Ben Li"]]);
  assert.equal(read("Grace Guest\nAna Silva").rows.length, 2);
  assert.deepEqual(read("Name\nAna Silva"), { rows: [{ name: "Ana Silva", adults: 2 }], heading: ["Name"] });
  const uneven = read("Silva, Ana\tDouble\nLi, Ben\tTwin\tlate arrival\tby bus").rows;
  assert.deepEqual([uneven[0].notes, uneven[1].notes], [undefined, "late arrival; by bus"]);
  const { rows, heading } = read("No\tguest_name\tRoom type\tPax\tCompany\n1\tAna\tDBL\t2+1\tAcme\n2\tBen\tTwin\tmany\t");
  assert.equal(heading?.length, 5);
  assert.deepEqual(rows, [
    { name: "Ana", room_type: "DBL", notes: "Acme", adults: 2, children: 1 },
    { name: "Ben", room_type: "Twin", adults: "many" },
  ]);
  assert.equal(read("Name;Children\nAna;2 (5, 7)").rows[0].children, 2);
});
