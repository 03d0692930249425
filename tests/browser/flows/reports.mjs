import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";
import { Keyboard } from "../keyboard.mjs";

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
    await page.getByText("Only what is behind the figure you came from.").waitFor();
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
    await page.getByText("Report not found").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard alone a report is chosen, compared, looked behind, kept as a view and taken along", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/reports");
    await settled(page);
    const keys = new Keyboard(page);
    await keys.push("Segments");
    await page.getByRole("heading", { level: 1, name: "Segments" }).waitFor();
    await settled(page);
    await keys.pick("Period", "Last m");
    await keys.pick("Compared with", "Last year, same w");
    await page.getByRole("columnheader", { name: "Nights before" }).waitFor({ state: "attached" });
    const asked = () => new URL(page.url()).searchParams;
    assert.deepEqual([asked().get("from"), asked().get("compare")], ["2025-10-01", "last_year_by_weekday"]);
    await keys.to("To date only");
    await keys.press("Space");
    await page.waitForFunction(() => location.search.includes("to_date=true"));
    await keys.push("Save view", { back: true });
    await page.getByRole("dialog").waitFor();
    await keys.type("Segments of last month");
    await keys.press("Enter");
    await page.getByText("View Segments of last month saved.").waitFor();
    const download = page.waitForEvent("download");
    await keys.push("XLSX", { back: true });
    assert.equal((await download).suggestedFilename(), "segments-2025-10-01-2025-10-31.xlsx");
    const source = await page.locator(".report-table tbody th a").first().textContent();
    await keys.push(source);
    await page.getByText("Only what is behind the figure you came from.").waitFor();
    await page.goto("/reports");
    await settled(page);
    await keys.push("Segments of last month");
    await page.getByRole("heading", { level: 1, name: "Segments" }).waitFor();
    await settled(page);
    assert.equal(await page.getByLabel("Period").locator("option:checked").textContent(), "Last month");
    assert.equal(await page.getByLabel("Compared with").locator("option:checked").textContent(), "Last year, same weekdays");
    assert.ok(await page.getByLabel("To date only").isChecked());
    await page.goto("/reports");
    await settled(page);
    await keys.push("Delete Segments of last month");
    await page.getByRole("heading", { name: "Saved views" }).waitFor({ state: "detached" });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a bookkeeper's own account codes stand in the journal, whose sides come to the same", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/settings");
    await page.getByRole("link", { name: "Account codes" }).click();
    await page.getByLabel("Rooms", { exact: true }).fill("8400");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Account codes saved.").waitFor();
    await settled(page);
    assert.equal(await page.getByLabel("Rooms", { exact: true }).inputValue(), "8400");
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("link", { name: "Journal" }).click();
    await page.getByRole("heading", { level: 1, name: "Accountant’s journal" }).waitFor();
    await settled(page);
    assert.equal(await page.getByLabel("Period").locator("option:checked").textContent(), "Last month");
    await page.locator(".report-table tbody tr", { hasText: "8400" }).waitFor();
    const [, , debit, credit] = await page.locator(".report-table tfoot td").allTextContents();
    assert.ok(debit !== "0" && debit === credit, `${debit} and ${credit}`);
    await hotel.desk.send("PATCH", "/api/account-codes", { codes: [{ kind: "article", key: "room", code: null }] });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an owner begins with how the house does, a receptionist with the desk, and each figure leads to its report", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await settled(page);
    const figures = await hotel.desk.get("/api/dashboard/figures");
    const card = page.getByRole("region", { name: "Performance" });
    await card.waitFor();
    const above = await page.evaluate(() => {
      const [figures, status] = [".house-figures", ".tiles"].map((one) => document.querySelector(one)?.getBoundingClientRect().top ?? 0);
      return figures < status;
    });
    assert.ok(above, "the owner's figures stand first");
    assert.deepEqual(await axeFindings(page), []);
    await card.getByRole("link").nth(1).click();
    await page.getByRole("heading", { level: 1, name: "Manager’s flash" }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get("to"), figures.date);
    assert.deepEqual(complaints, []);
    await close();
    const desk = await openPage(hotel.browser, hotel.url);
    await signIn(desk.page, "reception", "demo1234");
    await settled(desk.page);
    assert.equal(await desk.page.locator(".house-figures").count(), 0);
    assert.deepEqual(desk.complaints, []);
    await desk.close();
  });
}
