//! The demo hotel before its first guest: the property, its staff, what it
//! sells and for how much, and what is under repair.

use super::folio::EXTRAS;
use super::{DemoHashes, DemoOptions, season};
use crate::db::Tx;
use crate::domain::actor::Role;
use crate::domain::date::Date;
use crate::domain::id::{PolicyId, RoomId, RoomTypeId};
use crate::domain::money::{Currency, Money};
use crate::domain::percent::Percent;
use crate::domain::status::{BlockKind, Housekeeping};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::articles::{self, NewArticle};
use crate::hotel::policies::{self, Fee, MAX_HOURS, Policy};
use crate::hotel::rates::conditions::{Conditions, Discount};
use crate::hotel::rates::extras::PlanExtras;
use crate::hotel::rates::{self, BAR, Derivation, NewRatePlan, Offset};
use crate::hotel::rooms::party_price::PartyPrice;
use crate::hotel::rooms::{self, Floor, NewRoom, NewRoomType, RoomNotes, blocks};
use crate::hotel::settings::{self, NewProperty};
use crate::hotel::users::{self, NewUser};

/// Java keeps UTC+7 the year round.
pub const TIME_ZONE: &str = "Asia/Jakarta";

/// What the hotel sells: name, code, share of its rooms in percent, adults,
/// children, beds, price, amenities.
struct Sold {
    name: &'static str,
    code: &'static str,
    share: usize,
    adults: i64,
    children: i64,
    beds: &'static str,
    rate: i64,
    amenities: &'static [&'static str],
}

#[rustfmt::skip]
const SOLD: &[Sold] = &[
    Sold { name: "Standard", code: "STD", share: 30, adults: 2, children: 1, beds: "1 queen bed", rate: 450_000, amenities: &["Wi-Fi", "Air conditioning", "Shower"] },
    Sold { name: "Superior", code: "SUP", share: 30, adults: 2, children: 1, beds: "1 king bed or 2 single beds", rate: 600_000, amenities: &["Wi-Fi", "Air conditioning", "Shower", "Desk"] },
    Sold { name: "Deluxe", code: "DLX", share: 22, adults: 3, children: 1, beds: "1 king bed", rate: 850_000, amenities: &["Wi-Fi", "Air conditioning", "Bathtub", "Balcony", "Minibar"] },
    Sold { name: "Family", code: "FAM", share: 10, adults: 4, children: 3, beds: "1 king bed and 2 single beds", rate: 1_250_000, amenities: &["Wi-Fi", "Air conditioning", "Bathtub", "Kitchenette"] },
    Sold { name: "Suite", code: "STE", share: 8, adults: 4, children: 2, beds: "1 king bed and a sofa bed", rate: 2_100_000, amenities: &["Wi-Fi", "Air conditioning", "Bathtub", "Balcony", "Minibar", "Living room"] },
];

const VIEWS: [&str; 5] = ["Garden", "Street", "Pool", "City", "Mountain"];

/// A room type of the finished house.
#[derive(Debug, Clone)]
pub struct Kind {
    pub id: RoomTypeId,
    pub name: &'static str,
    pub rate: Money,
    pub adults: i64,
    pub children: i64,
    pub rooms: usize,
}

/// A room of the finished house.
#[derive(Debug, Clone)]
pub struct Room {
    pub id: RoomId,
    pub number: String,
    /// The place of its type.
    pub kind: usize,
    /// Nights that a block has taken.
    pub blocked: Option<(Date, Date)>,
}

/// The house, ready for guests.
#[derive(Debug, Clone)]
pub struct House {
    pub policy_id: PolicyId,
    pub kinds: Vec<Kind>,
    pub rooms: Vec<Room>,
}

