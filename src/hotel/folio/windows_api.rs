//! `/api/folios`: the windows of stays and other folios, and what is moved between them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{ChargeView, charge_view_of};
use super::lines::LineId;
use super::owner::{self, Folio, FolioKind, Owner, PayerName};
use super::payments;
use super::payments_api::{PaymentView, payment_view};
use super::routing::{self, Rule};
use super::store;
use super::transfers::{self, Division, Share, Transfer, TransferNote, Why};
use super::windows::{self, Change, Payer};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::few::Few;
use crate::domain::id::{ChargeId, CompanyId, FolioId, GroupId, PaymentId, ReservationId, TransferId, Version};
use crate::domain::money::{Amount, Decimal, Money};
use crate::domain::number::Whole;
use crate::domain::percent::PercentIn;
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::reservations::api::ByReservation;
use crate::hotel::reservations::{Night, Reservation};
use crate::hotel::settings::{self, Property};
use crate::hotel::{companies, reservations};
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, command, query, update};
use crate::http::request::Method;

/// What a folio's answer is read from.
pub const TABLES: &[Table] = &[
    Table::Reservation,
    Table::ReservationNight,
    Table::Posting,
    Table::Folio,
    Table::RoutingRule,
    Table::BookingGroup,
    Table::Company,
    Table::TaxSetup,
    Table::Article,
];

pub fn endpoints() -> Vec<Endpoint> {
    let post = |path, name, what| (Method::Post, path, name, Access::DESK, what);
    let (method, path, name, access, what) =
        post("/api/reservations/{id}/folios", "open_folio", "Open a further folio of a stay");
    let mut out = vec![
        query("/api/folios/{id}", "find_folio_by_id", Access::READ, "A folio with what stands on it", TABLES, show),
        command(method, path, name, access, what, open).creates(),
    ];
    let (method, path, name, access, what) =
        post("/api/folios/{id}/transfer", "transfer_lines", "Move lines, or a share of them, to another folio");
    out.push(command(method, path, name, access, what, transfer).creates());
    let (method, path, name, access, what) = post("/api/folios/{id}/split", "split_line", "Share a line over several folios");
    out.push(command(method, path, name, access, what, split).creates());
    let (method, path, name, access, what) =
        post("/api/folios/{id}/transfers/{transfer_id}/undo", "undo_transfer", "Take a transfer back on its business date");
    out.push(command(method, path, name, access, what, undo).creates());
    out.extend(update(
        "/api/folios/{id}",
        ["update_folio", "replace_folio"],
        Access::DESK,
        "Say who pays a folio; close it at zero, open it again",
        change,
    ));
    out
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByFolio {
    pub(super) id: FolioId,
}

/// The bill of one payer.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct WindowView {
    /// `null` for the guest's own as long as nothing was posted to it.
    id: Option<FolioId>,
    kind: FolioKind,
    reservation_id: Option<ReservationId>,
    company_id: Option<CompanyId>,
    group_id: Option<GroupId>,
    /// Of a stay: 1 is the guest's own.
    window: i64,
    payer_company_id: Option<CompanyId>,
    payer_name: String,
    is_closed: bool,
    balance: Amount,
    /// What of the nights to come will stand on it; told with all folios of the stay, 0 elsewhere.
    to_come_amount: Amount,
    version: i64,
}

pub fn window_view(folio: Folio, to_come: Money, property: &Property) -> WindowView {
    WindowView {
        id: Some(folio.id),
        kind: folio.kind,
        reservation_id: folio.reservation_id,
        company_id: folio.company_id,
        group_id: folio.group_id,
        window: folio.window,
        payer_company_id: folio.payer_company_id,
        payer_name: folio.payer_name,
        is_closed: folio.is_closed,
        balance: property.amount(folio.balance),
        to_come_amount: property.amount(to_come),
        version: folio.version,
    }
}

