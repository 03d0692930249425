import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, signIn } from "../browser.mjs";
import { Desk, OWN_PASSWORD, startInnkeeper } from "../innkeeper.mjs";

export function setupFlows(hotel) {
  test("an owner goes from an empty file to a hotel with rooms to sell", async () => {
    const empty = await startInnkeeper(["serve"]);
    const { page, complaints, close } = await openPage(hotel.browser, empty.url);
    try {
      await page.goto("/");
      await page.getByText("At least 8 characters.").waitFor();
      await page.getByRole("button", { name: "Continue to rooms" }).click();
      await page.locator("[aria-invalid]").nth(3).waitFor();
      const flagged = await page.locator("[aria-invalid]").evaluateAll((found) => found.map(({ name }) => name));
      assert.deepEqual(flagged, ["property_name", "full_name", "username", "password"]);
      // A field says its rule or what is wrong, never both.
      assert.equal(await page.locator("[data-field=password] .field-hint").isVisible(), false);
      await page.getByLabel("Property name").fill("Pension Erika");
      assert.equal(await page.locator("[aria-invalid]").count(), 3, "what is put right is wrong no more");
      assert.equal(await page.locator("[data-field=property_name] .field-error").textContent(), "");
      await page.getByLabel("Currency").selectOption("EUR");
      await page.getByLabel("Time zone").selectOption("Europe/Vienna");
      assert.equal(await page.getByLabel("Date and number format").inputValue(), "de-AT");
      await page.getByLabel("Time zone").selectOption("Europe/Zurich");
      assert.equal(await page.getByLabel("Date and number format").inputValue(), "de-CH");
      assert.equal(await page.getByLabel("Currency").inputValue(), "EUR", "chosen, so it stays");
      await page.getByLabel("Time zone").selectOption("Europe/Vienna");
      await page.getByLabel("Close each day automatically").check();
      await page.getByLabel("Your name").fill("Erika Muster");
      await page.getByLabel("User name").fill("erika");
      await page.getByLabel("Password").fill("a long enough one");
      await page.getByRole("button", { name: "Continue to rooms" }).click();
      await page.getByRole("button", { name: "Add this type" }).click();
      assert.equal(await page.locator("[aria-invalid]").count(), 3, "name, code and price at once");
      await page.getByLabel("Room type").fill("Double room");
      await page.getByLabel("Short code").fill("DBL");
      await page.getByLabel("Price per night").fill("89,50");
      await page.getByLabel("Room numbers").fill("101-108, 110");
      await page.getByRole("button", { name: "Add this type" }).click();
      await page.getByText("9 rooms").waitFor();
      await page.getByLabel("Room type").fill("Single room");
      await page.getByLabel("Short code").fill("SGL");
      await page.getByLabel("Price per night").fill("59");
      await page.getByLabel("Adults").fill("1");
      await page.getByLabel("Room numbers").fill("201-203");
      await page.getByRole("button", { name: "Add this type" }).click();
      await page.getByText("3 rooms").waitFor();
      await page.getByRole("link", { name: "Open the front desk" }).click();
      await page.getByRole("heading", { level: 1, name: "Today" }).waitFor();
      await settled(page);
      assert.equal((await (await page.request.get("/api/day-close/plan")).json()).is_on, true, "asked for at the set-up");
      await page.goto("/chart");
      await page.locator(".tape-track").nth(11).waitFor({ state: "attached" });
      assert.equal(await page.locator(".tape-track").count(), 12);
      await page.goto("/reservations/new");
      await page.getByText("€ 89,50").first().waitFor();
      assert.deepEqual(complaints.filter((words) => !/422.*\/api\/setup/.test(words)), []);
    } finally {
      await close();
      await empty.stop();
    }
  });

  test("while setting up, a room number that cannot be is told at its field, and what is put right is what counts", async () => {
    const empty = await startInnkeeper(["serve"]);
    const desk = await new Desk(empty.url).setUp("Pension Tippfehler");
    await desk.signIn();
    const { page, complaints, close } = await openPage(hotel.browser, empty.url);
    try {
      await signIn(page, "admin", OWN_PASSWORD);
      await page.goto("/setup");
      await page.getByLabel("Room type").fill("Duoble room");
      await page.getByLabel("Short code").fill("DBL");
      await page.getByLabel("Price per night").fill("89");
      await page.getByLabel("Room numbers").fill("101-103, 102");
      await page.getByRole("button", { name: "Add this type" }).click();
      await page.locator("[data-field=numbers] .field-error", { hasText: "Lists room 102 twice." }).waitFor();
      assert.equal(await page.locator(".form-error").textContent(), "", "and nowhere else");
      await page.getByLabel("Room type").fill("Double room");
      await page.getByLabel("Price per night").fill("98");
      await page.getByLabel("Room numbers").fill("101-104");
      await page.getByRole("button", { name: "Add this type" }).click();
      await page.getByText("4 rooms").waitFor();
      const { items } = await desk.get("/api/room-types");
      assert.deepEqual(
        items.map(({ name, default_rate, room_count }) => [name, default_rate, room_count]),
        [["Double room", 98, 4]],
      );
      await page.goto("/activity");
      await page.getByRole("row", { name: /^Set up Settings Not signed in/ }).waitFor();
      assert.deepEqual(complaints.filter((words) => !words.includes("422")), []);
    } finally {
      await close();
      await empty.stop();
    }
  });

  test("a day of the hotel that was left open is pointed out, and closed once what is open is decided", async () => {
    const late = await startInnkeeper(["serve"]);
    const desk = new Desk(late.url);
    await desk.setUp("Pension Patience");
    const { page, complaints, close } = await openPage(hotel.browser, late.url);
    try {
      await signIn(page, "admin", OWN_PASSWORD);
      await page.locator(".sidebar .brand", { hasText: /Mon.*10|10.*Mon/ }).waitFor();
      const banner = page.getByRole("complementary", { name: "Business date" });
      const { rooms } = await (await desk.signIn()).addRooms("Patient Double", "PTD", "101-102");
      const stay = await desk.book("Nora Nowhere", { room_id: rooms[0].id });
      await banner.getByRole("link", { name: "Close the day" }).click();
      const group = page.getByRole("region", { name: "Not arrived yet" });
      await group.getByRole("link", { name: "Nora Nowhere" }).waitFor();
      const submit = page.getByRole("button", { name: /^Close \d/ });
      assert.equal(await submit.isDisabled(), true, "somebody has to decide first");
      const day = async () => (await desk.get("/api/settings")).business_date;
      assert.equal(await day(), "2025-11-10");
      // What is mended at another desk leaves the list.
      await desk.post(`/api/reservations/${stay.id}/cancel`, {});
      await page.getByText("Everything is done for this day.").waitFor();
      await submit.click();
      await page.locator(".sidebar .brand", { hasText: /Tue.*11|11.*Tue/ }).waitFor();
      assert.equal(await day(), "2025-11-11");
      await page.getByRole("button", { name: "Undo" }).click();
      await page.locator(".sidebar .brand", { hasText: /Mon.*10|10.*Mon/ }).waitFor();
      assert.equal(await day(), "2025-11-10");
      await banner.getByRole("button", { name: "Not now" }).click();
      await banner.waitFor({ state: "detached" });
      assert.deepEqual(complaints, []);
    } finally {
      await close();
      await late.stop();
    }
  });
}
