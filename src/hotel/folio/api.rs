//! The folio of a reservation, and its charges.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::owner::Owner;
use super::parts::{self, Part};
use super::payments_api::{PaymentView, payment_view};
use super::tender::{self, Tender};
use super::windows_api::{self, TransferView, WindowView};
use super::{Charge, ChargeNote, NewCharge, Quantity, UndoReason, routing, store, transfers};
use crate::db::{Conn, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{ArticleId, ChargeId, FolioId, LevyId, PaymentId, ReservationId, TaxGroupId, TaxId};
use crate::domain::money::{Amount, Currency, Decimal};
use crate::domain::number::{Exact, Whole};
use crate::domain::status::{ChargeKind, words};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::articles;
use crate::hotel::reservations::api::ByReservation;
use crate::hotel::reservations::extras::{self, ExtraView};
use crate::hotel::reservations::{self, Night, NightKind};
use crate::hotel::settings::{self, Property};
use crate::http::endpoint::{Access, Endpoint, command, query};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let folio = windows_api::TABLES;
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
    ]
}

/// A line of the folio.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChargeView {
    id: ChargeId,
    /// Where it was posted; parts of it may have been moved since.
    folio_id: FolioId,
    /// The stay it is for, whoever pays.
    reservation_id: Option<ReservationId>,
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
        folio_id: c.folio_id,
        reservation_id: c.reservation_id,
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

/// A single line.
pub(super) fn charge_view_of(conn: &Conn, line: Charge, property: &Property) -> Result<ChargeView> {
    let parts = parts::of_line(conn, line.id)?;
    Ok(charge_view(line, &parts, property))
}

/// A night that is agreed but not posted yet.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnpostedNight {
    date: Date,
    /// The folio of the stay that its room goes to; `null` = the group's.
    window: Option<i64>,
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

/// What was handed over for a payment in cash.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TenderView {
    payment_id: PaymentId,
    /// In the hotel's currency; negative where it was handed back.
    given_amount: Amount,
    currency: Option<String>,
    foreign_amount: Option<Amount>,
    rate: Option<Exact<6, 1_000_000>>,
}

fn tender_view(t: Tender, property: &Property) -> TenderView {
    let foreign = t.currency.as_deref().and_then(Currency::of);
    TenderView {
        payment_id: t.payment_id,
        given_amount: property.amount(t.given),
        foreign_amount: foreign.zip(t.foreign_amount).map(|(currency, amount)| currency.amount(amount)),
        currency: t.currency,
        rate: t.rate.map(Exact),
    }
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
    /// What was handed over for payments in cash, where that was said.
    tenders: Vec<TenderView>,
    total_amount: Amount,
    total_paid: Amount,
    /// What came to its folios from elsewhere, less what of its own others pay.
    moved_amount: Amount,
    balance: Amount,
    /// Its windows, the guest's own first.
    folios: Vec<WindowView>,
    /// What was moved between them and to others, as it stands on each.
    transfers: Vec<TransferView>,
}

fn show_folio(conn: &Conn, at: ByReservation) -> Result<FolioView> {
    let property = settings::property(conn)?;
    let r = reservations::find(conn, at.id)?;
    let to_come = super::nights_to_come(conn, &r, property.business_date)?;
    let rules = routing::of_stay(conn, at.id)?;
    let unposted = |n: &Night| UnpostedNight {
        date: n.night,
        window: routing::window_of_room(&rules, n.night),
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
    let folios = windows_api::windows_of(conn, &r, (rules.as_slice(), &to_come[..]), &property)?;
    let transfers = transfers::of_stay(conn, at.id)?.into_iter();
    let transfers = transfers.map(|t| windows_api::transfer_view(conn, t, &property)).collect::<Result<Vec<_>>>()?;
    Ok(FolioView {
        folios,
        transfers,
        moved_amount: property.amount(r.moved_amount),
        reservation_id: r.id,
        lines: store::charges_of(conn, at.id)?.into_iter().map(|c| charge_view(c, &parts, &property)).collect(),
        unposted: to_come.iter().map(unposted).collect(),
        unposted_extras: extras::of_nights(to_come.iter().map(|n| (&n.extras, n.rate)), &property),
        taxes: store::taxes_of(conn, at.id)?.into_iter().map(tax).collect(),
        payments: store::payments_of(conn, at.id)?.into_iter().map(|p| payment_view(p, &property)).collect(),
        tenders: tender::of_stay(conn, at.id)?.into_iter().map(|t| tender_view(t, &property)).collect(),
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
    /// The folio of the stay that it goes to; as the stay's routing says when left out.
    window: Option<Whole<1, 9>>,
    /// The line that an allowance is for: its taxes are taken off with it.
    for_charge_id: Option<ChargeId>,
}

fn add_charge(tx: &Tx, at: ByReservation, body: ChargeRequest) -> Result<ChargeView> {
    let owner = Owner::Stay { id: at.id, window: body.window.map_or(1, |window| window.0) };
    post_charge(tx, owner, body)
}

/// Puts something on anybody's bill.
pub(super) fn post_charge(tx: &Tx, owner: Owner, body: ChargeRequest) -> Result<ChargeView> {
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
        is_routed: body.window.is_none(),
        ..NewCharge::to(owner, kind.unwrap_or(TypedCharge::Extra).into(), unit_amount.unwrap_or_default())
    };
    let made = match &article {
        Some(article) => super::sell(tx, new, article, reason.as_deref())?,
        None => super::add(tx, new, reason.as_deref())?,
    };
    charge_view_of(tx, made, &property)
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
    pub(super) reason: UndoReason,
}

pub(super) fn reason(given: &UndoReason) -> Result<String> {
    given.checked().map_err(|m| Error::invalid("reason", m))
}

fn void_charge(tx: &Tx, at: ByCharge, body: ReasonRequest) -> Result<ChargeView> {
    let property = settings::property(tx)?;
    let made = super::void(tx, at.id, at.charge_id, &reason(&body.reason)?)?;
    charge_view_of(tx, made, &property)
}
