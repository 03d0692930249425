//! `/api/payments`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{ReasonRequest, reason};
use super::owner::{self, Owner};
use super::payments::{self, NewPayment, Payment, PaymentNotes, ReferenceNumber};
use super::tender::{Foreign, Handed};
use super::{UndoReason, store, totals};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::few::Few;
use crate::domain::id::{FolioId, PaymentId, ReservationId, ShiftId};
use crate::domain::money::{Amount, Currency, Decimal, Money, NotNegative};
use crate::domain::number::{Exact, Whole};
use crate::domain::status::{PaymentKind, PaymentType, words};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::listing::{Filter, List, Listing, counted};
use crate::hotel::reservations;
use crate::hotel::settings::{self, EntryName, Property};
use crate::hotel::vouchers::VoucherCode;
use crate::http::endpoint::{Access, Endpoint, NoParams, command, query};
use crate::http::paging::{Sorting, list_params, sorts};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let payments = &[Table::Posting, Table::Reservation, Table::Guest, Table::Folio, Table::Company, Table::BookingGroup];
    vec![
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
    /// Where it was posted.
    folio_id: FolioId,
    /// `null` where it was paid on the folio of a company, a group or the house.
    reservation_id: Option<ReservationId>,
    confirmation_number: Option<String>,
    guest_name: Option<String>,
    /// Whose folio that is.
    payer_name: String,
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
    /// Of cash: the shift that it came into, or went out of.
    shift_id: Option<ShiftId>,
    created_at: Instant,
    created_by: String,
}

pub(super) fn payment_view(p: Payment, property: &Property) -> PaymentView {
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
        folio_id: p.folio_id,
        payer_name: p.other_payer.or_else(|| p.guest_name.clone()).unwrap_or_default(),
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
        shift_id: p.shift_id,
        created_at: p.created_at,
        created_by: p.created_by,
    }
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
    /// The stay it is for; left out where a folio is named.
    reservation_id: Option<ReservationId>,
    /// The folio of the stay that it is paid on; the guest's own when left out.
    window: Option<Whole<1, 9>>,
    /// Any folio: of a window, a company, a group, the house.
    folio_id: Option<FolioId>,
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Decimal,
    payment_method: EntryName,
    /// full when left out.
    payment_type: Option<PaymentType>,
    /// The business date: a day that is over does not change.
    payment_date: Option<Date>,
    reference_number: Option<ReferenceNumber>,
    notes: Option<PaymentNotes>,
    /// What of the amount is for the staff.
    tip_amount: Option<NotNegative>,
    /// Cash that was handed over; what is above the amount is change.
    given_amount: Option<NotNegative>,
    /// Cash of another currency that was handed over.
    foreign: Option<ForeignRequest>,
    /// The voucher that pays, where the method is one.
    voucher_code: Option<VoucherCode>,
}

/// Notes of another currency.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ForeignRequest {
    #[schemars(regex(pattern = Currency::CODE))]
    currency: String,
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Decimal,
    /// What one of it is taken for, in the hotel's currency.
    rate: Exact<6, 1_000_000>,
}

/// What a request says of how money is handed over.
#[derive(Debug, Default)]
pub struct HandedRequest<'a> {
    pub tip_amount: Option<&'a NotNegative>,
    pub given_amount: Option<&'a NotNegative>,
    pub foreign: Option<&'a ForeignRequest>,
    pub voucher_code: Option<&'a VoucherCode>,
}

/// How money is handed over that pays a bill, or several at once, by itself.
pub fn handed(property: &Property, asked: &HandedRequest) -> Result<Handed> {
    let price = |field: &str, amount: Option<&NotNegative>| amount.map(|a| property.price(field, a)).transpose();
    let foreign = asked.foreign.map(|foreign| -> Result<Foreign> {
        let own = &property.currency.code;
        let currency = Currency::of(&foreign.currency).filter(|currency| currency.code != *own);
        let currency =
            currency.ok_or_else(|| Error::invalid("foreign.currency", text!("must be another currency, such as USD")))?;
        let amount = currency.money(&foreign.amount).map_err(|message| Error::invalid("foreign.amount", message))?;
        let mut fields = Fields::default();
        fields.ensure(amount > Money::ZERO, "foreign.amount", text!("must be more than zero"));
        fields.ensure(foreign.rate.0 > 0, "foreign.rate", text!("must be more than zero"));
        fields.finish()?;
        Ok(Foreign { currency, amount, rate: foreign.rate.0 })
    });
    Ok(Handed {
        tip: price("tip_amount", asked.tip_amount)?.unwrap_or_default(),
        given: price("given_amount", asked.given_amount)?,
        foreign: foreign.transpose()?,
        voucher: asked.voucher_code.map(ToString::to_string),
        is_whole: true,
        ..Handed::default()
    })
}

fn payer(conn: &Conn, body: &PaymentRequest) -> Result<Owner> {
    match (body.reservation_id, body.folio_id) {
        (Some(id), None) => Ok(Owner::Stay { id, window: body.window.map_or(1, |window| window.0) }),
        (None, Some(id)) if body.window.is_none() => match store::find_folio(conn, id)? {
            Some(folio) => Ok(folio.owner()),
            None => Err(Error::invalid("folio_id", text!("does not exist"))),
        },
        (None, None) => Err(Error::invalid("reservation_id", text!("is missing"))),
        (Some(_) | None, Some(_)) => Err(Error::invalid("folio_id", text!("must be left out where a stay is named"))),
    }
}

fn parse(conn: &Conn, property: &Property, body: PaymentRequest) -> Result<NewPayment> {
    let owner = payer(conn, &body)?;
    let handed = handed(
        property,
        &HandedRequest {
            tip_amount: body.tip_amount.as_ref(),
            given_amount: body.given_amount.as_ref(),
            foreign: body.foreign.as_ref(),
            voucher_code: body.voucher_code.as_ref(),
        },
    )?;
    let mut fields = Fields::default();
    let reference_number = fields.check("reference_number", body.reference_number.unwrap_or_default().checked());
    let notes = fields.check("notes", body.notes.unwrap_or_default().checked());
    fields.finish()?;
    Ok(NewPayment {
        owner,
        amount: property.money("amount", &body.amount)?,
        payment_method: body.payment_method.into(),
        payment_type: body.payment_type.unwrap_or(PaymentType::Full),
        payment_date: body.payment_date,
        reference_number,
        notes,
        handed,
    })
}

fn create(tx: &Tx, _: NoParams, body: PaymentRequest) -> Result<PaymentView> {
    let property = settings::property(tx)?;
    let taken = payments::pay(tx, &parse(tx, &property, body)?)?;
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
        let taken = parse(tx, &property, request).and_then(|new| payments::pay(tx, &new)).map_err(row)?;
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
    let balance = match payment.reservation_id {
        Some(stay) => reservations::find(conn, stay)?.balance(),
        None => owner::find(conn, payment.folio_id)?.balance,
    };
    let (left, owed) = (payment.left(), if balance.is_negative() { -balance } else { Money::ZERO });
    let here = payments::over_where_it_stands(conn, &payment)?;
    Ok(PaymentDetail {
        payment: payment_view(payment, &property),
        left_amount: property.amount(left),
        owed_amount: property.amount(owed),
        refund_amount: property.amount(left.min(owed).min(here)),
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
