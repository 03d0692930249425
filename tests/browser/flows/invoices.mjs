import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, settled, signIn } from "../browser.mjs";
import { BUSINESS_DATE, addDays } from "../innkeeper.mjs";

const NIGHTS = { check_in_date: BUSINESS_DATE, check_out_date: addDays(BUSINESS_DATE, 2) };

/** A stay with a dinner on its bill, opened on its page. */
async function openStay(hotel, name, code, room) {
  const { rooms } = await hotel.desk.addRooms(`${name} Room`, code, room);
  const stay = await hotel.desk.book(name, { room_id: rooms[0].id, ...NIGHTS });
  const dinner = { kind: "extra", description: "Dinner at the pool", unit_amount: 450000 };
  await hotel.desk.post(`/api/reservations/${stay.id}/charges`, dinner);
  const opened = await openPage(hotel.browser, hotel.url);
  await signIn(opened.page);
  await opened.page.goto(`/reservations/${stay.id}`);
  await settled(opened.page);
  return { stay, ...opened };
}

/** Begins a document on the folio that is shown. */
async function begin(page, what) {
  await page.getByRole("button", { name: "Invoice", exact: true }).click();
  await page.locator(".popover").getByRole("button", { name: what, exact: true }).click();
  await page.waitForURL(/\/invoices\/\d+$/);
  await settled(page);
}

/** What stands on the sheet that is shown. */
const paper = (page) => page.frameLocator("iframe").locator("body");

async function issue(page) {
  await page.getByRole("button", { name: "Issue", exact: true }).click();
  await page.locator(".toast", { hasText: "issued" }).last().waitFor();
  await page.getByRole("button", { name: "Print", exact: true }).waitFor();
  return (await page.locator("h1").first().textContent()).trim();
}

