//! Statements of imports, exports and bulk loads.

use std::collections::HashMap;

use const_format::concatcp;

use super::bulk::BookedNight;
use super::payments::RowPayment;
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{GuestId, PaymentId, PolicyId, ReservationId, RoomId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::status::ReservationStatus;
use crate::error::Result;
use crate::hotel::reservations::details::Details;

statements! {
    INSERT_RESERVATION = "transfer.insert_reservation": "INSERT INTO reservation (confirmation_number, external_id, party, status, guest_id, guest_name,
            guest_email, guest_phone, room_id, room_number, room_type_id, room_type_name, check_in_date, check_out_date, adults, children,
            source, notes, special_requests, is_day_use, rate_plan_id, is_room_locked, policy_id,
            expected_arrival_time, is_late_arrival, option_date, rate_kind, rate_kind_reason, children_ages, room_amount, unposted_amount, charge_amount, paid_amount, checked_in_at,
            checked_in_date, checked_out_at, checked_out_date, cancelled_at, created_at, updated_at,
            deposit_amount, deposit_due_date, company_id, group_id, cancelled_on, cots)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26,
            ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46)", scans "only if a foreign key were deferred, and none is";
    INSERT_NIGHT = "transfer.insert_night": "INSERT INTO reservation_night
            (reservation_id, night, kind, room_type_id, room_id, rate, is_rate_typed, adults, children, is_held, is_posted, quoted_rate,
            added_amount, extras)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?6, ?12, ?13)";
    INSERT_FOLIO = "transfer.insert_folio": "INSERT INTO folio (kind, reservation_id, balance) VALUES ('stay', ?1, ?2)";
    INSERT_CHARGE = "transfer.insert_charge": "INSERT INTO posting (folio_id, ledger, reservation_id, business_date, article_id, note,
            quantity, unit_amount, amount, created_at, created_by, is_imported)
        SELECT ?1, 'guest', ?2, ?3, coalesce((SELECT n.id FROM article AS n WHERE ?4 = 'extra' AND n.name = ?5), a.id), ?5, ?6, ?7, ?8, ?9, ?10, 1
        FROM article AS a WHERE a.code = ?4";
    INSERT_PAYMENT = "transfer.insert_payment": "INSERT INTO posting (folio_id, ledger, reservation_id, entry, unit_amount, amount,
            method, purpose, business_date, reference, note, reverses_id, created_at, created_by, article_id, is_imported)
        SELECT ?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, id, 1 FROM article WHERE code = 'money'";
    TAKE_ROOMS = "transfer.take_rooms": "INSERT INTO room_night (night, room_id, reservation_id)
        SELECT night, room_id, reservation_id FROM reservation_night
        WHERE reservation_id BETWEEN ?1 AND ?2 AND is_held = 1 AND room_id IS NOT NULL AND kind = 'night'
        ORDER BY night, room_id";
    TAKE_DAYS = "transfer.take_days": "INSERT INTO room_day (day, room_id, reservation_id)
        SELECT night, room_id, reservation_id FROM reservation_night
        WHERE reservation_id BETWEEN ?1 AND ?2 AND is_held = 1 AND room_id IS NOT NULL AND kind = 'day_use' AND is_posted = 0";
    POST_NIGHTS = "transfer.post_nights": "INSERT INTO posting (folio_id, ledger, reservation_id, business_date, night, article_id,
            unit_amount, amount, created_at, created_by, is_imported)
        SELECT f.id, 'guest', n.reservation_id, min(n.night, (SELECT business_date FROM property WHERE id = 1)), n.night,
            (SELECT id FROM article WHERE code = 'room'), n.rate, n.rate, coalesce(?3, n.night || 'T17:00:00.000Z'), ?4, 1
        FROM reservation_night AS n
        CROSS JOIN folio AS f ON f.reservation_id = n.reservation_id AND f.window = 1
        WHERE n.reservation_id BETWEEN ?1 AND ?2 AND n.is_posted = 1
        ORDER BY n.reservation_id, n.night";
    // Days that were written down have other nights now, and from the first posting on other sums.
    TELL_DAYS = "transfer.tell_days": "UPDATE day_statistics SET is_changed = 1
        WHERE is_changed = 0 AND date IN (SELECT night FROM reservation_night WHERE reservation_id BETWEEN ?1 AND ?2)";
    FORGET_DAYS = "transfer.forget_days": "DELETE FROM day_statistics
        WHERE date >= (SELECT min(business_date) FROM posting WHERE reservation_id BETWEEN ?1 AND ?2)";
    TELL_GUESTS = "transfer.tell_guests": "INSERT INTO search_change (search, row_id, full_name, email, phone_digits, notes)
        SELECT 'guest', id, full_name, email, phone_digits, notes FROM guest
        WHERE id BETWEEN ?1 AND ?2 AND merged_into_id IS NULL";
    TELL_OPEN_STAYS = "transfer.tell_open_stays": "INSERT INTO search_change (search, row_id, full_name, email, phone_digits)
        SELECT 'open_stay', r.id, g.full_name, g.email, g.phone_digits
        FROM reservation AS r JOIN guest AS g ON g.id = r.guest_id
        WHERE r.id BETWEEN ?1 AND ?2 AND +r.status IN ('tentative', 'confirmed', 'checked_in')";
    TELL_STAY_NOTES = "transfer.tell_stay_notes": "INSERT INTO search_change (search, row_id, notes)
        SELECT 'stay_note', id, notes || ' ' || special_requests FROM reservation
        WHERE id BETWEEN ?1 AND ?2 AND (notes <> '' OR special_requests <> '')";
    ADD_DUE = "transfer.add_due": "UPDATE running_total SET amount = amount + (
            SELECT coalesce(sum(balance), 0) FROM reservation
            WHERE id BETWEEN ?1 AND ?2 AND +status IN ('checked_in', 'checked_out') AND balance > 0)
        WHERE name = 'balance_due'";
    OPEN_COMPANY_FOLIOS = "transfer.open_company_folios": "INSERT INTO folio (kind, reservation_id, window, payer_company_id)
        SELECT 'stay', r.id, 2, r.company_id FROM reservation AS r
        WHERE r.id BETWEEN ?1 AND ?2 AND r.company_id IS NOT NULL
            AND EXISTS (SELECT 1 FROM routing_rule AS u WHERE u.company_id = r.company_id)";
    ROUTE_TO_COMPANIES = "transfer.route_to_companies": "INSERT INTO routing_rule
            (reservation_id, position, what, article_ids, from_date, to_date, limit_amount, target, window)
        SELECT r.id, u.position, u.what, u.article_ids, u.from_date, u.to_date, u.limit_amount, 'window', 2
        FROM reservation AS r JOIN routing_rule AS u ON u.company_id = r.company_id
        WHERE r.id BETWEEN ?1 AND ?2 AND r.company_id IS NOT NULL";
    ROUTE_TO_GROUPS = "transfer.route_to_groups": "INSERT INTO routing_rule
            (reservation_id, position, what, article_ids, from_date, to_date, limit_amount, target)
        SELECT r.id, u.position - 100, u.what, u.article_ids, u.from_date, u.to_date, u.limit_amount, 'group'
        FROM reservation AS r JOIN routing_rule AS u ON u.group_id = r.group_id
        WHERE r.id BETWEEN ?1 AND ?2 AND r.group_id IS NOT NULL";
    COUNT = "transfer.count": "INSERT INTO row_count (list, value, n) VALUES (?1, ?2, ?3)
        ON CONFLICT (list, value) DO UPDATE SET n = n + excluded.n";
    KNOWN = "transfer.known": "SELECT id FROM reservation WHERE external_id = ?1
        UNION ALL SELECT id FROM reservation WHERE confirmation_number = ?1
        LIMIT 1";
    CHANGED_BY_OTHERS = "transfer.changed_by_others": "SELECT 1 FROM audit_log
        WHERE entity = 'reservation' AND entity_id = ?1 AND username <> ?2
        LIMIT 1";
    PARTY = "transfer.party": "SELECT party FROM reservation WHERE id = ?1";
    SET_PARTY = "transfer.set_party": "UPDATE reservation SET party = ?2, updated_at = ?3, version = version + 1 WHERE id = ?1";
    TAKEN = "transfer.taken": "SELECT night, room_id FROM room_night WHERE night >= ?1 AND night < ?2";
    TAKEN_BY_DAY = "transfer.taken_by_day": "SELECT day, room_id FROM room_day WHERE day >= ?1 AND day < ?2";
    PROMISED = "transfer.promised": "SELECT night, room_type_id, count(*) FROM reservation_night
        WHERE is_held = 1 AND room_id IS NULL AND night >= ?1 AND night < ?2 AND kind = 'night'
        GROUP BY night, room_type_id";
    IN_HOUSE = "transfer.in_house": "SELECT room_id FROM reservation WHERE status = 'checked_in' AND room_id IS NOT NULL";
    GUEST_BY_EMAIL = "transfer.guest_by_email": "SELECT id, full_name, email, phone_number FROM guest
        WHERE email = ?1 COLLATE NOCASE AND email <> '' AND full_name = ?2 AND phone_number = ?3
            AND merged_into_id IS NULL AND anonymised_at IS NULL
        LIMIT 1";
    GUEST_BY_PHONE = "transfer.guest_by_phone": "SELECT id, full_name, email, phone_number FROM guest
        WHERE phone_digits = ?1 AND phone_digits <> '' AND email = '' AND full_name = ?2
            AND merged_into_id IS NULL AND anonymised_at IS NULL
        LIMIT 1";
    EXPORT = "transfer.export" selects Exported "FROM reservation AS r
        JOIN guest AS g ON g.id = r.guest_id
        JOIN room_type AS t ON t.id = r.room_type_id
        JOIN rate_plan AS l ON l.id = r.rate_plan_id
        WHERE r.id > ?1
        ORDER BY r.id
        LIMIT ?2";
    EXPORT_NIGHTS = "transfer.export_nights" is concatcp!("SELECT ", BookedNight::COLUMNS, ", reservation_id
        FROM reservation_night
        WHERE reservation_id > ?1 AND reservation_id <= ?2
        ORDER BY reservation_id, night");
    EXPORT_PAYMENTS = "transfer.export_payments": "SELECT reservation_id, id, kind, amount, payment_method, payment_type, business_date,
            reference_number, notes, reverses_id
        FROM payment
        WHERE reservation_id > ?1 AND reservation_id <= ?2 AND payment_type <> 'security'
        ORDER BY reservation_id, id";
}

