import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, sheet } from "../browser.mjs";
import { addDays, BUSINESS_DATE, Desk, OWN_PASSWORD, startInnkeeper } from "../innkeeper.mjs";
import { Keyboard } from "../keyboard.mjs";

/** A page, signed in to by keyboard. */
export async function sitDown(hotel, password = "admin123") {
  const opened = await openPage(hotel.browser, hotel.url);
  const { page } = opened;
  const keys = new Keyboard(page);
  await page.goto("/login");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await keys.holds();
  await keys.type("admin");
  await keys.fill("Password", password);
  await keys.press("Enter");
  await page.locator("app-frame").waitFor();
  await keys.holds();
  return { ...opened, keys };
}

const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();

/** The refusals that a flow provokes are in the console too; they are no complaints. */
const unprovoked = (complaints) => complaints.filter((line) => !/Failed to load resource.*4(09|22)/.test(line));

export function keyboardFlows(hotel) {
  test("by keyboard: an owner sets the hotel up", async () => {
    const empty = await startInnkeeper(["serve"]);
    const { page, complaints, close } = await openPage(hotel.browser, empty.url);
    try {
      const keys = new Keyboard(page);
      await page.goto("/");
      await page.getByLabel("Property name").waitFor();
      await keys.holds();
      await keys.type("Pension Keys");
      await keys.pick("Currency", "EUR");
      await keys.pick("Time zone", "Europe/Vie");
      await keys.fill("Your name", "Kim Keys");
      await keys.fill("User name", "kim");
      await keys.fill("Password", "a long enough one");
      await keys.press("Enter");
      await heading(page, "Add your rooms");
      await keys.holds();
      await keys.type("Double room");
      await keys.fill("Short code", "DBL");
      await keys.fill("Price per night", "89,50");
      await keys.fill("Room numbers", "101-112");
      await keys.push("Add this type");
      await page.getByText("12 rooms").waitFor();
      await keys.holds();
      await keys.push("Open the front desk");
      await heading(page, "Today");
      await keys.holds();
      assert.deepEqual(complaints, []);
    } finally {
      await close();
      await empty.stop();
    }
  });

  test("by keyboard: a walk-in is booked, checked in, pays and leaves", async () => {
    await hotel.desk.addRooms("Keyed Double", "KWI", "9201-9202");
    const { page, keys, complaints, close } = await sitDown(hotel);
    await keys.push("New booking", { back: true });
    await heading(page, "New booking");
    await page.getByRole("radio", { name: /Keyed Double/ }).waitFor();
    // The types come anew with the nights, under the arrows else.
    const offers = page.waitForResponse((answer) => answer.url().includes("/api/rooms/available"));
    await keys.fill("Nights", "1");
    await offers;
    await keys.to(/\d of \d+ free/);
    await arrowTo(keys, /Keyed Double/);
    await keys.fill("Name", "Wanda Walkin");
    await keys.push("Save and check in");
    await page.locator(".page-head .status-checked_in").waitFor();
    await keys.holds();
    await keys.push("Take payment");
    await keys.dialog(/Payment from/);
    // Too much is asked about as often as Enter is pressed, and taken by the button that says so.
    await keys.type("5000000");
    await keys.press("Enter", "Enter");
    await page.getByText(/5,000,000 is .*4,500,000 more than is due/).waitFor();
    await keys.holds();
    await keys.push(/^Take .*5,000,000 anyway$/);
    await keys.dialogGone();
    await page.locator(".folio-balance:not(.is-due)").waitFor();
    await keys.push("Check out");
    // On the day of arrival that is asked; what was taken too much goes back in the same step.
    await keys.dialog(/Check out Wanda/);
    await keys.push(/^Refund .*4,500,000 and check out$/);
    await page.locator(".page-head .status-checked_out").waitFor();
    await keys.dialogGone();
    const { items } = await hotel.desk.get("/api/reservations?q=Wanda%20Walkin");
    assert.deepEqual([items[0].status, items[0].balance], ["checked_out", 0]);
    assert.deepEqual(unprovoked(complaints), []);
    await close();
  });

  test("by keyboard: an arrival without a room gets one, a booking is cancelled", async () => {
    const { type } = await hotel.desk.addRooms("Lane Double", "KLN", "9211-9214");
    await hotel.desk.book("Lena Laneless", { room_type_id: type.id });
    await hotel.desk.book("Lisa Laneless", { room_type_id: type.id });
    await hotel.desk.book("Carl Calloff", { room_type_id: type.id });
    const { page, keys, complaints, close } = await sitDown(hotel);
    await keys.to("Check in Lena Laneless");
    // The row that gets the focus next is one that has to be scrolled to.
    const { y, height } = await page.locator(":focus").boundingBox();
    await page.setViewportSize({ width: 1366, height: Math.max(300, Math.ceil(y + height) + 4) });
    await keys.press("Enter");
    await keys.dialog("Check in Lena Laneless");
    await keys.press("Enter");
    await page.getByText(/Lena Laneless is checked in/).waitFor();
    await keys.dialogGone();
    await search(page, keys, "Carl Calloff");
    await keys.menu("More", "Cancel booking");
    await keys.dialog(/Cancel the booking/);
    await keys.fill("Reason", "Ill");
    await keys.press("Enter");
    await page.locator(".page-head .status-cancelled").waitFor();
    await keys.dialogGone();
    assert.deepEqual(unprovoked(complaints), []);
    await close();
  });

  test("by keyboard: who did not come is marked so once the day has moved on", async () => {
    const own = await startInnkeeper(["serve"]);
    const owner = { username: "admin", full_name: "Ada Owner", password: OWN_PASSWORD };
    const place = { property_name: "Late Lodge", currency: "EUR", time_zone: "Europe/Vienna" };
    const desk = new Desk(own.url);
    await desk.post("/api/setup", { ...owner, ...place, business_date: BUSINESS_DATE });
    desk.password = OWN_PASSWORD;
    await desk.signIn();
    const { rooms } = await desk.addRooms("Late Double", "LTD", "101-102");
    await desk.book("Nora Noshow", { room_id: rooms[0].id });
    await desk.closeDay(BUSINESS_DATE);
    const { page, keys, complaints, close } = await sitDown({ ...hotel, url: own.url }, OWN_PASSWORD);
    try {
      await search(page, keys, "Nora Noshow");
      await keys.menu("More", "Mark as no-show");
      await keys.dialog(/as a no-show/);
      await keys.push("Mark as no-show");
      await page.locator(".page-head .status-no_show").waitFor();
      await keys.dialogGone();
      assert.deepEqual(complaints, []);
    } finally {
      await close();
      await own.stop();
    }
  });

  test("by keyboard: a stay is moved and made longer on the chart, and the undo takes it back", async () => {
    const { rooms } = await hotel.desk.addRooms("Bar Double", "KBR", "9221-9222");
    const stay = await hotel.desk.book("Bea Bar", { room_id: rooms[0].id });
    const { page, keys, complaints, close } = await sitDown(hotel);
    await keys.press("Control+k");
    await page.keyboard.type("9221");
    await page.getByRole("option", { name: /Room 9221/ }).waitFor();
    await until(page, keys, "ArrowDown", () =>
      /Room 9221/.test(document.querySelector(".command-hit[aria-selected=true] strong")?.textContent ?? ""),
    );
    await keys.press("Enter");
    await page.locator(".bar:focus", { hasText: "Bea Bar" }).waitFor();
    await keys.holds();
    await keys.press("m", "ArrowDown");
    await page.locator(".bar-ghost", { hasText: "Room 9222" }).waitFor();
    await keys.press("Enter");
    await page.locator(`[data-row="room-${rooms[1].id}"] .bar`, { hasText: "Bea Bar" }).waitFor();
    await keys.holds();
    await keys.press("m", "Shift+ArrowRight");
    await page.locator(".bar-ghost", { hasText: /\+Rp.500.000/ }).waitFor();
    const saved = page.waitForResponse((answer) => answer.request().method() !== "GET");
    await keys.press("Enter");
    await saved;
    const now = () => hotel.desk.get(`/api/reservations/${stay.id}`);
    assert.deepEqual([(await now()).room_number, (await now()).nights], ["9222", 3]);
    await keys.holds();
    await keys.press("Control+z");
    await page.getByText("Bea Bar: move undone.").waitFor();
    assert.deepEqual([(await now()).room_number, (await now()).nights], ["9222", 2]);
    await keys.holds();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: a stay is extended past a guest who is given another room", async () => {
    const { rooms } = await hotel.desk.addRooms("Longest Double", "KLG", "9226-9227");
    const stay = await hotel.desk.book("Xenia Stretch", { room_id: rooms[0].id });
    const from = addDays(BUSINESS_DATE, 2);
    const other = await hotel.desk.book("Otto Other", { room_id: rooms[0].id, check_in_date: from, check_out_date: addDays(from, 2) });
    const { page, keys, complaints, close } = await sitDown(hotel);
    await search(page, keys, "Xenia Stretch");
    await keys.menu("More", "Extend");
    await keys.dialog(/Extend/);
    await page.getByText("Room 9226 is taken:").waitFor();
    await keys.push(/^Stay in this room; Otto Other moves to room 9227/);
    await page.locator(".page-lead", { hasText: "3 nights" }).waitFor();
    await keys.dialogGone();
    const room = async ({ id }) => (await hotel.desk.get(`/api/reservations/${id}`)).room_number;
    assert.deepEqual([await room(stay), await room(other)], ["9226", "9227"]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: a guest is added, merged with the other profile, and erased", async () => {
    await hotel.desk.post("/api/guests", { full_name: "Gwen Twice", email: "gwen@example.com" });
    const { page, keys, complaints, close } = await sitDown(hotel);
    await keys.go("Guests", "Guests");
    await keys.push("New guest");
    await keys.dialog("New guest");
    await keys.type("Gwen Twice");
    await keys.fill("E-mail", "gwen@example.com");
    await keys.press("Enter");
    await heading(page, /Gwen Twice/);
    await keys.holds();
    await keys.menu("More", "Merge with another profile");
    await keys.dialog(/Merge/);
    await page.getByRole("radio", { name: /Gwen Twice/ }).waitFor();
    await keys.to(/^Gwen Twice/);
    await keys.press("Space");
    await keys.push("Merge");
    await page.getByText("Profiles merged").waitFor();
    await keys.dialogGone();
    await keys.push("Edit");
    await keys.fill("Phone", "+62 811 000");
    await keys.press("Enter");
    await page.getByRole("link", { name: "+62 811 000" }).waitFor();
    await keys.holds();
    await keys.menu("More", "Erase personal data");
    await keys.dialog(/Erase/);
    await keys.type("Asked by the guest");
    await keys.press("Enter");
    await page.getByText("Personal data erased.").waitFor();
    await keys.dialogGone();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: twelve rooms of a new type at once, one of them blocked, one deleted", async () => {
    const { page, keys, complaints, close } = await sitDown(hotel);
    await keys.go("Rooms & types", "Rooms & types");
    await keys.push("Add a room type");
    await keys.dialog("Add a room type");
    await keys.type("Keyboard wing");
    await keys.fill("Short code", "KWG");
    await keys.fill("Price per night", "500.000");
    await keys.press("Enter");
    await keys.dialogGone();
    await page.getByText("Keyboard wing").first().waitFor();
    await keys.push("Add rooms");
    await keys.dialog("Add rooms");
    await keys.type("9301-9312");
    await keys.pick("Room type", "Keyboard");
    await keys.push("Add rooms");
    await keys.dialogGone();
    const row = (number) => page.locator("tr").filter({ hasText: number });
    await row("9312").waitFor();
    await keys.fill("Room number", "931");
    await row("9301").waitFor({ state: "detached" });
    await keys.holds();
    await keys.menu("Actions for Room 9310", "Out of order");
    await keys.dialog("Room 9310 out of use");
    await keys.fill("Reason", "Painting");
    await keys.press("Enter");
    await page.locator("dialog .lines").getByText("Painting").waitFor();
    await keys.holds();
    await keys.press("Escape");
    await keys.dialogGone();
    await row("9310").getByText("Painting").waitFor();
    await keys.menu("Actions for Room 9311", "Delete");
    await keys.dialog("Delete Room 9311?");
    await keys.push("Delete");
    await row("9311").waitFor({ state: "detached" });
    await keys.dialogGone();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: housekeeping's states and a problem", async () => {
    const { rooms } = await hotel.desk.addRooms("Broom Double", "KBM", "9231-9232");
    const { page, keys, complaints, close } = await sitDown(hotel);
    for (const room of rooms)
      await hotel.desk.send("PUT", `/api/rooms/${room.id}/status`, { housekeeping: "dirty" });
    await keys.go("Housekeeping", "Housekeeping");
    await keys.push("Room 9231 is Clean");
    await page.getByText("1 room finished").waitFor();
    await keys.holds();
    await keys.push("Report a problem in room 9232");
    await keys.dialog("Report a problem in room 9232");
    await keys.type("The lamp flickers");
    await keys.push("Report");
    await page.locator(".task").filter({ hasText: "The lamp flickers" }).waitFor();
    await keys.dialogGone();
    await keys.push("Room 9232 is Inspected", { back: true });
    await page.getByText("2 rooms finished").waitFor();
    await keys.holds();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: a payment is voided, another one refunded, each with its reason", async () => {
    const { rooms } = await hotel.desk.addRooms("Till Double", "KTL", "9241-9242");
    const stay = await hotel.desk.book("Tilly Till", { room_id: rooms[0].id });
    for (const payment_method of ["cash", "card"])
      await hotel.desk.post("/api/payments", { reservation_id: stay.id, amount: 50000, payment_method });
    const { page, keys, complaints, close } = await sitDown(hotel);
    await keys.go("Payments", "Payments");
    await keys.fill("Name, number or phone", "Tilly Till");
    await page.waitForFunction(() => document.querySelectorAll(".card:last-child tbody tr").length === 2);
    await keys.menu("Actions for Cash", "Void");
    await keys.dialog(/Void the payment/);
    await keys.press("Enter");
    await page.locator("dialog .field-error").filter({ hasText: /\w/ }).waitFor();
    await keys.holds();
    await keys.type("Typed twice");
    await keys.press("Enter");
    await page.locator("tr").filter({ hasText: "Typed twice" }).first().waitFor();
    await keys.dialogGone();
    await keys.menu("Actions for Card", "Refund");
    await keys.dialog(/Refund/);
    // Nothing is owed, so no amount is proposed.
    await keys.type("50000");
    await keys.fill("Reason", "Too loud");
    await keys.press("Enter");
    await page.locator("tr").filter({ hasText: "Too loud" }).first().waitFor();
    await keys.dialogGone();
    assert.deepEqual(unprovoked(complaints), []);
    await close();
  });

  test("by keyboard: figures and activity are filtered", async () => {
    const { page, keys, complaints, close } = await sitDown(hotel);
    await keys.go("Statistics", "Statistics");
    await keys.pick("Period", "Last month");
    await page.waitForFunction(() => document.querySelectorAll(".column-slot").length === 31);
    await keys.push("ADR");
    await keys.holds();
    await keys.push("Show as a table");
    await page.locator("details[open] tbody tr").first().waitFor();
    await keys.go("Activity", "Activity");
    await keys.pick("Subject", "Room type");
    await page.waitForFunction(() => location.search.includes("entity=room_type"));
    await keys.holds();
    await keys.push("Exceptions", { back: true });
    await page.getByRole("heading", { level: 1, name: "Exceptions" }).waitFor();
    await keys.pick("Kind", "Allowance");
    await page.waitForFunction(() => location.search.includes("kind=allowance"));
    await keys.holds();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: a colleague gets an account and loses it; a setting is saved", async () => {
    const { page, keys, complaints, close } = await sitDown(hotel);
    await keys.go("Staff", "Staff");
    await keys.push("Add a person");
    await keys.dialog("Add a person");
    await keys.type("Kai Colleague");
    await keys.fill("User name", "kai");
    await keys.pick("Role", "Manager");
    await keys.fill("New password", "long enough now");
    await keys.press("Enter");
    await keys.dialogGone();
    const row = page.locator("tr").filter({ hasText: "Kai Colleague" });
    await row.getByText("Manager").waitFor();
    await keys.menu("Actions for Kai Colleague", "Deactivate");
    await row.getByText("Inactive").waitFor();
    await keys.holds();
    await keys.go("Settings", "Settings");
    await keys.fill("Phone", "+62 1234");
    await keys.press("Enter");
    await page.getByText("Saved.").waitFor();
    await keys.holds();
    assert.equal((await hotel.desk.get("/api/settings")).phone, "+62 1234");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: a sheet is opened to print, and the way leads back", async () => {
    const { rooms } = await hotel.desk.addRooms("Sheet Double", "KSH", "9251-9252");
    await hotel.desk.book("Sheila Sheet", { room_id: rooms[0].id });
    const { page, keys, complaints, close } = await sitDown(hotel);
    await search(page, keys, "Sheila Sheet");
    await keys.menu("Print", "Booking confirmation");
    await sheet(page).getByRole("heading", { level: 1, name: "Booking confirmation" }).waitFor();
    await keys.holds();
    await keys.to("Print");
    await keys.push("Back", { back: true });
    await heading(page, /Sheila Sheet/);
    await keys.holds();
    await keys.go("Housekeeping", "Housekeeping");
    await keys.push("Print");
    await sheet(page).getByRole("heading", { level: 1, name: "Housekeeping" }).waitFor();
    await keys.holds();
    assert.deepEqual(complaints, []);
    await close();
  });
}

/** To a stay by its guest's name. */
async function search(page, keys, name) {
  await keys.press("Control+k");
  await page.keyboard.type(name);
  await page.getByRole("option", { name }).first().waitFor();
  await keys.press("Enter");
  await heading(page, new RegExp(name));
  await keys.holds();
}

/** The same key until the page says it is enough. */
async function until(page, keys, key, is_enough) {
  for (let i = 0; i < 30; i += 1) {
    if (await page.evaluate(is_enough)) return;
    await keys.press(key);
  }
  assert.fail(`${key} did not lead there`);
}

/** Along a group of choices with the arrows, to the one with those words. */
async function arrowTo(keys, words) {
  for (let i = 0; i < 30; i += 1) {
    const here = await keys.here();
    if (words.test(here)) return keys.press("Space");
    await keys.press("ArrowDown");
  }
  assert.fail(`the arrows did not lead to ${words}`);
}
