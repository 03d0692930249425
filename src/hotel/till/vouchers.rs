//! `/api/vouchers`: sold on a stay's bill or by itself, looked up, and taken back when they are no longer good.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::store;
use crate::db::{Conn, Table, Tx};
use crate::domain::date::{Date, Instant};
use crate::domain::id::{ReservationId, VoucherId};
use crate::domain::money::{Amount, Decimal, Money};
use crate::domain::status::{ChargeKind, PaymentType, ReservationStatus};
use crate::domain::text::confirmation_number;
use crate::domain::wording::text;
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::folio::guard::{self, Posting};
use crate::hotel::folio::owner::Owner;
use crate::hotel::folio::payments::{self, NewPayment};
use crate::hotel::folio::tender::Handed;
use crate::hotel::folio::{self, NewCharge};
use crate::hotel::listing::{Filter, List, Listing};
use crate::hotel::reservations;
use crate::hotel::settings::{self, EntryName, Property};
use crate::hotel::users::random_bytes;
use crate::hotel::vouchers::store::VoucherEntry;
use crate::hotel::vouchers::{self, EntryKind, Holder, NewVoucher, Voucher};
use crate::http::endpoint::{Access, Endpoint, NoBody, NoParams, command, query};
use crate::http::paging::{Sorting, list_params, sorts};
use crate::http::request::Method;

pub fn endpoints() -> Vec<Endpoint> {
    let tables = &[Table::Voucher];
    vec![
        query("/api/vouchers", "list_vouchers", Access::DESK, "Vouchers that were sold", tables, list),
        command(Method::Post, "/api/vouchers", "sell_voucher", Access::DESK, "Sell a voucher", sell).creates(),
        query("/api/vouchers/owed", "find_vouchers_owed", Access::READ, "What the hotel owes on vouchers", tables, owed),
        query("/api/vouchers/{id}", "find_voucher", Access::DESK, "One voucher and what became of it", tables, show),
        command(
            Method::Post,
            "/api/vouchers/{id}/expire",
            "expire_voucher",
            Access::MANAGE,
            "Keep what is left of a voucher that is no longer good",
            expire,
        ),
    ]
}

/// What the hotel owes whoever brings its code.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VoucherView {
    id: VoucherId,
    code: String,
    /// What it was sold for.
    amount: Amount,
    /// What is left of it.
    balance: Amount,
    holder: String,
    /// The last day on which it is taken.
    expires_on: Option<Date>,
    sold_on: Date,
    created_by: String,
}

fn view(v: Voucher, property: &Property) -> VoucherView {
    VoucherView {
        id: v.id,
        code: v.code,
        amount: property.amount(v.amount),
        balance: property.amount(v.balance),
        holder: v.holder,
        expires_on: v.expires_on,
        sold_on: v.sold_on,
        created_by: v.created_by,
    }
}

sorts!(
    /// Orders of vouchers.
    VoucherSort, Id Descending { Id = "id" by ["id"] }
);

list_params! {
    pub struct VoucherListParams by VoucherSort {
        /// The code, as it is printed.
        code: Option<String>,
        /// Whether something is left.
        is_open: Option<bool>,
        /// Good until this day at most.
        expires_to: Option<Date>,
    }
}

fn list(conn: &Conn, p: VoucherListParams) -> Result<List<VoucherView>> {
    let (page, order) = (p.page(), p.order());
    let mut filter = Filter::default();
    filter
        .with("code = ?", p.code.map(|code| code.trim().to_owned()))
        .with("(balance > 0) = ?", p.is_open)
        .with("expires_on <= ?", p.expires_to);
    let listing = Listing {
        name: "till.vouchers",
        table: "voucher",
        columns: Voucher::COLUMNS,
        filter,
        first: None,
        sort: order.by.columns(),
        direction: order.direction,
    };
    let property = settings::property(conn)?;
    Ok(listing.read(conn, page, None, Voucher::from_row)?.map(|voucher| view(voucher, &property)))
}

/// What the hotel owes on vouchers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OwedView {
    amount: Amount,
    count: i64,
}

fn owed(conn: &Conn, _: NoParams) -> Result<OwedView> {
    let (amount, count) = vouchers::store::owed(conn)?;
    Ok(OwedView { amount: settings::property(conn)?.amount(amount), count })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByVoucher {
    id: VoucherId,
}

/// What came onto a voucher, or went off it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EntryView {
    kind: EntryKind,
    /// Negative when it went off.
    amount: Amount,
    date: Date,
    created_at: Instant,
    created_by: String,
}

