//! What each operation does to the house, and why it is refused.
//!
//! An operation is carried out as wished; whether it may stand is then asked of
//! the house as a whole (`House::clashes`).

use std::collections::BTreeMap;

use super::house::{
    Block, Cents, Day, House, ILLEGAL, INVALID, Line, NONE_FREE, NOT_READY, Night, Party, Payment, Reasons, Status, Stay, Step,
    TAKEN, WRONG_DATE, days_of,
};
use super::operation::{Booking, Change, Operation, Price, Target};

impl House {
    /// Carries the operation out; on refusal the house is to be thrown away.
    pub fn apply(&mut self, operation: &Operation, target: &Target) -> Reasons {
        let before = &self.clone();
        let refused = match target {
            Target::Stay(stay) => self.apply_to_stay(operation, *stay),
            Target::Stays(stays) => self.pay_together(operation, stays),
            Target::Payment(payment) => match operation {
                Operation::VoidPayment(_) => self.void_payment(*payment),
                Operation::Refund(_, cents) => self.refund(*payment, *cents),
                _ => unreachable!("only these are about payments"),
            },
            Target::Line(line) => self.void_line(*line),
            Target::Block(block) => self.release_block(*block),
            Target::Group(group) => match operation {
                Operation::SetCell { kind, night, rooms, .. } => self.set_cell(*group, *kind, *night, *rooms),
                _ => self.release_group(*group),
            },
            Target::Nothing => self.apply_to_house(operation),
        };
        if !refused.is_empty() {
            return refused;
        }
        (0..self.stays.len()).for_each(|i| self.hold_tonight(i));
        self.clashes(before, matches!(operation, Operation::NextDay))
    }

    /// Whether a change leaves less than nothing on the bill of an open stay.
    pub fn overdraws(&self, before: &House, target: &Target) -> bool {
        let Target::Stay(stay) = target else { return false };
        let (was, is) = (before.total(*stay), self.total(*stay));
        is < 0 && is < was
    }

    fn apply_to_stay(&mut self, operation: &Operation, stay: usize) -> Reasons {
        match operation {
            Operation::Change(_, change) => self.change(stay, change),
            Operation::Stale(_) => vec!["stale-version"],
            Operation::Move { room, from, is_rerated, override_dirty, .. } => {
                let from = from.map(|n| self.stays[stay].arrival + n);
                self.move_stay(stay, *room, from, *is_rerated, *override_dirty)
            }
            Operation::Extend { nights, room, make_way, total, .. } => self.extend(stay, *nights, *room, *make_way, *total),
            Operation::CheckIn { room, override_dirty, .. } => self.check_in(stay, *room, *override_dirty),
            Operation::CheckOut { settle, .. } => self.check_out(stay, *settle),
            Operation::Cancel { is_waived, has_reason, .. } => self.cancel(stay, *is_waived, *has_reason),
            Operation::NoShow(_) => self.no_show(stay),
            Operation::Undo(_) => self.undo(stay),
            Operation::Pay(_, cents) => self.pay(stay, *cents),
            Operation::Charge { kind, quantity, cents, .. } => self.charge(stay, kind, *quantity, *cents),
            _ => unreachable!("only these are about one stay"),
        }
    }

    fn apply_to_house(&mut self, operation: &Operation) -> Reasons {
        match operation {
            Operation::Book(booking) => return self.book(booking),
            Operation::Block { room, is_out_of_order, from, days, returns } => {
                return self.block(*room, *is_out_of_order, self.today + from, *days, returns);
            }
            Operation::Group { kind, from, nights, rooms, cut_off } => {
                return self.found_group(*kind, self.today + from, *nights, *rooms, *cut_off);
            }
            Operation::Leap => return vec![WRONG_DATE],
            Operation::NextDay => return self.next_day(),
            Operation::Clean(room, state) => self.rooms[*room].state = state,
            Operation::Wait { minutes } => self.minute += minutes,
            Operation::SetPrice { kind, from, days, cents } => {
                for day in self.today + from..=self.today + from + days {
                    match cents {
                        Some(cents) => self.prices.insert((*kind, day), *cents),
                        None => self.prices.remove(&(*kind, day)),
                    };
                }
            }
            Operation::SetPackage(is_sold) => self.sells_package = *is_sold,
            Operation::SetPolicy(policy) => self.policy = *policy,
            _ => unreachable!("the others are about something"),
        }
        Reasons::new()
    }

