//! The rate calendar: what every night of a year costs under each plan, by type, with its restrictions, and
//! how many rooms are sold beside it. Changes no price by itself; what is typed in cells goes through
//! `rates::changes` and `restrictions`.

pub mod api;
pub mod cells;
pub mod file;
pub mod import;
pub mod store;

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::civil;

use crate::db::Conn;
use crate::domain::date::{Date, Instant};
use crate::domain::id::{RatePlanId, RoomId, RoomTypeId};
use crate::domain::money::Money;
use crate::domain::restriction::Restrictions;
use crate::domain::wording::text;
use crate::error::{Fields, Result};
use crate::hotel::rates::api::nights;
use crate::hotel::rates::changes::alone;
use crate::hotel::rates::{self, RatePlan, Source};
use crate::hotel::restrictions;
use crate::hotel::rooms::inventory::{self, Asker};
use crate::hotel::rooms::{self, RoomType};
use crate::hotel::settings::{self, Property};
use crate::hotel::{Slice, restrictions::store::of_type};
use store::Taken;

pub const SLICE: Slice = Slice {
    name: "rate_calendar",
    is_workflow: true,
    endpoints: |_| api::endpoints().into_iter().chain(import::endpoints()).collect(),
    statements: &[store::STATEMENTS],
    ..Slice::EMPTY
};

/// Prices of one answer: nights by types by plans.
pub const MOST_PRICES: usize = 100_000;
/// Over how many days a pick-up is counted.
pub const PICK_UP_DAYS: i64 = 7;

/// Nights, and the plans and types that they are asked of.
pub struct Calendar {
    pub property: Property,
    pub nights: Vec<Date>,
    /// Those that are sold, or the one that was asked for.
    pub plans: Vec<RatePlan>,
    pub types: Vec<RoomType>,
    all_plans: Vec<RatePlan>,
}

/// What the nights of a type cost under a plan.
pub struct Prices {
    pub rates: Vec<Money>,
    /// Where the plan has a price of its own: it, night by night.
    pub own: Vec<Option<Money>>,
}

/// What holds on a night of a type under a plan, and what the plan itself says of it.
pub struct Held {
    pub night: Date,
    pub held: Restrictions,
    pub own: Restrictions,
}

/// The nights of a type as they are sold.
#[derive(Debug, Clone, Default)]
pub struct Occupancy {
    pub total_rooms: i64,
    pub sold: Vec<i64>,
    pub out_of_order: Vec<i64>,
    /// For groups that have not picked it up.
    pub held: Vec<i64>,
    /// Nights sold now less those that were [`PICK_UP_DAYS`] before.
    pub picked_up: Vec<i64>,
}

impl Calendar {
    /// # Errors
    /// `Invalid` for dates in the wrong order, for a plan or type that does not exist, and where there would be
    /// more than [`MOST_PRICES`].
    pub fn of(
        conn: &Conn,
        (from, to): (Date, Date),
        plan: Option<RatePlanId>,
        room_type: Option<RoomTypeId>,
    ) -> Result<Calendar> {
        nights(from, to)?;
        let all_plans = rates::all(conn)?;
        let mut fields = Fields::default();
        let wanted = |one: &&RatePlan| plan.map_or(one.is_active, |id| one.id == id);
        let plans: Vec<RatePlan> = all_plans.iter().filter(wanted).cloned().collect();
        fields.ensure(!plans.is_empty(), "rate_plan_id", text!("does not exist"));
        let mut types = rooms::all_types(conn)?;
        types.retain(|one| room_type.is_none_or(|id| one.id == id));
        fields.ensure(room_type.is_none() || !types.is_empty(), "room_type_id", text!("does not exist"));
        fields.finish()?;
        Calendar::over(conn, (from, to), plans, types)
    }

    /// The same of plans and types that are known.
    pub fn over(conn: &Conn, (from, to): (Date, Date), plans: Vec<RatePlan>, types: Vec<RoomType>) -> Result<Calendar> {
        let nights = nights(from, to)?;
        let count = nights.len() * types.len() * plans.len();
        let mut fields = Fields::default();
        fields.ensure(
            count <= MOST_PRICES,
            "to",
            text!("makes more than {prices} prices; ask for one plan or fewer nights", prices = MOST_PRICES),
        );
        fields.finish()?;
        Ok(Calendar { property: settings::property(conn)?, nights, plans, types, all_plans: rates::all(conn)? })
    }

    pub fn first(&self) -> Date {
        self.nights[0]
    }

    pub fn last(&self) -> Date {
        self.nights[self.nights.len() - 1]
    }

    /// The place of a date among the nights.
    pub fn place(&self, date: Date) -> Option<usize> {
        usize::try_from(self.first().days_until(date)).ok().filter(|at| *at < self.nights.len())
    }

