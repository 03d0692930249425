import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage, screens, settled, signIn } from "../browser.mjs";
import { addDays, BUSINESS_DATE, Desk, OWN_PASSWORD, startInnkeeper } from "../innkeeper.mjs";

/** Markup, the longest that the field takes; each says which field it came from. */
const ATTEMPTS = [
  (name) => `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"'&${name}~`,
  (name) => `<img src=x onerror=hacked=1>${name}~`,
  () => `"><s>x</s>`,
  () => `<s>x`,
];
/** Too short to carry a mark. */
const SHORT = new Set([
  "room.room_number",
  "plan.promo_code",
  "reservation.promo_code",
  "company.postal_code",
  "company.registration_number",
]);
/** A person's or machine's words for these are fixed, or they are never shown to anyone. */
const NOT_WORDS = /password|time_zone|currency|locale|check_(in|out)_time|username|^code$|folder|at_time|_date$|voucher_code/;

export function markupFlows(hotel) {
  test("markup in every text field that the API takes stays text on every screen", async () => {
    const own = await startInnkeeper(["serve"]);
    const { page, complaints, close } = await openPage(hotel.browser, own.url);
    try {
      const { stay, gone, written } = await hostileHotel(own.url);
      assert.ok(written.length >= 30, `only ${written.length} fields took it: ${written.join(", ")}`);
      await signIn(page, "admin", OWN_PASSWORD);
      const shown = new Set();
      for (const address of addresses(stay, gone)) {
        await page.goto(address);
        await settled(page);
        await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
        await look(page, address, shown);
        for (const more of await page.getByRole("button", { name: "Edit", exact: true }).all()) {
          await more.click();
          await look(page, `${address}, being edited`, shown);
          break;
        }
      }
      await page.goto("/companies");
      await settled(page);
      await page.locator("[data-key=company-1]").click();
      await page.getByRole("button", { name: "Edit", exact: true }).click();
      await look(page, "a company, being edited", shown);
      await page.goto("/");
      await settled(page);
      await page.keyboard.press("Control+k");
      await page.keyboard.type("img");
      await page.getByRole("option").first().waitFor();
      await look(page, "the search box", shown);
      // What is written must be met again: a screen that shows nothing would prove nothing.
      assert.deepEqual(
        [...new Set(written)].filter((name) => !shown.has(name) && !SHORT.has(name)),
        [],
      );
      assert.deepEqual(complaints, []);
    } finally {
      await close();
      await own.stop();
    }
  });
}

const addresses = ({ id, guest_id }, gone) => [
  ...screens({ id, guest_id }),
  `/reservations/${gone.id}`,
  `/reservations/new?guest_id=${guest_id}`,
  `/reservations/${id}/print/registration`,
  `/reservations/${id}/print/confirmation`,
  `/reservations/${id}/print/receipt`,
  "/print/arrivals",
  "/print/housekeeping",
  // What was done first stands on the second page of the trail by now.
  "/activity?page=2",
  "/companies/1",
  "/groups/1",
  "/groups/1/print/rooming-list",
];

/** Nothing ran, nothing became an element, and what is shown is remembered. */
async function look(page, where, shown) {
  for (const frame of page.frames()) await lookInto(frame, where, shown);
}

async function lookInto(frame, where, shown) {
  const { is_hacked, foreign, names } = await frame.evaluate(() => ({
    is_hacked: "hacked" in window,
    foreign: document.querySelectorAll("body img, body s, main script, dialog script").length,
    names: [
      ...`${document.body.textContent} ${Array.from(document.querySelectorAll("input, textarea"), (one) => one.value).join(" ")}`.matchAll(
        /[>&](\w+\.\w+)~/g,
      ),
    ].map(([, name]) => name),
  }));
  assert.deepEqual([is_hacked, foreign], [false, 0], where);
  for (const name of names) shown.add(name);
}

