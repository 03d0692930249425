//! What people do with a hotel's money, and how each is asked for.

use innkeeper::domain::date::Date;
use serde_json::{Value, json};

use super::hotel::House;
use crate::support::Answer;
use crate::support::numbers::Numbers;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    Book,
    BookGroup,
    RoomingList,
    MasterPays,
    CheckIn,
    CheckOut,
    Cancel,
    NoShow,
    Undo,
    Window,
    Charge,
    Pay,
    PayOnAccount,
    PayAndMatch,
    Match,
    MatchOldest,
    Unmatch,
    Remind,
    Transfer,
    TransferPayment,
    Split,
    VoidCharge,
    VoidPayment,
    Allow,
    Refund,
    Settle,
    UndoTransfer,
    Route,
    TakeSecurity,
    KeepSecurity,
    ReturnSecurity,
    SellVoucher,
    HouseCharge,
    OpenShift,
    MoveCash,
    CloseShift,
    NextDay,
    Crash,
}

use Operation::*;

/// Each with how often it comes.
const WEIGHTS: [(Operation, u64); 38] = [
    (Book, 12),
    (BookGroup, 2),
    (RoomingList, 3),
    (MasterPays, 2),
    (CheckIn, 12),
    (CheckOut, 8),
    (Cancel, 2),
    (NoShow, 2),
    (Undo, 2),
    (Window, 8),
    (Charge, 10),
    (Pay, 10),
    (PayOnAccount, 3),
    (PayAndMatch, 6),
    (Match, 8),
    (MatchOldest, 2),
    (Unmatch, 4),
    (Remind, 2),
    (Transfer, 10),
    (TransferPayment, 4),
    (Split, 4),
    (VoidCharge, 3),
    (VoidPayment, 3),
    (Allow, 3),
    (Refund, 4),
    (Settle, 8),
    (UndoTransfer, 4),
    (Route, 2),
    (TakeSecurity, 3),
    (KeepSecurity, 2),
    (ReturnSecurity, 2),
    (SellVoucher, 3),
    (HouseCharge, 3),
    (OpenShift, 2),
    (MoveCash, 2),
    (CloseShift, 2),
    (NextDay, 7),
    (Crash, 1),
];

impl Operation {
    pub fn any(numbers: &mut Numbers) -> Operation {
        let mut at = numbers.below(WEIGHTS.iter().map(|(_, weight)| weight).sum());
        for (operation, weight) in WEIGHTS {
            if at < weight {
                return operation;
            }
            at -= weight;
        }
        unreachable!("the weights add up")
    }

    /// It changes who owes, and never how much.
    pub fn only_moves(self) -> bool {
        matches!(self, Transfer | TransferPayment | Split | Settle | UndoTransfer)
    }

    /// It has nothing to do with anybody's bill.
    pub fn touches_no_bill(self) -> bool {
        matches!(
            self,
            Match | MatchOldest | Unmatch | Book | BookGroup | RoomingList | Window | OpenShift | MoveCash | CloseShift | Crash
        )
    }
}

/// The amount as the API takes it: the currency has two decimals.
fn amount(cents: u64) -> Value {
    crate::api::desk::exact(&format!("{}.{:02}", cents / 100, cents % 100))
}

/// Somebody at the desk, who does this and that by chance.
pub struct Clerk<'a> {
    pub house: &'a House,
    pub numbers: &'a mut Numbers,
}

