//! The states of a reservation and a room, and every legal step between them.

use super::wording::{Text, text};

/// Declares an enum whose words are the same in Rust, SQL and JSON.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant),*
        }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }

            pub fn parse(text: &str) -> Option<$name> {
                match text { $($word => Some($name::$variant),)* _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl rusqlite::types::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                $name::parse(value.as_str()?).ok_or(rusqlite::types::FromSqlError::InvalidType)
            }
        }
    };
}
pub(crate) use words;

words!(
    /// Where a reservation stands.
    ReservationStatus {
        Tentative = "tentative",
        Confirmed = "confirmed",
        CheckedIn = "checked_in",
        CheckedOut = "checked_out",
        Cancelled = "cancelled",
        NoShow = "no_show",
    }
);

words!(
    /// What can happen to a reservation.
    Event {
        Confirm = "confirm",
        CheckIn = "check_in",
        CheckOut = "check_out",
        Cancel = "cancel",
        MarkNoShow = "no_show",
        Extend = "extend",
        Move = "move",
        UndoCheckIn = "undo_check_in",
        UndoCheckOut = "undo_check_out",
        Reinstate = "reinstate",
    }
);

/// The step is not one of the hotel's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IllegalTransition {
    pub from: ReservationStatus,
    pub event: Event,
}

impl ReservationStatus {
    /// The state after an event, or a refusal. The further guards (dates, rooms,
    /// balances) belong to the reservations' rules.
    pub fn apply(self, event: Event) -> Result<ReservationStatus, IllegalTransition> {
        use Event as E;
        use ReservationStatus as S;
        match (self, event) {
            (S::Tentative, E::Confirm) => Ok(S::Confirmed),
            (S::Tentative | S::Confirmed, E::Cancel) => Ok(S::Cancelled),
            (S::Confirmed, E::CheckIn) => Ok(S::CheckedIn),
            (S::Confirmed, E::MarkNoShow) => Ok(S::NoShow),
            (S::CheckedIn, E::CheckOut) => Ok(S::CheckedOut),
            (S::CheckedIn, E::UndoCheckIn) => Ok(S::Confirmed),
            (S::CheckedOut, E::UndoCheckOut) => Ok(S::CheckedIn),
            (S::Cancelled | S::NoShow, E::Reinstate) => Ok(S::Confirmed),
            (S::Tentative | S::Confirmed | S::CheckedIn, E::Extend | E::Move) => Ok(self),
            (
                S::Tentative | S::Confirmed | S::CheckedIn | S::CheckedOut | S::Cancelled | S::NoShow,
                E::Confirm
                | E::CheckIn
                | E::CheckOut
                | E::Cancel
                | E::MarkNoShow
                | E::Extend
                | E::Move
                | E::UndoCheckIn
                | E::UndoCheckOut
                | E::Reinstate,
            ) => Err(IllegalTransition { from: self, event }),
        }
    }

    /// The events that are legal in this state, in the order a desk meets them.
    pub fn allowed_events(self) -> Vec<Event> {
        Event::ALL.iter().copied().filter(|event| self.apply(*event).is_ok()).collect()
    }

    /// Whether its nights are held in inventory.
    pub fn holds_nights(self) -> bool {
        match self {
            Self::Tentative | Self::Confirmed | Self::CheckedIn | Self::CheckedOut => true,
            Self::Cancelled | Self::NoShow => false,
        }
    }

    /// Before or during the stay: still to be dealt with at the desk.
    pub fn is_open(self) -> bool {
        match self {
            Self::Tentative | Self::Confirmed | Self::CheckedIn => true,
            Self::CheckedOut | Self::Cancelled | Self::NoShow => false,
        }
    }

    /// The state as a person says it: "a reservation that is …".
    pub fn in_words(self) -> Text {
        match self {
            Self::Tentative => text!("tentative"),
            Self::Confirmed => text!("confirmed"),
            Self::CheckedIn => text!("checked in"),
            Self::CheckedOut => text!("checked out"),
            Self::Cancelled => text!("cancelled"),
            Self::NoShow => text!("a no-show"),
        }
    }
}

words!(
    /// What moves when a payment method is used.
    MethodKind { Cash = "cash", Card = "card", Transfer = "transfer", Voucher = "voucher", Other = "other" }
);

words!(
    /// What of a stay should have happened before the business date.
    Overdue { Arrival = "arrival", Departure = "departure" }
);

words!(
    /// Who pays for a stay: nobody for a complimentary one, nor for a room that the house uses itself.
    RateKind { Paying = "paying", Complimentary = "complimentary", HouseUse = "house_use" }
);

impl RateKind {
    /// As the desk says it.
    pub fn in_words(self) -> Text {
        match self {
            RateKind::Paying => text!("Paying"),
            RateKind::Complimentary => text!("Complimentary"),
            RateKind::HouseUse => text!("House use"),
        }
    }
}

#[allow(clippy::derivable_impls, reason = "the enum is made by a macro")]
impl Default for RateKind {
    fn default() -> RateKind {
        RateKind::Paying
    }
}

words!(
    /// How a tentative booking's option stands: held, to be decided on today, past and not decided on.
    OptionState { Held = "held", Due = "due", Past = "past" }
);

words!(
    /// What housekeeping says of a room.
    Housekeeping { Clean = "clean", Dirty = "dirty", Inspected = "inspected" }
);

