import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, PHONE, settled, signIn } from "../browser.mjs";
import { Keyboard } from "../keyboard.mjs";

const LOW = { width: 1366, height: 520 };

export function navigationFlows(hotel) {
  test("the menu stands in three groups, whole in a low window and scrolled to where one is in a lower one", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await settled(page);
    assert.deepEqual(await page.locator(".sidebar .place-group").allTextContents(), ["Desk", "Office", "Set-up"]);
    const hidden = () => page.locator(".places").evaluate((menu) => menu.scrollHeight - menu.clientHeight);
    assert.equal(await hidden(), 0, "all of it at 768 px");
    await page.setViewportSize(LOW);
    assert.ok((await hidden()) > 0);
    await page.goto("/system");
    await settled(page);
    const here = page.locator(".places [aria-current=page]");
    assert.equal(await here.textContent(), "System");
    const [inside, around] = [await here.boundingBox(), await page.locator(".places").boundingBox()];
    assert.ok(inside.y + inside.height <= around.y + around.height + 1, "where one is can be seen");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a view has one filled button: the next step of Today, and New booking stands back for it", async () => {
    const { rooms } = await hotel.desk.addRooms("Quiet Double", "QUD", "1461-1462");
    await hotel.desk.book("Quiet Quentin", { room_id: rooms[0].id });
    await hotel.desk.book("Quiet Quincy", { room_id: rooms[1].id });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await settled(page);
    await page.mouse.move(0, 0);
    const filled = () =>
      page.evaluate(() => {
        const [accent] = [".row-step.is-next"].map((one) => getComputedStyle(document.querySelector(one)).backgroundColor);
        return Array.from(document.querySelectorAll("a.button, button"), (one) => [one.ariaLabel ?? one.textContent, getComputedStyle(one).backgroundColor])
          .filter(([, colour]) => colour === accent)
          .map(([name]) => name);
      });
    assert.equal((await filled()).length, 1, (await filled()).join());
    const quiet = page.locator(".row-step:not(.is-next)").first();
    await quiet.hover();
    assert.equal((await filled()).length, 2, "and the one under the pointer");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a phone has tabs by role, and the rest of the house under More, by thumb and by keyboard", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { size: PHONE, touch: true });
    await signIn(page);
    await settled(page);
    const tabs = () => page.locator(".bottom-bar .word").allTextContents();
    assert.deepEqual(await tabs(), ["Today", "Chart", "Statistics", "More"]);
    const more = page.locator(".bottom-bar").getByRole("button", { name: "More" });
    await more.tap();
    await page.locator(".rest-of-places").getByRole("link", { name: "Payments" }).tap();
    await page.getByRole("heading", { level: 1, name: "Payments" }).waitFor();
    await page.locator(".rest-of-places").waitFor({ state: "detached" });
    assert.ok(await more.evaluate((one) => one.classList.contains("is-here")), "one is somewhere under More");
    const keys = new Keyboard(page);
    await more.focus();
    await keys.press("Enter");
    await page.locator(".rest-of-places").waitFor();
    await keys.push("Companies");
    await page.getByRole("heading", { level: 1, name: "Companies" }).waitFor();
    await hotel.desk.post("/api/users", { username: "tab-desk", full_name: "Tabea Desk", role: "receptionist", password: "tabs at a desk" });
    assert.deepEqual(complaints, []);
    await close();
    const desk = await openPage(hotel.browser, hotel.url, { size: PHONE, touch: true });
    await signIn(desk.page, "tab-desk", "tabs at a desk");
    await settled(desk.page);
    assert.deepEqual(await desk.page.locator(".bottom-bar .word").allTextContents(), ["Today", "Chart", "Reservations", "More"]);
    await desk.close();
  });
}
