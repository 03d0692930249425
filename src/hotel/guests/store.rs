//! Statements of guests.

use rusqlite::Row;

use super::search::Search;
use super::{Contact, Guest, NewGuest, phone_key};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{GuestId, ReservationId};
use crate::domain::money::Money;
use crate::domain::status::ReservationStatus;
use crate::error::Result;

/// The columns of a `Guest`, in the order of `from_row`.
pub const COLUMNS: &str = "id, full_name, email, phone_number, id_type, id_number, nationality, birth_date, is_vip, notes,
    (SELECT count(*) FROM reservation AS r WHERE r.guest_id = guest.id AND r.status IN ('checked_in', 'checked_out')),
    anonymised_at, merged_into_id, created_at, updated_at, version";

statements! {
    FIND = "guests.find": "SELECT id, full_name, email, phone_number, id_type, id_number, nationality, birth_date, is_vip, notes,
            (SELECT count(*) FROM reservation AS r WHERE r.guest_id = guest.id AND r.status IN ('checked_in', 'checked_out')),
            anonymised_at, merged_into_id, created_at, updated_at, version
        FROM guest WHERE id = ?1";
    CONTACT = "guests.contact": "SELECT id, full_name, email, phone_number, merged_into_id, anonymised_at IS NOT NULL
        FROM guest WHERE id = ?1";
    INSERT = "guests.insert": "INSERT INTO guest (full_name, email, phone_number, phone_digits, id_type, id_number, nationality, birth_date,
            is_vip, notes, created_at, updated_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)";
    UPDATE = "guests.update": "UPDATE guest SET full_name = ?2, email = ?3, phone_number = ?4, phone_digits = ?5, id_type = ?6, id_number = ?7,
            nationality = ?8, birth_date = ?9, is_vip = ?10, notes = ?11, updated_at = ?12, version = version + 1
        WHERE id = ?1";
    DELETE = "guests.delete": "DELETE FROM guest WHERE id = ?1";
    IS_REFERRED_TO = "guests.is_referred_to": "SELECT 1 FROM reservation WHERE guest_id = ?1
        UNION ALL SELECT 1 FROM guest WHERE merged_into_id = ?1
        UNION ALL SELECT 1 FROM stay_guest WHERE guest_id = ?1
        LIMIT 1";
    COUNT_VIPS = "guests.count_vips": "SELECT count(*) FROM guest WHERE is_vip = 1 AND merged_into_id IS NULL";
    SEARCH = "guests.search": "SELECT id, full_name, email, phone_number, id_type, id_number, nationality, birth_date, is_vip, notes,
            (SELECT count(*) FROM reservation AS r WHERE r.guest_id = guest.id AND r.status IN ('checked_in', 'checked_out')),
            anonymised_at, merged_into_id, created_at, updated_at, version
        FROM guest
        WHERE id IN (
            SELECT guest_fts.rowid
            FROM guest_fts JOIN guest AS g ON g.id = guest_fts.rowid
            WHERE guest_fts MATCH ?1
                AND (?2 IS NULL OR g.email = ?2 COLLATE NOCASE)
                AND (?3 IS NULL OR g.phone_digits = ?3)
                AND (?4 IS NULL OR g.nationality = ?4)
                AND (?5 IS NULL OR g.is_vip = ?5)
            ORDER BY guest_fts.rowid DESC
            LIMIT ?6 OFFSET ?7)
        ORDER BY id DESC", scans "the full-text index gives the newest first and stops at the page's end";
    SEARCH_COUNT = "guests.search_count": "SELECT count(*)
        FROM (
            SELECT 1
            FROM guest_fts JOIN guest AS g ON g.id = guest_fts.rowid
            WHERE guest_fts MATCH ?1
                AND (?2 IS NULL OR g.email = ?2 COLLATE NOCASE)
                AND (?3 IS NULL OR g.phone_digits = ?3)
                AND (?4 IS NULL OR g.nationality = ?4)
                AND (?5 IS NULL OR g.is_vip = ?5)
            LIMIT 1001)", scans "the full-text index, up to 1,001 rows";
    NAME_START = "guests.name_start": "SELECT id, full_name, email, phone_number, id_type, id_number, nationality, birth_date, is_vip, notes,
            (SELECT count(*) FROM reservation AS r WHERE r.guest_id = guest.id AND r.status IN ('checked_in', 'checked_out')),
            anonymised_at, merged_into_id, created_at, updated_at, version
        FROM guest
        WHERE full_name >= ?1 COLLATE NOCASE AND full_name < ?1 || char(1114111) COLLATE NOCASE AND merged_into_id IS NULL
            AND (?2 IS NULL OR email = ?2 COLLATE NOCASE)
            AND (?3 IS NULL OR phone_digits = ?3)
            AND (?4 IS NULL OR nationality = ?4)
            AND (?5 IS NULL OR is_vip = ?5)
        ORDER BY full_name COLLATE NOCASE, id
        LIMIT ?6 OFFSET ?7";
    NAME_START_COUNT = "guests.name_start_count": "SELECT count(*)
        FROM (
            SELECT 1 FROM guest
            WHERE full_name >= ?1 COLLATE NOCASE AND full_name < ?1 || char(1114111) COLLATE NOCASE AND merged_into_id IS NULL
                AND (?2 IS NULL OR email = ?2 COLLATE NOCASE)
                AND (?3 IS NULL OR phone_digits = ?3)
                AND (?4 IS NULL OR nationality = ?4)
                AND (?5 IS NULL OR is_vip = ?5)
            LIMIT 1001)", scans "the names that start so, up to 1,001 rows";
    SEARCH_COUNT_ALL = "guests.search_count_all": "SELECT count(*)
        FROM (SELECT 1 FROM guest_fts WHERE guest_fts MATCH ?1 LIMIT 1001)", scans "the full-text index, up to 1,001 rows";
    SEARCH_IDS = "guests.search_ids": "SELECT rowid FROM guest_fts WHERE guest_fts MATCH ?1 ORDER BY rowid DESC LIMIT ?2",
        scans "the full-text index gives the newest first and stops at the limit";
    NAME_START_IDS = "guests.name_start_ids": "SELECT id FROM guest
        WHERE full_name >= ?1 COLLATE NOCASE AND full_name < ?1 || char(1114111) COLLATE NOCASE AND merged_into_id IS NULL
        ORDER BY full_name COLLATE NOCASE, id
        LIMIT ?2";
    WORDS_WITH = "guests.words_with": "SELECT word FROM search_word
        WHERE id IN (SELECT rowid FROM search_word_fts WHERE search_word_fts MATCH ?1) AND substr(word, 1, length(?2)) <> ?2
        ORDER BY length(word), word
        LIMIT ?3", scans "the full-text index of the words, of which a hotel knows some thousands";
    SAME_EMAIL = "guests.same_email": "SELECT id FROM guest
        WHERE email = ?1 COLLATE NOCASE AND email <> '' AND merged_into_id IS NULL
        ORDER BY id DESC
        LIMIT ?2";
    MOVE_RESERVATIONS = "guests.move_reservations": "UPDATE reservation SET guest_id = ?2, updated_at = ?3, version = version + 1 WHERE guest_id = ?1";
    MOVE_PEOPLE = "guests.move_people": "UPDATE stay_guest SET guest_id = ?2 WHERE guest_id = ?1";
    FOLD = "guests.fold": "UPDATE guest SET merged_into_id = ?2, updated_at = ?3, version = version + 1 WHERE id = ?1";
    REFOLD = "guests.refold": "UPDATE guest SET merged_into_id = ?2 WHERE merged_into_id = ?1";
    FOLDED_INTO = "guests.folded_into": "SELECT id FROM guest WHERE merged_into_id = ?1 ORDER BY id LIMIT 10000";
    HAS_OPEN_STAY = "guests.has_open_stay": "SELECT 1 FROM reservation
        WHERE guest_id = ?1 AND status IN ('tentative', 'confirmed', 'checked_in')
        LIMIT 1";
    HAS_BALANCE = "guests.has_balance": "SELECT 1 FROM reservation WHERE guest_id = ?1 AND balance <> 0 LIMIT 1";
    SCRUB = "guests.scrub": "UPDATE guest SET full_name = ?2, email = '', phone_number = '', phone_digits = '', id_type = '', id_number = '',
            nationality = '', birth_date = NULL, is_vip = 0, notes = '', anonymised_at = ?3, updated_at = ?3, version = version + 1
        WHERE id = ?1";
    SCRUB_PEOPLE = "guests.scrub_people": "UPDATE stay_guest SET full_name = ?2, relation = NULL, sex = NULL, birth_date = NULL,
            birth_place = '', nationality = '', residence = '', address = '', document_kind = '', document_number = '',
            document_issued_in = '', document_issued_on = NULL
        WHERE guest_id = ?1 OR guest_id IS NULL AND reservation_id IN (SELECT id FROM reservation WHERE guest_id = ?1)";
    SCRUB_RESERVATIONS = "guests.scrub_reservations": "UPDATE reservation SET notes = '', special_requests = '', updated_at = ?2, version = version + 1
        WHERE guest_id = ?1";
    SCRUB_POSTINGS = "guests.scrub_postings": "UPDATE posting SET note = '', reference = ''
        WHERE reservation_id IN (SELECT id FROM reservation WHERE guest_id = ?1) AND (note <> '' OR reference <> '')";
    STAYS_OF = "guests.stays_of": "SELECT id FROM reservation WHERE guest_id = ?1 ORDER BY check_in_date LIMIT 100000";
    FORGET_ANSWERS = "guests.forget_answers": "DELETE FROM idempotency WHERE created_at <= ?1";
}

