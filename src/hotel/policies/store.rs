//! Statements of policies.

use std::collections::HashMap;

use rusqlite::Row;

use super::{Fee, Policy, Step};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::PolicyId;
use crate::error::Result;

statements! {
    FIND = "policies.find": "SELECT id, no_show_fee_kind, no_show_fee_percent FROM policy WHERE id = ?1";
    STEPS_OF = "policies.steps_of": "SELECT policy_id, hours_before, fee_kind, fee_percent FROM policy_step
        WHERE policy_id = ?1 ORDER BY hours_before DESC LIMIT 10";
    ALL = "policies.all": "SELECT id, no_show_fee_kind, no_show_fee_percent FROM policy ORDER BY id", scans "a hotel's terms are few";
    ALL_STEPS = "policies.all_steps": "SELECT policy_id, hours_before, fee_kind, fee_percent FROM policy_step
        ORDER BY policy_id, hours_before DESC", scans "a hotel's terms are few";
    INSERT = "policies.insert": "INSERT INTO policy (no_show_fee_kind, no_show_fee_percent) VALUES (?1, ?2)";
    INSERT_STEP = "policies.insert_step": "INSERT INTO policy_step (policy_id, hours_before, fee_kind, fee_percent) VALUES (?1, ?2, ?3, ?4)";
}

fn policy(row: &Row) -> rusqlite::Result<(PolicyId, Policy)> {
    let no_show = Fee { kind: row.get(1)?, percent: row.get(2)? };
    Ok((row.get(0)?, Policy { cancellation: Vec::new(), no_show }))
}

fn step(row: &Row) -> rusqlite::Result<(PolicyId, Step)> {
    let fee = Fee { kind: row.get(2)?, percent: row.get(3)? };
    Ok((row.get(0)?, Step { hours_before: row.get(1)?, fee }))
}

pub fn find(conn: &Conn, id: PolicyId) -> Result<Option<Policy>> {
    let Some((_, found)) = conn.one(&FIND, [id], policy)? else { return Ok(None) };
    let steps = conn.all(&STEPS_OF, [id], step)?;
    Ok(Some(Policy { cancellation: steps.into_iter().map(|(_, step)| step).collect(), ..found }))
}

pub fn all(conn: &Conn) -> Result<HashMap<PolicyId, Policy>> {
    let mut all: HashMap<PolicyId, Policy> = conn.all(&ALL, [], policy)?.into_iter().collect();
    for (id, step) in conn.all(&ALL_STEPS, [], step)? {
        if let Some(policy) = all.get_mut(&id) {
            policy.cancellation.push(step);
        }
    }
    Ok(all)
}

pub fn insert(tx: &Tx, new: &Policy) -> Result<PolicyId> {
    let id = PolicyId(tx.insert(&INSERT, (new.no_show.kind, new.no_show.percent))?);
    for step in &new.cancellation {
        tx.run(&INSERT_STEP, (id, step.hours_before, step.fee.kind, step.fee.percent))?;
    }
    Ok(id)
}