    pub fn night(&self, kind: usize, day: Day, room: Option<usize>, is_by_day: bool, party: Party) -> Night {
        let cents = self.quote(kind, day);
        let has_package = self.sells_package;
        Night { room, sold_as: kind, cents, is_typed: false, is_held: true, is_posted: false, is_by_day, party, has_package }
    }

    fn book(&mut self, b: &Booking) -> Reasons {
        let mut no = Reasons::new();
        let arrival = self.today + b.from;
        let departure = arrival + b.nights;
        let Some(kind) = b.kind.or(b.room.map(|r| self.rooms[r].kind)) else { return vec![INVALID] };
        if arrival < self.today || b.adults + b.children == 0 {
            no.push(INVALID);
        }
        let (is_by_day, party) = (b.nights == 0, (b.adults, b.children));
        let mut nights: BTreeMap<Day, Night> =
            days_of(arrival, departure).into_iter().map(|day| (day, self.night(kind, day, b.room, is_by_day, party))).collect();
        no.extend(type_prices(&mut nights, &b.price, arrival));
        self.stays.push(Stay {
            status: if b.is_tentative { Status::Tentative } else { Status::Confirmed },
            kind,
            room: b.room,
            arrival,
            departure,
            is_locked: false,
            nights,
            policy: self.policy,
            arrived_on: None,
            left_on: None,
            planned: None,
            is_by_day,
            party,
            group: b.group.and_then(|n| self.which_group(n)),
            steps: Vec::new(),
        });
        no
    }

    fn change(&mut self, i: usize, c: &Change) -> Reasons {
        let mut no = Reasons::new();
        self.let_go_of_tonight(i, self.today);
        let (today, old) = (self.today, self.stays[i].clone());
        let mut stay = old.clone();
        if c.is_confirmed && old.status != Status::Confirmed {
            match old.status {
                Status::Tentative => stay.status = Status::Confirmed,
                _ => no.push(ILLEGAL),
            }
        }
        stay.is_locked = c.lock.unwrap_or(old.is_locked);
        stay.group = c.group.map_or(old.group, |n| n.and_then(|n| self.which_group(n)));
        let touches = c.arrival.is_some() || c.departure.is_some() || c.room.is_some() || c.kind.is_some() || c.adults.is_some();
        if touches || c.is_rerated || !matches!(c.price, Price::Quoted) {
            if !old.status.is_open() {
                return vec![ILLEGAL];
            }
            stay.arrival = c.arrival.map_or(old.arrival, |n| old.arrival + n);
            stay.departure = c.departure.map_or(old.departure, |n| stay.arrival + n);
            if stay.departure < stay.arrival {
                return [no, vec![INVALID]].concat();
            }
            stay.is_by_day = stay.arrival == stay.departure;
            stay.party = c.adults.map_or(old.party, |adults| (adults, 0));
            no.extend(check_change(&old, &stay, c, today));
            if c.adults == Some(0) {
                no.push(INVALID);
            }
            if no.is_empty() {
                no.extend(self.change_nights(&old, &mut stay, c));
            }
        }
        stay.steps.push(Step::Other);
        self.stays[i] = stay;
        no
    }