export function invoiceFlows(hotel) {
  test("an invoice of a guest is drafted, issued, printed, printed again as a copy, and corrected in one step", async () => {
    const { stay, page, complaints, close } = await openStay(hotel, "Ines Invoice", "IAG", "A711");
    await begin(page, "Invoice");
    await page.getByLabel("Street").fill("Rua Nova 7");
    await page.getByLabel("City").fill("Lisboa");
    await page.getByLabel("Language").selectOption("de");
    await page.getByRole("button", { name: "Save" }).click();
    await paper(page).getByText("Rua Nova 7").first().waitFor();
    await paper(page).getByText("ENTWURF").first().waitFor();
    const first = await issue(page);
    assert.match(first, /^INV-\d{4}-\d{5}$/);
    await page.getByRole("button", { name: "Print", exact: true }).click();
    await page.waitForURL(/\/print$/);
    await paper(page).getByText("Dinner at the pool").waitFor();
    assert.ok(!(await paper(page).textContent()).includes("KOPIE"));
    await page.getByRole("link", { name: "Back" }).click();
    await page.getByRole("button", { name: "Print", exact: true }).click();
    await page.waitForURL(/is_copy=true$/);
    await paper(page).getByText("KOPIE").first().waitFor();
    await page.getByRole("link", { name: "Back" }).click();
    await page.getByRole("button", { name: "Correct" }).click();
    const correcting = page.getByRole("dialog", { name: `Correct ${first}` });
    await correcting.getByLabel("Reason").fill("Other name");
    await correcting.locator("[type=submit]").click();
    await page.locator("h1", { hasText: "Draft" }).waitFor();
    await page.getByLabel("Name", { exact: true }).fill("Ines Maria Invoice");
    await page.getByRole("button", { name: "Save" }).click();
    await paper(page).getByText("Ines Maria Invoice").first().waitFor();
    const second = await issue(page);
    assert.notEqual(second, first);
    await paper(page).getByText(first).first().waitFor();
    await page.goto(`/invoices?reservation_id=${stay.id}`);
    await settled(page);
    assert.deepEqual(
      (await hotel.desk.get(`/api/invoices?reservation_id=${stay.id}&sort=id`)).items.map(({ kind, status }) => [kind, status]),
      [
        ["invoice", "credited"],
        ["credit_note", "issued"],
        ["invoice", "issued"],
      ],
    );
    await page.getByRole("link", { name: second }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an invoice of a company goes to its address, and a part of it is credited, off the bill as well", async () => {
    const company = await hotel.desk.post("/api/companies", { name: "Invoice Receivers Ltd", address: "Harbour 3", city: "Porto", country: "PT" });
    const { stay, page, complaints, close } = await openStay(hotel, "Caspar Company", "IAC", "A712");
    const window = await hotel.desk.post(`/api/reservations/${stay.id}/folios`, { payer_company_id: company.id });
    const folio = await hotel.desk.get(`/api/reservations/${stay.id}/folio`);
    await hotel.desk.post(`/api/folios/${folio.folios[0].id}/transfer`, { to: { window: window.window } });
    await page.reload();
    await settled(page);
    await page.getByRole("tab", { name: /Invoice Receivers/ }).click();
    await begin(page, "Invoice");
    await paper(page).getByText("Harbour 3").first().waitFor();
    const number = await issue(page);
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.locator(".popover").getByRole("button", { name: /Credit/ }).click();
    const crediting = page.getByRole("dialog", { name: `Credit ${number}` });
    await crediting.getByLabel("Reason").fill("Cold soup");
    await crediting.getByLabel(/Amount to credit for Dinner/).fill("50000");
    await crediting.locator("[type=submit]").click();
    await crediting.waitFor({ state: "detached" });
    await page.getByRole("link", { name: /Credit note CN-/ }).waitFor();
    const [credited] = (await hotel.desk.get(`/api/invoices?reservation_id=${stay.id}&kind=invoice`)).items;
    assert.deepEqual([credited.credited_amount, credited.open_amount], [-50000, 400000]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a deposit is invoiced, and the invoice of the stay takes it off", async () => {
    const { stay, page, complaints, close } = await openStay(hotel, "Dora Deposit", "IAD", "A713");
    await hotel.desk.post("/api/payments", { reservation_id: stay.id, amount: 200000, payment_method: "card", payment_type: "deposit" });
    await page.reload();
    await settled(page);
    await begin(page, "Deposit invoice");
    const deposit = await issue(page);
    assert.match(deposit, /^DEP-/);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await begin(page, "Invoice");
    await paper(page).getByText(deposit).first().waitFor();
    await issue(page);
    await page.goto(`/reservations/${stay.id}`);
    await settled(page);
    await begin(page, "Pro forma");
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.locator(".toast", { hasText: "Draft deleted" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("what invoices say of the hotel is set up once, and a series of numbers is added", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    await page.goto("/invoices/setup");
    await settled(page);
    await page.getByLabel("Name", { exact: true }).fill("Harbour Hotels Ltd");
    await page.getByLabel("Country").selectOption("PT");
    await page.getByLabel("Footer").fill("Registered in Lisboa");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("requires certified invoicing software").waitFor();
    await page.getByRole("button", { name: "Add series" }).click();
    const adding = page.getByRole("dialog", { name: "Add series" });
    await adding.getByLabel("Name").fill("Pool bar");
    await adding.getByLabel("Prefix").fill("POOL{yy}-");
    await adding.locator("[type=submit]").click();
    await adding.waitFor({ state: "detached" });
    await page.getByRole("row", { name: /Pool bar/ }).waitFor();
    const setup = await hotel.desk.get("/api/invoice-setup");
    assert.deepEqual([setup.seller.name, setup.seller.country, setup.footer], ["Harbour Hotels Ltd", "PT", "Registered in Lisboa"]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("bills of a company and of the house are invoiced from where they are shown", async () => {
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    const account = await hotel.desk.post("/api/house-accounts", { name: "Chess club" });
    await hotel.desk.post(`/api/house-accounts/${account.id}/charges`, { kind: "extra", description: "Meeting room", unit_amount: 300000 });
    await page.goto("/payments");
    await settled(page);
    await page.locator(`[data-key="house-${account.id}"]`).click();
    await page.locator(".popover").getByRole("button", { name: "Invoice", exact: true }).click();
    await page.waitForURL(/\/invoices\/\d+$/);
    await settled(page);
    await paper(page).getByText("Meeting room").waitFor();
    await issue(page);

    const company = await hotel.desk.post("/api/companies", { name: "Account Holders Ltd", has_account: true, address: "Road 9", city: "Kuta" });
    const { rooms } = await hotel.desk.addRooms("Account Room", "IAE", "A714");
    const stay = await hotel.desk.book("Ada Account", { room_id: rooms[0].id, ...NIGHTS });
    await hotel.desk.post(`/api/reservations/${stay.id}/charges`, { kind: "extra", description: "Banquet", unit_amount: 900000 });
    const { folios } = await hotel.desk.get(`/api/reservations/${stay.id}/folio`);
    await hotel.desk.post(`/api/folios/${folios[0].id}/transfer`, { to: { company_id: company.id } });
    await page.goto(`/companies/${company.id}`);
    await settled(page);
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.locator(".popover").getByRole("button", { name: "Invoice of its account" }).click();
    await page.waitForURL(/\/invoices\/\d+$/);
    await settled(page);
    await paper(page).getByText("Road 9").first().waitFor();
    await paper(page).getByText("Banquet").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an invoice is begun, issued, found by its number and printed without a mouse", async () => {
    const { page, complaints, close } = await openStay(hotel, "Kaya Keyboard", "IAK", "A715");
    const keys = page.keyboard;
    await page.getByRole("button", { name: "Invoice", exact: true }).focus();
    await keys.press("Enter");
    await page.locator(".popover").getByRole("button", { name: "Invoice", exact: true }).waitFor();
    await keys.press("Enter");
    await page.waitForURL(/\/invoices\/\d+$/);
    await settled(page);
    const address = new URL(page.url()).pathname;
    await page.getByRole("button", { name: "Issue", exact: true }).focus();
    await keys.press("Enter");
    await page.getByRole("button", { name: "Print", exact: true }).waitFor();
    const number = (await page.locator("h1").first().textContent()).trim();
    await page.goto("/");
    await settled(page);
    await keys.press("Control+k");
    await keys.type(number.toLowerCase());
    await page.getByRole("option", { name: number }).waitFor();
    await keys.press("Enter");
    await page.waitForURL((url) => url.pathname === address);
    await settled(page);
    await page.getByRole("button", { name: "Print", exact: true }).focus();
    await keys.press("Enter");
    await page.waitForURL(/\/print$/);
    await paper(page).getByText(number).first().waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a word of documents is said otherwise, shown beside the program’s own, and put back", async () => {
    const { page, complaints, close } = await openStay(hotel, "Wanda Words", "IAW", "A716");
    const edit = async (words) => {
      await page.goto("/invoices/setup");
      await settled(page);
      await page.locator("[data-key=own-words]").click();
      await page.locator(".popover").getByRole("button", { name: "English" }).click();
      const dialog = page.getByRole("dialog", { name: /Own words/ });
      await dialog.getByLabel("Amount due", { exact: true }).fill(words);
      await dialog.locator("[type=submit]").click();
      await dialog.waitFor({ state: "detached" });
    };
    await edit("Still to pay");
    const draft = await hotel.desk.get("/api/invoice-setup");
    assert.deepEqual(draft.words, { en: { label_payable: "Still to pay" } });
    await page.goto("/reservations");
    await settled(page);
    await edit("");
    assert.deepEqual((await hotel.desk.get("/api/invoice-setup")).words, {});
    assert.deepEqual(complaints, []);
    await close();
  });
}
