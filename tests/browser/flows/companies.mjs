import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";

export function companyFlows(hotel) {
  test("a company is added with its negotiated plan, booked under it, and its reservations are listed", async () => {
    const { type } = await hotel.desk.addRooms("Company Double", "CPD", "9491-9492");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/prices");
    await settled(page);
    await page.getByRole("button", { name: "Add a rate plan" }).click();
    const plan = page.getByRole("dialog", { name: "Add a rate plan" });
    await plan.getByLabel("Name").fill("Acme negotiated");
    await plan.getByLabel("Short code").fill("ACME");
    await plan.getByLabel("Prices").selectOption({ index: 1 });
    await plan.getByLabel("Difference").fill("-20");
    await plan.getByText("When and for whom").click();
    await plan.getByLabel("Only for companies").check();
    assert.deepEqual(await axeFindings(page), []);
    await plan.getByRole("button", { name: "Save" }).click();
    await plan.waitFor({ state: "detached" });

    await page.goto("/guests");
    await page.getByRole("link", { name: "Companies", exact: true }).click();
    await page.getByRole("button", { name: "Add company" }).click();
    const dialog = page.getByRole("dialog", { name: "Add company" });
    await dialog.getByLabel("Name", { exact: true }).fill("Acme Trading");
    await dialog.getByLabel("Tax number").fill("01.234.567.8");
    await dialog.getByLabel("Contact").fill("Asha");
    await dialog.getByLabel("Acme negotiated").check();
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.locator("tr", { hasText: "Acme Trading" }).getByText("Acme negotiated").waitFor();
    assert.deepEqual(await axeFindings(page), []);

    const arrival = addDays(BUSINESS_DATE, 33);
    await page.goto(`/reservations/new?check_in_date=${arrival}&check_out_date=${addDays(arrival, 2)}&room_type_id=${type.id}`);
    await page.locator(".booking-summary").getByText("Rp 1,000,000").first().waitFor();
    await page.getByLabel("Company", { exact: true }).selectOption({ label: "Acme Trading" });
    await page.locator(".booking-summary").getByText("Rp 800,000").first().waitFor();
    assert.equal(await page.getByLabel("Rate plan").locator("option:checked").textContent(), "Acme negotiated");
    assert.deepEqual(await axeFindings(page), []);
    await page.getByLabel("Name", { exact: true }).fill("Casimir Company");
    await page.getByRole("button", { name: "Save booking" }).click();
    await page.getByRole("heading", { level: 1, name: "Casimir Company" }).waitFor();
    await page.getByRole("link", { name: "Acme Trading" }).click();
    await page.getByRole("link", { name: "Casimir Company" }).waitFor();
    assert.equal(await page.locator("[data-key=company_id] option:checked").textContent(), "Acme Trading");

    // Another company that has no such plan is refused in words, and nothing typed is lost.
    await hotel.desk.post("/api/companies", { name: "Bravo Trading" });
    await page.getByRole("link", { name: "Casimir Company" }).click();
    await settled(page);
    await page.locator("[data-key=edit-stay]").click();
    await page.getByLabel("Company", { exact: true }).selectOption({ label: "Bravo Trading" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("[data-field=company_id] .field-error", { hasText: /Acme negotiated/ }).waitFor();
    const { items } = await hotel.desk.get("/api/rate-plans?q=ACME");
    await hotel.desk.send("PATCH", `/api/rate-plans/${items[0].id}`, { is_active: false });
    assert.deepEqual(complaints.filter((line) => !/422/.test(line)), []);
    await close();
  });
}
