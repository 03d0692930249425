import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";
import { Keyboard } from "../keyboard.mjs";

const NIGHTS = { check_in_date: BUSINESS_DATE, check_out_date: addDays(BUSINESS_DATE, 2) };

/** A stay with a dinner and a massage, opened on its page. */
async function openStay(hotel, name, code, room, fields = {}) {
  const { rooms } = await hotel.desk.addRooms(`${name} Room`, code, room);
  const stay = await hotel.desk.book(name, { room_id: rooms[0].id, ...NIGHTS, ...fields });
  for (const [description, unit_amount] of [["Dinner at the pool", 450000], ["Hot stones", 300001]])
    await hotel.desk.post(`/api/reservations/${stay.id}/charges`, { kind: "extra", description, unit_amount });
  const opened = await openPage(hotel.browser, hotel.url);
  await signIn(opened.page);
  await opened.page.goto(`/reservations/${stay.id}`);
  await settled(opened.page);
  return { stay, ...opened };
}

const folioOf = (hotel, { id }) => hotel.desk.get(`/api/reservations/${id}/folio`);

const balances = async (hotel, stay) => (await folioOf(hotel, stay)).folios.map(({ balance }) => balance);

/** Opens the menu of a line, or of the folio itself, and chooses. */
async function choose(page, of, words) {
  await page.getByRole("button", { name: new RegExp(of) }).click();
  await page.locator(".popover").getByRole("button", { name: words }).click();
}

