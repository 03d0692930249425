import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { openPage, settled, sheet, signIn } from "../browser.mjs";

/** Pages of A4 that a document takes when it is printed. */
async function pagesOf(page, address) {
  await page.goto(address);
  const pdf = (await page.pdf({ format: "A4" })).toString("latin1");
  return pdf.match(/\/Type \/Page\b/g)?.length;
}

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
    await sheet(page).getByRole("heading", { level: 1, name: "Booking confirmation" }).waitFor();
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
      for (const text of texts) await sheet(page).getByText(text).first().waitFor();
      const { is_wider, hides } = await page.evaluate(() => {
        const frame = document.querySelector("main iframe");
        return {
          is_wider: document.documentElement.scrollWidth > innerWidth,
          hides: frame.contentDocument.body.scrollHeight > frame.clientHeight,
        };
      });
      assert.deepEqual({ is_wider, hides }, { is_wider: false, hides: false }, address);
    }
    await page.goto(`/reservations/${stay.id}/print/registration`);
    await settled(page);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Save as PDF" }).click(),
    ]);
    assert.equal(file.suggestedFilename(), `registration-card-${stay.confirmation_number}.pdf`);
    assert.match((await readFile(await file.path())).toString("latin1"), /^%PDF-1\.7[^]*\/Count 1\b/);
    const by_hand = sheet(page).locator(".long", { hasText: "Home address" });
    const box = await by_hand.boundingBox();
    assert.ok(box && box.height >= 40 && box.width > 500, "room to write an address");
    for (const kind of ["confirmation", "registration", "receipt"])
      assert.equal(await pagesOf(page, `/api/reservations/${stay.id}/documents/${kind}`), 1, kind);
    // What stood below the table had a sheet of its own whenever the table filled one.
    await page.goto("/api/documents/arrivals");
    assert.equal(await page.locator("main > :last-child").evaluate((last) => last.localName), "table");
    await page.locator("header").getByText("Printed on").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("the button and the browser's own key print the sheet and nothing else", async () => {
    const { rooms } = await hotel.desk.addRooms("Printer Double", "PNT", "923");
    const stay = await hotel.desk.book("Pressing Paul", { room_id: rooms[0].id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}/print/receipt`);
    await settled(page);
    await page.evaluate(() => {
      window.printed = [];
      window.print = () => window.printed.push("the page");
      document.querySelector("main iframe").contentWindow.print = () => window.printed.push("the sheet");
    });
    await page.getByRole("button", { name: "Print" }).click();
    await page.keyboard.press("Control+p");
    assert.deepEqual(await page.evaluate(() => window.printed), ["the sheet", "the sheet"]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("documents speak the desk's language and say what is wrong as every page does", async () => {
    const { rooms } = await hotel.desk.addRooms("Tongue Double", "TGD", "924");
    const stay = await hotel.desk.book("Indah Lestari", { room_id: rooms[0].id });
    const { page, close } = await openPage(hotel.browser, hotel.url, { locale: "id-ID" });
    await page.goto("/login");
    await page.locator("[name=username]").fill("admin");
    await page.locator("[name=password]").fill("admin123");
    await page.locator("[type=submit]").click();
    await page.locator("app-frame").waitFor();
    await page.goto(`/reservations/${stay.id}/print/confirmation`);
    await sheet(page).getByText("Yth. Indah Lestari,").waitFor();
    assert.equal(await sheet(page).locator("html").getAttribute("lang"), "id");
    await page.goto("/reservations/999999999/print/receipt");
    await page.getByText("Reservasi ini tidak ada.").waitFor();
    await close();
  });
}
