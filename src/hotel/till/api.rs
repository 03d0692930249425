//! `/api/drawers` and `/api/shifts`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::close::{self, Counted};
use super::drawers::{self, Drawer, NewDrawer};
use super::store::{self, Count, Movement};
use super::{DrawerName, MovementKind, MovementReason, Shift, ShiftNote};
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::few::Few;
use crate::domain::id::{DrawerId, MovementId, ShiftId, UserId, Version};
use crate::domain::money::{Amount, Currency, Decimal, Money, NotNegative};
use crate::domain::number::{Exact, Whole};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::folio::tender;
use crate::hotel::listing::{Filter, Items, List, Listing};
use crate::hotel::settings::api::check_version;
use crate::hotel::settings::{self, Property};
use crate::http::endpoint::{Access, Endpoint, NoParams, command, query, update};
use crate::http::paging::{Sorting, list_params, sorts};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let tables = &[Table::Shift, Table::Drawer, Table::DrawerMovement, Table::ShiftCount, Table::Posting, Table::User];
    let mut endpoints = vec![
        query("/api/drawers", "list_drawers", Access::READ, "Where cash is kept", &[Table::Drawer], list_drawers),
        command(Method::Post, "/api/drawers", "create_drawer", Access::OWN, "Add a cash drawer", create_drawer).creates(),
        query("/api/shifts", "list_shifts", Access::MANAGE, "Shifts of the cash drawers and their differences", tables, list),
        command(Method::Post, "/api/shifts", "open_shift", Access::DESK, "Open a shift on a drawer", open).creates(),
        // Differs by who asks.
        query(
            "/api/shifts/current",
            "find_current_shifts",
            Access::DESK,
            "Open shifts, as far as one's own cash goes",
            &[],
            current,
        ),
        query("/api/shifts/{id}", "find_shift", Access::MANAGE, "A shift and what went through its drawer", tables, show),
        command(
            Method::Post,
            "/api/shifts/{id}/movements",
            "create_drawer_movement",
            Access::DESK,
            "Note cash that comes or goes beside payments",
            shift_cash,
        )
        .creates(),
        command(
            Method::Post,
            "/api/shifts/{id}/close",
            "close_shift",
            Access::DESK,
            "Close a shift with what was counted",
            close,
        ),
    ];
    let names = ["update_drawer", "replace_drawer"];
    endpoints.extend(update("/api/drawers/{id}", names, Access::OWN, "Change a cash drawer", change_drawer));
    endpoints
}

/// A place where cash is kept.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DrawerView {
    id: DrawerId,
    name: String,
    /// Whoever has no shift of their own puts cash here.
    is_shared: bool,
    is_active: bool,
    version: i64,
}

impl From<Drawer> for DrawerView {
    fn from(d: Drawer) -> Self {
        DrawerView { id: d.id, name: d.name, is_shared: d.is_shared, is_active: d.is_active, version: d.version }
    }
}

fn list_drawers(conn: &Conn, _: NoParams) -> Result<Items<DrawerView>> {
    Ok(Items { items: store::drawers(conn)?.into_iter().map(DrawerView::from).collect() })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawerRequest {
    name: DrawerName,
    /// true when left out.
    is_shared: Option<bool>,
}

fn create_drawer(tx: &Tx, _: NoParams, body: DrawerRequest) -> Result<DrawerView> {
    let name = body.name.checked().map_err(|message| Error::invalid("name", message))?;
    let new = NewDrawer { name, is_shared: body.is_shared.unwrap_or(true), is_active: true };
    drawers::create(tx, &new).map(DrawerView::from)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByDrawer {
    id: DrawerId,
}

/// What of a drawer changes; fields left out stay.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DrawerChange {
    name: Option<DrawerName>,
    is_shared: Option<bool>,
    is_active: Option<bool>,
    version: Option<Version>,
}

fn change_drawer(tx: &Tx, at: ByDrawer, body: DrawerChange) -> Result<DrawerView> {
    let before = drawers::find(tx, at.id)?;
    check_version(body.version, before.version)?;
    let typed = body.name.map(|name| name.checked().map_err(|message| Error::invalid("name", message))).transpose()?;
    let after = NewDrawer {
        name: typed.unwrap_or_else(|| before.name.clone()),
        is_shared: body.is_shared.unwrap_or(before.is_shared),
        is_active: body.is_active.unwrap_or(before.is_active),
    };
    drawers::save(tx, &before, &after).map(DrawerView::from)
}

/// How many of a coin or note.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PieceView {
    value: Amount,
    count: i64,
}

