//! Statements of the ledger, and of the charges and payments that are read from it.

use rusqlite::Row;

use super::payments::Payment;
use super::{Charge, NewCharge};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{ChargeId, FolioId, PaymentId, ReservationId};
use crate::domain::money::Money;
use crate::domain::status::{Ledger, PaymentKind, PaymentType};
use crate::error::Result;

/// The columns of a payment with what became of it, in the order that `payment_from_row` reads.
macro_rules! payment_columns {
    () => {
        "id, reservation_id, (SELECT confirmation_number FROM reservation WHERE reservation.id = payment.reservation_id), \
         (SELECT guest_name FROM reservation WHERE reservation.id = payment.reservation_id), kind, amount, payment_method, \
         payment_type, business_date, reference_number, notes, reverses_id, created_at, created_by, \
         EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = payment.id AND v.entry = 'void'), \
         (SELECT coalesce(sum(f.amount), 0) FROM posting AS f WHERE f.reverses_id = payment.id AND f.entry = 'refund')"
    };
}
pub const PAYMENT_COLUMNS: &str = payment_columns!();

/// The same of a charge: the price of a day use is told from that of a night, and an allowance by
/// what it is for.
macro_rules! charge_columns {
    () => {
        "id, reservation_id, business_date, night, kind, note, quantity, unit_amount, amount, reverses_id, created_at, created_by, \
         EXISTS (SELECT 1 FROM posting AS v WHERE v.reverses_id = charge.id AND v.entry = 'void'), \
         EXISTS (SELECT 1 FROM reservation_night AS n \
             WHERE n.reservation_id = charge.reservation_id AND n.night = charge.night AND n.kind = 'day_use'), \
         (SELECT a.kind FROM posting AS o JOIN article AS a ON a.id = o.article_id WHERE o.id = charge.reverses_id)"
    };
}

statements! {
    FIND_CHARGE = "folio.find_charge": concat!("SELECT ", charge_columns!(), " FROM charge WHERE id = ?1");
    CHARGES_OF = "folio.charges_of": concat!("SELECT ", charge_columns!(), " FROM charge WHERE reservation_id = ?1 ORDER BY id LIMIT 10000");
    FIND_PAYMENT = "folio.find_payment": concat!("SELECT ", payment_columns!(), " FROM payment WHERE id = ?1");
    PAYMENTS_OF = "folio.payments_of": concat!("SELECT ", payment_columns!(), " FROM payment WHERE reservation_id = ?1 ORDER BY id LIMIT 10000");
    FIND_FOLIO = "folio.find": "SELECT id FROM folio WHERE reservation_id = ?1 AND window = 1";
    INSERT_FOLIO = "folio.insert": "INSERT INTO folio (kind, reservation_id) VALUES ('stay', ?1)";
    // A price that was voided before is posted again under the next revision.
    INSERT_CHARGE = "folio.insert_charge": "INSERT INTO posting
            (folio_id, ledger, business_date, reservation_id, night, revision, article_id, entry, quantity, unit_amount, amount, note,
            reverses_id, created_at, created_by)
        SELECT ?1, 'guest', ?2, ?3, ?4,
            (SELECT count(*) FROM posting AS v JOIN posting AS o ON o.id = v.reverses_id
                WHERE o.reservation_id = ?3 AND o.night = ?4 AND o.article_id = a.id AND o.reverses_id IS NULL AND v.entry = 'void'),
            a.id, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
        FROM article AS a WHERE a.code = ?13";
    INSERT_PAYMENT = "folio.insert_payment": "INSERT INTO posting
            (folio_id, ledger, business_date, reservation_id, article_id, entry, unit_amount, amount, method, purpose, reference, note,
            reverses_id, created_at, created_by)
        SELECT ?1, ?2, ?3, ?4, a.id, ?5, ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
        FROM article AS a WHERE a.code = 'money'";
    DEPOSIT = "folio.deposit": "SELECT coalesce(sum(amount), 0) FROM posting WHERE reservation_id = ?1 AND ledger = 'deposit'";
    TRANSFER = "folio.transfer": "INSERT INTO posting
            (id, folio_id, ledger, business_date, reservation_id, article_id, entry, unit_amount, amount, counter_id, created_at, created_by,
            is_imported)
        SELECT last.id + half.at, ?1, half.ledger, ?2, ?3, a.id, 'transfer', half.amount, half.amount, last.id + 3 - half.at, ?5, ?6, ?7
        FROM (SELECT max(id) AS id FROM posting) AS last
        CROSS JOIN (SELECT 1 AS at, 'deposit' AS ledger, ?4 AS amount UNION ALL SELECT 2, 'guest', -?4) AS half
        CROSS JOIN article AS a
        WHERE a.code = 'deposit'", scans "two rows that stand in the statement";
}

