// The browser tests of figures: reports and what stands behind them.
import { inOneHotel } from "./hotel.mjs";
import { reportFlows } from "./flows/reports.mjs";

inOneHotel(reportFlows);
