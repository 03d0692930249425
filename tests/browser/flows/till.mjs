import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, sheet, signIn } from "../browser.mjs";
import { addDays, BUSINESS_DATE } from "../innkeeper.mjs";
import { sitDown } from "./keyboard.mjs";

const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();

/** The drawer is counted, so that the next flow finds it free. */
async function closeAll(desk) {
  const { shifts } = await desk.get("/api/shifts/current");
  for (const { id, expected } of shifts)
    await desk.post(`/api/shifts/${id}/close`, { counts: expected.map(({ currency, amount }) => ({ currency, amount })) });
}

export function tillFlows(hotel) {
  test("a shift is closed with a difference, which the owner finds on the list", async () => {
    const { type } = await hotel.desk.addRooms("Till Double", "TIL", "9801-9802");
    const stay = await hotel.desk.book("Tilda Tiller", { room_type_id: type.id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/payments");
    await page.getByText("No shift is open").waitFor();
    await page.getByRole("button", { name: "Open shift" }).click();
    const open = page.getByRole("dialog", { name: "Open shift" });
    await open.getByLabel("Float").fill("500000");
    assert.deepEqual(await axeFindings(page), []);
    await open.getByRole("button", { name: "Open shift" }).click();
    await open.waitFor({ state: "detached" });
    await page.getByRole("heading", { level: 3, name: "Front desk" }).waitFor();
    await hotel.desk.post("/api/payments", { reservation_id: stay.id, amount: 200000, payment_method: "cash" });
    await page.locator(".till-shift .is-total", { hasText: "Rp 700,000" }).waitFor();

    await page.getByRole("button", { name: "Cash in or out" }).click();
    const move = page.getByRole("dialog", { name: "Cash in or out: Front desk" });
    await move.getByLabel("Amount").fill("50000");
    await move.getByRole("button", { name: "Save" }).click();
    await move.getByText(/Say what the money was paid out for/).waitFor();
    await move.getByLabel("What for").fill("Flowers for the lobby");
    await move.getByRole("button", { name: "Save" }).click();
    await move.waitFor({ state: "detached" });
    await page.locator(".till-lines", { hasText: "Flowers for the lobby" }).waitFor();
    assert.deepEqual(await axeFindings(page), []);

    await page.getByRole("button", { name: "Close shift" }).click();
    const count = page.getByRole("dialog", { name: "Close shift: Front desk" });
    await count.getByText("Count by notes and coins").click();
    await count.getByLabel("Rp 100,000").fill("6");
    await count.getByLabel("Rp 20,000").fill("2");
    assert.equal(await count.getByLabel("Counted", { exact: true }).inputValue(), "640,000");
    assert.deepEqual(await axeFindings(page), []);
    await count.getByRole("button", { name: "Close shift" }).click();
    const told = page.getByRole("dialog", { name: "Shift closed: Front desk" });
    await told.locator(".is-total", { hasText: /Short.*Rp.10,000/ }).waitFor();
    await told.locator("footer").getByRole("button", { name: "Close" }).click();

    await page.goto("/exceptions");
    await page.locator("tr", { hasText: "Cash missing at closing" }).getByText("10,000").waitFor();
    await page.locator("tr", { hasText: "Paid out of the drawer" }).getByText("Flowers for the lobby").waitFor();
    await page.locator("tr", { hasText: "Cash missing at closing" }).getByRole("link").click();
    await heading(page, "Cash drawer shifts");
    await settled(page);
    await page.getByRole("button", { name: "Front desk" }).first().click();
    await page.getByRole("dialog", { name: /^Front desk · admin/ }).getByText("Short").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(complaints.filter((line) => !/409/.test(line)), []);
    await close();
  });

  test("by keyboard: a shift is opened, cash goes to the bank, and it is handed over", async () => {
    await closeAll(hotel.desk);
    const body = { username: "tilly", full_name: "Tilly Next", role: "receptionist", password: "a long enough one" };
    await hotel.desk.post("/api/users", body);
    const { page, keys, complaints, close } = await sitDown(hotel);
    await page.goto("/payments");
    await heading(page, "Payments");
    await page.getByRole("button", { name: "Open shift" }).waitFor();
    await keys.push("Open shift");
    await keys.dialog("Open shift");
    await keys.type("300000");
    await keys.press("Enter");
    await keys.dialogGone();
    await keys.push("Cash in or out");
    await keys.dialog("Cash in or out: Front desk");
    await keys.type("100000");
    await keys.pick("Type", "Bank");
    await keys.push("Save");
    await keys.dialogGone();
    await page.locator(".till-lines", { hasText: "Bank drop" }).waitFor();
    await keys.push("Close shift");
    await keys.dialog("Close shift: Front desk");
    await keys.type("200000");
    await keys.pick("Hand over to (optional)", "Tilly");
    await keys.push("Close shift");
    await keys.dialogGone();
    await page.getByText(/tilly, since/).waitFor();
    const { shifts } = await hotel.desk.get("/api/shifts/current");
    assert.deepEqual([shifts.length, shifts[0].username, shifts[0].float_amount], [1, "tilly", 200000]);
    await closeAll(hotel.desk);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("cash is taken with change and a tip, rounded to the coin, and the receipt says so", async () => {
    await hotel.desk.send("PATCH", "/api/settings", { smallest_coin: 100 });
    const { type } = await hotel.desk.addRooms("Coin Double", "COI", "9811-9812");
    const stay = await hotel.desk.book("Corin Coins", { room_type_id: type.id, check_out_date: addDays(BUSINESS_DATE, 1) });
    await hotel.desk.post(`/api/reservations/${stay.id}/charges`, { kind: "extra", description: "Stamp", unit_amount: 30 });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.locator("[data-key=payment]").click();
    const dialog = page.getByRole("dialog", { name: /Payment from Corin/ });
    await dialog.getByText(/Cash, rounded: Rp.500,000/).waitFor();
    await dialog.getByLabel("Given (optional)").fill("600000");
    await dialog.getByText(/Change: Rp.100,000/).waitFor();
    await dialog.getByText("Tip or other currency").click();
    await dialog.getByLabel("Tip (optional)").fill("20000");
    await dialog.getByText(/Change: Rp.80,000/).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("radio", { name: "Card", exact: true }).check();
    assert.equal(await dialog.getByLabel("Given (optional)").isVisible(), false);
    await dialog.getByRole("radio", { name: "Cash", exact: true }).check();
    await dialog.getByRole("button", { name: "Take payment" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText(/Change: Rp.80,000/).waitFor();
    const folio = await hotel.desk.get(`/api/reservations/${stay.id}/folio`);
    const along = folio.lines.map(({ kind, amount }) => `${kind} ${amount}`);
    assert.deepEqual([folio.balance, ...along.slice(1)], [0, "rounding -30", "tip 20000"]);
    await page.goto(`/reservations/${stay.id}/print/receipt`);
    await sheet(page).getByText(/given IDR.600,000, change IDR.80,000/).waitFor();
    await sheet(page).getByText("Cash rounding").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: dollars are taken at a typed rate, and the change comes back in rupiah", async () => {
    const { type } = await hotel.desk.addRooms("Note Double", "NOT", "9821-9822");
    const stay = await hotel.desk.book("Nora Notes", { room_type_id: type.id, check_out_date: addDays(BUSINESS_DATE, 1) });
    const { page, keys, complaints, close } = await sitDown(hotel);
    await keys.go("Nora Notes", "Nora Notes");
    await keys.push("Take payment");
    await keys.dialog(/Payment from Nora/);
    await keys.push("Tip or other currency");
    await keys.fill("Currency", "usd");
    await keys.fill("Notes given", "40");
    await keys.fill("Exchange rate", "15000");
    await page.getByText(/Change: Rp.100,000/).waitFor();
    await keys.press("Enter");
    await keys.dialogGone();
    const folio = await hotel.desk.get(`/api/reservations/${stay.id}/folio`);
    const [tender] = folio.tenders;
    assert.deepEqual([folio.balance, tender.currency, tender.foreign_amount, tender.given_amount], [0, "USD", 40, 600000]);
    await hotel.desk.send("PATCH", "/api/settings", { smallest_coin: 0 });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a voucher is sold by itself, and pays a bill by its code", async () => {
    const { type } = await hotel.desk.addRooms("Voucher Double", "VOU", "9831-9832");
    const stay = await hotel.desk.book("Vera Voucher", { room_type_id: type.id, check_out_date: addDays(BUSINESS_DATE, 1) });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/payments");
    await settled(page);
    await page.getByRole("link", { name: "Vouchers" }).click();
    await heading(page, "Vouchers");
    await settled(page);
    await page.getByRole("button", { name: "Sell voucher" }).click();
    const sell = page.getByRole("dialog", { name: "Sell voucher" });
    await sell.getByLabel("Amount").fill("800000");
    await sell.getByLabel("Recipient (optional)").fill("Aunt Vera");
    assert.deepEqual(await axeFindings(page), []);
    await sell.getByRole("radio", { name: "Card", exact: true }).check();
    await sell.getByRole("button", { name: "Sell voucher" }).click();
    const sold = page.getByRole("dialog", { name: /^Voucher / });
    const code = await sold.locator(".voucher-code").textContent();
    assert.match(code, /^[2-9A-Z]{7}$/);
    await sold.locator("footer").getByRole("button", { name: "Close" }).click();
    await page.locator("tr", { hasText: "Aunt Vera" }).getByText("Rp 800,000").first().waitFor();
    assert.deepEqual(await axeFindings(page), []);

    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.locator("[data-key=payment]").click();
    const dialog = page.getByRole("dialog", { name: /Payment from Vera/ });
    await dialog.getByRole("radio", { name: "Voucher", exact: true }).check();
    await dialog.getByLabel("Voucher code").fill("nonsense");
    await dialog.getByRole("button", { name: "Take payment" }).click();
    await dialog.getByText(/Is not a voucher of this hotel/i).waitFor();
    await dialog.getByLabel("Voucher code").fill(code.toLowerCase());
    await dialog.getByRole("button", { name: "Take payment" }).click();
    await dialog.waitFor({ state: "detached" });
    const { items } = await hotel.desk.get(`/api/vouchers?code=${code}`);
    assert.equal(items[0].balance, 300000);
    await page.goto(`/reservations/${stay.id}/print/receipt`);
    await sheet(page).getByText(new RegExp(`${code}.*300,000`)).waitFor();
    assert.deepEqual(complaints.filter((line) => !/422/.test(line)), []);
    await close();
  });

  test("a voucher goes on the bill of a stay", async () => {
    const { type, rooms } = await hotel.desk.addRooms("Gift Double", "GIF", "9841-9842");
    const stay = await hotel.desk.book("Gita Gift", { room_type_id: type.id });
    await hotel.desk.post(`/api/reservations/${stay.id}/check-in`, { room_id: rooms[0].id, override_dirty: true });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.locator("[data-key=charge]").click();
    const dialog = page.getByRole("dialog", { name: "Charge Gita Gift" });
    await dialog.getByLabel("Description").fill("For Gita's sister");
    await dialog.getByLabel("Type").selectOption({ label: "Voucher" });
    await dialog.getByLabel("Unit price").fill("300000");
    await dialog.getByRole("button", { name: "Add charge" }).click();
    await dialog.waitFor({ state: "detached" });
    const { items } = await hotel.desk.get("/api/vouchers");
    assert.deepEqual([items[0].holder, items[0].balance], ["For Gita's sister", 300000]);
    const { lines } = await hotel.desk.get(`/api/reservations/${stay.id}/folio`);
    assert.deepEqual(
      lines.map(({ kind, note, tax_amount }) => [kind, note, tax_amount]),
      [["voucher", items[0].code, 0]],
    );
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: a voucher is sold and looked up", async () => {
    const { page, keys, complaints, close } = await sitDown(hotel);
    await page.goto("/vouchers");
    await heading(page, "Vouchers");
    await settled(page);
    await keys.push("Sell voucher");
    await keys.dialog("Sell voucher");
    await keys.type("250000");
    await keys.press("Enter");
    await keys.dialog(/^Voucher /);
    const code = await page.locator(".voucher-code").textContent();
    await keys.press("Escape");
    await keys.dialogGone();
    await keys.fill("Code", code);
    await page.locator("tr", { hasText: code }).waitFor();
    await keys.push(code);
    await keys.dialog(`Voucher ${code}`);
    await keys.press("Escape");
    await keys.dialogGone();
    assert.deepEqual(complaints, []);
    await close();
  });
}
