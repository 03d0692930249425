//! Lists of bookings: filtered, sorted, searched, and the day's own lists.

use std::collections::HashSet;

use super::Reservation;
use super::view::{ReservationView, view};
use crate::db::Conn;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::id::{CompanyId, GroupId, GuestId, ReservationId, RoomId, RoomTypeId};
use crate::domain::status::{ReservationStatus, words};
use crate::error::Result;
use crate::hotel::guests::search::Search;
use crate::hotel::listing::{Filter, Listing, WrittenList, counted};
use crate::hotel::{guests, settings};
use crate::http::paging::{Direction, Order, Page, Sorting, list_params, sorts};

statements! {
    BY_NUMBER = "reservations.by_number": "SELECT id FROM reservation WHERE confirmation_number = ?1";
    OPEN_STAYS = "reservations.open_stays": "SELECT rowid FROM open_stay_fts WHERE open_stay_fts MATCH ?1 ORDER BY rowid DESC LIMIT 500",
        scans "the full-text index gives the newest first and stops at the limit";
    WITH_NOTE = "reservations.with_note": "SELECT rowid FROM stay_note_fts WHERE stay_note_fts MATCH ?1 ORDER BY rowid DESC LIMIT ?2",
        scans "the full-text index gives the newest first and stops at the limit";
    OF_GROUP = "reservations.of_group" selects Reservation "FROM reservation WHERE group_id = ?1 ORDER BY check_in_date, id LIMIT 2000";
    OF_GUESTS = "reservations.of_guests": "SELECT id FROM reservation
        WHERE guest_id IN (SELECT value FROM json_each(?1))
        ORDER BY guest_id DESC, check_in_date DESC
        LIMIT ?2";
}

/// How far a search goes into the past. Stays to come or going on are found
/// whoever's they are.
#[derive(Debug, Clone, Copy)]
pub struct Depth {
    /// The newest guests of the name whose other bookings are looked at.
    guests: i64,
    reservations: i64,
}

impl Depth {
    /// For a list with pages.
    pub const LIST: Depth = Depth { guests: 200, reservations: 1000 };
    /// For a handful of hits while somebody types.
    pub const HITS: Depth = Depth { guests: 16, reservations: 32 };
}

words!(
    /// Whose something is still to pay: now = of guests who are here or have left, which Today adds up;
    /// to_come = of bookings that are to come, for which nothing is owed yet; fees = of those who
    /// cancelled or never came.
    Due { Now = "now", ToCome = "to_come", Fees = "fees" }
);

words!(
    /// Whose deposit has not come yet, of bookings to come; late = it should have been there before today.
    Deposits { Open = "open", Late = "late" }
);

list_params! {
    pub struct ListParams by StaySort {
        pub status: Option<ReservationStatus>,
        pub guest_id: Option<GuestId>,
        pub company_id: Option<CompanyId>,
        pub group_id: Option<GroupId>,
        pub room_id: Option<RoomId>,
        pub room_type_id: Option<RoomTypeId>,
        pub source: Option<String>,
        pub check_in_from: Option<Date>,
        pub check_in_to: Option<Date>,
        pub check_out_from: Option<Date>,
        pub check_out_to: Option<Date>,
        /// Only those with something still to pay.
        pub balance_due: Option<bool>,
        /// The same, of one kind: together they are all of `balance_due`.
        pub due: Option<Due>,
        /// Only those whose deposit has not come, or not in time.
        pub deposit: Option<Deposits>,
        /// Words, or parts of words, of the guest's name or the notes; the start of an e-mail address or
        /// a phone number; or a confirmation number.
        pub q: Option<String>,
    }
}

sorts!(
    /// Orders of bookings.
    StaySort, CreatedAt Descending {
        CreatedAt = "created_at" by ["created_at", "id"],
        CheckInDate = "check_in_date" by ["check_in_date", "check_out_date", "id"],
        CheckOutDate = "check_out_date" by ["check_out_date", "check_in_date", "id"],
        ConfirmationNumber = "confirmation_number" by ["confirmation_number"],
        GuestName = "guest_name" by ["guest_name COLLATE NOCASE", "id"],
    }
);

