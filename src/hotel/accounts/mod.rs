//! The accounts of companies: what is owed on them since when, which money pays for what, and what follows
//! when it is not paid; and what agents are paid for the stays they sent.
//!
//! An account is the company's folio. Each posting there is an item (`account_item`, written by a trigger), due by the
//! terms that the company had then. A match says which item that was received pays for how much of one that is owed; what is
//! taken back is matched with its original by itself. So what is open of all items is the balance of the folio, whatever is
//! posted, matched and undone.

pub mod ageing;
pub mod api;
pub mod checks;
pub mod commissions;
pub mod commissions_api;
pub mod file;
pub mod list;
pub mod matching;
pub mod matching_api;
pub mod reminders;
pub mod reminders_api;
pub mod statement;
pub mod store;

use crate::db::record::record;
use crate::db::{Conn, Table};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{AccountItemId, CompanyId, ReservationId};
use crate::domain::money::Money;
use crate::domain::status::words;
use crate::domain::wording::{Text, text};
use crate::error::{Error, Result};
use crate::hotel::Slice;

pub const SLICE: Slice = Slice {
    name: "accounts",
    endpoints: |_| {
        api::endpoints()
            .into_iter()
            .chain(list::endpoints())
            .chain(matching_api::endpoints())
            .chain(reminders_api::endpoints())
            .chain(commissions_api::endpoints())
            .collect()
    },
    statements: &[
        store::STATEMENTS,
        matching::STATEMENTS,
        reminders::STATEMENTS,
        commissions::STATEMENTS,
        statement::STATEMENTS,
        checks::STATEMENTS,
    ],
    areas: &[("accounts", &[Table::AccountItem, Table::Reminder, Table::ReminderLevel, Table::Commission, Table::Company])],
    invariants: checks::INVARIANTS,
    ..Slice::EMPTY
};

words!(
    /// What brought an item about.
    ItemKind {
        /// The bill of a stay, a group or an account of the house that the company pays.
        Settled = "settled",
        /// A line, or a part of one, that was moved here, or from here.
        Moved = "moved",
        /// A transfer that was taken back.
        TakenBack = "taken_back",
        Charge = "charge",
        ReminderFee = "reminder_fee",
        Allowance = "allowance",
        /// A charge or a payment that turned out to be none.
        Void = "void",
        Payment = "payment",
        Refund = "refund",
    }
);

impl ItemKind {
    /// As a statement says it.
    pub fn in_words(self) -> Text {
        match self {
            ItemKind::Settled => text!("Bill"),
            ItemKind::Moved => text!("Moved"),
            ItemKind::TakenBack => text!("Reversed"),
            ItemKind::Charge => text!("Charge"),
            ItemKind::ReminderFee => text!("Reminder fee"),
            ItemKind::Allowance => text!("Allowance"),
            ItemKind::Void => text!("Void"),
            ItemKind::Payment => text!("Payment"),
            ItemKind::Refund => text!("Refund"),
        }
    }
}

record! {
    /// What stands on a company's account.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Item {
        pub id: AccountItemId,
        pub company_id: CompanyId,
        pub business_date: Date,
        pub due_date: Date,
        /// Received negative.
        pub amount: Money,
        pub open_amount: Money,
        pub reminder_level: i64,
        pub reminded_on: Option<Date>,
        pub kind: ItemKind,
        pub method: Option<String>,
        pub reference: String,
        pub note: String,
        pub reservation_id: Option<ReservationId>,
        pub confirmation_number: Option<String> = "(SELECT r.confirmation_number FROM reservation AS r WHERE r.id = account_entry.reservation_id)",
        pub guest_name: Option<String> = "(SELECT r.guest_name FROM reservation AS r WHERE r.id = account_entry.reservation_id)",
        pub check_in_date: Option<Date> = "(SELECT r.check_in_date FROM reservation AS r WHERE r.id = account_entry.reservation_id)",
        pub check_out_date: Option<Date> = "(SELECT r.check_out_date FROM reservation AS r WHERE r.id = account_entry.reservation_id)",
        /// Whose folio it came from, or went to, where that is no stay's.
        pub other_name: Option<String> = "(SELECT coalesce(nullif(f.payer_name, ''), (SELECT g.name FROM booking_group AS g WHERE g.id = f.group_id))
            FROM posting AS o JOIN folio AS f ON f.id = o.folio_id WHERE o.id = account_entry.counter_id AND f.reservation_id IS NULL)",
        /// The invoice on the bill that was settled, the newest where there are several.
        pub invoice_number: Option<String> = "(SELECT i.number FROM posting AS o JOIN invoice AS i ON i.folio_id = o.folio_id
            WHERE o.id = account_entry.counter_id AND i.kind = 'invoice' AND i.number IS NOT NULL AND account_entry.kind = 'settled'
            ORDER BY i.id DESC LIMIT 1)",
        pub created_at: Instant,
        pub created_by: String,
    }
}

impl Item {
    pub fn is_owed(&self) -> bool {
        self.amount > Money::ZERO
    }

    /// Whether it is owed, open and past its date.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.open_amount > Money::ZERO && self.due_date < today
    }
}

/// # Errors
/// `NotFound` for what does not stand on this company's account.
pub fn find(conn: &Conn, company: CompanyId, id: AccountItemId) -> Result<Item> {
    let found = store::find(conn, id)?.filter(|item| item.company_id == company);
    found.ok_or_else(|| Error::NotFound(text!("This is not on the account.")))
}