/// Lays the house down in an empty data file.
pub fn build(tx: &Tx, options: &DemoOptions, hashes: &DemoHashes) -> Result<House> {
    if settings::store::find(tx)?.is_some() || users::store::has_any(tx)? {
        let detail = text!("This data file has a hotel in it already; the demo hotel wants an empty one.");
        return Err(Error::refused(Code::AlreadySetUp, detail));
    }
    let policy_id = property(tx, options.business_date)?;
    staff(tx, hashes)?;
    let kinds = kinds(tx, usize::try_from(options.rooms).unwrap_or(1))?;
    let mut rooms = build_rooms(tx, &kinds)?;
    prices(tx, &kinds, options.business_date)?;
    sell_extras(tx)?;
    repairs(tx, &mut rooms, options.business_date)?;
    Ok(House { policy_id, kinds, rooms })
}

fn property(tx: &Tx, business_date: Date) -> Result<PolicyId> {
    let currency = Currency::of("IDR").ok_or_else(|| Error::internal("the rupiah is unknown"))?;
    let name = "Hotel Seruni".to_owned();
    let (time_zone, locale) = (TIME_ZONE.to_owned(), "id-ID".to_owned());
    settings::create(tx, &NewProperty { name, currency, time_zone, locale, business_date, is_demo: true })?;
    let mut p = settings::property(tx)?;
    p.address = "Jalan Seruni 8, Bandung 40115, Indonesia".to_owned();
    p.phone = "+62 22 5550 0123".to_owned();
    p.email = "desk@seruni.example".to_owned();
    p.policy_id = policies::id_of(tx, &Policy::simple(24, Fee::FIRST_NIGHT, Fee::FIRST_NIGHT))?;
    settings::store::update(tx, &p)?;
    Ok(p.policy_id)
}

fn staff(tx: &Tx, hashes: &DemoHashes) -> Result<()> {
    let accounts = [
        ("admin", "Sari Wijaya", Role::Owner),
        ("manager", "Budi Santoso", Role::Manager),
        ("reception", "Dewi Lestari", Role::Receptionist),
        ("housekeeping", "Putu Rahayu", Role::Housekeeper),
        ("auditor", "Agus Pratama", Role::ReadOnly),
    ];
    for (username, full_name, role) in accounts {
        let hash = if role == Role::Owner { &hashes.owner } else { &hashes.staff };
        let new = NewUser { username: username.into(), full_name: full_name.into(), role, password_hash: hash.clone() };
        users::create(tx, &new)?;
    }
    Ok(())
}

/// The types, as many as there are rooms for, each with its number of rooms.
fn kinds(tx: &Tx, rooms: usize) -> Result<Vec<Kind>> {
    let sold = &SOLD[..rooms.clamp(1, SOLD.len())];
    let shares: usize = sold.iter().map(|s| s.share).sum();
    let mut counts: Vec<usize> = sold.iter().map(|s| (rooms * s.share / shares).max(1)).collect();
    // What rounding left over (or took too much of) is the first type's.
    let others: usize = counts[1..].iter().sum();
    counts[0] = rooms.saturating_sub(others).max(1);
    let mut kinds = Vec::new();
    for (at, (s, rooms)) in sold.iter().zip(counts).enumerate() {
        let new = NewRoomType {
            name: s.name.into(),
            code: s.code.into(),
            capacity_adults: s.adults.into(),
            capacity_children: s.children.into(),
            bed_config: s.beds.into(),
            default_rate: Money(s.rate),
            max_cots: 1.into(),
            party_price: PartyPrice::default(),
            amenities: s.amenities.iter().map(|a| (*a).into()).collect(),
            sort_order: i64::try_from(at).unwrap_or(0).into(),
        };
        let id = rooms::create_type(tx, &new)?.id;
        kinds.push(Kind { id, name: s.name, rate: Money(s.rate), adults: s.adults, children: s.children, rooms });
    }
    Ok(kinds)
}

