//! Statements of the ledger, and of the charges and payments that are read from it.

use super::owner::{Folio, Owner};
use super::payments::Payment;
use super::{Charge, NewCharge};
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{ChargeId, CompanyId, FolioId, GroupId, PaymentId, ReservationId, ShiftId, TaxId};
use crate::domain::money::Money;
use crate::domain::status::{Ledger, PaymentKind, PaymentType};
use crate::domain::wording::text;
use crate::error::{Error, Result};

statements! {
    FIND_CHARGE = "folio.find_charge" selects Charge "FROM charge WHERE id = ?1";
    CHARGES_OF = "folio.charges_of" selects Charge "FROM charge WHERE reservation_id = ?1 ORDER BY id LIMIT 10000";
    FIND_PAYMENT = "folio.find_payment" selects Payment "FROM payment WHERE id = ?1";
    PAYMENTS_OF = "folio.payments_of" selects Payment "FROM payment WHERE reservation_id = ?1 AND payment_type <> 'security' ORDER BY id LIMIT 10000";
    CHARGES_ON = "folio.charges_on" selects Charge "FROM charge WHERE folio_id = ?1 ORDER BY id DESC LIMIT 10000";
    PAYMENTS_ON = "folio.payments_on" selects Payment "FROM payment WHERE folio_id = ?1 ORDER BY id DESC LIMIT 10000";
    FIND_FOLIO = "folio.find" selects Folio "FROM folio WHERE id = ?1";
    FOLIOS_OF = "folio.folios_of" selects Folio "FROM folio WHERE reservation_id = ?1 ORDER BY window";
    FOLIO_OF_STAY = "folio.of_stay": "SELECT id FROM folio WHERE reservation_id = ?1 AND window = ?2";
    FOLIO_OF_COMPANY = "folio.of_company": "SELECT id FROM folio WHERE company_id = ?1";
    FOLIO_OF_GROUP = "folio.of_group": "SELECT id FROM folio WHERE group_id = ?1";
    HAS_GROUP = "folio.has_group": "SELECT 1 FROM booking_group WHERE id = ?1";
    INSERT_FOLIO = "folio.insert": "INSERT INTO folio (kind, reservation_id, company_id, group_id) VALUES (?1, ?2, ?3, ?4)";
    OPEN_WINDOW = "folio.open_window": "INSERT INTO folio (kind, reservation_id, window, payer_company_id, payer_name) VALUES ('stay', ?1, ?2, ?3, ?4)";
    CHANGE_FOLIO = "folio.change": "UPDATE folio SET payer_company_id = ?2, payer_name = ?3, is_closed = ?4, version = version + 1 WHERE id = ?1";
    // A price that was voided before is posted again under the next revision.
    INSERT_CHARGE = "folio.insert_charge": "INSERT INTO posting
            (folio_id, ledger, business_date, reservation_id, night, revision, article_id, entry, quantity, unit_amount, amount, note,
            reverses_id, created_at, created_by, part, levy_id, added_amount, tax_amount, payment_id)
        SELECT ?1, ?18, ?2, ?3, ?4,
            (SELECT count(*) FROM posting AS v JOIN posting AS o ON o.id = v.reverses_id
                WHERE o.reservation_id = ?3 AND o.night = ?4 AND o.article_id = a.id AND o.part = coalesce(?14, 0)
                    AND o.reverses_id IS NULL AND v.entry = 'void'),
            a.id, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, coalesce(?14, 0), ?14, ?15, ?16, ?19
        FROM article AS a WHERE a.id = coalesce(?17, (SELECT id FROM article WHERE code = ?13))";
    // Of a tax at a rate; the net of a price with taxes in it is what is left of it without all of its level.
    TAXES_OF = "folio.taxes_of" selects TaxOnBill "FROM folio AS f CROSS JOIN posting AS p ON p.folio_id = f.id
        CROSS JOIN posting_tax AS t ON t.posting_id = p.id
        WHERE f.reservation_id = ?1
        GROUP BY t.tax_id, t.rate
        ORDER BY t.is_service DESC, t.tax_id, t.rate";
    INSERT_PAYMENT = "folio.insert_payment": "INSERT INTO posting
            (folio_id, ledger, business_date, reservation_id, article_id, entry, unit_amount, amount, method, purpose, reference, note,
            reverses_id, created_at, created_by, shift_id)
        SELECT ?1, ?2, ?3, ?4, a.id, ?5, ?6, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14
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

pub fn find_charge(conn: &Conn, id: ChargeId) -> Result<Option<Charge>> {
    conn.one(&FIND_CHARGE, [id], Charge::from_row)
}

pub fn charges_of(conn: &Conn, id: ReservationId) -> Result<Vec<Charge>> {
    conn.all(&CHARGES_OF, [id], Charge::from_row)
}

/// Those of a folio, wherever they are now; of more than can be told the newest.
pub fn charges_on(conn: &Conn, id: FolioId) -> Result<Vec<Charge>> {
    let mut newest = conn.all(&CHARGES_ON, [id], Charge::from_row)?;
    newest.reverse();
    Ok(newest)
}

pub fn payments_on(conn: &Conn, id: FolioId) -> Result<Vec<Payment>> {
    let mut newest = conn.all(&PAYMENTS_ON, [id], Payment::from_row)?;
    newest.reverse();
    Ok(newest)
}

pub fn find_folio(conn: &Conn, id: FolioId) -> Result<Option<Folio>> {
    conn.one(&FIND_FOLIO, [id], Folio::from_row)
}

/// The windows of a stay that are there, in their order.
pub fn folios_of(conn: &Conn, id: ReservationId) -> Result<Vec<Folio>> {
    conn.all(&FOLIOS_OF, [id], Folio::from_row)
}

pub fn known_folio(conn: &Conn, owner: Owner) -> Result<Option<FolioId>> {
    match owner {
        Owner::Stay { id, window } => conn.one(&FOLIO_OF_STAY, (id, window), |row| row.get(0)),
        Owner::Company(id) => conn.one(&FOLIO_OF_COMPANY, [id], |row| row.get(0)),
        Owner::Group(id) => conn.one(&FOLIO_OF_GROUP, [id], |row| row.get(0)),
        Owner::House(id) => Ok(Some(id)),
    }
}

/// The folio of somebody, made when there is none yet. Further windows of a stay are opened before.
pub fn folio_of(tx: &Tx, owner: Owner) -> Result<FolioId> {
    if let Some(found) = known_folio(tx, owner)? {
        return Ok(found);
    }
    let none: Option<i64> = None;
    let made = match owner {
        Owner::Stay { id, window: 1 } => tx.insert(&INSERT_FOLIO, ("stay", id, none, none))?,
        Owner::Stay { .. } => return Err(Error::invalid("window", text!("is not open on this stay"))),
        Owner::Company(id) => tx.insert(&INSERT_FOLIO, ("company", none, id, none))?,
        Owner::Group(id) => tx.insert(&INSERT_FOLIO, ("group", none, none, id))?,
        Owner::House(id) => id.0,
    };
    Ok(FolioId(made))
}

pub fn has_group(conn: &Conn, id: GroupId) -> Result<bool> {
    conn.exists(&HAS_GROUP, [id])
}

/// Opens a further window of a stay.
pub fn open_window(tx: &Tx, id: ReservationId, window: i64, payer: (Option<CompanyId>, &str)) -> Result<FolioId> {
    Ok(FolioId(tx.insert(&OPEN_WINDOW, (id, window, payer.0, payer.1))?))
}

pub fn change_folio(tx: &Tx, id: FolioId, payer: (Option<CompanyId>, &str), is_closed: bool) -> Result<()> {
    tx.run(&CHANGE_FOLIO, (id, payer.0, payer.1, is_closed)).map(|_| ())
}

/// What a line comes to.
#[derive(Debug, Clone, Copy)]
pub struct Sums {
    pub amount: Money,
    /// What came on top of the price.
    pub added: Money,
    /// The taxes in the amount.
    pub tax: Money,
}

pub fn insert_charge(tx: &Tx, new: &NewCharge, sums: Sums, date: Date) -> Result<ChargeId> {
    let id = tx.insert(
        &INSERT_CHARGE,
        rusqlite::params![
            folio_of(tx, new.owner)?,
            date,
            new.reservation_id,
            new.night,
            new.entry,
            new.quantity,
            new.unit_amount,
            sums.amount,
            new.note,
            new.reverses_id,
            tx.now(),
            tx.actor().username,
            new.article,
            new.levy,
            sums.added,
            sums.tax,
            new.sold,
            new.owner.ledger(),
            new.payment_id,
        ],
    )?;
    Ok(ChargeId(id))
}

record! {
    /// A tax on a bill, at one rate.
    #[derive(Debug, Clone, PartialEq)]
    pub struct TaxOnBill {
        pub tax_id: TaxId = "t.tax_id",
        pub name: String = "(SELECT name FROM tax WHERE tax.id = t.tax_id)",
        pub is_service: bool = "t.is_service",
        /// In millionths.
        pub rate: i64 = "t.rate",
        pub net: Money = "sum(t.base - CASE WHEN t.divisor = 1000000 THEN 0
                ELSE (SELECT sum(o.amount) FROM posting_tax AS o
                    WHERE o.posting_id = t.posting_id AND o.divisor = t.divisor AND o.is_service = t.is_service AND o.part = t.part) END)",
        pub amount: Money = "sum(t.amount)",
    }
}

/// On the bill of a stay: without those in what somebody else pays.
pub fn taxes_of(conn: &Conn, id: ReservationId) -> Result<Vec<TaxOnBill>> {
    conn.all(&TAXES_OF, [id], TaxOnBill::from_row)
}

pub fn find_payment(conn: &Conn, id: PaymentId) -> Result<Option<Payment>> {
    conn.one(&FIND_PAYMENT, [id], Payment::from_row)
}

pub fn payments_of(conn: &Conn, id: ReservationId) -> Result<Vec<Payment>> {
    conn.all(&PAYMENTS_OF, [id], Payment::from_row)
}

/// Money that came or went.
pub struct NewRow<'a> {
    pub folio_id: FolioId,
    /// The stay it is for.
    pub reservation_id: Option<ReservationId>,
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
    pub shift_id: Option<ShiftId>,
}

pub fn insert_payment(tx: &Tx, row: &NewRow) -> Result<PaymentId> {
    let id = tx.insert(
        &INSERT_PAYMENT,
        rusqlite::params![
            row.folio_id,
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
            row.shift_id,
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
    insert_transfer(tx, folio_of(tx, Owner::guest(id))?, id, amount, date, (tx.now(), false))
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
