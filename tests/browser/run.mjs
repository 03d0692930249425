// The browser tests: the real executable, a real Chromium, one flow after the other.
import { after, before } from "node:test";
import { launch } from "./browser.mjs";
import { BUSINESS_DATE, Desk, startInnkeeper } from "./innkeeper.mjs";
import { accessFlows } from "./flows/access.mjs";
import { accessibilityFlows } from "./flows/accessibility.mjs";
import { backupFlows } from "./flows/backups.mjs";
import { bookingFlows } from "./flows/booking.mjs";
import { budgetFlows } from "./flows/budget.mjs";
import { chartFlows } from "./flows/chart.mjs";
import { frontDeskFlows } from "./flows/front-desk.mjs";
import { guestFlows } from "./flows/guests.mjs";
import { housekeepingFlows } from "./flows/housekeeping.mjs";
import { keyboardFlows } from "./flows/keyboard.mjs";
import { languageFlows } from "./flows/language.mjs";
import { liveFlows } from "./flows/live.mjs";
import { markupFlows } from "./flows/markup.mjs";
import { networkFlows } from "./flows/network.mjs";
import { officeFlows } from "./flows/office.mjs";
import { priceFlows } from "./flows/prices.mjs";
import { pinFlows } from "./flows/pin.mjs";
import { printFlows } from "./flows/print.mjs";
import { readOnlyFlows } from "./flows/read-only.mjs";
import { reservationFlows } from "./flows/reservation.mjs";
import { screenFlows } from "./flows/screens.mjs";
import { typedFlows } from "./flows/typed.mjs";
import { setupFlows } from "./flows/setup.mjs";

/** What the flows share; filled before the first of them runs. */
const hotel = {};
let innkeeper;

before(async () => {
  innkeeper = await startInnkeeper(["demo", "--rooms", "12", "--business-date", BUSINESS_DATE]);
  hotel.url = innkeeper.url;
  hotel.folder = innkeeper.folder;
  hotel.browser = await launch();
  hotel.desk = await new Desk(innkeeper.url).signIn();
  // The flows read and type amounts as the British write them.
  await hotel.desk.send("PATCH", "/api/settings", { locale: "en-GB" });
});

after(async () => {
  await hotel.browser?.close();
  await innkeeper?.stop();
});

accessFlows(hotel);
languageFlows(hotel);
budgetFlows();
frontDeskFlows(hotel);
bookingFlows(hotel);
chartFlows(hotel);
reservationFlows(hotel);
guestFlows(hotel);
markupFlows(hotel);
housekeepingFlows(hotel);
keyboardFlows(hotel);
officeFlows(hotel);
networkFlows(hotel);
backupFlows(hotel);
readOnlyFlows(hotel);
priceFlows(hotel);
pinFlows(hotel);
printFlows(hotel);
liveFlows(hotel);
accessibilityFlows(hotel);
screenFlows(hotel);
typedFlows(hotel);
setupFlows(hotel);