    /// Kept nights keep their price; added ones are quoted; rooms change for what is to come.
    fn change_nights(&self, old: &Stay, stay: &mut Stay, c: &Change) -> Reasons {
        let (today, days) = (self.today, stay.days());
        let was_stayed = |day: Day, n: &Night| stay.is_overdue(today) && !n.is_by_day && day >= stay.departure;
        let is_kept = |day: Day, n: &Night| was_stayed(day, n) || (n.is_by_day == stay.is_by_day && days.contains(&day));
        let kept: BTreeMap<Day, Night> =
            stay.nights.iter().filter(|(d, n)| n.is_posted || is_kept(**d, n)).map(|(d, n)| (*d, *n)).collect();
        stay.nights = kept;
        let party = stay.party;
        // Who slept there did.
        let in_house = old.status == Status::CheckedIn;
        let to_come = |day: Day| !in_house || day >= today;
        stay.nights.iter_mut().filter(|(d, n)| !n.is_posted && to_come(**d)).for_each(|(_, n)| n.party = party);
        stay.kind = c.kind.unwrap_or(old.kind);
        let new_room = match c.room {
            Some(room) if room != old.room => Some(room),
            None if stay.kind != old.kind && !in_house => Some(None),
            _ => None,
        };
        let from = if stay.last_day() >= today { today } else { Day::MIN };
        for (_, night) in stay.nights.iter_mut().filter(|(day, n)| **day >= from && !n.is_posted) {
            night.sold_as = c.kind.unwrap_or(night.sold_as);
            night.room = new_room.unwrap_or(night.room);
        }
        let edge = |night: Option<(&Day, &Night)>| night.map(|(day, n)| (*day, n.room));
        let (first, last) = (edge(stay.nights.first_key_value()), edge(stay.nights.last_key_value()));
        let missing: Vec<Day> = days.into_iter().filter(|day| !stay.nights.contains_key(day)).collect();
        for day in missing {
            let beside = match (first, last) {
                (Some((start, room)), _) if day < start => room,
                // Who is in the house stays in the room that is slept in.
                (_, Some((end, _))) if in_house && end < today => old.room,
                (_, Some((_, room))) => room,
                _ => old.room,
            };
            // The chosen room is for what is to come.
            let room = new_room.filter(|_| day >= from).unwrap_or(beside);
            let night = self.night(stay.kind, day, room, stay.is_by_day, stay.party);
            stay.nights.insert(day, night);
        }
        if c.is_rerated {
            // Nights that were slept keep their price; the others have that of what each is sold as.
            let is_slept = |day: Day| in_house && day < today;
            for (day, night) in stay.nights.iter_mut().filter(|(d, n)| !n.is_posted && !n.is_typed && !is_slept(**d)) {
                night.sold_as = c.kind.unwrap_or(night.sold_as);
                (night.cents, night.has_package) = (self.quote(night.sold_as, *day), self.sells_package);
            }
        }
        if !in_house {
            stay.room = stay.next_room(today);
        }
        type_prices(&mut stay.nights, &c.price, stay.arrival)
    }

    fn move_stay(&mut self, i: usize, room: usize, from: Option<Day>, is_rerated: bool, override_dirty: bool) -> Reasons {
        let (today, old) = (self.today, self.stays[i].clone());
        if !old.status.is_open() {
            return vec![ILLEGAL];
        }
        let in_house = old.status == Status::CheckedIn;
        let mut no = Reasons::new();
        let to_come = in_house || old.last_day() >= today;
        let earliest = if to_come { old.arrival.max(today) } else { old.arrival };
        let from = from.unwrap_or(earliest);
        if in_house && from != earliest {
            no.extend([WRONG_DATE, INVALID]);
        }
        if !in_house && !(old.arrival..=old.last_day()).contains(&from) {
            no.push(INVALID);
        }
        if in_house {
            no.extend(self.readiness(room, i, override_dirty));
        }
        let quotes: Vec<(Day, Cents)> = old.nights.keys().map(|d| (*d, self.quote(self.rooms[room].kind, *d))).collect();
        let (kind, has_package) = (self.rooms[room].kind, self.sells_package);
        let stay = &mut self.stays[i];
        let from = from.max(earliest);
        for ((day, night), (_, quote)) in stay.nights.iter_mut().zip(quotes).filter(|((day, _), _)| **day >= from) {
            if !night.is_posted || *day >= today {
                night.room = Some(room);
            }
            if is_rerated && !night.is_posted && !night.is_typed {
                (night.cents, night.sold_as, night.has_package) = (quote, kind, has_package);
            }
        }
        stay.room = if in_house { Some(room) } else { stay.next_room(today) };
        stay.steps.push(Step::Move { nights: old.held().map(|(d, n)| (d, *n)).collect(), room: old.room });
        if in_house && old.room != Some(room) {
            self.leave_dirty(old.room);
        }
        no
    }

    /// Nobody in it, and not dirty.
    fn readiness(&self, room: usize, own: usize, override_dirty: bool) -> Reasons {
        let is_dirty = self.rooms[room].state == "dirty" && !override_dirty;
        if is_dirty || self.occupant(room, Some(own)).is_some() { vec![NOT_READY] } else { Reasons::new() }
    }

