import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";

export function guestDataFlows(hotel) {
  test("how long guests’ data are kept is set, and who is due is listed before", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/settings");
    await page.getByRole("link", { name: "Guest data" }).click();
    await page.getByText("Nothing is erased automatically.").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByLabel("Profiles: years after the last stay").fill("50");
    await page.getByText("With the rules as entered").waitFor();
    // Nothing typed is lost by what happens elsewhere.
    await hotel.desk.post("/api/guests", { full_name: "Petra Data" });
    assert.equal(await page.getByLabel("Profiles: years after the last stay").inputValue(), "50");
    await page.getByLabel("Erase every night").check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("will be erased tonight").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    const rules = await hotel.desk.get("/api/retention");
    assert.deepEqual([rules.is_on, rules.profile_years, rules.registration_months], [true, 50, null]);
    await page.getByLabel("Erase every night").uncheck();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Nothing is erased automatically.").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("all that is known of a guest is taken as a file, which the trail tells", async () => {
    const { id } = await hotel.desk.post("/api/guests", { full_name: "Olga Whole", notes: "Likes the attic" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/guests/${id}`);
    await settled(page);
    await page.locator("[data-key=more]").click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByText("Personal data as a file (JSON)").click(),
    ]);
    assert.equal(download.suggestedFilename(), `personal-data-${id}.json`);
    const data = JSON.parse(await readFile(await download.path(), "utf8"));
    assert.equal(data.profiles[0].notes, "Likes the attic");
    // Nothing of the guest has changed; the entry is there for who looks next.
    await page.reload();
    await page.getByText("Personal data handed out").first().waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}
