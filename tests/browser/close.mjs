// The browser tests of closing the day, in hotels of their own: each moves its date.
import { inOneHotel } from "./hotel.mjs";
import { closeFlows } from "./flows/close.mjs";

inOneHotel(closeFlows);