/// The windows of a stay, the guest's own among them whether it has been posted to or not.
pub fn windows_of(
    conn: &Conn,
    stay: &Reservation,
    (rules, to_come): (&[Rule], &[Night]),
    property: &Property,
) -> Result<Vec<WindowView>> {
    let mut folios = store::folios_of(conn, stay.id)?;
    let routed = routing::to_come(conn, stay.id, rules, to_come)?;
    let of_others: Money = routed.iter().map(|(_, amount)| *amount).sum();
    let own = stay.unposted_amount - of_others;
    let mut views = Vec::with_capacity(folios.len() + 1);
    if folios.first().is_none_or(|first| first.window != 1) {
        let none = Folio {
            id: FolioId(0),
            kind: FolioKind::Stay,
            reservation_id: Some(stay.id),
            company_id: None,
            group_id: None,
            window: 1,
            payer_company_id: None,
            typed_payer: String::new(),
            is_closed: false,
            balance: Money::ZERO,
            version: 1,
            payer_name: stay.guest_name.clone(),
        };
        views.push(WindowView { id: None, ..window_view(none, own, property) });
    }
    for folio in folios.drain(..) {
        let of_window = |(owner, _): &&(Owner, Money)| *owner == folio.owner();
        let to_come =
            if folio.window == 1 { own } else { routed.iter().find(of_window).map_or(Money::ZERO, |(_, amount)| *amount) };
        views.push(window_view(folio, to_come, property));
    }
    Ok(views)
}

/// One half of what was moved, as it stands on a folio.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TransferView {
    id: TransferId,
    counter_id: TransferId,
    folio_id: FolioId,
    other_folio_id: FolioId,
    /// Who pays the other one.
    other_payer_name: String,
    /// Of the other one, where that is a window of a stay.
    other_reservation_id: Option<ReservationId>,
    other_window: i64,
    /// The stay that the line is for.
    reservation_id: Option<ReservationId>,
    date: Date,
    /// Less than zero where it was given away; of a payment the other way round.
    amount: Amount,
    tax_amount: Amount,
    /// What is moved; a balance where both are `null`.
    charge: Option<ChargeView>,
    payment: Option<PaymentView>,
    /// The half that this one takes back.
    reverses_id: Option<TransferId>,
    is_taken_back: bool,
    notes: String,
    created_at: Instant,
    created_by: String,
}

pub fn transfer_view(conn: &Conn, t: Transfer, property: &Property) -> Result<TransferView> {
    let other = owner::find(conn, t.other_folio_id)?;
    let payment = match t.moves_id.filter(|_| t.is_of_payment) {
        Some(id) => Some(payment_view(payments::find(conn, PaymentId(id))?, property)),
        None => None,
    };
    let charge = match t.moves_id.filter(|_| !t.is_of_payment) {
        Some(id) => Some(charge_view_of(conn, super::find(conn, ChargeId(id))?, property)?),
        None => None,
    };
    Ok(TransferView {
        id: t.id,
        counter_id: t.counter_id,
        folio_id: t.folio_id,
        other_folio_id: t.other_folio_id,
        other_payer_name: other.payer_name,
        other_reservation_id: other.reservation_id,
        other_window: other.window,
        reservation_id: t.reservation_id,
        date: t.business_date,
        amount: property.amount(t.amount),
        tax_amount: property.amount(t.tax_amount),
        charge,
        payment,
        reverses_id: t.reverses_id,
        is_taken_back: t.is_taken_back,
        notes: t.note,
        created_at: t.created_at,
        created_by: t.created_by,
    })
}

/// A folio with what was posted to it, what came to it and what left it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FolioDetail {
    #[serde(flatten)]
    folio: WindowView,
    lines: Vec<ChargeView>,
    payments: Vec<PaymentView>,
    transfers: Vec<TransferView>,
}

fn show(conn: &Conn, at: ByFolio) -> Result<FolioDetail> {
    let property = settings::property(conn)?;
    let folio = owner::find(conn, at.id)?;
    let view = |line| charge_view_of(conn, line, &property);
    let transfers = transfers::on_folio(conn, at.id)?.into_iter();
    Ok(FolioDetail {
        lines: store::charges_on(conn, at.id)?.into_iter().map(view).collect::<Result<_>>()?,
        payments: store::payments_on(conn, at.id)?.into_iter().map(|p| payment_view(p, &property)).collect(),
        transfers: transfers.map(|t| transfer_view(conn, t, &property)).collect::<Result<_>>()?,
        folio: window_view(folio, Money::ZERO, &property),
    })
}

/// Who is to pay a further folio of a stay; the guest when nobody is named.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenRequest {
    payer_company_id: Option<CompanyId>,
    payer_name: Option<PayerName>,
}

fn open(tx: &Tx, at: ByReservation, body: OpenRequest) -> Result<WindowView> {
    let payer = payer(Some(body.payer_company_id), body.payer_name)?.unwrap_or(Payer::Named(String::new()));
    let made = windows::open(tx, at.id, &payer)?;
    Ok(window_view(made, Money::ZERO, &settings::property(tx)?))
}

