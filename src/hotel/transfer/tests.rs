//! Imports and exports against a real data file, and the invariants that every
//! bulk load has to leave behind.

mod carried;
mod cases;
mod known;
mod swept;

use std::collections::HashMap;
use std::fmt::Write as _;

use super::parse::Known;
use super::{ImportOptions, Outcome, Report, export, import, template};
use crate::db::{Conn, Context, Db, Options, Sql, Tx};
use crate::domain::actor::Actor;
use crate::domain::date::Instant;
use crate::domain::money::{Currency, Money};
use crate::domain::status::{BlockKind, Housekeeping};
use crate::error::{Error, Result};
use crate::hotel::policies::{self, Fee, Policy};
use crate::hotel::rooms::{self, NewRoom, NewRoomType, blocks};
use crate::hotel::settings::{self, NewProperty};

/// A hotel on 10 November 2025: type DBL with rooms 101 to 103, type SGL with 201.
pub(crate) struct Hotel {
    pub db: Db,
    _folder: tempfile::TempDir,
}

/// What rows are checked against in a hotel without rooms, whose currency is the euro.
pub fn hotel_without_rooms(today: &str) -> Known {
    Known {
        currency: Currency::of("EUR").expect("EUR"),
        business_date: today.parse().expect("a date"),
        policy: Policy::free(),
        plan_policies: HashMap::new(),
        room_types: HashMap::new(),
        rooms: HashMap::new(),
        rate_plans: HashMap::new(),
        articles: HashMap::new(),
    }
}

pub(crate) fn context() -> Context {
    Context { actor: Actor::program("test"), now: Instant::from_millisecond(1_762_768_800_000).expect("instant") }
}

impl Hotel {
    /// Bookings to come are made under these terms.
    pub fn agree(&self, policy: Policy) {
        self.write(move |tx| {
            let mut property = settings::property(tx)?;
            property.policy_id = policies::id_of(tx, &policy)?;
            settings::store::update(tx, &property)
        });
    }

    pub fn empty() -> Hotel {
        let folder = tempfile::tempdir().expect("folder");
        let db = Db::open(&folder.path().join("hotel.db"), &Options::default(), Box::new(|_| ())).expect("open");
        Hotel { db, _folder: folder }
    }

    fn new() -> Hotel {
        Hotel::on("2025-11-10", "EUR")
    }

    fn on(business_date: &'static str, currency: &'static str) -> Hotel {
        let hotel = Hotel::empty();
        hotel.write(move |tx| {
            let property = NewProperty {
                name: "Test".to_owned(),
                currency: Currency::of(currency).expect("currency"),
                time_zone: "Europe/Lisbon".to_owned(),
                locale: "en-GB".to_owned(),
                business_date: business_date.parse().expect("date"),
                is_demo: false,
            };
            settings::create(tx, &property)?;
            for (code, numbers) in [("DBL", vec!["101", "102", "103"]), ("SGL", vec!["201"])] {
                let new = NewRoomType {
                    name: format!("Type {code}").into(),
                    code: code.into(),
                    capacity_adults: 2.into(),
                    capacity_children: 1.into(),
                    default_rate: Money(10_000),
                    ..NewRoomType::default()
                };
                let room_type_id = rooms::create_type(tx, &new)?.id;
                for number in numbers {
                    let new = NewRoom {
                        room_number: number.into(),
                        floor: None,
                        room_type_id,
                        view_type: "".into(),
                        notes: "".into(),
                        housekeeping: Housekeeping::Clean,
                    };
                    rooms::create(tx, &new)?;
                }
            }
            Ok(())
        });
        hotel
    }

