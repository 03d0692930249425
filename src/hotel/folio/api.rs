//! `/api/payments` and the folio of a reservation.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parts::{self, Part};
use super::payments::{self, NewPayment, Payment, PaymentNotes, ReferenceNumber};
use super::{Charge, ChargeNote, NewCharge, Quantity, UndoReason, store, totals};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::few::Few;
use crate::domain::id::{ArticleId, ChargeId, LevyId, PaymentId, ReservationId, TaxGroupId, TaxId};
use crate::domain::money::{Amount, Decimal, Money};
use crate::domain::number::Exact;
use crate::domain::status::{ChargeKind, PaymentKind, PaymentType, words};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::articles;
use crate::hotel::listing::{Filter, List, Listing, counted};
use crate::hotel::reservations::api::ByReservation;
use crate::hotel::reservations::extras::{self, ExtraView};
use crate::hotel::reservations::{self, Night, NightKind};
use crate::hotel::settings::{self, EntryName, Property};
use crate::http::endpoint::{Access, Endpoint, NoParams, command, query};
use crate::http::paging::{Sorting, list_params, sorts};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let folio = &[Table::Reservation, Table::ReservationNight, Table::Posting, Table::TaxSetup, Table::Article];
    let payments = &[Table::Posting, Table::Reservation, Table::Guest];
    vec![
        query("/api/reservations/{id}/folio", "find_folio", Access::READ, "What is owed and what was paid", folio, show_folio),
        command(
            Method::Post,
            "/api/reservations/{id}/charges",
            "create_charge",
            Access::DESK,
            "Add an extra, adjustment or allowance",
            add_charge,
        )
        .creates(),
        command(
            Method::Post,
            "/api/reservations/{id}/charges/{charge_id}/void",
            "void_charge",
            Access::DESK,
            "Take a charge back on its business date",
            void_charge,
        )
        .creates(),
        query("/api/payments", "list_payments", Access::READ, "Payments, refunds and voids", payments, list),
        command(Method::Post, "/api/payments", "create_payment", Access::DESK, "Take a payment", create).creates(),
        command(
            Method::Post,
            "/api/payments/batch",
            "create_payments",
            Access::DESK,
            "Take several payments: all or none",
            create_batch,
        )
        .creates()
        .body_limit(1024 * 1024),
        query(
            "/api/payments/totals",
            "find_payment_totals",
            Access::READ,
            "What came in and went out, by day and method",
            &[Table::Posting],
            totals::totals,
        ),
        query("/api/payments/{id}", "find_payment", Access::READ, "One payment", payments, find),
        command(
            Method::Post,
            "/api/payments/{id}/void",
            "void_payment",
            Access::DESK,
            "Undo a payment on its business date",
            void,
        ),
        command(
            Method::Post,
            "/api/payments/{id}/refund",
            "refund_payment",
            Access::DESK,
            "Give back all or part of a payment",
            refund,
        ),
    ]
}

words!(
    /// What became of a payment.
    PaymentStatus { Active = "active", Voided = "voided", Refunded = "refunded", PartlyRefunded = "partly_refunded" }
);

/// Money received or given back.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PaymentView {
    id: PaymentId,
    reservation_id: ReservationId,
    confirmation_number: String,
    guest_name: String,
    amount: Amount,
    kind: PaymentKind,
    payment_method: String,
    payment_type: PaymentType,
    payment_date: Date,
    reference_number: String,
    notes: String,
    status: PaymentStatus,
    refunded_amount: Amount,
    reverses_id: Option<PaymentId>,
    created_at: Instant,
    created_by: String,
}

