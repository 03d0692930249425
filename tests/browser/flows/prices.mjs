// What a night costs: a weekend of a season, a plan derived from another, and a booking under it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, Desk, OWN_PASSWORD, addDays, startInnkeeper } from "../innkeeper.mjs";

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
    const price = (date) => page.locator(`[data-key="${type.id}-${date}"]`);
    await price(BUSINESS_DATE).click();
    await price(addDays(BUSINESS_DATE, 27)).click({ modifiers: ["Shift"] });
    for (const day of ["Fri", "Sat"]) await page.getByRole("button", { name: day, exact: true }).click();
    await page.getByLabel("Price, +10% or -50").fill("750000");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const friday = addDays(BUSINESS_DATE, 4);
    await page.locator(`[data-key="${type.id}-${friday}"]`, { hasText: "750,000" }).waitFor();
    assert.equal(await price(BUSINESS_DATE).locator(".rate-price").textContent(), "500,000");
    assert.deepEqual(await axeFindings(page), []);

    await page.getByRole("button", { name: "Add a rate plan" }).click();
    const plan = page.getByRole("dialog", { name: "Add a rate plan" });
    await plan.getByLabel("Name").fill("Long stay");
    await plan.getByLabel("Short code").fill("THIN");
    await plan.getByLabel("Prices").selectOption({ index: 1 });
    await plan.getByLabel("Difference").fill("-12.345");
    await plan.getByLabel("Cancellation and deposit terms of its own").check();
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

  test("a family whose child turns twelve during the stay pays by the age of each night, and hears why", async () => {
    const { type } = await hotel.desk.addRooms("Family Room", "FAMR", "9351-9352");
    await hotel.desk.send("PATCH", `/api/room-types/${type.id}`, { capacity_adults: 4, capacity_children: 2 });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/rooms");
    await settled(page);
    await page.locator(`[data-key="type-${type.id}"]`).click();
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const edit = page.getByRole("dialog", { name: "Family Room" });
    await edit.getByText("Price by number of guests").click();
    await edit.getByLabel("Guests included").fill("2");
    await edit.getByLabel("Extra adult, per night").fill("200000");
    for (const [n, [from, to, amount]] of [["0", "3", "0"], ["4", "11", "100000"]].entries()) {
      await edit.getByRole("button", { name: "Add an age group" }).click();
      await edit.getByLabel("From age").nth(n).fill(from);
      await edit.getByLabel("To age").nth(n).fill(to);
      await edit.getByLabel("Per night", { exact: true }).nth(n).fill(amount);
    }
    assert.deepEqual(await axeFindings(page), []);
    await edit.getByRole("button", { name: "Save" }).click();
    await edit.waitFor({ state: "detached" });

    // Two nights; the older child has its birthday on the second.
    const [arrival, birthday] = [addDays(BUSINESS_DATE, 20), addDays(BUSINESS_DATE, 21)];
    await page.goto(`/reservations/new?check_in_date=${arrival}&check_out_date=${addDays(arrival, 2)}&room_type_id=${type.id}&children=2`);
    await page.getByLabel("Ages at arrival").fill("11, 8");
    await page.locator(".booking-summary").getByText("Rp 1,400,000").first().waitFor();
    const why = page.locator(".booking-summary summary", { hasText: "Why this price?" });
    await why.focus();
    await page.keyboard.press("Enter");
    const told = page.getByRole("list", { name: /^Price of / });
    await told.getByText("2 children, ages 4–11").waitFor();
    // An answer that comes later neither takes the focus away nor tells the same once more.
    const line = await told.getByText("2 children, ages 4–11").elementHandle();
    const again = page.waitForResponse("**/api/quotes");
    await page.getByLabel("Ages at arrival").evaluate((ages) => {
      ages.value = "8, 11";
      ages.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await (await again).finished();
    await settled(page);
    assert.ok(await why.evaluate((summary) => summary === document.activeElement));
    assert.ok(await line.evaluate((shown) => shown.isConnected));
    assert.equal(
      await told.ariaSnapshot(),
      [
        `- list ${JSON.stringify(`Price of ${await page.locator(".price-steps h3").textContent()}`)}:`,
        "  - listitem: Standard price 500,000",
        "  - listitem: 2 children, ages 4–11 +200,000",
        "  - listitem: Per night 700,000",
      ].join("\n"),
    );
    assert.deepEqual(await axeFindings(page), []);
    await page.getByLabel("Name", { exact: true }).fill("Family Fabian");
    await page.getByRole("button", { name: "Save booking" }).click();
    await page.getByRole("heading", { level: 1, name: "Family Fabian" }).waitFor();

    await page.getByRole("button", { name: "Add person" }).click();
    const child = page.getByRole("dialog", { name: "Add person" });
    await child.getByLabel("Name", { exact: true }).fill("Emma Fabian");
    await child.getByLabel("Date of birth").fill(`${Number(birthday.slice(0, 4)) - 12}${birthday.slice(4)}`);
    await child.getByRole("button", { name: "Save" }).click();
    await child.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Why this price?" }).click();
    const prices = page.getByRole("dialog", { name: /price per night/ });
    await prices.getByText("Agreed: Rp 1,400,000. At current rates: Rp 1,500,000.").waitFor();
    // As a screen reader has it, night by night.
    const lists = prices.getByRole("list");
    const read = async (n) => (await lists.nth(n).ariaSnapshot()).split("\n").map((line) => line.trim());
    const heads = await prices.locator(".price-steps h3").allTextContents();
    assert.deepEqual(await read(0), [
      `- list ${JSON.stringify(`Price of ${heads[0]}`)}:`,
      "- listitem: Standard price 500,000",
      "- listitem: 2 children, ages 4–11 +200,000",
      "- listitem: Per night 700,000",
    ]);
    assert.deepEqual(await read(1), [
      `- list ${JSON.stringify(`Price of ${heads[1]}`)}:`,
      "- listitem: Standard price 500,000",
      "- listitem: 1 extra adult +200,000",
      "- listitem: 1 child, ages 4–11 +100,000",
      "- listitem: Per night 800,000",
    ]);
    assert.deepEqual(await axeFindings(page), []);
    await prices.getByRole("button", { name: "Use current rates" }).click();
    await prices.waitFor({ state: "detached" });
    const { items } = await hotel.desk.get("/api/reservations?q=Fabian");
    assert.equal(items[0].total_amount, 1500000);

    // One more adult: the plan's price, or a reason.
    await page.locator('[data-key="edit-stay"]').click();
    await page.getByLabel("Adults").fill("3");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const asked = page.getByRole("dialog");
    await asked.getByText("the rate plan asks IDR 400,000 more").waitFor();
    await asked.getByLabel("Use current rates").check();
    await asked.getByRole("button", { name: "Save" }).click();
    await asked.waitFor({ state: "detached" });
    await page.getByText("Rp 1,900,000").first().waitFor();
    assert.deepEqual(complaints.filter((line) => !/409/.test(line)), []);
    await close();
  });

  test("a cot is asked for with a booking, and who leaves too early for a discount is charged it", async () => {
    const { type, rooms } = await hotel.desk.addRooms("Cot Double", "COT", "9471");
    await hotel.desk.send("PATCH", `/api/room-types/${type.id}`, { capacity_children: 1, cot_rate: 50_000 });
    const long_stay = { nights: 3, percent: 20 };
    const made = { code: "COTS", name: "Cot week", parent_id: 1, offset_kind: "percent", offset_percent: 0, long_stay };
    const plan = await hotel.desk.post("/api/rate-plans", made);
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto(`/reservations/new?check_in_date=${BUSINESS_DATE}&check_out_date=${addDays(BUSINESS_DATE, 3)}&room_type_id=${type.id}`);
    const cots = page.getByLabel("Cots");
    await cots.waitFor({ state: "hidden" });
    await page.getByLabel("Children").fill("1");
    await cots.fill("1");
    await page.getByLabel("Rate plan").selectOption({ label: "Cot week" });
    await page.locator(".booking-summary").getByText("Rp 1,320,000").first().waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByLabel("Name", { exact: true }).fill("Cora Cot");
    await page.getByRole("button", { name: "Save booking" }).click();
    await page.getByRole("heading", { level: 1, name: "Cora Cot" }).waitFor();
    await page.locator("dl.facts").getByText("2 adults, 1 child, 1 cot").waitFor();

    const { items } = await hotel.desk.get("/api/reservations?q=Cora Cot");
    const [{ id }] = items;
    await hotel.desk.post(`/api/reservations/${id}/check-in`, { room_id: rooms[0].id, override_dirty: true });
    await page.getByRole("button", { name: "Check out" }).first().click();
    const sheet = page.getByRole("dialog", { name: /^Check out/ });
    const charge = sheet.getByLabel("Too short for the long-stay discount: charge Rp 110,000 for the nights stayed");
    assert.equal(await charge.isChecked(), true);
    await sheet.getByRole("button", { name: /Rp 550,000/ }).waitFor();
    await charge.uncheck();
    await sheet.getByLabel("Why the discount is kept").waitFor();
    await sheet.getByRole("button", { name: /Rp 440,000/ }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await charge.check();
    await sheet.getByRole("button", { name: /Rp 550,000/ }).click();
    await sheet.waitFor({ state: "detached" });
    await page.getByRole("dialog", { name: "Paid" }).locator(".dialog-foot").getByRole("button", { name: "Close" }).click();
    await page.locator(".folio tbody tr", { hasText: "Price for a shorter stay" }).getByText("110,000").first().waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${id}`)).total_amount, 550_000);
    await hotel.desk.send("PATCH", `/api/rate-plans/${plan.id}`, { is_active: false });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a booking takes another rate plan: its prices, or the old ones for a reason", async () => {
    const { type, rooms } = await hotel.desk.addRooms("Change Double", "CHD", "9499");
    const made = { code: "CHGPLAN", name: "Changed to", parent_id: 1, offset_kind: "percent", offset_percent: 50 };
    const plan = await hotel.desk.post("/api/rate-plans", made);
    const stay = await hotel.desk.book("Plan Petra", { room_id: rooms[0].id, room_type_id: type.id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await page.locator("[data-key=edit-stay]").click();
    const chosen = page.getByLabel("Rate plan");
    await chosen.focus();
    await page.keyboard.type("Changed to");
    const anew = page.getByLabel("Use current rates");
    assert.equal(await anew.isChecked(), true);
    assert.deepEqual(await axeFindings(page), []);
    await anew.uncheck();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const asked = page.getByRole("dialog", { name: "Keep the old price?" });
    await asked.getByLabel("Use current rates").check();
    await asked.getByRole("button", { name: "Save" }).click();
    await asked.waitFor({ state: "detached" });
    await page.locator("dl.facts").getByText("Changed to").waitFor();
    const after = await hotel.desk.get(`/api/reservations/${stay.id}`);
    assert.deepEqual([after.rate_plan_id, after.total_amount], [plan.id, stay.total_amount * 1.5]);
    await hotel.desk.send("PATCH", `/api/rate-plans/${plan.id}`, { is_active: false });
    assert.deepEqual(complaints.filter((line) => !/409/.test(line)), []);
    await close();
  });

  test("a plan for long stays in a season is made, told in the list, and offered for those stays alone", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    const { type } = await hotel.desk.addRooms("Spring Double", "SPR", "9461");
    const { rooms } = await hotel.desk.addRooms("Spring Twin", "SPT", "9462");
    await signIn(page);
    await page.goto("/prices");
    await settled(page);
    await page.getByRole("button", { name: "Add a rate plan" }).click();
    const plan = page.getByRole("dialog", { name: "Add a rate plan" });
    await plan.getByLabel("Name").fill("Spring week");
    await plan.getByLabel("Short code").fill("SPRING");
    await plan.getByLabel("Prices", { exact: true }).selectOption({ index: 1 });
    await plan.getByLabel("Difference").fill("0");
    await plan.getByText("Rounding", { exact: true }).click();
    await plan.getByLabel("Round to").selectOption({ label: "multiples of 1000" });
    await plan.getByText("Discounts", { exact: true }).click();
    await plan.getByLabel("Long stay from (nights)").fill("3");
    await plan.getByLabel("Percent off").first().fill("12.5");
    await plan.getByText("When and for whom").click();
    const [first, last] = [addDays(BUSINESS_DATE, 30), addDays(BUSINESS_DATE, 60)];
    await plan.getByLabel("First night").fill(last);
    await plan.getByLabel("Last night").fill(first);
    await plan.getByLabel("Promo code").fill("Tulip");
    assert.deepEqual(await axeFindings(page), []);
    // What is wrong unfolds by itself.
    await plan.getByText("When and for whom").click();
    await plan.getByLabel("Promo code").waitFor({ state: "hidden" });
    await plan.getByRole("button", { name: "Save" }).click();
    await plan.locator("[data-field=stay_to] .field-error", { hasText: /first night/ }).waitFor();
    await plan.getByLabel("First night").fill(first);
    await plan.getByLabel("Last night").fill(last);
    await plan.getByRole("button", { name: "Save" }).click();
    await plan.waitFor({ state: "detached" });
    const row = page.getByRole("row", { name: /SPRING/ });
    for (const words of ["multiples of 1000", "From 3 nights: −12.5%", "Code Tulip"]) await row.getByText(words).waitFor();

    await hotel.desk.book("Spring Stays", { room_id: rooms[0].id, check_in_date: first, check_out_date: addDays(first, 3) });
    const option = page.getByLabel("Rate plan").locator("option", { hasText: "Spring week" });
    await page.goto(`/reservations/new?check_in_date=${first}&check_out_date=${addDays(first, 3)}&room_type_id=${type.id}`);
    await option.and(page.locator(":disabled")).waitFor({ state: "attached" });
    await page.getByLabel("Promo code").fill("tulip");
    await option.and(page.locator(":enabled")).waitFor({ state: "attached" });
    await page.getByLabel("Rate plan").selectOption({ label: "Spring week" });
    await page.locator(".booking-summary").getByText("Rp 1,312,500").first().waitFor();
    await page.getByLabel("Arrival", { exact: true }).fill(addDays(first, -5));
    await page.getByRole("alert").filter({ hasText: "SPRING, which is for nights from" }).waitFor();
    // The old dates' rooms and price went with them.
    const summary = page.locator(".booking-summary");
    await summary.getByText("SPRING, which is for nights from").waitFor();
    assert.equal(await summary.getByText("1,312,500").count(), 0);
    assert.equal(await page.locator(".type-choice").count(), 0);

    // A room that is taken: other dates under the same plan and code, and none of those the plan is not for.
    await page.getByLabel("Arrival", { exact: true }).fill(first);
    const taken = page.locator(".type-choice", { hasText: "Spring Twin" });
    await taken.getByRole("button", { name: "Other dates nearby" }).click();
    await taken.getByRole("button", { name: /1,312,500/ }).waitFor();
    assert.equal(await taken.getByRole("button", { name: /Rp/ }).count(), 1);
    const { items: plans } = await hotel.desk.get("/api/rate-plans?q=SPRING");
    await hotel.desk.send("PATCH", `/api/rate-plans/${plans[0].id}`, { is_active: false });
    assert.deepEqual(complaints.filter((line) => !/422/.test(line)), []);
    await close();
  });

  test("a plan that is edited keeps a parent that is sold no more, and a rounding that its currency seldom has", async () => {
    const own = await startInnkeeper(["serve"]);
    try {
      const desk = await new Desk(own.url).setUp("Rounded House");
      await desk.signIn();
      const offset = { offset_kind: "percent", offset_percent: -10 };
      const parent = await desk.post("/api/rate-plans", { code: "OLD", name: "Old plan", parent_id: 1, ...offset });
      const rounding = { to: "1000", way: "up" };
      const plan = await desk.post("/api/rate-plans", { code: "HEIR", name: "Heir plan", parent_id: parent.id, ...offset, rounding });
      await desk.send("PATCH", `/api/rate-plans/${parent.id}`, { is_active: false });
      const { page, complaints, close } = await openPage(hotel.browser, own.url);
      await signIn(page, "admin", OWN_PASSWORD);
      await page.goto("/prices");
      await settled(page);
      const row = page.getByRole("row", { name: /HEIR/ });
      await row.getByRole("button", { name: "Actions for Heir plan" }).click();
      await page.getByRole("button", { name: "Edit", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: "Heir plan" });
      await dialog.getByLabel("Name").fill("Heir of a plan");
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.waitFor({ state: "detached" });
      const { items } = await desk.get("/api/rate-plans?page_size=100");
      const now = items.find(({ id }) => id === plan.id);
      assert.deepEqual([now.name, now.parent_id, now.offset_percent, now.rounding], ["Heir of a plan", parent.id, -10, rounding]);
      assert.deepEqual(complaints, []);
      await close();
    } finally {
      await own.stop();
    }
  });

  test("Christmas costs a quarter more in all room types with five actions, told before, and is put back", async () => {
    for (const n of [1, 2, 3, 4, 5]) await hotel.desk.addRooms(`Christmas ${n}`, `XM${n}`, `945${n}`);
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/prices?from=2026-12-21");
    await settled(page);
    let actions = 0;
    const act = (step) => ((actions += 1), step);
    await act(page.getByRole("button", { name: "Change prices" }).click());
    const dialog = page.getByRole("dialog", { name: "Change prices: Best available rate" });
    await act(dialog.getByLabel("First night").fill("2026-12-24"));
    await act(dialog.getByLabel("Last night").fill("2027-01-01"));
    // What nobody can read and nobody sees any more keeps nothing back.
    await dialog.getByLabel("How", { exact: true }).selectOption("amount");
    await dialog.getByLabel("Amount", { exact: true }).fill("25o");
    await dialog.getByLabel("How", { exact: true }).selectOption("percent");
    await act(dialog.getByLabel("Percent").fill("25"));
    await dialog.getByRole("status").filter({ hasText: /nights: .*→ .*625,000/ }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await act(dialog.getByRole("button", { name: "Save" }).click());
    await dialog.waitFor({ state: "detached" });
    assert.ok(actions <= 6);
    const { items: types } = await hotel.desk.get("/api/room-types?page_size=100");
    const christmas = types.filter(({ name }) => name.startsWith("Christmas"));
    assert.equal(christmas.length, 5);
    const price = ({ id }) => page.locator(`[data-key="${id}-2026-12-24"]`);
    for (const type of christmas) await price(type).filter({ hasText: "625,000" }).waitFor();
    assert.equal(await page.locator(`[data-key="${christmas[0].id}-2026-12-23"]`).textContent(), "500,000");
    await page.getByRole("button", { name: "Undo" }).click();
    for (const type of christmas) await price(type).filter({ hasText: "500,000" }).waitFor();
    const at = `/api/rate-plans/1/rates?room_type_id=${christmas[0].id}&from=2026-12-24&to=2027-01-01`;
    assert.ok((await hotel.desk.get(at)).items.every(({ is_own }) => !is_own));
    assert.deepEqual(complaints, []);
    await close();
  });
}