    fn leave_dirty(&mut self, room: Option<usize>) {
        if let Some(room) = room {
            self.rooms[room].state = "dirty";
        }
    }

    fn extend(&mut self, i: usize, nights: i64, room: Option<usize>, make_way: bool, total: Option<Cents>) -> Reasons {
        self.let_go_of_tonight(i, self.today);
        let (today, old) = (self.today, self.stays[i].clone());
        if !old.status.is_open() {
            return vec![ILLEGAL];
        }
        if nights <= 0 {
            return vec![INVALID];
        }
        let mut stay = old.clone();
        stay.departure = old.departure + nights;
        stay.is_by_day = false;
        // A day becomes the first night; what is posted of it stays paid for.
        stay.nights.retain(|_, n| !n.is_by_day || n.is_posted);
        stay.nights.values_mut().for_each(|n| n.is_by_day = false);
        let in_house = old.status == Status::CheckedIn;
        let last = old.held().last().map_or(old.room, |(day, n)| if in_house && day < today { old.room } else { n.room });
        let room = room.map_or(last, Some);
        let added: Vec<Day> =
            (old.last_day().min(old.departure)..stay.departure).filter(|d| !stay.nights.contains_key(d)).collect();
        for day in &added {
            stay.nights.insert(*day, self.night(old.kind, *day, room, false, old.party));
        }
        if !in_house {
            stay.room = stay.next_room(today);
        }
        let price = total.map_or(Price::Quoted, Price::Total);
        let no = type_prices(&mut stay.nights, &price, stay.arrival);
        let nights = old.held().map(|(day, n)| (day, *n)).collect();
        stay.steps.push(Step::Extend { nights, departure: old.departure, on: today });
        self.stays[i] = stay;
        match room {
            Some(room) if make_way && no.is_empty() => self.make_way(i, room, &added),
            _ => no,
        }
    }

    /// Gives those who stand in the way the first room of the kind that is free for them.
    fn make_way(&mut self, i: usize, room: usize, added: &[Day]) -> Reasons {
        while let Some(other) = self.in_the_way(i, room, added) {
            let refused = self.give_way(other, &[room]);
            if !refused.is_empty() {
                return refused;
            }
            // What is over of a late arrival stays in the room that it had.
            if self.in_the_way(i, room, added) == Some(other) {
                return vec![TAKEN];
            }
        }
        Reasons::new()
    }

    /// Gives a stay that has not begun another room, none of the taken ones.
    fn give_way(&mut self, other: usize, taken: &[usize]) -> Reasons {
        if !self.stays[other].status.is_coming() || self.stays[other].is_locked {
            return vec![TAKEN];
        }
        let Some(elsewhere) = self.other_room(other, taken) else { return vec![NONE_FREE] };
        self.put(other, Some(elsewhere), &[]);
        Reasons::new()
    }

    /// The first room of its kind, none of the taken ones, that is free for what is to come of a stay.
    pub fn other_room(&self, other: usize, taken: &[usize]) -> Option<usize> {
        let (today, it) = (self.today, &self.stays[other]);
        let kind = it.room.map_or(it.kind, |r| self.rooms[r].kind);
        let needs: Vec<Day> = it.days().into_iter().filter(|d| *d >= today).collect();
        // What is over stays where it was.
        if needs.is_empty() {
            return None;
        }
        let suits =
            |r: &usize| !taken.contains(r) && self.rooms[*r].kind == kind && self.is_free(*r, &needs, it.is_by_day, other);
        let mut offered: Vec<usize> = (0..self.rooms.len()).collect();
        if needs.first().is_some_and(|day| *day <= today) {
            offered.sort_by_key(|room| self.place_in_offer(*room));
        }
        offered.into_iter().find(suits)
    }

    /// The nights to come in a room or in none, and those that are lost in none.
    pub fn put(&mut self, other: usize, room: Option<usize>, lost: &[Day]) {
        let (today, it) = (self.today, self.stays[other].clone());
        let stay = &mut self.stays[other];
        for (day, night) in stay.nights.iter_mut() {
            if lost.contains(day) {
                night.room = None;
            }
            if *day >= today {
                night.room = room;
            }
        }
        stay.room = stay.next_room(today);
        stay.steps.push(Step::Move { nights: it.held().map(|(d, n)| (d, *n)).collect(), room: it.room });
    }