/// A voucher and what became of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VoucherDetail {
    #[serde(flatten)]
    voucher: VoucherView,
    entries: Vec<EntryView>,
}

fn detail(conn: &Conn, voucher: Voucher) -> Result<VoucherDetail> {
    let property = settings::property(conn)?;
    let entry = |e: VoucherEntry| EntryView {
        kind: e.kind,
        amount: property.amount(e.amount),
        date: e.business_date,
        created_at: e.created_at,
        created_by: e.created_by,
    };
    Ok(VoucherDetail {
        entries: vouchers::store::entries(conn, voucher.id)?.into_iter().map(entry).collect(),
        voucher: view(voucher, &property),
    })
}

fn show(conn: &Conn, at: ByVoucher) -> Result<VoucherDetail> {
    detail(conn, vouchers::find(conn, at.id)?)
}

/// A voucher to be sold: on the bill of a stay, or paid at once.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoucherRequest {
    #[schemars(extend("exclusiveMinimum" = 0))]
    amount: Decimal,
    holder: Option<Holder>,
    /// The last day on which it is taken; for ever when left out.
    expires_on: Option<Date>,
    /// On whose bill it goes; paid at once when left out.
    reservation_id: Option<ReservationId>,
    /// How it is paid, unless it goes on a bill.
    payment_method: Option<EntryName>,
}

fn sell(tx: &Tx, _: NoParams, body: VoucherRequest) -> Result<VoucherDetail> {
    let property = settings::property(tx)?;
    let amount = property.money("amount", &body.amount)?;
    let mut fields = Fields::default();
    fields.ensure(amount > Money::ZERO, "amount", text!("must be more than zero"));
    let holder = fields.check("holder", body.holder.unwrap_or_default().checked());
    let is_good = body.expires_on.is_none_or(|date| date >= property.business_date);
    fields.ensure(is_good, "expires_on", text!("must not be over already"));
    let is_paid = body.reservation_id.is_some() != body.payment_method.is_some();
    fields.ensure(is_paid, "payment_method", text!("must be given, or a stay whose bill it goes on"));
    fields.finish()?;
    let code = confirmation_number(u64::from_le_bytes(random_bytes::<8>()));
    let new = NewVoucher { code, amount, holder, expires_on: body.expires_on };
    let made = match body.reservation_id {
        Some(id) => sell_on_stay(tx, id, &new)?,
        None => sell_alone(tx, &new, body.payment_method.map(String::from).unwrap_or_default())?,
    };
    detail(tx, made)
}

fn sell_on_stay(tx: &Tx, id: ReservationId, new: &NewVoucher) -> Result<Voucher> {
    let stay = match reservations::find(tx, id) {
        Err(Error::NotFound(_)) => return Err(Error::invalid("reservation_id", text!("is not a reservation's id"))),
        found => found?,
    };
    guard::check_open(tx, &stay, Posting::Charge)?;
    // It is good from now on, so somebody has to be there who pays the bill.
    if stay.status != ReservationStatus::CheckedIn {
        let detail = text!("Only an in-house guest can have a voucher on the bill; otherwise it is paid at once.");
        return Err(Error::refused(Code::IllegalTransition, detail));
    }
    reservations::check_bill(stay.total_amount(), stay.total_amount() + new.amount)?;
    post(tx, Owner::guest(id), new)
}

/// On an account of the house, where it is paid at once.
fn sell_alone(tx: &Tx, new: &NewVoucher, payment_method: String) -> Result<Voucher> {
    let owner = Owner::House(store::voucher_folio(tx)?);
    let made = post(tx, owner, new)?;
    let payment = NewPayment {
        owner,
        amount: new.amount,
        payment_method,
        payment_type: PaymentType::Full,
        payment_date: None,
        reference_number: String::new(),
        notes: new.code.clone(),
        handed: Handed { is_whole: true, ..Handed::default() },
    };
    payments::take(tx, &payment)?;
    Ok(made)
}

fn post(tx: &Tx, owner: Owner, new: &NewVoucher) -> Result<Voucher> {
    let charge = NewCharge { note: new.code.clone(), ..NewCharge::to(owner, ChargeKind::Voucher, new.amount) };
    let line = folio::charge(tx, &charge)?;
    vouchers::issue(tx, new, line.id.0)
}

fn expire(tx: &Tx, at: ByVoucher, _: NoBody) -> Result<VoucherDetail> {
    detail(tx, vouchers::expire(tx, at.id)?)
}
