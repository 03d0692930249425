// What a night costs: a weekend of a season, a plan derived from another, and a booking under it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";

export function priceFlows(hotel) {
  test("a new booking shows the price that was asked for last, whichever answer comes last", async () => {
    const { type } = await hotel.desk.addRooms("Asked Double", "ASK", "9341");
    const offset = { parent_id: 1, offset_kind: "percent", offset_percent: -10 };
    const plan = await hotel.desk.post("/api/rate-plans", { code: "ASK", name: "Asked plan", ...offset });
    const { page, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    let letGo = () => {};
    const held = new Promise((resolve) => (letGo = resolve));
    const is_first = (url) => url.pathname === "/api/rooms/available" && !url.searchParams.has("rate_plan_id");
    await page.route(is_first, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`/reservations/new?room_type_id=${type.id}`);
    await page.getByLabel("Rate plan").selectOption({ label: "Asked plan" });
    const price = page.locator(".booking-summary").getByText("Rp 450,000").first();
    await price.waitFor();
    const answered = page.waitForResponse((response) => is_first(new URL(response.url())));
    letGo();
    await answered;
    await settled(page);
    assert.ok(await price.isVisible());
    // Other flows book without being asked for a plan.
    await hotel.desk.send("PATCH", `/api/rate-plans/${plan.id}`, { is_active: false });
    await close();
  });

  test("weekend prices of a season are set at once, and a cheaper plan is made and booked under", async () => {
    const { type } = await hotel.desk.addRooms("Seasonal Double", "SEA", "9321-9322");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/prices");
    await settled(page);
    // The first Monday after the hotel's day is the day itself: 10 November 2025.
    const price = (date) => page.locator(`[data-key="${type.id}-${date}"]`);
    await price(BUSINESS_DATE).click();
    const dialog = page.getByRole("dialog", { name: "Seasonal Double rate" });
    await dialog.getByLabel("Last night").fill(addDays(BUSINESS_DATE, 27));
    await dialog.getByLabel("Price per night").fill("750000");
    const week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    for (const day of week) await dialog.getByLabel(day).uncheck();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.locator("[data-field=weekdays] .field-error").filter({ hasText: "Must include a day" }).waitFor();
    for (const day of ["Fri", "Sat"]) await dialog.getByLabel(day).check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    const friday = addDays(BUSINESS_DATE, 4);
    await page.locator(`[data-key="${type.id}-${friday}"]`, { hasText: "750,000" }).waitFor();
    assert.equal(await price(BUSINESS_DATE).textContent(), "500,000");
    assert.deepEqual(await axeFindings(page), []);

    await page.getByRole("button", { name: "Add a rate plan" }).click();
    const plan = page.getByRole("dialog", { name: "Add a rate plan" });
    await plan.getByLabel("Name").fill("Long stay");
    await plan.getByLabel("Short code").fill("THIN");
    await plan.getByLabel("Prices").selectOption({ index: 1 });
    await plan.getByLabel("Difference").fill("-12.345");
    await plan.getByLabel("Cancellation terms of its own").check();
    await plan.getByRole("button", { name: "Add a fee" }).click();
    await plan.getByLabel("Hours before").nth(1).fill("9000");
    await plan.getByRole("button", { name: "Save" }).click();
    await plan.locator("[data-field=offset_percent] .field-error, .form-error", { hasText: /decimals/ }).first().waitFor();
    await plan.getByLabel("Difference").fill("-10");
    await plan.getByLabel("Hours before").nth(1).fill("24");
    await plan.getByRole("button", { name: "Save" }).click();
    await plan.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Long stay", exact: true }).click();
    await page.locator(`[data-key="${type.id}-${friday}"]`, { hasText: "675,000" }).waitFor();

    await page.goto(`/reservations/new?check_in_date=${friday}&room_type_id=${type.id}`);
    await page.getByLabel("Rate plan").selectOption({ label: "Long stay" });
    await page.locator(".booking-summary").getByText("Rp 675,000").first().waitFor();
    await page.getByLabel("Name", { exact: true }).fill("Thrifty Thea");
    await page.getByRole("button", { name: "Save booking" }).click();
    await page.getByRole("heading", { level: 1, name: "Thrifty Thea" }).waitFor();
    const { items } = await hotel.desk.get("/api/reservations?q=Thrifty");
    assert.equal(items[0].total_amount, 675000);
    const { cancellation } = await hotel.desk.get(`/api/reservations/${items[0].id}`);
    assert.deepEqual(
      [...cancellation.steps.map(({ fee }) => fee), cancellation.no_show_fee],
      [675000, 675000, 675000],
    );
    // Other flows book without being asked for a plan.
    const { items: plans } = await hotel.desk.get("/api/rate-plans?q=THIN");
    await hotel.desk.send("PATCH", `/api/rate-plans/${plans[0].id}`, { is_active: false });
    // The browser notes the refusal.
    assert.deepEqual(
      complaints.filter((line) => !/422/.test(line)),
      [],
    );
    await close();
  });
}