export function folioFlows(hotel) {
  test("a folio is split: a line is dragged to another payer, taken back, moved by the menu, shared by parts", async () => {
    const { stay, page, complaints, close } = await openStay(hotel, "Shared Sonia", "SHF", "9881");
    await choose(page, "for Folio", "New folio");
    const opening = page.getByRole("dialog", { name: "New folio" });
    await opening.getByLabel("Name of the payer").fill("Aunt Augusta");
    await opening.locator("[type=submit]").click();
    await opening.waitFor({ state: "detached" });
    const aunt = page.getByRole("tab", { name: /Aunt Augusta/ });
    await aunt.waitFor();
    await page.getByRole("tab", { name: /Shared Sonia/ }).click();
    const dinner = page.locator(".folio tbody tr", { hasText: "Dinner at the pool" });
    const [from, to] = [await dinner.locator("td").nth(1).boundingBox(), await aunt.boundingBox()];
    await page.mouse.move(from.x + 20, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x + 20, to.y + 30);
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2);
    await page.mouse.up();
    await page.locator(".toast", { hasText: "moved to" }).waitFor();
    await page.locator(".folio .has-left", { hasText: "Aunt Augusta" }).waitFor();
    assert.deepEqual(await balances(hotel, stay), [300001, 450000]);
    await page.locator(".toast").getByRole("button", { name: "Undo" }).click();
    await page.locator(".folio .has-left").waitFor({ state: "detached" });
    assert.deepEqual(await balances(hotel, stay), [750001, 0]);
    await choose(page, "for Dinner", "Move to");
    const moving = page.getByRole("dialog", { name: /Dinner at the pool/ });
    await moving.getByLabel("Amount").fill("50000");
    await moving.locator("[type=submit]").click();
    await moving.waitFor({ state: "detached" });
    assert.deepEqual(await balances(hotel, stay), [700001, 50000]);
    await choose(page, "for Hot stones", "Split");
    const splitting = page.getByRole("dialog", { name: /Hot stones/ });
    await splitting.locator("[type=submit]").click();
    await splitting.waitFor({ state: "detached" });
    assert.deepEqual(await balances(hotel, stay), [550001, 200000]);
    await aunt.click();
    await page.locator(".folio tbody tr", { hasText: "Hot stones" }).getByText(/150[.,]000/).first().waitFor();
    await page.getByRole("button", { name: "Payment", exact: true }).click();
    const paying = page.getByRole("dialog", { name: /Payment/ });
    await paying.locator("[type=submit]").click();
    await paying.waitFor({ state: "detached" });
    assert.deepEqual(await balances(hotel, stay), [550001, 0]);
    await choose(page, "for 2 · Aunt", "Close folio");
    await page.locator(".folio-tab.is-closed").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("the company pays the room, the guest the extras, and the company's part goes to its account", async () => {
    const company = await hotel.desk.post("/api/companies", { name: "Rooms Only Ltd", has_account: true });
    const { stay, page, complaints, close } = await openStay(hotel, "Routed Rosa", "RTF", "9882");
    await choose(page, "for Folio", "New folio");
    const opening = page.getByRole("dialog", { name: "New folio" });
    await opening.getByLabel("Company").selectOption(String(company.id));
    await opening.locator("[type=submit]").click();
    await opening.waitFor({ state: "detached" });
    await page.getByRole("tab", { name: /Rooms Only/ }).waitFor();
    await choose(page, "for Folio", "Who pays what");
    const routing = page.getByRole("dialog", { name: /Who pays what/ });
    await routing.locator("[type=submit]").click();
    await routing.waitFor({ state: "detached" });
    const told = await folioOf(hotel, stay);
    assert.deepEqual(
      told.folios.map(({ to_come_amount }) => to_come_amount > 0),
      [false, true],
    );
    await page.getByRole("tab", { name: /Rooms Only/ }).click();
    await page.locator(".folio .is-to-come", { hasText: "Upcoming night" }).first().waitFor();
    // The page asks nothing about a guest who is leaving.
    await page.goto("/articles");
    await settled(page);
    await hotel.desk.post(`/api/reservations/${stay.id}/check-in`, { override_dirty: true, reason: "a test" });
    await hotel.desk.post(`/api/reservations/${stay.id}/check-out`, {
      accounts: [{ window: 2 }],
      settle: { payment_method: "cash" },
    });
    await page.goto(`/reservations/${stay.id}`);
    await page.getByRole("tab", { name: /Rooms Only/ }).click();
    await page.locator(".folio", { hasText: "To the account of Rooms Only Ltd" }).waitFor();
    assert.deepEqual(await balances(hotel, stay), [0, 0]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a folio is opened, and a line moved to it, by the keyboard alone", async () => {
    const { stay, page, close } = await openStay(hotel, "Keyed Kira", "KYF", "9883");
    const press = async (name) => {
      await page.getByRole("button", { name }).focus();
      await page.keyboard.press("Enter");
    };
    await press(/for Dinner/);
    await page.locator(".popover").getByRole("button", { name: "Move to" }).focus();
    await page.keyboard.press("Enter");
    const moving = page.getByRole("dialog", { name: /Dinner at the pool/ });
    await moving.getByLabel("To").waitFor();
    // The first choice is a new folio.
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await moving.waitFor({ state: "detached" });
    assert.deepEqual(await balances(hotel, stay), [300001, 450000]);
    await page.getByRole("tab").nth(1).focus();
    await page.keyboard.press("Enter");
    await page.locator(".folio tbody tr", { hasText: "Dinner at the pool" }).waitFor();
    await close();
  });

  test("by keyboard: the company pays the room, the guest the extras, and both are settled while the guest leaves", async () => {
    const company = await hotel.desk.post("/api/companies", { name: "Keyed Rooms Ltd", has_account: true });
    const { stay, page, complaints, close } = await openStay(hotel, "Routed Keiko", "RKF", "9885");
    const keys = new Keyboard(page);
    await keys.menu(/for Folio/, "New folio");
    await keys.dialog("New folio");
    await page.keyboard.type("Keyed Rooms");
    await keys.push("Open folio");
    await keys.dialogGone();
    await page.getByRole("tab", { name: /Keyed Rooms/ }).waitFor();
    await keys.menu(/for Folio/, "Who pays what");
    await keys.dialog(/Who pays what/);
    await keys.push("Save");
    await keys.dialogGone();
    const told = await folioOf(hotel, stay);
    assert.deepEqual(told.folios.map(({ to_come_amount }) => to_come_amount > 0), [false, true]);
    await hotel.desk.post(`/api/reservations/${stay.id}/check-in`, { override_dirty: true, reason: "a test" });
    await page.reload();
    await settled(page);
    await keys.push("Check out");
    await keys.dialog("Check out Routed Keiko");
    await keys.press("Enter");
    await keys.dialog("Paid");
    await keys.push("Close");
    await keys.dialogGone();
    await page.locator(".page-head .status-checked_out").waitFor();
    assert.deepEqual(await balances(hotel, stay), [0, 0]);
    const { balance } = await hotel.desk.get(`/api/companies/${company.id}`);
    assert.ok(balance > 0, `${balance} on the account`);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("what a company pays is said once, and its stays begin so", async () => {
    const company = await hotel.desk.post("/api/companies", { name: "Always Rooms Ltd" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/companies?q=Always");
    await settled(page);
    await choose(page, "for Always Rooms", "What it pays");
    const routing = page.getByRole("dialog", { name: /Always Rooms Ltd pays/ });
    await routing.getByLabel("Up to").fill("900000");
    await routing.locator("[type=submit]").click();
    await routing.waitFor({ state: "detached" });
    const { rooms } = await hotel.desk.addRooms("Always Room", "AWF", "9884");
    const stay = await hotel.desk.book("Sent Sana", { room_id: rooms[0].id, company_id: company.id, ...NIGHTS });
    const { folios } = await folioOf(hotel, stay);
    assert.deepEqual(
      folios.map(({ payer_name, to_come_amount }) => [payer_name, to_come_amount]).at(1),
      ["Always Rooms Ltd", 900000],
    );
    await page.goto(`/reservations/${stay.id}`);
    await page.getByRole("tab", { name: /Always Rooms/ }).click();
    await page.locator(".folio", { hasText: "Goes to other folios" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an account of the house is opened, sold to, paid and closed", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/payments");
    await settled(page);
    await page.getByRole("button", { name: "New account" }).click();
    const opening = page.getByRole("dialog", { name: "New account" });
    await opening.getByLabel("Name").fill("Chess club");
    await opening.locator("[type=submit]").click();
    await opening.waitFor({ state: "detached" });
    await choose(page, "for Chess club", "Charge");
    const selling = page.getByRole("dialog", { name: /Chess club/ });
    await selling.getByLabel("Description").fill("Tea for twelve");
    await selling.getByLabel("Unit price").fill("240000");
    await selling.locator("[type=submit]").click();
    await selling.waitFor({ state: "detached" });
    await choose(page, "for Chess club", "Payment");
    const paying = page.getByRole("dialog", { name: /Chess club/ });
    await paying.locator("[type=submit]").click();
    await paying.waitFor({ state: "detached" });
    await page.locator("button.link", { hasText: "Chess club" }).click();
    const shown = page.getByRole("dialog", { name: "Chess club" });
    await shown.getByText("Tea for twelve").waitFor();
    await page.keyboard.press("Escape");
    await choose(page, "for Chess club", "Close account");
    await page.locator("button.link", { hasText: "Chess club" }).waitFor({ state: "detached" });
    assert.deepEqual(complaints, []);
    await close();
  });
}