    pub fn write<T: Send + 'static>(&self, work: impl FnOnce(&Tx) -> Result<T> + Send + 'static) -> T {
        self.db.write(context(), work).expect("write")
    }

    pub fn read<T>(&self, work: impl FnOnce(&Conn) -> Result<T>) -> T {
        self.db.read(&context(), work).expect("read")
    }

    fn try_import(&self, csv: &str, options: ImportOptions) -> Result<Report> {
        self.try_bytes(csv.as_bytes(), options)
    }

    fn try_bytes(&self, csv: &[u8], options: ImportOptions) -> Result<Report> {
        let csv = csv.to_owned();
        self.db.write_alone(context(), move |tx| import(tx, csv.as_slice(), &options, &mut |_, _| ()))
    }

    fn import(&self, csv: &str) -> Report {
        self.import_with(csv, ImportOptions::default())
    }

    fn import_with(&self, csv: &str, options: ImportOptions) -> Report {
        let report = self.try_import(csv, ImportOptions { skip_bad_rows: true, ..options }).expect("import");
        assert_eq!(self.read(faults), Vec::<String>::new());
        report
    }

    fn export(&self) -> String {
        let mut bytes = Vec::new();
        self.read(|conn| export(conn, &mut bytes));
        String::from_utf8(bytes).expect("UTF-8")
    }

    /// The first column of a statement's rows.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        self.read(|conn| texts(conn, sql))
    }

    /// Every row of every ordinary table.
    pub fn dump(&self) -> String {
        // The mark of the last commit is by chance.
        let find = "SELECT name FROM sqlite_schema
            WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name <> 'log_mark' ORDER BY name";
        let tables = self.texts(find);
        let mut dump = String::new();
        for table in tables {
            let columns = self.texts(&format!("SELECT name FROM pragma_table_info('{table}')")).join("\", \"");
            let rows = self
                .texts(&format!("SELECT json_array(hex(\"{}\")) FROM \"{table}\" ORDER BY 1", columns.replace(", ", "), hex(")));
            writeln!(dump, "{table}\n{}", rows.join("\n")).expect("text");
        }
        dump
    }
}

fn texts(conn: &Conn, sql: &str) -> Result<Vec<String>> {
    let sql = Sql::built("test", sql.to_owned(), Some("a test"));
    conn.all(&sql, [], |row| {
        Ok(match row.get_ref(0)? {
            rusqlite::types::ValueRef::Null => "NULL".to_owned(),
            rusqlite::types::ValueRef::Integer(n) => n.to_string(),
            other => String::from_utf8_lossy(other.as_bytes().unwrap_or_default()).into_owned(),
        })
    })
}

