// Who should have come or left by the business date, and whoever walks in on such a day.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dateIn, openPage, PHONE, settled, signIn } from "../browser.mjs";
import { addDays, BUSINESS_DATE, Desk, OWN_PASSWORD, startInnkeeper } from "../innkeeper.mjs";
import { sitDown } from "./keyboard.mjs";

/** When they were to leave or to come. */
const DUE = addDays(BUSINESS_DATE, 1);
/** The business date, a day later. */
const NOW = addDays(BUSINESS_DATE, 2);
const TOMORROW = addDays(BUSINESS_DATE, 3);

/**
 * A hotel of its own in which Olga and Omar were to leave yesterday, and Adam, Anna and Tina to come; Tina
 * never confirmed.
 */
async function withOverdue(work) {
  const own = await startInnkeeper(["serve"]);
  try {
    const desk = await new Desk(own.url).setUp("Late Lodge");
    await desk.signIn();
    const { rooms } = await desk.addRooms("Late Double", "LTD", "101-108");
    const book = (name, room, from, to, more = {}) =>
      desk.book(name, { room_id: rooms[room].id, check_in_date: from, check_out_date: to, ...more });
    const stays = {
      olga: await book("Olga Overdue", 0, BUSINESS_DATE, DUE),
      omar: await book("Omar Overdue", 1, BUSINESS_DATE, DUE),
      adam: await book("Adam Awaited", 2, DUE, TOMORROW),
      anna: await book("Anna Awaited", 3, DUE, TOMORROW),
      tina: await book("Tina Tentative", 4, DUE, TOMORROW, { status: "tentative" }),
    };
    for (const { id } of [stays.olga, stays.omar]) await desk.post(`/api/reservations/${id}/check-in`, {});
    for (const date of [BUSINESS_DATE, DUE]) await desk.closeDay(date);
    await work({ url: own.url, desk, stays, rooms });
  } finally {
    await own.stop();
  }
}

const names = (page, list) =>
  page.locator(`.day-list-${list} .stay-row`).evaluateAll((rows) =>
    rows.map((row) => `${row.querySelector(".stay-name").textContent}${row.querySelector(".mark-overdue") ? " overdue" : ""}`),
  );
const row = (page, list, guest) => page.locator(`.day-list-${list} .stay-row`, { hasText: guest });
const stateOf = async (desk, { id }) => {
  const { status, check_out_date } = await desk.get(`/api/reservations/${id}`);
  return [status, check_out_date];
};

