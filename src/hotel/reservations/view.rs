//! A booking as JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::asked_deposit::DepositView;
use super::details::option_state;
use super::extras::{self, ExtraView};
use super::itinerary::Itinerary;
use super::{Night, Reservation, arrival, asked_deposit, store, taxed};
use crate::db::Conn;
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::{Date, Instant};
use crate::domain::id::{CompanyId, GroupId, GuestId, RatePlanId, ReservationId, RoomId, RoomTypeId};
use crate::domain::money::Amount;
use crate::domain::status::{Event, Housekeeping, Occupancy, OptionState, Overdue, RateKind, ReservationStatus};
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::companies;
use crate::hotel::groups;
use crate::hotel::policies::{self, Fee};
use crate::hotel::settings::{self, Property};

/// A booking, as lists show it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReservationView")]
pub struct ReservationView<T = String> {
    id: ReservationId,
    confirmation_number: T,
    status: ReservationStatus,
    guest_id: GuestId,
    guest_name: T,
    guest_email: T,
    guest_phone: T,
    room_id: Option<RoomId>,
    room_number: Option<T>,
    room_type_id: RoomTypeId,
    room_type_name: T,
    check_in_date: Date,
    check_out_date: Date,
    nights: i64,
    adults: i64,
    children: i64,
    /// How old the children are at arrival; of all or of none.
    children_ages: Vec<i64>,
    /// Cots in the room.
    cots: i64,
    source: T,
    rate_plan_id: RatePlanId,
    /// Everything the guest owes for it.
    total_amount: Amount,
    total_paid: Amount,
    balance: Amount,
    /// The price of its nights as booked; stays after a cancellation.
    room_amount: Amount,
    notes: T,
    special_requests: T,
    is_room_locked: bool,
    is_day_use: bool,
    /// By the hotel's clock; before six in the morning it is after midnight of the arrival's night.
    expected_arrival_time: Option<ArrivalTime>,
    /// The guest arrives late: hold the room.
    is_late_arrival: bool,
    /// A late arrival was announced: by that mark, or by an hour after midnight.
    is_expected_late: bool,
    /// Until when a tentative booking's room is held, that day included.
    option_date: Option<Date>,
    /// Whose people stay, or who sent them.
    company_id: Option<CompanyId>,
    /// The group that it belongs to, and whose block it picks up.
    group_id: Option<GroupId>,
    /// How that option stands on the business date.
    option_state: Option<OptionState>,
    /// What is asked for before the arrival; `null` = nothing.
    deposit: Option<DepositView>,
    rate_kind: RateKind,
    /// Why nothing is charged; empty for a stay that is paid for.
    rate_kind_reason: String,
    created_at: Instant,
    updated_at: Instant,
    checked_in_at: Option<Instant>,
    checked_out_at: Option<Instant>,
    cancelled_at: Option<Instant>,
    version: i64,
    /// The arrival or departure that should have happened before the business date.
    overdue: Option<Overdue>,
    /// What its state and the business date allow to happen next.
    allowed_events: Vec<Event>,
}

/// The view of a row.
pub fn view<T>(r: Reservation<T>, property: &Property) -> ReservationView<T> {
    let (total, balance) = (r.total_amount(), r.balance());
    ReservationView {
        nights: r.check_in_date.days_until(r.check_out_date),
        total_amount: property.amount(total),
        total_paid: property.amount(r.paid_amount),
        balance: property.amount(balance),
        room_amount: property.amount(r.room_amount),
        overdue: r.overdue(property.business_date),
        deposit: asked_deposit::view(&r, property),
        allowed_events: r.allowed_events(property.business_date),
        id: r.id,
        confirmation_number: r.confirmation_number,
        status: r.status,
        guest_id: r.guest_id,
        guest_name: r.guest_name,
        guest_email: r.guest_email,
        guest_phone: r.guest_phone,
        room_id: r.room_id,
        room_number: r.room_number,
        room_type_id: r.room_type_id,
        room_type_name: r.room_type_name,
        check_in_date: r.check_in_date,
        check_out_date: r.check_out_date,
        adults: r.adults,
        children: r.children,
        children_ages: r.details.children_ages.list().to_vec(),
        cots: r.details.cots,
        source: r.source,
        rate_plan_id: r.rate_plan_id,
        notes: r.notes,
        special_requests: r.special_requests,
        is_room_locked: r.is_room_locked,
        is_day_use: r.is_day_use,
        expected_arrival_time: r.details.expected_arrival_time,
        is_late_arrival: r.details.is_late_arrival,
        is_expected_late: r.details.is_expected_late(),
        option_date: r.details.option_date,
        company_id: r.details.company_id,
        group_id: r.details.group_id,
        rate_kind: r.details.rate_kind,
        rate_kind_reason: r.details.rate_kind_reason,
        option_state: option_state(r.details.option_date, r.status, property.business_date),
        created_at: r.created_at,
        updated_at: r.updated_at,
        checked_in_at: r.checked_in_at,
        checked_out_at: r.checked_out_at,
        cancelled_at: r.cancelled_at,
        version: r.version,
    }
}