fn payment_view(p: Payment, property: &Property) -> PaymentView {
    let status = match (p.is_voided, p.refunded) {
        (true, _) => PaymentStatus::Voided,
        (false, Money::ZERO) => PaymentStatus::Active,
        (false, refunded) if refunded == p.amount => PaymentStatus::Refunded,
        (false, _) => PaymentStatus::PartlyRefunded,
    };
    PaymentView {
        status,
        amount: property.amount(p.amount),
        refunded_amount: property.amount(p.refunded),
        id: p.id,
        reservation_id: p.reservation_id,
        confirmation_number: p.confirmation_number,
        guest_name: p.guest_name,
        kind: p.kind,
        payment_method: p.payment_method,
        payment_type: p.payment_type,
        payment_date: p.business_date,
        reference_number: p.reference_number,
        notes: p.notes,
        reverses_id: p.reverses_id,
        created_at: p.created_at,
        created_by: p.created_by,
    }
}

/// A line of the folio.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChargeView {
    id: ChargeId,
    /// The business date it was booked on.
    date: Date,
    night: Option<Date>,
    /// The room for a day: no night was slept.
    is_day_use: bool,
    kind: ChargeKind,
    /// What the line says, in English.
    description: String,
    /// What a person typed: what an extra is, why something was taken back.
    note: String,
    quantity: i64,
    unit_amount: Amount,
    /// Taxes that came on top of the price.
    added_amount: Amount,
    /// What is to be paid, all taxes included.
    amount: Amount,
    /// The taxes in it, without a service charge.
    tax_amount: Amount,
    net_amount: Amount,
    /// The hotel's own article that was sold.
    article_id: Option<ArticleId>,
    /// What of it is for articles inside the price, as far as it is.
    parts: Vec<PartView>,
    levy_id: Option<LevyId>,
    /// What the levy is called.
    levy_name: Option<String>,
    voided: bool,
    /// The line that this one takes back, or that an allowance is for, and what that is.
    reverses_id: Option<ChargeId>,
    reversed_kind: Option<ChargeKind>,
    created_at: Instant,
    created_by: String,
}

/// What of a line is for an article inside its price.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartView {
    article_id: ArticleId,
    name: String,
    /// 0 where an allowance takes a share off.
    quantity: i64,
    /// All taxes included.
    amount: Amount,
    /// The taxes in it, without a service charge.
    tax_amount: Amount,
}

fn part_view(part: &Part, property: &Property) -> PartView {
    PartView {
        article_id: part.article_id,
        name: part.name.clone(),
        quantity: part.quantity,
        amount: property.amount(part.amount),
        tax_amount: property.amount(part.tax_amount),
    }
}

fn charge_view(c: Charge, parts: &[Part], property: &Property) -> ChargeView {
    ChargeView {
        parts: parts.iter().filter(|part| part.posting_id == c.id).map(|part| part_view(part, property)).collect(),
        description: c.description(),
        id: c.id,
        date: c.business_date,
        night: c.night,
        is_day_use: c.is_day_use,
        kind: c.kind,
        reversed_kind: c.reversed_kind,
        note: c.note,
        quantity: c.quantity,
        unit_amount: property.amount(c.unit_amount),
        added_amount: property.amount(c.added_amount),
        amount: property.amount(c.amount),
        tax_amount: property.amount(c.tax_amount),
        net_amount: property.amount(c.amount - c.tax_amount),
        article_id: c.article_id,
        levy_id: c.levy_id,
        levy_name: c.levy_name,
        voided: c.is_voided,
        reverses_id: c.reverses_id,
        created_at: c.created_at,
        created_by: c.created_by,
    }
}

fn made_view(tx: &Tx, made: Charge, property: &Property) -> Result<ChargeView> {
    let parts = parts::of_stay(tx, made.reservation_id)?;
    Ok(charge_view(made, &parts, property))
}

/// A night that is agreed but not posted yet.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnpostedNight {
    date: Date,
    rate: Amount,
    /// Taxes and levies that come on top of it.
    added_amount: Amount,
    /// Everything, with what is sold along beside the price.
    amount: Amount,
    is_day_use: bool,
}

/// A tax on a bill, at one rate.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TaxOnBillView {
    tax_id: TaxId,
    name: String,
    /// The hotel's own charge, which is no tax.
    is_service: bool,
    percent: Exact<4, 100>,
    /// What it lies on.
    net_amount: Amount,
    amount: Amount,
}

