import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, signIn } from "../browser.mjs";
import { Keyboard } from "../keyboard.mjs";

/** The new-booking page with a name half typed. */
async function halfTyped(hotel) {
  const opened = await openPage(hotel.browser, hotel.url);
  const { page } = opened;
  await signIn(page);
  await page.locator(".sidebar-new").click();
  await page.getByRole("heading", { level: 1, name: "New booking" }).waitFor();
  await settled(page);
  const name = page.getByLabel("Name", { exact: true });
  await name.fill("Half-typed Hanna");
  const question = page.getByRole("dialog", { name: "Discard your changes?" });
  const keep = async () => {
    await question.getByRole("button", { name: "Keep editing" }).click();
    await question.waitFor({ state: "detached" });
    assert.equal(await name.inputValue(), "Half-typed Hanna");
    assert.match(page.url(), /\/reservations\/new/);
  };
  const discard = () => question.getByRole("button", { name: "Discard" }).click();
  return { ...opened, name, question, keep, discard };
}

/** Runs in the page: Escape so many times within one task, and how many dialogs are open after each. @param {number} times */
async function escapesAtOnce(times) {
  const open = [];
  for (let time = 0; time < times; time += 1) {
    const key = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(key);
    for (let turn = 0; turn < 20; turn += 1) await null;
    open.push(document.querySelectorAll("dialog[open]").length);
  }
  return open;
}

const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();

export function typedFlows(hotel) {
  test("a half-typed booking is not left unasked: by a link, by the search, by Back and Forward", async () => {
    const { page, question, keep, discard, complaints, close } = await halfTyped(hotel);
    await page.getByRole("link", { name: "Guests" }).first().click();
    await keep();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("Statistics");
    await page.keyboard.press("Enter");
    await keep();
    await page.goBack();
    await keep();
    await page.goBack();
    await question.waitFor();
    await page.keyboard.press("Escape");
    await question.waitFor({ state: "detached" });
    await page.goBack();
    await discard();
    await heading(page, "Today");
    // The way forward is still there, and leads to an empty form.
    await page.goForward();
    await heading(page, "New booking");
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "");
    await page.getByRole("link", { name: "Guests" }).first().click();
    await heading(page, "Guests");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("reloading and signing out ask too; dates that were only looked up do not", async () => {
    const { page, name, keep, complaints, close } = await halfTyped(hotel);
    const asked = new Promise((resolve) => page.once("dialog", (dialog) => dialog.dismiss().then(() => resolve(dialog.type()))));
    await page.evaluate(() => void requestAnimationFrame(() => location.reload()));
    assert.equal(await asked, "beforeunload");
    assert.equal(await name.inputValue(), "Half-typed Hanna");
    await page.locator(".sidebar .user-button").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await keep();
    // What is taken back by hand is nothing any more.
    await name.fill("");
    await page.getByLabel("Nights").fill("3");
    await page.getByRole("link", { name: "Guests" }).first().click();
    await heading(page, "Guests");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: a dialog with something typed asks at every Escape, and keeps it", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    const keys = new Keyboard(page);
    await keys.go("Guests", "Guests");
    await keys.push("New guest");
    await keys.dialog("New guest");
    await keys.press("Escape");
    await keys.dialogGone();
    await keys.push("New guest");
    await keys.dialog("New guest");
    await keys.type("Esther Escape");
    for (let time = 0; time < 3; time += 1) {
      await keys.press("Escape");
      await keys.dialog("Discard your changes?");
      await keys.press("Escape");
      await page.getByRole("dialog", { name: "Discard your changes?" }).waitFor({ state: "detached" });
      await keys.holds();
    }
    assert.equal(await page.locator("dialog").getByLabel("Name").inputValue(), "Esther Escape");
    // As fast as no hand is: asked, kept, and asked again before the browser has told that a dialog is closed.
    assert.deepEqual(await page.evaluate(escapesAtOnce, 3), [2, 1, 2]);
    await keys.press("Escape");
    await keys.push("Back");
    await keys.dialog("Discard your changes?");
    await keys.push("Discard", { back: true });
    await keys.dialogGone();
    assert.equal((await hotel.desk.get("/api/guests?q=Esther%20Escape")).total, 0);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("what is typed in one card outlives the saving of another, and a payment", async () => {
    const { rooms } = await hotel.desk.addRooms("Kept Double", "KPD", "9361-9362");
    const stay = await hotel.desk.book("Karla Kept", { room_id: rooms[0].id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.locator("[data-key=edit-stay]").click();
    await page.getByLabel("Notes").fill("Half a note");
    await page.getByRole("button", { name: "Take payment" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Take payment" }).click();
    await page.locator(".folio-balance:not(.is-due)").waitFor();
    assert.equal(await page.getByLabel("Notes").inputValue(), "Half a note");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.locator("[data-key=edit-stay]").waitFor();
    await page.goto("/settings");
    await settled(page);
    await page.getByLabel("Address").fill("Half a street");
    const limit = page.locator("form").filter({ has: page.getByLabel("Check-in from") });
    await limit.getByLabel("Check-in from").fill("15:00");
    await limit.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    assert.equal(await page.getByLabel("Address").inputValue(), "Half a street");
    await page.locator("form").filter({ has: page.getByLabel("Address") }).getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").nth(1).waitFor();
    const { address, check_in_time } = await hotel.desk.get("/api/settings");
    assert.deepEqual([address, check_in_time], ["Half a street", "15:00"]);
    assert.deepEqual(complaints, []);
    await close();
  });
}
