import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled } from "../browser.mjs";

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
}