/// The bill of a reservation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FolioView {
    reservation_id: ReservationId,
    lines: Vec<ChargeView>,
    unposted: Vec<UnpostedNight>,
    /// What is sold along with those nights.
    unposted_extras: Vec<ExtraView>,
    /// The taxes of what is posted.
    taxes: Vec<TaxOnBillView>,
    payments: Vec<PaymentView>,
    total_amount: Amount,
    total_paid: Amount,
    balance: Amount,
}

fn show_folio(conn: &Conn, at: ByReservation) -> Result<FolioView> {
    let property = settings::property(conn)?;
    let r = reservations::find(conn, at.id)?;
    let to_come = super::nights_to_come(conn, &r, property.business_date)?;
    let unposted = |n: &Night| UnpostedNight {
        date: n.night,
        rate: property.amount(n.rate),
        added_amount: property.amount(n.added_to_price()),
        amount: property.amount(n.rate + n.added_amount),
        is_day_use: n.kind == NightKind::DayUse,
    };
    let tax = |t: store::TaxOnBill| TaxOnBillView {
        tax_id: t.tax_id,
        name: t.name,
        is_service: t.is_service,
        percent: Exact(t.rate),
        net_amount: property.amount(t.net),
        amount: property.amount(t.amount),
    };
    let parts = parts::of_stay(conn, at.id)?;
    Ok(FolioView {
        reservation_id: r.id,
        lines: store::charges_of(conn, at.id)?.into_iter().map(|c| charge_view(c, &parts, &property)).collect(),
        unposted: to_come.iter().map(unposted).collect(),
        unposted_extras: extras::of_nights(to_come.iter().map(|n| (&n.extras, n.rate)), &property),
        taxes: store::taxes_of(conn, at.id)?.into_iter().map(tax).collect(),
        payments: store::payments_of(conn, at.id)?.into_iter().map(|p| payment_view(p, &property)).collect(),
        total_amount: property.amount(r.total_amount()),
        total_paid: property.amount(r.paid_amount),
        balance: property.amount(r.balance()),
    })
}

words!(
    /// What a person may put on a bill; the other kinds are booked by the hotel's workflows.
    TypedCharge { Extra = "extra", Adjustment = "adjustment", Allowance = "allowance" }
);

impl From<TypedCharge> for ChargeKind {
    fn from(typed: TypedCharge) -> ChargeKind {
        match typed {
            TypedCharge::Extra => ChargeKind::Extra,
            TypedCharge::Adjustment => ChargeKind::Adjustment,
            TypedCharge::Allowance => ChargeKind::Allowance,
        }
    }
}

/// Something for the bill.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChargeRequest {
    /// extra when an article is named.
    kind: Option<TypedCharge>,
    /// What is sold, of the hotel's own articles.
    article_id: Option<ArticleId>,
    /// The article's name when left out.
    description: Option<ChargeNote>,
    quantity: Option<Quantity>,
    /// The article's price when left out.
    unit_amount: Option<Decimal>,
    /// Why something is taken off the bill, for the owner's list; the description says it when not given.
    reason: Option<UndoReason>,
    /// What it is taxed as; by its kind when not given. Not of an article, nor for a line: they have their own.
    tax_group_id: Option<TaxGroupId>,
    /// The line that an allowance is for: its taxes are taken off with it.
    for_charge_id: Option<ChargeId>,
}

