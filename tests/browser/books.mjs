// The browser tests of the books: companies' accounts, and what is written to them.
import { inOneHotel } from "./hotel.mjs";
import { ledgerFlows } from "./flows/ledger.mjs";

inOneHotel(ledgerFlows);