/// What was counted of a currency.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CountView {
    currency: String,
    expected_amount: Amount,
    /// `null` = nobody has counted it: the close of the day ended the shift.
    counted_amount: Option<Amount>,
    /// Negative when money is missing; `null` = not known.
    difference: Option<Amount>,
    pieces: Vec<PieceView>,
}

/// Cash that came or went beside payments.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MovementView {
    id: MovementId,
    kind: MovementKind,
    currency: String,
    /// Negative when it went out.
    amount: Amount,
    reason: String,
    created_at: Instant,
    created_by: String,
}

/// What there is, or should be, of a currency.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SumView {
    currency: String,
    amount: Amount,
}

/// The time from one count of a drawer to the next.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShiftView {
    id: ShiftId,
    drawer_id: DrawerId,
    drawer_name: String,
    is_shared: bool,
    user_id: UserId,
    username: String,
    business_date: Date,
    float_amount: Amount,
    opened_at: Instant,
    closed_at: Option<Instant>,
    closed_by: Option<String>,
    note: String,
    /// Once it is closed.
    counts: Vec<CountView>,
}

/// What one of another currency is taken for, in the hotel's.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RateView {
    currency: String,
    rate: Exact<6, 1_000_000>,
}

/// A shift with all that went through its drawer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShiftDetail {
    #[serde(flatten)]
    shift: ShiftView,
    movements: Vec<MovementView>,
    /// What is to be counted beside the hotel's own currency.
    foreign_currencies: Vec<String>,
    /// What one of another currency was taken for last.
    foreign_rates: Vec<RateView>,
    /// Cash payments, refunds and voids.
    payment_count: i64,
    /// What should be in the drawer now; nobody but managers sees it before counting.
    expected: Option<Vec<SumView>>,
    received_amount: Option<Amount>,
    /// By refunds and voids; not negative.
    returned_amount: Option<Amount>,
}

/// An amount of a currency, whichever it is.
fn amount_of(code: &str, money: Money) -> Amount {
    Amount { minor: money.0, exponent: Currency::of(code).map_or(2, |currency| currency.exponent) }
}

fn count_view(c: Count) -> CountView {
    let amount = |money: Money| amount_of(&c.currency, money);
    CountView {
        expected_amount: amount(c.expected),
        counted_amount: c.counted.map(amount),
        difference: c.counted.map(|counted| amount(counted - c.expected)),
        pieces: c.pieces.iter().map(|(value, count)| PieceView { value: amount(Money(*value)), count: *count }).collect(),
        currency: c.currency.clone(),
    }
}

fn movement_view(m: Movement) -> MovementView {
    MovementView {
        id: m.id,
        kind: m.kind,
        amount: amount_of(&m.currency, m.amount),
        currency: m.currency,
        reason: m.reason,
        created_at: m.created_at,
        created_by: m.created_by,
    }
}

fn view(conn: &Conn, s: Shift, property: &Property) -> Result<ShiftView> {
    Ok(ShiftView {
        counts: store::counts(conn, s.id)?.into_iter().map(count_view).collect(),
        id: s.id,
        drawer_id: s.drawer_id,
        drawer_name: s.drawer_name,
        is_shared: s.is_shared,
        user_id: s.user_id,
        username: s.username,
        business_date: s.business_date,
        float_amount: property.amount(s.float_amount),
        opened_at: s.opened_at,
        closed_at: s.closed_at,
        closed_by: s.closed_by,
        note: s.note,
    })
}

/// What should be there is seen by managers, and by everybody once it was counted.
fn detail(conn: &Conn, shift: Shift, property: &Property) -> Result<ShiftDetail> {
    let is_seen = !shift.is_open() || super::is_manager(conn);
    let sums = close::expected(conn, &shift)?;
    let money = store::received(conn, shift.id)?;
    let sum = |(currency, amount): (String, Money)| SumView { amount: amount_of(&currency, amount), currency };
    Ok(ShiftDetail {
        foreign_currencies: sums.iter().skip(1).map(|(currency, _)| currency.clone()).collect(),
        foreign_rates: store::rates_of(conn, shift.id)?
            .into_iter()
            .map(|(currency, rate)| RateView { currency, rate: Exact(rate) })
            .collect(),
        movements: store::movements(conn, shift.id)?.into_iter().map(movement_view).collect(),
        payment_count: money.count,
        expected: is_seen.then(|| sums.into_iter().map(sum).collect()),
        received_amount: is_seen.then(|| property.amount(money.received)),
        returned_amount: is_seen.then(|| property.amount(money.returned)),
        shift: view(conn, shift, property)?,
    })
}

