//! Who pays what of a stay from the start: rules by which its charges go to another of its folios, or to its group's.
//!
//! A company or a group has rules for its stays; a trigger copies a company's to each stay that is booked for it. The
//! first rule that fits decides. What it may not take any more, since its limit is reached, stays with the guest.

use super::lines::Line;
use super::owner::{self, Owner, Window};
use super::{NewCharge, store, transfers};
use crate::db::record::record;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::date::Date;
use crate::domain::id::{ArticleId, ChargeId, CompanyId, FolioId, GroupId, ReservationId};
use crate::domain::money::Money;
use crate::domain::status::{ChargeKind, Entry, words};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::articles;
use crate::hotel::reservations::Night;
use crate::hotel::{audit, companies};

words!(
    /// What a rule is for.
    Routed { All = "all", Room = "room", Extras = "extras", Levies = "levies", Articles = "articles" }
);

words!(
    /// Where it goes: to a window of the stay, or to the folio of its group.
    RouteTarget { Window = "window", Group = "group" }
);

/// Rules of one stay, company or group.
pub const MAX_RULES: usize = 20;

statements! {
    OF_STAY = "routing.of_stay" selects Rule "FROM routing_rule WHERE reservation_id = ?1 ORDER BY position";
    OF_COMPANY = "routing.of_company" selects Rule "FROM routing_rule WHERE company_id = ?1 ORDER BY position";
    OF_GROUP = "routing.of_group" selects Rule "FROM routing_rule WHERE group_id = ?1 ORDER BY position";
    GROUP_OF = "routing.group_of": "SELECT group_id FROM reservation WHERE id = ?1";
    CLEAR = "routing.clear": "DELETE FROM routing_rule
        WHERE id IN (SELECT id FROM routing_rule WHERE reservation_id = ?1
            UNION ALL SELECT id FROM routing_rule WHERE company_id = ?2
            UNION ALL SELECT id FROM routing_rule WHERE group_id = ?3)", scans "the list of its own rows, each found by its key";
    ADD = "routing.add": "INSERT INTO routing_rule
            (reservation_id, company_id, group_id, position, what, article_ids, from_date, to_date, limit_amount, target, window)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    // What of a stay's charges stands on a folio, whatever was paid there.
    TAKEN = "routing.taken": "SELECT coalesce(sum(p.amount), 0) FROM posting AS p
        WHERE p.folio_id = ?1 AND p.reservation_id = ?2 AND p.method IS NULL AND (p.entry <> 'transfer'
            OR EXISTS (SELECT 1 FROM posting AS m WHERE m.id = p.moves_id AND m.method IS NULL))";
}

record! {
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Rule {
        pub what: Routed,
        /// Where it is for single articles: these.
        pub article_ids: Vec<ArticleId> as json_ids,
        /// Of the night, else of the business date; both included.
        pub from_date: Option<Date>,
        pub to_date: Option<Date>,
        /// Up to which sum of the stay's charges on that folio; `None` = all.
        pub limit_amount: Option<Money>,
        pub target: RouteTarget,
        /// Of a stay's rule to a window; `None` in a company's, which is for the window that it pays.
        pub window: Option<i64>,
    }
}

fn json_ids(row: &rusqlite::Row, at: &mut usize) -> rusqlite::Result<Vec<ArticleId>> {
    let ids: Vec<i64> = crate::db::record::json(row, at)?;
    Ok(ids.into_iter().map(ArticleId).collect())
}

/// Whose rules they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulesOf {
    Stay(ReservationId),
    Company(CompanyId),
    Group(GroupId),
}

impl RulesOf {
    fn keys(self) -> (Option<ReservationId>, Option<CompanyId>, Option<GroupId>) {
        match self {
            RulesOf::Stay(id) => (Some(id), None, None),
            RulesOf::Company(id) => (None, Some(id), None),
            RulesOf::Group(id) => (None, None, Some(id)),
        }
    }
}

impl Rule {
    /// `sold` = the hotel's own article, where one is.
    fn fits(&self, kind: ChargeKind, sold: Option<ArticleId>, date: Date) -> bool {
        let is_meant = match (self.what, kind) {
            (Routed::Room, ChargeKind::Room) | (Routed::Extras, ChargeKind::Extra) | (Routed::Levies, ChargeKind::Levy) => true,
            (Routed::Articles, ChargeKind::Extra) => sold.is_some_and(|id| self.article_ids.contains(&id)),
            (
                Routed::All,
                ChargeKind::Room | ChargeKind::Extra | ChargeKind::Levy | ChargeKind::CancellationFee | ChargeKind::NoShowFee,
            ) => true,
            (Routed::All | Routed::Room | Routed::Extras | Routed::Levies | Routed::Articles, _) => false,
        };
        is_meant && self.from_date.is_none_or(|from| from <= date) && self.to_date.is_none_or(|to| date <= to)
    }
}