/// A night of a booking.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NightView {
    date: Date,
    rate: Amount,
    /// Taxes and levies that come on top of it.
    added_amount: Amount,
    /// What was agreed along with it: those beside the price come on top of that.
    extras: Vec<ExtraView>,
    /// Everything: the price, taxes and levies on top, and the extras beside it.
    amount: Amount,
    room_id: Option<RoomId>,
    room_number: Option<String>,
    is_posted: bool,
    is_rate_typed: bool,
}

/// What cancelling and not coming cost, as was agreed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CancellationView {
    /// Until when it is free; `null` = it always is.
    free_until: Option<Instant>,
    fee_now: Amount,
    /// What it costs from when on.
    steps: Vec<CancellationStep>,
    no_show_fee: Amount,
}

/// From an instant on, cancelling costs this.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CancellationStep {
    from: Instant,
    fee: Amount,
}

/// Another booking of the same party: rooms that were booked together.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartyMember {
    pub id: ReservationId,
    pub confirmation_number: String,
    pub guest_name: String,
    pub room_number: Option<String>,
    pub status: ReservationStatus,
}

/// A booking with its nights.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReservationDetail {
    #[serde(flatten)]
    reservation: ReservationView,
    /// The company's, or the agent's; empty = none.
    company_name: String,
    rate_plan_name: String,
    /// The group's; empty = none.
    group_name: String,
    nightly: Vec<NightView>,
    /// The other bookings of its party, if it has one.
    party: Vec<PartyMember>,
    cancellation: CancellationView,
    guest_is_vip: bool,
    /// What the house knows of the guest, from one stay to the next.
    guest_notes: String,
    /// The state of the room, when there is one.
    room_housekeeping: Option<Housekeeping>,
    room_occupancy: Option<Occupancy>,
}

/// The whole booking, read again from the database.
pub fn detail(conn: &Conn, r: Reservation) -> Result<ReservationDetail> {
    let property = settings::property(conn)?;
    // The night that an overdue guest's room is held for has no price yet.
    let nights = Itinerary::agreed(conn, &r, property.business_date)?;
    let mut nightly = Vec::with_capacity(nights.len());
    for n in nights.told(&r) {
        let room_number = match n.room_id {
            Some(room) if Some(room) == r.room_id => r.room_number.clone(),
            Some(room) => store::unit(conn, room)?.map(|(number, _)| number),
            None => None,
        };
        nightly.push(NightView {
            date: n.night,
            rate: property.amount(n.rate),
            added_amount: property.amount(n.added_to_price()),
            extras: extras::of_night(n, &property),
            amount: property.amount(n.rate + n.added_amount),
            room_id: n.room_id,
            room_number,
            is_posted: n.is_posted,
            is_rate_typed: n.is_rate_typed,
        });
    }
    let cancellation = cancellation_view(conn, &r, &nights, &property)?;
    let party = store::party_of(conn, r.id)?;
    let around = store::surroundings(conn, r.guest_id, r.room_id, r.rate_plan_id)?
        .ok_or_else(|| Error::NotFound(text!("This guest does not exist.")))?;
    let company_name = companies::name_of(conn, r.details.company_id)?;
    let group_name = groups::name_of(conn, r.details.group_id)?;
    Ok(ReservationDetail {
        company_name,
        rate_plan_name: around.rate_plan_name,
        group_name,
        reservation: view(r, &property),
        nightly,
        party,
        cancellation,
        guest_is_vip: around.guest_is_vip,
        guest_notes: around.guest_notes,
        room_housekeeping: around.room.map(|(housekeeping, _)| housekeeping),
        room_occupancy: around.room.map(|(_, occupancy)| occupancy),
    })
}

fn cancellation_view(conn: &Conn, r: &Reservation, nights: &[Night], property: &Property) -> Result<CancellationView> {
    let (policy, arrival) = (policies::find(conn, r.policy_id)?, arrival(r, property));
    let over = |fee: Fee| -> Result<Amount> { Ok(property.amount(taxed::fee(conn, r, fee.of(nights.iter().map(|n| n.rate)))?)) };
    let begin = |hours: i64| arrival.plus_hours(-hours);
    Ok(CancellationView {
        free_until: policy.free_until(arrival),
        fee_now: over(policy.cancellation_fee(arrival, conn.now()))?,
        steps: (policy.cancellation.iter())
            .map(|s| Ok(CancellationStep { from: begin(s.hours_before), fee: over(s.fee)? }))
            .collect::<Result<_>>()?,
        no_show_fee: over(policy.no_show)?,
    })
}
