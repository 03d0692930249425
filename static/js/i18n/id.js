/** Semua kata dalam Bahasa Indonesia. */
import { words as accounts } from "./id/accounts.js";
import { words as activity } from "./id/activity.js";
import { words as articles } from "./id/articles.js";
import { words as companies } from "./id/companies.js";
import { words as dayClose } from "./id/day-close.js";
import { words as folio } from "./id/folio.js";
import { words as frame } from "./id/frame.js";
import { words as frontdesk } from "./id/frontdesk.js";
import { words as groups } from "./id/groups.js";
import { words as guests } from "./id/guests.js";
import { words as housekeeping } from "./id/housekeeping.js";
import { words as invoices } from "./id/invoices.js";
import { words as print } from "./id/print.js";
import { words as rates } from "./id/rates.js";
import { words as reports } from "./id/reports.js";
import { words as registration } from "./id/registration.js";
import { words as reservations } from "./id/reservations.js";
import { words as retention } from "./id/retention.js";
import { words as rooms } from "./id/rooms.js";
import { words as settings } from "./id/settings.js";
import { words as shared } from "./id/shared.js";
import { words as statistics } from "./id/statistics.js";
import { words as system } from "./id/system.js";
import { words as taxes } from "./id/taxes.js";
import { words as till } from "./id/till.js";
import { words as users } from "./id/users.js";

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
