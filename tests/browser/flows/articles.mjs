import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";
import { Keyboard } from "../keyboard.mjs";

export function articleFlows(hotel) {
  test("an article is added, sold with one click, taken back, and sold cheaper for a reason", async () => {
    const { rooms } = await hotel.desk.addRooms("Article Double", "ATD", "9401");
    const stay = await hotel.desk.book("Alba Article", { room_id: rooms[0].id, check_in_date: BUSINESS_DATE, check_out_date: addDays(BUSINESS_DATE, 2) });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/settings");
    await page.getByRole("link", { name: "Articles" }).click();
    await page.getByRole("button", { name: "Add article" }).click();
    await page.getByLabel("Name").fill("Hotel bathrobe");
    await page.getByLabel("Price").fill("90000");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("tr", { hasText: "Hotel bathrobe" }).getByText(/90[.,]000/).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    const line = page.locator(".folio tbody tr", { hasText: "Hotel bathrobe" });
    await page.getByRole("group", { name: "Add to the bill" }).getByRole("button", { name: /^Hotel bathrobe/ }).click();
    await line.first().waitFor();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.locator(".folio .is-void", { hasText: "Taken back at once" }).waitFor();
    await page.getByRole("button", { name: "Charge" }).click();
    await page.getByLabel("Article", { exact: true }).selectOption({ label: "Hotel bathrobe" });
    await page.getByLabel("Unit price").fill("60000");
    await page.getByLabel("Description").fill("Bathrobe with a stain");
    await page.getByRole("button", { name: "Add charge" }).click();
    const why = page.getByRole("dialog").last();
    await why.getByLabel("Reason").fill("The last one");
    assert.deepEqual(await axeFindings(page), []);
    await why.getByRole("button", { name: "Save" }).click();
    await page.locator(".folio tbody tr", { hasText: "Bathrobe with a stain" }).getByText(/60[.,]000/).waitFor();
    await page.waitForFunction(() => !document.querySelector("dialog.dialog"));
    const { items } = await hotel.desk.get("/api/audit/exceptions?kind=typed_price");
    assert.deepEqual([items[0].amount, items[0].reason], [30000, "The last one"]);
    // The refusal that asked for the reason.
    assert.deepEqual(complaints.filter((words) => !/409 \(Conflict\)/.test(words)), []);
    await close();
  });

  test("by keyboard: what has no fixed price is asked for, and the bill has it", async () => {
    const { rooms } = await hotel.desk.addRooms("Article Twin", "ATT", "9402");
    const stay = await hotel.desk.book("Abel Article", { room_id: rooms[0].id, check_in_date: BUSINESS_DATE, check_out_date: addDays(BUSINESS_DATE, 1) });
    await hotel.desk.post("/api/articles", { name: "Dry cleaning", is_favourite: true });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    const keys = new Keyboard(page);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await keys.push("Dry cleaning");
    await keys.dialog(/Charge/);
    await keys.type("125000");
    await keys.press("Enter");
    await keys.dialogGone();
    await page.locator(".folio tbody tr", { hasText: "Dry cleaning" }).getByText(/125[.,]000/).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}
