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

  test("what the server refuses is told in the language of the page", async () => {
    const { rooms } = await hotel.desk.addRooms("Uji Bahasa", "UJI", "771-773");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { locale: "id-ID" });
    await page.goto("/login");
    await page.getByLabel("Nama pengguna").fill("admin");
    await page.getByLabel("Kata sandi").fill("not the password");
    await page.getByRole("button", { name: "Masuk" }).click();
    await page.getByText("Nama pengguna atau kata sandi salah.").waitFor();
    await page.getByLabel("Kata sandi").fill("admin123");
    await page.getByRole("button", { name: "Masuk" }).click();
    await page.locator("app-frame").waitFor();

    await page.goto("/reservations/new");
    await page.getByRole("radio", { name: /Uji Bahasa/ }).check();
    await page.getByLabel("771").check();
    await page.getByLabel("Nama", { exact: true }).fill("Joko Widagdo");
    // Another desk is faster, and this one hears nothing of it before it saves.
    const booked = page.waitForResponse((response) => response.request().method() === "POST");
    await page.route("**/api/reservations", async (route) => {
      if (rooms.length === 3) await hotel.desk.book("Siti Rahma", { room_id: rooms.shift().id });
      await route.continue();
    });
    await page.getByRole("button", { name: "Simpan reservasi" }).click();
    await booked;
    await page.getByText("Kamar 771 terisi (Siti Rahma) pada 10 November; kamar kosong antara lain 772 dan 773.").waitFor();

    await page.goto("/guests");
    await page.getByRole("button", { name: "Tamu baru" }).click();
    const form = page.getByRole("dialog", { name: "Tamu baru" });
    await form.getByLabel("Nama", { exact: true }).fill("Joko Widagdo");
    await form.getByLabel("Email", { exact: true }).fill("joko@hotel");
    await form.getByRole("button", { name: "Simpan" }).click();
    await form.getByText("Harus berupa alamat email.").waitFor();

    // The page's language, not the browser's: this one is Indonesian.
    await page.evaluate(() => localStorage.setItem("innkeeper.language", "en"));
    await page.goto("/guests");
    await page.getByRole("button", { name: "New guest" }).click();
    await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Joko Widagdo");
    await page.getByRole("dialog").getByLabel("E-mail", { exact: true }).fill("joko@hotel");
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await page.getByText("Must be an e-mail address.").waitFor();
    const provoked = /Failed to load resource.*status of 4(01|09|22)/;
    assert.deepEqual(complaints.filter((line) => !provoked.test(line)), []);
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
