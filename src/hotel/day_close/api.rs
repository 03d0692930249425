//! `/api/day-close`: what is open and what will be posted, closing the day, deciding and taking back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::open::{self, DueBlock, Open, OpenCase, OpenRoom, OpenShift, OpenStay};
use super::preview::{self, Line};
use super::steps::{self, How, Undecided};
use super::store::About;
use super::{Choice, Decision, Done, Step, decisions, ledger, store, undo};
use crate::db::{Conn, Tx};
use crate::domain::arrival_time::ArrivalTime;
use crate::domain::date::{Date, Instant};
use crate::domain::id::{DecisionId, GroupId, ReservationId, RoomId, ShiftId};
use crate::domain::money::{Amount, Money};
use crate::domain::status::{Occupancy, ReservationStatus, words};
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::audit::Reason;
use crate::hotel::registration::Registered;
use crate::hotel::registration::rules::PersonField;
use crate::hotel::settings::{self, Property, day};
use crate::hotel::{backups, reservations};
use crate::http::endpoint::{Access, Call, Endpoint, NoBody, NoParams, Reply, command, query, task};
use crate::http::request::Method;
use crate::http::state::App;

pub fn endpoints() -> Vec<Endpoint> {
    use Method::{Delete, Post};
    vec![
        query(
            "/api/day-close",
            "find_day_close",
            Access::READ,
            "What is open on the business date, and what its close will post",
            &[],
            find,
        ),
        task(
            Post,
            "/api/day-close",
            "close_day",
            Access::DESK,
            "Close the business day, or go on with a close that was interrupted",
            close,
        ),
        command(
            Post,
            "/api/day-close/decisions",
            "decide",
            Access::DESK,
            "Decide what the close does with something that is open",
            decide,
        ),
        command(
            Delete,
            "/api/day-close/decisions/{id}",
            "take_back_decision",
            Access::DESK,
            "Take a choice back before the day is closed",
            take_back,
        ),
        command(
            Post,
            "/api/day-close/decisions/{id}/undo",
            "undo_decision",
            Access::DESK,
            "Take back what the close of the day before, or one that nobody has read of yet, has done",
            undo_decision,
        ),
    ]
}

/// What was decided.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DecisionView {
    id: DecisionId,
    choice: Choice,
    /// Nobody chose it: the unattended close did.
    is_default: bool,
    made_by: String,
}

impl From<Decision> for DecisionView {
    fn from(one: Decision) -> Self {
        DecisionView { id: one.id, choice: one.choice, is_default: one.is_default, made_by: one.made_by }
    }
}

/// A stay that is open.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpenStayView {
    reservation_id: ReservationId,
    confirmation_number: String,
    guest_name: String,
    room_number: Option<String>,
    room_type_name: String,
    status: ReservationStatus,
    check_in_date: Date,
    check_out_date: Date,
    balance: Amount,
    /// Of who has not come: the deposit, of which a no-show pays the fee; what is left of it is kept until it is refunded.
    paid_amount: Amount,
    expected_arrival_time: Option<ArrivalTime>,
    option_date: Option<Date>,
    /// What the close can do with it.
    choices: Vec<Choice>,
    /// What not coming, or a night more, puts on the bill.
    amount: Option<Amount>,
    decision: Option<DecisionView>,
}

/// The stays that are open for one reason.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpenGroup {
    case: OpenCase,
    /// The day is not closed before each of them is decided.
    must_be_decided: bool,
    total: i64,
    /// The first hundred of them.
    stays: Vec<OpenStayView>,
}

/// A cash drawer that nobody has counted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpenShiftView {
    shift_id: ShiftId,
    drawer_name: String,
    username: String,
    opened_at: Instant,
    decision: Option<DecisionView>,
}

/// A group's block that goes back on sale.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DueBlockView {
    group_id: GroupId,
    name: String,
    cut_off_date: Date,
}

/// A room, with who is told to be in it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpenRoomView {
    id: RoomId,
    room_number: String,
    occupancy: Occupancy,
}

