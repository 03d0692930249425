//! Who pays the demo's hotel later, who sends it guests for a commission, and a group that is to come.

use super::house::Kind;
use crate::db::Tx;
use crate::db::sql::statements;
use crate::domain::date::Date;
use crate::domain::id::{CompanyId, FolioId, GroupId};
use crate::domain::money::Money;
use crate::domain::percent::Percent;
use crate::domain::status::{CompanyKind, GroupStatus, PaymentType};
use crate::error::Result;
use crate::hotel::accounts::{commissions, matching};
use crate::hotel::companies::{self, NewCompany};
use crate::hotel::folio::owner::{self, Owner};
use crate::hotel::folio::payments::{self, NewPayment};
use crate::hotel::folio::tender::Handed;
use crate::hotel::groups::{self, AgreedRate, Group, block};
use crate::hotel::rates;
use crate::hotel::rooms::inventory::{self, Asker};

statements! {
    // Days that are over: the trigger of the open day is away meanwhile.
    POST_EARLIER = "demo.post_earlier": "INSERT INTO posting (folio_id, ledger, business_date, article_id, note, unit_amount, amount,
            created_at, created_by, is_imported)
        SELECT ?1, 'company', ?2, id, ?3, ?4, ?4, ?2 || 'T09:00:00.000Z', 'manager', 1 FROM article WHERE code = 'extra'";
    SENT_BY = "demo.sent_by": "UPDATE reservation SET company_id = ?1
        WHERE source = 'Travel agency' AND status = 'checked_out' AND check_out_date >= ?2", scans "once, while the demo is made";
}

const OF_THE_OPEN_DAY: &[&str] = &["posting_is_of_the_open_day"];
const TERMS_DAYS: i64 = 14;
/// What a company had, how many days ago, and for how much: the first is paid, two are late, one is not due yet.
const HAD: &[(i64, &str, i64)] = &[
    (80, "Meeting room, two days", 6_400_000),
    (62, "Lunch for twelve", 3_150_000),
    (27, "Meeting room, one day", 3_200_000),
    (4, "Coffee breaks", 1_800_000),
];
/// Of how many days past an agent's guests are told.
const AGENT_DAYS: i64 = -75;
const GROUP_DAYS: i64 = 35;
const GROUP_NIGHTS: i64 = 3;
const GROUP_ROOMS: i64 = 5;

/// Writes all of it down, once the stays are there.
pub fn build(tx: &Tx, kinds: &[Kind], today: Date) -> Result<()> {
    on_account(tx, today)?;
    agent(tx, today)?;
    group(tx, kinds, today)
}

fn company(name: &str, kind: CompanyKind, contact: &str, commission: i64) -> NewCompany {
    NewCompany {
        name: name.to_owned(),
        kind,
        has_account: true,
        tax_number: String::new(),
        address: "Jalan Asia Afrika 61".to_owned(),
        city: "Bandung".to_owned(),
        postal_code: "40111".to_owned(),
        region: String::new(),
        country: "ID".to_owned(),
        registration_number: String::new(),
        electronic_scheme: String::new(),
        electronic_address: String::new(),
        contact_name: contact.to_owned(),
        email: String::new(),
        phone_number: String::new(),
        notes: String::new(),
        credit_limit: None,
        terms_days: Some(TERMS_DAYS),
        is_reminded: true,
        commission_percent: Percent::whole(commission),
        is_active: true,
    }
}

/// A company that meets here: what it had, and what it has paid of that.
fn on_account(tx: &Tx, today: Date) -> Result<()> {
    let plans: Vec<_> = rates::all(tx)?.into_iter().filter(|plan| plan.code == "CORP").map(|plan| plan.id).collect();
    let limit = NewCompany {
        credit_limit: Some(Money(15_000_000)),
        ..company("PT Sinar Parahyangan", CompanyKind::Company, "Rina Kartika", 0)
    };
    let made = companies::create(tx, &limit, &plans)?.id;
    let folio = owner::open(tx, Owner::Company(made))?.id;
    tx.without_triggers(OF_THE_OPEN_DAY, || HAD.iter().try_for_each(|had| post_earlier(tx, folio, today, *had)))?;
    let payment = NewPayment {
        owner: Owner::Company(made),
        amount: Money(HAD[0].2),
        payment_method: "bank_transfer".to_owned(),
        payment_type: PaymentType::Full,
        payment_date: None,
        reference_number: String::new(),
        notes: String::new(),
        handed: Handed::default(),
    };
    payments::pay(tx, &payment)?;
    matching::match_oldest(tx, made, None).map(|_| ())
}

fn post_earlier(tx: &Tx, folio: FolioId, today: Date, (days, what, amount): (i64, &str, i64)) -> Result<()> {
    let date = today.plus(-days).unwrap_or(today);
    tx.run(&POST_EARLIER, (folio, date, what, Money(amount))).map(|_| ())
}

/// An agent whose guests have left: for the first of them it has been paid.
fn agent(tx: &Tx, today: Date) -> Result<()> {
    let made: CompanyId = companies::create(tx, &company("Nusantara Tours", CompanyKind::Agent, "Yusuf Hakim", 10), &[])?.id;
    let from = today.plus(AGENT_DAYS).unwrap_or(today);
    tx.run(&SENT_BY, (made, from))?;
    let stays = commissions::of_period(tx, from, today, Some(made))?;
    let first: Vec<_> = stays.iter().take(stays.len() / 3).map(|stay| stay.id).collect();
    commissions::pay(tx, &first, "TRF 2207").map(|_| ())
}

/// A wedding that is to come, with a block of the type that the house has most of, as far as rooms are left.
fn group(tx: &Tx, kinds: &[Kind], today: Date) -> Result<()> {
    let Some(kind) = kinds.iter().max_by_key(|kind| kind.rooms) else { return Ok(()) };
    let nights: Vec<Date> = (GROUP_DAYS..GROUP_DAYS + GROUP_NIGHTS).filter_map(|days| today.plus(days)).collect();
    let (Some(first), Some(last)) = (nights.first(), nights.last()) else { return Ok(()) };
    let mut rooms = GROUP_ROOMS;
    for night in &nights {
        rooms = rooms.min(inventory::left(tx, kind.id, *night, Asker::NOBODY)?.free);
    }
    if rooms < 1 {
        return Ok(());
    }
    let new = Group {
        id: GroupId(0),
        code: String::new(),
        name: "Pernikahan Ayu & Bima".to_owned(),
        status: GroupStatus::Definite,
        arrival_date: *first,
        departure_date: last.next(),
        cut_off_date: first.plus(-14).unwrap_or(*first),
        released_on: None,
        guest_id: None,
        company_id: None,
        rate_plan_id: rates::BAR,
        notes: String::new(),
        created_at: tx.now(),
        version: 1,
    };
    let made = groups::create(tx, new, &[AgreedRate { room_type_id: kind.id, rate: kind.rate.percent(85) }])?;
    let cells: Vec<_> = nights.into_iter().map(|night| (kind.id, night, rooms)).collect();
    block::set(tx, &made, &cells)
}