/** A hotel whose every word is an attempt. */
async function hostileHotel(url) {
  const desk = new Desk(url);
  const [attempt] = ATTEMPTS;
  await desk.post("/api/setup", {
    property_name: "Hostile House",
    currency: "EUR",
    time_zone: "Europe/Vienna",
    username: "admin",
    full_name: attempt("owner.full_name"),
    password: OWN_PASSWORD,
    business_date: BUSINESS_DATE,
  });
  desk.password = OWN_PASSWORD;
  await desk.signIn();
  const { paths, components } = await desk.get("/api/openapi.json");
  const written = [];
  /** Sends each text of a body by itself where it can be, so that one refusal hides no other. */
  const fill = async (method, template, address, entity, base = {}) => {
    const content = paths[template][method.toLowerCase()].requestBody.content;
    const schema = resolve(Object.values(content)[0].schema, components);
    const fields = Object.keys(schema.properties).filter(
      (name) => isText(schema.properties[name], components) && !NOT_WORDS.test(name),
    );
    let answer = null;
    for (const field of method === "PATCH" ? fields : [null]) {
      for (const attempt of ATTEMPTS) {
        const names = field ? [field] : fields.filter((name) => !(name in base));
        const words = Object.fromEntries(names.map((name) => [name, attempt(`${entity}.${name}`)]));
        try {
          answer = await desk.send(method, address, { ...base, ...words });
          written.push(...names.map((name) => `${entity}.${name}`));
          break;
        } catch (error) {
          if (!/: 4(09|22) /.test(String(error))) throw error;
        }
      }
    }
    return answer;
  };
  const patch = (template, id, entity) => fill("PATCH", template, template.replace(/\{\w+\}/, String(id)), entity);
  const company = await desk.post("/api/companies", { name: ATTEMPTS[0]("company.name") });
  await patch("/api/companies/{id}", company.id, "company");
  await patch("/api/settings", "", "settings");
  const { type, rooms } = await desk.addRooms("Room", "R", "101-104");
  await patch("/api/room-types/{id}", type.id, "type");
  await desk.send("PATCH", `/api/room-types/${type.id}`, { amenities: [ATTEMPTS[1]("type.amenities")] });
  for (const room of rooms.slice(0, 2)) await patch("/api/rooms/{id}", room.id, "room");
  await fill("POST", "/api/booking-sources", "/api/booking-sources", "source");
  await fill("POST", "/api/payment-methods", "/api/payment-methods", "method");
  const plan = await fill("POST", "/api/rate-plans", "/api/rate-plans", "plan", { code: "HST", promo_code: "", source: "" });
  await patch("/api/rate-plans/{id}", plan.id, "plan");
  const colleague = { username: "colleague", role: "receptionist", password: "long enough now" };
  await fill("POST", "/api/users", "/api/users", "user", colleague);
  const stay = await desk.book("Mallory", { room_id: rooms[0].id });
  await patch("/api/guests/{id}", stay.guest_id, "guest");
  await patch("/api/reservations/{id}", stay.id, "reservation");
  const charge = { kind: "extra", quantity: 1, unit_amount: 1000 };
  const of = `/api/reservations/${stay.id}`;
  await fill("POST", "/api/reservations/{id}/charges", `${of}/charges`, "charge", charge);
  const allowance = { ...charge, kind: "allowance", unit_amount: 500 };
  const slip = await fill("POST", "/api/reservations/{id}/charges", `${of}/charges`, "charge", allowance);
  await fill(
    "POST",
    "/api/reservations/{id}/charges/{charge_id}/void",
    `${of}/charges/${slip.id}/void`,
    "charge_void",
  );
  const money = { reservation_id: stay.id, amount: 1000, payment_method: "cash" };
  const paid = await fill("POST", "/api/payments", "/api/payments", "payment", money);
  const back = { amount: 500, payment_method: "cash" };
  await fill("POST", "/api/payments/{id}/refund", `/api/payments/${paid.id}/refund`, "refund", back);
  const wrong = await fill("POST", "/api/payments", "/api/payments", "payment", money);
  await fill("POST", "/api/payments/{id}/void", `/api/payments/${wrong.id}/void`, "payment_void");
  await fill("POST", "/api/reservations/{id}/folios", `${of}/folios`, "folio");
  await fill("POST", "/api/house-accounts", "/api/house-accounts", "house_account");
  await fill("POST", "/api/drawers", "/api/drawers", "drawer");
  const shift = await fill("POST", "/api/shifts", "/api/shifts", "shift", { drawer_id: 1, float_amount: 0 });
  const spent = { kind: "paid_out", amount: 1000 };
  await fill("POST", "/api/shifts/{id}/movements", `/api/shifts/${shift.id}/movements`, "movement", spent);
  await fill("POST", "/api/vouchers", "/api/vouchers", "voucher", { amount: 1000, payment_method: "card" });
  const owed = { amount: 1000, payment_method: "card", notes: "" };
  await fill("POST", "/api/companies/{id}/account/payments", `/api/companies/${company.id}/account/payments`, "account_payment", owed);
  await fill("POST", "/api/report-views", "/api/report-views", "view", { report: "revenue", query: "" });
  const code = { kind: "article", key: "room", code: ATTEMPTS[3]() };
  await desk.send("PATCH", "/api/account-codes", { codes: [code] });
  const block = {
    kind: "out_of_order",
    start_date: BUSINESS_DATE,
    end_date: addDays(BUSINESS_DATE, 2),
  };
  await fill("POST", "/api/rooms/{id}/blocks", `/api/rooms/${rooms[3].id}/blocks`, "block", block);
  const dates = { arrival_date: addDays(BUSINESS_DATE, 5), departure_date: addDays(BUSINESS_DATE, 6) };
  const group = await desk.post("/api/groups", { name: ATTEMPTS[0]("group.name"), ...dates, rooms: [{ room_type_id: type.id, rooms: 1 }] });
  await patch("/api/groups/{id}", group.id, "group");
  await desk.post(`/api/groups/${group.id}/rooming-list`, { rows: [{ name: ATTEMPTS[0]("row.name"), notes: ATTEMPTS[0]("row.notes") }] });
  await desk.send("PUT", `/api/rooms/${rooms[2].id}/status`, { housekeeping: "dirty" });
  await fill("PUT", "/api/rooms/{id}/status", `/api/rooms/${rooms[2].id}/status`, "status", { housekeeping: "dirty" });
  // A reason that goes with nothing is not kept: this stay has one.
  const gone = await desk.book("Gone", {
    room_id: rooms[1].id,
    rate_kind: "complimentary",
    rate_kind_reason: ATTEMPTS[0]("reservation.rate_kind_reason"),
  });
  await fill("POST", "/api/reservations/{id}/cancel", `/api/reservations/${gone.id}/cancel`, "cancel");
  return { stay, gone, written };
}

function resolve(schema, components) {
  const name = schema.$ref?.split("/").pop();
  return name ? resolve(components.schemas[name], components) : schema;
}

function isText(schema, components) {
  const { type, anyOf, enum: fixed, const: only, format } = resolve(schema, components);
  if (anyOf) return anyOf.some((one) => isText(one, components));
  return !fixed && !only && !format && [type].flat().includes("string");
}