impl Housekeeping {
    pub fn in_words(self) -> Text {
        match self {
            Housekeeping::Clean => text!("Clean"),
            Housekeeping::Dirty => text!("Dirty"),
            Housekeeping::Inspected => text!("Inspected"),
        }
    }
}

words!(
    /// Whether somebody sleeps in a room.
    Occupancy { Vacant = "vacant", Occupied = "occupied" }
);

words!(
    /// Front desk and housekeeping disagree: skip = only the desk thinks it occupied.
    Discrepancy { Skip = "skip", Sleep = "sleep" }
);

words!(
    /// Out of order is not sellable; out of service is, with a warning.
    BlockKind { OutOfOrder = "out_of_order", OutOfService = "out_of_service" }
);

words!(
    /// How a fee is reckoned.
    FeeKind { None = "none", FirstNight = "first_night", Percent = "percent" }
);

words!(
    /// Whose people stay, or who sends guests.
    CompanyKind { Company = "company", Agent = "agent" }
);

words!(
    /// Where a group stands: its block is held while it is to come.
    GroupStatus { Tentative = "tentative", Definite = "definite", Cancelled = "cancelled", Ended = "ended" }
);

impl GroupStatus {
    pub fn is_open(self) -> bool {
        matches!(self, GroupStatus::Tentative | GroupStatus::Definite)
    }
}

words!(
    /// What is asked for before the arrival.
    DepositKind { None = "none", FirstNight = "first_night", Percent = "percent", Amount = "amount" }
);

words!(
    /// How a deposit stands: of a booking to come open, late or paid; afterwards there is nothing to ask for.
    DepositState { Open = "open", Late = "late", Paid = "paid", Settled = "settled" }
);

words!(
    /// From when the days until a deposit is due count, and which way.
    DepositDue { AfterBooking = "after_booking", BeforeArrival = "before_arrival" }
);

words!(
    /// What a line of a folio is.
    ChargeKind {
        Room = "room",
        Extra = "extra",
        Adjustment = "adjustment",
        Allowance = "allowance",
        CancellationFee = "cancellation_fee",
        NoShowFee = "no_show_fee",
        /// A tax on staying.
        Levy = "levy",
        /// What cash is rounded by.
        Rounding = "rounding",
        /// What a guest leaves for the staff.
        Tip = "tip",
        /// A voucher that was sold: no revenue until it is redeemed.
        Voucher = "voucher",
        /// What a company is charged for being reminded.
        ReminderFee = "reminder_fee",
        Void = "void",
    }
);

impl ChargeKind {
    /// As a bill says it.
    pub fn in_words(self) -> Text {
        match self {
            ChargeKind::Room => text!("Room"),
            ChargeKind::Extra => text!("Extra"),
            ChargeKind::Adjustment => text!("Adjustment"),
            ChargeKind::Allowance => text!("Allowance"),
            ChargeKind::CancellationFee => text!("Cancellation fee"),
            ChargeKind::NoShowFee => text!("No-show fee"),
            ChargeKind::Levy => text!("Tax"),
            ChargeKind::Rounding => text!("Cash rounding"),
            ChargeKind::Tip => text!("Tip"),
            ChargeKind::Voucher => text!("Voucher"),
            ChargeKind::ReminderFee => text!("Reminder fee"),
            ChargeKind::Void => text!("Void"),
        }
    }
}

words!(
    /// Whose money a posting is of: money received before the stay is a deposit.
    Ledger { Guest = "guest", Deposit = "deposit", Company = "company", House = "house", Security = "security" }
);

words!(
    /// What a posting does.
    Entry { Post = "post", Void = "void", Refund = "refund", Transfer = "transfer" }
);

words!(
    /// Which way money went.
    PaymentKind { Payment = "payment", Refund = "refund", Void = "void" }
);

impl PaymentKind {
    pub fn entry(self) -> Entry {
        match self {
            PaymentKind::Payment => Entry::Post,
            PaymentKind::Refund => Entry::Refund,
            PaymentKind::Void => Entry::Void,
        }
    }
}

words!(
    /// What a payment is for.
    PaymentType { Full = "full", Downpayment = "downpayment", Deposit = "deposit", Adjustment = "adjustment", Security = "security" }
);

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole grid: states down, events across in the order of `Event::ALL`.
    #[test]
    fn only_the_hotels_transitions_are_legal() {
        let grid = [
            (ReservationStatus::Tentative, "confirmed - - cancelled - tentative tentative - - -"),
            (ReservationStatus::Confirmed, "- checked_in - cancelled no_show confirmed confirmed - - -"),
            (ReservationStatus::CheckedIn, "- - checked_out - - checked_in checked_in confirmed - -"),
            (ReservationStatus::CheckedOut, "- - - - - - - - checked_in -"),
            (ReservationStatus::Cancelled, "- - - - - - - - - confirmed"),
            (ReservationStatus::NoShow, "- - - - - - - - - confirmed"),
        ];
        for (from, row) in grid {
            let seen: Vec<&str> = Event::ALL.iter().map(|e| from.apply(*e).map_or("-", ReservationStatus::as_str)).collect();
            assert_eq!(seen.join(" "), row, "from {from}");
        }
    }

    #[test]
    fn words_read_back_as_themselves() {
        for status in ReservationStatus::ALL {
            assert_eq!(ReservationStatus::parse(status.as_str()), Some(*status));
        }
    }
}
