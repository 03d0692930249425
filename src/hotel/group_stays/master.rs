//! A group's master folio: what of its stays it pays, and what stands on it.
//!
//! What it pays are rules of the group (`folio::routing`), which its stays have from when they join it until they
//! leave; what is on a bill already stays where it is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::{Conn, Tx};
use crate::domain::money::Money;
use crate::domain::status::words;
use crate::error::Result;
use crate::hotel::folio::owner::{self, Owner};
use crate::hotel::folio::routing::{self, RouteTarget, Routed, Rule, RulesOf};
use crate::hotel::folio::store;
use crate::hotel::folio::windows_api::{WindowView, window_view};
use crate::hotel::groups::api::ByGroup;
use crate::hotel::groups::{self, Group};
use crate::hotel::settings;

words!(
    /// What of its stays a group pays: the rooms with the taxes on staying, or everything, fees for cancelling and not
    /// coming among it. The rest is the guests'.
    MasterPays { Nothing = "nothing", Room = "room", All = "all" }
);

/// What a group pays.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MasterView {
    pays: MasterPays,
    /// Its folio; `null` as long as it pays nothing.
    folio: Option<WindowView>,
}

/// What a group is to pay from now on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MasterRequest {
    pays: MasterPays,
}

impl MasterPays {
    fn rules(self) -> Vec<Rule> {
        let kinds: &[Routed] = match self {
            MasterPays::Nothing => &[],
            MasterPays::Room => &[Routed::Room, Routed::Levies],
            MasterPays::All => &[Routed::All],
        };
        kinds.iter().map(|what| to_group(*what)).collect()
    }
}

fn to_group(what: Routed) -> Rule {
    Rule {
        what,
        article_ids: Vec::new(),
        from_date: None,
        to_date: None,
        limit_amount: None,
        target: RouteTarget::Group,
        window: None,
    }
}

pub fn show(conn: &Conn, at: ByGroup) -> Result<MasterView> {
    view(conn, &groups::find(conn, at.id)?)
}

fn view(conn: &Conn, group: &Group) -> Result<MasterView> {
    let property = settings::property(conn)?;
    let rules = routing::of(conn, RulesOf::Group(group.id))?;
    let pays = MasterPays::ALL.iter().copied().find(|pays| pays.rules() == rules).unwrap_or(MasterPays::Room);
    let folio = owner::known(conn, Owner::Group(group.id))?;
    Ok(MasterView { pays, folio: folio.map(|folio| window_view(folio, Money::ZERO, &property)) })
}

/// Says what a group pays of its stays from now on, of those that are booked already, too.
pub fn set(tx: &Tx, at: ByGroup, body: MasterRequest) -> Result<MasterView> {
    let group = groups::find(tx, at.id)?;
    let rules = body.pays.rules();
    if body.pays != MasterPays::Nothing {
        store::folio_of(tx, Owner::Group(group.id))?;
    }
    if routing::of(tx, RulesOf::Group(group.id))? != rules {
        routing::replace(tx, RulesOf::Group(group.id), &rules)?;
        for stay in super::open_stays(tx, group.id)? {
            let own = routing::of_stay(tx, stay.id)?.into_iter().filter(|rule| rule.target != RouteTarget::Group);
            let all: Vec<Rule> = rules.iter().cloned().chain(own).collect();
            routing::replace(tx, RulesOf::Stay(stay.id), &all)?;
        }
    }
    view(tx, &group)
}