/// The nights of the bookings after one id, up to another, by booking and in their order.
pub fn export_nights(conn: &Conn, after: ReservationId, last: ReservationId) -> Result<HashMap<ReservationId, Vec<BookedNight>>> {
    let mut nights: HashMap<ReservationId, Vec<BookedNight>> = HashMap::new();
    conn.each(&EXPORT_NIGHTS, (after, last), |row| {
        nights.entry(row.get("reservation_id")?).or_default().push(BookedNight::from_row(row)?);
        Ok(())
    })?;
    Ok(nights)
}

/// The payments of the bookings after one id, up to another, by booking and in their order.
pub fn export_payments(
    conn: &Conn,
    after: ReservationId,
    last: ReservationId,
) -> Result<HashMap<ReservationId, Vec<RowPayment>>> {
    let mut payments: HashMap<ReservationId, (Vec<PaymentId>, Vec<RowPayment>)> = HashMap::new();
    conn.each(&EXPORT_PAYMENTS, (after, last), |row| {
        let (ids, payments) = payments.entry(row.get(0)?).or_default();
        ids.push(row.get(1)?);
        let reverses: Option<PaymentId> = row.get(9)?;
        payments.push(RowPayment {
            kind: row.get(2)?,
            amount: row.get(3)?,
            method: row.get(4)?,
            payment_type: row.get(5)?,
            date: row.get(6)?,
            reference_number: row.get(7)?,
            notes: row.get(8)?,
            reverses: reverses.and_then(|original| ids.iter().position(|id| *id == original)),
        });
        Ok(())
    })?;
    Ok(payments.into_iter().map(|(id, (_, payments))| (id, payments)).collect())
}