/// Somebody in the house of whom something is missing that the country asks for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OpenPersonView {
    reservation_id: ReservationId,
    room_number: Option<String>,
    full_name: String,
    missing_fields: Vec<PersonField>,
}

/// What goes onto one bill.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PostingView {
    reservation_id: ReservationId,
    guest_name: String,
    room_number: Option<String>,
    nights: i64,
    amount: Amount,
}

/// What the close will post, with the decisions that there are.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PostingsView {
    nights: i64,
    room_amount: Amount,
    /// Extras that are sold along with the nights.
    extras_amount: Amount,
    /// Taxes and levies on top of the prices.
    taxes_amount: Amount,
    no_shows: i64,
    fees_amount: Amount,
    total_amount: Amount,
    bills: i64,
    /// The first hundred of them.
    items: Vec<PostingView>,
}

/// What of the day's books does not agree; 0 throughout where all does.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BooksView {
    is_balanced: bool,
    difference_amount: Amount,
    bills_off: i64,
}

/// A step of a close.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StepView {
    step: Step,
    /// Empty until it is done.
    at: Option<Instant>,
    by: Option<String>,
    count: i64,
    amount: Amount,
}

/// The open day, as its close will meet it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DayCloseView {
    business_date: Date,
    next_date: Date,
    /// Today on the hotel's wall calendar.
    calendar_date: Date,
    /// How many days the calendar is ahead of the business date.
    days_behind: i64,
    /// The next day lies beyond tomorrow by the calendar: an owner closes it, with a reason.
    needs_reason: bool,
    /// Nothing has been done on this day: the date may still go back.
    can_go_back: bool,
    /// A close has begun and is not at its end; whoever asks for it goes on with it.
    has_begun: bool,
    /// How many wait for somebody's decision.
    waiting: i64,
    /// The reasons that have stays, the most urgent first.
    open: Vec<OpenGroup>,
    shifts: Vec<OpenShiftView>,
    blocks: Vec<DueBlockView>,
    dirty_rooms: Vec<OpenRoomView>,
    /// Rooms of which housekeeping has seen another thing than the desk says.
    discrepancies: Vec<OpenRoomView>,
    /// Of whom in the house something is missing for the registration.
    unregistered: Vec<OpenPersonView>,
    /// How many of the others the authority was not told of yet.
    unsent: i64,
    books: BooksView,
    /// The newest back-up is too old.
    is_backup_late: bool,
    postings: PostingsView,
    steps: Vec<StepView>,
}

/// How many of a kind one answer shows.
const SHOWN: usize = 100;

fn find(conn: &Conn, _: NoParams) -> Result<DayCloseView> {
    let property = settings::property(conn)?;
    let today = property.business_date;
    let open = open::look(conn, today)?;
    let last = day::last_by_calendar(conn.now(), &property.zone());
    let close = store::find(conn, today)?;
    let done = close.as_ref().map(|close| store::steps(conn, close.id)).transpose()?.unwrap_or_default();
    let difference = ledger::difference(conn, today)?;
    let backup = backups::plan(conn)?;
    let is_kept = !property.is_demo && !conn.is_read_only();
    Ok(DayCloseView {
        business_date: today,
        next_date: today.next(),
        calendar_date: last.previous(),
        days_behind: today.days_until(last.previous()),
        needs_reason: today.next() > last,
        can_go_back: day::is_untouched(conn, today)?,
        has_begun: !done.is_empty(),
        waiting: i64::try_from(open.waiting()).unwrap_or(i64::MAX),
        postings: postings(&preview::lines(conn, today, &open)?, &property),
        open: groups(conn, &open, &property)?,
        shifts: open.shifts.into_iter().map(shift_view).collect(),
        blocks: open.blocks.into_iter().map(block_view).collect(),
        dirty_rooms: open.dirty_rooms.into_iter().map(room_view).collect(),
        discrepancies: open.discrepancies.into_iter().map(room_view).collect(),
        unregistered: open.unregistered.into_iter().take(SHOWN).map(person_view).collect(),
        unsent: i64::try_from(open.unsent).unwrap_or(i64::MAX),
        books: BooksView {
            is_balanced: difference.is_none(),
            difference_amount: property.amount(difference.ledgers),
            bills_off: difference.folios + difference.stays,
        },
        is_backup_late: is_kept && backup.overdue_at().is_some_and(|at| conn.now() >= at),
        steps: step_views(&done, &property),
    })
}