pub fn of_stay(conn: &Conn, id: ReservationId) -> Result<Vec<Rule>> {
    conn.all(&OF_STAY, [id], Rule::from_row)
}

pub fn of(conn: &Conn, whose: RulesOf) -> Result<Vec<Rule>> {
    match whose {
        RulesOf::Stay(id) => of_stay(conn, id),
        RulesOf::Company(id) => conn.all(&OF_COMPANY, [id], Rule::from_row),
        RulesOf::Group(id) => conn.all(&OF_GROUP, [id], Rule::from_row),
    }
}

/// Sets the rules of a stay, a company or a group. What is on the bill already stays where it is.
pub fn replace(tx: &Tx, whose: RulesOf, rules: &[Rule]) -> Result<()> {
    let before = of(tx, whose)?;
    check(tx, whose, rules)?;
    let (stay, company, group) = whose.keys();
    tx.run(&CLEAR, (stay, company, group))?;
    for (position, rule) in rules.iter().enumerate() {
        let ids = serde_json::to_string(&rule.article_ids).map_err(Error::internal)?;
        let row = rusqlite::params![
            stay,
            company,
            group,
            position as i64,
            rule.what,
            ids,
            rule.from_date,
            rule.to_date,
            rule.limit_amount,
            rule.target,
            rule.window
        ];
        tx.run(&ADD, row)?;
    }
    let (entity, id) = match whose {
        RulesOf::Stay(id) => ("reservation", id.0),
        RulesOf::Company(id) => ("company", id.0),
        RulesOf::Group(id) => ("booking_group", id.0),
    };
    let told = |rules: &[Rule]| serde_json::json!({ "routing_rules": rules.len(), "routing": in_short(rules) });
    audit::record(tx, "set_routing", entity, id, &told(&before), &told(rules))
}

/// As the trail tells it: what, and where to.
fn in_short(rules: &[Rule]) -> String {
    let one = |rule: &Rule| format!("{} → {} {}", rule.what, rule.target, rule.window.map_or(String::new(), |w| w.to_string()));
    rules.iter().map(|rule| one(rule).trim_end().to_owned()).collect::<Vec<_>>().join(", ")
}

fn check(tx: &Tx, whose: RulesOf, rules: &[Rule]) -> Result<()> {
    let mut fields = Fields::default();
    for (at, rule) in rules.iter().enumerate() {
        let field = |name: &str| format!("rules[{at}].{name}");
        let is_by_article = rule.what == Routed::Articles;
        fields.ensure(is_by_article != rule.article_ids.is_empty(), &field("article_ids"), text!("go with articles alone"));
        for id in &rule.article_ids {
            let known = articles::sold(tx, *id);
            fields.ensure(known.is_ok(), &field("article_ids"), text!("must be articles of this hotel"));
        }
        let is_in_order = rule.from_date.zip(rule.to_date).is_none_or(|(from, to)| from <= to);
        fields.ensure(is_in_order, &field("to_date"), text!("must not be before the first day"));
        fields.ensure(
            rule.limit_amount.is_none_or(|most| most > Money::ZERO),
            &field("limit_amount"),
            text!("must be more than zero"),
        );
        match (whose, rule.target, rule.window) {
            (RulesOf::Stay(id), RouteTarget::Window, Some(window)) => {
                let is_open =
                    (2..=Window::MAX).contains(&window) && store::known_folio(tx, Owner::Stay { id, window })?.is_some();
                fields.ensure(is_open, &field("window"), text!("is not open on this stay"));
            }
            (RulesOf::Stay(id), RouteTarget::Group, None) => {
                fields.ensure(group_of(tx, id)?.is_some(), &field("target"), text!("needs a stay of a group"));
            }
            (RulesOf::Company(_), RouteTarget::Window, None) | (RulesOf::Group(_), RouteTarget::Group, None) => {}
            _ => fields.add(&field("window"), text!("goes with a stay's folio alone")),
        }
    }
    fields.finish()
}

/// The window that a night's room goes to; `None` = to the group's folio.
pub fn window_of_room(rules: &[Rule], night: Date) -> Option<i64> {
    match rules.iter().find(|rule| rule.fits(ChargeKind::Room, None, night)) {
        Some(Rule { target: RouteTarget::Group, .. }) => None,
        Some(rule) => rule.window.or(Some(1)),
        None => Some(1),
    }
}

