//! Arriving, leaving, not coming, and taking each of them back.

use super::house::{Cents, Day, Fee, House, ILLEGAL, NOT_READY, Reasons, Status, Step, WRONG_DATE};

impl House {
    pub fn check_in(&mut self, i: usize, given: Option<usize>, override_dirty: bool) -> Reasons {
        let (today, old) = (self.today, self.stays[i].clone());
        if old.status != Status::Confirmed {
            return vec![ILLEGAL];
        }
        let mut no = Reasons::new();
        if old.arrival > today || old.departure < today {
            no.push(WRONG_DATE);
        }
        let assigned = old.next_room(today);
        match given.or(assigned) {
            Some(room) => {
                let is_dirty = self.rooms[room].state == "dirty" && !override_dirty;
                if is_dirty || self.occupant(room, Some(i)).is_some() {
                    no.push(NOT_READY);
                }
                let stay = &mut self.stays[i];
                stay.room = Some(room);
                if assigned != Some(room) {
                    stay.nights.iter_mut().filter(|(day, _)| **day >= today).for_each(|(_, n)| n.room = Some(room));
                }
            }
            None => no.push(NOT_READY),
        }
        // Who comes late pays for the nights that are over.
        let late: Vec<Day> = self.stays[i].held().filter(|(day, n)| *day < today && !n.is_posted).map(|(day, _)| day).collect();
        for day in late {
            self.post(i, day);
        }
        let stay = &mut self.stays[i];
        (stay.status, stay.arrived_on) = (Status::CheckedIn, Some(today));
        stay.steps.push(Step::CheckIn);
        no
    }

    pub fn check_out(&mut self, i: usize, settle: Option<Option<Cents>>) -> Reasons {
        self.let_go_of_tonight(i, self.today);
        let (today, old) = (self.today, self.stays[i].clone());
        if old.status != Status::CheckedIn {
            return vec![ILLEGAL];
        }
        let stay = &mut self.stays[i];
        (stay.status, stay.left_on) = (Status::CheckedOut, Some(today));
        if today < old.departure {
            (stay.departure, stay.planned) = (today, Some(old.departure));
            // Who leaves on the day of arrival had the room for the day, at the night's price.
            stay.is_by_day = today == old.arrival;
            for (day, night) in stay.nights.iter_mut().filter(|(day, _)| **day >= today) {
                let was_used = *day == old.arrival;
                night.is_by_day = was_used;
                night.is_held = was_used;
            }
        } else if today > old.departure {
            (stay.departure, stay.planned, stay.is_by_day) = (today, Some(old.departure), false);
        }
        let due: Vec<Day> = stay.held().filter(|(_, n)| !n.is_posted).map(|(day, _)| day).collect();
        due.into_iter().for_each(|day| self.post(i, day));
        let mut no = Reasons::new();
        let left = self.balance(i);
        if let Some(amount) = settle
            && left > 0
        {
            no.extend(self.take(i, amount.unwrap_or(left)));
        }
        if self.balance(i) != 0 {
            no.push("balance-due");
        }
        if let Some(room) = old.room {
            self.rooms[room].state = "dirty";
        }
        no
    }

    pub fn cancel(&mut self, i: usize, is_waived: bool, has_reason: bool) -> Reasons {
        if !self.stays[i].status.is_coming() {
            return vec![ILLEGAL];
        }
        let fee = self.cancellation_fee(i);
        self.give_up(i, Status::Cancelled, "cancellation_fee", if is_waived { 0 } else { fee });
        if is_waived && fee != 0 && !has_reason { vec!["reason-needed"] } else { Reasons::new() }
    }

    pub fn no_show(&mut self, i: usize) -> Reasons {
        let stay = &self.stays[i];
        if stay.status != Status::Confirmed {
            return vec![ILLEGAL];
        }
        if stay.arrival >= self.today {
            return vec![WRONG_DATE];
        }
        let fee = stay.fee(stay.policy.no_show);
        self.give_up(i, Status::NoShow, "no_show_fee", fee);
        Reasons::new()
    }

