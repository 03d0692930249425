import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, PHONE, screens, settled, signIn } from "../browser.mjs";

/** What 200 % zoom leaves of the front desk's screen. */
const ZOOMED = { width: 683, height: 384 };
const THUMB_PX = 44;

async function addresses(hotel) {
  const [stay] = (await hotel.desk.get("/api/reservations/in-house")).items;
  return [...screens(stay), "/setup"];
}

/** Opens every screen and gathers what `look` finds there. */
async function walk(hotel, options, media, look, input) {
  const { page, complaints, close } = await openPage(hotel.browser, hotel.url, options);
  if (media) await page.emulateMedia(media);
  await signIn(page);
  const found = [];
  for (const address of await addresses(hotel)) {
    await page.goto(address);
    await settled(page);
    for (const line of await page.evaluate(look, input)) found.push(`${address}: ${line}`);
  }
  await close();
  assert.deepEqual(found, []);
  assert.deepEqual(complaints, []);
}

export function screenFlows(hotel) {
  test("at 200 % zoom every screen reads downwards only, and nothing is cut off", () =>
    walk(hotel, { size: ZOOMED }, null, cutOff));

  test("no column of a list leaves the screen of a desk or a phone, however long the names in it are", async () => {
    const name = "Deluxe Double with Balcony and Lake View, Renovated";
    const { rooms } = await hotel.desk.addRooms(name, "LNG", "9391");
    const guest = "Maria-Theodora Konstantinopolskaya-Wiśniewska de la Fuente";
    const email = `${"maria-theodora.konstantinopolskaya".repeat(2)}@${"a-very-long-name.".repeat(4)}hotels.example`;
    await hotel.desk.post("/api/guests", { full_name: guest, email, is_vip: true, nationality: "Österreich-Ungarn ".repeat(2) });
    const stay = await hotel.desk.book(guest, { room_id: rooms[0].id, total_amount: 123456789 });
    await hotel.desk.post("/api/payments", { reservation_id: stay.id, amount: 12345678, payment_method: "bank_transfer" });
    await hotel.desk.post(`/api/reservations/${stay.id}/charges`, { kind: "allowance", description: guest, unit_amount: 1000 });
    const { page, complaints, close } = await openPage(hotel.browser, hotel.url);
    await signIn(page);
    const found = [];
    for (const address of ["/reservations", "/guests", "/payments", "/activity", "/exceptions", "/rooms", "/staff"]) {
      await page.goto(address);
      await settled(page);
      if (address === "/guests") found.push(...(await page.evaluate(namesCutShort)));
      // On a desk a cell may end in dots; a card on a phone says everything.
      const hidden = async (/** @type {string} */ what) =>
        (await page.locator(what).evaluateAll((all) => all.map((one) => one.scrollWidth - one.clientWidth))).filter((px) => px > 0);
      found.push(...(await hidden(".table-card")).map((px) => `${address}: ${px} px are hidden`));
      await page.setViewportSize(PHONE);
      found.push(...(await hidden(".table-card, .table-fold td")).map((px) => `${address} on a phone: ${px} px are hidden`));
      await page.setViewportSize({ width: 1366, height: 768 });
    }
    assert.deepEqual(found, []);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("nothing moves for whoever asked for less motion", () =>
    walk(hotel, { motion: false }, null, () =>
      document
        .getAnimations()
        .filter((one) => Number(one.effect?.getComputedTiming().endTime) > 20)
        .map((one) => `an animation of ${one.effect?.target?.className}`),
    ));

  test("with forced colours what is chosen still differs from what is not", () =>
    walk(hotel, {}, { forcedColors: "active" }, chosenLooksChosen));

  test("each control on a phone is large enough for a thumb", () =>
    walk(hotel, { size: PHONE, touch: true }, null, tooSmall, THUMB_PX));

  test("each control, picture and region of every screen has a name", () =>
    walk(hotel, {}, null, nameless));
}

/** Runs in the page. */
function cutOff() {
  const lines = [];
  if (document.documentElement.scrollWidth > innerWidth)
    lines.push(`the page is ${document.documentElement.scrollWidth} px wide`);
  for (const element of document.querySelectorAll("main :is(button, a, input, select, h1, h2, label)")) {
    const box = element.getBoundingClientRect();
    // What scrolls by itself, such as the chart, may hold more than it shows.
    if (!box.width || element.closest(".visually-hidden, .tape, .tiles, .table-card, [class*=scroll]")) continue;
    if (box.left < -1 || box.right > innerWidth + 1)
      lines.push(`“${(element.textContent ?? "").trim().slice(0, 30)}” (${element.className}) leaves the screen`);
  }
  return lines;
}

/** Runs in the page: names that have no room for their first words beside what else stands in their row. */
const namesCutShort = () =>
  Array.from(document.querySelectorAll("td.cell-main .row-link"), (link) => [link.textContent, link.clientWidth])
    .filter(([, width]) => width < 110)
    .map(([name, width]) => `“${name}” has ${width} px`);

/** Runs in the page. */
function chosenLooksChosen() {
  const look = (element) => {
    const { backgroundColor, color, outlineStyle, borderColor, borderWidth, textDecorationLine } =
      getComputedStyle(element);
    return [backgroundColor, color, outlineStyle, borderColor, borderWidth, textDecorationLine].join(" ");
  };
  const lines = [];
  for (const chosen of document.querySelectorAll("[aria-pressed=true], [aria-current=page]")) {
    const name = chosen.hasAttribute("aria-pressed") ? "aria-pressed" : "aria-current";
    const other = Array.from(chosen.parentElement?.children ?? []).find(
      (one) => one.localName === chosen.localName && one.getAttribute(name) !== chosen.getAttribute(name),
    );
    if (other && look(other) === look(chosen)) lines.push(`“${chosen.textContent}” looks like the others`);
  }
  return lines;
}

/** Runs in the page. @param {number} thumb */
function tooSmall(thumb) {
  const lines = new Set();
  for (const element of document.querySelectorAll("button, a.button, select, input, a.place, .bottom-bar a")) {
    // A label around its control is what a thumb meets.
    const target = element.closest("label") ?? element;
    const box = target.getBoundingClientRect();
    if (!box.width || element.closest(".visually-hidden, .tape")) continue;
    const after = getComputedStyle(target, "::after");
    const reach = after.content === "none" ? 0 : Math.max(0, -parseFloat(after.insetBlockStart) || 0);
    if (box.height + 2 * reach < thumb - 0.5)
      lines.add(`${element.localName}.${element.className} is ${Math.round(box.height)} px high`);
  }
  return [...lines];
}

/** Runs in the page. */
function nameless() {
  const lines = [];
  const named = (element) =>
    element.getAttribute("aria-label") ||
    element.getAttribute("aria-labelledby") ||
    ("labels" in element && element.labels?.length) ||
    element.getAttribute("title") ||
    (element.textContent ?? "").trim();
  const wanted = "button, a[href], input, select, textarea, [role=img], [role=group], [role=grid], nav, aside, dialog";
  for (const element of document.querySelectorAll(wanted))
    if (!named(element)) lines.push(element.outerHTML.slice(0, 120));
  for (const drawing of document.querySelectorAll("svg"))
    if (!drawing.closest("[aria-hidden=true], [role=img], [aria-label]"))
      lines.push(`a drawing that is neither hidden nor named: ${drawing.outerHTML.slice(0, 100)}`);
  return lines;
}
