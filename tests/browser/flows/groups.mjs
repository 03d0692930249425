import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";
import { sitDown } from "./keyboard.mjs";

const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const unprovoked = (complaints) => complaints.filter((line) => !/Failed to load resource.*4(09|22)/.test(line));

export function groupFlows(hotel) {
  test("a wedding of five rooms is booked in ten actions at most, and its cut-off released", async () => {
    const { type } = await hotel.desk.addRooms("Wedding Double", "WDD", "9701-9706");
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    let actions = 0;
    const act = async (step) => ((actions += 1), await step);
    const arrival = addDays(BUSINESS_DATE, 41);
    await act(page.getByRole("link", { name: "Groups", exact: true }).click());
    await act(page.getByRole("link", { name: "New group" }).click());
    await act(page.getByLabel("Name", { exact: true }).fill("Wedding Santosa"));
    await act(page.getByLabel("Arrival", { exact: true }).fill(arrival));
    await act(page.getByLabel("Departure", { exact: true }).fill(addDays(arrival, 2)));
    const line = page.locator(".block-type", { hasText: "Wedding Double" });
    await line.getByText("6 free on all nights").waitFor();
    await act(line.getByLabel("Rooms", { exact: true }).fill("5"));
    assert.deepEqual(await axeFindings(page), []);
    await act(page.getByRole("button", { name: "Create group" }).click());
    await heading(page, /Wedding Santosa/);
    await settled(page);
    assert.equal(await page.getByLabel(/^Wedding Double, .*: rooms$/).first().inputValue(), "5");
    await act(page.locator("[data-key=rooming-list]").click());
    const dialog = page.getByRole("dialog", { name: "Rooming list" });
    const names = ["Santosa, Budi", "Santosa, Ayu", "Wirawan, Dewi", "Halim, Nyoman", "Putri, Sari"];
    await act(dialog.getByLabel("One room per line").fill(names.join("\n")));
    await dialog.getByRole("row", { name: /Budi Santosa/ }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await act(dialog.getByRole("button", { name: "Book 5 rooms" }).click());
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Budi Santosa" }).waitFor();
    assert.ok(actions <= 10, `${actions} actions`);
    assert.deepEqual(await axeFindings(page), []);

    // What is held is not sold: the sixth is, a seventh is not.
    const open = { check_in_date: arrival, check_out_date: addDays(arrival, 2), room_type_id: type.id };
    await page.getByRole("link", { name: "Ayu Santosa" }).click();
    await heading(page, /Ayu Santosa/);
    await page.getByRole("link", { name: "Wedding Santosa" }).first().click();
    await heading(page, /Wedding Santosa/);
    await hotel.desk.send("POST", `/api/reservations/${(await stays(hotel, "Ayu Santosa"))[0].id}/cancel`, {});
    await page.getByText("Pick-up 8 of 10").waitFor();
    await hotel.desk.book("Six Sixth", open);
    await assert.rejects(hotel.desk.book("Seven Seventh", open), /409/);

    await page.locator("[data-key=more]").click();
    await page.getByRole("button", { name: /Release block/ }).click();
    await page.getByText(/^Released .*back on sale$/).waitFor();
    await hotel.desk.book("Seven Seventh", open);
    assert.deepEqual(unprovoked(complaints), []);
    await close();
  });

  test("a rooming list of forty is pasted from a spreadsheet, and what is wrong stands beside its row", async () => {
    const { type } = await hotel.desk.addRooms("Tour Twin", "TRT", "9711-9752");
    const arrival = addDays(BUSINESS_DATE, 44);
    const group = await hotel.desk.post("/api/groups", {
      name: "Tour Nusantara",
      arrival_date: arrival,
      departure_date: addDays(arrival, 3),
      rooms: [{ room_type_id: type.id, rooms: 40 }],
    });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.goto(`/groups/${group.id}`);
    await settled(page);
    await page.locator("[data-key=rooming-list]").click();
    const dialog = page.getByRole("dialog", { name: "Rooming list" });
    const rows = Array.from({ length: 40 }, (_, i) => `Traveller ${String.fromCharCode(65 + (i % 26))}${i}\tNusa\t${i === 7 ? "Palace" : "TRT"}\t2\twindow`);
    const text = ["Last name\tFirst name\tRoom type\tPax\tRemarks", ...rows].join("\n");
    await dialog.getByLabel("One room per line").fill(text);
    await dialog.getByRole("button", { name: "Book 40 rooms" }).click();
    await dialog.getByText(/1 row cannot be booked/).waitFor();
    assert.match((await dialog.locator('[data-row="7"] .field-error').textContent()) ?? "", /Room type/);
    assert.deepEqual(await axeFindings(page), []);
    assert.equal((await hotel.desk.get(`/api/reservations?group_id=${group.id}`)).total, 0);
    await dialog.getByLabel("One room per line").fill(text.replace("Palace", "TRT"));
    await dialog.getByRole("button", { name: "Book 40 rooms" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("Pick-up 120 of 120").waitFor();
    const booked = await hotel.desk.get(`/api/reservations?group_id=${group.id}&page_size=100`);
    assert.equal(booked.total, 40);
    assert.ok(booked.items.every((stay) => stay.adults === 2 && stay.notes === "window" && /^Nusa Traveller/.test(stay.guest_name)));
    await page.locator("[data-key=more]").click();
    await page.getByRole("button", { name: /Cancel group/ }).click();
    await page.getByRole("dialog", { name: /Cancel Tour Nusantara/ }).getByRole("button", { name: "Cancel group" }).click();
    await page.locator("h1 .chip", { hasText: "Cancelled" }).waitFor();
    assert.deepEqual(unprovoked(complaints), []);
    await close();
  });

  test("a group arrives and leaves in one sheet, and what stands in the way is told beside each", async () => {
    const { type, rooms } = await hotel.desk.addRooms("Team Room", "TMR", "9761-9763");
    const group = await hotel.desk.post("/api/groups", {
      name: "Team Garuda",
      arrival_date: BUSINESS_DATE,
      departure_date: addDays(BUSINESS_DATE, 1),
      rooms: [{ room_type_id: type.id, rooms: 3 }],
    });
    await hotel.desk.post(`/api/groups/${group.id}/rooming-list`, { rows: ["Gita One", "Gita Two", "Gita Three"].map((name) => ({ name })) });
    await hotel.desk.send("PUT", `/api/rooms/${rooms[2].id}/status`, { housekeeping: "dirty" });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url, { with_axe: true });
    await signIn(page);
    await page.locator(".group-row", { hasText: "Team Garuda" }).getByText("3 arrivals").waitFor();
    await page.getByRole("link", { name: "Team Garuda" }).click();
    await heading(page, /Team Garuda/);
    await settled(page);
    await page.getByLabel("What the group pays").selectOption({ label: "Rooms and taxes" });
    await page.getByText("Saved.").waitFor();
    await page.locator("[data-key=check-in]").click();
    const dialog = page.getByRole("dialog", { name: "Check in" });
    await dialog.getByLabel("Room for Gita Two").selectOption(String(rooms[2].id));
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Check in selected" }).click();
    await dialog.getByText(/1 failed/).waitFor();
    await dialog.locator("li", { hasText: "Gita Two" }).getByText(/dirty/).waitFor();
    await dialog.getByLabel(/Allow dirty rooms/).check();
    await dialog.getByRole("button", { name: "Check in selected" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.locator("[data-key=check-out]").click();
    const leaving = page.getByRole("dialog", { name: "Check out" });
    // Their departure is tomorrow: nobody is ticked who does not leave today.
    await leaving.getByLabel("All of them").check();
    assert.deepEqual(await axeFindings(page), []);
    await leaving.getByRole("button", { name: "Check out selected" }).click();
    await leaving.waitFor({ state: "detached" });
    assert.equal(await page.getByText("Checked out", { exact: true }).count(), 3);
    // The rooms are on the master bill, and the company's money goes there.
    const master = page.locator("section", { has: page.getByRole("heading", { name: "Master bill" }) });
    await master.getByText("Rp 1,500,000").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.locator("[data-key=pay-master]").click();
    const paying = page.getByRole("dialog", { name: /Team Garuda/ });
    await paying.getByRole("button", { name: "Take payment" }).click();
    await paying.waitFor({ state: "detached" });
    await master.locator(".folio-balance", { hasText: "Rp 0" }).waitFor();
    await page.locator("[data-key=invoice-master]").click();
    await page.locator(".popover").getByRole("button", { name: "Invoice", exact: true }).click();
    await page.waitForURL(/\/invoices\/\d+$/);
    await settled(page);
    await page.frameLocator("iframe").locator("body").getByText("Team Garuda").first().waitFor();
    assert.deepEqual(unprovoked(complaints), []);
    await close();
  });

  for (const hand of ["mouse", "keyboard"])
    test(`by ${hand}: of a pasted coach party three cancel and two move, the company pays the rooms and the guests their extras`, async () => {
      const is_mouse = hand === "mouse";
      const count = is_mouse ? 40 : 6;
      const first = is_mouse ? 8701 : 8751;
      const { type, rooms } = await hotel.desk.addRooms(`Coach ${hand}`, `CO${hand[0]}`.toUpperCase(), `${first}-${first + count + 1}`);
      const company = await hotel.desk.post("/api/companies", { name: `Coach Lines ${hand}`, has_account: true });
      const name = `Coach party by ${hand}`;
      const dates = { arrival_date: BUSINESS_DATE, departure_date: addDays(BUSINESS_DATE, 1) };
      const group = await hotel.desk.post("/api/groups", { name, ...dates, company_id: company.id, rooms: [{ room_type_id: type.id, rooms: count }] });
      const { page, keys, complaints, close } = await sitDown(hotel);
      const people = Array.from({ length: count }, (_, i) => `${hand} Rider${String.fromCharCode(65 + (i % 26))}${i < 26 ? "" : "x"}`);
      /** Presses what is called so, with the mouse or with Enter. */
      const press = async (place) => {
        if (is_mouse) return place.click();
        await place.focus();
        await keys.press("Enter");
      };
      const home = async () => {
        await page.goto(`/groups/${group.id}`);
        await heading(page, name);
        await settled(page);
      };
      const open = async (guest) => {
        await home();
        await press(page.getByRole("link", { name: guest, exact: true }));
        await heading(page, guest);
        await settled(page);
      };
      const choose = async (entry) => {
        await press(page.locator("[data-key=more]"));
        await press(page.locator(".popover").getByRole("button", { name: entry }));
      };
      await home();
      await press(page.locator("[data-key=rooming-list]"));
      const list = page.getByRole("dialog", { name: "Rooming list" });
      await list.getByLabel("One room per line").fill(people.join("\n"));
      await press(list.getByRole("button", { name: `Book ${count} rooms` }));
      await list.waitFor({ state: "detached" });
      await page.getByLabel("What the group pays").selectOption({ label: "Rooms and taxes" });
      await page.getByText("Saved.").waitFor();
      for (const guest of people.slice(0, 3)) {
        await open(guest);
        await choose("Cancel booking");
        const dialog = page.getByRole("dialog", { name: /Cancel/ });
        await press(dialog.getByRole("button", { name: "Cancel the booking" }));
        await page.locator(".page-head .status-cancelled").waitFor();
      }
      await home();
      await page.getByText(`Pick-up ${count - 3} of ${count}`).waitFor();
      await press(page.locator("[data-key=check-in]"));
      const arriving = page.getByRole("dialog", { name: "Check in" });
      await press(arriving.getByRole("button", { name: "Check in selected" }));
      await arriving.waitFor({ state: "detached" });
      assert.equal(await page.locator("td .status-checked_in").count(), count - 3);
      const free = rooms.slice(-2);
      for (const [i, guest] of people.slice(3, 5).entries()) {
        await open(guest);
        await choose("Move to another room");
        const moving = page.getByRole("dialog", { name: "Move to another room" });
        await press(moving.getByRole("button", { name: new RegExp(free[i].room_number) }));
        await page.locator(".page-lead", { hasText: free[i].room_number }).waitFor();
      }
      const dinner = (await stays(hotel, people[5]))[0];
      await hotel.desk.post(`/api/reservations/${dinner.id}/charges`, { kind: "extra", description: "Dinner", unit_amount: 250000 });
      await home();
      await press(page.locator("[data-key=check-out]"));
      const leaving = page.getByRole("dialog", { name: "Check out" });
      await leaving.getByLabel("All of them").check();
      await leaving.getByLabel("Pay the balance by").selectOption({ label: "Card" });
      await press(leaving.getByRole("button", { name: "Check out selected" }));
      await leaving.waitFor({ state: "detached" });
      assert.equal(await page.locator("td .status-checked_out").count(), count - 3);
      // The rooms are the group's, and go to the account of the company; the dinner was its guest's.
      await press(page.locator("[data-key=settle-master]"));
      const settling = page.getByRole("dialog", { name: /account/ });
      await press(settling.locator("[type=submit]"));
      await settling.waitFor({ state: "detached" });
      const whole = (count - 3) * 500000;
      assert.equal((await hotel.desk.get(`/api/companies/${company.id}`)).balance, whole);
      assert.equal((await hotel.desk.get(`/api/reservations/${dinner.id}`)).total_paid, 250000);
      assert.equal((await hotel.desk.get(`/api/groups/${group.id}`)).balance, 3 * 500000, "the fees of those who cancelled");
      assert.deepEqual(unprovoked(complaints), []);
      await close();
    });

  test("by keyboard: a group is made, its block set cell by cell, and its names typed", async () => {
    await hotel.desk.addRooms("Key Twin", "KYT", "9771-9774");
    const { page, keys, complaints, close } = await sitDown(hotel);
    await keys.go("groups", "Groups");
    await keys.push("New group");
    await heading(page, "New group");
    await keys.holds();
    await keys.type("Keyboard Choir");
    await keys.fill("Arrival", addDays(BUSINESS_DATE, 51));
    await keys.fill("Departure", addDays(BUSINESS_DATE, 53));
    await keys.push("Create group");
    await heading(page, /Keyboard Choir/);
    await keys.holds();
    await keys.to("Key Twin: agreed price per night");
    await keys.type("400000");
    // The Tab key goes as one reads: price, every night, night after night, then the next type.
    await keys.press("Tab");
    assert.equal(await keys.here(), "Key Twin: rooms on every night");
    await keys.type("2");
    await keys.press("ArrowRight", "ArrowRight");
    await keys.type("3");
    await keys.press("Shift+Tab");
    assert.match(await keys.here(), /^Key Twin, .*: rooms$/);
    await keys.press("Tab", "Tab");
    assert.doesNotMatch(await keys.here(), /^Key Twin/);
    await keys.push("Save block");
    await page.getByText("Saved.").waitFor();
    await keys.holds();
    const group = await hotel.desk.get(`/api/groups/${(await hotel.desk.get("/api/groups?q=Choir")).items[0].id}`);
    assert.deepEqual([group.asked_nights, group.rates.map(({ rate }) => rate)], [5, [400000]]);
    await keys.push("Rooming list", { back: true });
    await keys.dialog("Rooming list");
    await keys.type("Silva, Ana\nLi, Ben");
    await keys.push("Book 2 rooms");
    await keys.dialogGone();
    await page.getByRole("link", { name: "Ben Li" }).waitFor();
    await page.locator(".page-head").getByText(/Balance Rp.1,600,000/).waitFor();
    // A room more, at the price that was agreed, for the group's own dates.
    await keys.menu("More", "New booking");
    await heading(page, "New booking");
    await page.getByRole("radio", { name: /Key Twin/ }).check();
    assert.equal(await page.getByLabel("Group", { exact: true }).inputValue(), String(group.id));
    await page.locator(".booking-summary").getByText(/800,000/).first().waitFor();
    await page.goto("/groups?q=Choir");
    await page.locator("tr", { hasText: "Keyboard Choir" }).getByText("1,600,000").waitFor();
    assert.deepEqual(unprovoked(complaints), []);
    await close();
  });
}

const stays = async (hotel, name) => (await hotel.desk.get(`/api/reservations?q=${encodeURIComponent(name)}`)).items;
