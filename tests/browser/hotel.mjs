// The hotel that the flows of one file share: the real executable, a real Chromium, one flow after the other.
import { after, before } from "node:test";
import { launch } from "./browser.mjs";
import { BUSINESS_DATE, Desk, startInnkeeper } from "./innkeeper.mjs";

/** @param {...(hotel: object) => void} flows each of them says its tests */
export function inOneHotel(...flows) {
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

  for (const flow of flows) flow(hotel);
}