    /// Who has the room on one of the added nights, or by day while this stay goes on over it.
    pub fn in_the_way(&self, i: usize, room: usize, added: &[Day]) -> Option<usize> {
        let own = &self.stays[i].nights;
        let goes_on = |day: &Day| own.get(&(day - 1)).is_some_and(|n| n.room == Some(room));
        let has = |s: &Stay, day: &Day| {
            let night = s.nights.get(day).filter(|n| n.is_held && n.room == Some(room));
            night.is_some_and(|n| !n.is_by_day || (!n.is_posted && goes_on(day)))
        };
        let on = |day: &Day| (0..self.stays.len()).find(|other| *other != i && has(&self.stays[*other], day));
        added.iter().find_map(on)
    }

    fn block(&mut self, room: usize, is_out_of_order: bool, from: Day, days: i64, returns: &'static str) -> Reasons {
        let to = from + days;
        if from < self.today || days < 1 {
            return vec![INVALID];
        }
        let overlaps =
            |b: &Block| !b.is_released && b.room == room && b.is_out_of_order == is_out_of_order && b.from < to && from < b.to;
        if self.blocks.iter().any(overlaps) {
            return vec![TAKEN];
        }
        let nights = if is_out_of_order { (from..to).collect() } else { Default::default() };
        self.blocks.push(Block { room, is_out_of_order, from, to, returns, is_released: false, nights });
        Reasons::new()
    }

    fn release_block(&mut self, block: usize) -> Reasons {
        let today = self.today;
        let b = &mut self.blocks[block];
        if b.is_released {
            return vec!["nothing-to-undo"];
        }
        if b.to <= today {
            return vec![WRONG_DATE];
        }
        b.is_released = true;
        b.nights.retain(|day| *day < today);
        if b.from <= today {
            self.rooms[b.room].state = b.returns;
        }
        Reasons::new()
    }

    fn pay_together(&mut self, operation: &Operation, stays: &[usize]) -> Reasons {
        let Operation::PayTogether(rows) = operation else { unreachable!("only this is about several stays") };
        stays.iter().zip(rows).flat_map(|(stay, (_, cents))| self.pay(*stay, *cents)).collect()
    }

    /// What a folio refuses that is no longer open.
    fn closed_to(&self, stay: usize, is_too_much: impl Fn(Cents) -> bool) -> Reasons {
        let is_closed = !self.stays[stay].status.is_open() && is_too_much(self.balance(stay));
        if is_closed { vec!["folio-closed"] } else { Reasons::new() }
    }

    pub fn pay(&mut self, stay: usize, cents: Cents) -> Reasons {
        let mut no = self.closed_to(stay, |due| cents > due);
        no.extend(self.take(stay, cents));
        no
    }

    pub fn take(&mut self, stay: usize, cents: Cents) -> Reasons {
        self.payments.push(Payment { stay, kind: "payment", cents, on: self.today, reverses: None });
        if cents > 0 { Reasons::new() } else { vec![INVALID] }
    }

    fn give_back(&mut self, payment: usize, kind: &'static str, cents: Cents) {
        let stay = self.payments[payment].stay;
        self.payments.push(Payment { stay, kind, cents: -cents, on: self.today, reverses: Some(payment) });
    }

    fn is_undone(&self, payment: usize) -> bool {
        self.payments[payment].kind != "payment" || self.payments.iter().any(|p| p.kind == "void" && p.reverses == Some(payment))
    }

    fn void_payment(&mut self, payment: usize) -> Reasons {
        let mut no = Reasons::new();
        if self.is_undone(payment) || self.given_back(payment) != 0 {
            no.push("already-reversed");
        }
        if self.payments[payment].on != self.today {
            no.push(WRONG_DATE);
        }
        self.give_back(payment, "void", self.payments[payment].cents);
        no
    }

