import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";

const MONTH = "from=2025-11-01&to=2025-11-30";

export function reportFlows(hotel) {
  test("a report is found by what it is about, and told by the figures of the API", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/reports");
    await settled(page);
    const { items } = await hotel.desk.get("/api/reports");
    assert.equal(await page.locator(".report-list a").count(), items.length);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("link", { name: "Revenue by posting day" }).click();
    await page.getByRole("heading", { level: 1, name: "Revenue by posting day" }).waitFor();
    await settled(page);
    const report = await hotel.desk.get(`/api/reports/revenue?${MONTH}`);
    assert.equal(await page.locator(".report-table tbody tr").count(), report.rows.length);
    const gross = report.columns.findIndex(({ key }) => key === "amount");
    const shown = await page.locator(".report-table tfoot td").nth(gross - 1).textContent();
    assert.equal(shown.replaceAll(",", ""), String(report.totals[gross]));
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("rows, comparison and figure are chosen, stand in the address, and Back goes to them", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto(`/reports/forecast?${MONTH}`);
    await settled(page);
    assert.equal(await page.locator(".column-slot").count(), 30);
    // What is not over is drawn as what it is.
    assert.equal(await page.locator(".column-slot.is-forecast").count(), 21);
    await page.getByLabel("Compared with").selectOption({ label: "Last year, same dates" });
    await page.getByRole("columnheader", { name: "Sold before" }).waitFor({ state: "attached" });
    await page.getByRole("button", { name: "ADR" }).click();
    await page.getByLabel("Rows").selectOption({ label: "By month" });
    await page.waitForFunction(() => document.querySelectorAll(".report-table tbody tr").length === 1);
    const address = new URL(page.url()).search;
    for (const part of ["by=month", "compare=last_year", "metric=adr", "from=2025-11-01"]) assert.ok(address.includes(part), address);
    assert.deepEqual(await axeFindings(page), []);
    await page.locator(".report-table tbody th a").click();
    await page.getByRole("heading", { level: 1, name: "Nights sold" }).waitFor();
    await page.goBack();
    await settled(page);
    assert.equal(await page.getByLabel("Rows").locator("option:checked").textContent(), "By month");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("behind a figure are its nights, and behind a night is its stay", async () => {
    await hotel.desk.addRooms("Report Double", "RPD", "E751-E752");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reports/segments?${MONTH}`);
    await settled(page);
    const row = page.locator(".report-table tbody tr").first();
    const source = await row.locator("th").textContent();
    const nights = Number((await row.locator("td").first().textContent()).replaceAll(",", ""));
    await row.getByRole("link").click();
    await page.getByText("Only what stands behind the figure you came from.").waitFor();
    await settled(page);
    assert.equal(await page.locator(".report-table tbody tr").count(), Math.min(nights, 500));
    const sources = await page.locator(".report-table tbody tr td:nth-child(8)").allTextContents();
    assert.ok(sources.every((one) => one === source), `${source}: ${[...new Set(sources)]}`);
    await page.locator(".report-table tbody th a").first().click();
    await page.locator("[data-key=edit-stay], h1").first().waitFor();
    assert.match(new URL(page.url()).pathname, /^\/reservations\/\d+$/);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a report goes to paper and to files as it stands on screen", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reports/payments?by=day&${MONTH}`);
    await settled(page);
    const rows = await page.locator(".report-table tbody tr").count();
    for (const [format, begins] of [["csv", "Date,"], ["xlsx", "PK"]]) {
      const waiting = page.waitForEvent("download");
      await page.getByRole("link", { name: format.toUpperCase(), exact: true }).click();
      const download = await waiting;
      assert.equal(download.suggestedFilename(), `payments-2025-11-01-2025-11-30.${format}`);
      const text = await readFile(await download.path(), "latin1");
      assert.ok(text.startsWith(begins), text.slice(0, 40));
      if (format === "csv") assert.equal(text.trim().split("\n").length, rows + 2);
    }
    await page.getByRole("link", { name: "Print" }).click();
    const paper = page.frameLocator("iframe");
    await paper.getByRole("heading", { name: "Payments" }).waitFor();
    assert.equal(await paper.locator("tbody tr").count(), rows + 1);
    await page.getByRole("link", { name: "Back" }).click();
    await settled(page);
    assert.equal(await page.getByLabel("Rows").locator("option:checked").textContent(), "By day");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an empty period says so, and so does a report that is not there", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reports/city-tax?from=${BUSINESS_DATE}&to=${addDays(BUSINESS_DATE, 1)}`);
    await page.getByText("Nothing in this period").waitFor();
    await page.goto("/reports/nothing");
    await page.getByText("There is no such report").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}
