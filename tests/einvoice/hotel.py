"""A hotel of a country that lives for some days and issues what it has to."""

import json
import os
import re
import signal
import subprocess
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OPENED = re.compile(r"http://([0-9.]+:\d+)")
START_SECONDS = 30
STOP_SECONDS = 30
FIRST_DAY = date(2026, 3, 2)
ROOMS = 12


@dataclass(frozen=True)
class Country:
    code: str
    currency: str
    zone: str
    # Of the presets' places: which one; None for a hotel that levies nothing.
    place: str | None
    seller: dict
    # Companies that pay later, as invoices name them.
    companies: list = field(default_factory=list)
    # The smallest coin, in whole minor units.
    coin: float = 0
    # No file can be made: three decimals.
    is_refused: bool = False
    # Amounts without decimals.
    is_whole: bool = False


def seller(name, country, city, tax_number, **more):
    return {"name": name, "country": country, "city": city, "postal_code": "1000", "street": ["High Street 1"],
            "tax_number": tax_number, "email": "books@hotel.example", "phone": "+1 555 0100", **more}


def company(name, country, tax_number="", scheme="", address="", **more):
    return {"name": name, "country": country, "tax_number": tax_number, "city": "Town", "postal_code": "2000",
            "address": "Market 5\nBuilding B\nFloor 3", "electronic_scheme": scheme, "electronic_address": address, **more}


VAN_DAM = company("Van Dam NV", "BE", "BE0403019261", "0208", "0403019261")
KRUGER = company("Krüger & Söhne GmbH", "DE", "DE123456789", "9930", "DE123456789")
PLAIN = company("Plain Traders", "FR")

COUNTRIES = [
    Country("PT", "EUR", "Europe/Lisbon", "Lisboa", seller("Hotel da Baixa Lda", "PT", "Lisboa", "PT501964843"), [PLAIN, VAN_DAM]),
    Country("DE", "EUR", "Europe/Berlin", "Berlin",
            seller("Hotel Spree GmbH", "DE", "Berlin", "DE136695976", endpoint_scheme="9930", endpoint_id="DE136695976"),
            [KRUGER, VAN_DAM, PLAIN]),
    Country("BE", "EUR", "Europe/Brussels", "Belgium",
            seller("Hotel Zenne BV", "BE", "Brussel", "BE0202239951", registration_number="0202.239.951",
                   endpoint_scheme="0208", endpoint_id="0202239951"), [VAN_DAM, KRUGER, PLAIN]),
    Country("NL", "EUR", "Europe/Amsterdam", "Amsterdam",
            seller("Hotel Gracht BV", "NL", "Amsterdam", "NL004495445B01", registration_number="33000123",
                   endpoint_scheme="0106", endpoint_id="33000123"),
            [company("Jansen BV", "NL", "NL123456789B01", "0106", "12345678"), VAN_DAM, PLAIN]),
    Country("CH", "CHF", "Europe/Zurich", "Zürich", seller("Hotel Limmat AG", "CH", "Zürich", "CHE-123.456.789 MWST"), [PLAIN, KRUGER],
            coin=0.05),
    Country("GB", "GBP", "Europe/London", "Edinburgh", seller("The Close Hotel Ltd", "GB", "Edinburgh", "GB 980 7806 84"), [PLAIN]),
    Country("US", "USD", "America/New_York", "New York City", seller("The Bowery House LLC", "US", "New York", "12-3456789"), [PLAIN]),
    Country("ID", "IDR", "Asia/Jakarta", "Jakarta", seller("PT Seruni", "ID", "Jakarta", "01.234.567.8-901.000"), [PLAIN], is_whole=True),
    Country("AE", "AED", "Asia/Dubai", None, seller("Creek Hotel LLC", "AE", "Dubai", "", registration_number="CN-1234567"), [PLAIN]),
    Country("KW", "KWD", "Asia/Kuwait", None, seller("Gulf Hotel", "KW", "Kuwait", "", registration_number="12345"), [PLAIN], is_refused=True),
]

# Two rates in one document, where the presets have no place.
BELGIUM = {
    "rounding": "document",
    "groups": [{"id": 1, "name": "Logies", "is_included": True, "tax_ids": [1]}, {"id": 2, "name": "Andere", "is_included": True, "tax_ids": [2]}],
    "taxes": [{"id": 1, "name": "Btw 6 %", "rates": [{"from": "2020-01-01", "percent": 6}]},
              {"id": 2, "name": "Btw 21 %", "rates": [{"from": "2020-01-01", "percent": 21}]}],
    "levies": [{"id": 1, "name": "Stadsbelasting", "unit": "room_night",
                "rates": [{"from": "2020-01-01", "bands": [{"amount": 4.24}]}]}],
    "room_group_id": 1, "extra_group_id": 2, "fee_group_id": 1,
}