/// `None` = nothing was said.
fn payer(company: Option<Option<CompanyId>>, name: Option<PayerName>) -> Result<Option<Payer>> {
    let mut fields = Fields::default();
    let name = name.map(|name| fields.check("payer_name", name.checked()));
    let is_both = company.flatten().is_some() && name.as_ref().is_some_and(|name| !name.is_empty());
    fields.ensure(!is_both, "payer_name", text!("must be left out for a company"));
    fields.finish()?;
    Ok(match (company, name) {
        (Some(Some(id)), _) => Some(Payer::Company(id)),
        (_, Some(name)) => Some(Payer::Named(name)),
        (Some(None), None) => Some(Payer::Named(String::new())),
        (None, None) => None,
    })
}

/// What of a folio changes; fields left out stay.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FolioChange {
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<CompanyId>")]
    payer_company_id: Option<Option<CompanyId>>,
    /// What a house account is called, or who pays a window.
    payer_name: Option<PayerName>,
    /// Closed, it takes nothing any more; its balance has to be zero.
    is_closed: Option<bool>,
    version: Option<Version>,
}

fn change(tx: &Tx, at: ByFolio, body: FolioChange) -> Result<WindowView> {
    let payer = payer(body.payer_company_id, body.payer_name)?;
    let changed = windows::change(tx, at.id, &Change { payer, is_closed: body.is_closed, version: body.version })?;
    Ok(window_view(changed, Money::ZERO, &settings::property(tx)?))
}

/// Where something goes: to a window of this or another stay, to the account of a company, to the folio of a group, or to
/// any folio by its id, which house accounts are named by.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TargetRequest {
    /// 1 when another stay is named and no window.
    window: Option<Whole<1, 9>>,
    reservation_id: Option<ReservationId>,
    company_id: Option<CompanyId>,
    group_id: Option<GroupId>,
    folio_id: Option<FolioId>,
}

impl TargetRequest {
    /// Whose folio that is; `here` = the one that something goes away from.
    fn owner(&self, conn: &Conn, here: &Folio) -> Result<Owner> {
        let window = self.window.map_or(1, |window| window.0);
        match (self.reservation_id.or(here.reservation_id.filter(|_| self.window.is_some())), self) {
            (None, TargetRequest { company_id: Some(id), window: None, group_id: None, folio_id: None, .. }) => {
                companies::named(conn, *id).map_err(|e| e.under("to"))?;
                Ok(Owner::Company(*id))
            }
            (None, TargetRequest { group_id: Some(id), window: None, company_id: None, folio_id: None, .. }) => {
                if !store::has_group(conn, *id)? {
                    return Err(Error::invalid("to.group_id", text!("does not exist")));
                }
                Ok(Owner::Group(*id))
            }
            (None, TargetRequest { folio_id: Some(id), window: None, company_id: None, group_id: None, .. }) => {
                match store::find_folio(conn, *id)? {
                    Some(folio) => Ok(folio.owner()),
                    None => Err(Error::invalid("to.folio_id", text!("does not exist"))),
                }
            }
            (Some(id), TargetRequest { company_id: None, group_id: None, folio_id: None, .. }) => {
                if reservations::store::find(conn, id)?.is_none() {
                    return Err(Error::invalid("to.reservation_id", text!("does not exist")));
                }
                let owner = Owner::Stay { id, window };
                if window > 1 && store::known_folio(conn, owner)?.is_none() {
                    return Err(Error::invalid("to.window", text!("is not open on this stay")));
                }
                Ok(owner)
            }
            _ => Err(Error::invalid("to", text!("must name one folio"))),
        }
    }
}

/// What is moved. Without any line, the charges that stand on the folio.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferRequest {
    #[serde(default)]
    charge_ids: Few<ChargeId, 0, 500>,
    #[serde(default)]
    payment_ids: Few<PaymentId, 0, 500>,
    /// Of the lines together, the first of them first; all of them when neither this nor a share is given.
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Option<Decimal>,
    /// Of each line.
    percent: Option<PercentIn<0, 100>>,
    to: TargetRequest,
    /// Why, where that is asked.
    notes: Option<TransferNote>,
    /// Over a company's credit limit, as managers may, with a reason in the notes.
    override_limit: Option<bool>,
}

/// The halves that stand on the folios that took something.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TransfersView {
    transfers: Vec<TransferView>,
    /// The folio that something went away from, as it is now.
    folio: WindowView,
}

fn made_view(tx: &Tx, from: FolioId, made: Vec<Transfer>, property: &Property) -> Result<TransfersView> {
    Ok(TransfersView {
        transfers: made.into_iter().map(|t| transfer_view(tx, t, property)).collect::<Result<_>>()?,
        folio: window_view(owner::find(tx, from)?, Money::ZERO, property),
    })
}