sorts!(
    /// Orders of shifts.
    ShiftSort, Id Descending { Id = "id" by ["id"] }
);

list_params! {
    pub struct ShiftListParams by ShiftSort {
        drawer_id: Option<DrawerId>,
        user_id: Option<UserId>,
        is_open: Option<bool>,
        /// Whether what was counted is not what should have been there.
        has_difference: Option<bool>,
        business_date_from: Option<Date>,
        business_date_to: Option<Date>,
    }
}

fn list(conn: &Conn, p: ShiftListParams) -> Result<List<ShiftView>> {
    let (page, order) = (p.page(), p.order());
    let mut filter = Filter::default();
    filter
        .with("drawer_id = ?", p.drawer_id)
        .with("user_id = ?", p.user_id)
        .with("(closed_at IS NULL) = ?", p.is_open)
        .with(
            "EXISTS (SELECT 1 FROM shift_count AS c WHERE c.shift_id = shift.id AND c.counted IS NOT c.expected) = ?",
            p.has_difference,
        )
        .with("business_date >= ?", p.business_date_from)
        .with("business_date <= ?", p.business_date_to);
    let listing = Listing {
        name: "till.list",
        table: "shift",
        columns: Shift::COLUMNS,
        filter,
        first: None,
        sort: order.by.columns(),
        direction: order.direction,
    };
    let property = settings::property(conn)?;
    let List { items, total, page, page_size, pages } = listing.read(conn, page, None, Shift::from_row)?;
    let items = items.into_iter().map(|shift| view(conn, shift, &property)).collect::<Result<_>>()?;
    Ok(List { items, total, page, page_size, pages })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByShift {
    id: ShiftId,
}

fn show(conn: &Conn, at: ByShift) -> Result<ShiftDetail> {
    detail(conn, super::find(conn, at.id)?, &settings::property(conn)?)
}

/// A drawer on which a shift may be opened.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FreeDrawer {
    id: DrawerId,
    name: String,
    is_shared: bool,
    /// What was counted there last.
    left_amount: Option<Amount>,
}

/// Somebody who may take a drawer over.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ColleagueView {
    id: UserId,
    full_name: String,
}

/// The till as one person finds it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CurrentView {
    /// The shift that one's cash goes into.
    shift_id: Option<ShiftId>,
    /// Open shifts at hand: one's own, those of shared drawers, all for managers.
    shifts: Vec<ShiftDetail>,
    /// Whether one has a shift of one's own already.
    has_own: bool,
    /// Tips that guests left and the staff has not been given yet.
    tips_held: Amount,
    free_drawers: Vec<FreeDrawer>,
    colleagues: Vec<ColleagueView>,
}

fn current(conn: &Conn, _: NoParams) -> Result<CurrentView> {
    let property = settings::property(conn)?;
    let (me, open) = (conn.actor().user_id, store::open(conn)?);
    let is_mine = |shift: &&Shift| Some(shift.user_id) == me;
    let own = open.iter().find(is_mine);
    let into = own.or_else(|| open.iter().find(|shift| shift.is_shared)).map(|shift| shift.id);
    let mut free_drawers = Vec::new();
    for drawer in store::drawers(conn)?.into_iter().filter(|d| d.is_active && !open.iter().any(|s| s.drawer_id == d.id)) {
        let left = store::left_in(conn, drawer.id, ShiftId(i64::MAX), &property.currency.code)?;
        free_drawers.push(FreeDrawer {
            id: drawer.id,
            name: drawer.name,
            is_shared: drawer.is_shared,
            left_amount: left.map(|left| property.amount(left)),
        });
    }
    let is_manager = super::is_manager(conn);
    let colleague = |c: store::Colleague| ColleagueView { id: c.id, full_name: c.full_name };
    Ok(CurrentView {
        shift_id: into,
        has_own: own.is_some(),
        tips_held: property.amount(tender::tips_held(conn)?),
        free_drawers,
        colleagues: store::colleagues(conn)?.into_iter().map(colleague).collect(),
        shifts: open
            .into_iter()
            .filter(|shift| is_manager || shift.is_shared || Some(shift.user_id) == me)
            .map(|shift| detail(conn, shift, &property))
            .collect::<Result<_>>()?,
    })
}

/// A shift to be opened.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenRequest {
    drawer_id: DrawerId,
    /// What was counted in the drawer.
    float_amount: NotNegative,
    note: Option<ShiftNote>,
}