/// Words that one typed part stands for at most: who means another types more of it.
const MOST_WORDS: i64 = 60;

pub fn from_row(row: &Row) -> rusqlite::Result<Guest> {
    Ok(Guest {
        id: row.get(0)?,
        full_name: row.get(1)?,
        email: row.get(2)?,
        phone_number: row.get(3)?,
        id_type: row.get(4)?,
        id_number: row.get(5)?,
        nationality: row.get(6)?,
        birth_date: row.get(7)?,
        is_vip: row.get(8)?,
        notes: row.get(9)?,
        stay_count: row.get(10)?,
        anonymised_at: row.get(11)?,
        merged_into_id: row.get(12)?,
        created_at: row.get(13)?,
        updated_at: row.get(14)?,
        version: row.get(15)?,
    })
}

pub fn find(conn: &Conn, id: GuestId) -> Result<Option<Guest>> {
    conn.one(&FIND, [id], from_row)
}

pub fn contact(conn: &Conn, id: GuestId) -> Result<Option<Contact>> {
    conn.one(&CONTACT, [id], |row| {
        Ok(Contact {
            id: row.get(0)?,
            full_name: row.get(1)?,
            email: row.get(2)?,
            phone_number: row.get(3)?,
            merged_into_id: row.get(4)?,
            is_erased: row.get(5)?,
        })
    })
}

