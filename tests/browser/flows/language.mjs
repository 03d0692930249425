import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled } from "../browser.mjs";
import { Desk, OWN_PASSWORD, startInnkeeper } from "../innkeeper.mjs";

export function languageFlows(hotel) {
  test("the pages speak the browser's language, and another once it is chosen", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { locale: "id-ID" });
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto("/login");
    await page.getByLabel("Nama pengguna").fill("admin");
    await page.getByLabel("Kata sandi").fill("admin123");
    await page.getByRole("button", { name: "Masuk" }).click();
    await page.getByRole("heading", { level: 1, name: "Hari ini" }).waitFor();
    await settled(page);
    assert.equal(await page.evaluate(() => document.documentElement.lang), "id");
    assert.deepEqual(
      asked.filter((path) => path.includes("/i18n/en/")),
      [],
      "one language is loaded",
    );
    await page.locator(".user-button").click();
    await page.getByLabel("Bahasa").selectOption("en");
    await page.getByRole("heading", { level: 1, name: "Today" }).waitFor();
    await page.goto("/guests");
    await page.getByRole("heading", { level: 1, name: "Guests" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("what a hotel shows in its own way of writing is typed back, and no Indonesian page has an English date", async () => {
    const late = await startInnkeeper(["serve"]);
    const desk = await new Desk(late.url).setUp("Pension Format");
    await desk.signIn();
    const { rooms } = await desk.addRooms("Format Double", "FMT", "1-2");
    const stay = await desk.book("Fritz Format", { room_id: rooms[0].id, check_in_date: "2026-01-05", check_out_date: "2026-01-07" });
    const { page, complaints, close } = await openPage(hotel.browser, late.url, { locale: "id-ID" });
    try {
      await page.goto("/login");
      await page.getByLabel("Nama pengguna").fill("admin");
      await page.getByLabel("Kata sandi").fill(OWN_PASSWORD);
      await page.getByRole("button", { name: "Masuk" }).click();
      await page.locator("app-frame").waitFor();
      for (const [locale, shown] of Object.entries({
        "de-DE": "500.000,00",
        "en-IN": "5,00,000.00",
        "de-CH": "500'000.00",
        "ar-EG": "500,000.00",
        "fa-IR": "500,000.00",
        "th-TH": "500,000.00",
      })) {
        await desk.send("PATCH", "/api/settings", { locale });
        await page.goto(`/reservations/${stay.id}`);
        await settled(page);
        const dates = await page.locator(".facts").first().innerText();
        assert.match(dates, /Senin, 0?5 Januari 2026/, locale);
        const prices = page.locator("section.card").filter({ has: page.getByRole("heading", { name: "Harga per malam" }) });
        await prices.getByRole("button", { name: "Ubah" }).click();
        const field = page.getByLabel(/^Harga Sen/);
        const value = async () => (await field.inputValue()).replace("’", "'");
        assert.equal(await value(), shown, locale);
        await field.focus();
        await page.keyboard.press("Tab");
        assert.equal(await value(), shown, `${locale}, after it was left`);
        await page.getByRole("button", { name: "Simpan" }).click();
        await field.waitFor({ state: "detached" });
        assert.equal((await desk.get(`/api/reservations/${stay.id}`)).total_amount, 1000000, locale);
      }
      await page.goto("/reservations");
      await page.getByText("5 Jan 2026").first().waitFor();
      assert.deepEqual(complaints, []);
    } finally {
      await close();
      await late.stop();
    }
  });
}
