//! A small hotel whose money goes every way that there is, and what its file says of it.

use std::fs;
use std::path::Path;

use innkeeper::db::beside::Strays;
use innkeeper::domain::date::Date;
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::api::desk::{exact, next_day};
use crate::api::tax_cases::assert_no_fault;
use crate::support::hotel::{BUSINESS_DATE, NOW};
use crate::support::{Answer, TestHotel};

/// How many bytes of a file's log were on the disk, and may be in the file already, before anything of it got there: no
/// power cut takes them from the log. They are counted in the index of the log, behind its two headers.
fn folded(file: &Path) -> usize {
    const ATTEMPTED: usize = 128;
    const HEAD: usize = 32;
    const FRAME_HEAD: usize = 24;
    let index = fs::read(file.with_extension("db-shm")).unwrap_or_default();
    let frames = index.get(ATTEMPTED..ATTEMPTED + 4).map_or(0, |bytes| u32::from_ne_bytes(bytes.try_into().expect("four")));
    let page = fs::read(file).map_or(4096, |bytes| usize::from(u16::from_be_bytes([bytes[16], bytes[17]])));
    HEAD + usize::try_from(frames).expect("in memory") * (FRAME_HEAD + page)
}

/// Of all ledgers on one date: what each changed by.
pub type DayLine = Vec<(String, String, i64)>;

pub struct House {
    pub hotel: TestHotel,
    pub file: Connection,
    pub today: Date,
    /// What closed days say of themselves, as it was when they were closed.
    closed: DayLine,
    /// What a crash left behind lies in a folder of its own.
    folders: Vec<TempDir>,
}

impl House {
    /// Two room types, taxes on everything, companies with and without an account, a drawer, an account of the house.
    pub fn open() -> House {
        let hotel = TestHotel::new();
        let post = |target: &str, body: Value| hotel.post(target, body).expect(201);
        post("/api/room-types", json!({"name": "Double", "code": "DBL", "capacity_adults": 2, "default_rate": 100}));
        post("/api/room-types", json!({"name": "Suite", "code": "STE", "capacity_adults": 4, "default_rate": 250.5}));
        post("/api/rooms/batch", json!({"room_type_id": 1, "numbers": ["101-106"]}));
        post("/api/rooms/batch", json!({"room_type_id": 2, "numbers": ["201-202"]}));
        let rates = |percent: i64| json!([{"from": "2020-01-01", "percent": percent}]);
        let taxes = json!([{"id": 1, "name": "VAT", "rates": rates(7)}, {"id": 2, "name": "Service", "is_service": true, "rates": rates(10)}]);
        let groups = json!([
            {"id": 1, "name": "Rooms", "is_included": true, "tax_ids": [1]},
            {"id": 2, "name": "Extras", "is_included": false, "tax_ids": [2, 1]},
        ]);
        let setup = json!({"taxes": taxes, "groups": groups, "room_group_id": 1, "extra_group_id": 2});
        hotel.patch("/api/taxes", setup).expect(200);
        post("/api/companies", json!({"name": "Acme", "has_account": true, "terms_days": 0}));
        post("/api/companies", json!({"name": "Bolt", "terms_days": 1}));
        for (level, fee) in [(1, 0), (2, 5), (3, 10)] {
            hotel.patch(&format!("/api/reminder-levels/{level}"), json!({"days": level, "fee": fee})).expect(200);
        }
        post("/api/house-accounts", json!({"name": "Bar"}));
        hotel.patch("/api/settings", json!({"smallest_coin": exact("0.05")})).expect(200);
        let policy =
            json!({"cancellation": [{"hours_before": 48, "fee_kind": "first_night"}], "no_show_fee_kind": "first_night"});
        hotel.patch("/api/settings", json!({"policy": policy})).expect(200);
        let file = Connection::open(hotel.app.db.path()).expect("the file");
        House { hotel, file, today: BUSINESS_DATE.parse().expect("a date"), closed: Vec::new(), folders: Vec::new() }
    }

    pub fn ids(&self, sql: &str) -> Vec<i64> {
        let mut statement = self.file.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        let rows = statement.query_map([], |row| row.get(0)).expect("rows");
        rows.map(|id| id.expect("an id")).collect()
    }

    pub fn number(&self, sql: &str) -> i64 {
        self.ids(sql)[0]
    }

    /// What all payers owe together, less what is held for them.
    pub fn owed(&self) -> i64 {
        self.number("SELECT coalesce(sum(balance), 0) FROM folio")
    }

    /// What was charged, less what was paid, by the postings themselves.
    pub fn charged_less_paid(&self) -> i64 {
        self.number("SELECT coalesce(sum(amount), 0) FROM posting WHERE entry <> 'transfer'")
    }