pub(super) fn step_views(done: &[Done], property: &Property) -> Vec<StepView> {
    let view = |step: &Step| {
        let found = done.iter().find(|one| one.step == *step);
        StepView {
            step: *step,
            at: found.map(|one| one.at),
            by: found.map(|one| one.by.clone()),
            count: found.map_or(0, |one| one.sums.count),
            amount: property.amount(Money(found.map_or(0, |one| one.sums.amount_minor))),
        }
    };
    Step::ALL.iter().map(view).collect()
}

fn groups(conn: &Conn, open: &Open, property: &Property) -> Result<Vec<OpenGroup>> {
    let mut groups = Vec::new();
    for case in OpenCase::ALL {
        let stays: Vec<&OpenStay> = open.stays.iter().filter(|stay| stay.case == *case).collect();
        if stays.is_empty() {
            continue;
        }
        let shown = stays.iter().take(SHOWN).map(|stay| stay_view(conn, stay, property)).collect::<Result<_>>()?;
        let total = i64::try_from(stays.len()).unwrap_or(i64::MAX);
        groups.push(OpenGroup { case: *case, must_be_decided: case.must_be_decided(), total, stays: shown });
    }
    Ok(groups)
}

fn stay_view(conn: &Conn, stay: &OpenStay, property: &Property) -> Result<OpenStayView> {
    let choices = stay.case.choices(stay.status);
    let amount = if choices.contains(&Choice::NoShow) {
        Some(preview::no_show(conn, stay)?.map_or(Money::ZERO, |line| line.amount()))
    } else if choices.contains(&Choice::Extend) {
        Some(preview::staying_on(conn, stay.id, property.business_date)?.amount())
    } else {
        None
    };
    Ok(OpenStayView {
        reservation_id: stay.id,
        confirmation_number: stay.confirmation_number.clone(),
        guest_name: stay.guest_name.clone(),
        room_number: stay.room_number.clone(),
        room_type_name: stay.room_type_name.clone(),
        status: stay.status,
        check_in_date: stay.check_in_date,
        check_out_date: stay.check_out_date,
        balance: property.amount(stay.balance),
        paid_amount: property.amount(stay.paid_amount),
        expected_arrival_time: stay.expected_arrival_time,
        option_date: stay.option_date,
        choices: choices.to_vec(),
        amount: amount.map(|amount| property.amount(amount)),
        decision: stay.decision.clone().map(DecisionView::from),
    })
}

fn shift_view(shift: OpenShift) -> OpenShiftView {
    OpenShiftView {
        shift_id: shift.id,
        drawer_name: shift.drawer_name,
        username: shift.username,
        opened_at: shift.opened_at,
        decision: shift.decision.map(DecisionView::from),
    }
}

fn block_view(block: DueBlock) -> DueBlockView {
    DueBlockView { group_id: block.id, name: block.name, cut_off_date: block.cut_off_date }
}

fn room_view(room: OpenRoom) -> OpenRoomView {
    OpenRoomView { id: room.id, room_number: room.room_number, occupancy: room.occupancy }
}

fn person_view(one: Registered) -> OpenPersonView {
    OpenPersonView {
        reservation_id: one.stay.id,
        room_number: one.stay.room_number,
        full_name: one.person.full_name,
        missing_fields: one.missing,
    }
}

fn postings(lines: &[Line], property: &Property) -> PostingsView {
    let sum = |of: fn(&Line) -> Money| property.amount(lines.iter().map(of).sum());
    let item = |line: &Line| PostingView {
        reservation_id: line.id,
        guest_name: line.guest_name.clone(),
        room_number: line.room_number.clone(),
        nights: line.nights,
        amount: property.amount(line.amount()),
    };
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    PostingsView {
        nights: lines.iter().map(|line| line.nights).sum(),
        room_amount: sum(|line| line.room),
        extras_amount: sum(|line| line.extras),
        taxes_amount: sum(|line| line.taxes),
        no_shows: count(lines.iter().filter(|line| !line.fee.is_zero()).count()),
        fees_amount: sum(|line| line.fee),
        total_amount: sum(Line::amount),
        bills: count(lines.len()),
        items: lines.iter().take(SHOWN).map(item).collect(),
    }
}

