//! Groups and their blocks, as the desk makes them.

use super::house::{Day, Group, House, ILLEGAL, INVALID, Reasons};

impl House {
    /// One group after the other; which of them is meant where there is one at all.
    pub fn which_group(&self, n: usize) -> Option<usize> {
        (!self.groups.is_empty()).then(|| n % self.groups.len())
    }

    pub fn found_group(&mut self, kind: usize, arrival: Day, nights: i64, rooms: i64, before: i64) -> Reasons {
        let (departure, cut_off) = (arrival + nights, arrival - before);
        if arrival < self.today || nights < 1 || cut_off > arrival || cut_off < self.today.min(arrival) {
            return vec![INVALID];
        }
        let cells = (arrival..departure).map(|day| ((kind, day), rooms)).collect();
        self.groups.push(Group { arrival, departure, cut_off, is_released: false, cells });
        Reasons::new()
    }

    pub fn set_cell(&mut self, group: usize, kind: usize, night: i64, rooms: i64) -> Reasons {
        let group = &mut self.groups[group];
        let day = group.arrival + night;
        if day < group.arrival || day >= group.departure {
            return vec![INVALID];
        }
        group.cells.insert((kind, day), rooms);
        Reasons::new()
    }

    pub fn release_group(&mut self, group: usize) -> Reasons {
        let group = &mut self.groups[group];
        if std::mem::replace(&mut group.is_released, true) { vec![ILLEGAL] } else { Reasons::new() }
    }
}