/// Rooms numbered by floor, the better ones further up.
fn build_rooms(tx: &Tx, kinds: &[Kind]) -> Result<Vec<Room>> {
    let total: usize = kinds.iter().map(|k| k.rooms).sum();
    let a_floor = match total {
        ..=60 => 10,
        61..=120 => 12,
        121..=400 => 20,
        _ => 50,
    };
    let kinds_of_rooms = kinds.iter().enumerate().flat_map(|(at, k)| std::iter::repeat_n(at, k.rooms));
    let mut rooms = Vec::with_capacity(total);
    for (at, kind) in kinds_of_rooms.enumerate() {
        let (floor, place) = (at / a_floor + 1, at % a_floor + 1);
        let number = (floor * 100 + place).to_string();
        let new = NewRoom {
            room_number: number.clone().into(),
            floor: i64::try_from(floor).ok().map(Floor::from),
            room_type_id: kinds[kind].id,
            view_type: VIEWS[(at * 7 + floor) % VIEWS.len()].into(),
            notes: RoomNotes::default(),
            housekeeping: Housekeeping::Clean,
        };
        rooms.push(Room { id: rooms::create(tx, &new)?.id, number, kind, blocked: None });
    }
    Ok(rooms)
}

/// A month behind and thirteen ahead: what a desk quotes.
fn prices(tx: &Tx, kinds: &[Kind], business_date: Date) -> Result<()> {
    let nights: Vec<Date> = (-30..=400).filter_map(|days| business_date.plus(days)).collect();
    for kind in kinds {
        let mut priced: Vec<(Money, Date)> = nights.iter().map(|n| (season::rate(kind.rate, *n), *n)).collect();
        priced.sort();
        for same in priced.chunk_by(|a, b| a.0 == b.0) {
            let dates: Vec<Date> = same.iter().map(|(_, night)| *night).collect();
            rates::store::set_prices(tx, BAR, kind.id, &dates, same[0].0)?;
        }
    }
    let all = Fee::percent(Percent::HUNDRED);
    let not_refunded = policies::id_of(tx, &Policy::simple(MAX_HOURS, all, all))?;
    let week = Discount { from: 7, percent: Percent::whole(20) };
    let from_a_week = Conditions { long_stay: Some(week), ..Conditions::default() };
    for (code, name, percent, policy_id, conditions) in [
        ("NRF", "Non-refundable", -10, Some(not_refunded), Conditions::default()),
        ("CORP", "Corporate", -15, None, Conditions::default()),
        ("LONG", "Seven nights or more", 0, None, from_a_week),
    ] {
        let derivation = Some(Derivation { parent_id: BAR, offset: Offset::Percent(Percent::whole(percent)) });
        let (code, name) = (code.into(), name.into());
        rates::create(
            tx,
            &NewRatePlan { code, name, derivation, policy_id, conditions, extras: PlanExtras::default(), is_active: true },
        )?;
    }
    Ok(())
}

/// What guests have beside their rooms.
fn sell_extras(tx: &Tx) -> Result<()> {
    for (_, (name, price, is_food)) in EXTRAS {
        let price = Some(Money(*price));
        let new = NewArticle {
            name: (*name).to_owned(),
            price,
            tax_group_id: None,
            is_favourite: true,
            is_food: *is_food,
            is_active: true,
        };
        articles::create(tx, &new)?;
    }
    Ok(())
}

/// One room cannot be sold today, another can with a warning. Room 1 is spared.
fn repairs(tx: &Tx, rooms: &mut [Room], business_date: Date) -> Result<()> {
    let days = |n| business_date.plus(n).unwrap_or(business_date);
    let (broken, worn) = (rooms.len() * 2 / 5, rooms.len() * 4 / 5);
    if broken == 0 || worn == broken {
        return Ok(());
    }
    let block = |at: usize, kind, start_date, end_date, reason: &str| blocks::NewBlock {
        room_id: rooms[at].id,
        kind,
        start_date,
        end_date,
        reason: reason.into(),
        return_state: Housekeeping::Dirty,
    };
    let leak = block(broken, BlockKind::OutOfOrder, days(-2), days(4), "Leaking pipe in the bathroom");
    let screen = block(worn, BlockKind::OutOfService, days(-1), days(6), "Television without a picture");
    blocks::create(tx, &leak)?;
    blocks::create(tx, &screen)?;
    rooms[broken].blocked = Some((leak.start_date, leak.end_date));
    rooms::store::set_housekeeping(tx, rooms[broken].id, Housekeeping::Dirty)
}
