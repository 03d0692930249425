//! Statements of policies.

use std::collections::HashMap;

use const_format::concatcp;
use rusqlite::Row;

use super::deposit::Deposit;
use super::{Fee, Policy, Step};
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::PolicyId;
use crate::error::Result;

const POLICY: &str =
    "id, no_show_fee_kind, no_show_fee_percent, deposit_kind, deposit_percent, deposit_amount, deposit_due, deposit_due_days";

statements! {
    FIND = "policies.find" is concatcp!("SELECT ", POLICY, " FROM policy WHERE id = ?1");
    DEPOSIT = "policies.deposit" is concatcp!("SELECT ", POLICY, " FROM policy WHERE id = ?1 AND deposit_kind <> 'none'");
    STEPS_OF = "policies.steps_of": "SELECT policy_id, hours_before, fee_kind, fee_percent FROM policy_step
        WHERE policy_id = ?1 ORDER BY hours_before DESC LIMIT 10";
    ALL = "policies.all" is concatcp!("SELECT ", POLICY, " FROM policy ORDER BY id"), scans "a hotel's terms are few";
    ALL_STEPS = "policies.all_steps": "SELECT policy_id, hours_before, fee_kind, fee_percent FROM policy_step
        ORDER BY policy_id, hours_before DESC", scans "a hotel's terms are few";
    INSERT = "policies.insert": "INSERT INTO policy (no_show_fee_kind, no_show_fee_percent, deposit_kind, deposit_percent, deposit_amount,
            deposit_due, deposit_due_days)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    INSERT_STEP = "policies.insert_step": "INSERT INTO policy_step (policy_id, hours_before, fee_kind, fee_percent) VALUES (?1, ?2, ?3, ?4)";
}

fn policy(row: &Row) -> rusqlite::Result<(PolicyId, Policy)> {
    let no_show = Fee { kind: row.get(1)?, percent: row.get(2)? };
    let deposit = Deposit { kind: row.get(3)?, percent: row.get(4)?, amount: row.get(5)?, due: row.get(6)?, days: row.get(7)? };
    Ok((row.get(0)?, Policy { cancellation: Vec::new(), no_show, deposit }))
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

pub fn deposit(conn: &Conn, id: PolicyId) -> Result<Option<Deposit>> {
    Ok(conn.one(&DEPOSIT, [id], policy)?.map(|(_, policy)| policy.deposit))
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
    let (no_show, deposit) = (new.no_show, new.deposit);
    let id = PolicyId(tx.insert(
        &INSERT,
        (no_show.kind, no_show.percent, deposit.kind, deposit.percent, deposit.amount, deposit.due, deposit.days),
    )?);
    for step in &new.cancellation {
        tx.run(&INSERT_STEP, (id, step.hours_before, step.fee.kind, step.fee.percent))?;
    }
    Ok(id)
}