words!(
    /// What becomes of that which nobody has decided.
    UndecidedChoice {
        /// The day is not closed then.
        Ask = "ask",
        /// It stays open, and is told of on the next day.
        Carry = "carry",
    }
);

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseRequest {
    /// The day that is closed, so that nobody closes the next one unawares.
    business_date: Date,
    /// ask when left out.
    undecided: Option<UndecidedChoice>,
    /// Why the day is closed ahead of the calendar, which is an owner's to do.
    reason: Option<Reason>,
}

/// A booking whose room is still another guest's.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DisplacedView {
    reservation_id: ReservationId,
    guest_name: String,
    /// Where it is now; empty when no room of the type was left.
    room_number: Option<String>,
    /// Whose staying on it made way for.
    overdue_guest_name: String,
    overdue_room_number: Option<String>,
}

/// A day that is closed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClosedDayView {
    /// The day that is open now.
    business_date: Date,
    /// The bookings that lost their room, since a guest who was to leave it is still in it.
    displaced: Vec<DisplacedView>,
    steps: Vec<StepView>,
}

fn close(app: &App, call: &Call, _: NoParams, body: CloseRequest) -> Result<Reply<ClosedDayView>> {
    let reason = body.reason.unwrap_or_default().checked().map_err(|message| Error::invalid("reason", message))?;
    let undecided = match body.undecided.unwrap_or(UndecidedChoice::Ask) {
        UndecidedChoice::Ask => Undecided::Ask,
        UndecidedChoice::Carry => Undecided::Carry,
    };
    let how = How { date: body.business_date, undecided, reason };
    steps::close(app, &call.context, &how)?;
    let view = app.db.read(&call.context, move |conn| closed(conn, how.date))?;
    Ok(Reply::of(view))
}

fn closed(conn: &Conn, date: Date) -> Result<ClosedDayView> {
    let property = settings::property(conn)?;
    let done = store::find(conn, date)?.map(|close| store::steps(conn, close.id)).transpose()?.unwrap_or_default();
    let mut displaced = Vec::new();
    for (id, by) in done.iter().flat_map(|one| &one.sums.displaced) {
        let (stay, by) = (reservations::find(conn, ReservationId(*id))?, reservations::find(conn, ReservationId(*by))?);
        displaced.push(DisplacedView {
            reservation_id: stay.id,
            guest_name: stay.guest_name,
            room_number: stay.room_number,
            overdue_guest_name: by.guest_name,
            overdue_room_number: by.room_number,
        });
    }
    Ok(ClosedDayView { business_date: property.business_date, displaced, steps: step_views(&done, &property) })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionRequest {
    /// The stay that it is about; or the shift.
    reservation_id: Option<ReservationId>,
    shift_id: Option<ShiftId>,
    choice: Choice,
}

fn decide(tx: &Tx, _: NoParams, body: DecisionRequest) -> Result<DecisionView> {
    let about = match (body.reservation_id, body.shift_id) {
        (Some(stay), None) => About::Stay(stay),
        (None, Some(shift)) => About::Shift(shift),
        (Some(_), Some(_)) | (None, None) => {
            return Err(Error::invalid("reservation_id", text!("must be given, or a shift instead")));
        }
    };
    decisions::decide(tx, about, body.choice).map(DecisionView::from)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByDecision {
    id: DecisionId,
}

fn take_back(tx: &Tx, at: ByDecision, _: NoBody) -> Result<()> {
    decisions::take_back(tx, at.id)
}

fn undo_decision(tx: &Tx, at: ByDecision, _: NoBody) -> Result<DecisionView> {
    undo::undo(tx, at.id).map(DecisionView::from)
}