/// The booking that came with an earlier import, or is one of this hotel's own export.
pub fn known(conn: &Conn, external_id: &str) -> Result<Option<ReservationId>> {
    conn.one(&KNOWN, [external_id], |row| row.get(0))
}

/// Whether anybody but this user has done something to a booking.
pub fn is_changed_by_others(conn: &Conn, id: ReservationId, username: &str) -> Result<bool> {
    conn.exists(&CHANGED_BY_OTHERS, (id, username))
}

/// What a booking has in common with those that it belongs to.
pub fn party(conn: &Conn, id: ReservationId) -> Result<Option<String>> {
    Ok(conn.one(&PARTY, [id], |row| row.get(0))?.flatten())
}

pub fn set_party(tx: &Tx, id: ReservationId, party: Option<&str>) -> Result<()> {
    tx.run(&SET_PARTY, (id, party, tx.now()))?;
    Ok(())
}

/// The room nights taken in `[from, to)`.
pub fn taken(conn: &Conn, from: Date, to: Date, mut visit: impl FnMut(Date, RoomId)) -> Result<()> {
    conn.each(&TAKEN, (from, to), |row| {
        visit(row.get(0)?, row.get(1)?);
        Ok(())
    })
}

/// The rooms taken by day in `[from, to)`.
pub fn taken_by_day(conn: &Conn, from: Date, to: Date) -> Result<Vec<(Date, RoomId)>> {
    conn.all(&TAKEN_BY_DAY, (from, to), |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Stays without a room yet, by night and type.
pub fn promised(conn: &Conn, from: Date, to: Date) -> Result<Vec<(Date, RoomTypeId, u32)>> {
    conn.all(&PROMISED, (from, to), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

/// The rooms with somebody in them.
pub fn in_house_rooms(conn: &Conn) -> Result<Vec<RoomId>> {
    conn.all(&IN_HOUSE, [], |row| row.get(0))
}

/// The profile with this name and these contacts.
pub fn same_guest(
    conn: &Conn,
    name: &str,
    email: &str,
    phone: &str,
    phone_key: &str,
) -> Result<Option<(GuestId, String, String, String)>> {
    let map = |row: &rusqlite::Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    match (email, phone_key) {
        ("", "") => Ok(None),
        ("", key) => conn.one(&GUEST_BY_PHONE, (key, name), map),
        (email, _) => conn.one(&GUEST_BY_EMAIL, (email, name, phone), map),
    }
}

record! {
    /// A booking as the export writes it.
    #[derive(Debug)]
    pub struct Exported {
        pub id: ReservationId = "r.id",
        pub external_id: String = "coalesce(r.external_id, r.confirmation_number)",
        pub status: ReservationStatus = "r.status",
        pub room_type: String = "t.code",
        pub room_number: Option<String> = "r.room_number",
        pub guest_name: String = "r.guest_name",
        pub guest_email: String = "r.guest_email",
        pub guest_phone: String = "r.guest_phone",
        pub guest_nationality: String = "g.nationality",
        pub check_in_date: Date = "r.check_in_date",
        pub check_out_date: Date = "r.check_out_date",
        pub adults: i64 = "r.adults",
        pub children: i64 = "r.children",
        pub room_amount: Money = "r.room_amount",
        pub charge_amount: Money = "r.charge_amount",
        pub paid_amount: Money = "r.paid_amount",
        pub moved_amount: Money = "r.moved_amount",
        pub source: String = "r.source",
        pub created_at: Instant = "r.created_at",
        pub cancelled_at: Option<Instant> = "r.cancelled_at",
        pub notes: String = "r.notes",
        pub special_requests: String = "r.special_requests",
        pub party: Option<String> = "r.party",
        pub company: Option<String> = "(SELECT name FROM company WHERE id = r.company_id)",
        pub group: Option<String> = "(SELECT name FROM booking_group WHERE id = r.group_id)",
        pub room_type_id: RoomTypeId = "r.room_type_id",
        pub rate_plan: String = "l.code",
        pub is_room_locked: bool = "r.is_room_locked",
        pub policy_id: PolicyId = "r.policy_id",
        pub fee_amount: Money = "(SELECT coalesce(sum(p.amount), 0) FROM posting AS p JOIN article AS a ON a.id = p.article_id
                WHERE p.reservation_id = r.id AND a.kind IN ('cancellation_fee', 'no_show_fee'))",
        pub details: Details as nested,
    }
}

/// The next bookings after an id, in the order of their ids.
pub fn export_page(conn: &Conn, after: ReservationId, limit: i64) -> Result<Vec<Exported>> {
    conn.all(&EXPORT, (after, limit), Exported::from_row)
}

/// Whether anybody has a profile here: an empty hotel needs no look for known guests.
pub fn has_guests(tx: &Tx) -> Result<bool> {
    Ok(crate::hotel::listing::counted(tx, "guest", "")? > 0)
}
