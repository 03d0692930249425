// A rate with breakfast on top of its price and parking inside it: made, booked, changed and taken back, slept, on the bill.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";

export function packageFlows(hotel) {
  test("a company rate with breakfast and parking is made, booked, changed, slept and on the bill", async () => {
    const { type, rooms } = await hotel.desk.addRooms("Package Double", "PKG", "9496");
    await hotel.desk.post("/api/articles", { name: "Package breakfast", price: 60_000 });
    await hotel.desk.post("/api/articles", { name: "Package parking" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/prices");
    await settled(page);

    await page.getByRole("button", { name: "Add a rate plan" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a rate plan" });
    await dialog.getByLabel("Name").fill("Company with breakfast");
    await dialog.getByLabel("Short code").fill("PKG");
    await dialog.getByText("When and for whom").click();
    await dialog.getByLabel("Only for companies").check();
    await dialog.getByText("Package items").click();
    const row = (n) => dialog.locator(".extra-row").nth(n);
    for (const [n, article] of ["Package breakfast", "Package parking"].entries()) {
      await dialog.getByRole("button", { name: "Add an article" }).click();
      await row(n).getByLabel("Article").selectOption({ label: article });
    }
    assert.equal(await row(0).getByLabel("Price", { exact: true }).getAttribute("placeholder"), "60,000");
    await row(1).getByLabel("Counted").selectOption({ label: "Per night" });
    await row(1).getByLabel("Room price").selectOption({ label: "Included" });
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Save" }).click();
    await row(1).locator(".field-error", { hasText: "The article has no price of its own" }).waitFor();
    // The browser itself tells of the refusal.
    assert.equal(complaints.splice(0).length, 1);
    await row(1).getByLabel("Price", { exact: true }).fill("40000");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("+ Package breakfast 60,000 per person").waitFor();
    await page.getByText("Package parking included, 40,000 per night").waitFor();

    const { items: agreed } = await hotel.desk.get("/api/rate-plans?q=PKG");
    await hotel.desk.post("/api/companies", { name: "Breakfast Trading", rate_plan_ids: [agreed[0].id] });
    await page.goto(`/reservations/new?check_in_date=${BUSINESS_DATE}&check_out_date=${addDays(BUSINESS_DATE, 2)}&room_type_id=${type.id}`);
    await settled(page);
    await page.getByLabel("Rate plan").locator("option:disabled", { hasText: "Company with breakfast" }).waitFor({ state: "attached" });
    await page.getByLabel("Company", { exact: true }).selectOption({ label: "Breakfast Trading" });
    const summary = page.locator(".booking-summary");
    const along = summary.getByRole("list", { name: "Package items" });
    await along.getByText("4 × Package breakfast").waitFor();
    // As a screen reader has it: what is sold along, and how the price comes about.
    assert.equal(
      await along.ariaSnapshot(),
      ['- list "Package items":', "  - listitem: 4 × Package breakfast 240,000", "  - listitem: 2 × Package parking, included"].join("\n"),
    );
    await summary.getByText("Why this price?").click();
    const steps = page.getByRole("list", { name: /^Price of / });
    await steps.getByText("Standard price").waitFor();
    assert.match(await steps.ariaSnapshot(), /^- list "Price of [^"]+":\n {2}- listitem: Standard price 500,000$/);
    await summary.getByText("Rp 1,240,000").first().waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByLabel("Name", { exact: true }).fill("Pia Package");
    await page.getByRole("button", { name: "Save booking" }).click();
    await page.getByRole("heading", { level: 1, name: "Pia Package" }).waitFor();
    await settled(page);

    const extras = () => page.locator(".night-extra").allInnerTexts();
    const night = ["2 × Package breakfast\t120,000", "1 × Package parking, included\t"];
    assert.deepEqual(await extras(), [...night, ...night]);
    await page.locator(".folio-balance", { hasText: "1,240,000" }).waitFor();
    await page.getByText("4 × Package breakfast").waitFor();
    await page.getByRole("button", { name: "Why this price?" }).click();
    const why = page.getByRole("dialog", { name: /Company with breakfast/ });
    await why.getByText("4 × Package breakfast").waitFor();
    await why.getByText("Rp 1,240,000").waitFor();
    await page.keyboard.press("Escape");
    await why.waitFor({ state: "detached" });

    // A change and its undo; the plan has changed meanwhile.
    const { items } = await hotel.desk.get("/api/reservations?q=Pia Package");
    const [{ id }] = items;
    const { items: plans } = await hotel.desk.get("/api/rate-plans?q=PKG");
    await hotel.desk.send("PATCH", `/api/rate-plans/${plans[0].id}`, { extras: [], is_active: false });
    await hotel.desk.send("PATCH", `/api/reservations/${id}`, { check_out_date: addDays(BUSINESS_DATE, 1) });
    await hotel.desk.post(`/api/reservations/${id}/undo`, { event: "undo_change" });
    await page.locator(".folio-balance", { hasText: "1,240,000" }).waitFor();
    assert.deepEqual(await extras(), [...night, ...night]);

    // The page asks nothing about a guest who is leaving.
    await page.goto("/articles");
    await settled(page);
    await hotel.desk.post(`/api/reservations/${id}/check-in`, { room_id: rooms[0].id, override_dirty: true });
    await hotel.desk.post(`/api/reservations/${id}/check-out`, { settle: { payment_method: "cash" } });
    await page.goto(`/reservations/${id}`);
    const breakfast = page.locator(".folio tbody tr", { hasText: "Package breakfast × 2" });
    await breakfast.getByText("120,000").waitFor();
    assert.equal(await page.locator(".folio tbody tr", { hasText: "Package parking" }).count(), 0, "the guest sees one price");
    const { lines } = await hotel.desk.get(`/api/reservations/${id}/folio`);
    assert.deepEqual(
      lines.map(({ kind, amount, parts }) => [kind, amount, parts.map((part) => [part.name, part.amount])]),
      [
        ["room", 500000, [["Package parking", 40000]]],
        ["extra", 120000, []],
      ],
    );
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(complaints, []);
    await close();
  });
}
