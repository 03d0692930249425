//! `/api/taxes`: what the hotel levies.
//!
//! It stands here and not with the taxes, since what is to come of every stay is reckoned anew with it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::db::{Conn, Table, Tx};
use crate::domain::id::{TaxGroupId, Version};
use crate::domain::tax::Rounding;
use crate::error::Result;
use crate::hotel::settings::api::check_version;
use crate::hotel::taxes::group::GroupEntry;
use crate::hotel::taxes::setup::{self, Country, LevyEntry, Presets, TaxEntry, TaxSetup};
use crate::hotel::taxes::store;
use crate::hotel::{articles, reservations};
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, NoParams, query, update};

pub fn endpoints() -> Vec<Endpoint> {
    let mut out = vec![query("/api/taxes", "find_taxes", Access::READ, "What is levied", &[Table::TaxSetup], show)];
    out.push(query("/api/taxes/presets", "find_tax_presets", Access::READ, "What is levied in some places", &[], list_presets));
    out.extend(update("/api/taxes", ["update_taxes", "replace_taxes"], Access::MANAGE, "Change what is levied", change));
    out
}

/// What is levied.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TaxSetupView {
    #[serde(flatten)]
    setup: TaxSetup,
    /// 0 as long as nothing was said.
    version: i64,
}

fn show(conn: &Conn, _: NoParams) -> Result<TaxSetupView> {
    let setup = store::setup(conn)?.unwrap_or_else(TaxSetup::empty);
    Ok(TaxSetupView { setup, version: store::version(conn)?.map_or(0, |version| version.0) })
}

fn list_presets(_: &Conn, _: NoParams) -> Result<Presets> {
    setup::presets()
}

/// Lists that are given replace the whole list; what is left out stays. Nights that are not posted yet are
/// reckoned anew.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxChange {
    rounding: Option<Rounding>,
    /// The country whose residents some levies tell apart, as the people of a stay name it.
    country: Option<Country>,
    #[schemars(length(max = 50))]
    groups: Option<Vec<GroupEntry>>,
    #[schemars(length(max = 50))]
    taxes: Option<Vec<TaxEntry>>,
    #[schemars(length(max = 10))]
    levies: Option<Vec<LevyEntry>>,
    /// What rooms, extras and fees belong to; `null` = nothing lies on them.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<TaxGroupId>")]
    room_group_id: Option<Option<TaxGroupId>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<TaxGroupId>")]
    extra_group_id: Option<Option<TaxGroupId>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<TaxGroupId>")]
    fee_group_id: Option<Option<TaxGroupId>>,
    version: Option<Version>,
}

fn change(tx: &Tx, _: NoParams, body: TaxChange) -> Result<TaxSetupView> {
    let before = show(tx, NoParams {})?;
    check_version(body.version, before.version)?;
    let known = before.setup;
    let wanted = TaxSetup {
        rounding: body.rounding.unwrap_or(known.rounding),
        country: body.country.unwrap_or(known.country),
        groups: body.groups.unwrap_or(known.groups),
        taxes: body.taxes.unwrap_or(known.taxes),
        levies: body.levies.unwrap_or(known.levies),
        room_group_id: body.room_group_id.unwrap_or(known.room_group_id),
        extra_group_id: body.extra_group_id.unwrap_or(known.extra_group_id),
        fee_group_id: body.fee_group_id.unwrap_or(known.fee_group_id),
    };
    let kept: Vec<TaxGroupId> = wanted.groups.iter().map(|group| group.id).collect();
    articles::check_groups_kept(tx, &kept)?;
    setup::replace(tx, wanted)?;
    reservations::taxed::reckon_all(tx)?;
    show(tx, NoParams {})
}
