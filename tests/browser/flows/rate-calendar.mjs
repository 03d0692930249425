// The year of prices: a season dragged over types and nights, by mouse, by keyboard and by finger, beside another desk.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { PHONE, axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { Keyboard } from "../keyboard.mjs";

const EVE = "2026-12-24";
const DAY = "2026-12-25";
const LAST = "2026-12-28";

export function rateCalendarFlows(hotel) {
  const added = async (name, code, count) => {
    const types = [];
    for (let n = 1; n <= count; n += 1) types.push((await hotel.desk.addRooms(`${name} ${n}`, `${code}${n}`, `${n}${code}`)).type);
    return types;
  };
  const rates = async (type, from, to, plan = 1) => {
    const { items } = await hotel.desk.get(`/api/rate-plans/${plan}/rates?room_type_id=${type.id}&from=${from}&to=${to}`);
    return items.map(({ rate }) => rate);
  };
  const set = (type, date, rate) =>
    hotel.desk.send("PUT", "/api/rate-plans/1/rates", { room_type_id: type.id, from: date, to: date, rate });
  const cellOf = (page) => (type, date) => page.locator(`[data-key="${type.id}-${date}"]`);
  const opened = async (from, options = {}) => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true, ...options });
    await signIn(page);
    await page.goto(`/prices?from=${from}`);
    await page.locator(".rate-cell").first().waitFor();
    await settled(page);
    return { page, complaints, close };
  };
  const chosen = (page, words) => page.locator(".selection-words").filter({ hasText: words });
  const drag = async (page, from, to) => {
    await from.scrollIntoViewIfNeeded();
    const [a, b] = [await from.boundingBox(), await to.boundingBox()];
    await page.mouse.move(a.x + 8, a.y + 8);
    await page.mouse.down();
    await page.mouse.move(b.x + 8, b.y + 8, { steps: 4 });
    await page.mouse.up();
  };

  test("a Christmas season is dragged over five types, seen before it is saved, and undone", async () => {
    const types = await added("Winter", "WIN", 5);
    const { page, complaints, close } = await opened("2026-12-22");
    const cell = cellOf(page);
    let actions = 0;
    const act = async (step) => ((actions += 1), await step);
    await act(drag(page, cell(types[0], EVE), cell(types[4], LAST)));
    await chosen(page, /^5 room types · 24\s?–\s?28 Dec 2026 · 25 prices/).waitFor();
    await act(page.keyboard.type("+25%"));
    await act(page.keyboard.press("Enter"));
    await cell(types[2], DAY).getByText("625,000").waitFor();
    assert.equal(await cell(types[2], DAY).locator("s").getAttribute("data-says"), "500,000");
    assert.match((await cell(types[2], DAY).getAttribute("aria-label")) ?? "", /^Winter 3, Fri.* 25 Dec.*: Rp\s500,000, will be Rp\s625,000, 0 of 1 rooms sold$/);
    assert.deepEqual(await rates(types[2], DAY, DAY), [500000], "nothing is saved yet");
    assert.deepEqual(await axeFindings(page), []);
    await act(page.keyboard.press("Enter"));
    await page.getByText("25 prices changed.").waitFor();
    assert.ok(actions <= 6, `${actions} actions`);
    for (const type of types) assert.deepEqual(await rates(type, "2026-12-23", "2026-12-29"), [500000, ...Array(5).fill(625000), 500000]);
    await page.locator(`.is-own[data-key="${types[4].id}-${LAST}"]`, { hasText: "625,000" }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.locator(`:not(.is-own)[data-key="${types[4].id}-${LAST}"]`, { hasText: "500,000" }).waitFor();
    assert.deepEqual(await rates(types[0], EVE, LAST), Array(5).fill(500000));
    assert.deepEqual(complaints, []);
    await close();
  });

  test("of what is chosen only some days of the week are kept, and an Escape changes nothing", async () => {
    const [type] = await added("Weekend", "WKD", 1);
    const { page, complaints, close } = await opened("2026-12-07");
    const cell = cellOf(page);
    await drag(page, cell(type, "2026-12-07"), cell(type, "2026-12-16"));
    await page.getByRole("button", { name: "Fri", exact: true }).click();
    await page.getByRole("button", { name: "Sat", exact: true }).click();
    await chosen(page, /^Weekend 1 · 7\s?–\s?16 Dec 2026 · 2 prices/).waitFor();
    await page.getByLabel("Price, +10% or -50").fill("750000");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Save", exact: true }).waitFor();
    assert.equal(await page.locator(".rate-cell.is-changed").count(), 2);
    await page.keyboard.press("Escape");
    await page.getByRole("form", { name: "Selected nights" }).waitFor({ state: "hidden" });
    assert.equal(await page.locator(".rate-cell:is(.is-changed, .is-chosen)").count(), 0);
    assert.deepEqual(await rates(type, "2026-12-11", "2026-12-12"), [500000, 500000]);
    // What nobody can read is said, and keeps what was typed.
    await cell(type, "2026-12-11").click();
    await page.keyboard.type("7x");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: /\S/ }).waitFor();
    assert.equal(await page.getByLabel("Price, +10% or -50").inputValue(), "7x");
    await page.keyboard.press("Escape");
    assert.deepEqual(complaints.filter((line) => !/422/.test(line)), []);
    await close();
  });

  test("by keyboard alone a price is typed over several nights and types, and taken away again", async () => {
    const [one, other] = await added("Keyed", "KEY", 2);
    const { page, complaints, close } = await opened(EVE);
    const keys = new Keyboard(page);
    await keys.to("Prices by night");
    // Down to the type, wherever the other flows' types have put it.
    const here = () => page.evaluate(() => document.getElementById(document.activeElement?.getAttribute("aria-activedescendant") ?? "")?.getAttribute("data-key"));
    for (let n = 0; n < 60 && (await here()) !== `${one.id}-${EVE}`; n += 1) await keys.press("ArrowDown");
    assert.equal(await here(), `${one.id}-${EVE}`);
    await keys.press("Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown");
    await chosen(page, /^2 room types · 24\s?–\s?26 Dec 2026 · 6 prices/).waitFor();
    await page.keyboard.type("910000");
    assert.equal(await keys.here(), "Price, +10% or -50");
    await keys.press("Enter");
    await page.getByRole("button", { name: "Save", exact: true }).waitFor();
    await keys.press("Enter");
    await page.getByText("6 prices changed.").waitFor();
    await settled(page);
    assert.equal(await keys.here(), "Prices by night");
    assert.deepEqual(await rates(other, EVE, "2026-12-26"), [910000, 910000, 910000]);
    await keys.press("Shift+ArrowLeft", "Delete");
    await page.getByRole("status").filter({ hasText: "2 nights: Rp 910,000 → Rp 500,000" }).waitFor();
    await keys.press("Enter");
    await page.getByText("2 prices changed.").waitFor();
    assert.deepEqual(await rates(other, EVE, "2026-12-26"), [910000, 500000, 500000]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("with a finger: a tap and another choose all between, and a finger that rests drags", async () => {
    const [one, other] = await added("Thumb", "THU", 2);
    const { page, complaints, close } = await opened(EVE, { size: PHONE, touch: true });
    const cell = cellOf(page);
    await cell(one, EVE).tap();
    await page.getByText("Tap another night to select up to it").waitFor();
    await cell(other, DAY).tap();
    await chosen(page, /^2 room types · 24\s?–\s?25 Dec 2026 · 4 prices/).waitFor();
    await page.getByLabel("Price, +10% or -50").fill("-10%");
    await page.getByRole("button", { name: "Preview" }).tap();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Save", exact: true }).tap();
    await page.getByText("4 prices changed.").waitFor();
    assert.deepEqual(await rates(other, EVE, "2026-12-26"), [450000, 450000, 500000]);

    await page.locator(`.is-own[data-key="${other.id}-${DAY}"]`).waitFor();
    await settled(page);
    for (const corner of [cell(one, EVE), cell(other, DAY)]) await corner.scrollIntoViewIfNeeded();
    const [from, to] = [await cell(one, EVE).boundingBox(), await cell(other, DAY).boundingBox()];
    const client = await page.context().newCDPSession(page);
    const touch = (type, box) =>
      client.send("Input.dispatchTouchEvent", { type, touchPoints: box ? [{ x: box.x + 20, y: box.y + 12 }] : [] });
    await touch("touchStart", from);
    await page.locator("rate-calendar.is-dragging").waitFor();
    await touch("touchMove", to);
    await page.locator(".rate-cell.is-chosen").nth(3).waitFor();
    await touch("touchEnd", null);
    await chosen(page, /^2 room types · 24\s?–\s?25 Dec 2026 · 4 prices/).waitFor();
    assert.equal(await page.locator(".rate-cell.is-chosen").count(), 4, "the finger that is lifted is no tap");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("what another desk changes meanwhile is shown, told anew before it is saved, and never lost unasked", async () => {
    const [type] = await added("Shared", "SHA", 1);
    const { page, complaints, close } = await opened(EVE);
    const cell = cellOf(page);
    await drag(page, cell(type, EVE), cell(type, DAY));
    await page.keyboard.type("+10%");
    await page.keyboard.press("Enter");
    await cell(type, DAY).getByText("550,000").waitFor();
    await set(type, DAY, 800000);
    await page.getByText("Prices have changed meanwhile.").waitFor();
    await cell(type, DAY).getByText("880,000").waitFor();

    // Faster than the news of it: the server refuses, and what stands now is told first.
    const once = { times: 1 };
    const beaten = async (route) => {
      await set(type, EVE, 700000);
      await route.continue();
    };
    await page.route("**/rate-changes", beaten, once);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "Somebody has changed these prices since" }).waitFor();
    await cell(type, EVE).getByText("770,000").waitFor();
    assert.deepEqual(await rates(type, EVE, DAY), [700000, 800000], "theirs stands");
    await settled(page);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("2 prices changed.").waitFor();
    assert.deepEqual(await rates(type, EVE, DAY), [770000, 880000]);
    // What somebody has changed since is not undone.
    await set(type, EVE, 999000);
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("1 price had been changed since and stays.").waitFor();
    assert.deepEqual(await rates(type, EVE, DAY), [999000, 800000]);
    assert.deepEqual(complaints.filter((line) => !/409/.test(line)), []);
    await close();
  });

  test("a type unfolds all its plans, whose prices are set at once, and last year's are copied", async () => {
    const [type] = await added("Unfolded", "UNF", 1);
    const offset = { parent_id: 1, offset_kind: "percent", offset_percent: -20 };
    const plan = await hotel.desk.post("/api/rate-plans", { code: "UNF", name: "Unfolded saver", ...offset });
    // The Friday of 52 weeks before.
    await set(type, "2025-12-26", 640000);
    const { page, complaints, close } = await opened(EVE);
    await page.getByRole("button", { name: "All rate plans: Unfolded 1" }).click();
    const further = page.locator(`[data-key="${type.id}-${plan.id}-${DAY}"]`);
    await further.getByText("400,000").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await further.click();
    await chosen(page, /^Unfolded 1, Unfolded saver · Fri/).waitFor();
    await page.keyboard.type("333000");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByText("1 price changed.").waitFor();
    assert.deepEqual(await rates(type, DAY, DAY, plan.id), [333000]);
    assert.deepEqual(await rates(type, DAY, DAY), [500000]);
    await cellOf(page)(type, DAY).click();
    await page.getByLabel("How").selectOption("last_year_by_weekday");
    await cellOf(page)(type, DAY).getByText("640,000").waitFor();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.locator(`.is-own[data-key="${type.id}-${DAY}"]`, { hasText: "640,000" }).waitFor();
    await hotel.desk.send("PATCH", `/api/rate-plans/${plan.id}`, { is_active: false });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a year is scrolled through with no more cells than what is in sight needs", async () => {
    const { page, complaints, close } = await opened("2026-01-01");
    const rows = await page.locator(".rates-prices").count();
    for (let month = 0; month < 11; month += 1) await page.getByRole("button", { name: "Next month" }).click();
    await page.getByText("December 2026").first().waitFor();
    await page.locator(`[data-key$="-${EVE}"]`).first().waitFor();
    const cells = await page.locator(".rate-cell").count();
    assert.ok(cells <= rows * 80, `${cells} cells in ${rows} rows`);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("prices go to a file and come in again as a spreadsheet leaves it, told before, and undone; what is pasted too", async () => {
    const [type] = await added("Filed", "FIL", 1);
    const { page, complaints, close } = await opened(EVE);
    const menu = page.getByRole("button", { name: "Actions for Prices" });
    await menu.click();
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export CSV" }).click();
    const file = await readFile(await (await coming).path(), "utf8");
    assert.match(file, /^date,room_type,rate_plan,price,/);
    assert.ok(file.includes(`${DAY},${type.code},BAR,500000,`), "the nights in sight are in it");

    const take = async (text) => {
      await menu.click();
      await page.getByRole("button", { name: "Import CSV" }).click();
      const dialog = page.getByRole("dialog", { name: "Import prices" });
      await dialog.getByLabel("CSV file").setInputFiles({ name: "prices.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
      return dialog;
    };
    const bad = await take(`date;room_type;rate_plan;price\n25.12.2026;${type.code};BAR;cheap\n31.02.2026;${type.code};BAR;1\n`);
    await bad.getByText("Line 2, price: must be a price, the number alone").waitFor();
    await bad.getByText("Line 3, date: must be a date").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await bad.getByRole("button", { name: "Back" }).click();
    await bad.waitFor({ state: "detached" });

    const good = await take(`date;room_type;rate_plan;price;min_stay_through\r\n25.12.2026;${type.code};BAR;1.250.000;2\r\n`);
    await good.getByText("1 price changes, 1 restriction changes").waitFor();
    assert.deepEqual(await rates(type, DAY, DAY), [500000], "nothing is taken yet");
    await good.getByRole("button", { name: "Save" }).click();
    await good.waitFor({ state: "detached" });
    await cellOf(page)(type, DAY).getByText("1,250,000").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.locator(`:not(.is-own)[data-key="${type.id}-${DAY}"]:not(:has(.restriction))`, { hasText: "500,000" }).waitFor();
    assert.deepEqual(await rates(type, DAY, DAY), [500000]);

    await cellOf(page)(type, EVE).click();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", "610000\t620000\n");
      document.activeElement?.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    });
    const pasted = page.getByRole("dialog", { name: "Paste prices" });
    await pasted.getByText("2 prices change").waitFor();
    await pasted.getByRole("button", { name: "Save" }).click();
    await pasted.waitFor({ state: "detached" });
    assert.deepEqual(await rates(type, EVE, "2026-12-26"), [610000, 620000, 500000]);
    assert.deepEqual(complaints.filter((line) => !/422/.test(line)), []);
    await close();
  });
}