class Hotel:
    """A fresh data file, and the server on it."""

    def __init__(self, binary, folder, country, chance):
        self.folder, self.country, self.chance = folder, country, chance
        folder.mkdir(parents=True, exist_ok=True)
        self._binary, self._database, self._token = binary, folder / "hotel.db", None
        self._log = open(folder / "server.log", "wb")
        self._server = subprocess.Popen(
            [binary, "serve", "--db", self._database, "--listen", "127.0.0.1:0", "--no-browser", "--rate-limit", "0"],
            cwd=folder, env=self._environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log, text=True,
        )
        self.address = self._await_address()
        threading.Thread(target=self._server.stdout.read, daemon=True).start()
        self.day, self.open, self.made = FIRST_DAY, [], 0

    def set_up(self):
        country = self.country
        self._token = self.post("/api/setup", property_name=country.seller["name"], currency=country.currency, time_zone=country.zone,
                                business_date=FIRST_DAY.isoformat(), username="owner", full_name="The owner",
                                password="The owner's own 1")["access_token"]
        if country.coin:
            self.send("PATCH", "/api/settings", smallest_coin=country.coin)
        if country.place:
            self.send("PUT", "/api/taxes", **self._levied())
        rate = 1_234_000 if country.is_whole else 119.9
        room_type = self.post("/api/room-types", name="Double", code="EC1", capacity_adults=3, capacity_children=1, default_rate=rate)["id"]
        self.post("/api/rooms/batch", room_type_id=room_type, floor=1, numbers=[f"C731-C{730 + ROOMS}"])
        bank = {"holder": country.seller["name"], "iban": "BE71096123456769", "bic": "GKCCBEBB"}
        self.send("PATCH", "/api/invoice-setup", seller=country.seller, bank=bank, terms="Payable within 14 days", footer="Thank you")
        self.companies = [self.post("/api/companies", has_account=True, **known)["id"] for known in country.companies]

    def live(self, bills):
        """Days in which so many stays are billed."""
        while self.made < bills:
            for stay in [stay for stay in self.open if stay["out"] == self.day]:
                self.open.remove(stay)
                self.leave(stay)
            while len(self.open) < ROOMS and self.chance.random() < 0.8:
                self.arrive()
            self.next_day()
        for stay in sorted(self.open, key=lambda stay: stay["out"]):
            while self.day < stay["out"]:
                self.next_day()
            self.leave(stay)

    def next_day(self):
        self.post("/api/day-close", business_date=self.day.isoformat(), undecided="carry")
        self.day += timedelta(days=1)

    def arrive(self):
        chance, nights = self.chance, self.chance.randint(1, 4)
        payer = chance.choice(self.companies) if chance.random() < 0.4 else None
        name = chance.choice(["Ana & João <Prado>", "Müller, \"Max\"", "Søren Ødegård", "Nguyễn Thị Hà", "O’Neill"])
        room = next(room for room in range(1, ROOMS + 1) if room not in {stay["room"] for stay in self.open})
        stay = self.post("/api/reservations", guest={"full_name": name}, room_id=room, adults=chance.randint(1, 3),
                         check_in_date=self.day.isoformat(), check_out_date=(self.day + timedelta(days=nights)).isoformat(),
                         **({"company_id": payer} if payer else {}))
        if not payer and chance.random() < 0.3:
            self.post("/api/payments", reservation_id=stay["id"], amount=self.amount(10, 60), payment_method="card", payment_type="deposit")
            self.invoice(stay["id"], kind="deposit_invoice", buyer=self.buyer(name))
        self.post(f"/api/reservations/{stay['id']}/check-in", override_dirty=True, reason="Late")
        self.open.append({"id": stay["id"], "room": room, "name": name, "payer": payer, "out": self.day + timedelta(days=nights)})

    def leave(self, stay):
        """Extras and allowances, then money or an account, then the invoice; sometimes a credit note, or another invoice."""
        chance, at = self.chance, f"/api/reservations/{stay['id']}"
        for _ in range(chance.randint(0, 5)):
            self.post(f"{at}/charges", kind="extra", description=chance.choice(["Wine & cheese", "Minibar", "Parking", "Spa <60 min>"]),
                      quantity=chance.randint(1, 7), unit_amount=self.amount(1, 30))
        if chance.random() < 0.3:
            self.post(f"{at}/charges", kind="allowance", description="Noise at night", unit_amount=self.amount(1, 9))
        balance = self.get(at)["balance"]
        if stay["payer"]:
            self.post(f"{at}/check-out", accounts=[{"window": 1, "company_id": stay["payer"]}])
        elif balance > 0:
            self.post(f"{at}/check-out", settle={"payment_method": chance.choice(["cash", "card", "card", "bank_transfer", "online"])})
        elif balance < 0:
            self.post(f"{at}/check-out", refund={"payment_method": "card", "reason": "Paid too much"})
        else:
            self.post(f"{at}/check-out")
        made = self.invoice(stay["id"], buyer=self.addressed(stay["payer"], stay["name"]) if stay["payer"] else self.buyer(stay["name"]))
        self.made += 1
        if made and chance.random() < 0.2:
            # More than the whole invoice, which an allowance has made less than its first line, is not credited.
            is_part = made["lines"][0]["amount"] <= made["gross_amount"]
            lines = [{"position": 1}] if chance.random() < 0.5 and is_part else []
            self.post(f"/api/invoices/{made['id']}/credit", reason="Not as agreed", lines=lines)
        elif made and chance.random() < 0.15:
            draft = self.post(f"/api/invoices/{made['id']}/correct", reason="Another address")["draft"]
            self.post(f"/api/invoices/{draft['id']}/issue")

    def invoice(self, stay, **body):
        return self.post(f"/api/reservations/{stay}/invoices", is_issued=True, **body)

    def addressed(self, payer, guest):
        """The company that pays, as the desk addresses the invoice to it."""
        known = self.country.companies[self.companies.index(payer)]
        return {"name": known["name"], "country": known["country"], "city": known["city"], "postal_code": known["postal_code"],
                "street": known["address"].split("\n"), "tax_number": known["tax_number"], "endpoint_scheme": known["electronic_scheme"],
                "endpoint_id": known["electronic_address"], "is_company": True, "guest_name": guest,
                "reference": self.chance.choice(["", "PO 4711"])}

    def buyer(self, name):
        return {"name": name, "country": self.chance.choice(["ES", "DE", "JP", "US"]), "city": "Elsewhere"}

    def amount(self, least, most):
        """An amount of some size, whatever the currency."""
        if self.country.is_whole:
            return self.chance.randint(least * 10_000, most * 10_000)
        return round(self.chance.uniform(least, most), 2)

    def documents(self):
        page, found = 1, []
        while True:
            part = self.get(f"/api/invoices?page={page}&page_size=100&sort=id")
            found += [document for document in part["items"] if document["number"]]
            if page >= part["pages"]:
                return found
            page += 1

    def xml(self, document):
        """(status, body) of a document's file."""
        request = urllib.request.Request(f"http://{self.address}/api/invoices/{document}/xml", headers=self._headers())
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()

    def check(self):
        """The program's own check of the data file."""
        done = subprocess.run([self._binary, "check", "--db", self._database], cwd=self.folder, env=self._environment(),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.returncode, done.stdout

    def get(self, path):
        return self._ask(urllib.request.Request(f"http://{self.address}{path}", headers=self._headers()))

    def post(self, path, **body):
        return self.send("POST", path, **body)

    def send(self, method, path, **body):
        data = json.dumps(body).encode()
        return self._ask(urllib.request.Request(f"http://{self.address}{path}", data, self._headers(), method=method))

    def _ask(self, request):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refusal:
            sent = (request.data or b"").decode()
            raise RuntimeError(f"{request.method} {request.full_url} {sent}: {refusal.code} {refusal.read().decode()}") from None
        return json.loads(text) if text else None

    def _headers(self):
        return {"Content-Type": "application/json", **({"Authorization": f"Bearer {self._token}"} if self._token else {})}

    def _levied(self):
        if self.country.place == "Belgium":
            return BELGIUM
        presets = json.loads((ROOT / "src/hotel/taxes/presets.json").read_text("utf-8"))["items"]
        return next(known["setup"] for known in presets if (known["country"], known["place"]) == (self.country.code, self.country.place))

    def stop(self):
        """Asks the server to end, by its id; its exit code."""
        if self._server.poll() is None:
            self._server.send_signal(signal.SIGTERM)
        try:
            return self._server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._server.kill()
            return self._server.wait()
        finally:
            self._log.close()

    def _await_address(self):
        watch = threading.Timer(START_SECONDS, self._server.kill)
        watch.start()
        try:
            for line in self._server.stdout:
                if found := OPENED.search(line):
                    return found[1]
        finally:
            watch.cancel()
        raise RuntimeError((self.folder / "server.log").read_text("utf-8", "replace") or "the server did not start")

    @staticmethod
    def _environment():
        """The environment without settings that were meant for another hotel."""
        return {name: value for name, value in os.environ.items() if not name.startswith("INNKEEPER_")}
