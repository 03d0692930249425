import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, sheet, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";

/** A guest in the house whose dinner a company pays; the stay. */
async function dine(hotel, room, company, name, amount) {
  const stay = await hotel.desk.book(name, { room_id: room.id, company_id: company.id, check_in_date: BUSINESS_DATE, check_out_date: addDays(BUSINESS_DATE, 1) });
  await hotel.desk.post(`/api/reservations/${stay.id}/check-in`, { override_dirty: true, reason: "in a hurry" });
  await hotel.desk.post(`/api/reservations/${stay.id}/charges`, { kind: "extra", description: "Dinner", unit_amount: amount });
  const { folios } = await hotel.desk.get(`/api/reservations/${stay.id}/folio`);
  await hotel.desk.post(`/api/folios/${folios[0].id}/settle`, { company_id: company.id, amount });
  return stay;
}

export function ledgerFlows(hotel) {
  let company;
  let rooms;

  test("terms are agreed with a company, its bills stand on its account, and its money is matched with them", async () => {
    ({ rooms } = await hotel.desk.addRooms("Ledger Double", "CLD", "F761-F764"));
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/companies");
    await settled(page);
    await page.getByRole("button", { name: "Add company" }).click();
    const dialog = page.getByRole("dialog", { name: "Add company" });
    await dialog.getByLabel("Name", { exact: true }).fill("Harbour Shipping");
    await dialog.getByText("Account and commission").click();
    await dialog.getByLabel("Can pay later, on account").check();
    await dialog.getByLabel("Days until payment is due").fill("0");
    await dialog.getByLabel("Credit limit").fill("5,000,000");
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    ({ items: [company] } = await hotel.desk.get("/api/companies?q=Harbour"));
    assert.deepEqual([company.has_account, company.terms_days, company.credit_limit], [true, 0, 5000000]);
    await dine(hotel, rooms[0], company, "Ledger Lena", 750000);
    await dine(hotel, rooms[1], company, "Ledger Leo", 1500000);

    await page.getByRole("link", { name: "Harbour Shipping" }).click();
    await page.getByRole("heading", { level: 1, name: "Harbour Shipping" }).waitFor();
    await page.locator(".figures").getByText("Rp 2,250,000").first().waitFor();
    await page.locator(".figures").getByText("Rp 2,750,000 available").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Take payment" }).click();
    const payment = page.getByRole("dialog", { name: "Payment from Harbour Shipping" });
    assert.equal(await payment.getByLabel("Amount").inputValue(), "2,250,000");
    await payment.getByLabel("Amount").fill("1,000,000");
    await payment.getByLabel("Bank transfer").check();
    await payment.getByLabel("Reference (optional)").fill("TX 4711");
    await payment.getByRole("button", { name: "Take payment" }).click();
    await payment.waitFor({ state: "detached" });
    await page.locator("tr", { hasText: "Ledger Lena" }).waitFor({ state: "detached" });
    await page.locator("tr", { hasText: "Ledger Leo" }).getByText("Rp 1,250,000").waitFor();

    // Another match instead: undone where the payment stands, then by hand.
    await page.getByRole("button", { name: "All", exact: true }).click();
    await page.getByRole("button", { name: /^Payment · Bank transfer · TX 4711/ }).click();
    const item = page.getByRole("dialog", { name: /TX 4711/ });
    assert.deepEqual(await axeFindings(page), []);
    await item.getByRole("button", { name: "Undo this match" }).first().click();
    await item.waitFor({ state: "detached" });
    await page.locator("tr", { hasText: "TX 4711" }).getByText("-Rp 750,000").waitFor();
    await page.getByRole("button", { name: /^Payment · Bank transfer · TX 4711/ }).click();
    await page.getByRole("button", { name: "Match", exact: true }).click();
    const matching = page.getByRole("dialog", { name: "Match Rp 750,000" });
    const rows = matching.locator(".match-row input");
    await rows.nth(0).fill("500,000");
    await rows.nth(1).fill("");
    assert.deepEqual(await axeFindings(page), []);
    await matching.getByRole("button", { name: "Match" }).click();
    await matching.waitFor({ state: "detached" });
    await page.locator("tr", { hasText: "Ledger Lena" }).getByText("Rp 250,000").waitFor();
    await page.locator("tr", { hasText: "TX 4711" }).getByText("-Rp 250,000").waitFor();
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("button", { name: /Match payments/ }).click();
    await page.locator(".figures").getByText("Rp 1,250,000").first().waitFor();

    await page.getByRole("button", { name: "Statement" }).click();
    await page.getByRole("button", { name: "Show statement" }).click();
    await sheet(page).getByRole("heading", { name: "Statement of account" }).waitFor();
    await sheet(page).getByText("Closing balance").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("who pays late is reminded, once a day, and a letter is taken back", async () => {
    for (let day = 0; day < 8; day++) await hotel.desk.closeDay(addDays(BUSINESS_DATE, day));
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/accounts");
    await settled(page);
    assert.deepEqual(await axeFindings(page), []);
    await page.locator("tr", { hasText: "Harbour Shipping" }).getByText("Rp 1,250,000").first().waitFor();
    await page.getByRole("link", { name: "Reminders" }).click();
    const due = page.locator("tr", { hasText: "Harbour Shipping" });
    await due.getByText("Payment reminder").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Write reminders" }).click();
    const letter = page.locator("li", { hasText: "Harbour Shipping · Payment reminder" });
    await letter.waitFor();
    await page.getByText("Nobody is due for a reminder").waitFor();
    await letter.getByRole("button", { name: "Undo" }).click();
    await due.getByText("Payment reminder").waitFor();
    await page.getByRole("button", { name: "Write reminders" }).click();
    await page.getByText("Nobody is due for a reminder").waitFor();
    await page.locator("li", { hasText: "Harbour Shipping" }).getByRole("button", { name: "Print" }).click();
    await sheet(page).getByText("You may have overlooked").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an agent's commission is reckoned when the guest has left, and marked as paid", async () => {
    const agent = await hotel.desk.post("/api/companies", { name: "Wanderlust Tours", kind: "agent", commission_percent: 10 });
    const today = (await hotel.desk.get("/api/settings")).business_date;
    const stay = await hotel.desk.book("Agent Agnes", { room_id: rooms[3].id, company_id: agent.id, check_in_date: today, check_out_date: addDays(today, 1) });
    await hotel.desk.post(`/api/reservations/${stay.id}/check-in`, { override_dirty: true, reason: "in a hurry" });
    await hotel.desk.post(`/api/reservations/${stay.id}/check-out`, { settle: { payment_method: "cash" } });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/commissions");
    await settled(page);
    const row = page.locator("tr", { hasText: "Wanderlust Tours" });
    await row.getByText("Rp 50,000").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await row.getByRole("checkbox").check();
    await page.getByRole("button", { name: "Mark as paid" }).click();
    const dialog = page.getByRole("dialog", { name: "Mark the commission for 1 stay as paid" });
    await dialog.getByLabel("Reference (optional)").fill("INV 7");
    await dialog.getByRole("button", { name: "Mark as paid" }).click();
    await dialog.waitFor({ state: "detached" });
    await row.getByRole("button", { name: "Mark as unpaid" }).click();
    await row.getByRole("checkbox").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}
