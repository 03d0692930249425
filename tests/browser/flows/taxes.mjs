// What is levied: a place to start from, a new amount from a day on, and what a stay's bill says of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";

export function taxFlows(hotel) {
  test("taxes are set up from a place, a city tax changes from a day on, and a bill foresees it", async () => {
    const { page, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto("/settings");
    await page.getByRole("link", { name: "Taxes" }).click();
    await page.getByText("No taxes yet").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: "Start from a country" }).click();
    const start = page.getByRole("dialog", { name: "Start from a country" });
    await start.getByText("Check every figure with your accountant").waitFor();
    await start.getByLabel("Country and city").selectOption({ label: "Portugal, Lisboa" });
    await start.getByRole("button", { name: "Use these taxes" }).click();
    await start.waitFor({ state: "detached" });
    const row = (name) => page.getByRole("row", { name });
    await row(/Alojamento IVA 6 % Included in the price/).waitFor();
    await row(/Taxa turística Rp 4 per person and night From age 13 · First 7 nights/).waitFor();
    assert.deepEqual(await axeFindings(page), []);

    await page.getByRole("button", { name: "Actions for Taxa turística" }).click();
    await page.getByRole("button", { name: "Edit", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Taxa turística" });
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByLabel("Valid from").fill(BUSINESS_DATE);
    await dialog.getByLabel("Amount or percent").fill("much");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.locator(".form-error, .field-error").filter({ hasText: /must/i }).first().waitFor();
    await dialog.getByLabel("Amount or percent").fill("25000");
    // Two authorities share it: one line on the bill, two in the return.
    await dialog.getByText("Several authorities share it").click();
    const authority = async (n, name, share) => {
      const line = dialog.getByRole("group", { name: `Authority ${n}` });
      await line.getByLabel(`Authority ${n}`).fill(name);
      await line.getByLabel("Its share").fill(share);
    };
    await authority(1, "City", "15000");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("must hold 2 to 10 entries", { exact: false }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await authority(2, "Region", "10000");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    await row(/Taxa turística Rp 25,000 per person and night/).waitFor();
    const { levies } = await hotel.desk.get("/api/taxes");
    assert.deepEqual(
      levies[0].rates.map(({ from, bands, authorities }) => [from, bands[0].amount, authorities.map(({ name, share }) => `${name} ${share}`)]),
      [
        ["2024-09-01", 4, []],
        [BUSINESS_DATE, 25000, ["City 15000", "Region 10000"]],
      ],
    );

    // Half board is one price for a room and meals.
    await page.getByRole("button", { name: "Add group" }).click();
    const half_board = page.getByRole("dialog", { name: "Add group" });
    await half_board.getByLabel("Name").fill("Half board");
    await half_board.getByLabel("One price for several things").check();
    const part = (n, group, percent) => {
      const line = half_board.getByRole("group", { name: `Part ${n}` });
      return line.getByLabel(`Part ${n}`).selectOption({ label: group }).then(() => line.getByLabel("Share in percent").fill(percent));
    };
    await part(1, "Alojamento", "75");
    await part(2, "Outros", "20");
    await half_board.getByRole("button", { name: "Save" }).click();
    await half_board.getByText("must make 100 percent together").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await part(2, "Outros", "25");
    await half_board.getByRole("button", { name: "Save" }).click();
    await half_board.waitFor({ state: "detached" });
    await row(/Half board Alojamento 75% \+ Outros 25% Included in the price/).waitFor();

    const { type } = await hotel.desk.addRooms("Levied Double", "LEV", "9331");
    const stay = await hotel.desk.send("POST", "/api/reservations", {
      guest: { full_name: "Levied Leo" },
      room_type_id: type.id,
      check_in_date: BUSINESS_DATE,
      check_out_date: addDays(BUSINESS_DATE, 2),
      adults: 2,
      children: 1,
      children_ages: [12],
      total_amount: 1_000_000,
      override_capacity: true,
      reason: "family",
    });
    assert.equal(stay.total_amount, 1_100_000);
    await page.goto(`/reservations/${stay.id}`);
    await row(/Taxes of upcoming nights 100,000/).waitFor();
    await page.locator(".folio-balance", { hasText: "1,100,000" }).waitFor();

    // Other flows book without taxes: nothing was posted, so all of it goes.
    await hotel.desk.send("POST", `/api/reservations/${stay.id}/cancel`, { waive_fee: true, reason: "a flow ends" });
    const nothing = { groups: [], taxes: [], levies: [], room_group_id: null, extra_group_id: null, fee_group_id: null };
    await hotel.desk.send("PATCH", "/api/taxes", nothing);
    await page.goto("/taxes");
    await settled(page);
    assert.equal(await page.getByRole("row").count(), 0);
    await close();
  });
}
