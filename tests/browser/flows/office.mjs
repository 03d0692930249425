import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, Desk } from "../innkeeper.mjs";

export function officeFlows(hotel) {
  test("a room type and its rooms are added, one is put out of order, and what is booked is not deleted", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/rooms");
    await settled(page);
    await page.getByRole("button", { name: "Add a room type" }).click();
    const type = page.getByRole("dialog", { name: "Add a room type" });
    await type.getByLabel("Room type").fill("Attic");
    await type.getByLabel("Short code").fill("ATC");
    await type.getByLabel("Price per night").fill("350.000");
    await page.keyboard.press("Enter");
    await type.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Add rooms" }).click();
    const rooms = page.getByRole("dialog", { name: "Add rooms" });
    await rooms.getByLabel("Room numbers").fill("901-903");
    await rooms.getByLabel("Room type").selectOption({ label: "Attic" });
    await rooms.getByLabel("Floor").fill("9");
    await rooms.getByRole("button", { name: "Add rooms" }).click();
    await rooms.waitFor({ state: "detached" });
    const row = (number) => page.getByRole("row", { name: new RegExp(`^${number} `) });
    await row("903").waitFor();
    await page.getByRole("button", { name: "Actions for Room 902" }).click();
    await page.getByRole("button", { name: "Out of order" }).click();
    const blocks = page.getByRole("dialog", { name: "Room 902 out of use" });
    await blocks.getByLabel("Reason").fill("New carpet");
    await blocks.getByRole("button", { name: "Take out of use" }).click();
    await blocks.locator(".lines").getByText("New carpet").waitFor();
    await page.keyboard.press("Escape");
    await row("902").getByText("Out of order: New carpet").waitFor();
    await page.getByRole("button", { name: "Actions for Attic" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    const refusal = page.getByRole("dialog", { name: "Delete Attic?" });
    await refusal.getByRole("button", { name: "Delete" }).click();
    await refusal.getByText("Attic still has 3 rooms").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Actions for Room 903" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await row("903").waitFor({ state: "detached" });
    assert.deepEqual(unexpected(complaints, /409.*\/api\/room-types/), []);
    await close();
  });

  test("the day's money is told by method, and a slip is voided with its reason", async () => {
    const { rooms } = await hotel.desk.addRooms("Cash Double", "CSD", "911-912");
    const stay = await hotel.desk.book("Paying Paula", { room_id: rooms[0].id });
    const payment = { reservation_id: stay.id, amount: 123456, payment_method: "qris" };
    await hotel.desk.post("/api/payments", payment);
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/payments");
    await settled(page);
    await page.getByLabel("Period").selectOption("today");
    await page.locator(".stack .card").first().getByText("Refunded").waitFor();
    await page.getByLabel("Name, number or phone").fill("Paying Paula");
    const row = page.locator("tr").filter({ hasText: "Paying Paula" });
    await page.waitForFunction(() => document.querySelectorAll(".card:last-child tbody tr").length === 1);
    await row.getByText("123,456").waitFor();
    await row.getByRole("button", { name: "Actions for QRIS" }).click();
    await page.getByRole("button", { name: "Void" }).click();
    const dialog = page.getByRole("dialog", { name: /Void the payment/ });
    await dialog.getByLabel("Reason").fill("Typed twice");
    await dialog.getByRole("button", { name: "Void" }).click();
    await row.filter({ hasText: "Typed twice" }).waitFor();
    const totals = await hotel.desk.get(
      `/api/payments/totals?payment_date_from=${BUSINESS_DATE}&payment_date_to=${BUSINESS_DATE}`,
    );
    assert.equal(totals.by_method.find((one) => one.payment_method === "qris").returned_amount, 123456);
    await page.getByLabel("Type").selectOption("refund");
    await page.getByText("No payments in this period").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("the figures are read from the chart by keyboard and from its table", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/statistics");
    await settled(page);
    const stats = await hotel.desk.get("/api/dashboard/stats?from=2025-11-01&to=2025-11-30");
    await page.locator(".chart-field").focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const readout = page.locator(".chart-readout");
    await readout.getByText(/Nov 2|2 Nov/).waitFor();
    await readout.getByText(`${stats.days[1].occupancy_rate}%`).waitFor();
    await page.locator(".column-slot").nth(9).hover();
    await readout.getByText(`${stats.days[9].occupancy_rate}%`).waitFor();
    await page.getByText("Show as a table").click();
    assert.equal(await page.locator("details tbody tr").count(), 30);
    await page.getByRole("button", { name: "RevPAR" }).click();
    await page.getByRole("columnheader", { name: "RevPAR last year" }).waitFor({ state: "attached" });
    await page.getByLabel("Period").selectOption("this_year");
    await page.waitForFunction(() => document.querySelectorAll(".column-slot").length === 12);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("rates differ by points, amounts by percent, and a period that is not over is compared with the same point", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    const asked = [];
    await page.route("**/api/dashboard/stats*", async (route) => {
      const query = new URL(route.request().url()).searchParams;
      asked.push([query.get("from"), query.get("to"), query.get("as_of")].join(" "));
      const response = await route.fetch();
      const stats = await response.json();
      const is_before = query.get("from").startsWith("2024");
      Object.assign(stats.total, is_before ? { occupancy_rate: 67.4, adr: 200, revpar: 100 } : { occupancy_rate: 66.2, adr: 250, revpar: 100 });
      await route.fulfill({ response, json: stats });
    });
    const tile = (name) => page.locator(".figures .tile").filter({ hasText: name });
    await page.goto("/statistics?from=2025-01-01&to=2025-12-31");
    await tile("Occupancy").getByText("−1.2 points against 67.4% a year ago").waitFor();
    await tile("ADR").getByText("+25% against").waitFor();
    await tile("RevPAR").getByText("Same as last year").waitFor();
    await page.getByText("same days last year, as booked by 10 Nov 2024").waitFor();
    assert.deepEqual(asked.sort(), ["2024-01-01 2024-12-31 2024-11-10", "2025-01-01 2025-12-31 "]);
    asked.length = 0;
    await page.getByLabel("Period").selectOption("last_month");
    await tile("Occupancy").getByText("−1.2 points against 67.4% last year").waitFor();
    assert.deepEqual(asked.sort(), ["2024-10-01 2024-10-31 ", "2025-10-01 2025-10-31 "]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a colleague gets an account, another role, and no way in once deactivated", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/staff");
    await settled(page);
    await page.getByRole("button", { name: "Add a person" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a person" });
    await dialog.getByLabel("Name", { exact: true }).fill("Nadia Night");
    await dialog.getByLabel("User name").fill("nadia");
    await dialog.getByLabel("New password").fill("short");
    await page.keyboard.press("Enter");
    await dialog.locator("[data-field=password] .field-error").filter({ hasText: /\w/ }).waitFor();
    await dialog.getByLabel("New password").fill("long enough now");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    const row = page.locator("tr").filter({ hasText: "Nadia Night" });
    await row.getByText("Receptionist").waitFor();
    const act = async (name) => {
      await page.getByRole("button", { name: "Actions for Nadia Night" }).click();
      await page.getByRole("button", { name, exact: true }).click();
    };
    await act("Edit");
    await page.getByRole("dialog").getByLabel("Role").selectOption("manager");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await row.getByText("Manager").waitFor();
    const login = { username: "nadia", password: "long enough now" };
    await new Desk(hotel.url).post("/api/auth/login", login);
    await act("Deactivate");
    await row.getByText("Inactive").waitFor();
    await assert.rejects(new Desk(hotel.url).post("/api/auth/login", login), /401/);
    assert.deepEqual(unexpected(complaints, /422.*\/api\/users/), []);
    await close();
  });

  test("settings are saved card by card, and another desk's change is not overwritten", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/settings");
    await settled(page);
    const card = (name) => page.locator("section.card").filter({ hasText: name });
    await page.getByLabel("Check-in from").fill("15:30");
    await card("Arrival and departure").getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    assert.equal((await hotel.desk.get("/api/settings")).check_in_time, "15:30");
    await page.getByLabel("Address").fill("Typed while another desk saves");
    await hotel.desk.send("PATCH", "/api/settings", { phone: "+62 1" });
    await card("Property name").getByRole("button", { name: "Save" }).click();
    await page.getByText("Someone else changed this while").waitFor();
    assert.equal(await page.getByLabel("Address").inputValue(), "Typed while another desk saves");
    await page.getByLabel("New entry in Booking sources").fill("Radio");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Actions for Radio" }).click();
    await page.getByRole("button", { name: "Deactivate" }).click();
    await page.locator("li").filter({ hasText: "Radio" }).getByText("inactive").waitFor();
    assert.deepEqual(unexpected(complaints, /409.*\/api\/settings/), []);
    await close();
  });

  test("the audit trail says who changed what, and from what to what", async () => {
    const guest = await hotel.desk.post("/api/guests", { full_name: "Audited Ada" });
    await hotel.desk.send("PATCH", `/api/guests/${guest.id}`, { email: "ada@example.com" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/activity");
    await page.getByLabel("Subject").selectOption("guest");
    const row = page.locator("tr").filter({ hasText: "Audited Ada" }).filter({ hasText: "Changed" });
    await row.getByText("E-mail: – → ada@example.com").waitFor();
    await row.getByText("admin").waitFor();
    await row.getByRole("link", { name: /Audited Ada/ }).click();
    await page.getByRole("heading", { level: 1, name: "Audited Ada" }).waitFor();
    const { rooms } = await hotel.desk.addRooms("Audited Double", "AUD", "971-972");
    const stay = await hotel.desk.book("Audited Abe", { room_id: rooms[0].id });
    await hotel.desk.post("/api/payments", { reservation_id: stay.id, amount: 1000, payment_method: "cash" });
    await hotel.desk.post(`/api/reservations/${stay.id}/check-in`, {});
    await page.goto("/activity");
    const named = page.getByRole("link", { name: `Reservation ${stay.confirmation_number} · Audited Abe` });
    for (const what of ["Created", "Payment taken", "Checked in"])
      await page.locator("tr").filter({ hasText: what }).filter({ has: named }).waitFor();
    assert.equal(await page.getByRole("link", { name: /Reservation (#|\d{3}$)/ }).count(), 0);
    await page.goto("/activity");
    const signed_in = page.locator("tr").filter({ hasText: "Signed in" }).first();
    await signed_in.getByText("Account admin").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("cancelling costs more the later it is, in steps that fall; percent is asked of a fee in percent only", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/settings");
    await settled(page);
    const { policy: before } = await hotel.desk.get("/api/settings");
    const percent = page.locator("[data-field='policy.no_show_fee_percent']");
    await page.getByLabel("No-show fee").selectOption("first_night");
    await percent.waitFor({ state: "hidden" });
    await page.getByLabel("No-show fee").selectOption("percent");
    await percent.waitFor();
    const card = page.locator("section.card").filter({ hasText: "Cancellation, no-show and deposit" });
    await percent.locator("input").fill("12,5");
    await card.getByLabel("Hours before").fill("168");
    await card.getByRole("button", { name: "Add a fee" }).click();
    await card.getByLabel("Hours before").nth(1).fill("200");
    await card.getByRole("button", { name: "Save" }).click();
    await card.locator(".field-error", { hasText: "Must be less than in the step before." }).waitFor();
    await card.getByLabel("Hours before").nth(1).fill("24");
    await card.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved").first().waitFor();
    const { policy } = await hotel.desk.get("/api/settings");
    assert.deepEqual(
      [policy.cancellation.map((step) => step.hours_before), policy.no_show_fee_percent],
      [[168, 24], 12.5],
    );
    await hotel.desk.send("PATCH", "/api/settings", { policy: before });
    assert.deepEqual(unexpected(complaints, /422.*\/api\/settings/), []);
    await close();
  });

  test("what staff may do alone is set, refused beyond, and told on the exceptions page", async () => {
    const { rooms } = await hotel.desk.addRooms("Guarded Double", "GRD", "961-962");
    const stay = await hotel.desk.book("Guarded Greta", { room_id: rooms[0].id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/settings");
    await settled(page);
    const card = page.locator("section.card").filter({ hasText: "What staff may do alone" });
    const most = card.getByLabel("Allowances, Manager");
    assert.equal(await most.inputValue(), "", "managers have no limit at first");
    await most.fill("2o0");
    await card.getByRole("button", { name: "Save" }).click();
    await card.locator(".field-error").filter({ hasText: "Enter an amount in figures." }).waitFor();
    await most.fill("20000");
    await card.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved").first().waitFor();
    await hotel.desk.post("/api/users", {
      username: "greta",
      full_name: "Greta",
      role: "manager",
      password: "a long enough word",
    });
    const manager = await openPage(hotel.browser, hotel.url);
    await signIn(manager.page, "greta", "a long enough word");
    await manager.page.goto(`/reservations/${stay.id}`);
    await settled(manager.page);
    await manager.page.locator("[data-key=charge]").click();
    const dialog = manager.page.getByRole("dialog");
    await dialog.getByLabel("Description").fill("Noise at night");
    await dialog.getByLabel("Type").selectOption("allowance");
    await dialog.getByLabel("Unit price").fill("25000");
    await dialog.locator("[type=submit]").click();
    const refusal = dialog.locator(".form-error").filter({ hasText: "up to IDR 20,000; ask the owner." });
    await refusal.waitFor();
    await dialog.getByLabel("Unit price").fill("15000");
    await dialog.locator("[type=submit]").click();
    await dialog.waitFor({ state: "detached" });
    await manager.close();
    await page.goto("/activity");
    await page.getByRole("link", { name: "Exceptions" }).click();
    await page.getByRole("heading", { level: 1, name: "Exceptions" }).waitFor();
    await page.getByLabel("Kind").selectOption("allowance");
    const row = page.locator("tr").filter({ hasText: "Guarded Greta" });
    await row.getByText("15,000").waitFor();
    await row.getByText("Noise at night").waitFor();
    await row.getByText("greta", { exact: true }).waitFor();
    await page.getByLabel("Kind").selectOption("waived_fee");
    await page.getByText("No exceptions found").waitFor();
    await hotel.desk.send("PATCH", "/api/settings/limits", {
      limits: [{ kind: "allowance", manager_amount: null }],
    });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a backup that is late is said on Today, and one is made by a click", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    // A demo hotel's backup is never late: the answer alone is changed, as a hotel's would be.
    await page.route("**/api/dashboard/today*", async (route) => {
      const response = await route.fetch();
      const today = await response.json();
      today.backup.overdue_at = "2025-01-01T00:00:00.000Z";
      await route.fulfill({ response, json: today });
    });
    await page.goto("/");
    await page.getByText("No backup for more than 26 hours").waitFor();
    await page.goto("/system");
    await page.getByRole("button", { name: "Back up now" }).click();
    await page.getByText("Backup made and checked").waitFor();
    await page.locator(".tile").filter({ hasText: "Last backup" }).getByText(/^now$|minutes? ago/).waitFor();
    assert.equal((await hotel.desk.get("/api/backups")).total, 1);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("one sees where one is signed in, and ends it elsewhere", async () => {
    const account = { username: "roamer", full_name: "Roman Roamer", role: "receptionist", password: "two desks at once" };
    await hotel.desk.post("/api/users", account);
    const [here, there] = await Promise.all([0, 1].map(() => openPage(hotel.browser, hotel.url)));
    for (const { page } of [there, here]) await signIn(page, "roamer", "two desks at once");
    await here.page.getByRole("button", { name: /Receptionist/ }).click();
    await here.page.getByRole("button", { name: "Where you are signed in" }).click();
    const dialog = here.page.getByRole("dialog", { name: "Where you are signed in" });
    await dialog.getByText("Chrome · Linux · 127.0.0.1").first().waitFor();
    await dialog.locator("li").filter({ hasText: "this device" }).waitFor();
    await dialog.getByRole("button", { name: "Sign out" }).click();
    await dialog.getByRole("button", { name: "Sign out" }).waitFor({ state: "detached" });
    assert.equal(await dialog.locator("li").count(), 1);
    await there.page.goto("/guests");
    await there.page.getByLabel("Password").waitFor();
    assert.deepEqual(here.complaints, []);
    await Promise.all([here.close(), there.close()]);
  });

  test("whose work it is made of stands behind the account's menu", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.getByRole("button", { name: /Owner/ }).click();
    await page.getByRole("button", { name: "Licences" }).click();
    await page.getByRole("heading", { level: 1, name: "Licences" }).waitFor();
    const text = await page.locator("pre").textContent();
    for (const name of ["SQLite", "tiny_http", "rusqlite", "Apache License"]) assert.ok(text.includes(name), name);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("the system page tells how the programme is, and when it warns is changed there", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/system");
    await settled(page);
    const system = await hotel.desk.get("/api/system");
    await page.locator(".tile").filter({ hasText: "Version" }).getByText(system.version).waitFor();
    assert.equal(await page.getByText("Slow database statements").isVisible(), false, "folded away");
    await page.getByText("Diagnostics").click();
    await page.getByText("Slow database statements").waitFor();
    await page.getByRole("button", { name: "When to warn" }).click();
    const dialog = page.getByRole("dialog", { name: "When to warn" });
    await dialog.getByLabel("Last backup older than (hours)").fill("48");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    assert.equal((await hotel.desk.get("/api/system")).thresholds.backup_age_hours, 48);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("who may only read sees the house and no button that changes it", async () => {
    const account = {
      username: "reader",
      full_name: "Rita Reader",
      role: "read_only",
      password: "only to read",
    };
    await hotel.desk.post("/api/users", account);
    const stay = (await hotel.desk.get("/api/reservations/in-house")).items[0];
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page, "reader", "only to read");
    await settled(page);
    const places = await page.locator(".sidebar .places .place").allTextContents();
    assert.deepEqual(places, [
      "Today",
      "Chart",
      "Reservations",
      "Groups",
      "Guests",
      "Housekeeping",
      "Payments",
      "Invoices",
      "Companies",
      "Prices",
      "Statistics",
      "Reports",
      "Activity",
    ]);
    const changing =
      /^(New booking|Check in|Check out|Take payment|Edit|Charge|Payment|New guest|Clean$|Problem$)/;
    for (const address of [
      "/",
      `/reservations/${stay.id}`,
      `/guests/${stay.guest_id}`,
      "/guests",
      "/housekeeping",
    ]) {
      await page.goto(address);
      await settled(page);
      const names = await page.locator("button, a.button").allTextContents();
      assert.deepEqual(
        names.filter((name) => changing.test(name.trim())),
        [],
        address,
      );
    }
    await page.goto("/settings");
    await page.getByRole("heading", { level: 1, name: "Today" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}

/** Chromium notes each refusal that the server gives; those a flow provokes are not complaints. */
const unexpected = (complaints, provoked) =>
  complaints.filter((line) => !(/Failed to load resource/.test(line) && new RegExp(provoked).test(line)));