fn add_charge(tx: &Tx, at: ByReservation, body: ChargeRequest) -> Result<ChargeView> {
    let property = settings::property(tx)?;
    let mut fields = Fields::default();
    let mut article = body.article_id.map(|id| articles::sold(tx, id)).transpose()?;
    if let (None, Some(TypedCharge::Extra), Some(typed)) = (&article, body.kind, &body.description) {
        // What has the name of an article is sold as it is, whoever leaves the article out.
        article = articles::named(tx, &typed.checked().unwrap_or_default())?;
    }
    let typed = body.description.map(|typed| fields.check("description", typed.checked()));
    let note = typed.or_else(|| article.as_ref().map(|article| article.name.clone()));
    fields.ensure(note.is_some(), "description", text!("is missing"));
    let reason = body.reason.map(|reason| fields.check("reason", reason.checked()));
    let typed = body.unit_amount.map(|typed| property.money("unit_amount", &typed)).transpose()?;
    let unit_amount = typed.or_else(|| article.as_ref().and_then(|article| article.price));
    fields.ensure(unit_amount.is_some(), "unit_amount", text!("is missing"));
    let kind = body.kind.or_else(|| article.as_ref().map(|_| TypedCharge::Extra));
    fields.ensure(kind.is_some(), "kind", text!("is missing"));
    fields.ensure(article.is_none() || kind == Some(TypedCharge::Extra), "kind", text!("must be extra for an article"));
    let has_taxes = article.is_some() || body.for_charge_id.is_some();
    let own = text!("must be left out: the article or the line has its own");
    fields.ensure(!has_taxes || body.tax_group_id.is_none(), "tax_group_id", own);
    fields.finish()?;
    let new = NewCharge {
        note: note.unwrap_or_default(),
        quantity: body.quantity.map_or(1, i64::from),
        tax_group: body.tax_group_id,
        reverses_id: body.for_charge_id,
        ..NewCharge::one(at.id, kind.unwrap_or(TypedCharge::Extra).into(), unit_amount.unwrap_or_default())
    };
    let made = match &article {
        Some(article) => super::sell(tx, new, article, reason.as_deref())?,
        None => super::add(tx, new, reason.as_deref())?,
    };
    made_view(tx, made, &property)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByCharge {
    id: ReservationId,
    charge_id: ChargeId,
}

/// Why something is undone.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonRequest {
    reason: UndoReason,
}

fn reason(given: &UndoReason) -> Result<String> {
    given.checked().map_err(|m| Error::invalid("reason", m))
}

fn void_charge(tx: &Tx, at: ByCharge, body: ReasonRequest) -> Result<ChargeView> {
    let property = settings::property(tx)?;
    let made = super::void(tx, at.id, at.charge_id, &reason(&body.reason)?)?;
    made_view(tx, made, &property)
}

sorts!(
    /// Orders of payments.
    PaymentSort, PaymentDate Descending { PaymentDate = "payment_date" by ["business_date", "id"], Id = "id" by ["id"] }
);

list_params! {
    pub struct PaymentListParams by PaymentSort {
        reservation_id: Option<ReservationId>,
        payment_method: Option<String>,
        payment_type: Option<PaymentType>,
        kind: Option<PaymentKind>,
        /// A guest's name, e-mail or phone, or a confirmation number.
        q: Option<String>,
        payment_date_from: Option<Date>,
        payment_date_to: Option<Date>,
    }
}

fn list(conn: &Conn, p: PaymentListParams) -> Result<List<PaymentView>> {
    let (page, order) = (p.page(), p.order());
    let mut filter = Filter::default();
    filter
        .with("reservation_id = ?", p.reservation_id)
        .with("payment_method = ?", p.payment_method)
        .with("payment_type = ?", p.payment_type)
        .with("kind = ?", p.kind)
        .with("business_date >= ?", p.payment_date_from)
        .with("business_date <= ?", p.payment_date_to);
    if let Some(q) = p.q.filter(|q| !q.trim().is_empty()) {
        let bookings = reservations::list::search(conn, &q)?;
        let bookings = serde_json::to_string(&bookings).map_err(Error::internal)?;
        filter.with("reservation_id IN (SELECT value FROM json_each(?))", Some(bookings));
    }
    let total = if filter.is_empty() { Some(counted(conn, "payment", "")?) } else { None };
    let listing = Listing {
        name: "folio.payments",
        table: "payment",
        columns: Payment::COLUMNS,
        filter,
        first: None,
        sort: order.by.columns(),
        direction: order.direction,
    };
    let property = settings::property(conn)?;
    Ok(listing.read(conn, page, total, Payment::from_row)?.map(|p| payment_view(p, &property)))
}

