//! The limits that the schema checks are those of the types that the program reads with: a limit
//! stands once, and the database's own check of it is held here.

use std::collections::BTreeMap;

use innkeeper::domain::percent::Percent;
use innkeeper::domain::restriction::AdvanceDays;
use innkeeper::domain::stay::MAX_NIGHTS;
use innkeeper::domain::text::{EmailAddress, PhoneNumber};
use innkeeper::hotel::accounts::commissions::CommissionReference;
use innkeeper::hotel::accounts::reminders::{LevelDays, ReminderWords};
use innkeeper::hotel::articles::ArticleName;
use innkeeper::hotel::audit::Reason;
use innkeeper::hotel::backups::{KeepDaily, KeepMonthly, KeepWeekly};
use innkeeper::hotel::companies::{
    CompanyAddress, CompanyName, CompanyNotes, CompanyPlace, ContactName, CountryCode, ElectronicAddress, ElectronicScheme,
    PostalCode, RegistrationNumber, TaxNumber, TermsDays,
};
use innkeeper::hotel::devices::DeviceName;
use innkeeper::hotel::folio::Quantity;
use innkeeper::hotel::folio::owner::{PayerName, Window};
use innkeeper::hotel::folio::payments::PaymentNotes;
use innkeeper::hotel::groups::api::BlockRooms;
use innkeeper::hotel::groups::{GroupCode, GroupName, GroupNotes};
use innkeeper::hotel::guest_rights::retention_api::{MAX_MONTHS, MAX_YEARS};
use innkeeper::hotel::guests::GuestName;
use innkeeper::hotel::invoices::CreditReason;
use innkeeper::hotel::invoices::series::{Digits, Prefix, SeriesName};
use innkeeper::hotel::invoices::setup::MAX_DUE_DAYS;
use innkeeper::hotel::network::Port;
use innkeeper::hotel::policies::{MAX_HOURS, deposit};
use innkeeper::hotel::rates::conditions::{MAX_ADVANCE, PromoCode, SourceName};
use innkeeper::hotel::rates::{PlanCode, PlanName};
use innkeeper::hotel::reports::codes::AccountCode;
use innkeeper::hotel::reports::views::{ViewName, ViewQuery};
use innkeeper::hotel::reservations::ExternalId;
use innkeeper::hotel::rooms::blocks::BlockReason;
use innkeeper::hotel::rooms::party_price::MAX_INCLUDED;
use innkeeper::hotel::rooms::{CapacityAdults, CapacityChildren, Cots, Floor, RoomNumber, TypeCode, TypeName};
use innkeeper::hotel::settings::api::MAX_COTS;
use innkeeper::hotel::settings::{EntryName, HotelName};
use innkeeper::hotel::stay_guests::ExemptionReason;
use innkeeper::hotel::system::api::Megabytes;
use innkeeper::hotel::taxes::setup::TaxName;
use innkeeper::hotel::till::{DrawerName, MovementReason, ShiftNote};
use innkeeper::hotel::users::SignInName;

use innkeeper::hotel::vouchers::{Holder, VoucherCode};

const SCHEMA: &str = include_str!("../schema.sql");

/// No request writes these: their rows are the schema's own, or there are none yet.
const TEXTS_WITHOUT_TYPE: &[&str] = &[
    "property.currency",
    "article.code",
    "drawer_movement.currency",
    "shift_count.currency",
    "tender.currency",
    "picture.hash",
    "picture.data",
];

/// Kept in other units than requests tell them (a hundredth of a percent), counted by the program, or
/// of what nobody chooses yet.
const NUMBERS_WITHOUT_TYPE: &[&str] = &[
    "policy.no_show_fee_percent",
    "policy.deposit_percent",
    "policy_step.fee_percent",
    "rate_plan.offset_percent",
    "pin_try.tries",
];