fn open(tx: &Tx, _: NoParams, body: OpenRequest) -> Result<ShiftDetail> {
    let property = settings::property(tx)?;
    let mut fields = Fields::default();
    let float = fields.check("float_amount", body.float_amount.checked(&property.currency));
    let note = fields.check("note", body.note.unwrap_or_default().checked());
    fields.finish()?;
    detail(tx, super::open_own(tx, body.drawer_id, float, &note)?, &property)
}

/// Cash that comes or goes beside payments.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MovementRequest {
    kind: MovementKind,
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Decimal,
    /// The hotel's when left out.
    #[schemars(regex(pattern = Currency::CODE))]
    currency: Option<String>,
    /// What it was paid out for.
    reason: Option<MovementReason>,
}

/// The currency of a code; the hotel's when none is given.
fn currency_of(property: &Property, code: Option<&str>, field: &str) -> Result<Currency> {
    match code {
        None => Ok(property.currency.clone()),
        Some(code) if code == property.currency.code => Ok(property.currency.clone()),
        Some(code) => {
            Currency::of(code).ok_or_else(|| Error::invalid(field, text!("must be a code of three capital letters such as EUR")))
        }
    }
}

fn shift_cash(tx: &Tx, at: ByShift, body: MovementRequest) -> Result<ShiftDetail> {
    let property = settings::property(tx)?;
    let currency = currency_of(&property, body.currency.as_deref(), "currency")?;
    let amount = currency.money(&body.amount).map_err(|message| Error::invalid("amount", message))?;
    let reason = body.reason.unwrap_or_default().checked().map_err(|message| Error::invalid("reason", message))?;
    detail(tx, super::shift_cash(tx, at.id, body.kind, (amount, &currency), &reason)?, &property)
}

/// So many of a coin or note.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PieceRequest {
    value: Decimal,
    count: Whole<0, 100_000>,
}

/// What was counted of a currency: its sum, or how many of each piece.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountRequest {
    /// The hotel's when left out.
    #[schemars(regex(pattern = Currency::CODE))]
    currency: Option<String>,
    amount: Option<NotNegative>,
    #[serde(default)]
    pieces: Few<PieceRequest, 0, 50>,
}

/// What was counted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseRequest {
    counts: Few<CountRequest, 1, 50>,
    note: Option<ShiftNote>,
    /// Who takes the drawer over: the next shift begins with what was counted.
    hand_over_to: Option<UserId>,
}

fn counted(property: &Property, (at, request): (usize, &CountRequest)) -> Result<Counted> {
    let field = |name: &str| format!("counts[{at}].{name}");
    let currency = currency_of(property, request.currency.as_deref(), &field("currency"))?;
    let typed = request.amount.as_ref().map(|amount| amount.checked(&currency)).transpose();
    let typed = typed.map_err(|message| Error::invalid(field("amount"), message))?;
    let mut pieces = Vec::with_capacity(request.pieces.len());
    let mut sum = Money::ZERO;
    for (n, piece) in request.pieces.iter().enumerate() {
        let value =
            currency.money(&piece.value).map_err(|message| Error::invalid(field(&format!("pieces[{n}].value")), message))?;
        let all = value.times(piece.count.0).filter(|all| value > Money::ZERO && all.0 <= crate::domain::money::MAX_INPUT);
        let all = all.ok_or_else(|| Error::invalid(field(&format!("pieces[{n}].value")), text!("must be more than zero")))?;
        sum = sum + all;
        pieces.push((value.0, piece.count.0));
    }
    match typed {
        Some(typed) if pieces.is_empty() || typed == sum => Ok(Counted { currency: currency.code, amount: typed, pieces }),
        Some(_) => Err(Error::invalid(field("amount"), text!("is not what the pieces come to"))),
        None if pieces.is_empty() => Err(Error::invalid(field("amount"), text!("is missing"))),
        None => Ok(Counted { currency: currency.code, amount: sum, pieces }),
    }
}

fn close(tx: &Tx, at: ByShift, body: CloseRequest) -> Result<ShiftDetail> {
    let property = settings::property(tx)?;
    let note = body.note.unwrap_or_default().checked().map_err(|message| Error::invalid("note", message))?;
    let counts = body.counts.iter().enumerate().map(|one| counted(&property, one)).collect::<Result<Vec<_>>>()?;
    let closed = close::close(tx, at.id, &counts, &note, body.hand_over_to)?;
    detail(tx, closed, &property)
}