    fn give_up(&mut self, i: usize, status: Status, kind: &'static str, fee: Cents) {
        let stay = &mut self.stays[i];
        stay.status = status;
        stay.nights.values_mut().for_each(|n| n.is_held = false);
        if fee != 0 {
            self.add_line(i, kind, fee);
        }
    }

    pub fn undo(&mut self, i: usize) -> Reasons {
        match self.stays[i].status {
            Status::CheckedOut => self.undo_check_out(i),
            Status::Cancelled | Status::NoShow => self.reinstate(i),
            status => match self.stays[i].steps.last() {
                Some(Step::Move { .. }) => self.undo_move(i),
                Some(Step::Extend { on, .. }) if *on == self.today => self.undo_extension(i),
                _ if status == Status::CheckedIn => self.undo_check_in(i),
                _ => vec!["nothing-to-undo"],
            },
        }
    }

    fn undo_move(&mut self, i: usize) -> Reasons {
        let today = self.today;
        let stay = &mut self.stays[i];
        let Some(Step::Move { nights, room }) = stay.steps.last().cloned() else { unreachable!("the last step is a move") };
        let to_come = stay.status == Status::CheckedIn || stay.last_day() >= today;
        let from = if to_come { today } else { i64::MIN };
        for (day, before) in nights.into_iter().filter(|(day, _)| *day >= from) {
            if let Some(night) = stay.nights.get_mut(&day) {
                night.room = before.room;
                if !night.is_posted {
                    (night.cents, night.sold_as, night.has_package) = (before.cents, before.sold_as, before.has_package);
                }
            }
        }
        stay.steps.push(Step::Other);
        if stay.status != Status::CheckedIn {
            stay.room = stay.next_room(today);
            return Reasons::new();
        }
        let left = std::mem::replace(&mut stay.room, room);
        if let Some(left) = left.filter(|left| Some(*left) != room) {
            self.rooms[left].state = "dirty";
        }
        if room.is_some_and(|room| self.occupant(room, Some(i)).is_some()) { vec![NOT_READY] } else { Reasons::new() }
    }

    /// The added nights are free again, and the others where they were, for what they cost.
    fn undo_extension(&mut self, i: usize) -> Reasons {
        let today = self.today;
        let stay = &mut self.stays[i];
        let Some(Step::Extend { nights, departure, .. }) = stay.steps.last().cloned() else {
            unreachable!("the last step is an extension")
        };
        (stay.departure, stay.is_by_day) = (departure, departure == stay.arrival);
        let is_overdue = stay.is_overdue(today);
        let is_kept = |day: &Day| nights.contains_key(day) && !(is_overdue && *day == today);
        if stay.nights.iter().any(|(day, n)| n.is_posted && !is_kept(day)) {
            return vec![ILLEGAL];
        }
        stay.nights.retain(|day, n| !n.is_held || is_kept(day));
        let is_by_day = stay.is_by_day && !is_overdue;
        for (day, night) in stay.nights.iter_mut().filter(|(_, n)| n.is_held) {
            night.is_by_day |= is_by_day;
            if let Some(before) = nights.get(day).filter(|_| !night.is_posted) {
                (night.room, night.sold_as) = (before.room, before.sold_as);
                (night.cents, night.is_typed, night.has_package) = (before.cents, before.is_typed, before.has_package);
            }
        }
        stay.steps.push(Step::Other);
        if stay.status != Status::CheckedIn {
            stay.room = stay.next_room(today);
        }
        Reasons::new()
    }

