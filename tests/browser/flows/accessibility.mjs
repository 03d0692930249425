import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, OFFICE_SCREENS, openPage, PHONE, settled, signIn } from "../browser.mjs";

export function accessibilityFlows(hotel) {
  for (const theme of ["light", "dark"]) {
    for (const [name, size] of [
      ["a wide screen", { width: 1366, height: 768 }],
      ["a phone", PHONE],
    ]) {
      test(`axe finds nothing on any page, ${theme}, on ${name}`, () => everyPage(hotel, theme, size));
    }
  }
}

async function everyPage(hotel, theme, size) {
  const { page, complaints, close } = await openPage(hotel.browser, hotel.url, {
    theme,
    size,
    with_axe: true,
  });
  await page.goto("/login");
  await settled(page);
  assert.deepEqual(await axeFindings(page), [], "login");
  await signIn(page);
  const { items } = await hotel.desk.get("/api/reservations/in-house");
  const [stay] = items;
  const addresses = [
    "/",
    "/chart",
    "/chart?days=30",
    "/reservations",
    "/reservations/new",
    `/reservations/${stay.id}`,
    "/guests",
    `/guests/${stay.guest_id}`,
    "/setup",
    ...OFFICE_SCREENS,
    `/reservations/${stay.id}/print/registration`,
    `/reservations/${stay.id}/print/receipt`,
    "/print/housekeeping",
    "/nowhere",
  ];
  for (const address of addresses) {
    await page.goto(address);
    await settled(page);
    assert.deepEqual(await axeFindings(page), [], address);
  }
  await page.goto(`/reservations/${stay.id}`);
  await settled(page);
  await page.locator("[data-key=edit-stay]").click();
  assert.deepEqual(await axeFindings(page), [], "a stay being edited");
  await page.goto(`/guests/${stay.guest_id}`);
  await settled(page);
  await page.locator("[data-key=edit-guest]").click();
  assert.deepEqual(await axeFindings(page), [], "a guest being edited");
  await page.goto("/");
  await settled(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("an");
  await page.locator(".command-hit").first().waitFor();
  assert.deepEqual(await axeFindings(page), [], "the search box");
  assert.deepEqual(complaints, []);
  await close();
}
