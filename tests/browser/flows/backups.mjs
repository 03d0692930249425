import assert from "node:assert/strict";
import { mkdir, readdir, rename } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { Desk, OWN_PASSWORD, startInnkeeper } from "../innkeeper.mjs";

const PASSPHRASE = "gather stones slowly";

export function backupFlows(hotel) {
  test("the owner plans the copies, locks them, makes one and puts it back, all from the page", async () => {
    const own = await startInnkeeper(["serve"]);
    const { page, complaints, close } = await openPage(hotel.browser, own.url, { with_axe: true });
    try {
      const desk = new Desk(own.url);
      await (await desk.setUp("Pension Prudence")).signIn();
      const { rooms } = await desk.addRooms("Double", "DBL", "101-102");
      await desk.book("Kept Katrin", { room_id: rooms[0].id });
      await signIn(page, "admin", OWN_PASSWORD);
      await page.goto("/system");
      await settled(page);
      const second = path.join(own.folder, "stick");
      const card = page.locator("section.card").filter({ has: page.getByRole("heading", { name: "Backups" }) });
      const change = async (name) => {
        await card.getByRole("button", { name: "Edit" }).click();
        await page.getByRole("button", { name, exact: true }).click();
        return page.getByRole("dialog", { name });
      };
      const save = async (dialog) => {
        await dialog.getByRole("button", { name: "Save" }).click();
        await dialog.waitFor({ state: "detached" });
      };

      // A folder that is not there is refused at its field, and nothing typed is lost.
      const plan = await change("Schedule and folders");
      await plan.getByLabel("Time", { exact: true }).fill("02:15");
      await plan.getByLabel("Second folder").fill(second);
      await plan.getByLabel("Weeks kept").fill("8");
      await plan.getByRole("button", { name: "Save" }).click();
      await plan.locator("[data-field=second_folder] .field-error").filter({ hasText: "Must be the full path of a folder" }).waitFor();
      await mkdir(second);
      await save(plan);
      await card.getByText("every night at 02:15").waitFor();
      await card.getByText(`${own.folder}/backups, ${second}.`).waitFor();
      await card.getByText("8 weeks").waitFor();

      const lock = await change("Set a passphrase");
      await lock.getByText("without it, the backups cannot be opened").waitFor();
      await lock.getByRole("button", { name: "Save" }).click();
      await lock.getByRole("alert").filter({ hasText: "At least 12 characters." }).waitFor();
      await lock.getByLabel("Passphrase").fill("too short");
      await lock.getByRole("button", { name: "Save" }).click();
      await lock.locator("[data-field=passphrase] .field-error").filter({ hasText: /\w/ }).waitFor();
      await lock.getByLabel("Passphrase").fill(PASSPHRASE);
      await save(lock);
      await card.getByText("New backups are protected by a passphrase.").waitFor();

      await page.getByRole("button", { name: "Back up now" }).click();
      await page.getByText("Backup made and checked").waitFor();
      const row = card.locator("tbody tr");
      await row.filter({ hasText: "Passphrase" }).filter({ hasText: "Second folder" }).waitFor();
      assert.ok((await readdir(second)).some((name) => name.endsWith(".db.gz.age")));

      await desk.book("Forgotten Fritz", { room_id: rooms[1].id });
      await row.getByRole("button", { name: "Restore" }).click();
      const restore = page.getByRole("dialog", { name: /^Restore: / });
      await restore.getByText("This backup replaces all hotel data").waitFor();
      assert.deepEqual(await axeFindings(page), []);
      await restore.getByLabel("Passphrase").fill("gather stones quickly");
      await restore.getByRole("button", { name: "Restore" }).click();
      await restore.locator("[data-field=passphrase] .field-error").filter({ hasText: /\w/ }).waitFor();
      await restore.getByLabel("Passphrase").fill(PASSPHRASE);
      await restore.getByRole("button", { name: "Restore" }).click();
      // The page finds the hotel again by itself, and the person is still signed in. Nobody else is.
      await page.getByText("Pension Prudence: Reservations 1, Guests 1").waitFor();
      await restore.waitFor({ state: "detached" });
      await assert.rejects(desk.get("/api/auth/me"), /401/);
      await desk.signIn();
      await page.goto("/reservations");
      await page.getByText("Kept Katrin").first().waitFor();
      assert.equal(await page.getByText("Forgotten Fritz").count(), 0);

      await page.goto("/system");
      await settled(page);
      const open = await change("Remove the passphrase");
      await open.getByRole("button", { name: "Remove the passphrase" }).click();
      await open.waitFor({ state: "detached" });
      await card.getByText("New backups have no passphrase").waitFor();

      // The stick is pulled out: whoever looks at Today sees it, without asking.
      await page.goto("/");
      await settled(page);
      await rename(second, `${second}-pulled`);
      await desk.send("PATCH", "/api/backups/plan", { keep_daily: 8 });
      await page.getByText("Backups have not reached the second folder").waitFor();
      await mkdir(second);
      await desk.send("PATCH", "/api/backups/plan", { keep_daily: 7 });
      await page.getByText("Backups have not reached the second folder").waitFor({ state: "detached" });
      // The newest copy, and what opens it: its passphrase is no longer that of new ones.
      const there = (await readdir(second)).map((name) => name.replace(/[A-Z0-9-]*Z|-[a-z0-9]{8}/, ""));
      assert.deepEqual(there.toSorted(), ["hotel-copies.txt", "hotel-key.age", "hotel.db.gz.age"]);
      // While it is away, the browser says that the hotel does not answer.
      assert.deepEqual(
        complaints.filter((line) => !/Failed to load resource|ERR_/.test(line)),
        [],
      );
    } finally {
      await close();
      await own.stop();
    }
  });
}