/// A page of bookings.
pub fn list(conn: &Conn, p: ListParams) -> Result<WrittenList<ReservationView>> {
    let (page, order) = (p.page(), p.order());
    let found = match &p.q {
        Some(q) if !q.trim().is_empty() => Some(search(conn, q)?),
        _ => None,
    };
    let total = known_total(conn, &p, found.as_deref())?;
    let listing = Listing {
        name: "reservations.list",
        table: "reservation",
        columns: Reservation::COLUMNS,
        filter: filter(p, found, settings::business_date(conn)?),
        first: None,
        sort: order.by.columns(),
        direction: order.direction,
    };
    written(conn, &listing, page, total)
}

/// The total that a trigger keeps, when at most one of the counted filters is
/// given; that of a search alone is what it found.
fn known_total(conn: &Conn, p: &ListParams, found: Option<&[ReservationId]>) -> Result<Option<i64>> {
    let others = p.guest_id.is_some()
        || p.company_id.is_some()
        || p.group_id.is_some()
        || p.room_id.is_some()
        || p.check_in_from.is_some()
        || p.check_in_to.is_some()
        || p.check_out_from.is_some()
        || p.check_out_to.is_some()
        || p.balance_due == Some(true)
        || p.due.is_some()
        || p.deposit.is_some();
    if others {
        return Ok(None);
    }
    if let Some(found) = found {
        let is_alone = p.status.is_none() && p.source.is_none() && p.room_type_id.is_none();
        return Ok(is_alone.then(|| i64::try_from(found.len()).unwrap_or(i64::MAX)));
    }
    match (&p.status, &p.source, p.room_type_id) {
        (None, None, None) => counted(conn, "reservation", "").map(Some),
        (Some(status), None, None) => counted(conn, "reservation.status", status.as_str()).map(Some),
        (None, Some(source), None) => counted(conn, "reservation.source", source).map(Some),
        (None, None, Some(room_type)) => counted(conn, "reservation.room_type_id", &room_type.to_string()).map(Some),
        _ => Ok(None),
    }
}

fn filter(p: ListParams, found: Option<Vec<ReservationId>>, today: Date) -> Filter {
    let mut filter = Filter::default();
    filter
        .with("status = ?", p.status)
        .with("guest_id = ?", p.guest_id)
        .with("company_id = ?", p.company_id)
        .with("group_id = ?", p.group_id)
        .with("room_id = ?", p.room_id)
        .with("room_type_id = ?", p.room_type_id)
        .with("source = ?", p.source)
        .with("check_in_date >= ?", p.check_in_from)
        .with("check_in_date <= ?", p.check_in_to)
        .with("check_out_date >= ?", p.check_out_from)
        .with("check_out_date <= ?", p.check_out_to);
    if p.balance_due == Some(true) || p.due.is_some() {
        filter.only("balance > 0");
    }
    // The + leaves the choice to the index of those who owe, who are few.
    match p.due {
        Some(Due::Now) => filter.only("+status IN ('checked_in', 'checked_out')"),
        Some(Due::ToCome) => filter.only("+status IN ('tentative', 'confirmed')"),
        Some(Due::Fees) => filter.only("+status IN ('cancelled', 'no_show')"),
        None => &mut filter,
    };
    if p.deposit.is_some() {
        filter.only("deposit_amount > paid_amount AND status IN ('tentative', 'confirmed')");
    }
    filter.with("deposit_due_date < ?", p.deposit.filter(|deposit| *deposit == Deposits::Late).map(|_| today));
    filter.with("id IN (SELECT value FROM json_each(?))", found.map(|ids| json_list(&ids)));
    filter
}

/// Ids as a JSON list, for `json_each`.
pub fn json_list(ids: &[ReservationId]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| id.0.to_string()).collect();
    format!("[{}]", ids.join(","))
}

