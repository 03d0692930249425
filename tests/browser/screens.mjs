// Pictures of every page, at the front desk's size and a phone's, in both themes, to be looked at.
// `npm run screens [folder]`
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { launch, openPage, PHONE, settled, signIn } from "./browser.mjs";
import { BUSINESS_DATE, Desk, startInnkeeper } from "./innkeeper.mjs";

const folder = path.resolve(process.argv[2] ?? "shots");
const SIZES = { wide: { width: 1366, height: 768 }, phone: PHONE };

await mkdir(folder, { recursive: true });
const innkeeper = await startInnkeeper(["demo", "--business-date", BUSINESS_DATE]);
const browser = await launch();
try {
  const desk = await new Desk(innkeeper.url).signIn();
  const [stay] = (await desk.get("/api/reservations/in-house")).items;
  for (const [size_name, size] of Object.entries(SIZES))
    for (const theme of ["light", "dark"]) await picture(size_name, size, theme, stay);
} finally {
  await browser.close();
  await innkeeper.stop();
}

async function picture(size_name, size, theme, stay) {
  const { page, close } = await openPage(browser, innkeeper.url, { theme, size });
  const shoot = async (name) => {
    await settled(page);
    await page.screenshot({ path: path.join(folder, `${name}-${size_name}-${theme}.png`) });
  };
  await page.goto("/login");
  await shoot("login");
  await signIn(page);
  const pages = {
    today: "/",
    close: "/close",
    chart: "/chart",
    "chart-month": "/chart?days=30",
    reservations: "/reservations",
    reservation: `/reservations/${stay.id}`,
    "new-booking": "/reservations/new",
    guests: "/guests",
    guest: `/guests/${stay.guest_id}`,
    "set-up": "/setup",
    housekeeping: "/housekeeping",
    payments: "/payments",
    statistics: "/statistics",
    reports: "/reports",
    forecast: "/reports/forecast?compare=last_year",
    rooms: "/rooms",
    prices: "/prices",
    deposits: "/deposits",
    staff: "/staff",
    activity: "/activity",
    exceptions: "/exceptions",
    shifts: "/shifts",
    vouchers: "/vouchers",
    settings: "/settings",
    retention: "/retention",
    articles: "/articles",
    "account-codes": "/account-codes",
    registrations: "/registrations",
    companies: "/companies",
    accounts: "/accounts",
    reminders: "/reminders",
    commissions: "/commissions",
    invoices: "/invoices",
    "invoice-setup": "/invoices/setup",
    groups: "/groups",
    taxes: "/taxes",
    system: "/system",
    registration: `/reservations/${stay.id}/print/registration`,
    confirmation: `/reservations/${stay.id}/print/confirmation`,
    receipt: `/reservations/${stay.id}/print/receipt`,
    "arrivals-list": "/print/arrivals",
    "housekeeping-list": "/print/housekeeping",
  };
  for (const [name, address] of Object.entries(pages)) {
    await page.goto(address);
    await shoot(name);
  }
  await page.goto("/");
  await settled(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("an");
  await page.locator(".command-hit .chip").first().waitFor();
  await shoot("search");
  await close();
}
