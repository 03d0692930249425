// What a person at the desk waits for, in a house of 200 rooms with 100,000 bookings. Prints numbers and
// judges none of them: a machine's speed is not the program's. `npm run measure`, best with a release build.
import { readFile } from "node:fs/promises";
import { launch, openPage, settled, signIn } from "./browser.mjs";
import { measure } from "./budget.mjs";
import { startInnkeeper } from "./innkeeper.mjs";
import { Keyboard } from "./keyboard.mjs";

const DESKS = 20;
const WATCHED_MS = 10_000;
const TICKS_PER_SECOND = 100;
/** A person who types with care, and thinks at each field. */
const KEY_MS = 60;
const THOUGHT_MS = 1000;

const say = (what, value) => console.log(`${what}: ${value}`);

const { js, css, files } = await measure();
say("JavaScript + CSS as sent", `${js} + ${css} = ${js + css} bytes in ${files.length} files`);
const innkeeper = await startInnkeeper(["demo", "--rooms", "200", "--reservations", "100000"], {
  env: { INNKEEPER_SHIPPED_PAGES: "1" },
});
const browser = await launch();
try {
  await measureSetup();
  await measureDesk();
  await measureRest();
} finally {
  await browser.close();
  await innkeeper.stop();
}

/** From an empty file to two types with twenty rooms and their prices, and one colleague who may sign in. */
async function measureSetup() {
  const empty = await startInnkeeper(["serve"], { env: { INNKEEPER_SHIPPED_PAGES: "1" } });
  const { page, close } = await openPage(browser, empty.url, { motion: true });
  const keys = new Keyboard(page);
  let thoughts = 0;
  const think = () => {
    thoughts += 1;
    return new Promise((resolve) => setTimeout(resolve, THOUGHT_MS));
  };
  const write = async (label, text) => {
    if (label) await keys.to(label);
    await think();
    await page.keyboard.type(text, { delay: KEY_MS });
    keys.presses += text.length;
  };
  const start = Date.now();
  await page.goto("/");
  await page.getByLabel("Property name").waitFor();
  await write("", "Pension Erika");
  await write("Currency", "EUR");
  await write("Time zone", "Europe/Vie");
  await write("Your name", "Erika Muster");
  await write("User name", "erika");
  await write("Password", "a long enough one");
  await keys.press("Enter");
  await page.getByRole("heading", { name: "Add your rooms" }).waitFor();
  for (const [at, [name, code, rate, numbers]] of [
    ["Double room", "DBL", "89,50", "101-112"],
    ["Single room", "SGL", "59", "201-208"],
  ].entries()) {
    await write("", name);
    await write("Short code", code);
    await write("Price per night", rate);
    await write("Room numbers", numbers);
    await keys.press("Enter");
    await page.locator(".setup-types li").nth(at).waitFor();
  }
  await keys.push("Open the front desk");
  await page.locator("app-frame").waitFor();
  await keys.go("Staff", "Staff");
  await keys.push("Add a person");
  await keys.dialog("Add a person");
  await write("", "Nadia Night");
  await write("User name", "nadia");
  await write("New password", "long enough now");
  await keys.press("Enter");
  await page.locator("tr", { hasText: "Nadia Night" }).waitFor();
  const seconds = Math.round((Date.now() - start) / 1000);
  say("set-up: empty file to 20 rooms with prices and a second account", `${seconds} s, ${thoughts} fields, ${keys.presses} keys`);
  await close();
  await empty.stop();
}

async function measureDesk() {
  const { page, close } = await openPage(browser, innkeeper.url, { motion: true });
  let requests = 0;
  page.on("request", () => (requests += 1));
  await page.goto("/login?next=%2Fchart%3Fdays%3D30");
  await page.getByLabel("User name").fill("admin");
  await page.getByLabel("Password").fill("admin123");
  requests = 0;
  let start = Date.now();
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".bar").first().waitFor();
  await settled(page);
  say("from sign-in to a usable chart, first visit", `${Date.now() - start} ms, ${requests} requests`);
  say("bars on the chart", await page.locator(".bar").count());
  requests = 0;
  start = Date.now();
  await page.reload();
  await page.locator(".bar").first().waitFor();
  say("the chart again, files kept", `${Date.now() - start} ms, ${requests} requests`);
  say("scrolling", await frames(page, () => scroll(page)));
  say("dragging a bar", await frames(page, () => drag(page)));
  requests = 0;
  start = Date.now();
  await page.locator(".bar.status-confirmed").first().evaluate((bar) => bar.click());
  await page.locator(".page-reservation h1").waitFor();
  await settled(page);
  say("opening a reservation", `${Date.now() - start} ms, ${requests} requests`);
  await close();
}

/** Frames that came later than the screen's beat while something moves. */
async function frames(page, move) {
  await page.evaluate(() => {
    globalThis.beats = [];
    const beat = (now) => {
      globalThis.beats.push(now);
      globalThis.beating = requestAnimationFrame(beat);
    };
    globalThis.beating = requestAnimationFrame(beat);
  });
  await move();
  const gaps = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.beating);
    return globalThis.beats.slice(1).map((now, i) => now - globalThis.beats[i]);
  });
  const dropped = gaps.reduce((total, gap) => total + Math.max(0, Math.round(gap / (1000 / 60)) - 1), 0);
  return `${dropped} of ${gaps.length + dropped} frames dropped, the longest took ${Math.round(Math.max(...gaps))} ms`;
}

async function scroll(page) {
  await page.mouse.move(800, 500);
  for (let i = 0; i < 120; i += 1) {
    await page.mouse.wheel(0, i < 90 ? 80 : -160);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

async function drag(page) {
  const box = await page.locator(".bar.status-confirmed").nth(3).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  for (let i = 0; i < 120; i += 1) {
    await page.mouse.move(500 + i * 4, 400 + 100 * Math.sin(i / 12));
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await page.keyboard.press("Escape");
  await page.mouse.up();
}

/** What the server needs while many desks stand open and nobody does anything. */
async function measureRest() {
  const desks = [];
  for (let i = 0; i < DESKS; i += 1) desks.push(await openPage(browser, innkeeper.url));
  for (const { page } of desks) await signIn(page);
  const before = await ticks();
  await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
  const share = (((await ticks()) - before) / TICKS_PER_SECOND / (WATCHED_MS / 1000)) * 100;
  say(`server CPU while ${DESKS} desks stand open`, `${share.toFixed(1)} % of one core`);
}

/** User and system time of the server so far; Linux only. */
async function ticks() {
  const stat = await readFile(`/proc/${innkeeper.pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