/// What stands in the definition of a column behind `CHECK (<what> `, for every column that has it.
fn checks(what: impl Fn(&str) -> String, without_type: &[&str]) -> BTreeMap<String, String> {
    let mut table = "";
    let mut found = BTreeMap::new();
    for line in SCHEMA.lines() {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            table = rest.split(' ').next().unwrap_or("");
        }
        let Some(column) = line.trim().split(' ').next().filter(|word| !word.is_empty()) else { continue };
        if let Some((_, check)) = line.split_once(&format!("CHECK ({} ", what(column))) {
            let check = check.split(')').next().unwrap_or("").to_owned();
            found.insert(format!("{table}.{column}"), check);
        }
    }
    for column in without_type {
        assert!(found.remove(*column).is_some(), "the schema checks no {column}");
    }
    found
}

#[test]
fn the_lengths_that_the_schema_checks_are_those_of_the_types() {
    let between = |column: &str, max: usize| (column.to_owned(), format!("BETWEEN 1 AND {max}"));
    let expected = BTreeMap::from([
        between("property.name", HotelName::MAX),
        between("user.username", SignInName::MAX),
        between("device.name", DeviceName::MAX),
        between("booking_source.name", EntryName::MAX),
        between("payment_method.name", EntryName::MAX),
        between("drawer.name", DrawerName::MAX),
        between("voucher.code", VoucherCode::MAX),
        ("voucher.holder".to_owned(), format!("<= {}", Holder::MAX)),
        between("room_type.name", TypeName::MAX),
        between("room_type.code", TypeCode::MAX),
        between("room.room_number", RoomNumber::MAX),
        between("room_block.reason", BlockReason::MAX),
        between("rate_plan.code", PlanCode::MAX),
        between("rate_plan.name", PlanName::MAX),
        between("article.name", ArticleName::MAX),
        between("account_code.code", AccountCode::MAX),
        between("report_view.name", ViewName::MAX),
        ("report_view.query".to_owned(), format!("<= {}", ViewQuery::MAX)),
        between("company.name", CompanyName::MAX),
        between("booking_group.code", GroupCode::MAX),
        between("booking_group.name", GroupName::MAX),
        between("tax.name", TaxName::MAX),
        between("levy.name", TaxName::MAX),
        between("guest.full_name", GuestName::MAX),
        between("stay_guest.full_name", GuestName::MAX),
        // Left out there is none, rather than an empty one.
        between("reservation.party", ExternalId::MAX),
        ("stay_guest.levy_exemption".to_owned(), format!("<= {}", ExemptionReason::MAX)),
        ("company.tax_number".to_owned(), format!("<= {}", TaxNumber::MAX)),
        ("company.address".to_owned(), format!("<= {}", CompanyAddress::MAX)),
        ("company.city".to_owned(), format!("<= {}", CompanyPlace::MAX)),
        ("company.postal_code".to_owned(), format!("<= {}", PostalCode::MAX)),
        ("company.region".to_owned(), format!("<= {}", CompanyPlace::MAX)),
        ("company.country".to_owned(), format!("<= {}", CountryCode::MAX)),
        ("company.registration_number".to_owned(), format!("<= {}", RegistrationNumber::MAX)),
        ("company.electronic_scheme".to_owned(), format!("<= {}", ElectronicScheme::MAX)),
        ("company.electronic_address".to_owned(), format!("<= {}", ElectronicAddress::MAX)),
        ("reminder_level.words".to_owned(), format!("<= {}", ReminderWords::MAX)),
        ("registration_setup.country".to_owned(), format!("<= {}", CountryCode::MAX)),
        ("commission.reference".to_owned(), format!("<= {}", CommissionReference::MAX)),
        ("company.contact_name".to_owned(), format!("<= {}", ContactName::MAX)),
        ("company.email".to_owned(), format!("<= {}", EmailAddress::MAX)),
        ("company.phone_number".to_owned(), format!("<= {}", PhoneNumber::MAX)),
        ("company.notes".to_owned(), format!("<= {}", CompanyNotes::MAX)),
        ("booking_group.notes".to_owned(), format!("<= {}", GroupNotes::MAX)),
        ("rate_plan.source".to_owned(), format!("<= {}", SourceName::MAX)),
        ("rate_plan.promo_code".to_owned(), format!("<= {}", PromoCode::MAX)),
        ("folio.payer_name".to_owned(), format!("<= {}", PayerName::MAX)),
        ("shift.note".to_owned(), format!("<= {}", ShiftNote::MAX)),
        ("day_close.reason".to_owned(), format!("<= {}", Reason::MAX)),
        ("drawer_movement.reason".to_owned(), format!("<= {}", MovementReason::MAX)),
        ("posting.note".to_owned(), format!("<= {}", PaymentNotes::MAX)),
        between("invoice_series.name", SeriesName::MAX),
        ("invoice_series.prefix".to_owned(), format!("<= {}", Prefix::MAX)),
        ("invoice.reason".to_owned(), format!("<= {}", CreditReason::MAX)),
    ]);
    assert_eq!(checks(|column| format!("length({column})"), TEXTS_WITHOUT_TYPE), expected);
}

