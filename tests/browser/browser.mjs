// One real Chromium, and pages that remember every complaint on their console.
import { chromium } from "playwright-core";
import { readFile } from "node:fs/promises";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const WIDE = { width: 1366, height: 768 };
export const PHONE = { width: 390, height: 844 };
/** Long enough for the slowest machine; no test waits for it when all is well. */
const TIMEOUT_MS = 60_000;

/** The screens behind the desk. */
const OFFICE_SCREENS = [
  "/close",
  "/housekeeping",
  "/payments",
  "/deposits",
  "/statistics",
  "/reports",
  "/reports/forecast?compare=last_year",
  "/account-codes",
  "/rooms",
  "/prices",
  "/articles",
  "/registrations",
  "/companies",
  "/accounts",
  "/reminders",
  "/commissions",
  "/invoices",
  "/invoices/setup",
  "/groups",
  "/taxes",
  "/staff",
  "/activity",
  "/exceptions",
  "/shifts",
  "/vouchers",
  "/settings",
  "/retention",
  "/system",
];

/** Every screen of the frame, for what is looked for on each. @param {{ id: number, guest_id: number }} stay */
export const screens = ({ id, guest_id }) => [
  "/",
  "/chart",
  "/reservations",
  `/reservations/${id}`,
  "/reservations/new",
  "/guests",
  `/guests/${guest_id}`,
  ...OFFICE_SCREENS,
];

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });

/**
 * A page in a browser profile of its own.
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @param {{ theme?: "light" | "dark", size?: { width: number, height: number }, with_axe?: boolean, motion?: boolean,
 *   touch?: boolean, locale?: string, trusts_all?: boolean }} [options] `trusts_all`: takes any certificate
 */
export async function openPage(browser, url, options = {}) {
  const { theme = "light", size = WIDE, with_axe = false, motion = false, touch = false, locale = "en-GB", trusts_all = false } = options;
  const context = await browser.newContext({
    baseURL: url,
    viewport: size,
    colorScheme: theme,
    reducedMotion: motion ? "no-preference" : "reduce",
    locale,
    ignoreHTTPSErrors: trusts_all,
    hasTouch: touch,
    isMobile: touch,
    // axe is put into the page by the test, which the page's own policy rightly forbids.
    bypassCSP: with_axe,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  /** @type {string[]} */
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => complaints.push(String(error.stack)));
  return { page, complaints, close: () => context.close() };
}

/** @param {import("playwright-core").Page} page */
export async function signIn(page, username = "admin", password = "admin123") {
  await page.goto("/login");
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("app-frame").waitFor();
}

/** Waits until nothing of the page is on its way any more. @param {import("playwright-core").Page} page */
export const settled = (page) =>
  page.waitForFunction(
    () => document.querySelector("main > *") && !document.querySelector(".skeleton, [aria-busy=true]"),
  );

/** The date that a field holds, however it is written. @param {import("playwright-core").Locator} field */
export const dateIn = (field) => field.evaluate((input) => input.closest("date-field")?.value ?? input.value);

/** The document on a page for paper. @param {import("playwright-core").Page} page */
export const sheet = (page) => page.frameLocator("main iframe");

const axe_source = await readFile(new URL("./node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/**
 * What axe finds, in lines to read.
 * @param {import("playwright-core").Page} page
 * @param {string[]} [rules] the rules to look by, or their tags
 * @returns {Promise<string[]>}
 */
export async function axeFindings(page, rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe_source);
  const { violations } = await page.evaluate(
    (runOnly) => globalThis.axe.run(document, { runOnly, resultTypes: ["violations"] }),
    rules,
  );
  return violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.failureSummary}`),
  );
}