/// The bookings that a search means, for a list: the one of that number; else those
/// that its words, or parts of words, find.
pub fn search(conn: &Conn, q: &str) -> Result<Vec<ReservationId>> {
    match by_number(conn, q)? {
        Some(id) => Ok(vec![id]),
        None => find(conn, &guests::search::parse_parts(conn, q)?, Depth::LIST),
    }
}

pub fn by_number(conn: &Conn, q: &str) -> Result<Option<ReservationId>> {
    conn.one(&BY_NUMBER, [q.trim().to_ascii_uppercase()], |row| row.get(0))
}

/// First the stays that are to come or going on, then those with a note, then the newest
/// guests' others.
pub fn find(conn: &Conn, search: &Search, depth: Depth) -> Result<Vec<ReservationId>> {
    let mut found: Vec<ReservationId> = match search {
        Search::Match(expression) => {
            let mut open: Vec<ReservationId> = conn.all(&OPEN_STAYS, [expression], |row| row.get(0))?;
            open.extend(conn.all(&WITH_NOTE, (expression, depth.reservations), |row| row.get::<_, ReservationId>(0))?);
            open
        }
        Search::NameStart(_) | Search::Nothing => Vec::new(),
    };
    let guests: Vec<i64> = guests::store::search_ids(conn, search, depth.guests)?.into_iter().map(|id| id.0).collect();
    let guests = serde_json::to_string(&guests).map_err(crate::error::Error::internal)?;
    found.extend(conn.all(&OF_GUESTS, (guests, depth.reservations), |row| row.get::<_, ReservationId>(0))?);
    let mut seen = HashSet::new();
    found.retain(|id| seen.insert(*id));
    Ok(found)
}

fn written(conn: &Conn, listing: &Listing, page: Page, total: Option<i64>) -> Result<WrittenList<ReservationView>> {
    let property = settings::property(conn)?;
    listing.write(conn, page, total, |row, items| {
        items.push(&view(Reservation::<&str>::from_row(row)?, &property));
        Ok(())
    })
}

list_params! {
    pub struct DayParams by DaySort {
        /// The business date when left out.
        pub date: Option<Date>,
    }
}

sorts!(
    /// Orders of the day's lists, which are short: they are found by date and sorted afterwards, which the + asks for.
    DaySort, GuestName Ascending {
        GuestName = "guest_name" by ["+guest_name COLLATE NOCASE", "+id"],
        RoomNumber = "room_number" by ["+room_number", "+id"],
        ExpectedArrivalTime = "expected_arrival_time" by [BY_THE_HOUR, "+guest_name COLLATE NOCASE", "+id"],
        OptionDate = "option_date" by ["+option_date", "+check_in_date", "+id"],
        CheckInDate = "check_in_date" by ["+check_in_date", "+id"],
        CheckOutDate = "check_out_date" by ["+check_out_date", "+id"],
        CreatedAt = "created_at" by ["+created_at", "+id"],
    }
);

/// Through the night of arrival: an evening's hour, an hour after midnight, none.
const BY_THE_HOUR: &str =
    "CASE WHEN expected_arrival_time < '06:00' THEN '3' ELSE '' END || coalesce(expected_arrival_time, '9')";

/// Who arrives on a date, arrived or not; cancelled ones and no-shows left out. On the
/// business date those who are overdue come first.
pub fn arrivals(conn: &Conn, p: DayParams) -> Result<WrittenList<ReservationView>> {
    written(conn, &arrivals_listing(conn, &p)?, p.page(), None)
}

/// The same as one list, whatever its length.
pub fn all_arrivals(conn: &Conn, date: Date) -> Result<Vec<Reservation>> {
    let p = DayParams { date: Some(date), page: None, page_size: None, sort: None };
    let whole = Page { number: 1, size: 10_000 };
    Ok(arrivals_listing(conn, &p)?.read(conn, whole, None, |row| Reservation::from_row(row))?.items)
}

