/** All words in English. */
import { words as accounts } from "./en/accounts.js";
import { words as activity } from "./en/activity.js";
import { words as articles } from "./en/articles.js";
import { words as companies } from "./en/companies.js";
import { words as dayClose } from "./en/day-close.js";
import { words as folio } from "./en/folio.js";
import { words as frame } from "./en/frame.js";
import { words as frontdesk } from "./en/frontdesk.js";
import { words as groups } from "./en/groups.js";
import { words as guests } from "./en/guests.js";
import { words as housekeeping } from "./en/housekeeping.js";
import { words as invoices } from "./en/invoices.js";
import { words as print } from "./en/print.js";
import { words as rates } from "./en/rates.js";
import { words as reports } from "./en/reports.js";
import { words as registration } from "./en/registration.js";
import { words as reservations } from "./en/reservations.js";
import { words as retention } from "./en/retention.js";
import { words as rooms } from "./en/rooms.js";
import { words as settings } from "./en/settings.js";
import { words as shared } from "./en/shared.js";
import { words as statistics } from "./en/statistics.js";
import { words as system } from "./en/system.js";
import { words as taxes } from "./en/taxes.js";
import { words as till } from "./en/till.js";
import { words as users } from "./en/users.js";

export const words = {
  ...accounts,
  ...activity,
  ...articles,
  ...companies,
  ...dayClose,
  ...folio,
  ...frame,
  ...frontdesk,
  ...groups,
  ...guests,
  ...housekeeping,
  ...invoices,
  ...print,
  ...rates,
  ...reports,
  ...registration,
  ...reservations,
  ...retention,
  ...rooms,
  ...settings,
  ...shared,
  ...statistics,
  ...system,
  ...taxes,
  ...till,
  ...users,
};
