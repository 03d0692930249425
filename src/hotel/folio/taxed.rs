//! Lines of the bill with the taxes on them.

use super::owner::Owner;
use super::store::{self, Sums};
use super::{NewCharge, lines, parts, routing};
use crate::db::Tx;
use crate::domain::date::Date;
use crate::domain::extras::Extra;
use crate::domain::id::{ChargeId, ReservationId};
use crate::domain::money::Money;
use crate::domain::status::{ChargeKind, Entry};
use crate::domain::tax::{LevyLine, NightTaxed, TaxLine, Taxed};
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::reservations::{self, Night, NightKind};
use crate::hotel::taxes::{self, Books, Kind};

/// Books a line with its taxes; what takes another one back mirrors it.
pub fn post(tx: &Tx, new: &NewCharge, price: Money, date: Date) -> Result<ChargeId> {
    let id = match new.reverses_id {
        Some(original) if new.entry == Entry::Void => {
            let original = super::find(tx, original)?;
            let sums = Sums { amount: price - original.added_amount, added: -original.added_amount, tax: -original.tax_amount };
            let id = store::insert_charge(tx, new, sums, date)?;
            taxes::store::mirror(tx, id.0, original.id.0)?;
            parts::mirror(tx, id, original.id)?;
            id
        }
        Some(original) => take_off(tx, new, price, original, date)?,
        None => return post_anew(tx, new, price, date),
    };
    // What is rounded together with it changes by it.
    if let Some(stay) = new.reservation_id {
        reservations::taxed::reckon(tx, stay)?;
    }
    Ok(id)
}

/// Takes an amount off what stands of a line on the folio, with the same share of its taxes there: whoever takes
/// the last of it off takes the last of them.
fn take_off(tx: &Tx, new: &NewCharge, amount: Money, original: ChargeId, date: Date) -> Result<ChargeId> {
    let folio = store::folio_of(tx, new.owner)?;
    let left = lines::on_folio(tx, original.0, folio)?;
    let taxes = share_of(&taxes::store::taxes_on(tx, original.0, folio)?, left, amount);
    let id = store::insert_charge(tx, new, Sums { amount, added: Money::ZERO, tax: tax_in(&taxes) }, date)?;
    taxes.iter().try_for_each(|(line, tax)| taxes::store::insert_tax(tx, id.0, *line, tax))?;
    parts::share(tx, id, (original, folio), amount, left)?;
    Ok(id)
}

/// The taxes among these lines, without a service charge.
pub fn tax_in(taxes: &[(i64, TaxLine)]) -> Money {
    taxes.iter().filter(|(_, tax)| !tax.is_service).map(|(_, tax)| tax.amount).sum()
}

/// The taxes in an amount that is taken off or out of what is left of a line, whose taxes `lines` are. The parts of a
/// split price share it; in each, what is no tax is what the taxes leave of it, so that all adds up.
pub fn share_of(lines: &[(i64, TaxLine)], left: Money, amount: Money) -> Vec<(i64, TaxLine)> {
    let mut parts: Vec<i64> = lines.iter().map(|(_, tax)| tax.part).collect();
    parts.sort_unstable();
    parts.dedup();
    let of = |part: i64| lines.iter().filter(move |(_, tax)| tax.part == part);
    let mut whole: Vec<Money> = parts.iter().map(|part| gross(of(*part).map(|(_, tax)| tax))).collect();
    // What has no taxes on it at all.
    whole.push(left - whole.iter().copied().sum());
    let shares = amount.by_weights(&whole.iter().map(|part| part.0).collect::<Vec<_>>());
    let mut out = Vec::with_capacity(lines.len());
    for ((part, whole), share) in parts.iter().zip(&whole).zip(shares) {
        let taken = |tax: &TaxLine| TaxLine { amount: tax.amount.times_ratio(share.0, whole.0), ..*tax };
        let lines: Vec<(i64, TaxLine)> = of(*part).map(|(line, tax)| (*line, taken(tax))).collect();
        let sum = |is_service: bool| -> Money {
            lines.iter().filter(|(_, tax)| tax.is_service == is_service).map(|(_, tax)| tax.amount).sum()
        };
        // Services lie on the net price, taxes on both.
        let (service, tax) = (sum(true), sum(false));
        out.extend(lines.iter().map(|(line, one)| {
            let base = match (one.is_in_price(), one.is_service) {
                (true, true) => share - tax,
                (true, false) => share,
                (false, true) => share - tax - service,
                (false, false) => share - tax,
            };
            (*line, TaxLine { base, ..*one })
        }));
    }
    out
}