/// What contradicts itself in the data file: what triggers keep, bulk loads must
/// have kept as well.
const INVARIANTS: &[(&str, &str)] = &[
    ("refers to nothing", "SELECT \"table\" || ' ' || rowid FROM pragma_foreign_key_check"),
    ("is not whole", "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
    (
        "does not hold its nights",
        "SELECT r.id FROM reservation AS r
         WHERE (SELECT count(*) FROM reservation_night AS n WHERE n.reservation_id = r.id AND n.night >= r.check_in_date
                AND n.night < r.check_out_date AND n.kind = 'night')
            <> julianday(r.check_out_date) - julianday(r.check_in_date)
            OR (SELECT count(*) FROM reservation_night AS n WHERE n.reservation_id = r.id
                AND NOT (r.status = 'checked_in' AND n.kind = 'night' AND n.night >= r.check_out_date))
            <> max(1, julianday(r.check_out_date) - julianday(r.check_in_date))",
    ),
    (
        "holds nights against its status",
        "SELECT r.id FROM reservation AS r JOIN reservation_night AS n ON n.reservation_id = r.id
         WHERE n.is_held <> (r.status NOT IN ('cancelled', 'no_show'))",
    ),
    (
        "sleeps in a room that is not taken",
        "SELECT reservation_id FROM (
            SELECT night, room_id, reservation_id FROM reservation_night WHERE is_held = 1 AND room_id IS NOT NULL AND kind = 'night'
            EXCEPT SELECT night, room_id, reservation_id FROM room_night)",
    ),
    (
        "has taken a room for nobody",
        "SELECT reservation_id FROM (
            SELECT night, room_id, reservation_id FROM room_night WHERE reservation_id IS NOT NULL
            EXCEPT SELECT night, room_id, reservation_id FROM reservation_night WHERE is_held = 1 AND kind = 'night')",
    ),
    (
        "differs by day",
        "SELECT reservation_id FROM (
            SELECT night, room_id, reservation_id FROM reservation_night WHERE is_held = 1 AND is_posted = 0 AND room_id IS NOT NULL AND kind = 'day_use'
            EXCEPT SELECT day, room_id, reservation_id FROM room_day)
         UNION ALL SELECT reservation_id FROM (
            SELECT day, room_id, reservation_id FROM room_day
            EXCEPT SELECT night, room_id, reservation_id FROM reservation_night WHERE is_held = 1 AND is_posted = 0 AND kind = 'day_use')",
    ),
    (
        "has wrong sums",
        "SELECT r.id FROM reservation AS r
         WHERE r.room_amount <> (SELECT coalesce(sum(rate), 0) FROM reservation_night WHERE reservation_id = r.id)
            OR r.unposted_amount <> (SELECT coalesce(sum(rate + added_amount), 0) FROM reservation_night
                WHERE reservation_id = r.id AND is_held = 1 AND is_posted = 0)
            OR r.charge_amount <> (SELECT coalesce(sum(amount), 0) FROM charge WHERE reservation_id = r.id)
            OR r.paid_amount <> (SELECT coalesce(sum(amount), 0) FROM payment WHERE reservation_id = r.id)",
    ),
    (
        "has a posted night without its charge, or the reverse",
        "SELECT reservation_id FROM (
            SELECT reservation_id, night, rate FROM reservation_night WHERE is_posted = 1
            EXCEPT SELECT reservation_id, night, amount FROM charge WHERE kind = 'room')
         UNION ALL SELECT reservation_id FROM (
            SELECT reservation_id, night, amount FROM charge WHERE kind = 'room'
            EXCEPT SELECT reservation_id, night, rate FROM reservation_night WHERE is_posted = 1)",
    ),
    (
        "carries other names",
        "SELECT r.id FROM reservation AS r JOIN guest AS g ON g.id = r.guest_id JOIN room_type AS t ON t.id = r.room_type_id
         LEFT JOIN room ON room.id = r.room_id
         WHERE r.guest_name <> g.full_name OR r.guest_email <> g.email OR r.guest_phone <> g.phone_number
            OR r.room_type_name <> t.name OR r.room_number IS NOT room.room_number",
    ),
    (
        "is miscounted",
        "WITH counted (list, value, n) AS (
            SELECT 'reservation', '', count(*) FROM reservation
            UNION ALL SELECT 'reservation.status', status, count(*) FROM reservation GROUP BY status
            UNION ALL SELECT 'reservation.source', source, count(*) FROM reservation GROUP BY source
            UNION ALL SELECT 'reservation.room_type_id', CAST(room_type_id AS TEXT), count(*) FROM reservation GROUP BY room_type_id
            UNION ALL SELECT 'guest', '', count(*) FROM guest
            UNION ALL SELECT 'payment', '', count(*) FROM payment)
         SELECT counted.list || ' ' || counted.value FROM counted
         LEFT JOIN row_count AS c ON c.list = counted.list AND c.value = counted.value
         WHERE counted.n <> coalesce(c.n, 0)",
    ),
    (
        "is not the balance due",
        "SELECT amount FROM running_total WHERE amount <> (SELECT coalesce(sum(balance), 0) FROM reservation
            WHERE status IN ('checked_in', 'checked_out') AND balance > 0)",
    ),
    ("has not been told to the search", "SELECT search || ' ' || row_id FROM search_change"),
    (
        "is in house without a room of its own",
        "SELECT id FROM reservation AS r WHERE status = 'checked_in'
            AND (room_id IS NULL OR EXISTS (SELECT 1 FROM reservation AS o
                WHERE o.status = 'checked_in' AND o.room_id = r.room_id AND o.id <> r.id))",
    ),
];

pub(crate) fn faults(conn: &Conn) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (fault, sql) in INVARIANTS {
        found.extend(texts(conn, sql)?.iter().map(|what| format!("{what} {fault}")));
    }
    Ok(found)
}

const HEADER: &str = "external_id,status,room_type,room_number,guest_name,guest_email,guest_phone,check_in_date,check_out_date,adults,\
                      children,total_amount,paid_amount,payment_method,source,created_date,cancelled_date,notes\n";

fn told(report: &Report) -> Vec<String> {
    report.bad.iter().map(ToString::to_string).collect()
}

