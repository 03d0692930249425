import assert from "node:assert/strict";
import { test } from "node:test";
import { dateIn, openPage, settled, signIn } from "../browser.mjs";
import { addDays, BUSINESS_DATE } from "../innkeeper.mjs";

/** The middle of a day in a room's row, where a mouse would point. */
async function spot(page, room_id, date) {
  const track = page.locator(`[data-row="room-${room_id}"]`);
  await track.scrollIntoViewIfNeeded();
  const box = await track.boundingBox();
  const days = 14;
  const from = addDays(BUSINESS_DATE, -1);
  const column = Math.round((Date.parse(date) - Date.parse(from)) / 86_400_000);
  return { x: box.x + ((column + 0.7) * box.width) / days, y: box.y + box.height / 2 };
}

async function openChart(hotel, page, room_id) {
  await signIn(page);
  await page.goto("/chart?days=14");
  await page.locator(`[data-row="room-${room_id}"]`).scrollIntoViewIfNeeded();
  await settled(page);
}

export function chartFlows(hotel) {
  test("dragging a bar to another room moves the stay and the undo brings it back", async () => {
    const { rooms } = await hotel.desk.addRooms("Drag Double", "DRD", "701-703");
    const from = addDays(BUSINESS_DATE, 2);
    const stay = await hotel.desk.book("Dragged Dagmar", {
      room_id: rooms[0].id,
      check_in_date: from,
      check_out_date: addDays(from, 3),
    });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await openChart(hotel, page, rooms[2].id);
    const start = await spot(page, rooms[0].id, addDays(from, 1));
    const end = await spot(page, rooms[1].id, addDays(from, 1));
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move(end.x, end.y, { steps: 6 });
    await page.locator(".bar-ghost", { hasText: "Room 702" }).waitFor();
    await page.mouse.up();
    await page.locator(`[data-row="room-${rooms[1].id}"] .bar`, { hasText: "Dagmar" }).waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).room_number, "702");
    await page.getByRole("button", { name: "Undo" }).click();
    await page.locator(`[data-row="room-${rooms[0].id}"] .bar`, { hasText: "Dagmar" }).waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).room_number, "701");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("dragging a bar sideways changes the dates, and Esc lets it fall back", async () => {
    const { rooms } = await hotel.desk.addRooms("Shift Double", "SHD", "711-712");
    const from = addDays(BUSINESS_DATE, 2);
    const stay = await hotel.desk.book("Shifted Sven", {
      room_id: rooms[0].id,
      check_in_date: from,
      check_out_date: addDays(from, 2),
    });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { size: { width: 1366, height: 520 } });
    await openChart(hotel, page, rooms[1].id);
    const start = await spot(page, rooms[0].id, addDays(from, 1));
    const later = await spot(page, rooms[0].id, addDays(from, 4));
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move(later.x, later.y, { steps: 6 });
    await page.locator(".bar-ghost").waitFor();
    // Held still at the edge, the chart goes on to its last room.
    const tape = await page.locator(".tape").boundingBox();
    await page.mouse.move(later.x, tape.y + tape.height - 10, { steps: 2 });
    await page.waitForFunction(() => {
      const { scrollTop, clientHeight, scrollHeight } = document.querySelector(".tape");
      return scrollTop + clientHeight >= scrollHeight - 1;
    });
    await page.keyboard.press("Escape");
    await page.locator(".bar-ghost").waitFor({ state: "detached" });
    await page.mouse.up();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).check_in_date, from);
    const again = await spot(page, rooms[0].id, addDays(from, 1));
    await page.mouse.move(again.x, again.y);
    await page.mouse.down();
    await page.mouse.move(again.x + later.x - start.x, again.y, { steps: 6 });
    await page.mouse.up();
    await page.getByRole("button", { name: "Undo" }).waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).check_in_date, addDays(from, 3));
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Shifted Sven: move undone.").waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).check_in_date, from);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a place that is taken refuses the bar and says by whom", async () => {
    const { rooms } = await hotel.desk.addRooms("Taken Double", "TKD", "721-722");
    const from = addDays(BUSINESS_DATE, 2);
    const dates = { check_in_date: from, check_out_date: addDays(from, 3) };
    const stay = await hotel.desk.book("Mover Milena", { room_id: rooms[0].id, ...dates });
    await hotel.desk.book("Sitter Sigrid", { room_id: rooms[1].id, ...dates });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await openChart(hotel, page, rooms[1].id);
    const start = await spot(page, rooms[0].id, addDays(from, 1));
    const end = await spot(page, rooms[1].id, addDays(from, 1));
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move(end.x, end.y, { steps: 6 });
    await page.locator(".bar-ghost.is-refused", { hasText: "Sitter Sigrid" }).waitFor();
    await page.mouse.up();
    await page.locator(".bar-ghost").waitFor({ state: "detached" });
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).room_number, "721");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("dragging over free days starts a booking with dates and room filled in", async () => {
    const { rooms } = await hotel.desk.addRooms("Draw Double", "DWD", "731-732");
    const from = addDays(BUSINESS_DATE, 3);
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await openChart(hotel, page, rooms[1].id);
    const start = await spot(page, rooms[0].id, from);
    const end = await spot(page, rooms[0].id, addDays(from, 2));
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move(end.x, end.y, { steps: 6 });
    await page.mouse.up();
    await page.getByRole("heading", { level: 1, name: "New booking" }).waitFor();
    assert.equal(await dateIn(page.getByLabel("Arrival", { exact: true })), from);
    assert.equal(await dateIn(page.getByLabel("Departure")), addDays(from, 2));
    await page.getByLabel("731").waitFor();
    assert.equal(await page.getByLabel("731").isChecked(), true);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a walk-in goes from the chart to checked in and paid in a handful of steps", async () => {
    const { rooms } = await hotel.desk.addRooms("Quick Double", "QKD", "9061-9062");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await openChart(hotel, page, rooms[1].id);
    let interactions = 0;
    const step = (/** @type {Promise<unknown>} */ done) => {
      interactions += 1;
      return done;
    };
    const { x, y } = await spot(page, rooms[0].id, BUSINESS_DATE);
    await step(page.mouse.click(x, y));
    await page.getByRole("radio", { name: "9061" }).waitFor();
    await step(page.getByLabel("Name", { exact: true }).fill("Quick Quentin"));
    await step(page.getByRole("button", { name: "Full amount" }).click());
    await step(page.getByLabel("Card", { exact: true }).check());
    await step(page.getByRole("button", { name: "Save and check in" }).click());
    await page.locator(".page-head .status-checked_in").waitFor();
    const { items } = await hotel.desk.get("/api/reservations?q=Quick%20Quentin");
    assert.deepEqual([items[0].room_number, items[0].total_paid, items[0].balance], ["9061", 500000, 0]);
    assert.ok(interactions <= 12, `${interactions} interactions`);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("the price of a longer stay is told before the edge is dropped, a guest in the house moves", async () => {
    const { rooms } = await hotel.desk.addRooms("Price Double", "PRD", "9071-9073");
    const stay = await hotel.desk.book("Pricey Paula", { room_id: rooms[0].id });
    await hotel.desk.post(`/api/reservations/${stay.id}/check-in`, {});
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await openChart(hotel, page, rooms[2].id);
    const bar = await page.locator(".bar", { hasText: "Pricey Paula" }).boundingBox();
    const later = await spot(page, rooms[0].id, addDays(BUSINESS_DATE, 4));
    await page.mouse.move(bar.x + bar.width - 3, bar.y + bar.height / 2);
    await page.mouse.down();
    await page.mouse.move(later.x, later.y, { steps: 6 });
    await page.locator(".bar-ghost", { hasText: /\+Rp.1.000.000/ }).waitFor();
    await page.locator(`[data-row="room-${rooms[1].id}"].is-fit`).waitFor();
    await page.mouse.up();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Pricey Paula: move undone.").waitFor();
    const start = await spot(page, rooms[0].id, BUSINESS_DATE);
    const end = await spot(page, rooms[1].id, BUSINESS_DATE);
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move(end.x, end.y, { steps: 6 });
    await page.locator(".bar-ghost", { hasText: "same price" }).waitFor();
    await page.mouse.up();
    await page.locator(`[data-row="room-${rooms[1].id}"] .bar`, { hasText: "Pricey Paula" }).waitFor();
    const now = await hotel.desk.get(`/api/reservations/${stay.id}`);
    assert.deepEqual([now.room_number, now.nights, now.status], ["9072", 2, "checked_in"]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard a stay in the hand gets a later departure; Ctrl+Z takes it back; floors group the rooms", async () => {
    const { rooms } = await hotel.desk.addRooms("Longer Double", "LGD", "9081-9082");
    const stay = await hotel.desk.book("Longer Lola", { room_id: rooms[0].id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/chart?days=14&room_id=${rooms[0].id}`);
    await page.locator(".bar:focus", { hasText: "Longer Lola" }).waitFor();
    await page.keyboard.press("m");
    await page.keyboard.press("Shift+ArrowRight");
    await page.locator(".bar-ghost", { hasText: /\+Rp.500.000/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Undo" }).waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).nights, 3);
    await page.keyboard.press("Control+z");
    await page.getByText("Longer Lola: move undone.").waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).nights, 2);
    await page.getByLabel("By floor").focus();
    await page.keyboard.press("Space");
    await page.getByRole("heading", { name: /Floor \d/ }).first().waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard the arrival alone moves, never into the past, and ? tells all keys", async () => {
    const { rooms } = await hotel.desk.addRooms("Early Double", "EYD", "9101-9102");
    const from = addDays(BUSINESS_DATE, 1);
    const stay = await hotel.desk.book("Early Elin", {
      room_id: rooms[0].id,
      check_in_date: from,
      check_out_date: addDays(from, 3),
    });
    const dates = async () => {
      const now = await hotel.desk.get(`/api/reservations/${stay.id}`);
      return [now.check_in_date, now.check_out_date];
    };
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/chart?days=14&room_id=${rooms[0].id}`);
    await page.locator(".tape-cursor:focus").waitFor();
    await page.keyboard.press("ArrowRight");
    await page.locator(".bar:focus", { hasText: "Early Elin" }).waitFor();
    await page.keyboard.press("m");
    await page.getByText("Ctrl+← → arrival").waitFor();
    await page.keyboard.press("Control+ArrowRight");
    await page.locator(".bar-ghost", { hasText: /−Rp.500.000/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Undo" }).waitFor();
    assert.deepEqual(await dates(), [addDays(from, 1), addDays(from, 3)]);
    await page.keyboard.press("Control+z");
    await page.getByText("Early Elin: move undone.").waitFor();
    assert.deepEqual(await dates(), [from, addDays(from, 3)]);
    await page.locator(`[data-row="room-${rooms[0].id}"] .bar`, { hasText: "Early Elin" }).focus();
    await page.keyboard.press("m");
    await page.keyboard.press("Control+ArrowLeft");
    await page.keyboard.press("Control+ArrowLeft");
    await page.locator(".bar-ghost.is-refused", { hasText: "This date has passed" }).waitFor();
    await page.keyboard.press("Escape");
    assert.deepEqual(await dates(), [from, addDays(from, 3)]);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Change arrival only").waitFor();
    await page.keyboard.press("Escape");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a room of another type: its price or the old one is one choice, and the undo gives both back", async () => {
    // Named so that they stand one below the other: both rows have to be in sight for a drag.
    const { rooms } = await hotel.desk.addRooms("Double Plain", "PLD", "9111");
    const { type, rooms: dear } = await hotel.desk.addRooms("Double Dear", "DED", "9112");
    await hotel.desk.send("PATCH", `/api/room-types/${type.id}`, { default_rate: 800000 });
    const from = addDays(BUSINESS_DATE, 2);
    const stay = await hotel.desk.book("Upgraded Uma", {
      room_id: rooms[0].id,
      check_in_date: from,
      check_out_date: addDays(from, 2),
    });
    const now = async () => {
      const { room_number, total_amount } = await hotel.desk.get(`/api/reservations/${stay.id}`);
      return [room_number, total_amount];
    };
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await openChart(hotel, page, dear[0].id);
    const drag = async (to) => {
      const start = await spot(page, rooms[0].id, addDays(from, 1));
      const end = await spot(page, dear[0].id, addDays(to, 1));
      await page.mouse.move(start.x, start.y);
      await page.mouse.down();
      await page.mouse.move(end.x, end.y, { steps: 6 });
      await page.locator(".bar-ghost", { hasText: /\+Rp.600.000/ }).waitFor();
      await page.mouse.up();
    };
    const back = async () => {
      await page.getByRole("button", { name: "Undo" }).last().click();
      await page.getByText("Upgraded Uma: move undone.").last().waitFor();
      await page.locator(`[data-row="room-${rooms[0].id}"] .bar`, { hasText: "Upgraded Uma" }).waitFor();
      assert.deepEqual(await now(), ["9111", 1000000]);
    };
    await drag(from);
    await page.getByRole("button", { name: /Keep the price.*same price/ }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".bar-ghost").waitFor({ state: "detached" });
    assert.deepEqual(await now(), ["9111", 1000000]);
    await drag(from);
    await page.getByRole("button", { name: /Double Dear rate.*\+Rp.600.000/ }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
    assert.deepEqual(await now(), ["9112", 1600000]);
    await back();
    await drag(addDays(from, 2));
    await page.getByRole("button", { name: /Double Dear rate/ }).click();
    await page.locator(`[data-row="room-${dear[0].id}"] .bar`, { hasText: "Upgraded Uma" }).waitFor();
    assert.deepEqual(await now(), ["9112", 1600000]);
    await back();
    const bar = page.locator(`[data-row="room-${rooms[0].id}"] .bar`, { hasText: "Upgraded Uma" });
    await bar.focus();
    await page.keyboard.press("m");
    const is_below = await page.evaluate(
      ([home, other]) => {
        const [at, to] = [home, other].map((id) => document.querySelector(`[data-row="room-${id}"]`));
        return Boolean(at.compareDocumentPosition(to) & Node.DOCUMENT_POSITION_FOLLOWING);
      },
      [rooms[0].id, dear[0].id],
    );
    for (let i = 0; i < 200; i += 1) {
      if (await page.locator(".bar-ghost", { hasText: "Room 9112" }).count()) break;
      await page.keyboard.press(is_below ? "ArrowDown" : "ArrowUp");
    }
    await page.locator(".bar-ghost", { hasText: "Room 9112" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /Keep the price/ }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await page.locator(`[data-row="room-${dear[0].id}"] .bar`, { hasText: "Upgraded Uma" }).waitFor();
    assert.deepEqual(await now(), ["9112", 1000000]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a stay made shorter than its discount asks takes the current rates when that is chosen", async () => {
    const { rooms } = await hotel.desk.addRooms("Double Long", "DLG", "9113");
    const long_stay = { nights: 3, percent: 10 };
    const plan = await hotel.desk.post("/api/rate-plans", { code: "LNG", name: "Three nights", parent_id: 1, offset_kind: "percent", offset_percent: 0, long_stay });
    const from = addDays(BUSINESS_DATE, 2);
    const stay = await hotel.desk.book("Shortened Sven", {
      room_id: rooms[0].id,
      check_in_date: from,
      check_out_date: addDays(from, 3),
      rate_plan_id: plan.id,
    });
    assert.equal(stay.total_amount, 1350000);
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await openChart(hotel, page, rooms[0].id);
    const bar = page.locator(`[data-row="room-${rooms[0].id}"] .bar`, { hasText: "Shortened Sven" });
    await bar.focus();
    await page.keyboard.press("m");
    await page.keyboard.press("Shift+ArrowLeft");
    await page.keyboard.press("Enter");
    const asked = page.getByRole("dialog", { name: "Keep the old price?" });
    await asked.getByLabel("Use current rates").check();
    await asked.getByRole("button", { name: "Save" }).click();
    await asked.waitFor({ state: "detached" });
    const { nights, total_amount } = await hotel.desk.get(`/api/reservations/${stay.id}`);
    assert.deepEqual([nights, total_amount], [2, 1000000]);
    // Other flows book without being asked for a plan.
    await hotel.desk.send("PATCH", `/api/rate-plans/${plan.id}`, { is_active: false });
    assert.deepEqual(complaints.filter((line) => !/409/.test(line)), []);
    await close();
  });

  test("who only reads opens stays on the chart, and nothing of it starts to move or to book", async () => {
    const { rooms } = await hotel.desk.addRooms("Read Double", "RED", "9121-9122");
    const stay = await hotel.desk.book("Steady Stine", { room_id: rooms[0].id });
    await hotel.desk.post("/api/users", {
      username: "looker",
      full_name: "Lotte Looker",
      role: "read_only",
      password: "only-looking-4",
    });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page, "looker", "only-looking-4");
    await page.goto(`/chart?days=14&room_id=${rooms[0].id}`);
    await page.locator(".bar:focus", { hasText: "Steady Stine" }).waitFor();
    await page.keyboard.press("m");
    const start = await spot(page, rooms[0].id, BUSINESS_DATE);
    const end = await spot(page, rooms[1].id, BUSINESS_DATE);
    await page.mouse.move(start.x, start.y);
    await page.mouse.down();
    await page.mouse.move(end.x, end.y, { steps: 6 });
    assert.equal(await page.locator(".bar-ghost").count(), 0);
    await page.mouse.up();
    const free = await spot(page, rooms[1].id, addDays(BUSINESS_DATE, 3));
    await page.mouse.click(free.x, free.y);
    assert.match(page.url(), /\/chart/);
    await page.locator(".bar", { hasText: "Steady Stine" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /Steady Stine/ }).waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).room_number, "9121");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a booking is made from the chart by keyboard alone", async () => {
    const { rooms } = await hotel.desk.addRooms("Key Double", "KYD", "741-742");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/chart?days=14&room_id=${rooms[0].id}`);
    await page.locator(".tape-cursor:focus").waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "New booking" }).waitFor();
    await page.getByLabel("742").waitFor();
    assert.equal(await dateIn(page.getByLabel("Arrival", { exact: true })), addDays(BUSINESS_DATE, 1));
    assert.equal(await dateIn(page.getByLabel("Departure")), addDays(BUSINESS_DATE, 3));
    await tabTo(page, "full_name");
    await page.keyboard.type("Keyboard Kim");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /Keyboard Kim/ }).waitFor();
    const { items } = await hotel.desk.get("/api/reservations?q=Keyboard%20Kim");
    assert.deepEqual([items[0].room_number, items[0].nights], ["742", 2]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a stay is picked up, carried to another room and put down by keyboard", async () => {
    const { rooms } = await hotel.desk.addRooms("Carry Double", "CRD", "751-752");
    const stay = await hotel.desk.book("Carried Carla", { room_id: rooms[0].id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/chart?days=14&room_id=${rooms[0].id}`);
    await page.locator(".bar:focus", { hasText: "Carried Carla" }).waitFor();
    await page.keyboard.press("m");
    await page.keyboard.press("ArrowDown");
    await page.locator(".bar-ghost", { hasText: "Room 752" }).waitFor();
    await page.keyboard.press("Enter");
    await page.locator(`[data-row="room-${rooms[1].id}"] .bar`, { hasText: "Carried Carla" }).waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).room_number, "752");
    assert.deepEqual(complaints, []);
    await close();
  });
}

/** Walks with Tab until a field has the focus, as a person without a mouse does. */
async function tabTo(page, name) {
  for (let i = 0; i < 60; i += 1) {
    if (await page.evaluate((wanted) => document.activeElement?.getAttribute("name") === wanted, name))
      return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab never reached ${name}`);
}