/// What a price comes to whose taxes these are.
fn gross<'a>(taxes: impl Iterator<Item = &'a TaxLine> + Clone) -> Money {
    let net = |tax: &TaxLine| if tax.is_in_price() || tax.is_service { None } else { Some(tax.base) };
    // Of what takes off, the bases are less than zero.
    let size = |base: &Money| base.0.abs();
    let inside = taxes.clone().filter(|tax| tax.is_in_price()).map(|tax| tax.base).max_by_key(size);
    let sum =
        |is_service: bool| -> Money { taxes.clone().filter(|tax| tax.is_service == is_service).map(|tax| tax.amount).sum() };
    match (inside, taxes.clone().find_map(net)) {
        (Some(price), _) => price,
        // The base of taxes on top has the service in it.
        (None, Some(base)) => base + sum(false),
        (None, None) => taxes.clone().map(|tax| tax.base).max_by_key(size).unwrap_or(Money::ZERO) + sum(true),
    }
}

/// Books what stands for itself, as the hotel taxes it today.
fn post_anew(tx: &Tx, new: &NewCharge, price: Money, date: Date) -> Result<ChargeId> {
    if matches!(new.article, ChargeKind::Rounding | ChargeKind::Tip | ChargeKind::Voucher | ChargeKind::ReminderFee) {
        return store::insert_charge(tx, new, Sums { amount: price, added: Money::ZERO, tax: Money::ZERO }, date);
    }
    let books = match new.reservation_id {
        Some(stay) => reservations::taxed::books(tx, &reservations::find(tx, stay)?)?,
        None => reservations::taxed::books_without_stay(tx, date)?,
    };
    let Some(mut books) = books else {
        if new.tax_group.is_some() {
            return Err(Error::invalid("tax_group_id", text!("is none of the groups")));
        }
        return book(tx, new, Sums { amount: price, added: Money::ZERO, tax: Money::ZERO }, date)?.settled(tx);
    };
    if new.tax_group.is_some_and(|group| !books.knows(group)) {
        return Err(Error::invalid("tax_group_id", text!("is none of the groups")));
    }
    let group = new.tax_group.unwrap_or_else(|| books.group(kind_of(new)));
    let line = new.sold.map_or_else(|| line_of(new.article), |article| article.0);
    // What is put right is typed as the guest sees it.
    let is_gross = new.is_gross || matches!(new.article, ChargeKind::Adjustment | ChargeKind::Allowance);
    let taxed = books.sale(group, price, line, date, is_gross);
    let id = insert(tx, new, price, (line, &taxed), date)?.settled(tx)?;
    if let Some(stay) = new.reservation_id {
        reservations::taxed::reckon(tx, stay)?;
    }
    Ok(id)
}

/// A line that was booked, and what of it goes on to another folio once all of it is written.
struct Booked {
    id: ChargeId,
    part: Option<(Owner, Money)>,
}

impl Booked {
    fn settled(self, tx: &Tx) -> Result<ChargeId> {
        if let Some(part) = self.part {
            routing::move_part(tx, self.id, part)?;
        }
        Ok(self.id)
    }
}

/// Books a line where the stay's routing says.
fn book(tx: &Tx, new: &NewCharge, sums: Sums, date: Date) -> Result<Booked> {
    let place = routing::place(tx, new, sums.amount, date)?;
    let id = match place.owner == new.owner {
        true => store::insert_charge(tx, new, sums, date)?,
        false => store::insert_charge(tx, &NewCharge { owner: place.owner, ..new.clone() }, sums, date)?,
    };
    Ok(Booked { id, part: place.part })
}