pub fn insert(tx: &Tx, new: &NewGuest) -> Result<GuestId> {
    let phone_digits = phone_key(&new.phone_number);
    let id = tx.insert(
        &INSERT,
        rusqlite::params![
            new.full_name,
            new.email,
            new.phone_number,
            phone_digits,
            new.id_type,
            new.id_number,
            new.nationality,
            new.birth_date,
            new.is_vip,
            new.notes,
            tx.now(),
        ],
    )?;
    Ok(GuestId(id))
}

pub fn update(tx: &Tx, id: GuestId, profile: &NewGuest) -> Result<()> {
    let phone_digits = phone_key(&profile.phone_number);
    tx.run(
        &UPDATE,
        rusqlite::params![
            id,
            profile.full_name,
            profile.email,
            profile.phone_number,
            phone_digits,
            profile.id_type,
            profile.id_number,
            profile.nationality,
            profile.birth_date,
            profile.is_vip,
            profile.notes,
            tx.now(),
        ],
    )?;
    Ok(())
}

pub fn delete(tx: &Tx, id: GuestId) -> Result<()> {
    tx.run(&DELETE, [id])?;
    Ok(())
}

/// Whether a booking, or a profile folded into it, refers to the guest.
pub fn is_referred_to(conn: &Conn, id: GuestId) -> Result<bool> {
    conn.exists(&IS_REFERRED_TO, [id])
}

/// Listed guests marked as VIP.
pub fn count_vips(conn: &Conn) -> Result<i64> {
    conn.scalar(&COUNT_VIPS, [])
}

/// The filters that go with a search.
#[derive(Debug, Default)]
pub struct SearchFilter {
    pub email: Option<String>,
    pub phone_key: Option<String>,
    pub nationality: Option<String>,
    pub is_vip: Option<bool>,
}

/// One page of what a search finds, with its total (up to 1,001).
pub fn search(conn: &Conn, search: &Search, f: &SearchFilter, limit: i64, offset: i64) -> Result<(Vec<Guest>, i64)> {
    let is_filtered = f.email.is_some() || f.phone_key.is_some() || f.nationality.is_some() || f.is_vip.is_some();
    let (rows, count, query) = match search {
        Search::Nothing => return Ok((Vec::new(), 0)),
        Search::NameStart(start) => (&NAME_START, &NAME_START_COUNT, start),
        Search::Match(expression) => (&SEARCH, &SEARCH_COUNT, expression),
    };
    // Without a filter the index alone knows how many there are.
    let total = match search {
        Search::Match(expression) if !is_filtered => conn.scalar(&SEARCH_COUNT_ALL, [expression])?,
        _ => conn.scalar(count, (query, &f.email, &f.phone_key, &f.nationality, f.is_vip))?,
    };
    if offset >= total {
        return Ok((Vec::new(), total));
    }
    let found = conn.all(rows, (query, &f.email, &f.phone_key, &f.nationality, f.is_vip, limit, offset), from_row)?;
    Ok((found, total))
}

