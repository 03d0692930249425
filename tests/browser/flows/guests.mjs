import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, signIn } from "../browser.mjs";

const HOSTILE = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"'&`;

export function guestFlows(hotel) {
  test("a guest is found while typing and the profile is changed", async () => {
    await hotel.desk.post("/api/guests", { full_name: "Edith Editable", email: "edith@example.com" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/guests");
    await page.getByLabel("Name, e-mail or phone").pressSequentially("Edith Edi");
    await page.locator("tbody tr").filter({ hasText: "Edith Editable" }).waitFor();
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
    await page.getByRole("link", { name: "Edith Editable" }).click();
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Phone").fill("+62 812 000 111");
    await page.getByLabel("VIP guest").check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("link", { name: "+62 812 000 111" }).waitFor();
    await page.locator("h1 .chip-vip").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("markup in a guest's name, notes and requests stays text on every page", async () => {
    const { rooms } = await hotel.desk.addRooms("Hostile Double", "HSD", "761-762");
    const stay = await hotel.desk.book(`Mallory ${HOSTILE}`, {
      room_id: rooms[0].id,
      notes: HOSTILE,
      special_requests: HOSTILE,
    });
    await hotel.desk.post(`/api/reservations/${stay.id}/charges`, {
      kind: "extra",
      description: HOSTILE,
      quantity: 1,
      unit_amount: 1000,
    });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    const addresses = [
      "/",
      `/chart?room_id=${rooms[0].id}`,
      "/reservations?q=Mallory",
      `/reservations/${stay.id}`,
      "/guests?q=Mallory",
      `/guests/${stay.guest_id}`,
    ];
    for (const address of addresses) {
      await page.goto(address);
      await page.getByText("<img src=x").first().waitFor({ state: "attached" });
      await settled(page);
      assert.equal(await page.evaluate(() => "hacked" in window), false, address);
      assert.equal(await page.locator("img, main script").count(), 0, address);
    }
    await page.keyboard.press("Control+k");
    await page.keyboard.type("Mallory");
    await page
      .getByRole("option", { name: /Mallory/ })
      .first()
      .waitFor();
    assert.equal(await page.evaluate(() => "hacked" in window), false);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a dialog stays until what it has done stands on the page, so that the next press finds it", async () => {
    const kept = await hotel.desk.post("/api/guests", { full_name: "Slow Sofia", email: "sofia@example.com" });
    await hotel.desk.post("/api/guests", { full_name: "Slow Sofia", phone_number: "+62 811 222" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/guests/${kept.id}`);
    await settled(page);
    await page.getByRole("button", { name: "More" }).first().click();
    await page.getByRole("button", { name: "Merge with another profile" }).click();
    await page.getByRole("radio", { name: /Slow Sofia/ }).click();
    // The page's own answer is held up, as on a slow connection.
    let letGo = () => {};
    const isLetGo = new Promise((resolve) => (letGo = () => resolve(true)));
    await page.route(`**/api/guests/${kept.id}`, async (route) => {
      await isLetGo;
      await route.continue();
    });
    const asked = page.waitForRequest(`**/api/guests/${kept.id}`);
    await page.getByRole("button", { name: "Merge", exact: true }).click();
    await page.getByText("Profiles merged").waitFor();
    await asked;
    assert.equal(await page.getByRole("dialog").count(), 1);
    letGo();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.ok((await page.getByText("+62 811 222").count()) > 0);
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Swift Sofia");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: /Swift Sofia/ }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("two profiles of one person become one, and a profile is erased", async () => {
    const kept = await hotel.desk.post("/api/guests", { full_name: "Doubled Dana", email: "dana@example.com" });
    const other = await hotel.desk.post("/api/guests", { full_name: "Doubled Dana", email: "dana@example.com" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/guests/${kept.id}`);
    await settled(page);
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("button", { name: "Merge with another profile" }).click();
    await page.getByRole("radio", { name: /Doubled Dana/ }).waitFor();
    // Whoever searches and presses Enter has chosen nobody yet.
    await page.getByRole("searchbox", { name: "Profile to merge" }).press("Enter");
    await page.getByText("Choose the profile to merge.").waitFor();
    assert.equal((await hotel.desk.get(`/api/guests/${other.id}`)).merged_into_id, null);
    await page.getByRole("radio", { name: /Doubled Dana/ }).check();
    await page.getByRole("button", { name: "Merge", exact: true }).click();
    await page.getByText("Profiles merged").waitFor();
    assert.equal((await hotel.desk.get(`/api/guests/${other.id}`)).merged_into_id, kept.id);
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("button", { name: "Erase personal data" }).click();
    await page.getByLabel("Reason").fill("Asked by the guest");
    await page.getByRole("button", { name: "Erase permanently" }).click();
    await page.getByText("Personal data erased.").waitFor();
    assert.equal((await hotel.desk.get(`/api/guests/${kept.id}`)).is_anonymised, true);
    assert.deepEqual(complaints, []);
    await close();
  });
}
