//! Row ids as newtypes, so that a room's id is never taken for a guest's.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

use super::wording::text;

/// The largest id or version that is read: up to here every program that reads
/// JSON keeps whole numbers exact.
pub const MAX_ID: i64 = (1 << 53) - 1;

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = i64::deserialize(deserializer)?;
    if (1..=MAX_ID).contains(&number) {
        Ok(number)
    } else {
        Err(text!("must be a whole number from 1 to 9007199254740991").to_serde())
    }
}

fn schema() -> Schema {
    json_schema!({"type": "integer", "format": "int64", "minimum": 1, "maximum": MAX_ID})
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read(deserializer).map($name)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn inline_schema() -> bool {
                true
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                schema()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl rusqlite::types::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                self.0.to_sql()
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                i64::column_result(value).map(Self)
            }
        }
    )*};
}

ids!(
    /// A member of staff.
    UserId,
    /// A sign-in.
    SessionId,
    /// A browser on which staff may sign in by PIN.
    DeviceId,
    /// A row of an editable list: booking sources, payment methods.
    ListEntryId,
    /// What is sold.
    RoomTypeId,
    /// The physical unit.
    RoomId,
    /// A dated out-of-order or out-of-service block.
    BlockId,
    /// What cancelling and not coming cost.
    PolicyId,
    /// Something that is sold beside the rooms.
    ArticleId,
    /// A saved view of a report.
    ReportViewId,
    /// What is taxed alike.
    TaxGroupId,
    /// A share of prices: VAT, a service charge.
    TaxId,
    /// A tax on staying.
    LevyId,
    /// A named price rule.
    RatePlanId,
    /// Whom bookings come from beside guests.
    CompanyId,
    /// Rooms that are booked under one name.
    GroupId,
    /// A guest profile.
    GuestId,
    /// A booking.
    ReservationId,
    /// A person of a stay, as written down.
    StayGuestId,
    /// The bill of one payer.
    FolioId,
    /// A line of a folio: the posting of what is owed.
    ChargeId,
    /// One half of what was moved between folios.
    TransferId,
    /// The posting of money received or given back.
    PaymentId,
    /// A place where cash is kept.
    DrawerId,
    /// The time from one count of a drawer to the next.
    ShiftId,
    /// What was sold to be paid with later.
    VoucherId,
    /// Cash that came or went beside payments.
    MovementId,
    /// What stands on a company's account: the posting there.
    AccountItemId,
    /// Which money pays for what on an account.
    MatchId,
    /// A letter about what is overdue.
    ReminderId,
    /// The close of a business day.
    DayCloseId,
    /// What was decided of something open at a close.
    DecisionId,
    /// An invoice, a credit note, or a draft of one.
    InvoiceId,
    /// How documents of a kind are numbered.
    SeriesId,
    /// How often a row was changed, counted from 1: which state of it an edit was made from.
    Version,
);

impl ArticleId {
    /// The price of a night.
    pub const ROOM: ArticleId = ArticleId(1);
    /// What is taken off a bill.
    pub const ALLOWANCE: ArticleId = ArticleId(4);
    /// City tax.
    pub const LEVY: ArticleId = ArticleId(9);
}
