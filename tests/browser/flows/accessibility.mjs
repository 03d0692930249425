import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, PHONE, screens, settled, signIn } from "../browser.mjs";

export function accessibilityFlows(hotel) {
  for (const [name, size] of [
    ["a wide screen", { width: 1366, height: 768 }],
    ["a phone", PHONE],
  ]) {
    test(`axe finds nothing on any page, light or dark, on ${name}`, () => everyPage(hotel, size));
  }
}

/** By all rules in the light; in the dark only the colours are others. */
async function findNothing(page, what) {
  assert.deepEqual(await axeFindings(page), [], what);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction(() => !document.getAnimations().some((one) => one instanceof CSSTransition));
  assert.deepEqual(await axeFindings(page, ["color-contrast", "link-in-text-block"]), [], `${what}, dark`);
  await page.emulateMedia({ colorScheme: "light" });
}

async function everyPage(hotel, size) {
  const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { size, with_axe: true });
  await page.goto("/login");
  await settled(page);
  await findNothing(page, "login");
  await signIn(page);
  const { items } = await hotel.desk.get("/api/reservations/in-house");
  const [stay] = items;
  const addresses = [
    ...screens(stay),
    "/chart?days=30",
    "/setup",
    `/reservations/${stay.id}/print/registration`,
    `/reservations/${stay.id}/print/receipt`,
    "/print/housekeeping",
    `/api/reservations/${stay.id}/documents/registration`,
    `/api/reservations/${stay.id}/documents/receipt`,
    "/api/documents/arrivals",
    "/nowhere",
  ];
  for (const address of addresses) {
    await page.goto(address);
    await settled(page);
    await findNothing(page, address);
  }
  await page.goto(`/reservations/${stay.id}`);
  await settled(page);
  await page.locator("[data-key=edit-stay]").click();
  await findNothing(page, "a stay being edited");
  await page.goto(`/guests/${stay.guest_id}`);
  await settled(page);
  await page.locator("[data-key=edit-guest]").click();
  await findNothing(page, "a guest being edited");
  await page.goto("/");
  await settled(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("an");
  await page.locator(".command-hit").first().waitFor();
  await findNothing(page, "the search box");
  assert.deepEqual(complaints, []);
  await close();
}