    fn undo_check_in(&mut self, i: usize) -> Reasons {
        let mut no = Reasons::new();
        let today = self.today;
        if self.stays[i].arrived_on != Some(today) {
            no.push(WRONG_DATE);
        }
        let stands = |at: &usize| {
            let line = &self.lines[*at];
            line.stay == i && line.on == today && line.kind != "void" && !self.is_voided(*at)
        };
        // The nights that a late arrival was charged for are taken back with it.
        let lines: Vec<usize> = (0..self.lines.len()).filter(stands).collect();
        let has_new_lines = lines.iter().any(|at| self.lines[*at].night.is_none());
        if has_new_lines || self.stays[i].nights.iter().any(|(day, n)| n.is_posted && *day >= today) {
            no.push(ILLEGAL);
        }
        lines.into_iter().for_each(|at| self.take_back(at));
        self.stays[i].nights.values_mut().for_each(|n| n.is_posted = false);
        let stay = &mut self.stays[i];
        (stay.status, stay.arrived_on) = (Status::Confirmed, None);
        stay.steps.push(Step::Other);
        no
    }

    fn undo_check_out(&mut self, i: usize) -> Reasons {
        let (today, mut no) = (self.today, Reasons::new());
        if self.stays[i].left_on != Some(today) {
            return vec![WRONG_DATE];
        }
        if self.stays[i].room.is_some_and(|room| self.occupant(room, Some(i)).is_some()) {
            no.push(NOT_READY);
        }
        let stay = &mut self.stays[i];
        (stay.status, stay.left_on) = (Status::CheckedIn, None);
        if let Some(planned) = stay.planned.take() {
            (stay.departure, stay.is_by_day) = (planned, planned == stay.arrival);
            for (_, night) in stay.nights.iter_mut().filter(|(day, _)| **day >= today) {
                (night.is_held, night.is_by_day) = (true, false);
            }
        }
        no
    }

    fn reinstate(&mut self, i: usize) -> Reasons {
        let (today, taken) = (self.today, self.room_nights());
        let stay = &mut self.stays[i];
        if stay.departure < today {
            return vec![WRONG_DATE];
        }
        stay.status = Status::Confirmed;
        for (day, night) in &mut stay.nights {
            night.is_held = true;
            // A night that is over may have been somebody else's.
            if *day < today && taken.iter().any(|(room, d, _)| d == day && night.room == Some(*room)) {
                night.room = None;
            }
        }
        self.take_back_fees(i);
        Reasons::new()
    }

    /// A fee is voided on its own day, with what was allowed on it; afterwards what is left of it is allowed for.
    fn take_back_fees(&mut self, i: usize) {
        let is_fee = |l: &super::house::Line| l.stay == i && matches!(l.kind, "cancellation_fee" | "no_show_fee");
        let fees: Vec<usize> = (0..self.lines.len()).filter(|n| is_fee(&self.lines[*n])).collect();
        let end = self.lines.len();
        for (at, fee) in fees.iter().copied().enumerate() {
            let line = self.lines[fee].clone();
            if line.cents == 0 || self.is_voided(fee) {
                continue;
            }
            let next = fees.get(at + 1).copied().unwrap_or(end);
            let is_on_it = |n: &usize| {
                let l = &self.lines[*n];
                l.stay == i && l.kind == "allowance" && l.cents != 0 && !self.is_voided(*n)
            };
            let given: Vec<usize> = (fee + 1..next).filter(is_on_it).collect();
            if line.on == self.today {
                given.into_iter().chain([fee]).for_each(|n| self.take_back(n));
                continue;
            }
            let left = line.cents + given.iter().map(|n| self.lines[*n].cents).sum::<Cents>();
            if left > 0 {
                self.add_line(i, "allowance", -left);
            }
        }
    }

    /// The policies as the settings say them: kind and percentage.
    pub fn fee_words(fee: Fee) -> (&'static str, i64) {
        match fee {
            Fee::None => ("none", 0),
            Fee::FirstNight => ("first_night", 0),
            Fee::Percent(percent) => ("percent", percent),
        }
    }
}
