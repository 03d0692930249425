import assert from "node:assert/strict";
import { test } from "node:test";
import { dateIn, openPage, PHONE, settled, sheet, signIn } from "../browser.mjs";
import { addDays, BUSINESS_DATE } from "../innkeeper.mjs";

/** A price below the rates is asked for its reason, and saved with it. */
async function giveReason(page, reason) {
  const dialog = page.getByRole("dialog", { name: "Why is the price lower?" });
  await dialog.getByText("Give a reason for the lower price.").waitFor();
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: "Save" }).click();
}

/** What the browser says beside the refusals that a flow meets on its way. */
const beside = (complaints, status) => complaints.filter((line) => !line.includes(status));

export function bookingFlows(hotel) {
  test("a walk-in is booked by mouse, with a price typed over, and checked in at once", async () => {
    await hotel.desk.addRooms("Walk-in Double", "WID", "641-642");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.locator(".sidebar-new").click();
    await page.getByLabel("Nights").fill("2");
    await page.getByRole("radio", { name: /Walk-in Double/ }).check();
    await page.getByLabel("642").check();
    await page.getByLabel("Name", { exact: true }).fill("Walter Walkin");
    await page.getByLabel(/Price of Mon/).fill("450000");
    await page.getByRole("button", { name: "Save and check in" }).click();
    await giveReason(page, "Came late");
    await page.getByRole("heading", { level: 1, name: /Walter Walkin/ }).waitFor();
    await page.locator(".page-head .status-checked_in").waitFor();
    const { items } = await hotel.desk.get("/api/reservations?q=Walter%20Walkin");
    assert.equal(items.length, 1);
    assert.deepEqual([items[0].room_number, items[0].nights, items[0].total_amount], ["642", 2, 950000]);
    const { items: told } = await hotel.desk.get(`/api/audit/exceptions?reservation_id=${items[0].id}`);
    assert.deepEqual(
      told.map(({ kind, amount, reason }) => [kind, amount, reason]),
      [["typed_price", 50000, "Came late"]],
    );
    assert.deepEqual(beside(complaints, "409"), []);
    await close();
  });

  test("a guest who is known is found while typing and taken by keyboard", async () => {
    await hotel.desk.addRooms("Known Double", "KND", "651-652");
    const known = await hotel.desk.post("/api/guests", {
      full_name: "Knut Knownsen",
      email: "knut@example.com",
    });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(
      `/reservations/new?check_in_date=${addDays(BUSINESS_DATE, 5)}&check_out_date=${addDays(BUSINESS_DATE, 6)}`,
    );
    await page.getByRole("radio", { name: /Known Double/ }).check();
    await page.getByLabel("Name", { exact: true }).pressSequentially("Knut Kno");
    await page.getByRole("option", { name: /Knut Knownsen/ }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator(".guest-card", { hasText: "Knut Knownsen" }).waitFor();
    await page.getByRole("button", { name: "Save booking" }).click();
    await page.getByRole("heading", { level: 1, name: /Knut Knownsen/ }).waitFor();
    const { items } = await hotel.desk.get(`/api/guests/${known.id}/reservations`);
    assert.equal(items.length, 1);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a likeness to a known guest is pointed out before there are two of them", async () => {
    await hotel.desk.post("/api/guests", { full_name: "Dubravka Twin", email: "dubravka.twin.the.second@mail-of-a-house.example.com" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/reservations/new");
    await page.getByLabel("Name", { exact: true }).fill("Dubravka Twin");
    await page.getByLabel("E-mail").fill("dubravka.twin.the.second@mail-of-a-house.example.com");
    // On a phone the card is no wider for it.
    await page.setViewportSize(PHONE);
    const use = page.getByRole("button", { name: "Use this guest" });
    await use.waitFor();
    const { right, within } = await use.evaluate((button) => {
      const card = button.closest(".card-body").getBoundingClientRect();
      return { right: button.getBoundingClientRect().right, within: Math.min(card.right, innerWidth) };
    });
    assert.ok(right < within, `${right} px of ${within}`);
    await use.click();
    await page.locator(".guest-card", { hasText: "Dubravka Twin" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("nights of different prices are offered from the lowest, and equal ones at their price", async () => {
    const { type } = await hotel.desk.addRooms("Varied Double", "VRD", "9191-9192");
    const dear = addDays(BUSINESS_DATE, 40);
    const after = addDays(dear, 1);
    await hotel.desk.send("PUT", "/api/rate-plans/1/rates", { room_type_id: type.id, from: dear, to: dear, rate: 900000 });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    for (const [from, words] of [
      [dear, "from Rp 500,000 a night"],
      [after, "Rp 500,000 a night"],
    ]) {
      await page.goto(`/reservations/new?check_in_date=${from}&check_out_date=${addDays(from, 2)}`);
      const price = page.locator(".type-choice", { hasText: "Varied Double" }).locator(".type-price .muted");
      await price.waitFor();
      assert.equal((await price.innerText()).replace(/\s/g, " "), words);
    }
    assert.deepEqual(complaints, []);
    await close();
  });

  test("when every room is taken for a night, the stay is split over two rooms and booked so", async () => {
    const { rooms } = await hotel.desk.addRooms("Split Double", "SPD", "9131-9132");
    const from = addDays(BUSINESS_DATE, 20);
    const until = addDays(from, 2);
    await hotel.desk.book("First Freya", { room_id: rooms[0].id, check_in_date: addDays(from, 1), check_out_date: until });
    await hotel.desk.book("Second Selma", { room_id: rooms[1].id, check_in_date: from, check_out_date: addDays(from, 1) });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/new?check_in_date=${from}&check_out_date=${until}`);
    const choice = page.locator(".type-choice.is-full", { hasText: "Split Double" });
    await choice.getByRole("button", { name: "Use these rooms" }).click();
    await page.locator(".summary-room", { hasText: "9131 → 9132" }).waitFor();
    await page.getByLabel("Name", { exact: true }).fill("Split Sanne");
    await page.getByRole("button", { name: "Save booking" }).click();
    await page.getByRole("heading", { level: 1, name: /Split Sanne/ }).waitFor();
    const { items } = await hotel.desk.get("/api/reservations?q=Split%20Sanne");
    const stay = await hotel.desk.get(`/api/reservations/${items[0].id}`);
    assert.deepEqual(
      stay.nightly.map(({ date, room_number }) => [date, room_number]),
      [
        [from, "9131"],
        [addDays(from, 1), "9132"],
      ],
    );
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a split stay that begins today is paid and checked in by the same button", async () => {
    const { rooms } = await hotel.desk.addRooms("Parted Double", "PTD", "9151-9152");
    const next = addDays(BUSINESS_DATE, 1);
    const until = addDays(BUSINESS_DATE, 2);
    await hotel.desk.book("First Fedde", { room_id: rooms[0].id, check_in_date: next, check_out_date: until });
    await hotel.desk.book("Second Siri", { room_id: rooms[1].id, check_out_date: next });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/new?check_out_date=${until}`);
    const choice = page.locator(".type-choice.is-full", { hasText: "Parted Double" });
    await choice.getByRole("button", { name: "Use these rooms" }).click();
    await page.locator(".summary-room", { hasText: "9151 → 9152" }).waitFor();
    await page.getByLabel("Name", { exact: true }).fill("Parted Pia");
    await page.getByRole("button", { name: "Full amount" }).click();
    await page.getByRole("button", { name: "Save and check in" }).click();
    await page.locator(".page-head .status-checked_in").waitFor();
    const { items } = await hotel.desk.get("/api/reservations?q=Parted%20Pia");
    assert.deepEqual([items[0].room_number, items[0].total_paid, items[0].balance], ["9151", 1000000, 0]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("three rooms of a party are booked by keyboard in one go, and lead to each other", async () => {
    await hotel.desk.addRooms("Party Double", "PAD", "9161-9164");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/new?check_in_date=${addDays(BUSINESS_DATE, 25)}`);
    await page.getByLabel("Rooms", { exact: true }).focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await page.getByText("Guests and price are for each room.").waitFor();
    await page.getByRole("radio", { name: /Party Double/ }).focus();
    await page.keyboard.press("Space");
    for (const number of ["9161", "9163"]) {
      await page.getByRole("checkbox", { name: number }).focus();
      await page.keyboard.press("Space");
    }
    await page.locator(".summary-room", { hasText: "3 rooms: 9161, 9163" }).waitFor();
    const total = Number((await page.locator(".booking-total").innerText()).replace(/\D/g, ""));
    await page.getByLabel("Name", { exact: true }).focus();
    await page.keyboard.type("Party Paul");
    await page.keyboard.press("Enter");
    await page.getByText("3 rooms in all, one booking each.").waitFor();
    const { items } = await hotel.desk.get("/api/reservations?q=Party%20Paul&sort=created_at");
    assert.deepEqual(items.map(({ room_number }) => room_number).sort(), ["9161", "9163", null].sort());
    assert.equal(items.reduce((sum, stay) => sum + stay.total_amount, 0), total);
    await page.getByRole("link", { name: "9163 · Party Paul" }).click();
    await page.locator(".page-lead", { hasText: "Room 9163" }).waitFor();
    await page.getByRole("link", { name: "9161 · Party Paul" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("when a type is full, other dates nearby are offered and booked; the confirmation is at hand", async () => {
    const { rooms } = await hotel.desk.addRooms("Near Double", "NRD", "9141");
    const from = addDays(BUSINESS_DATE, 30);
    await hotel.desk.book("Sitting Signe", { room_id: rooms[0].id, check_in_date: from, check_out_date: addDays(from, 1) });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/new?check_in_date=${from}&check_out_date=${addDays(from, 1)}`);
    const choice = page.locator(".type-choice.is-full", { hasText: "Near Double" });
    await choice.getByRole("button", { name: "Other dates nearby" }).click();
    await choice.getByRole("button", { name: /Rp/ }).nth(1).click();
    await page.locator(".type-choice.is-chosen", { hasText: "Near Double" }).waitFor();
    assert.equal(await dateIn(page.getByLabel("Arrival", { exact: true })), addDays(from, 1));
    await page.getByLabel("Name", { exact: true }).fill("Nearby Nora");
    await page.getByLabel("E-mail").fill("nora@example.com");
    await page.getByRole("button", { name: "Save booking" }).click();
    const booked = page.locator(".booked", { hasText: "Nearby Nora" });
    const letter = await booked.getByRole("link", { name: "Send by e-mail" }).getAttribute("href");
    const { items } = await hotel.desk.get("/api/reservations?q=Nearby%20Nora");
    assert.deepEqual([items[0].check_in_date, items[0].nights], [addDays(from, 1), 1]);
    assert.match(decodeURIComponent(letter), new RegExp(`^mailto:nora@example.com.*${items[0].confirmation_number}`));
    await booked.getByRole("link", { name: "Print confirmation" }).click();
    await sheet(page).getByText(items[0].confirmation_number).first().waitFor();
    await page.goBack();
    await booked.getByRole("link", { name: "Next booking" }).click();
    await page.getByRole("heading", { level: 1, name: "New booking" }).waitFor();
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an error stands beside its field and nothing typed is lost", async () => {
    await hotel.desk.addRooms("Error Double", "ERD", "661-662");
    const { page, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/reservations/new");
    await settled(page);
    await page.getByLabel("Special requests").fill("A quiet room, please");
    await page.getByRole("button", { name: "Save booking" }).click();
    await page.locator("[data-field=full_name] .field-error", { hasText: /\w/ }).waitFor();
    assert.equal(await page.getByLabel("Special requests").inputValue(), "A quiet room, please");
    assert.equal(await page.getByLabel("Name", { exact: true }).getAttribute("aria-invalid"), "true");
    await close();
  });

  test("amounts that nobody can read are refused before anything is saved", async () => {
    const { type } = await hotel.desk.addRooms("Figures", "FIG", "9341-9342");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/new?room_type_id=${type.id}`);
    await page.getByLabel("Name", { exact: true }).fill("Mistyping Mia");
    const save = page.getByRole("button", { name: "Save booking" });
    const price = page.locator(".booking-summary .night-field input").first();
    await price.fill("45o000");
    await save.click();
    const wrong = page.locator(".field-error").filter({ hasText: "Enter an amount in figures." });
    await wrong.waitFor();
    await price.fill("450000");
    await page.getByLabel("Pay now").fill("50o,000");
    await save.click();
    await page.locator("[data-field=pay_amount]").locator(wrong).waitFor();
    assert.equal((await hotel.desk.get("/api/reservations?q=Mistyping")).total, 0);
    // Ten times too much: asked once, and said yes to.
    await page.getByLabel("Pay now").fill("4,500,000");
    await save.click();
    await page.getByText(/4,500,000 is .*4,050,000 more than is due/).waitFor();
    await page.getByRole("button", { name: /^Take .*4,500,000 anyway$/ }).click();
    // The reason that is not given leaves what was typed as it was: not sent, and not lost unasked.
    const reason = page.getByRole("dialog", { name: "Why is the price lower?" });
    await reason.getByRole("button", { name: "Back" }).click();
    await reason.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Guests" }).first().click();
    await page.getByRole("button", { name: "Keep editing" }).click();
    assert.equal((await hotel.desk.get("/api/reservations?q=Mistyping")).total, 0);
    await save.click();
    await giveReason(page, "Regular guest");
    await page.getByRole("heading", { level: 1, name: "Mistyping Mia" }).waitFor();
    const { items } = await hotel.desk.get("/api/reservations?q=Mistyping");
    assert.deepEqual([items[0].total_amount, items[0].total_paid], [450000, 4500000]);
    assert.deepEqual(beside(complaints, "409"), []);
    await close();
  });

  test("where every free room is too small that is said, and one is taken all the same for a reason", async () => {
    await hotel.desk.addRooms("Narrow Double", "NRW", "9351");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/reservations/new");
    await settled(page);
    await page.getByLabel("Adults").fill("9");
    await page.locator(".booking-summary", { hasText: "Every free room is too small for the party." }).waitFor();
    await page.getByRole("radio", { name: /Narrow Double/ }).check();
    await page.getByLabel("Name", { exact: true }).fill("Many Mandy");
    await page.getByRole("button", { name: "Save booking" }).click();
    const dialog = page.getByRole("dialog", { name: "More people than the room is for?" });
    await dialog.getByRole("button", { name: "Use anyway" }).click();
    await dialog.locator("[data-field=reason] .field-error", { hasText: /^Give a reason for putting more people/ }).waitFor();
    assert.equal(await page.getByRole("dialog").count(), 1, "the reason is asked for where its field is");
    await dialog.getByLabel("Reason").fill("A class on a trip");
    await dialog.getByRole("button", { name: "Use anyway" }).click();
    await page.getByRole("heading", { level: 1, name: "Many Mandy" }).waitFor();
    assert.deepEqual(beside(complaints, "409"), []);
    await close();
  });

  test("a day without a night is called day use, before and after it is booked", async () => {
    await hotel.desk.addRooms("Daily Double", "DLY", "9361");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/reservations/new");
    await page.getByLabel("Departure").fill(BUSINESS_DATE);
    await page.getByRole("radio", { name: /Daily Double/ }).check();
    await page.locator(".booking-price", { hasText: /10 Nov · Day use/ }).waitFor();
    await page.getByLabel("Departure").fill(addDays(BUSINESS_DATE, -2));
    await page.getByRole("alert").filter({ hasText: "Departure must be after arrival." }).waitFor();
    assert.equal(await page.getByLabel("Nights").inputValue(), "", "no nights are less than none");
    await page.getByLabel("Departure").fill(BUSINESS_DATE);
    await page.getByRole("radio", { name: /Daily Double/ }).check();
    await page.getByLabel("Name", { exact: true }).fill("Dora Daily");
    await page.getByRole("button", { name: "Save booking" }).click();
    await page.locator(".booked", { hasText: "Dora Daily is booked for day use" }).waitFor();
    assert.deepEqual(beside(complaints, "422"), []);
    await close();
  });

  test("the stay and the price per night of a booking are changed on its page", async () => {
    const { rooms } = await hotel.desk.addRooms("Change Double", "CHD", "671-672");
    const stay = await hotel.desk.book("Changing Charlie", {
      room_id: rooms[0].id,
      check_in_date: addDays(BUSINESS_DATE, 3),
      check_out_date: addDays(BUSINESS_DATE, 5),
    });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.locator("[data-key=edit-stay]").click();
    await page.getByLabel("Departure").fill(addDays(BUSINESS_DATE, 6));
    await page.getByLabel("Notes").fill("Pays by transfer");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("3 nights").first().waitFor();
    await page.locator("[data-key=edit-nights]").click();
    await page
      .getByLabel(/Price of/)
      .first()
      .fill("700000");
    await page.getByRole("button", { name: "Save" }).click();
    await page
      .locator(".is-number", { hasText: /1.700.000/ })
      .first()
      .waitFor();
    const now = await hotel.desk.get(`/api/reservations/${stay.id}`);
    assert.deepEqual([now.nights, now.notes, now.total_amount], [3, "Pays by transfer", 1700000]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("two desks never overwrite each other: the slower one is told and keeps what it typed", async () => {
    const { rooms } = await hotel.desk.addRooms("Stale Double", "SLD", "681-682");
    const stay = await hotel.desk.book("Stale Stella", {
      room_id: rooms[0].id,
      check_in_date: addDays(BUSINESS_DATE, 3),
      check_out_date: addDays(BUSINESS_DATE, 5),
    });
    const { page, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await page.locator("[data-key=edit-stay]").click();
    await page.getByLabel("Notes").fill("Typed at the slower desk");
    await hotel.desk.send("PATCH", `/api/reservations/${stay.id}`, { notes: "Typed at the faster desk" });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Reload" }).waitFor();
    assert.equal(await page.getByLabel("Notes").inputValue(), "Typed at the slower desk");
    await page.getByRole("button", { name: "Reload" }).click();
    await page.getByText("Typed at the faster desk").waitFor();
    await close();
  });
}