impl Clerk<'_> {
    /// One of those that a statement finds.
    fn pick(&mut self, sql: &str) -> Option<i64> {
        let ids = self.house.ids(sql);
        (!ids.is_empty()).then(|| ids[self.numbers.place(ids.len())])
    }

    fn cents(&mut self, below: u64) -> Value {
        amount(1 + self.numbers.below(below))
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.numbers.below(n) == 0
    }

    fn day(&mut self, within: u64) -> Date {
        let days = i64::try_from(self.numbers.below(within)).expect("few");
        self.house.today.plus(days).expect("a date")
    }

    fn method(&mut self) -> &'static str {
        ["cash", "card", "bank_transfer"][self.numbers.place(3)]
    }

    fn in_house(&mut self) -> Option<i64> {
        self.pick("SELECT id FROM reservation WHERE status = 'checked_in'")
    }

    fn any_stay(&mut self) -> Option<i64> {
        if self.one_in(3) { self.pick("SELECT id FROM reservation") } else { self.in_house() }
    }

    /// `None` where there is nothing yet to do it to.
    pub fn ask(&mut self, operation: Operation) -> Option<Answer> {
        match operation {
            Book | BookGroup | RoomingList | MasterPays | CheckIn | CheckOut | Cancel | NoShow | Undo => self.of_stays(operation),
            Window | Charge | Pay | PayOnAccount | VoidCharge | VoidPayment | Allow | Refund | Route => self.of_bills(operation),
            PayAndMatch | Match | MatchOldest | Unmatch | Remind => self.of_accounts(operation),
            Transfer | TransferPayment | Split | Settle | UndoTransfer => self.of_transfers(operation),
            _ => self.of_the_till(operation),
        }
    }

    fn of_stays(&mut self, operation: Operation) -> Option<Answer> {
        match operation {
            Book => {
                let from = self.day(4);
                let nights = 1 + i64::try_from(self.numbers.below(4)).expect("few");
                let name = format!("Guest {}", self.numbers.below(1000));
                let mut body = json!({
                    "guest": {"full_name": name}, "room_type_id": 1 + self.numbers.below(2), "adults": 1,
                    "check_in_date": from, "check_out_date": from.plus(nights).expect("a date"),
                });
                if self.one_in(3) {
                    body["company_id"] = json!(1 + self.numbers.below(2));
                }
                self.house.post("/api/reservations".to_owned(), body)
            }
            BookGroup => {
                let from = self.day(3);
                let rooms = json!([{"room_type_id": 1, "rooms": 1 + self.numbers.below(3)}]);
                let name = format!("Group {}", self.numbers.below(1000));
                let until = from.plus(2).expect("a date");
                let body = json!({"name": name, "arrival_date": from, "departure_date": until, "rooms": rooms, "company_id": 1});
                self.house.post("/api/groups".to_owned(), body)
            }
            RoomingList => {
                let group = self.pick("SELECT id FROM booking_group")?;
                let rows = json!([{"name": format!("Guest {}", self.numbers.below(1000)), "adults": 1}]);
                self.house.post(format!("/api/groups/{group}/rooming-list"), json!({ "rows": rows }))
            }
            MasterPays => {
                let group = self.pick("SELECT id FROM booking_group")?;
                let pays = ["all", "room", "nothing"][self.numbers.place(3)];
                Some(self.house.hotel.put(&format!("/api/groups/{group}/master"), json!({ "pays": pays })))
            }
            CheckIn => {
                let stay = self.pick("SELECT id FROM reservation WHERE status = 'confirmed' AND check_in_date <= (SELECT business_date FROM property)")?;
                let mut body = json!({"override_dirty": true, "reason": "in a hurry"});
                let room = "SELECT m.id FROM room AS m JOIN reservation AS r ON r.room_type_id = m.room_type_id AND r.id = ";
                let free = format!(
                    "{room}{stay} WHERE NOT EXISTS (SELECT 1 FROM room_night AS n WHERE n.room_id = m.id AND n.night = (SELECT business_date FROM property))"
                );
                if let Some(room) = self.pick(&free) {
                    body["room_id"] = json!(room);
                }
                self.house.post(format!("/api/reservations/{stay}/check-in"), body)
            }
            CheckOut => {
                let stay = self.in_house()?;
                let balance = self.house.number(&format!("SELECT balance FROM reservation WHERE id = {stay}"));
                let mut body = json!({});
                if self.one_in(2) {
                    body["security"] = json!({});
                }
                if balance < 0 {
                    body["refund"] = json!({});
                } else if self.one_in(2) {
                    body["settle"] = json!({"payment_method": self.method()});
                }
                self.house.post(format!("/api/reservations/{stay}/check-out"), body)
            }
            Cancel => {
                let stay = self.pick("SELECT id FROM reservation WHERE status = 'confirmed'")?;
                self.house.post(format!("/api/reservations/{stay}/cancel"), json!({"reason": "changed their mind"}))
            }
            NoShow => {
                let stay = self.pick("SELECT id FROM reservation WHERE status = 'confirmed' AND check_in_date < (SELECT business_date FROM property)")?;
                self.house.post(
                    format!("/api/reservations/{stay}/no-show"),
                    json!({"override_late_arrival": true, "reason": "never came"}),
                )
            }
            _ => {
                let stay = self.pick("SELECT id FROM reservation")?;
                self.house.post(format!("/api/reservations/{stay}/undo"), json!({}))
            }
        }
    }

    fn of_bills(&mut self, operation: Operation) -> Option<Answer> {
        match operation {
            Window => {
                let stay = self.any_stay()?;
                let payer = if self.one_in(2) { json!({"payer_company_id": 1}) } else { json!({"payer_name": "Aunt"}) };
                self.house.post(format!("/api/reservations/{stay}/folios"), payer)
            }
            Charge => {
                let stay = self.any_stay()?;
                let mut body = json!({"kind": "extra", "description": "Tea", "unit_amount": self.cents(30_000)});
                if self.one_in(3) {
                    body["window"] = json!(1 + self.numbers.below(3));
                }
                if self.one_in(3) {
                    body["quantity"] = json!(1 + self.numbers.below(9));
                }
                self.house.post(format!("/api/reservations/{stay}/charges"), body)
            }
            Pay => {
                let stay = self.any_stay()?;
                let mut body = json!({"reservation_id": stay, "amount": self.cents(20_000), "payment_method": self.method()});
                if self.one_in(4) {
                    body["window"] = json!(1 + self.numbers.below(3));
                }
                if self.one_in(5) {
                    let code = "SELECT code FROM voucher WHERE balance > 0";
                    if let Ok(code) = self.house.file.query_row::<String, _, _>(code, [], |row| row.get(0)) {
                        body["payment_method"] = json!("voucher");
                        body["voucher_code"] = json!(code);
                    }
                }
                self.house.post("/api/payments".to_owned(), body)
            }
            PayOnAccount => {
                let folio = self.pick("SELECT id FROM folio WHERE kind <> 'stay'")?;
                let body = json!({"folio_id": folio, "amount": self.cents(30_000), "payment_method": self.method()});
                self.house.post("/api/payments".to_owned(), body)
            }
            VoidCharge => {
                let id = self.pick("SELECT id FROM charge WHERE reservation_id IS NOT NULL")?;
                let stay = self.house.number(&format!("SELECT reservation_id FROM charge WHERE id = {id}"));
                self.house.post(format!("/api/reservations/{stay}/charges/{id}/void"), json!({"reason": "mistake"}))
            }
            VoidPayment => {
                let id = self.pick("SELECT id FROM payment")?;
                self.house.post(format!("/api/payments/{id}/void"), json!({"reason": "mistake"}))
            }
            Allow => {
                let id = self.pick("SELECT id FROM charge WHERE reservation_id IS NOT NULL")?;
                let stay = self.house.number(&format!("SELECT reservation_id FROM charge WHERE id = {id}"));
                let body =
                    json!({"kind": "allowance", "description": "Sorry", "unit_amount": self.cents(9_000), "for_charge_id": id});
                self.house.post(format!("/api/reservations/{stay}/charges"), body)
            }
            Refund => {
                let id = self.pick("SELECT id FROM payment")?;
                let mut body = json!({"reason": "asked"});
                if self.one_in(2) {
                    body["amount"] = self.cents(9_000);
                }
                self.house.post(format!("/api/payments/{id}/refund"), body)
            }
            _ => {
                let stay = self.any_stay()?;
                let mut rule = json!({"what": "extras", "window": 2});
                if self.one_in(2) {
                    rule["limit_amount"] = self.cents(40_000);
                }
                Some(self.house.hotel.put(&format!("/api/reservations/{stay}/routing"), json!({"rules": [rule]})))
            }
        }
    }

    fn of_accounts(&mut self, operation: Operation) -> Option<Answer> {
        let company = 1 + self.numbers.below(2);
        let account = format!("/api/companies/{company}/account");
        match operation {
            PayAndMatch => {
                let mut body = json!({"amount": self.cents(20_000), "payment_method": self.method()});
                if self.one_in(3) {
                    body["is_matched"] = json!(false);
                }
                self.house.post(format!("{account}/payments"), body)
            }
            Match => {
                let credit = self.pick("SELECT id FROM account_item WHERE open_amount < 0")?;
                let own = format!("company_id = (SELECT company_id FROM account_item WHERE id = {credit})");
                let open = if self.one_in(4) { "amount" } else { "open_amount" };
                let debit = self.pick(&format!("SELECT id FROM account_item WHERE {own} AND {open} > 0"))?;
                let company = self.house.number(&format!("SELECT company_id FROM account_item WHERE id = {credit}"));
                let account = format!("/api/companies/{company}/account");
                let mut part = json!({ "debit_id": debit });
                if self.one_in(2) {
                    part["amount"] = self.cents(9_000);
                }
                self.house.post(format!("{account}/matches"), json!({"credit_id": credit, "items": [part]}))
            }
            MatchOldest => self.house.post(format!("{account}/matches"), json!({})),
            Unmatch => {
                let id = self.pick("SELECT id FROM account_match")?;
                let sql = "SELECT i.company_id FROM account_match AS m JOIN account_item AS i ON i.id = m.debit_id WHERE m.id = ";
                let company = self.house.number(&format!("{sql}{id}"));
                self.house.post(format!("/api/companies/{company}/account/matches/{id}/undo"), json!({}))
            }
            _ => match self.pick("SELECT id FROM reminder") {
                Some(id) if self.one_in(2) => self.house.post(format!("/api/reminders/{id}/undo"), json!({})),
                _ => self.house.post("/api/reminders".to_owned(), json!({})),
            },
        }
    }

    fn target(&mut self) -> Value {
        match self.numbers.below(10) {
            0..5 => json!({"window": 1 + self.numbers.below(2)}),
            5..7 => self.in_house().map_or(json!({"window": 1}), |stay| json!({ "reservation_id": stay })),
            7..9 => json!({"company_id": 1 + self.numbers.below(2)}),
            _ => self.pick("SELECT id FROM folio").map_or(json!({"window": 1}), |folio| json!({ "folio_id": folio })),
        }
    }

    /// Where a line was posted, most often; else any.
    fn folio_of(&mut self, line: i64) -> Option<i64> {
        if self.one_in(6) {
            return self.pick("SELECT id FROM folio");
        }
        self.pick(&format!("SELECT folio_id FROM posting WHERE id = {line} OR moves_id = {line}"))
    }

    fn of_transfers(&mut self, operation: Operation) -> Option<Answer> {
        match operation {
            Transfer | TransferPayment => {
                let (key, lines) = match operation {
                    Transfer => ("charge_ids", "SELECT id FROM charge WHERE reverses_id IS NULL"),
                    _ => ("payment_ids", "SELECT id FROM payment WHERE kind = 'payment'"),
                };
                let line = self.pick(lines)?;
                let mut body = json!({"to": self.target()});
                body[key] = json!([line]);
                match self.numbers.below(3) {
                    0 => body["percent"] = json!(1 + self.numbers.below(99)),
                    1 => body["amount"] = self.cents(9_000),
                    _ => {}
                }
                let folio = self.folio_of(line)?;
                self.house.post(format!("/api/folios/{folio}/transfer"), body)
            }
            Split => {
                let line = self.pick("SELECT id FROM charge WHERE reverses_id IS NULL")?;
                let parts = match self.numbers.below(2) {
                    0 => json!([{"to": {"window": 1}}, {"to": {"window": 2}}]),
                    _ => {
                        json!([{"to": {"window": 2}, "percent": 1 + self.numbers.below(60)}, {"to": self.target(), "percent": 1 + self.numbers.below(39)}])
                    }
                };
                let folio = self.folio_of(line)?;
                self.house.post(format!("/api/folios/{folio}/split"), json!({"charge_id": line, "parts": parts}))
            }
            Settle => {
                let folio = self.pick("SELECT id FROM folio WHERE balance > 0 AND kind <> 'company'")?;
                let mut body = json!({"company_id": 1 + self.numbers.below(2), "reason": "as agreed"});
                if self.one_in(2) {
                    body["amount"] = self.cents(9_000);
                }
                self.house.post(format!("/api/folios/{folio}/settle"), body)
            }
            _ => {
                let id = self.pick("SELECT id FROM posting WHERE entry = 'transfer' AND article_id = -1")?;
                let folio = self.house.number(&format!("SELECT folio_id FROM posting WHERE id = {id}"));
                self.house.post(format!("/api/folios/{folio}/transfers/{id}/undo"), json!({}))
            }
        }
    }

    fn of_the_till(&mut self, operation: Operation) -> Option<Answer> {
        match operation {
            TakeSecurity | KeepSecurity | ReturnSecurity => {
                let stay = self.in_house()?;
                let (step, body) = match operation {
                    TakeSecurity => ("", json!({"amount": self.cents(9_000), "payment_method": self.method()})),
                    KeepSecurity => ("/keep", json!({"amount": self.cents(9_000), "reason": "a broken lamp"})),
                    _ => ("/return", json!({"reason": "nothing is broken"})),
                };
                self.house.post(format!("/api/reservations/{stay}/security{step}"), body)
            }
            SellVoucher => {
                let mut body = json!({"amount": self.cents(20_000)});
                match self.in_house() {
                    Some(stay) if self.one_in(2) => body["reservation_id"] = json!(stay),
                    _ => body["payment_method"] = json!(self.method()),
                }
                self.house.post("/api/vouchers".to_owned(), body)
            }
            HouseCharge => {
                let account = self.pick("SELECT id FROM folio WHERE kind = 'house' AND payer_name = 'Bar'")?;
                let body = json!({"kind": "extra", "description": "Coffee", "unit_amount": self.cents(900)});
                self.house.post(format!("/api/house-accounts/{account}/charges"), body)
            }
            OpenShift => self.house.post("/api/shifts".to_owned(), json!({"drawer_id": 1, "float_amount": self.cents(9_000)})),
            MoveCash => {
                let shift = self.pick("SELECT id FROM shift")?;
                let kind = ["paid_out", "bank_drop", "float_in"][self.numbers.place(3)];
                let body = json!({"kind": kind, "amount": self.cents(900), "reason": "milk"});
                self.house.post(format!("/api/shifts/{shift}/movements"), body)
            }
            _ => {
                let shift = self.pick("SELECT id FROM shift WHERE closed_at IS NULL")?;
                let body = json!({"counts": [{"amount": self.cents(30_000)}], "note": "as counted"});
                self.house.post(format!("/api/shifts/{shift}/close"), body)
            }
        }
    }
}