/// The ids that a search finds, newest first (a single letter's: by name).
pub fn search_ids(conn: &Conn, search: &Search, limit: i64) -> Result<Vec<GuestId>> {
    match search {
        Search::Nothing => Ok(Vec::new()),
        Search::NameStart(start) => conn.all(&NAME_START_IDS, (start, limit), |row| row.get(0)),
        Search::Match(expression) => conn.all(&SEARCH_IDS, (expression, limit), |row| row.get(0)),
    }
}

/// The words of names and notes that hold a part and do not begin with it, the shortest first.
pub fn words_with(conn: &Conn, part: &str) -> Result<Vec<String>> {
    conn.all(&WORDS_WITH, (format!("\"{part}\""), part, MOST_WORDS), |row| row.get(0))
}

/// Guests with this e-mail address, newest first.
pub fn same_email(conn: &Conn, email: &str, limit: i64) -> Result<Vec<GuestId>> {
    conn.all(&SAME_EMAIL, (email, limit), |row| row.get(0))
}

/// Where one profile stood among the people of a stay, another one does.
pub fn move_people(tx: &Tx, from: GuestId, to: GuestId) -> Result<()> {
    tx.run(&MOVE_PEOPLE, (from, to))?;
    Ok(())
}

pub fn move_reservations(tx: &Tx, from: GuestId, to: GuestId) -> Result<()> {
    tx.run(&MOVE_RESERVATIONS, (from, to, tx.now()))?;
    Ok(())
}

/// Points `other`, and what was folded into it before, at `kept`.
pub fn fold(tx: &Tx, other: GuestId, kept: GuestId) -> Result<()> {
    tx.run(&REFOLD, (other, kept))?;
    tx.run(&FOLD, (other, kept, tx.now()))?;
    Ok(())
}

pub fn folded_into(conn: &Conn, id: GuestId) -> Result<Vec<GuestId>> {
    conn.all(&FOLDED_INTO, [id], |row| row.get(0))
}

pub fn has_open_stay(conn: &Conn, id: GuestId) -> Result<bool> {
    conn.exists(&HAS_OPEN_STAY, [id])
}

pub fn has_balance(conn: &Conn, id: GuestId) -> Result<bool> {
    conn.exists(&HAS_BALANCE, [id])
}

pub fn scrub(tx: &Tx, id: GuestId, name: &str) -> Result<()> {
    tx.run(&SCRUB, (id, name, tx.now()))?;
    Ok(())
}

/// Empties what is known of the guest as a person of stays, and of those who came along and have
/// no profile of their own.
pub fn scrub_people(tx: &Tx, id: GuestId, name: &str) -> Result<()> {
    tx.run(&SCRUB_PEOPLE, (id, name))?;
    Ok(())
}

/// Empties what was typed about the guest's stays, and on their bills.
pub fn scrub_reservations(tx: &Tx, id: GuestId) -> Result<()> {
    tx.run(&SCRUB_RESERVATIONS, (id, tx.now()))?;
    tx.run(&SCRUB_POSTINGS, [id])?;
    Ok(())
}

/// Every booking of the guest's.
pub fn stays_of(conn: &Conn, id: GuestId) -> Result<Vec<ReservationId>> {
    conn.all(&STAYS_OF, [id], |row| row.get(0))
}

/// Drops the answers kept for repeated requests: any of them may name the guest, also by a
/// name of before.
pub fn forget_answers(tx: &Tx) -> Result<()> {
    tx.run(&FORGET_ANSWERS, [tx.now()])?;
    Ok(())
}

/// The columns of a `GuestStay`, in the order of `stay_from_row`.
pub const STAY_COLUMNS: &str = "id, confirmation_number, status, check_in_date, check_out_date, room_number, room_type_name,
    unposted_amount + charge_amount, balance";

/// A booking as a guest's history shows it.
#[derive(Debug)]
pub struct GuestStay {
    pub id: ReservationId,
    pub confirmation_number: String,
    pub status: ReservationStatus,
    pub check_in_date: Date,
    pub check_out_date: Date,
    pub room_number: Option<String>,
    pub room_type_name: String,
    pub total_amount: Money,
    pub balance: Money,
}

pub fn stay_from_row(row: &Row) -> rusqlite::Result<GuestStay> {
    Ok(GuestStay {
        id: row.get(0)?,
        confirmation_number: row.get(1)?,
        status: row.get(2)?,
        check_in_date: row.get(3)?,
        check_out_date: row.get(4)?,
        room_number: row.get(5)?,
        room_type_name: row.get(6)?,
        total_amount: row.get(7)?,
        balance: row.get(8)?,
    })
}
