// The browser tests of the desk: guests, stays, the chart, housekeeping, by mouse and by keyboard.
import { inOneHotel } from "./hotel.mjs";
import { accessFlows } from "./flows/access.mjs";
import { bookingFlows } from "./flows/booking.mjs";
import { budgetFlows } from "./flows/budget.mjs";
import { chartFlows } from "./flows/chart.mjs";
import { dateFlows } from "./flows/dates.mjs";
import { frontDeskFlows } from "./flows/front-desk.mjs";
import { guestFlows } from "./flows/guests.mjs";
import { housekeepingFlows } from "./flows/housekeeping.mjs";
import { keyboardFlows } from "./flows/keyboard.mjs";
import { languageFlows } from "./flows/language.mjs";
import { markupFlows } from "./flows/markup.mjs";
import { navigationFlows } from "./flows/navigation.mjs";
import { officeFlows } from "./flows/office.mjs";
import { detailFlows } from "./flows/details.mjs";
import { overdueFlows } from "./flows/overdue.mjs";
import { folioFlows } from "./flows/folios.mjs";
import { reservationFlows } from "./flows/reservation.mjs";
import { sheetFlows } from "./flows/sheets.mjs";

inOneHotel(
  accessFlows,
  languageFlows,
  budgetFlows,
  frontDeskFlows,
  sheetFlows,
  bookingFlows,
  dateFlows,
  chartFlows,
  reservationFlows,
  folioFlows,
  guestFlows,
  markupFlows,
  housekeepingFlows,
  keyboardFlows,
  detailFlows,
  overdueFlows,
  navigationFlows,
  officeFlows,
);
