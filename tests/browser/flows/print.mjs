import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, signIn } from "../browser.mjs";

export function printFlows(hotel) {
  test("a stay and the day's lists are put on paper without what stands around them", async () => {
    const { rooms } = await hotel.desk.addRooms("Paper Double", "PPD", "921-922");
    const stay = await hotel.desk.book("Printed Petra", {
      room_id: rooms[0].id,
      special_requests: "A quiet room",
    });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.getByRole("button", { name: "Print", exact: true }).click();
    await page.getByRole("button", { name: "Booking confirmation" }).click();
    await page.getByRole("heading", { level: 1, name: "Booking confirmation" }).waitFor();
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".paper-actions").isVisible(), false);
    const sheets = {
      [`/reservations/${stay.id}/print/confirmation`]: [
        stay.confirmation_number,
        "A quiet room",
        "1,000,000",
      ],
      [`/reservations/${stay.id}/print/registration`]: ["Printed Petra", "Guest’s signature", "921"],
      [`/reservations/${stay.id}/print/receipt`]: ["Printed Petra", "Total", "1,000,000"],
      "/print/arrivals": ["Printed Petra", "A quiet room"],
      "/print/housekeeping": ["921", "Arrives today"],
    };
    for (const [address, texts] of Object.entries(sheets)) {
      await page.goto(address);
      await settled(page);
      for (const text of texts) await page.locator(".paper").getByText(text).first().waitFor();
      const is_wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      assert.equal(is_wider, false, address);
      const pdf = await page.pdf({ preferCSSPageSize: true });
      assert.equal(pdf.subarray(0, 5).toString(), "%PDF-", address);
    }
    // What stood below the table had a sheet of its own whenever the table filled one.
    await page.goto("/print/arrivals");
    await settled(page);
    const last = await page.locator(".paper").evaluate((paper) => paper.lastElementChild?.className);
    assert.equal(last, "sheet");
    await page.locator(".paper-head").getByText("Printed on").waitFor();
    await page.goto(`/reservations/${stay.id}/print/registration`);
    const by_hand = page.locator(".is-by-hand", { hasText: "Address" });
    await by_hand.waitFor();
    const box = await by_hand.boundingBox();
    assert.ok(box && box.height >= 40 && box.width > 500, "room to write an address");
    assert.deepEqual(complaints, []);
    await close();
  });
}