fn transfer(tx: &Tx, at: ByFolio, body: TransferRequest) -> Result<TransfersView> {
    let property = settings::property(tx)?;
    let from = owner::find(tx, at.id)?;
    let share = match (&body.amount, body.percent) {
        (Some(_), Some(_)) => return Err(Error::invalid("percent", text!("must be left out where an amount is given"))),
        (Some(amount), None) => Share::Amount(property.money("amount", amount)?),
        (None, Some(percent)) => Share::Percent(percent.0),
        (None, None) => Share::All,
    };
    let lines: Vec<LineId> =
        body.charge_ids.into_iter().map(LineId::Charge).chain(body.payment_ids.into_iter().map(LineId::Payment)).collect();
    let (to, notes) = (body.to.owner(tx, &from)?, notes(body.notes)?);
    let why = Why { note: &notes, override_limit: body.override_limit == Some(true) };
    made_view(tx, from.id, transfers::transfer(tx, &from, &lines, share, to, why)?, &property)
}

fn notes(typed: Option<TransferNote>) -> Result<String> {
    typed.map_or_else(|| Ok(String::new()), |notes| notes.checked().map_err(|m| Error::invalid("notes", m)))
}

/// A part of a line, and where it goes. Either all parts have a percent, or all an amount, or none has one: then they are
/// equal. What they leave stays where it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartRequest {
    to: TargetRequest,
    percent: Option<PercentIn<0, 100>>,
    amount: Option<Decimal>,
}

/// A line to be shared; a part for its own folio stays there.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitRequest {
    charge_id: Option<ChargeId>,
    payment_id: Option<PaymentId>,
    parts: Few<PartRequest, 1, 20>,
    /// Why, where that is asked.
    notes: Option<TransferNote>,
    /// Over a company's credit limit, as managers may, with a reason in the notes.
    override_limit: Option<bool>,
}

fn split(tx: &Tx, at: ByFolio, body: SplitRequest) -> Result<TransfersView> {
    let property = settings::property(tx)?;
    let from = owner::find(tx, at.id)?;
    let line = match (body.charge_id, body.payment_id) {
        (Some(id), None) => LineId::Charge(id),
        (None, Some(id)) => LineId::Payment(id),
        (Some(_), Some(_)) | (None, None) => {
            return Err(Error::invalid("charge_id", text!("or a payment must be named, and no other")));
        }
    };
    let parts: Vec<PartRequest> = body.parts.into_iter().collect();
    let percents: Vec<_> = parts.iter().filter_map(|part| part.percent.as_ref().map(|percent| percent.0)).collect();
    let amounts: Vec<&Decimal> = parts.iter().filter_map(|part| part.amount.as_ref()).collect();
    let division = match (percents.len(), amounts.len()) {
        (0, 0) => Division::Equal,
        (n, 0) if n == parts.len() => Division::Percent(percents),
        (0, n) if n == parts.len() => {
            let amounts: Vec<Money> = amounts.iter().map(|amount| property.money("parts", amount)).collect::<Result<_>>()?;
            if amounts.iter().any(|amount| amount.is_negative()) {
                return Err(Error::invalid("parts", text!("must not be negative")));
            }
            Division::Amount(amounts)
        }
        _ => return Err(Error::invalid("parts", text!("must all have a percent, all an amount, or none"))),
    };
    let over = parts.iter().enumerate().map(|(n, part)| part.to.owner(tx, &from).map_err(|e| e.under(&format!("parts[{n}]"))));
    let over = over.collect::<Result<Vec<Owner>>>()?;
    if over.iter().enumerate().any(|(n, owner)| over[..n].contains(owner)) {
        return Err(Error::invalid("parts", text!("must name each folio once")));
    }
    let notes = notes(body.notes)?;
    let why = Why { note: &notes, override_limit: body.override_limit == Some(true) };
    made_view(tx, from.id, transfers::split(tx, &from, line, &over, &division, why)?, &property)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByTransfer {
    id: FolioId,
    transfer_id: TransferId,
}

/// Why; needed once the stay is over.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoRequest {
    notes: Option<TransferNote>,
}

fn undo(tx: &Tx, at: ByTransfer, body: UndoRequest) -> Result<TransferView> {
    let half = transfers::find(tx, at.transfer_id)?;
    if half.folio_id != at.id {
        return Err(Error::NotFound(text!("This transfer does not exist.")));
    }
    transfer_view(tx, transfers::undo(tx, half.id, &notes(body.notes)?)?, &settings::property(tx)?)
}
