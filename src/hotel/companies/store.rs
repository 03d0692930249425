//! Statements of companies and of the plans agreed with them.

use std::collections::HashMap;

use const_format::concatcp;

use super::{Company, NewCompany};
use crate::db::record::written;
use crate::db::sql::statements;
use crate::db::{Conn, Tx};
use crate::domain::id::{CompanyId, RatePlanId};
use crate::domain::money::Money;
use crate::error::Result;

written!(
    COMPANY: NewCompany = name, kind, has_account, tax_number, address, city, postal_code, region, country, registration_number,
    electronic_scheme, electronic_address, contact_name, email, phone_number, notes,
    credit_limit, terms_days, is_reminded, commission_percent, is_active
);

statements! {
    FIND = "companies.find" selects Company "FROM company WHERE id = ?1";
    ID_OF = "companies.id_of": "SELECT id FROM company WHERE name = ?1";
    ALL = "companies.all" selects Company "FROM company ORDER BY name LIMIT 2000", scans "a hotel's companies are few";
    COUNT = "companies.count": "SELECT count(*) FROM company", scans "a hotel's companies are few";
    INSERT = "companies.insert" is concatcp!("INSERT INTO company (", COMPANY.names, ") VALUES (", COMPANY.places, ")");
    UPDATE = "companies.update" is concatcp!("UPDATE company SET ", COMPANY.sets, ", version = version + 1 WHERE id = ?");
    PLANS_OF = "companies.plans_of": "SELECT rate_plan_id FROM company_plan WHERE company_id = ?1 ORDER BY rate_plan_id";
    PLANS = "companies.plans": "SELECT company_id, rate_plan_id FROM company_plan ORDER BY company_id, rate_plan_id",
        scans "a hotel's agreements are few";
    BALANCE = "companies.balance": "SELECT balance FROM folio WHERE company_id = ?1";
    BALANCES = "companies.balances": "SELECT company_id, balance FROM folio WHERE company_id IS NOT NULL",
        scans "companies with a folio are few";
    AGREE = "companies.agree": "INSERT INTO company_plan (company_id, rate_plan_id) VALUES (?1, ?2)";
    PART = "companies.part": "DELETE FROM company_plan WHERE company_id = ?1 AND rate_plan_id = ?2";
}

pub fn find(conn: &Conn, id: CompanyId) -> Result<Option<Company>> {
    conn.one(&FIND, [id], Company::from_row)
}

pub fn id_of(conn: &Conn, name: &str) -> Result<Option<CompanyId>> {
    conn.one(&ID_OF, [name], |row| row.get(0))
}

/// In the order of their names.
pub fn all(conn: &Conn) -> Result<Vec<Company>> {
    conn.all(&ALL, [], Company::from_row)
}

pub fn count(conn: &Conn) -> Result<usize> {
    conn.scalar::<i64>(&COUNT, []).map(|count| usize::try_from(count).unwrap_or(usize::MAX))
}

pub fn insert(tx: &Tx, new: &NewCompany) -> Result<CompanyId> {
    Ok(CompanyId(tx.insert(&INSERT, COMPANY.with(new, &[]))?))
}

pub fn update(tx: &Tx, id: CompanyId, after: &NewCompany) -> Result<()> {
    tx.run(&UPDATE, COMPANY.with(after, &[&id]))?;
    Ok(())
}

pub fn plans_of(conn: &Conn, id: CompanyId) -> Result<Vec<RatePlanId>> {
    conn.all(&PLANS_OF, [id], |row| row.get(0))
}

/// Of every company that has any.
pub fn plans(conn: &Conn) -> Result<HashMap<CompanyId, Vec<RatePlanId>>> {
    let mut all: HashMap<CompanyId, Vec<RatePlanId>> = HashMap::new();
    for (company, plan) in conn.all(&PLANS, [], |row| Ok((row.get(0)?, row.get(1)?)))? {
        all.entry(company).or_default().push(plan);
    }
    Ok(all)
}

/// What is open on its account.
pub fn balance(conn: &Conn, id: CompanyId) -> Result<Money> {
    Ok(conn.one(&BALANCE, [id], |row| row.get(0))?.unwrap_or_default())
}

/// Of every company that has a folio.
pub fn balances(conn: &Conn) -> Result<HashMap<CompanyId, Money>> {
    Ok(conn.all(&BALANCES, [], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}

pub fn agree(tx: &Tx, id: CompanyId, plan: RatePlanId) -> Result<()> {
    tx.run(&AGREE, (id, plan))?;
    Ok(())
}

pub fn part(tx: &Tx, id: CompanyId, plan: RatePlanId) -> Result<()> {
    tx.run(&PART, (id, plan))?;
    Ok(())
}
