// What a booking tells beside its dates: when the guest is expected, until when a room is held, who pays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, signIn } from "../browser.mjs";
import { addDays, BUSINESS_DATE, Desk, OWN_PASSWORD, startInnkeeper } from "../innkeeper.mjs";

const NEXT = addDays(BUSINESS_DATE, 1);

/** A hotel of its own, in English unless told otherwise. */
async function withHotel(work) {
  const own = await startInnkeeper(["serve"]);
  try {
    const desk = await new Desk(own.url).setUp("Detail House");
    await desk.signIn();
    const { rooms, type } = await desk.addRooms("Detail Double", "DTD", "101-106");
    await work({ url: own.url, desk, rooms, type });
  } finally {
    await own.stop();
  }
}

const names = (page, list) => page.locator(`.day-list-${list} .stay-name`).allTextContents();

export function detailFlows(hotel) {
  test("the hour of arrival is asked with the booking, sorts the arrivals, and a late one is a no-show on purpose", async () => {
    await withHotel(async ({ url, desk, rooms }) => {
      const { page, complaints, close } = await openPage(hotel.browser, url);
      await signIn(page, "admin", OWN_PASSWORD);
      await page.goto("/reservations/new");
      await page.getByLabel("102").check();
      await page.getByLabel("Name", { exact: true }).fill("Nina Night");
      await page.getByLabel("Expected arrival").fill("01:30");
      await page.getByLabel("Late arrival, hold the room").check();
      await page.getByRole("button", { name: "Save booking" }).click();
      await page.getByRole("heading", { level: 1, name: /Nina Night/ }).waitFor();
      await page.getByText("01:30 · Late arrival").waitFor();
      await page.getByRole("button", { name: "Edit" }).first().click();
      await page.getByLabel("Late arrival, hold the room").uncheck();
      await page.getByRole("button", { name: "Save" }).click();
      // An hour after midnight is late by itself.
      await page.getByText("01:30 · Late arrival").waitFor();
      await page.getByText("Late arrival: Yes → No").waitFor();
      await desk.book("Emil Evening", { room_id: rooms[0].id, expected_arrival_time: "18:00" });
      await desk.book("Alma Anytime", { room_id: rooms[2].id });
      await page.goto("/");
      await settled(page);
      assert.deepEqual(await names(page, "arrivals"), ["Alma Anytime", "Emil Evening", "Nina Night"]);
      await page.getByLabel("Sort by").selectOption("Expected arrival");
      await page.locator(".day-list-arrivals .stay-row").first().filter({ hasText: "Emil Evening" }).waitFor();
      assert.deepEqual(await names(page, "arrivals"), ["Emil Evening", "Nina Night", "Alma Anytime"]);
      await desk.closeDay(addDays(NEXT, -1));
      await page.goto("/");
      await page.getByRole("button", { name: "Mark Nina Night as a no-show" }).click();
      const dialog = page.getByRole("dialog", { name: /Nina Night/ });
      await dialog.getByText("A late arrival was announced: 01:30.").waitFor();
      await dialog.getByRole("button", { name: "Mark as no-show" }).click();
      await dialog.getByText(/^The guest announced a late arrival for 01:30/).waitFor();
      await dialog.getByLabel("The guest has not come: mark as no-show anyway").check();
      await dialog.getByRole("button", { name: "Mark as no-show" }).click();
      await dialog.waitFor({ state: "detached" });
      const { items } = await desk.get("/api/reservations?status=no_show");
      assert.deepEqual(items.map(({ guest_name }) => guest_name), ["Nina Night"]);
      assert.deepEqual(complaints.filter((line) => !line.includes("409")), []);
      await close();
    });
  });

  test("an option that is due is held longer with an undo, confirmed or released on Today", async () => {
    await withHotel(async ({ url, desk, rooms }) => {
      const later = { check_in_date: addDays(BUSINESS_DATE, 10), check_out_date: addDays(BUSINESS_DATE, 14), status: "tentative" };
      await desk.book("Hugo Hold", { room_id: rooms[1].id, option_date: BUSINESS_DATE, ...later });
      await desk.book("Conny Confirm", { room_id: rooms[2].id, option_date: BUSINESS_DATE, ...later });
      const { page, complaints, close } = await openPage(hotel.browser, url);
      await signIn(page, "admin", OWN_PASSWORD);
      await page.goto(`/reservations/new?check_in_date=${later.check_in_date}&check_out_date=${later.check_out_date}`);
      await page.getByRole("radio", { name: /Detail Double/ }).check();
      await page.getByLabel("101").check();
      await page.getByLabel("Name", { exact: true }).fill("Rita Release");
      assert.equal(await page.getByLabel("Option date").isVisible(), false, "it is asked of a tentative booking alone");
      await page.getByLabel("Tentative (not yet confirmed)").check();
      await page.getByLabel("Option date").fill(BUSINESS_DATE);
      await page.getByRole("button", { name: "Save booking" }).click();
      await page.getByRole("heading", { level: 1, name: /Rita Release/ }).getByText("Option ends today").waitFor();
      await page.goto("/");
      await settled(page);
      const list = page.locator(".day-list-options");
      assert.equal(await list.locator(".stay-row").count(), 3);
      await list.getByRole("button", { name: "Hold the room of Hugo Hold longer" }).click();
      const hold = page.getByRole("dialog", { name: "Hold the room of Hugo Hold longer" });
      await hold.getByRole("button", { name: "Hold longer" }).click();
      await hold.waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Undo" }).click();
      await list.getByRole("button", { name: "Hold the room of Hugo Hold longer" }).waitFor();
      await list.getByRole("button", { name: "Confirm the booking of Conny Confirm" }).click();
      await list.getByText("Conny Confirm").waitFor({ state: "detached" });
      await list.getByRole("button", { name: "Release the room of Rita Release" }).click();
      const release = page.getByRole("dialog", { name: "Release the room of Rita Release?" });
      await release.getByRole("button", { name: "Release the room" }).click();
      await release.waitFor({ state: "detached" });
      await list.getByText("Rita Release").waitFor({ state: "detached" });
      const { items } = await desk.get("/api/reservations?sort=guest_name");
      assert.deepEqual(
        items.map(({ guest_name, status, option_date }) => [guest_name, status, option_date]),
        [
          ["Conny Confirm", "confirmed", null],
          ["Hugo Hold", "tentative", BUSINESS_DATE],
          ["Rita Release", "cancelled", BUSINESS_DATE],
        ],
      );
      await page.goto(`/chart?from=${later.check_in_date}`);
      await page.locator(".bar .bar-nights[data-says^='until']").waitFor();
      assert.deepEqual(complaints, []);
      await close();
    });
  });

  test("a complimentary stay is booked with its reason, shown as one, and told to the owner", async () => {
    await withHotel(async ({ url, desk }) => {
      const { page, complaints, close } = await openPage(hotel.browser, url);
      await signIn(page, "admin", OWN_PASSWORD);
      await page.goto("/reservations/new");
      await page.getByLabel("101").check();
      await page.getByLabel("Name", { exact: true }).fill("Greta Gift");
      await page.getByLabel("Rate type").selectOption("Complimentary");
      await page.locator(".booking-total", { hasText: /0[.,]00/ }).waitFor();
      await page.getByRole("button", { name: "Save booking" }).click();
      await page.getByText("Must say why nothing is charged.").waitFor();
      await page.getByLabel("Why nothing is charged").fill("Won in the raffle");
      await page.getByRole("button", { name: "Save booking" }).click();
      await page.getByRole("heading", { level: 1, name: /Greta Gift/ }).getByText("Complimentary").waitFor();
      await page.getByText("Complimentary: Won in the raffle").waitFor();
      // Nothing is to be taken over: it costs nothing at today's prices either.
      await page.getByRole("button", { name: "Why this price?" }).click();
      const why = page.getByRole("dialog", { name: /price per night/ });
      await why.getByText("The agreed price is also the current one").waitFor();
      assert.equal(await why.getByRole("button", { name: "Use current rates" }).count(), 0);
      const { items } = await desk.get("/api/reservations");
      assert.deepEqual(items.map(({ total_amount, rate_kind }) => [total_amount, rate_kind]), [[0, "complimentary"]]);
      await page.goto("/exceptions");
      await page.getByRole("cell", { name: "Complimentary stay" }).waitFor();
      assert.deepEqual(complaints.filter((line) => !line.includes("422")), []);
      await close();
    });
  });

  test("the children's ages are asked where there are children, and stand among the people", async () => {
    await withHotel(async ({ url, desk }) => {
      const { page, complaints, close } = await openPage(hotel.browser, url);
      await signIn(page, "admin", OWN_PASSWORD);
      await page.goto("/reservations/new");
      await page.getByLabel("103").check();
      assert.equal(await page.getByLabel("Ages at arrival").isVisible(), false);
      await page.getByLabel("Children").fill("1");
      await page.getByLabel("Ages at arrival").fill("4, 7");
      await page.getByLabel("Name", { exact: true }).fill("Fred Family");
      await page.getByRole("button", { name: "Save booking" }).click();
      await page.getByText("Must have one age for each child, or be empty.").waitFor();
      await page.getByLabel("Ages at arrival").fill("7");
      await page.getByRole("button", { name: "Save booking" }).click();
      await page.getByRole("heading", { level: 1, name: /Fred Family/ }).waitFor();
      await page.getByText("1 child (7)").waitFor();
      await page.getByText("Child, not named yet").waitFor();
      await page.getByText("7 years old").waitFor();
      const { items } = await desk.get("/api/reservations");
      assert.deepEqual(items.map(({ children_ages }) => children_ages), [[7]]);
      assert.deepEqual(complaints.filter((line) => !line.includes("422")), []);
      await close();
    });
  });
}
