import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, signIn } from "../browser.mjs";
import { Desk, OWN_PASSWORD, startInnkeeper } from "../innkeeper.mjs";

export function liveFlows(hotel) {
  test("what one desk does appears at the other without a reload", async () => {
    const { rooms } = await hotel.desk.addRooms("Live Double", "LID", "771-772");
    const one = await openPage(hotel.browser, hotel.url);
    const other = await openPage(hotel.browser, hotel.url);
    await signIn(one.page);
    await signIn(other.page);
    await settled(other.page);
    const stay = await hotel.desk.book("Live Lina", { room_id: rooms[0].id });
    await other.page.getByRole("button", { name: "Check in Live Lina" }).waitFor();
    await other.page.goto(`/reservations/${stay.id}`);
    await settled(other.page);
    await one.page.getByRole("button", { name: "Check in Live Lina" }).click();
    await one.page.getByRole("button", { name: "Check in", exact: true }).click();
    await other.page.locator(".page-head .status-checked_in").waitFor();
    await one.page.goto(`/chart?room_id=${rooms[0].id}`);
    await one.page.locator(".bar.status-checked_in", { hasText: "Live Lina" }).waitFor();
    await hotel.desk.post(`/api/reservations/${stay.id}/move`, { room_id: rooms[1].id });
    await one.page.locator(`[data-row="room-${rooms[1].id}"] .bar`, { hasText: "Live Lina" }).waitFor();
    assert.deepEqual([...one.complaints, ...other.complaints], []);
    await one.close();
    await other.close();
  });

  test("a form that is opened while the page looks again stays open", async () => {
    const { id } = await hotel.desk.post("/api/guests", { full_name: "Opened Olga" });
    const { page, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/guests/${id}`);
    await settled(page);
    let letGo = () => {};
    const held = new Promise((resolve) => (letGo = resolve));
    const is_guest = (request) => request.url().endsWith(`/api/guests/${id}`);
    await page.route(`**/api/guests/${id}`, async (route) => {
      await held;
      await route.continue();
    });
    const asked = page.waitForRequest(is_guest);
    await hotel.desk.send("PATCH", `/api/guests/${id}`, { notes: "Early riser" });
    await asked;
    await page.getByRole("button", { name: "Edit" }).click();
    const phone = page.getByLabel("Phone");
    await phone.waitFor();
    const answered = page.waitForResponse((response) => is_guest(response.request()));
    await phone.focus();
    letGo();
    await answered;
    await settled(page);
    assert.ok(await phone.isVisible());
    // It holds what is stored now, and whoever was in a field of it still is.
    assert.equal(await page.getByLabel("Notes").inputValue(), "Early riser");
    assert.equal(await phone.evaluate((field) => field === document.activeElement), true);
    await phone.fill("+62 811 222");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("link", { name: "+62 811 222" }).waitFor();
    await close();
  });

  test("a press that a change elsewhere falls into is still a click", async () => {
    const { name } = await hotel.desk.get("/api/settings");
    const { rooms } = await hotel.desk.addRooms("Pressed Double", "PRD", "775-776");
    const stay = await hotel.desk.book("Paula Pressed", { room_id: rooms[0].id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await settled(page);
    const asked = (path) => page.waitForResponse((response) => new URL(response.url()).pathname === path);
    const shown = () => page.evaluate(() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go))));
    const press = async (locator) => {
      const { x, y, width, height } = await locator.boundingBox();
      await page.mouse.move(x + width / 2, y + height / 2);
      await page.mouse.down();
    };
    // In the sidebar, where the name of who is signed in is written anew.
    await press(page.locator(".user-name").filter({ visible: true }));
    const read = asked("/api/settings");
    await hotel.desk.send("PATCH", "/api/settings", { name: "Hotel Under a Finger" });
    await (await read).finished();
    await shown();
    await page.mouse.up();
    await page.getByRole("button", { name: "Sign out", exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".sidebar .brand", { hasText: "Hotel Under a Finger" }).waitFor();
    // In a list, whose rows come anew.
    const button = page.getByRole("button", { name: "Check in Paula Pressed" });
    await button.scrollIntoViewIfNeeded();
    await press(button);
    const list = asked("/api/reservations/arrivals");
    await hotel.desk.book("Peter Pressed", { room_id: rooms[1].id });
    await (await list).finished();
    await shown();
    await page.mouse.up();
    await page.getByRole("button", { name: "Check in", exact: true }).click();
    await page.getByText(/Paula Pressed.*checked in/i).first().waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).status, "checked_in");
    await hotel.desk.send("PATCH", "/api/settings", { name });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a form being filled in is left alone when something changes elsewhere", async () => {
    const { rooms } = await hotel.desk.addRooms("Calm Double", "CLD", "781-782");
    const stay = await hotel.desk.book("Calm Carl", { room_id: rooms[0].id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.locator("[data-key=edit-stay]").click();
    await page.getByLabel("Special requests").fill("Half typed");
    await hotel.desk.post("/api/payments", {
      reservation_id: stay.id,
      amount: 100000,
      payment_method: "cash",
      payment_type: "downpayment",
    });
    await page.locator(".folio .is-payment").waitFor();
    assert.equal(await page.getByLabel("Special requests").inputValue(), "Half typed");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a server that goes away says so, keeps what was typed, and the booking goes on once it is back", async () => {
    const empty = await startInnkeeper(["serve"]);
    const desk = new Desk(empty.url);
    const account = { username: "admin", full_name: "Ada Owner", password: OWN_PASSWORD };
    await desk.post("/api/setup", {
      property_name: "Pension Phoenix",
      currency: "EUR",
      time_zone: "Europe/Vienna",
      ...account,
    });
    desk.password = OWN_PASSWORD;
    await (await desk.signIn()).addRooms("Phoenix Double", "PHX", "101-104");
    const { page, close } = await openPage(hotel.browser, empty.url);
    await signIn(page, "admin", OWN_PASSWORD);
    await page.goto("/reservations/new");
    await page.getByRole("radio", { name: /Phoenix Double/ }).waitFor();
    await page.getByLabel("Name", { exact: true }).fill("Persistent Petra");
    await empty.kill();
    await page.getByText("Connection lost.").waitFor();
    await page.getByRole("button", { name: "Save booking" }).click();
    await page.locator(".form-error", { hasText: "is not responding" }).waitFor();
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Persistent Petra");
    const again = await startInnkeeper(["serve"], { folder: empty.folder, listen: new URL(empty.url).host });
    await page.getByText("Connection lost.").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Save booking" }).click();
    await page.getByRole("heading", { level: 1, name: /Persistent Petra/ }).waitFor();
    desk.token = "";
    await desk.signIn();
    assert.equal((await desk.get("/api/reservations?q=Persistent")).total, 1);
    // A page that was never open cannot come either; it says why, and comes by itself.
    await again.kill();
    await page.getByText("Connection lost.").waitFor();
    await page.getByRole("link", { name: "Statistics" }).click();
    await page.locator("main", { hasText: "Innkeeper is not responding." }).waitFor();
    const last = await startInnkeeper(["serve"], { folder: empty.folder, listen: new URL(empty.url).host });
    await page.getByRole("heading", { level: 1, name: "Statistics" }).waitFor();
    await close();
    await last.stop();
  });
}