/// A payment to be taken.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentRequest {
    reservation_id: ReservationId,
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Decimal,
    payment_method: EntryName,
    /// full when left out.
    payment_type: Option<PaymentType>,
    /// The business date: a day that is over does not change.
    payment_date: Option<Date>,
    reference_number: Option<ReferenceNumber>,
    notes: Option<PaymentNotes>,
}

fn parse(property: &Property, body: PaymentRequest) -> Result<NewPayment> {
    let mut fields = Fields::default();
    let reference_number = fields.check("reference_number", body.reference_number.unwrap_or_default().checked());
    let notes = fields.check("notes", body.notes.unwrap_or_default().checked());
    fields.finish()?;
    Ok(NewPayment {
        reservation_id: body.reservation_id,
        amount: property.money("amount", &body.amount)?,
        payment_method: body.payment_method.into(),
        payment_type: body.payment_type.unwrap_or(PaymentType::Full),
        payment_date: body.payment_date,
        reference_number,
        notes,
    })
}

fn create(tx: &Tx, _: NoParams, body: PaymentRequest) -> Result<PaymentView> {
    let property = settings::property(tx)?;
    let taken = payments::pay(tx, &parse(&property, body)?)?;
    Ok(payment_view(taken, &property))
}

/// Several payments, taken together.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchRequest {
    payments: Few<PaymentRequest, 1, 1000>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct BatchView {
    items: Vec<PaymentView>,
    total_amount: Amount,
}

fn create_batch(tx: &Tx, _: NoParams, body: BatchRequest) -> Result<BatchView> {
    let property = settings::property(tx)?;
    let mut total = Money::ZERO;
    let mut items = Vec::with_capacity(body.payments.len());
    for (i, request) in body.payments.into_iter().enumerate() {
        let row = |e: Error| e.under(&format!("payments[{i}]"));
        let taken = parse(&property, request).and_then(|new| payments::pay(tx, &new)).map_err(row)?;
        total = total + taken.amount;
        items.push(payment_view(taken, &property));
    }
    Ok(BatchView { items, total_amount: property.amount(total) })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByPayment {
    id: PaymentId,
}

/// A payment, and what of it would go back.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PaymentDetail {
    #[serde(flatten)]
    payment: PaymentView,
    /// What can still be given back of it.
    left_amount: Amount,
    /// What the reservation has been paid too much by now; zero when nothing is owed back.
    owed_amount: Amount,
    /// What goes back of it as things stand: what is owed, and no more than is left.
    refund_amount: Amount,
}

fn find(conn: &Conn, at: ByPayment) -> Result<PaymentDetail> {
    let property = settings::property(conn)?;
    let payment = payments::find(conn, at.id)?;
    let balance = reservations::find(conn, payment.reservation_id)?.balance();
    let (left, owed) = (payment.left(), if balance.is_negative() { -balance } else { Money::ZERO });
    Ok(PaymentDetail {
        payment: payment_view(payment, &property),
        left_amount: property.amount(left),
        owed_amount: property.amount(owed),
        refund_amount: property.amount(left.min(owed)),
    })
}

fn void(tx: &Tx, at: ByPayment, body: ReasonRequest) -> Result<PaymentView> {
    let property = settings::property(tx)?;
    Ok(payment_view(payments::void(tx, at.id, &reason(&body.reason)?)?, &property))
}

/// What to give back.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundRequest {
    /// What is left of the payment, when left out.
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Option<Decimal>,
    reason: UndoReason,
    /// The payment's own, when left out.
    payment_method: Option<EntryName>,
}

fn refund(tx: &Tx, at: ByPayment, body: RefundRequest) -> Result<PaymentView> {
    let property = settings::property(tx)?;
    let amount = body.amount.map(|a| property.money("amount", &a)).transpose()?;
    let refunded = payments::refund(tx, at.id, amount, body.payment_method.as_deref(), &reason(&body.reason)?)?;
    Ok(payment_view(refunded, &property))
}
