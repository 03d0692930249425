// Short messages cover nothing of the page, whatever page it is and wherever it is scrolled to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, PHONE, screens, settled, signIn } from "../browser.mjs";

const WORDS = "A message of a usual length, such as that a guest of a longer name is checked in to room 204.";

/** What is read or pressed on a page, and the rows of its lists. */
const LOOKED_FOR =
  "button, a[href], input, select, textarea, summary, label, .amount, .count, td, dd, li, h1, h2, [data-night], .tape-bar";

/**
 * What of the page lies under the message, as far as it is in sight at all.
 * @param {import("playwright-core").Page} page
 */
const covered = (page) =>
  page.evaluate(async (looked_for) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const meet = (one, other) => {
      const left = Math.max(one.left, other.left);
      const top = Math.max(one.top, other.top);
      const right = Math.min(one.right, other.right);
      const bottom = Math.min(one.bottom, other.bottom);
      return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
    };
    const inSight = (element) => {
      let box = meet(element.getBoundingClientRect(), { left: 0, top: 0, right: innerWidth, bottom: innerHeight });
      for (let around = element.parentElement; box && around; around = around.parentElement)
        if (getComputedStyle(around).overflowY !== "visible") box = meet(box, around.getBoundingClientRect());
      return box;
    };
    const messages = [...document.querySelectorAll("toast-list .toast")].map((one) => one.getBoundingClientRect());
    const out = messages.some(
      (one) => one.left < 0 || one.top < 0 || one.right > innerWidth || one.bottom > innerHeight,
    );
    const under = [...document.querySelectorAll(looked_for)].filter((element) => {
      if (element.closest("toast-list") || !element.checkVisibility({ visibilityProperty: true })) return false;
      const box = inSight(element);
      return box && messages.some((one) => meet(box, one));
    });
    return [
      ...(messages.length ? [] : ["there is no message"]),
      ...(out ? ["a message is not wholly in sight"] : []),
      ...under.map((one) => `${one.tagName} ${one.getAttribute("aria-label") ?? one.textContent.slice(0, 40)}`),
    ];
  }, LOOKED_FOR);

/** The end of what can be scrolled to, and whether it is in sight. @param {import("playwright-core").Page} page */
const scrollToEnd = (page) =>
  page.evaluate(() => {
    const body = document.querySelector(".frame-body");
    body.scrollTop = body.scrollHeight;
    const last = document.querySelector("#main").lastElementChild.getBoundingClientRect();
    return last.bottom <= body.getBoundingClientRect().bottom + 1;
  });

export function messageFlows(hotel) {
  for (const [name, size] of Object.entries({ "a desk": undefined, "a phone": PHONE }))
    test(`a message covers no figure, no button and no row of any screen of ${name}`, async () => {
      const { page, complaints, close } = await openPage(hotel.browser, hotel.url, size ? { size } : {});
      await signIn(page);
      const [stay] = (await hotel.desk.get("/api/reservations/in-house")).items;
      for (const address of screens(stay)) {
        await page.goto(address);
        await settled(page);
        const before = await page.evaluate(() => document.querySelector("h1")?.getBoundingClientRect().top);
        await page.evaluate((words) => {
          const list = document.querySelector("toast-list");
          list.add(words, { action: { label: "Undo", run: () => {} }, duration_ms: 600_000 });
          list.add(words, { kind: "error", duration_ms: 600_000 });
        }, WORDS);
        assert.deepEqual(await covered(page), [], `${address}, at its beginning`);
        const after = await page.evaluate(() => document.querySelector("h1")?.getBoundingClientRect().top);
        assert.equal(after, before, `${address} moves nothing from under the pointer`);
        assert.ok(await scrollToEnd(page), `${address} has its last line above the message`);
        assert.deepEqual(await covered(page), [], `${address}, at its end`);
      }
      // Nothing moves under what is being dragged, though a message ends meanwhile.
      const end = () => page.locator(".frame-body").evaluate((body) => body.getBoundingClientRect().bottom);
      const with_messages = await end();
      await page.mouse.move(300, 300);
      await page.mouse.down();
      await page.evaluate(() => document.querySelectorAll("toast-list .toast-close").forEach((one) => one.click()));
      assert.equal(await page.locator("toast-list .toast").count(), 0);
      assert.equal(await end(), with_messages);
      await page.mouse.up();
      await page.waitForFunction(
        (before) => document.querySelector(".frame-body").getBoundingClientRect().bottom > before,
        with_messages,
      );
      // A dialog makes room as the page does.
      await page.goto("/rooms");
      await settled(page);
      await page.getByRole("button", { name: /^Add rooms?/ }).first().click();
      await page.locator("dialog[open]").waitFor();
      await page.evaluate((words) => document.querySelector("toast-list").add(words, {}), WORDS);
      const dialog = await page.locator("dialog[open]").boundingBox();
      const message = await page.locator("toast-list .toast").first().boundingBox();
      assert.ok(dialog.y + dialog.height <= message.y, "the dialog ends above the message");
      assert.deepEqual(complaints, []);
      await close();
    });
}
