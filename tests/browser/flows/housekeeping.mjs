import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, PHONE, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE } from "../innkeeper.mjs";

const PASSWORD = "a maid's password";

export function housekeepingFlows(hotel) {
  test("a housekeeper's phone opens on her rooms and goes nowhere else", async () => {
    await addMaid(hotel, "maid-one");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { size: PHONE });
    await signIn(page, "maid-one", PASSWORD);
    await page.getByRole("heading", { level: 1, name: "Housekeeping" }).waitFor();
    await settled(page);
    for (const address of ["/", "/reservations", "/payments", "/settings", "/print/arrivals"]) {
      await page.goto(address);
      await page.getByRole("heading", { level: 1, name: "Housekeeping" }).waitFor();
      assert.equal(new URL(page.url()).pathname, "/housekeeping", address);
    }
    await settled(page);
    assert.equal(await page.getByRole("link", { name: "New booking" }).count(), 0);
    assert.equal(await page.locator(".bottom-bar").count(), 0, "one place needs no bar");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a room is cleaned and inspected with a thumb, and a slip is taken back", async () => {
    const { rooms } = await hotel.desk.addRooms("Thumb Double", "THD", "801-802");
    const [room] = rooms;
    await addMaid(hotel, "maid-two");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { size: PHONE });
    await signIn(page, "maid-two", PASSWORD);
    await settled(page);
    // Another desk finds it dirty: it appears by itself.
    await hotel.desk.send("PUT", `/api/rooms/${room.id}/status`, { housekeeping: "dirty" });
    const clean = page.getByRole("button", { name: "Room 801 is Clean" });
    await clean.waitFor();
    const box = await clean.boundingBox();
    assert.ok(box.height >= 56 && box.width >= 80, `a thumb needs more than ${box.width}×${box.height}`);
    await clean.click();
    await page.getByText("Room 801: Clean.").waitFor();
    assert.equal((await hotel.desk.get(`/api/rooms/${room.id}`)).housekeeping, "clean");
    await page.getByRole("button", { name: "Undo" }).click();
    await clean.waitFor();
    assert.equal((await hotel.desk.get(`/api/rooms/${room.id}`)).housekeeping, "dirty");
    await page.getByRole("button", { name: "Room 801 is Inspected" }).click();
    await page.getByText("Room 801: Inspected.").waitFor();
    assert.equal((await hotel.desk.get(`/api/rooms/${room.id}`)).housekeeping, "inspected");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a housekeeper reports a problem as a note and as out of service, but takes no room from sale", async () => {
    const { rooms } = await hotel.desk.addRooms("Problem Double", "PBD", "811-812");
    for (const room of rooms)
      await hotel.desk.send("PUT", `/api/rooms/${room.id}/status`, { housekeeping: "dirty" });
    await addMaid(hotel, "maid-three");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { size: PHONE });
    await signIn(page, "maid-three", PASSWORD);
    await page.getByRole("button", { name: "Report a problem in room 811" }).click();
    const report = page.getByRole("dialog", { name: "Report a problem in room 811" });
    assert.equal(await report.getByText("Out of order").count(), 0);
    await report.getByLabel("What is the problem?").fill("The tap drips");
    await report.getByRole("button", { name: "Report" }).click();
    await page.locator(".task").filter({ hasText: "The tap drips" }).waitFor();
    await page.getByRole("button", { name: "Report a problem in room 812" }).click();
    const second = page.getByRole("dialog", { name: "Report a problem in room 812" });
    await second.getByLabel("Out of service").check();
    await second.getByLabel("What is the problem?").fill("No hot water");
    await second.getByRole("button", { name: "Report" }).click();
    await page.locator(".task").filter({ hasText: "Out of service: No hot water" }).waitFor();
    const { items } = await hotel.desk.get(`/api/rooms/${rooms[1].id}/blocks`);
    assert.deepEqual([items[0].kind, items[0].start_date], ["out_of_service", BUSINESS_DATE]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("what housekeeping saw is told to the desk, by keyboard alone", async () => {
    const { rooms } = await hotel.desk.addRooms("Sleep Double", "SLP", "821-822");
    await hotel.desk.send("PUT", `/api/rooms/${rooms[0].id}/status`, { housekeeping: "dirty" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/housekeeping");
    await settled(page);
    await page.getByRole("button", { name: "Actions for Room 821" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Report as occupied" }).focus();
    await page.keyboard.press("Enter");
    const task = page.locator(".task").filter({ hasText: "821" });
    await task.getByText("Housekeeping: occupied.").waitFor();
    await page.getByRole("button", { name: "Problems" }).focus();
    await page.keyboard.press("Space");
    await task.waitFor();
    assert.equal((await hotel.desk.get(`/api/rooms/${rooms[0].id}`)).discrepancy, "sleep");
    assert.deepEqual(complaints, []);
    await close();
  });
}

const addMaid = (hotel, username) =>
  hotel.desk.post("/api/users", {
    username,
    full_name: "Maid Marian",
    role: "housekeeper",
    password: PASSWORD,
  });