    /// What a type costs under each of the plans. Each plan's own prices are read once, for those derived from it too.
    pub fn prices(&self, conn: &Conn, room_type: &RoomType) -> Result<Vec<Prices>> {
        let mut own: HashMap<RatePlanId, Vec<(Date, Money)>> = HashMap::new();
        for plan in self.with_parents() {
            own.insert(plan, rates::store::prices(conn, plan, room_type.id, self.first(), self.last())?);
        }
        let of = |plan: RatePlanId| Ok(Cow::Borrowed(own.get(&plan).map_or(&[][..], Vec::as_slice)));
        let exponent = || Ok(self.property.currency.exponent);
        let source = Source { own: &of, exponent: &exponent };
        let priced = |plan: &RatePlan| {
            let asked = alone(plan, room_type, self.property.business_date);
            let mut own_rates = vec![None; self.nights.len()];
            for (night, rate) in own.get(&plan.id).into_iter().flatten() {
                if let Some(at) = self.place(*night) {
                    own_rates[at] = Some(*rate);
                }
            }
            Ok(Prices { rates: rates::quote_from(&source, &self.all_plans, &asked, &self.nights)?, own: own_rates })
        };
        self.plans.iter().map(priced).collect()
    }

    /// The plans and all that they are derived from, each once.
    fn with_parents(&self) -> Vec<RatePlanId> {
        let parent_of = |id: &RatePlanId| {
            let plan = self.all_plans.iter().find(|plan| plan.id == *id);
            plan.and_then(|plan| plan.derivation).map(|d| d.parent_id)
        };
        let mut ids: Vec<RatePlanId> = Vec::new();
        for plan in &self.plans {
            ids.extend(std::iter::successors(Some(plan.id), parent_of).take(rates::MAX_LEVELS + 1));
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// What is restricted on the nights of a type under each of the plans; those without any are left out.
    pub fn restrictions(&self, conn: &Conn, room_type: RoomTypeId) -> Result<Vec<Vec<Held>>> {
        let rows = of_type(conn, room_type, self.first(), self.last())?;
        let of_plan = |plan: &RatePlan| {
            let levels = restrictions::levels(conn, plan.id)?;
            let held = rows.chunk_by(|a, b| a.night == b.night).map(|rows| Held {
                night: rows[0].night,
                held: restrictions::in_force(&levels, rows),
                own: restrictions::own(plan.id, rows),
            });
            let says = |one: &Held| one.held != Restrictions::default() || one.own != Restrictions::default();
            Ok(held.filter(says).collect())
        };
        self.plans.iter().map(of_plan).collect()
    }

    /// How the nights of each type are sold, in the order of the types.
    pub fn occupancy(&self, conn: &Conn) -> Result<Vec<Occupancy>> {
        let none = || vec![0; self.nights.len()];
        let empty = Occupancy { total_rooms: 0, sold: none(), out_of_order: none(), held: none(), picked_up: none() };
        let mut by_type = vec![empty; self.types.len()];
        let places: HashMap<RoomTypeId, usize> = self.types.iter().enumerate().map(|(at, one)| (one.id, at)).collect();
        let rooms = store::types_of_rooms(conn)?;
        let of_room: HashMap<RoomId, usize> =
            rooms.iter().filter_map(|(room, room_type)| Some((*room, *places.get(room_type)?))).collect();
        for at in of_room.values() {
            by_type[*at].total_rooms += 1;
        }
        store::taken(conn, self.first(), self.last(), |Taken { date, room, is_blocked }| {
            let (Some(night), Some(one)) = (self.place(date), of_room.get(&room)) else { return };
            let counts = if is_blocked { &mut by_type[*one].out_of_order } else { &mut by_type[*one].sold };
            counts[night] += 1;
        })?;
        // Who never came needed no room on a night that is over.
        let first = self.first().max(self.property.business_date);
        for (room_type, date, count) in store::promised(conn, first, self.last())? {
            if let (Some(night), Some(at)) = (self.place(date), places.get(&room_type)) {
                by_type[*at].sold[night] += count;
            }
        }
        for (room_type, date, count) in inventory::held_between(conn, first, self.last().next(), Asker::NOBODY)? {
            if let (Some(night), Some(at)) = (self.place(date), places.get(&room_type)) {
                by_type[*at].held[night] += count;
            }
        }
        let since = self.property.business_date.plus(-PICK_UP_DAYS).unwrap_or(self.property.business_date);
        store::picked_up(conn, (self.first(), self.last()), self.since(conn, since), |date, room, sold_as, count| {
            let at = room.and_then(|room| of_room.get(&room)).or_else(|| places.get(&sold_as));
            if let (Some(night), Some(at)) = (self.place(date), at) {
                by_type[*at].picked_up[night] += count;
            }
        })?;
        Ok(by_type)
    }

    /// The date whose end the pick-up counts from, and that moment.
    fn since(&self, conn: &Conn, date: Date) -> (Date, Instant) {
        (date, date.next().at(civil::Time::midnight(), &self.property.zone()).unwrap_or(conn.now()))
    }
}