fn charge_from_row(row: &Row) -> rusqlite::Result<Charge> {
    Ok(Charge {
        id: row.get(0)?,
        reservation_id: row.get(1)?,
        business_date: row.get(2)?,
        night: row.get(3)?,
        kind: row.get(4)?,
        note: row.get(5)?,
        quantity: row.get(6)?,
        unit_amount: row.get(7)?,
        amount: row.get(8)?,
        reverses_id: row.get(9)?,
        created_at: row.get(10)?,
        created_by: row.get(11)?,
        is_voided: row.get(12)?,
        is_day_use: row.get(13)?,
        reversed_kind: row.get(14)?,
    })
}

pub fn payment_from_row(row: &Row) -> rusqlite::Result<Payment> {
    Ok(Payment {
        id: row.get(0)?,
        reservation_id: row.get(1)?,
        confirmation_number: row.get(2)?,
        guest_name: row.get(3)?,
        kind: row.get(4)?,
        amount: row.get(5)?,
        payment_method: row.get(6)?,
        payment_type: row.get(7)?,
        business_date: row.get(8)?,
        reference_number: row.get(9)?,
        notes: row.get(10)?,
        reverses_id: row.get(11)?,
        created_at: row.get(12)?,
        created_by: row.get(13)?,
        is_voided: row.get(14)?,
        refunded: row.get(15)?,
    })
}

pub fn find_charge(conn: &Conn, id: ChargeId) -> Result<Option<Charge>> {
    conn.one(&FIND_CHARGE, [id], charge_from_row)
}

pub fn charges_of(conn: &Conn, id: ReservationId) -> Result<Vec<Charge>> {
    conn.all(&CHARGES_OF, [id], charge_from_row)
}

/// The guest's folio of a stay, made when there is none yet.
fn folio_of(tx: &Tx, id: ReservationId) -> Result<FolioId> {
    match tx.one(&FIND_FOLIO, [id], |row| row.get(0))? {
        Some(found) => Ok(found),
        None => Ok(FolioId(tx.insert(&INSERT_FOLIO, [id])?)),
    }
}

pub fn insert_charge(tx: &Tx, new: &NewCharge, amount: Money, date: Date) -> Result<ChargeId> {
    let id = tx.insert(
        &INSERT_CHARGE,
        rusqlite::params![
            folio_of(tx, new.reservation_id)?,
            date,
            new.reservation_id,
            new.night,
            new.entry,
            new.quantity,
            new.unit_amount,
            amount,
            new.note,
            new.reverses_id,
            tx.now(),
            tx.actor().username,
            new.article,
        ],
    )?;
    Ok(ChargeId(id))
}

pub fn find_payment(conn: &Conn, id: PaymentId) -> Result<Option<Payment>> {
    conn.one(&FIND_PAYMENT, [id], payment_from_row)
}

pub fn payments_of(conn: &Conn, id: ReservationId) -> Result<Vec<Payment>> {
    conn.all(&PAYMENTS_OF, [id], payment_from_row)
}

/// Money that came or went.
pub struct NewRow<'a> {
    pub reservation_id: ReservationId,
    pub ledger: Ledger,
    pub kind: PaymentKind,
    /// Positive when received.
    pub amount: Money,
    pub payment_method: &'a str,
    pub payment_type: PaymentType,
    pub business_date: Date,
    pub reference_number: &'a str,
    pub notes: &'a str,
    pub reverses_id: Option<PaymentId>,
}

pub fn insert_payment(tx: &Tx, row: &NewRow) -> Result<PaymentId> {
    let id = tx.insert(
        &INSERT_PAYMENT,
        rusqlite::params![
            folio_of(tx, row.reservation_id)?,
            row.ledger,
            row.business_date,
            row.reservation_id,
            row.kind.entry(),
            -row.amount,
            row.payment_method,
            row.payment_type,
            row.reference_number,
            row.notes,
            row.reverses_id,
            tx.now(),
            tx.actor().username,
        ],
    )?;
    Ok(PaymentId(id))
}

/// What the deposit ledger owes the guest of a stay: negative, or zero.
pub fn deposit(conn: &Conn, id: ReservationId) -> Result<Money> {
    conn.scalar(&DEPOSIT, [id])
}

/// Moves an amount between the ledgers of a stay: into the deposit ledger, and out of the guest's.
pub fn transfer_deposit(tx: &Tx, id: ReservationId, amount: Money, date: Date) -> Result<()> {
    insert_transfer(tx, folio_of(tx, id)?, id, amount, date, (tx.now(), false))
}

/// The same with its instant, and whether it came with an imported booking.
pub fn insert_transfer(
    tx: &Tx,
    folio: FolioId,
    id: ReservationId,
    amount: Money,
    date: Date,
    (at, is_imported): (Instant, bool),
) -> Result<()> {
    tx.run(&TRANSFER, (folio, date, id, amount, at, &tx.actor().username, is_imported))?;
    Ok(())
}
