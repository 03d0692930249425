import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { sitDown } from "./keyboard.mjs";

const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();

/** The drawer is counted, so that the next flow finds it free. */
async function closeAll(desk) {
  const { shifts } = await desk.get("/api/shifts/current");
  for (const { id, expected } of shifts)
    await desk.post(`/api/shifts/${id}/close`, { counts: expected.map(({ currency, amount }) => ({ currency, amount })) });
}

export function tillFlows(hotel) {
  test("a shift is closed with a difference, which the owner finds on the list", async () => {
    const { type } = await hotel.desk.addRooms("Till Double", "TIL", "9701-9702");
    const stay = await hotel.desk.book("Tilda Tiller", { room_type_id: type.id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/payments");
    await page.getByText("No shift is open").waitFor();
    await page.getByRole("button", { name: "Open shift" }).click();
    const open = page.getByRole("dialog", { name: "Open shift" });
    await open.getByLabel("Float").fill("500000");
    assert.deepEqual(await axeFindings(page), []);
    await open.getByRole("button", { name: "Open shift" }).click();
    await open.waitFor({ state: "detached" });
    await page.getByRole("heading", { level: 3, name: "Front desk" }).waitFor();
    await hotel.desk.post("/api/payments", { reservation_id: stay.id, amount: 200000, payment_method: "cash" });
    await page.locator(".till-shift .is-total", { hasText: "Rp 700,000" }).waitFor();

    await page.getByRole("button", { name: "Cash in or out" }).click();
    const move = page.getByRole("dialog", { name: "Cash in or out: Front desk" });
    await move.getByLabel("Amount").fill("50000");
    await move.getByRole("button", { name: "Save" }).click();
    await move.getByText(/Say what the money was paid out for/).waitFor();
    await move.getByLabel("What for").fill("Flowers for the lobby");
    await move.getByRole("button", { name: "Save" }).click();
    await move.waitFor({ state: "detached" });
    await page.locator(".till-lines", { hasText: "Flowers for the lobby" }).waitFor();
    assert.deepEqual(await axeFindings(page), []);

    await page.getByRole("button", { name: "Close shift" }).click();
    const count = page.getByRole("dialog", { name: "Close shift: Front desk" });
    await count.getByText("Count by notes and coins").click();
    await count.getByLabel("Rp 100,000").fill("6");
    await count.getByLabel("Rp 20,000").fill("2");
    assert.equal(await count.getByLabel("Counted", { exact: true }).inputValue(), "640,000");
    assert.deepEqual(await axeFindings(page), []);
    await count.getByRole("button", { name: "Close shift" }).click();
    const told = page.getByRole("dialog", { name: "Shift closed: Front desk" });
    await told.locator(".is-total", { hasText: /Missing.*Rp.10,000/ }).waitFor();
    await told.locator("footer").getByRole("button", { name: "Close" }).click();

    await page.goto("/exceptions");
    await page.locator("tr", { hasText: "Cash missing at closing" }).getByText("10,000").waitFor();
    await page.locator("tr", { hasText: "Paid out of the drawer" }).getByText("Flowers for the lobby").waitFor();
    await page.locator("tr", { hasText: "Cash missing at closing" }).getByRole("link").click();
    await heading(page, "Cash drawer shifts");
    await settled(page);
    await page.getByRole("button", { name: "Front desk" }).first().click();
    await page.getByRole("dialog", { name: /^Front desk · admin/ }).getByText("Missing").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(complaints.filter((line) => !/409/.test(line)), []);
    await close();
  });

  test("by keyboard: a shift is opened, cash goes to the bank, and it is handed over", async () => {
    await closeAll(hotel.desk);
    const body = { username: "tilly", full_name: "Tilly Next", role: "receptionist", password: "a long enough one" };
    await hotel.desk.post("/api/users", body);
    const { page, keys, complaints, close } = await sitDown(hotel);
    await page.goto("/payments");
    await heading(page, "Payments");
    await page.getByRole("button", { name: "Open shift" }).waitFor();
    await keys.push("Open shift");
    await keys.dialog("Open shift");
    await keys.type("300000");
    await keys.press("Enter");
    await keys.dialogGone();
    await keys.push("Cash in or out");
    await keys.dialog("Cash in or out: Front desk");
    await keys.type("100000");
    await keys.pick("Type", "Bank");
    await keys.push("Save");
    await keys.dialogGone();
    await page.locator(".till-lines", { hasText: "Bank drop" }).waitFor();
    await keys.push("Close shift");
    await keys.dialog("Close shift: Front desk");
    await keys.type("200000");
    await keys.pick("Hand over to (optional)", "Tilly");
    await keys.push("Close shift");
    await keys.dialogGone();
    await page.getByText(/tilly, since/).waitFor();
    const { shifts } = await hotel.desk.get("/api/shifts/current");
    assert.deepEqual([shifts.length, shifts[0].username, shifts[0].float_amount], [1, "tilly", 200000]);
    await closeAll(hotel.desk);
    assert.deepEqual(complaints, []);
    await close();
  });
}