fn group_of(conn: &Conn, stay: ReservationId) -> Result<Option<GroupId>> {
    Ok(conn.one(&GROUP_OF, [stay], |row| row.get(0))?.flatten())
}

/// Where a charge goes: all of it to the first, or a part of it on to the second.
pub struct Place {
    pub owner: Owner,
    pub part: Option<(Owner, Money)>,
}

/// Where a charge of a stay goes by its rules; to where it was said to go when it has none.
pub fn place(conn: &Conn, new: &NewCharge, amount: Money, today: Date) -> Result<Place> {
    let own = Place { owner: new.owner, part: None };
    let (Some(stay), true) = (new.reservation_id, new.is_routed && new.entry == Entry::Post && amount > Money::ZERO) else {
        return Ok(own);
    };
    // What nights of a shorter stay cost more goes where the nights go.
    let kind = if new.note == super::SHORTER { ChargeKind::Room } else { new.article };
    for rule in of_stay(conn, stay)? {
        if !rule.fits(kind, new.sold, new.night.unwrap_or(today)) {
            continue;
        }
        let target = match (rule.target, rule.window) {
            (RouteTarget::Group, _) => match group_of(conn, stay)? {
                Some(group) => Owner::Group(group),
                None => continue,
            },
            (RouteTarget::Window, window) => Owner::Stay { id: stay, window: window.unwrap_or(1) },
        };
        let folio = store::known_folio(conn, target)?;
        if let Some(id) = folio
            && owner::find(conn, id)?.is_closed
        {
            continue;
        }
        let Some(most) = rule.limit_amount else { return Ok(Place { owner: target, part: None }) };
        let taken = folio.map_or(Ok(Money::ZERO), |folio| taken(conn, folio, stay))?;
        let left = (most - taken).max(Money::ZERO);
        if left >= amount {
            return Ok(Place { owner: target, part: None });
        }
        if left > Money::ZERO {
            return Ok(Place { owner: new.owner, part: Some((target, left)) });
        }
    }
    Ok(own)
}

fn taken(conn: &Conn, folio: FolioId, stay: ReservationId) -> Result<Money> {
    conn.scalar(&TAKEN, (folio, stay))
}

/// Moves on what of a line goes to another folio.
pub fn move_part(tx: &Tx, line: ChargeId, (to, amount): (Owner, Money)) -> Result<()> {
    let line = Line::Charge(super::find(tx, line)?);
    let (from, to) = (owner::find(tx, line.folio())?, owner::open(tx, to)?);
    transfers::shift(tx, &line, (&from, &to), amount, "").map(|_| ())
}

/// What of nights to come will stand on each window but the first, by the rules as they are.
pub fn to_come(conn: &Conn, stay: ReservationId, rules: &[Rule], nights: &[Night]) -> Result<Vec<(Owner, Money)>> {
    let mut sums: Vec<(Owner, Money, Money)> = Vec::new();
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let group = group_of(conn, stay)?;
    for night in nights {
        let room = (ChargeKind::Room, None, night.rate + night.added_to_price());
        let beside = night.extras.beside().map(|extra| (ChargeKind::Extra, Some(extra.article_id), extra.amount()));
        for (kind, sold, amount) in std::iter::once(room).chain(beside) {
            let mut rest = amount;
            for rule in rules.iter().filter(|rule| rule.fits(kind, sold, night.night)) {
                let target = match (rule.target, group) {
                    (RouteTarget::Group, Some(group)) => Owner::Group(group),
                    (RouteTarget::Group, None) => continue,
                    (RouteTarget::Window, _) => Owner::Stay { id: stay, window: rule.window.unwrap_or(1) },
                };
                let at = match sums.iter().position(|(known, _, _)| *known == target) {
                    Some(at) => at,
                    None => {
                        let there =
                            store::known_folio(conn, target)?.map_or(Ok(Money::ZERO), |folio| taken(conn, folio, stay))?;
                        sums.push((target, there, Money::ZERO));
                        sums.len() - 1
                    }
                };
                let (_, there, come) = &mut sums[at];
                let left = rule.limit_amount.map_or(rest, |most| (most - *there - *come).max(Money::ZERO));
                let part = left.min(rest);
                *come = *come + part;
                rest = rest - part;
                if rest <= Money::ZERO {
                    break;
                }
            }
        }
    }
    Ok(sums.into_iter().map(|(owner, _, come)| (owner, come)).collect())
}

/// The rules of a company are for stays that it pays.
pub fn check_company(conn: &Conn, id: CompanyId) -> Result<()> {
    companies::find(conn, id).map(|_| ())
}
