//! Statements of charges and payments.

use rusqlite::Row;

use super::payments::Payment;
use super::{Charge, NewCharge};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{ChargeId, PaymentId, ReservationId};
use crate::domain::money::Money;
use crate::domain::status::{PaymentKind, PaymentType};
use crate::error::Result;

/// The columns of a payment with what became of it, in the order that `payment_from_row` reads.
macro_rules! payment_columns {
    () => {
        "id, reservation_id, (SELECT confirmation_number FROM reservation WHERE reservation.id = payment.reservation_id), \
         (SELECT guest_name FROM reservation WHERE reservation.id = payment.reservation_id), kind, amount, payment_method, \
         payment_type, payment_date, business_date, reference_number, notes, reverses_id, created_at, created_by, \
         EXISTS (SELECT 1 FROM payment AS v WHERE v.reverses_id = payment.id AND v.kind = 'void'), \
         (SELECT coalesce(-sum(f.amount), 0) FROM payment AS f WHERE f.reverses_id = payment.id AND f.kind = 'refund')"
    };
}
pub const PAYMENT_COLUMNS: &str = payment_columns!();

statements! {
    FIND_CHARGE = "folio.find_charge": "SELECT id, reservation_id, business_date, night, kind, description, quantity, unit_amount, amount,
            reverses_id, created_at, created_by, EXISTS (SELECT 1 FROM charge AS v WHERE v.reverses_id = charge.id)
        FROM charge WHERE id = ?1";
    CHARGES_OF = "folio.charges_of": "SELECT id, reservation_id, business_date, night, kind, description, quantity, unit_amount, amount,
            reverses_id, created_at, created_by, EXISTS (SELECT 1 FROM charge AS v WHERE v.reverses_id = charge.id)
        FROM charge WHERE reservation_id = ?1 ORDER BY id LIMIT 10000";
    INSERT_CHARGE = "folio.insert_charge": "INSERT INTO charge
            (reservation_id, business_date, night, kind, description, quantity, unit_amount, amount, reverses_id, created_at, created_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    FIND_PAYMENT = "folio.find_payment": concat!("SELECT ", payment_columns!(), " FROM payment WHERE id = ?1");
    PAYMENTS_OF = "folio.payments_of": concat!("SELECT ", payment_columns!(), " FROM payment WHERE reservation_id = ?1 ORDER BY id LIMIT 10000");
    INSERT_PAYMENT = "folio.insert_payment": "INSERT INTO payment (reservation_id, kind, amount, payment_method, payment_type, payment_date,
            business_date, reference_number, notes, reverses_id, created_at, created_by)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
}

fn charge_from_row(row: &Row) -> rusqlite::Result<Charge> {
    Ok(Charge {
        id: row.get(0)?,
        reservation_id: row.get(1)?,
        business_date: row.get(2)?,
        night: row.get(3)?,
        kind: row.get(4)?,
        description: row.get(5)?,
        quantity: row.get(6)?,
        unit_amount: row.get(7)?,
        amount: row.get(8)?,
        reverses_id: row.get(9)?,
        created_at: row.get(10)?,
        created_by: row.get(11)?,
        is_voided: row.get(12)?,
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
        payment_date: row.get(8)?,
        business_date: row.get(9)?,
        reference_number: row.get(10)?,
        notes: row.get(11)?,
        reverses_id: row.get(12)?,
        created_at: row.get(13)?,
        created_by: row.get(14)?,
        is_voided: row.get(15)?,
        refunded: row.get(16)?,
    })
}

pub fn find_charge(conn: &Conn, id: ChargeId) -> Result<Option<Charge>> {
    conn.one(&FIND_CHARGE, [id], charge_from_row)
}

pub fn charges_of(conn: &Conn, id: ReservationId) -> Result<Vec<Charge>> {
    conn.all(&CHARGES_OF, [id], charge_from_row)
}

pub fn insert_charge(tx: &Tx, new: &NewCharge, amount: Money, date: Date) -> Result<ChargeId> {
    let id = tx.insert(
        &INSERT_CHARGE,
        (
            new.reservation_id,
            date,
            new.night,
            new.kind,
            &new.description,
            new.quantity,
            new.unit_amount,
            amount,
            new.reverses_id,
            tx.now(),
            &tx.actor().username,
        ),
    )?;
    Ok(ChargeId(id))
}

pub fn find_payment(conn: &Conn, id: PaymentId) -> Result<Option<Payment>> {
    conn.one(&FIND_PAYMENT, [id], payment_from_row)
}

pub fn payments_of(conn: &Conn, id: ReservationId) -> Result<Vec<Payment>> {
    conn.all(&PAYMENTS_OF, [id], payment_from_row)
}

/// A row of the payment ledger.
pub struct NewRow<'a> {
    pub reservation_id: ReservationId,
    pub kind: PaymentKind,
    pub amount: Money,
    pub payment_method: &'a str,
    pub payment_type: PaymentType,
    pub payment_date: Date,
    pub business_date: Date,
    pub reference_number: &'a str,
    pub notes: &'a str,
    pub reverses_id: Option<PaymentId>,
}

pub fn insert_payment(tx: &Tx, row: &NewRow) -> Result<PaymentId> {
    let id = tx.insert(
        &INSERT_PAYMENT,
        rusqlite::params![
            row.reservation_id,
            row.kind,
            row.amount,
            row.payment_method,
            row.payment_type,
            row.payment_date,
            row.business_date,
            row.reference_number,
            row.notes,
            row.reverses_id,
            tx.now(),
            tx.actor().username,
        ],
    )?;
    Ok(PaymentId(id))
}
