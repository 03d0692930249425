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
