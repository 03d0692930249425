import assert from "node:assert/strict";
import { test } from "node:test";
import { axeFindings, openPage, PHONE, settled, signIn } from "../browser.mjs";
import { addDays, BUSINESS_DATE, Desk, OWN_PASSWORD, startInnkeeper } from "../innkeeper.mjs";
import { sitDown } from "./keyboard.mjs";

const TONIGHT = addDays(BUSINESS_DATE, 1);
const TOMORROW = addDays(BUSINESS_DATE, 2);

/**
 * An evening: Nora, Nick and Nils have not come, Olga and Omar were to leave, Udo left owing something, the drawer is not
 * counted, and Stella stays on.
 */
async function evening(work) {
  const own = await startInnkeeper(["serve"]);
  try {
    const desk = await new Desk(own.url).setUp("Evening Inn");
    await desk.signIn();
    const { rooms } = await desk.addRooms("Evening Double", "DCE", "D740-D749");
    const book = (name, room, from, to) =>
      desk.book(name, { room_id: rooms[room].id, check_in_date: from, check_out_date: to });
    const come = async (name, room, from, to) => {
      const stay = await book(name, room, from, to);
      await desk.post(`/api/reservations/${stay.id}/check-in`, {});
      return stay;
    };
    const olga = await come("Olga Overdue", 0, BUSINESS_DATE, TONIGHT);
    const omar = await come("Omar Overdue", 1, BUSINESS_DATE, TONIGHT);
    const udo = await come("Udo Unpaid", 2, BUSINESS_DATE, TONIGHT);
    await desk.closeDay(BUSINESS_DATE);
    await come("Stella Stays", 3, TONIGHT, addDays(TOMORROW, 2));
    const nora = await book("Nora Noshow", 4, TONIGHT, TOMORROW);
    await book("Nick Noshow", 5, TONIGHT, TOMORROW);
    await book("Nils Noshow", 6, TONIGHT, TOMORROW);
    await desk.post(`/api/reservations/${udo.id}/check-out`, { settle: { payment_method: "card" } });
    const { items } = await desk.get("/api/payments");
    await desk.post(`/api/payments/${items[0].id}/void`, { reason: "declined" });
    await desk.post("/api/shifts", { drawer_id: 1, float_amount: 100 });
    await work({ url: own.url, desk, stays: { olga, omar, udo, nora } });
  } finally {
    await own.stop();
  }
}

const group = (page, name) => page.getByRole("region", { name });
const row = (page, guest) => page.locator(".close-row", { hasText: guest });

export function closeFlows(hotel) {
  test("an evening with no-shows, guests who stay over, a bill and a drawer is closed within two minutes", async () => {
    await evening(async ({ url, desk, stays }) => {
      const { page, complaints, close } = await openPage(hotel.browser, url, { with_axe: true });
      await signIn(page, "admin", OWN_PASSWORD);
      await page.getByRole("link", { name: "Close the day" }).first().click();
      await page.getByText("7 decisions are still open.").waitFor();
      assert.deepEqual(await axeFindings(page), []);
      const submit = page.getByRole("button", { name: /^Close \d/ });
      assert.equal(await submit.isDisabled(), true);
      for (const guest of ["Nora Noshow", "Nick Noshow", "Nils Noshow"])
        await row(page, guest).getByRole("button", { name: /^No-show/ }).click();
      await page.getByText("4 decisions are still open.").waitFor();
      // One of them was a slip of the hand.
      await row(page, "Nils Noshow").getByRole("button", { name: "Still expected" }).click();
      await row(page, "Nils Noshow").locator('[aria-pressed="true"]', { hasText: "Still expected" }).waitFor();
      await row(page, "Olga Overdue").getByRole("button", { name: /^One more night/ }).click();
      await row(page, "Omar Overdue").getByRole("button", { name: "Check out: Omar Overdue" }).click();
      const leaving = page.getByRole("dialog", { name: "Check out Omar Overdue" });
      await leaving.getByRole("button", { name: /and check out$/ }).click();
      await row(page, "Omar Overdue").waitFor({ state: "detached" });
      await row(page, "Udo Unpaid").getByRole("button", { name: "Take payment: Udo Unpaid" }).click();
      const paying = page.getByRole("dialog", { name: "Payment from Udo Unpaid" });
      await paying.getByRole("button", { name: "Take payment" }).click();
      await row(page, "Udo Unpaid").waitFor({ state: "detached" });
      await row(page, "Front desk").getByRole("button", { name: "Leave open" }).click();
      await page.getByText("Everything is decided. The day can be closed.").waitFor();
      await page.locator(".close-postings .is-total").waitFor();
      const { postings } = await desk.get("/api/day-close");
      assert.deepEqual([postings.nights, postings.no_shows], [2, 2], "Stella’s and Olga’s nights, Nora’s and Nick’s fees");
      const charged = async () =>
        (await desk.get("/api/reservations?page_size=50")).items.reduce((sum, { balance, total_paid }) => sum + balance + total_paid, 0);
      assert.equal(await submit.isDisabled(), false);
      await submit.click();
      await page.getByText(/The day is closed/).waitFor();
      assert.equal((await desk.get("/api/settings")).business_date, TOMORROW);
      const { status } = await desk.get(`/api/reservations/${stays.nora.id}`);
      assert.equal(status, "no_show");
      assert.ok((await charged()) > 0);
      assert.deepEqual(complaints, []);
      await close();
    });
  });

  test("by keyboard: a day is decided and closed", async () => {
    const own = await startInnkeeper(["serve"]);
    try {
      const desk = await new Desk(own.url).setUp("Keyboard Inn");
      await desk.signIn();
      const { rooms } = await desk.addRooms("Keyboard Double", "DCK", "D740-D741");
      await desk.book("Nora Noshow", { room_id: rooms[0].id });
      const { page, keys, complaints, close } = await sitDown({ ...hotel, url: own.url }, OWN_PASSWORD);
      await page.goto("/close");
      await settled(page);
      await keys.push(/^Still expected/);
      await page.getByText("Everything is decided.").waitFor();
      await keys.push(/^Close \d/);
      await page.getByText(/The day is closed/).waitFor();
      assert.equal((await desk.get("/api/settings")).business_date, TONIGHT);
      assert.deepEqual(complaints, []);
      await close();
    } finally {
      await own.stop();
    }
  });

  test("what the night has decided stands on Today, and is taken back there", async () => {
    await evening(async ({ url, desk }) => {
      await desk.send("PATCH", "/api/day-close/plan", { is_on: true, close_time: "00:00", no_show_time: "23:30" });
      // The hotel’s date lies a year back: too far for a machine to close by itself. A person does, as the plan would.
      await desk.post("/api/day-close/decisions", { reservation_id: 5, choice: "no_show" });
      await desk.closeDay(TONIGHT);
      const { page, complaints, close } = await openPage(hotel.browser, url, { size: PHONE });
      await page.route("**/api/day-close/last", async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, json: { ...(await answer.json()), news_since: BUSINESS_DATE } });
      });
      await signIn(page, "admin", OWN_PASSWORD);
      const news = page.getByRole("region", { name: /^Closed automatically/ });
      await news.getByText("Marked as no-show").waitFor();
      await news.getByRole("button", { name: "Undo: Nora Noshow" }).click();
      await news.getByText("Taken back").waitFor();
      assert.equal((await desk.get("/api/reservations/5")).status, "confirmed");
      assert.deepEqual(complaints, []);
      await close();
    });
  });
}
