// The browser tests of the books: invoices, companies' accounts, and what is written to them.
import { inOneHotel } from "./hotel.mjs";
import { invoiceFlows } from "./flows/invoices.mjs";
import { ledgerFlows } from "./flows/ledger.mjs";

inOneHotel(invoiceFlows, ledgerFlows);
