// The browser tests of what stands around the desk: the network, copies, prices, paper, and every screen looked over.
import { inOneHotel } from "./hotel.mjs";
import { accessibilityFlows } from "./flows/accessibility.mjs";
import { backupFlows } from "./flows/backups.mjs";
import { liveFlows } from "./flows/live.mjs";
import { messageFlows } from "./flows/messages.mjs";
import { networkFlows } from "./flows/network.mjs";
import { packageFlows } from "./flows/packages.mjs";
import { pinFlows } from "./flows/pin.mjs";
import { priceFlows } from "./flows/prices.mjs";
import { printFlows } from "./flows/print.mjs";
import { rateCalendarFlows } from "./flows/rate-calendar.mjs";
import { readOnlyFlows } from "./flows/read-only.mjs";
import { restrictionFlows } from "./flows/restrictions.mjs";
import { screenFlows } from "./flows/screens.mjs";
import { setupFlows } from "./flows/setup.mjs";
import { articleFlows } from "./flows/articles.mjs";
import { companyFlows } from "./flows/companies.mjs";
import { groupFlows } from "./flows/groups.mjs";
import { depositFlows } from "./flows/deposits.mjs";
import { guestDataFlows } from "./flows/guest-data.mjs";
import { taxFlows } from "./flows/taxes.mjs";
import { tillFlows } from "./flows/till.mjs";
import { typedFlows } from "./flows/typed.mjs";

inOneHotel(
  networkFlows,
  backupFlows,
  readOnlyFlows,
  // Before the others have made dozens of room types.
  groupFlows,
  priceFlows,
  rateCalendarFlows,
  articleFlows,
  companyFlows,
  depositFlows,
  packageFlows,
  restrictionFlows,
  guestDataFlows,
  taxFlows,
  tillFlows,
  pinFlows,
  printFlows,
  liveFlows,
  accessibilityFlows,
  screenFlows,
  messageFlows,
  typedFlows,
  setupFlows,
);
