import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { openPage, settled, signIn } from "../browser.mjs";
import { executable, startInnkeeper } from "../innkeeper.mjs";

/** What a desk does, and a copy does not offer. */
const CHANGING = /^(New booking|Check in|Check out|Take payment|Edit|Charge|Payment|New guest|Clean$|Problem$|Close the day)/;

export function readOnlyFlows(hotel) {
  test("a read-only copy says of when it is, offers no change, and leaves the hotel's own sign-in alone", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "innkeeper-copy-"));
    const [packed, file] = [path.join(folder, "copy.db.gz"), path.join(folder, "hotel.db")];
    execFileSync(executable, ["backup", packed, "--db", path.join(hotel.folder, "hotel.db")]);
    execFileSync(executable, ["restore", packed, "--db", file]);
    const copy = await startInnkeeper(["serve", "--read-only"], { folder });
    const { page, complaints, close } = await openPage(hotel.browser, copy.url);
    try {
      // One browser, one name of the machine: signed in to both.
      const own = await page.context().newPage();
      await own.goto(`${hotel.url}/login`);
      await own.getByLabel("User name").fill("admin");
      await own.getByLabel("Password").fill("admin123");
      await own.getByRole("button", { name: "Sign in" }).click();
      await own.locator("app-frame").waitFor();
      await signIn(page);
      await settled(page);
      const banner = page.getByRole("complementary", { name: "Read-only copy" });
      await banner.getByText(/^Read-only copy from .*\. Nothing can be changed here\.$/).waitFor();
      const [stay] = (await hotel.desk.get("/api/reservations/in-house")).items;
      for (const address of ["/", `/reservations/${stay.id}`, `/guests/${stay.guest_id}`, "/housekeeping", "/statistics"]) {
        await page.goto(address);
        await settled(page);
        const names = await page.locator("button, a.button").allTextContents();
        assert.deepEqual(
          names.filter((name) => CHANGING.test(name.trim())),
          [],
          address,
        );
      }
      // What the frame offers to everybody is refused in words.
      await page.locator(".user-button").click();
      await page.getByRole("button", { name: "Change password" }).click();
      const dialog = page.getByRole("dialog", { name: "Change password" });
      await dialog.getByLabel("Current password").fill("admin123");
      await dialog.getByLabel("New password").fill("another good one");
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.getByText("Make the change in the hotel itself.").waitFor();
      await own.reload();
      await own.locator("app-frame").waitFor();
      assert.equal(await own.getByRole("complementary", { name: "Read-only copy" }).count(), 0);
      assert.deepEqual(
        complaints.filter((line) => !/Failed to load resource.*409.*\/api\/auth\/password/.test(line)),
        [],
      );
    } finally {
      await close();
      await copy.stop();
    }
  });
}
