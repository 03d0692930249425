import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";

export function depositFlows(hotel) {
  test("a plan asks for a deposit, which is told with the price, outstanding in a list, and taken at its amount", async () => {
    const { type } = await hotel.desk.addRooms("Deposit Double", "DPD", "9441-9442");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/prices");
    await settled(page);
    await page.getByRole("button", { name: "Add a rate plan" }).click();
    const plan = page.getByRole("dialog", { name: "Add a rate plan" });
    await plan.getByLabel("Name").fill("Deposit saver");
    await plan.getByLabel("Short code").fill("DEPS");
    await plan.getByLabel("Cancellation and deposit terms of its own").check();
    await plan.getByLabel("Deposit before arrival").selectOption("percent");
    await plan.locator("[data-field='policy.deposit_percent'] input").fill("30");
    await plan.getByLabel("Due (days)").fill("14");
    await plan.getByLabel("Timing").selectOption("before_arrival");
    assert.deepEqual(await axeFindings(page), []);
    await plan.getByRole("button", { name: "Save" }).click();
    await plan.waitFor({ state: "detached" });

    const arrival = addDays(BUSINESS_DATE, 40);
    await page.goto(`/reservations/new?check_in_date=${arrival}&check_out_date=${addDays(arrival, 2)}&room_type_id=${type.id}`);
    await page.getByLabel("Rate plan").selectOption({ label: "Deposit saver" });
    const summary = page.locator(".booking-summary");
    await summary.getByText(/A deposit of .*300,000 is due by/).waitFor();
    await summary.getByRole("button", { name: "Deposit 300,000" }).click();
    assert.equal(await summary.getByLabel("Pay now").inputValue(), "300,000");
    await summary.getByLabel("Pay now").fill("");
    await page.getByLabel("Name", { exact: true }).fill("Delia Deposit");
    await page.getByRole("button", { name: "Save booking" }).click();
    await page.getByRole("heading", { level: 1, name: "Delia Deposit" }).waitFor();
    await page.locator(".folio-deposit", { hasText: "Deposit due" }).getByText("300,000").waitFor();

    await page.goto("/reservations");
    await page.locator("[data-key=deposit]").selectOption("open");
    await page.getByRole("link", { name: "Delia Deposit" }).click();
    await page.getByRole("button", { name: "Take payment" }).first().click();
    const pay = page.getByRole("dialog", { name: /Delia Deposit/ });
    assert.equal(await pay.getByLabel("Amount").inputValue(), "300,000");
    assert.deepEqual(await axeFindings(page), []);
    await pay.getByRole("button", { name: "Take payment" }).click();
    await page.locator(".folio-deposit", { hasText: "Deposit paid" }).waitFor();
    await page.goto("/reservations?deposit=open&q=Delia");
    await page.getByText("No matching reservations").first().waitFor();
    const { items } = await hotel.desk.get("/api/rate-plans?q=DEPS");
    await hotel.desk.send("PATCH", `/api/rate-plans/${items[0].id}`, { is_active: false });
    assert.deepEqual(complaints, []);
    await close();
  });
}