#[test]
fn the_template_is_a_file_that_can_be_imported() {
    let hotel = Hotel::new();
    let report = hotel.import(&template().replace("204", "102"));
    assert_eq!((told(&report), report.imported), (vec![], 2));
    assert_eq!(hotel.texts("SELECT room_number FROM reservation ORDER BY id"), ["102", "NULL"]);
    assert_eq!(hotel.texts("SELECT balance FROM reservation ORDER BY id"), ["24000", "0"]);
    assert_eq!(
        hotel.texts("SELECT rate || ' ' || is_rate_typed FROM reservation_night ORDER BY id"),
        ["12000 1", "12000 1", "12000 1", "10000 0", "10000 0"]
    );
}

#[test]
fn a_header_that_is_not_right_is_refused_by_name() {
    let hotel = Hotel::new();
    let refused = |header: &str| match hotel.try_import(header, ImportOptions::default()) {
        Err(Error::BadRequest(what)) => what.to_string(),
        other => panic!("{other:?}"),
    };
    assert!(refused("room_type,guest,guest_name,check_in_date,check_out_date\n").contains("unknown column “guest”"));
    assert!(refused("room_type,guest_name,check_in_date\n").contains("lacks the column check_out_date"));
    assert!(refused("room_type,room_type\n").contains("room_type twice"));
    assert!(refused("room_type;guest_name\n").contains("lacks the columns check_in_date, check_out_date"));
    let good = "\u{feff}Guest_Name, check_out_date,check_in_date,room_type\nAna,2025-12-02,2025-12-01,type dbl\n";
    assert_eq!(hotel.import(good).imported, 1);
}

#[test]
fn every_bad_row_is_told_by_line_column_and_reason() {
    let hotel = Hotel::new();
    let csv = format!(
        "{HEADER}\
         1,confirmed,DBL,,Ana,,,2025-12-01,2025-12-03,2,0,-1.00,,,,,,\n\
         2,arrived,XXL,999,,nobody,,2025-12-01,2025-12-01,x,0,1.001,-5,,,2025-02-30,,\n\
         3,checked_in,DBL,,Bo,,,2025-11-11,2025-11-12,1,0,,,,,,,\n\
         4,confirmed,DBL,,Cy,,,2025-12-03,2025-12-01,0,0,,,,,,,\n\
         5,,SGL,,Di,,,2025-12-01,2025-12-03\n\
         6,,SGL,,\"Di\nLate\",,,2025-12-01,2025-12-03,1,0,,,,,,,\n\
         7,,SGL,,Ed,,,2025-12-01,2025-12-03,1,0,,,,,,,\n\
         7,,DBL,,Ed,,,2025-12-01,2025-12-03,1,0,,,,,,,\n"
    );
    let before = hotel.dump();
    let report = hotel.try_import(&csv, ImportOptions::default()).expect("report");
    assert_eq!(
        told(&report),
        [
            "line 2, total_amount: “-1.00” must not be negative",
            "line 3, adults: “x” must be a whole number from 0 to 1000",
            "line 3, created_date: “2025-02-30” must be a date such as 2025-11-10",
            "line 3, guest_email: must be an e-mail address",
            "line 3, guest_name: must not be empty",
            "line 3, paid_amount: “-5” must not be negative",
            "line 3, room_number: “999” is not a room of this hotel",
            "line 3, room_type: “XXL” is not a room type of this hotel",
            "line 3, status: “arrived” must be one of tentative, confirmed, checked_in, checked_out, cancelled, no_show",
            "line 3, total_amount: “1.001” has more decimals than the currency",
            "line 4, status: nobody is checked in before arrival: the business date is 2025-11-10",
            "line 5, adults: a booking is for at least one guest",
            "line 5, check_out_date: “2025-12-01” must be after arrival",
            "line 6, row: has 9 fields, the header has 18",
            "line 7, guest_name: must not contain control characters",
        ]
    );
    assert_eq!((report.outcome, report.imported, report.bad_rows()), (Outcome::Refused, 2, 6));
    assert_eq!(hotel.dump(), before);
}

