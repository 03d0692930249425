import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, signIn } from "../browser.mjs";

export function accessFlows(hotel) {
  test("a wrong password is refused in words and the right one opens the page that was asked for", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await page.goto("/guests");
    await page.getByLabel("User name").fill("admin");
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    const refusal = page.locator(".form-error");
    await refusal.filter({ hasText: /\w/ }).waitFor();
    assert.equal(await page.getByLabel("User name").inputValue(), "admin", "what was typed stays");
    // Typed over what was wrong, without a hand on the mouse.
    await page.keyboard.type("admin123");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Guests" }).waitFor();
    assert.equal(new URL(page.url()).pathname, "/guests");
    const unexpected = complaints.filter((line) => !/status of 401.*\/api\/auth\/login/.test(line));
    assert.deepEqual(unexpected, []);
    await close();
  });

  test("signing in leads to a page of this hotel, whatever the address asks for", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await settled(page);
    for (const asked of ["/%5Cx", "//x.example/", "/%5C%5Cx.example", "https%3A%2F%2Fx.example%2F", "javascript%3Aalert(1)", "/.//x.example", "%09//x.example"]) {
      await page.goto(`/login?next=${asked}`);
      await settled(page);
      assert.equal(new URL(page.url()).origin, new URL(hotel.url).origin, asked);
      await page.locator("main h1").first().waitFor();
    }
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a guest's address adds no recipient to a letter", async () => {
    const guest = await hotel.desk.post("/api/guests", { full_name: "Mail Trick", email: "x?bcc=eve&body=y@b.co" });
    const { page, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/guests/${guest.id}`);
    const link = page.locator('a[href^="mailto:"]').first();
    assert.equal(await link.getAttribute("href"), "mailto:x%3Fbcc%3Deve%26body%3Dy@b.co");
    await close();
  });

  test("the demo says how to sign in, before and not after", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await page.goto("/");
    await page.getByText("sign in with admin / admin123").waitFor();
    await signIn(page);
    await settled(page);
    await page.getByText("Demo hotel").first().waitFor();
    assert.equal(await page.getByText("admin123").count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("logging out closes the door behind it", async () => {
    const { page, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.locator(".user-button").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Welcome back" }).waitFor();
    await page.goto("/reservations");
    await page.getByRole("heading", { name: "Welcome back" }).waitFor();
    await close();
  });

  test("a session that ends in the middle of work is renewed without losing what was typed", async () => {
    const { page, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/guests");
    await page.getByRole("button", { name: "New guest" }).click();
    const form = page.getByRole("dialog", { name: "New guest" });
    await form.getByLabel("Name", { exact: true }).fill("Session Survivor");
    await page.context().clearCookies();
    await form.getByRole("button", { name: "Save" }).click();
    const again = page.getByRole("dialog", { name: "Sign in again" });
    await again.getByLabel("Password").fill("admin123");
    await again.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { level: 1, name: "Session Survivor" }).waitFor();
    await close();
  });

  test("Enter in the search box goes where the words lead, however late the answer comes", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await settled(page);
    await page.clock.install();
    const held = [];
    await page.route("**/api/search?*", (route) => held.push(route));
    await page.keyboard.press("Control+k");
    await page.keyboard.type("Statistics");
    const asked = page.waitForRequest("**/api/search?*");
    await page.keyboard.press("Enter");
    await asked;
    // Whatever waits for the fingers to rest has waited long enough.
    await page.clock.runFor(2000);
    assert.equal(held.length, 1);
    await held[0].continue();
    await page.getByRole("heading", { level: 1, name: "Statistics" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("the search box finds a guest by keyboard and goes there", async () => {
    await hotel.desk.post("/api/guests", { full_name: "Quirina Zeppelin", email: "quirina@example.com" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await settled(page);
    await page.keyboard.press("/");
    await page.keyboard.type("Zeppel");
    await page.getByRole("option", { name: /Quirina Zeppelin/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Quirina Zeppelin" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("the search box finds a part of a name, without its accents, and a note, which it shows", async () => {
    const { rooms } = await hotel.desk.addRooms("Search Double", "SED", "656-657");
    await hotel.desk.book("Björn O'Quaxley", { room_id: rooms[0].id });
    await hotel.desk.book("Plain Paul", { room_id: rooms[1].id, notes: "Driver of Mr Vrzlbrmft" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await settled(page);
    for (const typed of ["quaxl", "oquax", "bjoern oq", "uaxley"]) {
      await page.keyboard.press("/");
      await page.keyboard.type(typed);
      await page.getByRole("option", { name: /Björn O'Quaxley/ }).first().waitFor();
      await page.keyboard.press("Escape");
    }
    await page.keyboard.press("/");
    await page.keyboard.type("rzlbr");
    await page.getByRole("option", { name: /Plain Paul.*Driver of Mr Vrzlbrmft/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Plain Paul" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}