    fn refund(&mut self, payment: usize, cents: Option<Cents>) -> Reasons {
        if self.is_undone(payment) {
            return vec!["already-reversed"];
        }
        let left = self.payments[payment].cents - self.given_back(payment);
        let cents = cents.unwrap_or(left);
        let mut no = Reasons::new();
        if cents > left || left == 0 {
            no.push("more-than-original");
        }
        if cents <= 0 && left != 0 {
            no.push(INVALID);
        }
        no.extend(self.closed_to(self.payments[payment].stay, |due| cents > -due));
        self.give_back(payment, "refund", cents);
        no
    }

    pub fn add_line(&mut self, stay: usize, kind: &'static str, cents: Cents) {
        self.lines.push(Line { stay, kind, cents, on: self.today, reverses: None, night: None });
    }

    /// Puts a night on the bill, and what is paid beside its price.
    pub fn post(&mut self, i: usize, day: Day) {
        let stay = &mut self.stays[i];
        let night = stay.nights.get_mut(&day).expect("a night");
        night.is_posted = true;
        let night = *night;
        let beside = stay.beside(day, &night);
        let mut add =
            |kind, cents| self.lines.push(Line { stay: i, kind, cents, on: self.today, reverses: None, night: Some(day) });
        add("room", night.cents);
        beside.into_iter().for_each(|cents| add("extra", cents));
    }

    fn charge(&mut self, stay: usize, kind: &'static str, quantity: i64, cents: Cents) -> Reasons {
        let unit = if kind == "allowance" { -cents.abs() } else { cents };
        if kind == "room" || unit == 0 || (kind == "extra" && unit < 0) {
            return vec![INVALID];
        }
        let owed = self.total(stay);
        self.add_line(stay, kind, unit * quantity);
        if unit < 0 && owed + unit * quantity < 0 { vec!["more-than-original"] } else { Reasons::new() }
    }

    fn void_line(&mut self, line: usize) -> Reasons {
        let mut no = Reasons::new();
        let it = self.lines[line].clone();
        if it.kind == "void" || self.is_voided(line) {
            no.push("already-reversed");
        }
        if it.kind == "room" {
            no.push("ledger-is-append-only");
        }
        if it.on != self.today {
            no.push(WRONG_DATE);
        }
        let owed = self.total(it.stay);
        self.take_back(line);
        if it.cents > 0 && owed - it.cents < 0 {
            no.push("more-than-original");
        }
        no
    }

    pub fn take_back(&mut self, line: usize) {
        let Line { stay, cents, night, .. } = self.lines[line];
        self.lines.push(Line { stay, kind: "void", cents: -cents, on: self.today, reverses: Some(line), night });
    }
}

/// What a change of dates or rooms may not do.
fn check_change(old: &Stay, new: &Stay, c: &Change, today: Day) -> Reasons {
    let mut no = Reasons::new();
    if old.status == Status::CheckedIn {
        if new.arrival != old.arrival {
            no.push(WRONG_DATE);
        }
        if (new.departure != old.departure && new.departure < today) || new.is_by_day != old.is_by_day {
            no.push(INVALID);
        }
        if c.room.is_some_and(|room| room != old.room) {
            no.push(ILLEGAL);
        }
    } else if new.arrival != old.arrival && new.arrival < today {
        no.push(INVALID);
    }
    no
}

/// Puts typed prices on the nights that are not posted yet.
fn type_prices(nights: &mut BTreeMap<Day, Night>, price: &Price, arrival: Day) -> Reasons {
    match price {
        Price::Quoted => Reasons::new(),
        Price::Total(total) => {
            let posted: Cents = nights.values().filter(|n| n.is_posted).map(|n| n.cents).sum();
            let open: Vec<&mut Night> = nights.values_mut().filter(|n| !n.is_posted).collect();
            let (left, count) = (total - posted, Cents::try_from(open.len()).expect("few"));
            if left < 0 || (count == 0 && left != 0) {
                return vec![INVALID];
            }
            for (night, at) in open.into_iter().zip(0..) {
                // The odd cents fall on the first nights.
                (night.cents, night.is_typed) = (left / count + i64::from(at < left % count), true);
            }
            Reasons::new()
        }
        Price::Night(offset, cents) => match nights.get_mut(&(arrival + offset)) {
            Some(night) if !night.is_posted => {
                (night.cents, night.is_typed) = (*cents, true);
                Reasons::new()
            }
            Some(night) if night.cents == *cents => Reasons::new(),
            _ => vec![INVALID],
        },
    }
}