#[test]
fn the_bounds_that_the_schema_checks_are_those_of_the_types() {
    let between = |column: &str, min: i64, max: i64| (column.to_owned(), format!("BETWEEN {min} AND {max}"));
    let expected = BTreeMap::from([
        between("policy_step.hours_before", 0, MAX_HOURS),
        between("policy.deposit_due_days", 0, deposit::MAX_DAYS),
        between("invoice_series.digits", Digits::MIN, Digits::MAX),
        between("invoice_setup.due_days", 0, MAX_DUE_DAYS),
        // The widest of the thresholds' types.
        between("alert_threshold.threshold", Megabytes::MIN, Megabytes::MAX),
        between("room_type.capacity_adults", CapacityAdults::MIN, CapacityAdults::MAX),
        between("room_type.capacity_children", CapacityChildren::MIN, CapacityChildren::MAX),
        between("room_type.max_cots", Cots::MIN, Cots::MAX),
        between("reservation.cots", Cots::MIN, Cots::MAX),
        between("property.cots", 0, MAX_COTS),
        between("room_type.included_persons", 1, MAX_INCLUDED),
        between("rate_plan.long_stay_nights", 1, MAX_NIGHTS),
        between("rate_plan.advance_days", 1, MAX_ADVANCE),
        // Hundredths of a percent, and more than none.
        between("rate_plan.long_stay_percent", 1, Percent::HUNDRED.0),
        between("rate_plan.advance_percent", 1, Percent::HUNDRED.0),
        between("company.terms_days", TermsDays::MIN, TermsDays::MAX),
        between("company.commission_percent", 0, Percent::HUNDRED.0),
        between("reminder_level.days", LevelDays::MIN, LevelDays::MAX),
        between("room.floor", Floor::MIN, Floor::MAX),
        between("folio.window", Window::MIN, Window::MAX),
        between("posting.quantity", Quantity::MIN, Quantity::MAX),
        // The widest of the kinds' types.
        between("restriction.value", AdvanceDays::MIN, AdvanceDays::MAX),
        between("backup_plan.keep_daily", KeepDaily::MIN, KeepDaily::MAX),
        between("backup_plan.keep_weekly", KeepWeekly::MIN, KeepWeekly::MAX),
        between("backup_plan.keep_monthly", KeepMonthly::MIN, KeepMonthly::MAX),
        between("group_night.rooms", BlockRooms::MIN, BlockRooms::MAX),
        between("retention.profile_years", 1, MAX_YEARS),
        between("retention.registration_months", 1, MAX_MONTHS),
        between("retention.invoice_years", 1, MAX_YEARS),
        between("network.port", Port::MIN, Port::MAX),
    ]);
    let found = checks(|column| column.to_owned(), NUMBERS_WITHOUT_TYPE);
    let bounded: BTreeMap<_, _> = found.into_iter().filter(|(_, check)| check.starts_with("BETWEEN")).collect();
    assert_eq!(bounded, expected);
}