/// A group's bookings, whatever has become of them.
pub fn all_of_group(conn: &Conn, group: GroupId) -> Result<Vec<Reservation>> {
    conn.all(&OF_GROUP, [group], |row| Reservation::from_row(row))
}

fn arrivals_listing(conn: &Conn, p: &DayParams) -> Result<Listing> {
    let (date, today) = (day(conn, p)?, settings::business_date(conn)?);
    let mut filter = Filter::default();
    if date == today {
        let due_or_overdue = "(check_in_date = ? AND status IN ('tentative', 'confirmed', 'checked_in', 'checked_out')
        OR status IN ('tentative', 'confirmed') AND check_in_date < (SELECT business_date FROM property WHERE id = 1))";
        filter.with(due_or_overdue, Some(date));
    } else {
        filter.with("check_in_date = ?", Some(date)).only("status IN ('tentative', 'confirmed', 'checked_in', 'checked_out')");
    }
    Ok(day_listing(p, "reservations.arrivals", (filter, "check_in_date < (SELECT business_date FROM property WHERE id = 1)")))
}

/// Who departs on a date, gone or not; on the business date also who should have gone, first.
pub fn departures(conn: &Conn, p: DayParams) -> Result<WrittenList<ReservationView>> {
    let (date, today) = (day(conn, &p)?, settings::business_date(conn)?);
    let mut filter = Filter::default();
    if date == today {
        let due_or_overdue = "(check_out_date = ? AND status IN ('checked_in', 'checked_out')
        OR status = 'checked_in' AND check_out_date < (SELECT business_date FROM property WHERE id = 1))";
        filter.with(due_or_overdue, Some(date));
    } else {
        filter.with("check_out_date = ?", Some(date)).only("status IN ('checked_in', 'checked_out')");
    }
    day_list(conn, &p, "reservations.departures", (filter, PAST_DEPARTURE))
}

const PAST_DEPARTURE: &str = "check_out_date < (SELECT business_date FROM property WHERE id = 1)";

/// Who is in the house: now, those first who should have left; or on another date who sleeps there.
pub fn in_house(conn: &Conn, p: DayParams) -> Result<WrittenList<ReservationView>> {
    let today = settings::business_date(conn)?;
    let date = day(conn, &p)?;
    let mut filter = Filter::default();
    if date == today {
        filter.only("status = 'checked_in'");
    } else {
        filter
            .with("id IN (SELECT reservation_id FROM room_night WHERE night = ?)", Some(date))
            .only("status IN ('confirmed', 'checked_in', 'checked_out')");
    }
    day_list(conn, &p, "reservations.in_house", (filter, PAST_DEPARTURE))
}

/// Whose option is to be decided on: due on a date, or before it.
pub fn options(conn: &Conn, p: DayParams) -> Result<WrittenList<ReservationView>> {
    let date = day(conn, &p)?;
    let mut filter = Filter::default();
    filter.only("status = 'tentative'").with("option_date <= ?", Some(date));
    let p = DayParams { sort: p.sort.or(Some(Order { by: DaySort::OptionDate, direction: Direction::Ascending })), ..p };
    day_list(conn, &p, "reservations.options", (filter, PAST_OPTION))
}

const PAST_OPTION: &str = "option_date < (SELECT business_date FROM property WHERE id = 1)";

fn day(conn: &Conn, p: &DayParams) -> Result<Date> {
    p.date.map_or_else(|| settings::business_date(conn), Ok)
}

fn day_list(
    conn: &Conn,
    p: &DayParams,
    name: &'static str,
    selected: (Filter, &'static str),
) -> Result<WrittenList<ReservationView>> {
    written(conn, &day_listing(p, name, selected), p.page(), None)
}

fn day_listing(p: &DayParams, name: &'static str, (filter, first): (Filter, &'static str)) -> Listing {
    let order = p.order();
    let (sort, direction) = (order.by.columns(), order.direction);
    Listing { name, table: "reservation", columns: Reservation::COLUMNS, filter, first: Some(first), sort, direction }
}
