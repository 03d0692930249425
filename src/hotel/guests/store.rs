//! Statements of guests.

use const_format::concatcp;

use super::search::Search;
use super::{Contact, Guest, NewGuest, phone_key};
use crate::db::record::{record, written};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{GroupId, GuestId, ReservationId};
use crate::domain::money::Money;
use crate::domain::status::ReservationStatus;
use crate::error::Result;

written!(
    /// What a profile says.
    PROFILE: NewGuest = full_name, email, phone_number, id_type, id_number, nationality, birth_date, is_vip, notes
);

statements! {
    FIND = "guests.find" selects Guest "FROM guest WHERE id = ?1";
    CONTACT = "guests.contact" selects Contact "FROM guest WHERE id = ?1";
    INSERT = "guests.insert" is concatcp!("INSERT INTO guest (", PROFILE.names, ", phone_digits, created_at, updated_at)
        VALUES (", PROFILE.places, ", ?, ?, ?)");
    UPDATE = "guests.update" is concatcp!("UPDATE guest SET ", PROFILE.sets, ", phone_digits = ?, updated_at = ?, version = version + 1
        WHERE id = ?");
    DELETE = "guests.delete": "DELETE FROM guest WHERE id = ?1";
    IS_REFERRED_TO = "guests.is_referred_to": "SELECT 1 FROM reservation WHERE guest_id = ?1
        UNION ALL SELECT 1 FROM guest WHERE merged_into_id = ?1
        UNION ALL SELECT 1 FROM stay_guest WHERE guest_id = ?1
        UNION ALL SELECT 1 FROM booking_group WHERE guest_id = ?1
        LIMIT 1";
    COUNT_VIPS = "guests.count_vips": "SELECT count(*) FROM guest WHERE is_vip = 1 AND merged_into_id IS NULL";
    SEARCH = "guests.search" selects Guest "FROM guest
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
    NAME_START = "guests.name_start" selects Guest "FROM guest
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
        WHERE (guest_id = ?1 OR id IN (SELECT reservation_id FROM stay_guest WHERE guest_id = ?1))
            AND status IN ('tentative', 'confirmed', 'checked_in')
        UNION ALL SELECT 1 FROM booking_group WHERE guest_id = ?1 AND status IN ('tentative', 'definite')
        LIMIT 1";
    HAS_BALANCE = "guests.has_balance": "SELECT 1 FROM reservation WHERE guest_id = ?1 AND balance <> 0
        UNION ALL SELECT 1 FROM booking_group AS b JOIN folio AS f ON f.group_id = b.id WHERE b.guest_id = ?1 AND f.balance <> 0
        LIMIT 1";
    SCRUB = "guests.scrub": "UPDATE guest SET full_name = ?2, email = '', phone_number = '', phone_digits = '', id_type = '', id_number = '',
            nationality = '', birth_date = NULL, is_vip = 0, notes = '', anonymised_at = ?3, updated_at = ?3, version = version + 1
        WHERE id = ?1";
    SCRUB_PEOPLE = "guests.scrub_people": "UPDATE stay_guest SET full_name = ?2, relation = NULL, sex = NULL, birth_date = NULL,
            birth_place = '', nationality = '', residence = '', address = '', document_kind = '', document_number = '',
            document_issued_in = '', document_issued_on = NULL, levy_exemption = ''
        WHERE guest_id = ?1 OR guest_id IS NULL AND reservation_id IN (SELECT id FROM reservation WHERE guest_id = ?1)";
    SCRUB_RESERVATIONS = "guests.scrub_reservations": "UPDATE reservation SET notes = '', special_requests = '',
            rate_kind_reason = CASE WHEN rate_kind = 'paying' THEN '' ELSE '–' END, updated_at = ?2, version = version + 1
        WHERE guest_id = ?1";
    SCRUB_POSTINGS = "guests.scrub_postings": "UPDATE posting SET note = '', reference = ''
        WHERE reservation_id IN (SELECT id FROM reservation WHERE guest_id = ?1) AND (note <> '' OR reference <> '')";
    SCRUB_PAYERS = "guests.scrub_payers": "UPDATE folio SET payer_name = ''
        WHERE payer_name <> '' AND reservation_id IN (SELECT id FROM reservation WHERE guest_id = ?1)";
    GROUPS_OF = "guests.groups_of": "SELECT id, name, notes FROM booking_group WHERE guest_id = ?1";
    SCRUB_GROUP = "guests.scrub_group": "UPDATE booking_group SET name = ?2, notes = ?3, version = version + 1,
            code = CASE name WHEN ?2 THEN code ELSE 'GROUP-' || id END
        WHERE id = ?1";
    STAYS_OF = "guests.stays_of": "SELECT id FROM reservation WHERE guest_id = ?1 ORDER BY check_in_date LIMIT 100000";
    FORGET_ANSWERS = "guests.forget_answers": "DELETE FROM idempotency WHERE created_at <= ?1";
}

/// Words that one typed part stands for at most: who means another types more of it.
const MOST_WORDS: i64 = 60;

pub fn find(conn: &Conn, id: GuestId) -> Result<Option<Guest>> {
    conn.one(&FIND, [id], Guest::from_row)
}

pub fn contact(conn: &Conn, id: GuestId) -> Result<Option<Contact>> {
    conn.one(&CONTACT, [id], Contact::from_row)
}

pub fn insert(tx: &Tx, new: &NewGuest, created_at: Instant) -> Result<GuestId> {
    let phone_digits = phone_key(&new.phone_number);
    Ok(GuestId(tx.insert(&INSERT, PROFILE.with(new, &[&phone_digits, &created_at, &created_at]))?))
}

pub fn update(tx: &Tx, id: GuestId, profile: &NewGuest) -> Result<()> {
    tx.run(&UPDATE, PROFILE.with(profile, &[&phone_key(&profile.phone_number), &tx.now(), &id]))?;
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
    let found = conn.all(rows, (query, &f.email, &f.phone_key, &f.nationality, f.is_vip, limit, offset), Guest::from_row)?;
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
    tx.run(&SCRUB_PAYERS, [id])?;
    Ok(())
}

/// The groups whose contact the guest is, with their names and notes.
pub fn groups_of(conn: &Conn, id: GuestId) -> Result<Vec<(GroupId, String, String)>> {
    conn.all(&GROUPS_OF, [id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

pub fn scrub_group(tx: &Tx, id: GroupId, name: &str, notes: &str) -> Result<()> {
    tx.run(&SCRUB_GROUP, (id, name, notes))?;
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

record! {
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
        pub total_amount: Money = "unposted_amount + charge_amount",
        pub balance: Money,
    }
}
