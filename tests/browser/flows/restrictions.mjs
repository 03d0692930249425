// What is not for sale: a minimum over New Year, seen at New booking, sold all the same with a reason, taken away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";

const EVE = "2025-12-31";

/** The way from what is chosen in the calendar. */
const ofSelection = (page) => page.getByRole("form", { name: "Selected nights" }).getByRole("button", { name: "Restrictions" });

export function restrictionFlows(hotel) {
  test("a minimum over New Year is set, told at New booking, sold against with a reason, and taken away", async () => {
    const { type } = await hotel.desk.addRooms("Eve Double", "EVE", "9401-9402");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/prices?from=2025-12-26");
    await settled(page);
    await page.getByRole("button", { name: "Restrictions", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Restrictions: Best available rate" });
    await dialog.getByLabel("First date").fill(EVE);
    await dialog.getByLabel("Last date").fill(EVE);
    // Of this type alone: other flows sell the others.
    const others = dialog.locator("[data-field=room_type_ids] label").filter({ hasNotText: "Eve Double" });
    for (const other of await others.all()) await other.locator("input").uncheck();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByRole("alert").filter({ hasText: "Fill in a restriction" }).waitFor();
    await dialog.getByLabel("Minimum stay through", { exact: true }).fill("0");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.locator("[data-field=min_stay_through] .field-error").filter({ hasText: "from 1 to 400" }).waitFor();
    await dialog.getByLabel("Minimum stay through", { exact: true }).fill("3");
    await dialog.getByLabel("Departure").selectOption({ label: "Closed" });
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    const marks = page.getByRole("gridcell", { name: /^Eve Double, Wed.* 31 Dec: .*, Closed to departure, Minimum stay through: 3 nights, / });
    await marks.waitFor();
    const says = (all) => all.map((mark) => mark.getAttribute("data-says"));
    assert.deepEqual(await marks.locator(".restriction").evaluateAll(says), ["CTD", "Min 3 ↔"]);
    // The whole words stand beside what is pointed at, or reached by the keyboard.
    await marks.scrollIntoViewIfNeeded();
    await settled(page);
    await marks.hover();
    await page.locator(".restriction-card", { hasText: "Minimum stay through: 3 nights" }).waitFor();
    await page.mouse.move(0, 0);
    await page.locator(".restriction-card").waitFor({ state: "detached" });
    assert.deepEqual(await axeFindings(page), []);

    await page.goto(`/reservations/new?check_in_date=${EVE}&room_type_id=${type.id}`);
    const row = page.locator(".type-choice", { hasText: "Eve Double" });
    await row.getByText("Minimum stay through: 3 nights, 31 Dec").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByLabel("Name", { exact: true }).fill("Eve Regular");
    await page.getByRole("button", { name: "Save booking" }).click();
    const asked = page.getByRole("dialog", { name: "Sell this stay anyway?" });
    await asked.getByText("This stay is not for sale: minimum stay through of 3 nights on 31 December.").waitFor();
    await asked.getByRole("button", { name: "Sell anyway" }).click();
    await asked.locator(".field-error").filter({ hasText: "Give a reason" }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await asked.getByLabel("Reason").fill("comes every year");
    await asked.getByRole("button", { name: "Sell anyway" }).click();
    await page.getByRole("heading", { level: 1, name: "Eve Regular" }).waitFor();

    await page.goto("/exceptions?kind=against_restriction");
    const told = page.getByRole("row").filter({ hasText: "Eve Regular" });
    await told.getByText("Minimum stay through: 3 nights, 31 Dec").waitFor();
    await told.getByText("comes every year").waitFor();
    assert.deepEqual(await axeFindings(page), []);

    await page.goto("/prices?from=2025-12-26");
    await marks.click();
    await ofSelection(page).click();
    await dialog.getByLabel("Minimum stay through", { exact: true }).fill("");
    await dialog.getByLabel("Departure").selectOption({ index: 0 });
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    await marks.waitFor({ state: "detached" });
    await page.goto("/activity");
    await page.getByText("Removed: Minimum stay through, 31 Dec").waitFor();
    // The browser notes the refusals.
    assert.deepEqual(
      complaints.filter((line) => !/409|422/.test(line)),
      [],
    );
    await close();
  });

  test("opened from one night and set over more, only what was chosen is set", async () => {
    const { type } = await hotel.desk.addRooms("Wide Double", "WDE", "9421");
    const first = "2026-01-05";
    const put = (body) => hotel.desk.send("PUT", "/api/rate-plans/1/restrictions", { room_type_ids: [type.id], from: first, to: first, ...body });
    await put({ min_stay_through: 3, is_closed_to_departure: true });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/prices?from=${first}`);
    await settled(page);
    await page.locator(`[data-key="${type.id}-${first}"]`).click();
    await ofSelection(page).click();
    const dialog = page.getByRole("dialog", { name: "Restrictions: Best available rate" });
    const through = dialog.locator("[name=min_stay_through]");
    assert.equal(await through.inputValue(), "3");
    await dialog.locator("[name=max_stay_arrival]").fill("14");
    await dialog.getByLabel("Last date").fill("2026-01-07");
    await dialog.getByLabel("Last date").press("Tab");
    assert.equal(await through.inputValue(), "");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    const { items } = await hotel.desk.get(`/api/rate-plans/1/restrictions?from=${first}&to=2026-01-07`);
    assert.deepEqual(
      items
        .filter(({ room_type_id }) => room_type_id === type.id)
        .map((one) => [one.date, one.max_stay_arrival, one.min_stay_through, one.is_closed_to_departure]),
      [
        [first, 14, 3, true],
        ["2026-01-06", 14, null, false],
        ["2026-01-07", 14, null, false],
      ],
    );
    await put({ to: "2026-01-07", max_stay_arrival: null, min_stay_through: null, is_closed_to_departure: null });
    await page.locator(`[data-key="${type.id}-${first}"]:not(:has(.restriction))`).waitFor();
    await page.getByRole("button", { name: "Restrictions", exact: true }).click();
    const others = dialog.locator("[data-field=room_type_ids] label").filter({ hasNotText: "Wide Double" });
    for (const other of await others.all()) await other.locator("input").uncheck();
    await dialog.getByLabel("Stop sell").selectOption({ label: "On" });
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByRole("gridcell", { name: /^Wide Double, .* 5 Jan.*, Stop sell, / }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a longer stay and other dates that are not for sale are told, and booked with a reason", async () => {
    const { type, rooms } = await hotel.desk.addRooms("Morn Double", "MRN", "9411");
    const closed = { room_type_ids: [type.id], from: "2026-01-01", to: "2026-01-02", is_closed_to_departure: true };
    await hotel.desk.send("PUT", "/api/rate-plans/1/restrictions", closed);
    const stay = await hotel.desk.book("Morn Stays", { room_id: rooms[0].id, check_in_date: "2025-12-30", check_out_date: EVE });
    const { page, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("button", { name: "Extend" }).click();
    const longer = page.getByRole("dialog", { name: /Extend/ });
    await longer.getByLabel("New departure").fill("2026-01-01");
    await longer.getByText("Closed to departure, 1 Jan 2026").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await longer.getByRole("button", { name: "Extend for" }).click();
    const asked = page.getByRole("dialog", { name: "Sell this stay anyway?" });
    await asked.getByLabel("Reason").fill("the first train");
    await asked.getByRole("button", { name: "Sell anyway" }).click();
    await asked.waitFor({ state: "detached" });
    await longer.waitFor({ state: "detached" });
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).check_out_date, "2026-01-01");

    const card = page.locator(".card").filter({ has: page.getByRole("heading", { name: "Stay", exact: true }) });
    await card.getByRole("button", { name: "Edit" }).click();
    await card.getByLabel("Departure").fill("2026-01-02");
    await card.getByRole("button", { name: "Save" }).click();
    await asked.getByText("closed to departure on 2 January").waitFor();
    await asked.getByLabel("Reason").fill("one more night");
    await asked.getByRole("button", { name: "Sell anyway" }).click();
    await asked.waitFor({ state: "detached" });
    await card.getByRole("button", { name: "Edit" }).waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).check_out_date, "2026-01-02");
    await close();
  });
}
