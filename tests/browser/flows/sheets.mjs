import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, signIn } from "../browser.mjs";
import { Keyboard } from "../keyboard.mjs";

export function sheetFlows(hotel) {
  test("a guest arrives on one sheet: another room, the missing paper, a companion and the money, saved at once", async () => {
    const { rooms } = await hotel.desk.addRooms("Sheet Double", "SHD", "1401-1403");
    await hotel.desk.send("PUT", `/api/rooms/${rooms[0].id}/status`, { housekeeping: "dirty" });
    const stay = await hotel.desk.book("Sheet Sonja", { room_id: rooms[0].id, adults: 2 });
    const before = (await hotel.desk.get("/api/settings")).required_guest_fields;
    await hotel.desk.send("PATCH", "/api/settings", { required_guest_fields: ["id_number"] });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.getByRole("button", { name: "Check in Sheet Sonja" }).click();
    const sheet = page.getByRole("dialog", { name: "Check in Sheet Sonja" });
    await sheet.getByText("This room is dirty.").waitFor();
    // What is missing has the focus, and the sheet is not left without it.
    assert.equal(await sheet.getByLabel("Document number").evaluate((one) => one === document.activeElement), true);
    await sheet.getByLabel("Room", { exact: true }).selectOption({ label: "1402 · Clean" });
    await sheet.getByText("This room is dirty.").waitFor({ state: "detached" });
    await sheet.getByRole("button", { name: "Check in", exact: true }).click();
    await sheet.getByText("Please fill in this field.").or(sheet.locator(".field-error:not(:empty)")).first().waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${stay.id}`)).status, "confirmed");
    await sheet.getByLabel("Document number").fill("S 123");
    await sheet.getByLabel("Guest 2").fill("Sheet Stefan");
    await sheet.getByRole("button", { name: "Full amount" }).click();
    await sheet.getByLabel("Card", { exact: true }).check();
    assert.equal(await sheet.getByRole("link", { name: "Registration card" }).getAttribute("target"), "_blank");
    await sheet.getByRole("button", { name: "Check in", exact: true }).click();
    await page.getByText(/Sheet Sonja is checked in to room 1402\. .* taken by Card\./).waitFor();
    const now = await hotel.desk.get(`/api/reservations/${stay.id}`);
    assert.deepEqual([now.status, now.room_number, now.balance], ["checked_in", "1402", 0]);
    const people = await hotel.desk.get(`/api/reservations/${stay.id}/guests`);
    assert.deepEqual(people.items.map((one) => one.full_name), ["Sheet Sonja", "Sheet Stefan"]);
    assert.equal((await hotel.desk.get(`/api/guests/${stay.guest_id}`)).id_number, "S 123");
    await hotel.desk.send("PATCH", "/api/settings", { required_guest_fields: before });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a dirty room is used with a reason that is asked for on the sheet", async () => {
    const { rooms } = await hotel.desk.addRooms("Dirty Double", "DID", "1411");
    await hotel.desk.send("PUT", `/api/rooms/${rooms[0].id}/status`, { housekeeping: "dirty" });
    const stay = await hotel.desk.book("Dirty Dan", { room_id: rooms[0].id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.getByRole("button", { name: "Check in", exact: true }).click();
    const sheet = page.getByRole("dialog", { name: "Check in Dirty Dan" });
    await sheet.getByLabel("Why is the room used dirty?").fill("The guest is tired");
    await sheet.getByRole("button", { name: "Check in", exact: true }).click();
    await page.locator(".page-head .status-checked_in").waitFor();
    const [entry] = (await hotel.desk.get(`/api/audit-log?entity=reservation&entity_id=${stay.id}`)).items;
    assert.equal(entry.after.reason, "The guest is tired");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("by keyboard: the ordinary guest is checked in by two keys, on the chart by C, and out again there", async () => {
    const { rooms } = await hotel.desk.addRooms("Short Double", "SRD", "1421-1422");
    await hotel.desk.book("Short Sheila", { room_id: rooms[0].id });
    const other = await hotel.desk.book("Short Shaun", { room_id: rooms[1].id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    const keys = new Keyboard(page);
    await signIn(page);
    await settled(page);
    await page.getByRole("button", { name: "Check in Short Sheila" }).focus();
    await keys.press("Enter");
    await keys.dialog("Check in Short Sheila");
    await keys.press("Enter");
    await page.getByText("Short Sheila is checked in to room 1421.").waitFor();
    assert.equal(keys.presses, 2);
    await keys.dialogGone();
    await page.goto(`/chart?room_id=${rooms[1].id}`);
    await settled(page);
    const bar = page.locator(".bar", { hasText: "Short Shaun" });
    await bar.focus();
    await keys.press("c");
    await keys.dialog("Check in Short Shaun");
    await keys.press("Enter");
    await keys.dialogGone();
    await page.locator(".bar.status-checked_in", { hasText: "Short Shaun" }).waitFor();
    assert.equal((await hotel.desk.get(`/api/reservations/${other.id}`)).status, "checked_in");
    await page.locator(".bar", { hasText: "Short Shaun" }).click({ button: "right" });
    await page.getByRole("dialog", { name: "Short Shaun" }).getByRole("button", { name: "Check out" }).click();
    await page.getByRole("dialog", { name: "Check out Short Shaun" }).waitFor();
    await keys.press("Escape");
    await keys.dialogGone();
    assert.deepEqual(complaints, []);
    await close();
  });
}
