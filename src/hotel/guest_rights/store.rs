//! Statements of what is known of a guest, and of what has been kept long enough.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{GuestId, InvoiceId, ReservationId};
use crate::error::Result;
use crate::hotel::stay_guests::StayGuest;

statements! {
    FOLDED = "guest_rights.folded": "SELECT id FROM guest WHERE merged_into_id = ?1 ORDER BY id LIMIT 10000";
    STAYS = "guest_rights.stays": "SELECT id FROM reservation WHERE guest_id = ?1 ORDER BY check_in_date, id LIMIT 10000";
    REGISTRATIONS = "guest_rights.registrations" is const_format::concatcp!("SELECT ", StayGuest::COLUMNS, ", reservation_id
        FROM stay_guest WHERE guest_id = ?1 ORDER BY reservation_id LIMIT 10000");
    GROUPS = "guest_rights.groups": "SELECT code, name, notes, arrival_date, departure_date
        FROM booking_group WHERE guest_id = ?1 ORDER BY arrival_date, id LIMIT 1000";
    INVOICES = "guest_rights.invoices": "SELECT id FROM invoice
        WHERE reservation_id = ?1 AND number IS NOT NULL ORDER BY id LIMIT 1000";
    ENTRIES = "guest_rights.entries" is const_format::concatcp!("SELECT ", Entry::COLUMNS, "
        FROM audit_log WHERE entity = ?1 AND entity_id = ?2 ORDER BY id LIMIT 10000");

    RULES = "retention.find" selects Rules "FROM retention WHERE id = 1";
    PUT_RULES = "retention.put": "INSERT INTO retention (id, is_on, profile_years, registration_months, invoice_years, version)
            VALUES (1, ?1, ?2, ?3, ?4, 2)
        ON CONFLICT (id) DO UPDATE SET is_on = excluded.is_on, profile_years = excluded.profile_years,
            registration_months = excluded.registration_months, invoice_years = excluded.invoice_years, version = version + 1";
    RAN = "retention.ran": "INSERT INTO retention (id, last_run_on) VALUES (1, ?1)
        ON CONFLICT (id) DO UPDATE SET last_run_on = excluded.last_run_on";
    DUE_PROFILES = "retention.due_profiles": "SELECT g.id, g.full_name,
            (SELECT max(check_out_date) FROM reservation WHERE guest_id = g.id) AS last_stay
        FROM guest AS g
        WHERE g.merged_into_id IS NULL AND g.anonymised_at IS NULL
            AND (g.created_at < ?1 OR EXISTS (SELECT 1 FROM reservation WHERE guest_id = g.id))
            AND NOT EXISTS (SELECT 1 FROM reservation AS r WHERE r.guest_id = g.id
                AND (r.check_out_date >= ?1 OR r.balance <> 0 OR r.status IN ('tentative', 'confirmed', 'checked_in')))
            AND NOT EXISTS (SELECT 1 FROM stay_guest AS s JOIN reservation AS r ON r.id = s.reservation_id
                WHERE s.guest_id = g.id AND (r.check_out_date >= ?1 OR r.status IN ('tentative', 'confirmed', 'checked_in')))
            AND NOT EXISTS (SELECT 1 FROM booking_group AS b WHERE b.guest_id = g.id
                AND (b.departure_date >= ?1 OR b.status IN ('tentative', 'definite')
                    OR EXISTS (SELECT 1 FROM folio AS f WHERE f.group_id = b.id AND f.balance <> 0)))
        ORDER BY g.id LIMIT ?2", scans "all guests, once a night and where an owner looks ahead";
    DUE_REGISTRATIONS = "retention.due_registrations": "SELECT r.id, r.confirmation_number, r.check_out_date
        FROM reservation AS r
        WHERE r.check_out_date < ?1 AND r.status IN ('checked_out', 'cancelled', 'no_show') AND EXISTS (
            SELECT 1 FROM stay_guest AS s WHERE s.reservation_id = r.id AND (s.document_number <> '' OR s.document_kind <> ''
                OR s.document_issued_in <> '' OR s.document_issued_on IS NOT NULL OR s.address <> '' OR s.birth_place <> ''))
        ORDER BY r.check_out_date, r.id LIMIT ?2", scans "stays that ended long ago, once a night and where an owner looks ahead";
    FORGET_REGISTRATION = "retention.forget_registration": "UPDATE stay_guest SET document_kind = '', document_number = '',
            document_issued_in = '', document_issued_on = NULL, address = '', birth_place = ''
        WHERE reservation_id = ?1";
    DUE_DOCUMENTS = "retention.due_documents": "SELECT g.id
        FROM guest AS g
        WHERE (g.id_number <> '' OR g.id_type <> '')
            AND (g.created_at < ?1 OR EXISTS (SELECT 1 FROM reservation WHERE guest_id = g.id)
                OR EXISTS (SELECT 1 FROM stay_guest WHERE guest_id = g.id))
            AND NOT EXISTS (SELECT 1 FROM reservation AS r WHERE r.guest_id = coalesce(g.merged_into_id, g.id)
                AND (r.check_out_date >= ?1 OR r.status IN ('tentative', 'confirmed', 'checked_in')))
            AND NOT EXISTS (SELECT 1 FROM stay_guest AS s JOIN reservation AS r ON r.id = s.reservation_id
                WHERE s.guest_id = coalesce(g.merged_into_id, g.id)
                    AND (r.check_out_date >= ?1 OR r.status IN ('tentative', 'confirmed', 'checked_in')))
        ORDER BY g.id LIMIT ?2", scans "all guests, once a night and where an owner looks ahead";
    FORGET_DOCUMENT = "retention.forget_document": "UPDATE guest SET id_type = '', id_number = '', version = version + 1 WHERE id = ?1";
    FORGET_IN_TRAIL = "retention.forget_in_trail": "UPDATE audit_log
        SET before = json_remove(before, '$.id_type', '$.id_number'), after = json_remove(after, '$.id_type', '$.id_number')
        WHERE entity = 'guest' AND entity_id = ?1";
    DUE_INVOICES = "retention.due_invoices": "SELECT i.id
        FROM invoice AS i LEFT JOIN reservation AS r ON r.id = i.reservation_id LEFT JOIN guest AS g ON g.id = r.guest_id
        WHERE i.number IS NOT NULL AND i.issued_on < ?1 AND i.scrubbed_at IS NULL
            AND (g.anonymised_at IS NOT NULL OR (i.reservation_id IS NULL AND i.company_id IS NULL))
        ORDER BY i.issued_on, i.id LIMIT ?2";
}

record! {
    /// How long what is kept; `None` = for as long as nobody erases it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Rules {
        /// Whether anything is forgotten by itself.
        pub is_on: bool,
        /// After the last stay.
        pub profile_years: Option<i64>,
        /// What was written down for the registration, after the stay.
        pub registration_months: Option<i64>,
        /// Invoices of guests who have been erased, after they were issued: as long as tax law asks for them.
        pub invoice_years: i64,
        /// The day of the hotel's calendar whose night was the last.
        pub last_run_on: Option<Date>,
        pub version: i64,
    }
}

record! {
    /// What the trail tells of something: who did what, and what it was before and after.
    #[derive(Debug, Serialize, JsonSchema)]
    pub struct Entry {
        pub at: Instant,
        pub username: String,
        pub action: String,
        pub entity: String,
        pub entity_id: i64,
        #[schemars(with = "Option<Map<String, Value>>")]
        pub before: Value as json = "coalesce(before, 'null')",
        #[schemars(with = "Option<Map<String, Value>>")]
        pub after: Value as json = "coalesce(after, 'null')",
    }
}

pub fn rules(conn: &Conn) -> Result<Option<Rules>> {
    conn.one(&RULES, [], Rules::from_row)
}

pub fn put_rules(tx: &Tx, rules: &Rules) -> Result<()> {
    tx.run(&PUT_RULES, (rules.is_on, rules.profile_years, rules.registration_months, rules.invoice_years))?;
    Ok(())
}

pub fn ran(tx: &Tx, day: Date) -> Result<()> {
    tx.run(&RAN, [day])?;
    Ok(())
}

/// A profile that has been kept long enough, with the end of its last stay.
pub struct DueProfile {
    pub id: GuestId,
    pub full_name: String,
    pub last_stay: Option<Date>,
}

pub fn due_profiles(conn: &Conn, before: Date, limit: i64) -> Result<Vec<DueProfile>> {
    conn.all(&DUE_PROFILES, (before, limit), |row| {
        Ok(DueProfile { id: row.get(0)?, full_name: row.get(1)?, last_stay: row.get(2)? })
    })
}

/// A stay whose people's documents and addresses have been kept long enough.
pub struct DueRegistration {
    pub id: ReservationId,
    pub confirmation_number: String,
    pub check_out_date: Date,
}

pub fn due_registrations(conn: &Conn, before: Date, limit: i64) -> Result<Vec<DueRegistration>> {
    conn.all(&DUE_REGISTRATIONS, (before, limit), |row| {
        Ok(DueRegistration { id: row.get(0)?, confirmation_number: row.get(1)?, check_out_date: row.get(2)? })
    })
}

/// How many people's.
pub fn forget_registration(tx: &Tx, id: ReservationId) -> Result<usize> {
    tx.run(&FORGET_REGISTRATION, [id])
}

/// Profiles with a document of guests who have not been here for as long.
pub fn due_documents(conn: &Conn, before: Date, limit: i64) -> Result<Vec<GuestId>> {
    conn.all(&DUE_DOCUMENTS, (before, limit), |row| row.get(0))
}

/// On the profile, and where the trail tells of it.
pub fn forget_document(tx: &Tx, id: GuestId) -> Result<()> {
    tx.run(&FORGET_DOCUMENT, [id])?;
    tx.run(&FORGET_IN_TRAIL, [id])?;
    Ok(())
}

/// Invoices of erased guests that tax law asks for no more.
pub fn due_invoices(conn: &Conn, before: Date, limit: i64) -> Result<Vec<InvoiceId>> {
    conn.all(&DUE_INVOICES, (before, limit), |row| row.get(0))
}

/// Profiles that were folded into this one.
pub fn folded(conn: &Conn, id: GuestId) -> Result<Vec<GuestId>> {
    conn.all(&FOLDED, [id], |row| row.get(0))
}

/// The guest's bookings, the earliest first.
pub fn stays(conn: &Conn, id: GuestId) -> Result<Vec<ReservationId>> {
    conn.all(&STAYS, [id], |row| row.get(0))
}

/// Where the guest is written down as one of the people of a stay.
pub fn registrations(conn: &Conn, id: GuestId) -> Result<Vec<(ReservationId, StayGuest)>> {
    conn.all(&REGISTRATIONS, [id], |row| Ok((row.get("reservation_id")?, StayGuest::from_row(row)?)))
}

/// A group that the guest speaks for.
pub struct GroupOf {
    pub code: String,
    pub name: String,
    pub notes: String,
    pub arrival_date: Date,
    pub departure_date: Date,
}

pub fn groups(conn: &Conn, id: GuestId) -> Result<Vec<GroupOf>> {
    conn.all(&GROUPS, [id], |row| {
        Ok(GroupOf {
            code: row.get(0)?,
            name: row.get(1)?,
            notes: row.get(2)?,
            arrival_date: row.get(3)?,
            departure_date: row.get(4)?,
        })
    })
}

/// Issued documents about a stay.
pub fn invoices(conn: &Conn, stay: ReservationId) -> Result<Vec<InvoiceId>> {
    conn.all(&INVOICES, [stay], |row| row.get(0))
}

/// What the trail tells of something.
pub fn entries(conn: &Conn, entity: &str, id: i64) -> Result<Vec<Entry>> {
    conn.all(&ENTRIES, (entity, id), Entry::from_row)
}
