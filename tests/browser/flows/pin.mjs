import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, PHONE, settled, signIn } from "../browser.mjs";
import { Keyboard } from "../keyboard.mjs";

const PASSWORD = "a long enough one";

const person = (hotel, username, full_name) =>
  hotel.desk.post("/api/users", { username, full_name, role: "receptionist", password: PASSWORD });

const button = (page, name) => page.getByRole("button", { name, exact: true });

async function logOut(page) {
  await page.locator("[title='Your account'], [aria-label='Your account']").filter({ visible: true }).click();
  await button(page, "Sign out").click();
  await page.getByRole("heading", { name: "Welcome back" }).waitFor();
}

const me = (page) => page.evaluate(async () => (await fetch("/api/auth/me")).json());

/** The refusals that a flow provokes are in the console too; they are no complaints. */
const unprovoked = (complaints) => complaints.filter((line) => !/Failed to load resource.*status of 4(01|03|09|22)/.test(line));

export function pinFlows(hotel) {
  test("on a registered phone a PIN is tapped in, opens what it may, and ends with the device", async () => {
    await person(hotel, "pina", "Pina Tapper");
    const options = { size: PHONE, touch: true, with_axe: true };
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, options);
    await signIn(page);
    await page.goto("/staff");
    await settled(page);
    await button(page, "Register this device").tap();
    const dialog = page.getByRole("dialog", { name: "Register this device" });
    await dialog.getByLabel("Name").fill("Lobby phone");
    await dialog.getByRole("button", { name: "Save" }).tap();
    await page.locator("tr").filter({ hasText: "Lobby phone" }).getByText("this device").waitFor();
    assert.equal(await button(page, "Register this device").count(), 0);
    assert.deepEqual(await axeFindings(page), [], "the devices");
    await logOut(page);
    assert.equal(await button(page, "Pina Tapper").count(), 0, "she has no PIN yet");

    await signIn(page, "pina", PASSWORD);
    await page.getByRole("button", { name: "Your account" }).tap();
    await button(page, "PIN").tap();
    const own = page.getByRole("dialog", { name: "PIN" });
    await own.getByLabel("Current password").fill(PASSWORD);
    await own.getByLabel("New PIN").fill("1234");
    await own.getByRole("button", { name: "Save" }).tap();
    await own.getByText("not in a row such as 1234").waitFor();
    await own.getByLabel("New PIN").fill("4826");
    await own.getByRole("button", { name: "Save" }).tap();
    await own.waitFor({ state: "detached" });
    await logOut(page);

    await button(page, "Pina Tapper").waitFor();
    assert.deepEqual(await axeFindings(page), [], "the names");
    await button(page, "Pina Tapper").tap();
    for (const key of ["4", "8", "3", "Delete last digit", "2", "6"]) await button(page, key).tap();
    assert.deepEqual(await axeFindings(page), [], "the keys");
    const low = await page.locator(".keypad button").evaluateAll((keys) => Math.min(...keys.map((key) => key.offsetHeight)));
    assert.ok(low >= 44, `a key is ${low} px high`);
    await button(page, "Sign in").tap();
    await page.locator("app-frame").waitFor();
    const { by_pin, user } = await me(page);
    assert.deepEqual([by_pin, user.username], [true, "pina"]);

    await page.getByRole("button", { name: "Your account" }).tap();
    await button(page, "Change password").tap();
    const change = page.getByRole("dialog", { name: "Change password" });
    await change.getByLabel("Current password").fill(PASSWORD);
    await change.getByLabel("New password").fill("another long one");
    await change.getByRole("button", { name: "Save" }).tap();
    await change.getByText("You signed in by PIN.").waitFor();
    await page.keyboard.press("Escape");

    const office = await openPage(hotel.browser, hotel.url);
    await signIn(office.page);
    await office.page.goto("/staff");
    await button(office.page, "Revoke Lobby phone").click();
    await office.page.getByText("Lobby phone").waitFor({ state: "detached" });
    await office.close();
    const again = page.getByRole("dialog", { name: "Sign in again" });
    // The browser opens its stream again when it sees fit, and only then learns of the end.
    await again.getByLabel("Password").waitFor();
    await page.goto("/login");
    await page.getByLabel("User name").waitFor();
    assert.equal(await button(page, "Pina Tapper").count(), 0);
    assert.deepEqual(unprovoked(complaints), []);
    await close();
  });

  test("by keyboard: a PIN signs in, and five wrong ones lock it", async () => {
    await person(hotel, "lars", "Lars Locked");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    const keys = new Keyboard(page);
    await signIn(page, "lars", PASSWORD);
    const origin = { Origin: hotel.url };
    const own = { current_password: PASSWORD, pin: "4826" };
    assert.equal((await page.request.put("/api/auth/pin", { headers: origin, data: own })).status(), 204);
    const headers = { Authorization: `Bearer ${hotel.desk.token}` };
    assert.equal((await page.request.post("/api/devices", { headers, data: { name: "Desk" } })).status(), 201);
    await logOut(page);
    await button(page, "Lars Locked").waitFor();
    await keys.push("Lars Locked");
    await keys.holds();
    await keys.type("4826");
    await keys.press("Enter");
    await page.locator("app-frame").waitFor();
    assert.equal((await me(page)).by_pin, true);
    await logOut(page);

    await button(page, "Lars Locked").waitFor();
    await keys.push("Lars Locked");
    const keypad = async () => (await page.locator(".keypad").boundingBox()).y;
    const before = await keypad();
    for (let tries = 1; tries <= 5; tries += 1) {
      await keys.type("9517");
      const answered = page.waitForResponse(/\/api\/auth\/pin$/);
      await keys.press("Enter");
      assert.equal((await answered).status(), tries < 5 ? 401 : 409);
      await page.waitForFunction(() => document.querySelector("input[name=pin]").value === "");
    }
    await page.getByText("The PIN is locked after five wrong tries.").waitFor();
    assert.equal(await keypad(), before, "what is said moves no key from under a thumb");
    await keys.type("4826");
    await keys.press("Enter");
    await page.waitForFunction(() => document.querySelector("input[name=pin]").value === "");
    assert.equal(await page.locator("app-frame").count(), 0);
    await keys.push("Sign in with your password");
    await keys.holds();
    await keys.type("lars");
    await keys.fill("Password", PASSWORD);
    await keys.press("Enter");
    await page.locator("app-frame").waitFor();
    assert.deepEqual(unprovoked(complaints), []);
    await close();
  });
}
