import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";
import { Keyboard } from "../keyboard.mjs";

export function articleFlows(hotel) {
  test("an article is added, sold with one click, taken back, and sold cheaper for a reason", async () => {
    const { rooms } = await hotel.desk.addRooms("Article Double", "ATD", "9431");
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
    await page.locator(".folio tbody tr", { hasText: "Bathrobe with a stain" }).getByText(/60[.,]000/).first().waitFor();
    await page.waitForFunction(() => !document.querySelector("dialog.dialog"));
    const { items } = await hotel.desk.get("/api/audit/exceptions?kind=typed_price");
    assert.deepEqual([items[0].amount, items[0].reason], [30000, "The last one"]);
    // The refusal that asked for the reason.
    assert.deepEqual(complaints.filter((words) => !/409 \(Conflict\)/.test(words)), []);
    await close();
  });

  test("a double click, a key held down and a try after a lost answer each sell one", async () => {
    const { rooms } = await hotel.desk.addRooms("Article Single", "ATS", "9433");
    const stay = await hotel.desk.book("Anton Article", { room_id: rooms[0].id, check_in_date: BUSINESS_DATE, check_out_date: addDays(BUSINESS_DATE, 1) });
    await hotel.desk.post("/api/articles", { name: "Mountain spring", price: 20000, is_favourite: true });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    const sell = page.getByRole("group", { name: "Add to the bill" }).getByRole("button", { name: /^Mountain spring/ });
    const lines = page.locator(".folio tbody tr", { hasText: "Mountain spring" });
    const sold = async () => {
      const { lines: all } = await hotel.desk.get(`/api/reservations/${stay.id}/folio`);
      return all.filter(({ description }) => description === "Mountain spring").length;
    };
    // The second half of the double click comes when the bill is made anew already.
    await sell.click();
    await lines.first().waitFor();
    await sell.hover();
    await page.mouse.down({ clickCount: 2 });
    await page.mouse.up({ clickCount: 2 });
    await sell.focus();
    await page.keyboard.down("Enter");
    await lines.nth(1).waitFor();
    await sell.focus();
    await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    await settled(page);
    assert.equal(await sold(), 2);

    const keys = [];
    await page.route("**/charges", async (route) => {
      keys.push(route.request().headers()["idempotency-key"]);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await sell.click();
    await page.getByText("is not responding").first().waitFor();
    await lines.nth(2).waitFor();
    const answered = page.waitForResponse("**/charges");
    await sell.click();
    await answered;
    assert.equal(keys.length, 2);
    assert.equal(keys[0], keys[1]);
    assert.equal(await sold(), 3);
    // What is sold after an answer is another one.
    await sell.click();
    await lines.nth(3).waitFor();
    assert.equal(await sold(), 4);
    assert.deepEqual(complaints.filter((words) => !/ERR_FAILED/.test(words)), []);
    await close();
  });

  test("what was typed for a charge outlives the choice of an article, and what an article filled in does not", async () => {
    const { rooms } = await hotel.desk.addRooms("Article Suite", "ATU", "9434");
    const stay = await hotel.desk.book("Anna Article", { room_id: rooms[0].id, check_in_date: BUSINESS_DATE, check_out_date: addDays(BUSINESS_DATE, 1) });
    await hotel.desk.post("/api/articles", { name: "Umbrella", price: 150000 });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.getByRole("button", { name: "Charge" }).click();
    const dialog = page.getByRole("dialog", { name: /Charge/ });
    const [article, description, price] = ["Article", "Description", "Unit price"].map((name) => dialog.getByLabel(name, { exact: true }));
    const typed = async () => [await description.inputValue(), await price.inputValue()];
    await article.selectOption({ label: "Umbrella" });
    assert.deepEqual(await typed(), ["Umbrella", "150,000"]);
    await article.selectOption({ label: "Something else" });
    assert.deepEqual(await typed(), ["", ""]);
    await description.fill("Umbrella with a duck's head");
    await price.fill("90,000");
    await article.selectOption({ label: "Umbrella" });
    assert.deepEqual(await typed(), ["Umbrella with a duck's head", "90,000"]);
    await article.selectOption({ label: "Something else" });
    assert.deepEqual(await typed(), ["Umbrella with a duck's head", "90,000"]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: what has no fixed price is asked for, and the bill has it", async () => {
    const { rooms } = await hotel.desk.addRooms("Article Twin", "ATT", "9432");
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
    await page.locator(".folio tbody tr", { hasText: "Dry cleaning" }).getByText(/125[.,]000/).first().waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}
