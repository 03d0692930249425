//! The day moves on, and who should have left keeps the room.

use super::house::{Cents, Day, House, Night, Reasons, Status, Step};

impl House {
    /// Tonight's night of an overdue guest, held at no price, is no night of the stay yet.
    pub fn let_go_of_tonight(&mut self, i: usize, today: Day) {
        let stay = &mut self.stays[i];
        if stay.is_overdue(today) {
            stay.nights.retain(|day, n| *day != today || n.is_posted);
        }
    }

    /// An overdue guest has stayed until now, at the price of each night, and keeps the room tonight.
    pub fn hold_tonight(&mut self, i: usize) {
        let today = self.today;
        let stay = &self.stays[i];
        if !stay.is_overdue(today) {
            return;
        }
        let (kind, room, party) = (stay.kind, stay.room, stay.party);
        // The day of a day guest was a night, and costs no less.
        let by_day = |day| stay.nights.get(&day).filter(|n| n.is_by_day && !n.is_posted).map_or(0, |n| n.cents);
        let since: Vec<(Day, Cents)> = (stay.departure..today).map(|day| (day, self.quote(kind, day).max(by_day(day)))).collect();
        let is_sold = self.sells_package;
        let night = |cents, has_package| Night {
            room,
            sold_as: kind,
            cents,
            is_typed: false,
            is_held: true,
            is_posted: false,
            is_by_day: false,
            party,
            has_package,
        };
        let stay = &mut self.stays[i];
        stay.nights.retain(|_, n| !n.is_by_day || n.is_posted);
        stay.nights.values_mut().for_each(|n| n.is_by_day = false);
        for (day, cents) in since {
            stay.nights.entry(day).or_insert_with(|| night(cents, is_sold));
        }
        stay.nights
            .entry(today)
            .and_modify(|n| {
                if !n.is_posted {
                    *n = night(0, false)
                }
            })
            .or_insert_with(|| night(0, false));
    }

    /// The close of a day puts its nights on the bills, and the rooms are dirty.
    fn post_up_to(&mut self, i: usize, last: Day) {
        let due: Vec<Day> = self.stays[i].held().filter(|(day, n)| *day <= last && !n.is_posted).map(|(day, _)| day).collect();
        due.into_iter().for_each(|day| self.post(i, day));
    }

    pub fn next_day(&mut self) -> Reasons {
        let yesterday = self.today;
        let in_house: Vec<usize> = (0..self.stays.len()).filter(|i| self.stays[*i].status == Status::CheckedIn).collect();
        for i in &in_house {
            if self.stays[*i].departure > yesterday {
                self.post_up_to(*i, yesterday);
            }
            if let Some(room) = self.stays[*i].room {
                self.rooms[room].state = "dirty";
            }
        }
        self.today += 1;
        self.minute = self.minute.max(self.today * 1440 + 9 * 60);
        let late: Vec<usize> = (0..self.stays.len()).filter(|i| self.stays[*i].is_overdue(self.today)).collect();
        let rooms: Vec<usize> = late.iter().filter_map(|i| self.stays[*i].room).collect();
        for i in late {
            self.let_go_of_tonight(i, yesterday);
            self.hold_tonight(i);
            let stay = &self.stays[i];
            let (Some(room), days) = (stay.room, (stay.departure..=self.today).collect::<Vec<Day>>()) else { continue };
            while let Some(other) = self.in_the_way(i, room, &days) {
                self.displace(other, i, &rooms);
            }
        }
        let first_line = self.lines.len();
        for i in in_house {
            if self.stays[i].departure <= yesterday {
                self.post_up_to(i, yesterday);
            }
        }
        self.lines[first_line..].iter_mut().for_each(|line| line.on = yesterday);
        let today = self.today;
        self.groups.iter_mut().filter(|group| group.cut_off < today).for_each(|group| group.is_released = true);
        Reasons::new()
    }

    /// Another room for who was to come into it, or none.
    fn displace(&mut self, other: usize, by: usize, occupied: &[usize]) {
        let (today, it) = (self.today, self.stays[other].clone());
        let own = &self.stays[by].nights;
        let needed = |day: &Day, n: &Night| own.get(day).is_some_and(|s| s.is_held && s.room == n.room);
        let lost: Vec<Day> = it.nights.iter().filter(|(day, n)| needed(day, n)).map(|(day, _)| *day).collect();
        if it.status == Status::CheckedIn {
            let stay = &mut self.stays[other];
            stay.nights.iter_mut().filter(|(day, _)| lost.contains(day)).for_each(|(_, n)| n.room = None);
            stay.steps.push(Step::Move { nights: it.held().map(|(d, n)| (d, *n)).collect(), room: it.room });
            return;
        }
        let has_room = it.held().any(|(day, n)| day >= today && n.room.is_some());
        let room = if has_room { self.other_room(other, occupied) } else { None };
        self.put(other, room, &lost);
    }
}