    /// What the money of all methods comes to.
    pub fn received(&self) -> i64 {
        self.number("SELECT -coalesce(sum(amount), 0) FROM posting WHERE method IS NOT NULL")
    }

    fn days(&self, until: Date) -> DayLine {
        let sql = "SELECT business_date, ledger, sum(amount) FROM posting WHERE business_date < ?1
            GROUP BY business_date, ledger ORDER BY business_date, ledger";
        let mut statement = self.file.prepare(sql).expect("a statement");
        let rows = statement.query_map([until.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("rows");
        rows.map(|row| row.expect("a row")).collect()
    }

    pub fn next_day(&mut self) {
        self.today = self.today.next();
        next_day(&self.hotel, &self.today.to_string());
        self.closed = self.days(self.today);
    }

    /// What must hold at any moment: of this file, and of a copy that a crash left.
    pub fn assert_books_close(&self, what: &str) {
        assert_eq!(self.owed(), self.charged_less_paid(), "{what}: the ledgers close");
        assert_eq!(self.number("SELECT coalesce(sum(amount), 0) FROM posting WHERE entry = 'transfer'"), 0, "{what}");
        let vouchers =
            "SELECT (SELECT coalesce(sum(balance), 0) FROM voucher) - (SELECT coalesce(sum(amount), 0) FROM voucher_entry)";
        assert_eq!(self.number(vouchers), 0, "{what}: what vouchers are worth");
        for company in self.ids("SELECT id FROM company") {
            let at = format!("/api/companies/{company}/account");
            let (open, told) = (self.hotel.get(&at).expect(200), self.hotel.get(&format!("{at}/statement")).expect(200));
            let posted = self.number(&format!(
                "SELECT coalesce(sum(p.amount), 0) FROM posting AS p JOIN folio AS f ON f.id = p.folio_id WHERE f.company_id = {company}"
            ));
            let posted = exact(&format!("{}{}.{:02}", if posted < 0 { "-" } else { "" }, posted.abs() / 100, posted.abs() % 100));
            let said = [&open["balance"], &told["closing_balance"], &told["ageing"]["balance"]];
            assert!(said.iter().all(|said| **said == posted), "{what}: account {company} is {posted}, and said to be {said:?}");
        }
        assert_no_fault(&self.hotel, what);
    }

    pub fn assert_closed_days_stand(&self, what: &str) {
        assert_eq!(self.days(self.today), self.closed, "{what}: a closed day does not change");
    }

    /// The power fails: what stands in the files is opened anew, whole, and everything that was answered is there.
    /// Of a log that is cut anywhere, an earlier state is there, and its books close as well.
    pub fn crash(&mut self, cut: u64) {
        let (owed, received) = (self.owed(), self.received());
        let short = self.copied(Some(cut));
        short.assert_books_close("a log that was cut");
        drop(short);
        let whole = self.copied(None);
        assert_eq!((whole.owed(), whole.received()), (owed, received), "what was answered is there");
        *self = whole;
    }

    /// The files as they are, the log without its end where a number says where.
    fn copied(&mut self, cut: Option<u64>) -> House {
        let folder = tempfile::tempdir().expect("a folder");
        let to = folder.path().join("hotel.db");
        let from = self.hotel.app.db.path();
        let log = |file: &Path| file.with_extension("db-wal");
        fs::copy(from, &to).expect("a copy");
        let bytes = fs::read(log(from)).unwrap_or_default();
        let least = folded(from).min(bytes.len());
        let cut = cut.map(|cut| usize::try_from(cut % ((bytes.len() - least) as u64 + 1)).expect("in memory"));
        let length = cut.map_or(bytes.len(), |cut| least + cut);
        fs::write(log(&to), &bytes[..length]).expect("a copy");
        let hotel = self.hotel.at_file(&to, Strays::PutAside(NOW.parse().expect("an instant"))).expect("a file that opens");
        let file = Connection::open(hotel.app.db.path()).expect("the file");
        // Of a log that was cut at its beginning there is no hotel yet.
        let day = file.query_row::<String, _, _>("SELECT business_date FROM property", [], |row| row.get(0)).ok();
        let today = day.map_or(self.today, |day| day.parse().expect("a date"));
        let mut folders = std::mem::take(&mut self.folders);
        if cut.is_some() {
            self.folders = folders;
            folders = Vec::new();
        }
        folders.push(folder);
        House { hotel, file, today, closed: self.closed.clone(), folders }
    }

    pub fn post(&self, target: String, body: Value) -> Option<Answer> {
        Some(self.hotel.post(&target, body))
    }
}
