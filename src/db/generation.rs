//! Which tables changed, and how often: the cache's only source of truth.

use std::sync::atomic::{AtomicU64, Ordering};

/// Declares the tables whose changes are followed, in one list.
macro_rules! tables {
    ($($name:ident = $word:literal),* $(,)?) => {
        /// A table whose changes make cached answers stale.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Table { $($name),* }

        impl Table {
            pub const ALL: &'static [Table] = &[$(Table::$name),*];

            pub fn name(self) -> &'static str {
                match self { $(Table::$name => $word),* }
            }

            /// The table of a name; `None` for those nobody caches (search shadows, keys).
            pub fn parse(name: &str) -> Option<Table> {
                match name { $($word => Some(Table::$name),)* _ => None }
            }
        }
    };
}

tables! {
    Property = "property",
    User = "user",
    Session = "session",
    Device = "device",
    AuditLog = "audit_log",
    BookingSource = "booking_source",
    PaymentMethod = "payment_method",
    Drawer = "drawer",
    Shift = "shift",
    DrawerMovement = "drawer_movement",
    ShiftCount = "shift_count",
    Voucher = "voucher",
    RoomType = "room_type",
    Room = "room",
    RoomBlock = "room_block",
    Policy = "policy",
    RatePlan = "rate_plan",
    DailyRate = "daily_rate",
    Restriction = "restriction",
    Guest = "guest",
    Reservation = "reservation",
    ReservationNight = "reservation_night",
    RoomDay = "room_day",
    StayGuest = "stay_guest",
    RegistrationSetup = "registration_setup",
    TaxSetup = "tax_setup",
    Article = "article",
    ReportView = "report_view",
    Company = "company",
    CompanyPlan = "company_plan",
    BookingGroup = "booking_group",
    GroupNight = "group_night",
    Folio = "folio",
    RoutingRule = "routing_rule",
    Posting = "posting",
    AccountItem = "account_item",
    ReminderLevel = "reminder_level",
    Reminder = "reminder",
    Commission = "commission",
    Invoice = "invoice",
    InvoiceSeries = "invoice_series",
    InvoiceSetup = "invoice_setup",
    AlertThreshold = "alert_threshold",
    RoleLimit = "role_limit",
    BackupPlan = "backup_plan",
    Erasure = "erasure",
    DayClose = "day_close",
    DayCloseStep = "day_close_step",
    DayCloseDecision = "day_close_decision",
    DayClosePlan = "day_close_plan",
    Network = "network",
    Retention = "retention",
    Job = "job",
}

/// A set of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tags(u64);

const _: () = assert!(Table::ALL.len() <= u64::BITS as usize, "a table without a bit of its own");

impl Tags {
    pub const NONE: Tags = Tags(0);
    pub const EVERY: Tags = Tags(u64::MAX);

    pub const fn of(tables: &[Table]) -> Tags {
        let mut bits = 0;
        let mut i = 0;
        while i < tables.len() {
            bits |= 1 << tables[i] as u64;
            i += 1;
        }
        Tags(bits)
    }

    pub fn has(self, table: Table) -> bool {
        self.0 & (1 << table as u64) != 0
    }

    pub fn overlaps(self, other: Tags) -> bool {
        self.0 & other.0 != 0
    }

    pub fn and(self, other: Tags) -> Tags {
        Tags(self.0 | other.0)
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn bits(self) -> u64 {
        self.0
    }

    pub fn from_bits(bits: u64) -> Tags {
        Tags(bits)
    }
}

/// A counter a table, raised after each commit that touched it.
#[derive(Debug)]
pub struct Generations([AtomicU64; Table::ALL.len()]);

impl Default for Generations {
    fn default() -> Generations {
        Generations(std::array::from_fn(|_| AtomicU64::new(0)))
    }
}

impl Generations {
    /// A number that differs whenever one of the tables changed in between.
    /// Each counter only grows, so the sum is never the same twice.
    pub fn of(&self, tags: Tags) -> u64 {
        Table::ALL.iter().filter(|t| tags.has(**t)).map(|t| self.0[*t as usize].load(Ordering::Acquire)).sum()
    }

    pub fn raise(&self, tags: Tags) {
        for table in Table::ALL.iter().filter(|t| tags.has(**t)) {
            self.0[*table as usize].fetch_add(1, Ordering::AcqRel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_seen_by_those_who_read_the_table_and_by_no_other() {
        let generations = Generations::default();
        let (rooms, guests) = (Tags::of(&[Table::Room, Table::RoomType]), Tags::of(&[Table::Guest]));
        let before = (generations.of(rooms), generations.of(guests));
        generations.raise(Tags::of(&[Table::RoomType]));
        assert_ne!(generations.of(rooms), before.0);
        assert_eq!(generations.of(guests), before.1);
    }
}
