//! Row ids as newtypes, so that a room's id is never taken for a guest's.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        #[schemars(inline)]
        pub struct $name(pub i64);

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
    /// A row of an editable list: booking sources, payment methods.
    ListEntryId,
    /// What is sold.
    RoomTypeId,
    /// The physical unit.
    RoomId,
    /// A dated out-of-order or out-of-service block.
    BlockId,
    /// A named price rule.
    RatePlanId,
    /// A guest profile.
    GuestId,
    /// A booking.
    ReservationId,
    /// A line of a folio.
    ChargeId,
    /// Money received or given back.
    PaymentId,
);