#[test]
fn neither_a_dry_run_nor_a_second_import_changes_anything() {
    let hotel = Hotel::new();
    let csv = format!(
        "{HEADER}\
         1,checked_out,DBL,,Ana,,,2025-11-01,2025-11-03,2,0,100.01,100.01,voucher,Agency,2025-10-01,,\n\
         ,confirmed,DBL,,Bo,,,2025-12-01,2025-12-03,1,0,,,,,,,\n\
         ,confirmed,DBL,,Bo,,,2025-12-01,2025-12-03,1,0,,,,,,,\n"
    );
    const TRIGGERS: &str = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name";
    let (before, triggers) = (hotel.dump(), hotel.texts(TRIGGERS));
    let dry = hotel.try_import(&csv, ImportOptions { dry_run: true, ..ImportOptions::default() }).expect("report");
    assert_eq!((dry.outcome, dry.imported), (Outcome::DryRun, 3));
    assert_eq!(hotel.dump(), before);
    assert_eq!(hotel.import(&csv).imported, 3);
    assert_eq!(
        hotel.texts("SELECT action FROM audit_log WHERE entity NOT IN ('settings', 'user', 'room_type', 'room')"),
        ["import"]
    );
    assert_eq!(hotel.texts("SELECT amount FROM charge ORDER BY id"), ["5001", "5000"]);
    let once = hotel.dump();
    let again = hotel.import(&csv);
    assert_eq!((again.imported, again.already_there), (0, 3));
    assert_eq!(hotel.dump(), once);
    // The triggers stand again.
    assert_eq!(hotel.texts(TRIGGERS), triggers);
    hotel.write(|tx| {
        tx.run(&Sql::scanning("test", "UPDATE guest SET full_name = 'Zoe' WHERE full_name = 'Ana'", "a test"), []).map(|_| ())
    });
    assert_eq!(hotel.texts("SELECT guest_name FROM reservation WHERE external_id = '1'"), ["Zoe"]);
}

#[test]
fn rows_without_a_room_fill_the_rooms_in_the_order_of_arrival() {
    let hotel = Hotel::new();
    hotel.write(|tx| {
        let block = blocks::NewBlock {
            room_id: rooms::all(tx)?[0].id,
            kind: BlockKind::OutOfOrder,
            start_date: "2025-12-01".parse().expect("date"),
            end_date: "2025-12-02".parse().expect("date"),
            reason: "Paint".into(),
            return_state: Housekeeping::Clean,
        };
        blocks::create(tx, &block).map(|_| ())
    });
    let row = |id: &str, status: &str, room: &str, from: &str, to: &str| {
        format!("{id},{status},DBL,{room},G {id},,,{from},{to},1,0,,,,,,,\n")
    };
    let csv = [
        HEADER.to_owned(),
        row("late", "confirmed", "", "2025-12-04", "2025-12-06"),
        row("early", "tentative", "", "2025-12-01", "2025-12-04"),
        row("named", "confirmed", "102", "2025-12-02", "2025-12-05"),
        row("clash", "confirmed", "102", "2025-12-04", "2025-12-07"),
        row("paint", "confirmed", "101", "2025-11-30", "2025-12-02"),
        row("gone", "cancelled", "102", "2025-12-02", "2025-12-05"),
        row("third", "confirmed", "", "2025-12-02", "2025-12-05"),
        row("fourth", "confirmed", "", "2025-12-03", "2025-12-05"),
        row("day1", "confirmed", "", "2025-12-03", "2025-12-03"),
    ]
    .concat();
    let report = hotel.import(&csv);
    assert_eq!(
        told(&report),
        [
            "line 5, room_number: room 102 is taken by line 4 on 2025-12-04",
            "line 6, room_number: room 101 is taken by an out-of-order block on 2025-12-01",
            "line 9, room_type: no room of type DBL is free on all nights from 2025-12-03 to 2025-12-05",
            "line 10, room_type: no room of type DBL is free by day on 2025-12-03",
        ]
    );
    let rooms = hotel.texts("SELECT external_id || ' ' || coalesce(room_number, '-') FROM reservation ORDER BY id");
    assert_eq!(rooms, ["early 103", "named 102", "gone 102", "third 101", "late 103"]);
    let second = hotel.import(&format!("{HEADER}{}", row("again", "confirmed", "102", "2025-12-03", "2025-12-04")));
    assert!(told(&second)[0].contains("room 102 is taken by booking"), "{second}");
}

