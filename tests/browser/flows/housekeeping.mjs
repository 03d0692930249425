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
    await page.getByText(/room(s)? finished/).waitFor();
    assert.equal((await hotel.desk.get(`/api/rooms/${room.id}`)).housekeeping, "clean");
    await page.getByRole("button", { name: "Undo in room 801" }).click();
    await page.getByText(/room(s)? finished/).waitFor({ state: "detached" });
    assert.equal((await hotel.desk.get(`/api/rooms/${room.id}`)).housekeeping, "dirty");
    await page.getByRole("button", { name: "Room 801 is Inspected" }).click();
    await page.getByText(/room(s)? finished/).waitFor();
    assert.equal((await hotel.desk.get(`/api/rooms/${room.id}`)).housekeeping, "inspected");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a room that is done, here or elsewhere, leaves the cards below where the thumb finds them", async () => {
    const { rooms } = await hotel.desk.addRooms("Still Double", "STL", "831-834");
    const dirty = (room) => hotel.desk.send("PUT", `/api/rooms/${room.id}/status`, { housekeeping: "dirty" });
    for (const room of rooms.slice(0, 3)) await dirty(room);
    await addMaid(hotel, "maid-four");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { size: PHONE, touch: true });
    await signIn(page, "maid-four", PASSWORD);
    const clean = (number) => page.getByRole("button", { name: `Room ${number} is Clean` });
    await clean(833).waitFor();
    await settled(page);
    // Where the cards stand on the page, however far it is scrolled.
    const places = () =>
      page.locator(".task").evaluateAll((cards) => {
        const { top } = document.querySelector("main").getBoundingClientRect();
        return cards.map((card) => `${card.querySelector("h2").textContent} ${Math.round(card.getBoundingClientRect().top - top)}`);
      });
    const before = await places();
    await clean(831).tap();
    await page.getByText("1 room finished").waitFor();
    assert.deepEqual(await places(), before, "after Clean");
    assert.equal(await page.locator("toast-list > *").count(), 0, "nothing lies over the cards");
    await hotel.desk.send("PUT", `/api/rooms/${rooms[1].id}/status`, { housekeeping: "inspected" });
    await page.getByText("2 rooms finished").waitFor();
    assert.deepEqual(await places(), before, "after another's change");
    await dirty(rooms[3]);
    await clean(834).waitFor();
    assert.deepEqual((await places()).slice(0, before.length), before, "a new room goes below");
    await page.getByRole("button", { name: "Hide" }).click();
    await clean(831).waitFor({ state: "detached" });
    assert.equal(await clean(832).count(), 0);
    assert.equal(await clean(833).count(), 1);
    for (const room of rooms) await hotel.desk.send("PUT", `/api/rooms/${room.id}/status`, { housekeeping: "clean" });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a turnover says whether the guest has left", async () => {
    const { rooms } = await hotel.desk.addRooms("Turning Double", "TRD", "841-842");
    const leaving = await hotel.desk.book("Leaving Leo", { room_id: rooms[0].id });
    await hotel.desk.post(`/api/reservations/${leaving.id}/check-in`, {});
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    // The board of a day on which one guest leaves and another comes: the answer alone is changed.
    let occupancy = "occupied";
    await page.route("**/api/housekeeping*", async (route) => {
      const response = await route.fetch();
      const board = await response.json();
      const task = board.items.find((one) => one.room_number === "841");
      Object.assign(task, { duty: "turnover", occupancy, is_open: true, housekeeping: "dirty" });
      await route.fulfill({ response, json: board });
    });
    const task = page.locator(".task").filter({ hasText: "841" });
    await page.goto("/housekeeping");
    await task.getByText("Guest still here").waitFor();
    occupancy = "vacant";
    await page.goto("/housekeeping");
    await task.getByText("Guest has left").waitFor();
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
