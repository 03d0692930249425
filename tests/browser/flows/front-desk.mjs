import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, signIn } from "../browser.mjs";

export function frontDeskFlows(hotel) {
  test("an arrival with a room is checked in on its sheet, and the undo takes it back", async () => {
    const { rooms } = await hotel.desk.addRooms("Check-in Double", "CID", "601-602");
    const stay = await hotel.desk.book("Arrival Anna", { room_id: rooms[0].id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    const arrivals = () => page.locator(".day-list-arrivals .stay-name").allTextContents();
    await page.getByRole("button", { name: "Check in Arrival Anna" }).waitFor();
    const before = await arrivals();
    await page.getByRole("button", { name: "Check in Arrival Anna" }).click();
    await page.getByRole("dialog", { name: "Check in Arrival Anna" }).getByRole("button", { name: "Check in", exact: true }).click();
    await page.getByText("Arrival Anna is checked in to room 601.").waitFor();
    await page.getByRole("button", { name: "Check in Arrival Anna" }).waitFor({ state: "detached" });
    assert.deepEqual(await arrivals(), before, "no other button comes under the pointer");
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).status, "checked_in");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Check in Arrival Anna" }).waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).status, "confirmed");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an arrival without a room is given one while checking in", async () => {
    const { type } = await hotel.desk.addRooms("Assign Double", "ASD", "611-613");
    const stay = await hotel.desk.book("Roomless Rosa", { room_type_id: type.id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.getByRole("button", { name: "Check in Roomless Rosa" }).click();
    const sheet = page.getByRole("dialog", { name: "Check in Roomless Rosa" });
    await sheet.getByLabel("Room").selectOption({ label: "612 · Clean" });
    await sheet.getByRole("button", { name: "Check in", exact: true }).click();
    await page.getByText("Roomless Rosa is checked in to room 612.").waitFor();
    const now = await hotel.desk.get(`/api/reservations/${stay.id}`);
    assert.deepEqual([now.status, now.room_number], ["checked_in", "612"]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a payment is taken and an early check-out settles what is then due in the same step", async () => {
    const { rooms } = await hotel.desk.addRooms("Leaving Double", "LVD", "621-622");
    const stay = await hotel.desk.book("Departing Dora", { room_id: rooms[0].id });
    await hotel.desk.post(`/api/reservations/${stay.id}/check-in`, {});
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.getByRole("button", { name: "Take payment" }).click();
    const payment = page.getByRole("dialog", { name: /Payment from/ });
    // A zero too many is asked about, and a double click is no answer: neither to that nor to what it fell upon.
    await payment.getByLabel("Amount").fill("3000000");
    await payment.getByRole("button", { name: "Take payment" }).dblclick();
    await payment.getByText(/3,000,000 is .*2,000,000 more than is due/).waitFor();
    await payment.getByRole("button", { name: /anyway/ }).waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).total_paid, 0);
    assert.equal(await payment.getByRole("radio", { name: "Cash" }).isChecked(), true);
    await payment.getByLabel("Amount").fill("300000");
    await payment.getByRole("button", { name: /anyway/ }).waitFor({ state: "detached" });
    await payment.getByRole("button", { name: "Take payment" }).click();
    await payment.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Check out", exact: true }).click();
    const settle = page.getByRole("dialog", { name: /Check out/ });
    await settle.getByRole("button", { name: /and check out/ }).click();
    await page.getByRole("dialog", { name: "Paid" }).locator(".dialog-foot").getByRole("button", { name: "Close" }).click();
    await page.locator(".page-head .status-checked_out").waitFor();
    const now = await hotel.desk.get(`/api/reservations/${stay.id}`);
    assert.deepEqual([now.status, now.balance, now.total_paid], ["checked_out", 0, 500000]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a double click on a button that sends does it once", async () => {
    const { rooms } = await hotel.desk.addRooms("Twice Double", "TWD", "631-632");
    const stay = await hotel.desk.book("Double Clicker", { room_id: rooms[0].id });
    const { page, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.getByRole("button", { name: "Take payment" }).click();
    const payment = page.getByRole("dialog", { name: /Payment from/ });
    await payment.getByLabel("Amount").fill("100000");
    await payment.getByRole("button", { name: "Take payment" }).dblclick();
    await payment.waitFor({ state: "detached" });
    const folio = await hotel.desk.get(`/api/reservations/${stay.id}/folio`);
    assert.equal(folio.payments.length, 1);
    await close();
  });

  test("the figures of Today name what they count, and the balance opens exactly its list", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await settled(page);
    const { rooms } = await hotel.desk.get("/api/dashboard/today");
    const tile = (name) => page.locator(".tile").filter({ hasText: name });
    const parts = await tile("Vacant rooms").innerText();
    const [vacant, ...counts] = (parts.match(/\d+/g) ?? []).map(Number);
    assert.equal(vacant, rooms.vacant);
    assert.equal(counts.reduce((sum, count) => sum + count, 0), vacant, parts);
    // The board of rooms below says the same.
    const board = await page.locator(".room-key").innerText();
    const of = (words) => Number(new RegExp(`${words}\\s*(\\d+)`).exec(board)?.[1]);
    assert.equal(of("Occupied"), rooms.occupied);
    assert.equal(of("Dirty"), rooms.vacant_dirty);
    assert.equal(of("Out of order"), rooms.vacant_out_of_order);
    await tile("Balance due").getByRole("link").click();
    await page.getByRole("heading", { level: 1, name: "Reservations" }).waitFor();
    assert.equal(await page.getByLabel("Balance due").inputValue(), "now");
    await settled(page);
    const states = await page.locator("tbody .chip").allTextContents();
    assert.ok(states.length > 0);
    assert.ok(states.every((state) => /In-house|Checked out/.test(state)), states.join());
    assert.deepEqual(complaints, []);
    await close();
  });

  test("the day before and after are one key away", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await settled(page);
    await page.keyboard.press("ArrowRight");
    await page.getByRole("heading", { level: 1, name: "Tomorrow" }).waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("heading", { level: 1, name: "Yesterday" }).waitFor();
    await settled(page);
    assert.deepEqual(complaints, []);
    await close();
  });
}