#[test]
fn one_profile_is_made_for_the_same_name_and_contacts() {
    let hotel = Hotel::new();
    let row = |id: i32, name: &str, email: &str, phone: &str| {
        format!("{id},cancelled,DBL,,{name},{email},{phone},2025-12-01,2025-12-02,1,0,,,,,,,\n")
    };
    let first =
        [HEADER.to_owned(), row(1, "Ana", "a@x.example", ""), row(2, "Ana", "A@x.example", ""), row(3, "Ana", "", "")].concat();
    let second =
        [HEADER.to_owned(), row(4, "Ana", "a@x.example", ""), row(5, "Ana", "", ""), row(6, "Bo", "", "+62 812 34567")].concat();
    let third = [HEADER.to_owned(), row(7, "Bo", "", "+62 (812) 345-67")].concat();
    for csv in [first, second, third] {
        hotel.import(&csv);
    }
    assert_eq!(hotel.texts("SELECT guest_id FROM reservation ORDER BY id"), ["1", "1", "2", "1", "3", "4", "4"]);
}

#[test]
fn stays_are_posted_and_paid_as_far_as_they_have_come() {
    let hotel = Hotel::new();
    let csv = format!(
        "{HEADER}\
         out,checked_out,SGL,,Ana,,,2025-11-01,2025-11-02,1,0,0,,,,,,\n\
         in,checked_in,DBL,,Bo,,,2025-11-08,2025-11-12,55,3,400,150,card,Walk-in,2025-11-08,,\n\
         day,checked_out,SGL,,Cy,,,2025-11-09,2025-11-09,1,0,25.50,25.50,,,,,\n\
         none,no_show,SGL,,Di,,,2025-11-05,2025-11-07,1,0,100,,,,2025-10-01,,\n\
         off,cancelled,SGL,,Ed,,,2025-11-05,2025-11-07,1,0,100,20,card,New source,2025-10-01,2025-10-20,\n"
    );
    let report = hotel.import_with(&csv, ImportOptions { over_capacity: true, ..ImportOptions::default() });
    assert_eq!(told(&report), Vec::<String>::new());
    let sums = "SELECT external_id || ' ' || room_amount || ' ' || unposted_amount || ' ' || charge_amount || ' ' || paid_amount
        FROM reservation ORDER BY external_id";
    assert_eq!(
        hotel.texts(sums),
        ["day 2550 0 2550 2550", "in 40000 20000 20000 15000", "none 10000 0 0 0", "off 10000 0 0 2000", "out 0 0 0 0"]
    );
    assert_eq!(
        hotel.texts("SELECT kind || ' ' || night FROM charge ORDER BY night"),
        ["room 2025-11-01", "room 2025-11-08", "room 2025-11-09", "room 2025-11-09"].map(str::to_owned).as_slice()
    );
    assert_eq!(hotel.texts("SELECT payment_type FROM payment ORDER BY amount"), ["deposit", "full", "downpayment"]);
    assert_eq!(hotel.texts("SELECT cancelled_at FROM reservation WHERE external_id = 'off'"), ["2025-10-20T11:00:00.000Z"]);
    assert_eq!(hotel.texts("SELECT count(*) FROM booking_source WHERE name = 'New source'"), ["1"]);
    assert_eq!(hotel.texts("SELECT room_id FROM room_day"), Vec::<String>::new());
}

#[test]
fn what_is_exported_can_be_imported_into_another_hotel() {
    let hotel = Hotel::new();
    let csv = format!(
        "{HEADER}\
         1,checked_out,DBL,101,\"Silva, Ana\",ana@x.example,+351 912 345 678,2025-11-01,2025-11-04,2,1,100.01,100.01,card,Agency,2025-10-01,,\"Two\nlines\"\n\
         2,cancelled,SGL,,Bo,,,2025-12-01,2025-12-03,1,0,90,,,Phone,2025-10-02,2025-10-05,\n\
         3,confirmed,SGL,,王伟,,,2025-12-01,2025-12-03,1,0,90,30,cash,Direct,2025-10-03,,\n"
    );
    hotel.import(&csv);
    let exported = hotel.export();
    assert_eq!(hotel.import(&exported).already_there, 3);
    let other = Hotel::new();
    assert_eq!(other.import(&exported).imported, 3);
    assert_eq!(other.export(), exported);
    // A booking made at the desk goes out under its confirmation number.
    hotel.write(|tx| tx.run(&Sql::scanning("test", "UPDATE reservation SET external_id = NULL", "a test"), []).map(|_| ()));
    assert_eq!(hotel.import(&hotel.export()).already_there, 3);
}