/// Books a night, what is sold along with it beside its price, and the levies that it brings along.
pub fn post_night(tx: &Tx, id: ReservationId, night: &Night, books: Option<&mut Books>, date: Date) -> Result<()> {
    let new = |kind: ChargeKind, price: Money| NewCharge { night: Some(night.night), ..NewCharge::one(id, kind, price) };
    let extra = |extra: &Extra| NewCharge {
        sold: Some(extra.article_id),
        note: extra.name.clone(),
        quantity: extra.quantity,
        ..new(ChargeKind::Extra, extra.unit_amount)
    };
    let Some(books) = books else {
        let sums = |amount: Money| Sums { amount, added: Money::ZERO, tax: Money::ZERO };
        let room = book(tx, &new(ChargeKind::Room, night.rate), sums(night.rate), date)?;
        for (inside, share) in night.extras.inside(night.rate) {
            parts::insert(tx, room.id, inside, &Taxed::free(share))?;
        }
        room.settled(tx)?;
        return night.extras.beside().try_for_each(|e| book(tx, &extra(e), sums(e.price()), date)?.settled(tx).map(|_| ()));
    };
    let taxed = books.night(night.night, night.rate, &night.extras, night.kind == NightKind::DayUse);
    let NightTaxed { sales, inside, levies } = &taxed;
    if let Some((room, beside)) = sales.split_first() {
        let price = books.room_price(room);
        let line = insert(tx, &new(ChargeKind::Room, price), price, (line_of(ChargeKind::Room), room), date)?;
        for ((inside, _), share) in night.extras.inside(night.rate).iter().zip(inside) {
            parts::insert(tx, line.id, inside, share)?;
        }
        line.settled(tx)?;
        for (sold, sale) in night.extras.beside().zip(beside) {
            insert(tx, &extra(sold), sold.price(), (sold.article_id.0, sale), date)?.settled(tx)?;
        }
    }
    levies.iter().try_for_each(|levy| post_levy(tx, new(ChargeKind::Levy, Money::ZERO), levy, date))
}

/// As so many of so much where all pay the same, else as a sum.
fn post_levy(tx: &Tx, new: NewCharge, levy: &LevyLine, date: Date) -> Result<()> {
    let price: Money = levy.units.iter().map(|(count, unit)| unit.times(*count).unwrap_or_default()).sum();
    let (quantity, unit_amount) = match levy.units.as_slice() {
        [one] => *one,
        _ => (1, price),
    };
    let new = NewCharge { quantity, unit_amount, levy: Some(levy.levy), ..new };
    let line = insert(tx, &new, price, (-levy.levy.0, &levy.taxed), date)?;
    taxes::store::insert_shares(tx, line.id.0, levy)?;
    line.settled(tx).map(|_| ())
}

fn insert(tx: &Tx, new: &NewCharge, price: Money, (line, taxed): (i64, &Taxed), date: Date) -> Result<Booked> {
    let tax = taxed.taxes.iter().filter(|tax| !tax.is_service).map(|tax| tax.amount).sum();
    let booked = book(tx, new, Sums { amount: taxed.gross, added: taxed.gross - price, tax }, date)?;
    taxes::write(tx, booked.id.0, line, taxed)?;
    Ok(booked)
}

/// What a line belongs to when nobody says: what is taken off is most often of the room.
fn kind_of(new: &NewCharge) -> Kind {
    match new.article {
        ChargeKind::Extra => Kind::Extra,
        ChargeKind::CancellationFee | ChargeKind::NoShowFee => Kind::Fee,
        ChargeKind::Room
        | ChargeKind::Adjustment
        | ChargeKind::Allowance
        | ChargeKind::Levy
        | ChargeKind::Rounding
        | ChargeKind::Tip
        | ChargeKind::Voucher
        | ChargeKind::ReminderFee
        | ChargeKind::Void => Kind::Room,
    }
}

/// What is rounded together where taxes are rounded by line.
fn line_of(kind: ChargeKind) -> i64 {
    match kind {
        ChargeKind::Room => taxes::ROOM,
        ChargeKind::Extra => 2,
        ChargeKind::Adjustment => 3,
        ChargeKind::Allowance => 4,
        ChargeKind::CancellationFee => 5,
        ChargeKind::NoShowFee => 6,
        ChargeKind::Levy
        | ChargeKind::Rounding
        | ChargeKind::Tip
        | ChargeKind::Voucher
        | ChargeKind::ReminderFee
        | ChargeKind::Void => 0,
    }
}
