import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, dateIn, openPage, PHONE, settled, signIn } from "../browser.mjs";
import { addDays, BUSINESS_DATE } from "../innkeeper.mjs";

/** The calendar that is open, its day of that date, and what is written in the two fields. */
const parts = (page) => ({
  calendar: page.locator(".popover-calendar"),
  day: (date) => page.locator(`.popover-calendar [data-date="${date}"]`),
  arrival: page.getByLabel("Arrival", { exact: true }).and(page.locator("input")),
  departure: page.getByLabel("Departure", { exact: true }).and(page.locator("input")),
  opener: (name) => page.locator(`date-field[name=${name}] .date-opener`),
});

/** Types over what a field holds and leaves it. */
async function type(page, field, text) {
  await field.fill(text);
  await page.keyboard.press("Tab");
}

const newBooking = async (page, query = "") => {
  await page.goto(`/reservations/new${query}`);
  await settled(page);
};

export function dateFlows(hotel) {
  test("arrival and departure are chosen in one calendar, which tells prices and rooms left under the days", async () => {
    const { type: room_type, rooms } = await hotel.desk.addRooms("Calendar Double", "CAD", "9401-9405");
    const [first, second] = [addDays(BUSINESS_DATE, 9), addDays(BUSINESS_DATE, 10)];
    for (const room of rooms) await hotel.desk.book("Full Fred", { room_id: room.id, check_in_date: first, check_out_date: second });
    for (const room of rooms.slice(1))
      await hotel.desk.book("Few Fanny", { room_id: room.id, check_in_date: second, check_out_date: addDays(second, 1) });
    const price = { room_type_id: room_type.id, from: second, to: second, rate: 612345 };
    await hotel.desk.send("PATCH", `/api/room-types/${room_type.id}`, { included_persons: 1, extra_adult_rate: 100000 });
    await hotel.desk.send("PUT", "/api/rate-plans/1/rates", price);
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await newBooking(page);
    await page.getByRole("radio", { name: /Calendar Double/ }).check();
    const { calendar, day, arrival, departure, opener } = parts(page);
    assert.equal(await arrival.inputValue(), "Mon 10 Nov");
    await opener("check_in_date").click();
    await day(second).getByText("712K").waitFor();
    assert.deepEqual(await calendar.getByRole("grid").evaluateAll((grids) => grids.map((one) => one.ariaLabelledByElements[0].textContent)), [
      "November 2025",
      "December 2025",
    ]);
    assert.equal(await calendar.getByRole("columnheader").first().textContent(), "Mon");
    // A comma after the day of the week is the browser's to write.
    const told = async (date) => (await day(date).locator(".visually-hidden").textContent()).replace(/^(\w+),/, "$1").replace(/\s/g, " ");
    assert.equal(await told(second), "Thursday 20 November 2025, Rp 712,345, 1 room left");
    assert.equal(await told(first), "Wednesday 19 November 2025, Rp 600,000, full");
    assert.equal(await day(first).locator(".day-price").textContent(), "full");
    assert.match(await told(BUSINESS_DATE), /^Monday 10 November 2025, Business date, Rp 600,000, 5 rooms left$/);
    for (const theme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: theme });
      assert.deepEqual(await axeFindings(page), [], `the calendar, ${theme}`);
    }
    await day(second).click();
    assert.equal(await dateIn(departure), addDays(second, 1), "the nights stay as many");
    const last = addDays(second, 3);
    await day(last).hover();
    await calendar.locator(".calendar-nights", { hasText: "3 nights" }).waitFor();
    assert.equal(await calendar.locator("td.is-in").count(), 4);
    await day(first).click({ force: true });
    assert.equal(await calendar.count(), 1, "nobody leaves before the arrival");
    await day(last).click();
    await calendar.waitFor({ state: "detached" });
    assert.equal(await page.getByLabel("Nights").inputValue(), "3");
    assert.ok(await departure.evaluate((field) => field === document.activeElement), "the focus is in the field again");
    await page.getByLabel("Name", { exact: true }).fill("Dana Date");
    await page.getByRole("button", { name: "Save booking" }).click();
    await page.locator(".booked", { hasText: "Dana Date" }).waitFor();
    const { items } = await hotel.desk.get("/api/reservations?q=Dana%20Date");
    assert.deepEqual([items[0].check_in_date, items[0].check_out_date], [second, last]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("dates are typed as people write them, and what is no date is said beside the field and stays", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await newBooking(page);
    const { arrival, departure } = parts(page);
    for (const [text, date, shown] of [
      ["26/11", "2025-11-26", "Wed 26 Nov"],
      ["27.11.", "2025-11-27", "Thu 27 Nov"],
      ["28-11-2025", "2025-11-28", "Fri 28 Nov"],
      ["2026-11-26", "2026-11-26", "26 Nov 2026"],
      ["26 nov", "2025-11-26", "Wed 26 Nov"],
      ["nov 27", "2025-11-27", "Thu 27 Nov"],
      ["3 januari", "2026-01-03", "3 Jan 2026"],
      ["9/11", "2026-11-09", "9 Nov 2026"],
      ["tomorrow", "2025-11-11", "Tue 11 Nov"],
      ["besok", "2025-11-11", "Tue 11 Nov"],
      ["fri", "2025-11-14", "Fri 14 Nov"],
      ["+3", "2025-11-13", "Thu 13 Nov"],
    ]) {
      await type(page, arrival, text);
      assert.deepEqual([await dateIn(arrival), await arrival.inputValue()], [date, shown], text);
      assert.equal(await dateIn(departure), addDays(date, 1), `${text}: the nights stay as many`);
    }
    await type(page, departure, "+4");
    assert.deepEqual([await dateIn(departure), await page.getByLabel("Nights").inputValue()], ["2025-11-17", "4"]);
    await page.getByLabel("Nights").fill("2");
    assert.equal(await departure.inputValue(), "Sat 15 Nov");
    // A whole date counts as it stands there, before the field is left.
    await arrival.fill("2025-12-24");
    assert.equal(await dateIn(departure), "2025-12-26");

    // Half of a date moves nothing, though it could be read as one.
    await page.getByLabel("Nights").fill("5");
    for (const [typed, from, to] of [["1/12", "2025-12-01", "2025-12-06"], ["26/11", "2025-11-26", "2025-12-01"]]) {
      await arrival.fill("");
      await arrival.pressSequentially(typed);
      assert.equal(await page.getByLabel("Nights").inputValue(), "5", typed);
      await arrival.press("Tab");
      assert.deepEqual([await dateIn(arrival), await dateIn(departure)], [from, to]);
    }

    await type(page, arrival, "soon");
    const error = page.locator("[data-field=check_in_date] .field-error");
    assert.equal(await error.textContent(), "This is not a date. Type it like 10/11, 10 Nov or +3.");
    assert.equal(await arrival.inputValue(), "soon");
    await page.getByLabel("Name", { exact: true }).fill("Nobody Yet");
    await page.getByRole("button", { name: "Save booking" }).click();
    assert.ok(await arrival.evaluate((field) => field === document.activeElement), "nothing is sent; the field has the focus");
    assert.equal(await hotel.desk.get("/api/reservations?q=Nobody%20Yet").then(({ total }) => total), 0);
    await type(page, arrival, "26/11");
    assert.equal(await error.textContent(), "");
    assert.equal(await arrival.getAttribute("aria-invalid"), null);
    const sent = () =>
      page.evaluate(() => new FormData(document.querySelector("form.booking")).getAll("check_in_date"));
    assert.deepEqual(await sent(), ["2025-11-26"]);
    await page.evaluate(() => (document.querySelector("date-field").disabled = true));
    assert.deepEqual([await sent(), await arrival.isDisabled()], [[], true], "a form does not send what is disabled");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: the calendar opens by the arrow down, is walked through, left as it was, and chosen from", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await newBooking(page);
    const { calendar, arrival, departure } = parts(page);
    const standsOn = () => page.evaluate(() => document.activeElement?.dataset.date);
    await arrival.focus();
    await page.keyboard.press("ArrowDown");
    assert.equal(await standsOn(), BUSINESS_DATE);
    for (const [key, date] of [
      ["ArrowRight", "2025-11-11"],
      ["ArrowDown", "2025-11-18"],
      ["ArrowLeft", "2025-11-17"],
      ["ArrowUp", "2025-11-10"],
      ["End", "2025-11-16"],
      ["Home", "2025-11-10"],
      ["PageDown", "2025-12-10"],
      ["PageDown", "2026-01-10"],
      ["Shift+PageDown", "2027-01-10"],
      ["Shift+PageUp", "2026-01-10"],
      ["PageUp", "2025-12-10"],
    ]) {
      await page.keyboard.press(key);
      assert.equal(await standsOn(), date, key);
    }
    assert.equal(await calendar.getByRole("status").textContent(), "December 2025, January 2026");
    await page.keyboard.press("Escape");
    await calendar.waitFor({ state: "detached" });
    assert.equal(await dateIn(arrival), BUSINESS_DATE);
    assert.ok(await arrival.evaluate((field) => field === document.activeElement), "the focus is in the field again");
    await page.keyboard.press("Alt+ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    assert.equal(await page.getByRole("dialog", { name: "Departure" }).count(), 1);
    assert.equal(await standsOn(), "2025-11-18");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    assert.deepEqual([await dateIn(arrival), await dateIn(departure)], ["2025-11-17", "2025-11-19"]);
    assert.ok(await departure.evaluate((field) => field === document.activeElement));
    // From one field to the next with one Tab.
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    assert.ok(await arrival.evaluate((field) => field === document.activeElement));
    assert.deepEqual(complaints, []);
    await close();
  });

  test("on a phone the calendar is a sheet with one month, and every day takes a thumb", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { size: PHONE, touch: true, with_axe: true });
    await signIn(page);
    await newBooking(page);
    const { calendar, day, arrival, departure, opener } = parts(page);
    await opener("check_in_date").tap();
    assert.equal(await calendar.getByRole("grid").count(), 1);
    await day("2025-11-20").locator(".day-price").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    const small = await calendar.locator("button").evaluateAll((all) =>
      all.map((one) => [one.textContent, one.getBoundingClientRect()]).filter(([, { width, height }]) => width < 40 || height < 40),
    );
    assert.deepEqual(small, []);
    const { x, width } = await calendar.boundingBox();
    assert.deepEqual([x, width], [0, PHONE.width]);
    await day("2025-11-20").tap();
    await calendar.getByRole("button", { name: "Next month" }).tap();
    await day("2025-12-02").tap();
    await calendar.waitFor({ state: "detached" });
    assert.deepEqual([await dateIn(arrival), await dateIn(departure)], ["2025-11-20", "2025-12-02"]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("dates are chosen without prices where none come", async () => {
    const { page, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await newBooking(page);
    const { calendar, day, arrival, opener } = parts(page);
    const refused = page.waitForEvent("requestfailed", (request) => request.url().includes("/calendar"));
    await page.route("**/api/room-types/*/calendar*", (route) => route.abort());
    await opener("check_in_date").click();
    await refused;
    assert.equal(await calendar.locator(".day-price").count(), 0);
    await day("2025-11-21").click();
    assert.equal(await dateIn(arrival), "2025-11-21");
    await close();
  });

  test("in a dialog Esc closes the calendar alone, and who stays on sees what the nights cost and what is left", async () => {
    const { rooms } = await hotel.desk.addRooms("Later Double", "LGE", "9411-9412");
    const stay = await hotel.desk.book("Longer Lotta", { room_id: rooms[0].id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await page.getByRole("button", { name: "More" }).click();
    await page.locator(".popover").getByRole("button", { name: /^Extend/ }).click();
    const dialog = page.getByRole("dialog", { name: /Extend the stay/ });
    const { calendar, day } = parts(page);
    const departure = dialog.getByLabel("New departure").and(page.locator("input"));
    await departure.press("ArrowDown");
    await day("2025-11-14").getByText("2 left").waitFor();
    assert.equal(await day(stay.check_out_date).getAttribute("aria-disabled"), "true", "that is the departure already");
    await page.keyboard.press("Escape");
    await calendar.waitFor({ state: "detached" });
    assert.equal(await dialog.count(), 1);
    assert.equal(await dateIn(departure), "2025-11-13");
    await departure.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Extend for Rp 1,000,000" }).click();
    await page.getByText("Longer Lotta stays until Fri 14 Nov.").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("what is typed or chosen counts as typed; a birth needs its whole year; a filter says beneath it what it cannot read", async () => {
    const guest = await hotel.desk.post("/api/guests", { full_name: "Birgit Born", birth_date: "1985-03-04" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/guests/${guest.id}`);
    await page.locator("[data-key=edit-guest]").click();
    const birth = page.getByLabel("Date of birth").and(page.locator("input"));
    assert.equal(await birth.inputValue(), "4 Mar 1985");
    await type(page, birth, "4/3/86");
    await page.getByText("This is not a full date. Type it with the year, like 26/11/1985 or 26 Nov 1985.").waitFor();
    await page.getByRole("link", { name: "Guests" }).first().click();
    await page.getByRole("dialog", { name: "Discard your changes?" }).getByRole("button", { name: "Keep editing" }).click();
    assert.equal(await birth.inputValue(), "4/3/86");
    await type(page, birth, "5/3/1986");
    await birth.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    assert.equal(await birth.inputValue(), "6 Mar 1986");
    await page.getByRole("link", { name: "Guests" }).first().click();
    await page.getByRole("dialog", { name: "Discard your changes?" }).getByRole("button", { name: "Keep editing" }).click();
    await page.locator("date-field .date-opener").click();
    await parts(page).day("1986-03-05").click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("5 Mar 1986").first().waitFor();
    assert.equal((await hotel.desk.get(`/api/guests/${guest.id}`)).birth_date, "1986-03-05");

    await page.goto("/prices");
    const from = page.getByLabel("From", { exact: true });
    await from.fill("whenever");
    await from.press("Enter");
    await page.locator(".date-error", { hasText: "This is not a date." }).waitFor();
    await from.fill("24 dec");
    await from.press("Enter");
    await page.locator(".page-head").getByText("December 2025").waitFor();
    assert.equal(await page.locator(".date-error").count(), 0);
    await page.goto("/chart");
    await page.getByLabel("Go to date").fill("1/12");
    await page.getByLabel("Go to date").press("Enter");
    await page.waitForURL(/from=2025-12-01/);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a hotel abroad has its own order and its own first day of the week, in either language", async () => {
    try {
      for (const [locale, language, typed, shown, first, title] of [
        ["en-US", "en", "11/26", "Wed, Nov 26", "Sun", "November 2025"],
        ["de-DE", "en", "26.11.", "Wed 26 Nov", "Mon", "November 2025"],
        ["id-ID", "id", "26 nov", "Rab, 26 Nov", "Min", "November 2025"],
      ]) {
        await hotel.desk.send("PATCH", "/api/settings", { locale });
        const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { locale: language });
        await signInAnew(page);
        await newBooking(page);
        const field = page.locator("date-field[name=check_in_date] input");
        await type(page, field, typed);
        const plain = (text) => text.replace(/^(\w+),/, "$1");
        assert.equal(plain(await field.inputValue()), plain(shown), locale);
        await field.press("ArrowDown");
        const { calendar } = parts(page);
        assert.equal(await calendar.getByRole("columnheader").first().textContent(), first, locale);
        assert.equal(await calendar.locator(".calendar-title").first().textContent(), title, locale);
        assert.deepEqual(complaints, []);
        await close();
      }
    } finally {
      await hotel.desk.send("PATCH", "/api/settings", { locale: "en-GB" });
    }
  });
}

/** In whatever language the page is. */
async function signInAnew(page) {
  await page.goto("/login");
  await page.locator("input[name=username]").fill("admin");
  await page.locator("input[name=password]").fill("admin123");
  await page.locator("[type=submit]").click();
  await page.locator("app-frame").waitFor();
}
