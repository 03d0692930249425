import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, sheet, signIn } from "../browser.mjs";
import { addDays, BUSINESS_DATE } from "../innkeeper.mjs";

const LATER = { check_in_date: addDays(BUSINESS_DATE, 20), check_out_date: addDays(BUSINESS_DATE, 22) };

/** A booking opened on its page. */
async function openStay(hotel, name, code, fields) {
  const floor = hotel.next_floor;
  const { rooms } = await hotel.desk.addRooms(`${name} Double`, code, `${floor}01-${floor}03`);
  hotel.next_floor += 1;
  const stay = await hotel.desk.book(name, { room_id: rooms[0].id, ...LATER, ...fields });
  const opened = await openPage(hotel.browser, hotel.url);
  await signIn(opened.page);
  await opened.page.goto(`/reservations/${stay.id}`);
  await settled(opened.page);
  return { stay, ...opened };
}

async function choose(page, words) {
  await page.getByRole("button", { name: "More" }).click();
  // What will happen stands below the words.
  await page.locator(".popover").getByRole("button", { name: new RegExp(`^${words}`) }).click();
}

export function reservationFlows(hotel) {
  test("an allowance on a line is told to the owner with the reason that was given, and to the guest without it", async () => {
    const { rooms } = await hotel.desk.addRooms("Allowed Double", "ALW", "9371");
    const stay = await hotel.desk.book("Allowed Alma", { room_id: rooms[0].id });
    await hotel.desk.post(`/api/reservations/${stay.id}/charges`, {
      kind: "extra",
      description: "Laundry",
      unit_amount: 90000,
    });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.locator(".folio").getByRole("button", { name: /Laundry/ }).click();
    await page.getByRole("button", { name: "Give an allowance" }).click();
    const dialog = page.getByRole("dialog", { name: /Laundry/ });
    await dialog.getByLabel("Amount").fill("30000");
    await dialog.locator("[type=submit]").click();
    await dialog.locator("[data-field=reason] .field-error", { hasText: /\w/ }).waitFor();
    await dialog.getByLabel("Reason").fill("A button was missing");
    await dialog.locator("[type=submit]").click();
    await dialog.waitFor({ state: "detached" });
    const { items } = await hotel.desk.get(`/api/audit/exceptions?reservation_id=${stay.id}`);
    assert.deepEqual(
      items.map(({ kind, amount, reason }) => [kind, amount, reason]),
      [["allowance", 30000, "A button was missing"]],
    );
    const folio = await hotel.desk.get(`/api/reservations/${stay.id}/folio`);
    assert.equal(folio.lines.at(-1).description, "Allowance: Laundry");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("who stays is written down, taken off, brought back, and stands on the registration card", async () => {
    const { page, stay, complaints, close } = await openStay(hotel, "Family Fay", "PPL", { adults: 2 });
    const card = page.locator(".card", { has: page.getByRole("heading", { name: "People" }) });
    await card.getByText("1 more person is not named yet.").waitFor();
    await card.getByRole("button", { name: "Add person" }).click();
    const dialog = page.getByRole("dialog", { name: "Add person" });
    await dialog.getByLabel("Name").fill("Ben Fay");
    await dialog.getByLabel("Relation to the main guest").selectOption("Child");
    await dialog.getByLabel("Date of birth").fill(addDays(BUSINESS_DATE, 1));
    await dialog.getByLabel("Name").press("Enter");
    await dialog.locator("[data-field=birth_date] .field-error", { hasText: "Must not be in the future." }).waitFor();
    await dialog.getByLabel("Date of birth").fill("2019-03-04");
    await dialog.getByLabel("Name").press("Enter");
    await dialog.waitFor({ state: "detached" });
    await card.getByText("Ben Fay Child").waitFor();
    assert.equal(await card.getByRole("button", { name: "Add person" }).count(), 0);
    await card.getByRole("button", { name: "Remove Ben Fay" }).click();
    await card.getByText("1 more person is not named yet.").waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await card.getByText("Ben Fay Child").waitFor();
    await card.getByRole("button", { name: /Family Fay/ }).click();
    await page.getByLabel("Home address").fill("Rua 1, Lisboa");
    await page.getByRole("dialog", { name: "Family Fay" }).locator("[type=submit]").click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.goto(`/reservations/${stay.id}/print/registration`);
    await sheet(page).getByText("Rua 1, Lisboa").waitFor();
    await sheet(page).getByRole("row", { name: "Ben Fay" }).getByText("4 March 2019").waitFor();
    assert.deepEqual(complaints.filter((words) => !/422.*\/guests/.test(words)), []);
    await close();
  });

  test("another room is chosen among types that have one", async () => {
    const { rooms } = await hotel.desk.addRooms("Only Single", "ONL", "9381");
    await hotel.desk.addRooms("Open Double", "OPN", "9382");
    const stay = await hotel.desk.book("Moving Mo", { room_id: rooms[0].id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("button", { name: /^Move to another room/ }).click();
    const choice = page.locator(".room-choice");
    await choice.getByRole("button", { name: /9382/ }).waitFor();
    assert.equal(await choice.getByRole("heading", { name: "Only Single" }).count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  });

  hotel.next_floor = 81;

  test("cancelling says what it costs first, and reinstating brings the booking back", async () => {
    const { page, stay, complaints, close } = await openStay(hotel, "Cancelled Cora", "CAN", {});
    await choose(page, "Cancel booking");
    const dialog = page.getByRole("dialog", { name: /Cancel the booking/ });
    await dialog.getByText(/fee/).first().waitFor();
    await dialog.getByLabel("Reason").fill("Flight cancelled");
    await dialog.getByRole("button", { name: "Cancel the booking" }).click();
    await page.locator(".page-head .status-cancelled").waitFor();
    await page.getByRole("button", { name: "Reinstate" }).click();
    await page.locator(".page-head .status-confirmed").waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).status, "confirmed");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a stay is extended and moved to another room from its page", async () => {
    const { page, stay, complaints, close } = await openStay(hotel, "Extended Esther", "EXT", {});
    await choose(page, "Extend");
    const dialog = page.getByRole("dialog", { name: /Extend the stay/ });
    await dialog.getByLabel("New departure").fill(addDays(LATER.check_out_date, 1));
    await dialog.getByRole("button", { name: "Extend" }).click();
    await page.locator(".page-lead", { hasText: "3 nights" }).waitFor();
    await choose(page, "Move to another room");
    const rooms = page.getByRole("dialog", { name: "Move to another room" });
    const number = stay.room_number.replace(/1$/, "3");
    await rooms.getByRole("button", { name: new RegExp(number) }).click();
    await page.locator(".page-lead", { hasText: `Room ${number}` }).waitFor();
    const now = await hotel.desk.get(`/api/reservations/${stay.id}`);
    assert.deepEqual([now.room_number, now.nights], [number, 3]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("leaving on the day of arrival asks, and hint, question and bill tell the same", async () => {
    const { page, stay, complaints, close } = await openStay(hotel, "Hasty Hugo", "HST", {
      check_in_date: BUSINESS_DATE,
      check_out_date: addDays(BUSINESS_DATE, 1),
    });
    await hotel.desk.post(`/api/reservations/${stay.id}/check-in`, {});
    await hotel.desk.post("/api/payments", { reservation_id: stay.id, amount: 500000, payment_method: "cash" });
    const words = /Leaves on the day of arrival\. Rp.500.000 for that day stays on the bill\./;
    await page.locator(".next-step", { hasText: words }).waitFor();
    await page.getByRole("button", { name: "Check out", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: /Check out Hasty Hugo/ });
    await dialog.getByText(words).waitFor();
    await dialog.getByRole("button", { name: "Back" }).click();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).status, "checked_in");
    await page.getByRole("button", { name: "Check out", exact: true }).click();
    await dialog.getByRole("button", { name: "Check out", exact: true }).click();
    await page.locator(".page-head .status-checked_out").waitFor();
    await page.locator(".page-lead", { hasText: "Day use" }).waitFor();
    await page.locator(".folio tr", { hasText: /Day use on.*500.000/ }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("leaving early gives back what is owed in the same step, as it was paid or by another method", async () => {
    const { page, stay, complaints, close } = await openStay(hotel, "Early Emil", "EEM", {
      check_in_date: BUSINESS_DATE,
      check_out_date: addDays(BUSINESS_DATE, 4),
    });
    await hotel.desk.post(`/api/reservations/${stay.id}/check-in`, {});
    await hotel.desk.post("/api/payments", { reservation_id: stay.id, amount: 2000000, payment_method: "card" });
    await page.locator(".folio-balance:not(.is-due)").waitFor();
    await page.getByRole("button", { name: "Check out", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: /Check out Early Emil/ });
    await dialog.getByText(/Leaves 3 nights early: Rp.1.500.000 comes off the bill/).waitFor();
    assert.ok(await dialog.getByRole("radio", { name: "Card", exact: true }).isChecked());
    await dialog.getByRole("button", { name: /Refund Rp.1.500.000 and check out/ }).click();
    await page.getByText(/Early Emil is checked out\. Rp.1.500.000 refunded: Card\./).waitFor();
    const { payments, balance } = await hotel.desk.get(`/api/reservations/${stay.id}/folio`);
    assert.deepEqual([payments.length, payments[1].amount, payments[1].payment_method, balance], [2, -1500000, "card", 0]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an extension tells its price; a taken room, who is in it and every way around, one press each", async () => {
    const { page, stay, complaints, close } = await openStay(hotel, "Longing Lotte", "LNG", {});
    const from = addDays(LATER.check_out_date, 1);
    const other = await hotel.desk.book("Blocking Bo", { room_id: stay.room_id, check_in_date: from, check_out_date: addDays(from, 3) });
    await choose(page, "Extend");
    const dialog = page.getByRole("dialog", { name: /Extend the stay/ });
    await dialog.getByText("1 night more").waitFor();
    await dialog.getByRole("button", { name: /Extend for Rp.500.000/ }).waitFor();
    await dialog.getByLabel("New departure").fill(addDays(from, 1));
    await dialog.getByText(`Room ${stay.room_number} is taken:`).waitFor();
    await dialog.getByText("Blocking Bo", { exact: true }).waitFor();
    assert.equal(await dialog.getByRole("button", { name: /^Extend/ }).count(), 0);
    const second = stay.room_number.replace(/1$/, "2");
    await dialog.getByRole("button", { name: new RegExp(`Blocking Bo moves to room ${second}`) }).waitFor();
    await dialog.getByRole("button", { name: new RegExp(`Rooms ${stay.room_number} → ${second}`) }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText(new RegExp(`Room ${second} from`)).waitFor();
    const now = await hotel.desk.get(`/api/reservations/${stay.id}`);
    assert.deepEqual(
      now.nightly.map((night) => night.room_number),
      [stay.room_number, stay.room_number, stay.room_number, second],
    );
    assert.equal((await hotel.desk.get(`/api/reservations/${other.id}`)).room_number, stay.room_number);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a charge is added and voided, a payment refunded, and the balance follows", async () => {
    const { page, stay, complaints, close } = await openStay(hotel, "Folio Fiona", "FOL", {
      check_in_date: BUSINESS_DATE,
      check_out_date: addDays(BUSINESS_DATE, 1),
    });
    await page.locator("[data-key=charge]").click();
    const charge = page.getByRole("dialog", { name: /Charge/ });
    await charge.getByLabel("Description").fill("Picnic");
    await charge.getByLabel("Quantity").fill("2");
    await charge.getByLabel("Unit price").fill("25.000");
    await charge.getByRole("button", { name: "Add charge" }).click();
    await page.locator(".folio tr", { hasText: "Picnic" }).waitFor();
    await page.locator("[data-key=payment]").click();
    const payment = page.getByRole("dialog", { name: /Payment from/ });
    await payment.getByRole("radio", { name: "Card" }).check();
    await payment.getByRole("button", { name: "Take payment" }).click();
    await page.locator(".folio-balance:not(.is-due)").waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).balance, 0);
    await page.getByRole("button", { name: "Actions for Picnic" }).click();
    await page.getByRole("button", { name: "Void", exact: true }).click();
    const undo = page.getByRole("dialog", { name: /Void .Picnic/ });
    await undo.getByLabel("Reason").fill("Wrong room");
    await undo.getByRole("button", { name: "Void" }).click();
    await page.locator(".folio tr.is-void").first().waitFor();
    await page.getByRole("button", { name: "Actions for Card" }).click();
    await page.getByRole("button", { name: "Refund", exact: true }).click();
    const refund = page.getByRole("dialog", { name: /Refund/ });
    await refund.getByLabel("Reason").fill("The picnic was not theirs");
    await refund.getByLabel("Amount").fill("500.000");
    await refund.getByRole("button", { name: "Refund", exact: true }).click();
    await refund.getByText(/500,000 is .*450,000 more than is owed to the guest/).waitFor();
    await refund.getByLabel("Amount").fill("50.000");
    await refund.getByRole("button", { name: "Refund", exact: true }).click();
    await page.locator(".folio", { hasText: "partly refunded" }).waitFor();
    const now = await hotel.desk.get(`/api/reservations/${stay.id}`);
    assert.deepEqual([now.total_amount, now.total_paid, now.balance], [500000, 500000, 0]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("what the date does not allow is not offered, and what a step does is said before it", async () => {
    const { page, stay, complaints, close } = await openStay(hotel, "Early Edda", "EED", {});
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("button", { name: /^Cancel booking .*fee/i }).waitFor();
    await page.getByRole("button", { name: /^Move to another room .*the price stays/ }).waitFor();
    assert.equal(await page.getByRole("button", { name: /no-show/ }).count(), 0);
    assert.equal(await page.getByRole("button", { name: "Check in", exact: true }).count(), 0);
    const due = { check_in_date: BUSINESS_DATE, check_out_date: addDays(BUSINESS_DATE, 1) };
    const now = await hotel.desk.send("PATCH", `/api/reservations/${stay.id}`, due);
    await page.locator(".next-step", { hasText: `Room ${now.room_number} is ready` }).waitFor();
    await page.getByRole("button", { name: "Check in", exact: true }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("the list is filtered, searched and sorted, and the address keeps it so", async () => {
    const { page, stay, complaints, close } = await openStay(hotel, "Listed Lucius", "LIS", {
      source: "Phone",
    });
    await page.goto("/reservations");
    await settled(page);
    await page.getByRole("button", { name: "Confirmed" }).click();
    await page.getByLabel("Source").selectOption("Phone");
    await page.getByLabel("Name, number or phone").fill(stay.confirmation_number);
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
    await page.getByRole("link", { name: "Listed Lucius" }).waitFor();
    assert.match(page.url(), /status=confirmed/);
    await page.reload();
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
    await page.getByRole("button", { name: "All", exact: true }).click();
    await page.getByLabel("Name, number or phone").fill("");
    await page.getByLabel("Source").selectOption("");
    await page.getByRole("button", { name: "Arrival", exact: true }).click();
    await page.locator("th[aria-sort=ascending]", { hasText: "Arrival" }).waitFor();
    // Back leads to the row that was opened, not to the top.
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length > 10);
    await page.setViewportSize({ width: 1366, height: 400 });
    const body = page.locator(".frame-body");
    const last = page.locator("tbody .row-link").last();
    const key = await last.getAttribute("data-key");
    await last.click();
    await page.locator("[data-key=edit-stay]").waitFor();
    await page.goBack();
    await page.waitForFunction((row) => document.activeElement?.getAttribute("data-key") === row, key);
    assert.ok((await body.evaluate(({ scrollTop }) => scrollTop)) > 100);
    assert.deepEqual(complaints, []);
    await close();
  });
}