export function overdueFlows(hotel) {
  test("overdue arrivals are checked in late, marked as no-shows or cancelled where they are listed", async () => {
    await withOverdue(async ({ url, desk, stays }) => {
      const { page, complaints, close } = await openPage(hotel.browser, url);
      await signIn(page, "admin", OWN_PASSWORD);
      await settled(page);
      assert.deepEqual(await names(page, "arrivals"), [
        "Adam Awaited overdue",
        "Anna Awaited overdue",
        "Tina Tentative overdue",
      ]);
      await page.getByRole("button", { name: "Check in Adam Awaited" }).click();
      await page.getByRole("button", { name: "Check in", exact: true }).click();
      await page.getByText("Adam Awaited is checked in to room 103.").waitFor();
      await page.getByRole("button", { name: "Mark Anna Awaited as a no-show" }).click();
      const no_show = page.getByRole("dialog", { name: /Anna Awaited/ });
      await no_show.getByRole("button", { name: "Mark as no-show" }).click();
      await no_show.waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Cancel the booking of Tina Tentative" }).click();
      const cancel = page.getByRole("dialog", { name: /Tina Tentative/ });
      await cancel.getByRole("button", { name: "Cancel the booking" }).click();
      await cancel.waitFor({ state: "detached" });
      await page.locator(".day-list-arrivals .mark-overdue").first().waitFor({ state: "detached" });
      await page.goto("/reservations");
      await settled(page);
      await page.locator(".chip-overdue").first().waitFor();
      const hidden = await page.locator(".table-card").evaluate((card) => card.scrollWidth - card.clientWidth);
      assert.equal(hidden, 0, "what is overdue takes no column out of sight");
      const states = await Promise.all([stays.adam, stays.anna, stays.tina].map((stay) => stateOf(desk, stay)));
      assert.deepEqual(states.map(([status]) => status), ["checked_in", "no_show", "cancelled"]);
      assert.deepEqual(complaints, []);
      await close();
    });
  });

  test("overdue guests stay on for tonight, with an undo, or leave, on a desk and on a phone", async () => {
    for (const size of [undefined, PHONE])
      await withOverdue(async ({ url, desk, stays }) => {
        const { page, complaints, close } = await openPage(hotel.browser, url, size ? { size } : {});
        await signIn(page, "admin", OWN_PASSWORD);
        await settled(page);
        assert.deepEqual(await names(page, "departures"), ["Olga Overdue overdue", "Omar Overdue overdue"]);
        await page.goto("/statistics");
        await page.getByText("2 nights have no price yet: overdue guests are in the rooms tonight.").waitFor();
        await page.goto("/");
        const stay_on = row(page, "departures", "Olga").getByRole("button", { name: "Let Olga Overdue stay on" });
        await stay_on.click();
        const dialog = page.getByRole("dialog", { name: /Olga Overdue/ });
        assert.equal(await dateIn(dialog.getByLabel("New departure")), TOMORROW, "tonight is the first night to sell");
        await dialog.getByRole("button", { name: /^Extend for/ }).click();
        await dialog.waitFor({ state: "detached" });
        assert.deepEqual(await stateOf(desk, stays.olga), ["checked_in", TOMORROW]);
        await page.getByRole("button", { name: "Undo" }).click();
        await page.getByText(/^Undone. Olga Overdue: Room 101, until/).waitFor();
        await stay_on.waitFor();
        assert.deepEqual(await stateOf(desk, stays.olga), ["checked_in", DUE]);
        await row(page, "departures", "Omar").getByRole("button", { name: "Check out Omar Overdue" }).click();
        const leaving = page.getByRole("dialog", { name: /Check out/ });
        await leaving.getByRole("button", { name: /and check out/ }).click();
        await page.getByRole("dialog", { name: "Paid" }).locator(".dialog-foot").getByRole("button", { name: "Close" }).click();
        await leaving.waitFor({ state: "detached" });
        await row(page, "departures", "Omar").locator(".status-checked_out").waitFor();
        const { total_amount } = await desk.get(`/api/reservations/${stays.omar.id}`);
        assert.equal(total_amount, 1000000, "two nights were stayed");
        assert.deepEqual(complaints, []);
        await close();
      });
  });

  test("by keyboard: overdue guests are decided on, and a walk-in gets the room that is ready", async () => {
    await withOverdue(async ({ url, desk, stays, rooms }) => {
      await desk.send("PUT", `/api/rooms/${rooms[5].id}/status`, { housekeeping: "dirty" });
      await desk.send("PUT", `/api/rooms/${rooms[7].id}/status`, { housekeeping: "inspected" });
      const { page, keys, complaints, close } = await sitDown({ ...hotel, url }, OWN_PASSWORD);
      await settled(page);
      await keys.push("Check in Adam Awaited");
      await keys.dialog("Check in Adam Awaited");
      await keys.press("Enter");
      await page.getByText("Adam Awaited is checked in to room 103.").waitFor();
      await keys.holds();
      await keys.push("Mark Anna Awaited as a no-show");
      await keys.dialog(/Anna Awaited/);
      await keys.push("Mark as no-show");
      await keys.dialogGone();
      // What has gone with its row leaves the focus to the next one, not to the page.
      assert.notEqual(await page.evaluate(() => document.activeElement?.localName), "main");
      await keys.push("Let Olga Overdue stay on");
      await keys.dialog(/Olga Overdue/);
      await page.getByRole("button", { name: /^Extend for/ }).waitFor();
      await keys.press("Enter");
      await keys.dialogGone();
      assert.deepEqual(await stateOf(desk, stays.olga), ["checked_in", TOMORROW]);
      await page.getByText("Olga Overdue stays until").waitFor();
      await keys.press("Control+z");
      await page.getByText(/^Undone. Olga Overdue/).waitFor();
      assert.deepEqual(await stateOf(desk, stays.olga), ["checked_in", DUE]);
      await keys.go("New booking", "New booking");
      await page.getByRole("radio", { name: /Late Double/ }).waitFor();
      const offered = await page.locator(".room-picker label").allInnerTexts();
      const seen = offered.map((words) => words.replace(/\s+/g, " ").trim());
      assert.deepEqual(seen.filter((words) => /^10[12]/.test(words)), [], "nobody is put to an overdue guest");
      assert.match(seen[1], /^108/, "the inspected one first");
      assert.match(seen[seen.length - 1], /^106.*Dirty/, "the dirty one last, and told so");
      assert.deepEqual(complaints, []);
      await close();
    });
  });

  test("a room that somebody leaves today is offered last to who walks in, with who is in it told", async () => {
    const own = await startInnkeeper(["serve"]);
    try {
      const desk = await new Desk(own.url).setUp("Walk Inn");
      await desk.signIn();
      const { type, rooms } = await desk.addRooms("Walk Double", "WKD", "101-104");
      const leaving = await desk.book("Lena Leaving", { room_id: rooms[0].id, check_out_date: DUE });
      await desk.post(`/api/reservations/${leaving.id}/check-in`, {});
      await desk.closeDay(BUSINESS_DATE);
      await desk.send("PUT", `/api/rooms/${rooms[1].id}/status`, { housekeeping: "dirty" });
      await desk.send("PUT", `/api/rooms/${rooms[3].id}/status`, { housekeeping: "inspected" });
      const later = { check_in_date: DUE, check_out_date: NOW };
      await desk.book("Ulla Unassigned", { room_type_id: type.id, ...later });
      const { page, complaints, close } = await openPage(hotel.browser, own.url);
      await signIn(page, "admin", OWN_PASSWORD);
      await page.goto("/reservations/new");
      await settled(page);
      const picks = page.locator(".room-picker label");
      const offered = async () => (await picks.allInnerTexts()).map((words) => words.replace(/\s+/g, " ").trim());
      assert.deepEqual(await offered(), ["Any room", "104 Inspected", "103 Clean", "102 Dirty", "101 Occupied until today"]);
      await page.getByText("1 of these rooms is needed for an unassigned booking.").waitFor();
      await page.getByText("3 of 4 free").waitFor();
      await desk.book("Udo Unassigned", { room_type_id: type.id, ...later });
      await page.reload();
      await page.getByText("2 of these rooms are needed for unassigned bookings.").waitFor();
      await page.getByText("2 of 4 free").waitFor();
      await page.getByRole("radio", { name: /^104/ }).check();
      await page.getByLabel("Name", { exact: true }).fill("Willi Walkin");
      await page.getByRole("button", { name: "Save and check in" }).click();
      await page.locator(".page-head .status-checked_in").waitFor();
      assert.match(await page.locator(".page-lead").innerText(), /Room 104/);
      assert.deepEqual(complaints, []);
      await close();
    } finally {
      await own.stop();
    }
  });
}
