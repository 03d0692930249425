import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";
import { sitDown } from "./keyboard.mjs";

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

  test("a deposit is refunded in part, and what is left kept as a fee once the stay is cancelled, from the list", async () => {
    const { type } = await hotel.desk.addRooms("Held Double", "HLD", "9781-9782");
    const arrival = addDays(BUSINESS_DATE, 40);
    const stay = await hotel.desk.book("Hedda Held", { room_type_id: type.id, check_in_date: arrival, check_out_date: addDays(arrival, 2) });
    await hotel.desk.post("/api/payments", { reservation_id: stay.id, amount: 300000, payment_method: "card", payment_type: "deposit" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/deposits");
    await settled(page);
    const menu = async (entry) => {
      await page.getByRole("button", { name: "Actions for Hedda Held" }).click();
      await page.locator(".popover").getByRole("button", { name: entry }).click();
    };
    await page.getByRole("button", { name: "Actions for Hedda Held" }).click();
    assert.equal(await page.locator(".popover").getByRole("button", { name: "Keep as a fee" }).count(), 0, "the stay is to come");
    await page.keyboard.press("Escape");
    await menu("Refund deposit");
    const refund = page.getByRole("dialog", { name: "Refund the deposit of Hedda Held" });
    await refund.getByLabel("Amount").fill("100000");
    await refund.getByLabel("Reason").fill("one night less");
    assert.deepEqual(await axeFindings(page), []);
    await refund.locator("[type=submit]").click();
    await refund.waitFor({ state: "detached" });
    await page.locator("tr", { hasText: "Hedda Held" }).getByText("200,000").waitFor();
    await hotel.desk.post(`/api/reservations/${stay.id}/cancel`, { waive_fee: true, reason: "ill" });
    await page.locator("tr", { hasText: "Hedda Held" }).getByText("Cancelled").waitFor();
    await menu("Keep as a fee");
    const keep = page.getByRole("dialog", { name: "Keep the deposit of Hedda Held" });
    await keep.getByLabel("Reason").fill("agreed by mail");
    await keep.locator("[type=submit]").click();
    await page.locator("tr", { hasText: "Hedda Held" }).waitFor({ state: "detached" });
    const folio = await hotel.desk.get(`/api/reservations/${stay.id}/folio`);
    assert.deepEqual([folio.balance, folio.lines.map(({ kind, amount }) => `${kind} ${amount}`)], [0, ["cancellation_fee 200000"]]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: a deposit that is late is found, taken, and given back from the list", async () => {
    const { type } = await hotel.desk.addRooms("Late Double", "LTD", "9783-9784");
    const deposit = { deposit_kind: "percent", deposit_percent: 50 };
    const plan = await hotel.desk.post("/api/rate-plans", { code: "KLATE", name: "Half now", parent_id: 1, offset_kind: "percent", offset_percent: 0, policy: { cancellation: [], no_show_fee_kind: "none", ...deposit } });
    const arrival = addDays(BUSINESS_DATE, 41);
    const stay = await hotel.desk.book("Keyed Latisha", { room_type_id: type.id, rate_plan_id: plan.id, check_in_date: arrival, check_out_date: addDays(arrival, 2) });
    const { page, keys, complaints, close } = await sitDown(hotel);
    await page.goto("/reservations?deposit=open");
    await settled(page);
    await keys.push("Keyed Latisha");
    await page.getByRole("heading", { level: 1, name: "Keyed Latisha" }).waitFor();
    await keys.holds();
    await keys.push("Take payment");
    await keys.dialog(/Keyed Latisha/);
    await keys.press("Enter");
    await keys.dialogGone();
    const { total_paid } = await hotel.desk.get(`/api/reservations/${stay.id}`);
    assert.ok(total_paid > 0);
    await page.goto("/deposits");
    await settled(page);
    // The list is longer than anybody tabs through.
    await page.getByRole("button", { name: "Actions for Keyed Latisha" }).focus();
    await keys.press("Enter");
    assert.equal(await keys.here(), "Refund deposit");
    await keys.press("Enter");
    await keys.dialog("Refund the deposit of Keyed Latisha");
    await keys.fill("Reason", "booked twice");
    await keys.press("Enter");
    await keys.dialogGone();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).total_paid, 0);
    await hotel.desk.send("PATCH", `/api/rate-plans/${plan.id}`, { is_active: false });
    assert.deepEqual(complaints, []);
    await close();
  });
}
