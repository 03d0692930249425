//! Whom bookings come from beside guests: companies whose people stay, agents who send them. What was
//! agreed with them are rate plans, which may be for such companies alone.

pub mod api;
pub mod store;

use crate::db::record::record;
use crate::db::{Conn, Table, Tx};
use crate::domain::id::{CompanyId, RatePlanId};
use crate::domain::money::Money;
use crate::domain::number::Within;
use crate::domain::percent::Percent;
use crate::domain::status::CompanyKind;
use crate::domain::text::{Line, Name, Paragraph};
use crate::domain::wording::text;
use crate::error::{Code, Error, Result};
use crate::hotel::{Slice, audit, rates};

pub const SLICE: Slice = Slice {
    name: "companies",
    endpoints: |_| api::endpoints(),
    statements: &[store::STATEMENTS],
    areas: &[("companies", &[Table::Company, Table::CompanyPlan])],
    ..Slice::EMPTY
};

/// Companies and agents that one hotel may have.
pub const MAX_COMPANIES: usize = 2000;

pub type CompanyName = Name<200>;
pub type TaxNumber = Line<50>;
pub type CompanyAddress = Paragraph<500>;
/// A town, a region, a post code.
pub type CompanyPlace = Line<100>;
pub type PostalCode = Line<20>;
/// Two letters, or empty.
pub type CountryCode = Line<2>;
/// In the register of companies.
pub type RegistrationNumber = Line<50>;
pub type ElectronicScheme = Line<4>;
pub type ElectronicAddress = Line<50>;
pub type ContactName = Line<200>;
pub type CompanyNotes = Paragraph<5000>;
/// After how many days what it owes is due.
pub type TermsDays = Within<0, 365>;

record! {
    /// A company, or an agent.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Company {
        pub id: CompanyId,
        pub name: String,
        pub kind: CompanyKind,
        /// It pays later, as a manager has agreed.
        pub has_account: bool,
        pub tax_number: String,
        /// Street and number.
        pub address: String,
        pub city: String,
        pub postal_code: String,
        pub region: String,
        /// Two letters; empty = not said.
        pub country: String,
        pub registration_number: String,
        /// Where its e-invoices go: of the Peppol network, both parts or neither.
        pub electronic_scheme: String,
        pub electronic_address: String,
        pub contact_name: String,
        pub email: String,
        pub phone_number: String,
        pub notes: String,
        /// What it may owe on its account at most.
        pub credit_limit: Option<Money>,
        /// `None` = as the settings for invoices say.
        pub terms_days: Option<i64>,
        /// Of what is overdue.
        pub is_reminded: bool,
        /// Of an agent: its share of the net room revenue of the stays it sent.
        pub commission_percent: Percent,
        pub is_active: bool,
        pub version: i64,
    }
}

/// What of a company is written.
#[derive(Debug, Clone)]
pub struct NewCompany {
    pub name: String,
    pub kind: CompanyKind,
    pub has_account: bool,
    pub tax_number: String,
    pub address: String,
    pub city: String,
    pub postal_code: String,
    pub region: String,
    pub country: String,
    pub registration_number: String,
    pub electronic_scheme: String,
    pub electronic_address: String,
    pub contact_name: String,
    pub email: String,
    pub phone_number: String,
    pub notes: String,
    pub credit_limit: Option<Money>,
    pub terms_days: Option<i64>,
    pub is_reminded: bool,
    pub commission_percent: Percent,
    pub is_active: bool,
}

impl From<&Company> for NewCompany {
    fn from(company: &Company) -> NewCompany {
        NewCompany {
            name: company.name.clone(),
            kind: company.kind,
            has_account: company.has_account,
            tax_number: company.tax_number.clone(),
            address: company.address.clone(),
            city: company.city.clone(),
            postal_code: company.postal_code.clone(),
            region: company.region.clone(),
            country: company.country.clone(),
            registration_number: company.registration_number.clone(),
            electronic_scheme: company.electronic_scheme.clone(),
            electronic_address: company.electronic_address.clone(),
            contact_name: company.contact_name.clone(),
            email: company.email.clone(),
            phone_number: company.phone_number.clone(),
            notes: company.notes.clone(),
            credit_limit: company.credit_limit,
            terms_days: company.terms_days,
            is_reminded: company.is_reminded,
            commission_percent: company.commission_percent,
            is_active: company.is_active,
        }
    }
}

impl NewCompany {
    /// One of which nothing is known but the name.
    pub fn called(name: &str) -> NewCompany {
        NewCompany {
            name: name.to_owned(),
            kind: CompanyKind::Company,
            has_account: false,
            tax_number: String::new(),
            address: String::new(),
            city: String::new(),
            postal_code: String::new(),
            region: String::new(),
            country: String::new(),
            registration_number: String::new(),
            electronic_scheme: String::new(),
            electronic_address: String::new(),
            contact_name: String::new(),
            email: String::new(),
            phone_number: String::new(),
            notes: String::new(),
            credit_limit: None,
            terms_days: None,
            is_reminded: true,
            commission_percent: Percent::ZERO,
            is_active: true,
        }
    }

    /// Whether both were agreed alike: what a company may owe, for how long, and what it is paid.
    pub fn is_agreed_as(&self, other: &NewCompany) -> bool {
        (self.has_account, self.credit_limit, self.terms_days, self.is_reminded, self.commission_percent)
            == (other.has_account, other.credit_limit, other.terms_days, other.is_reminded, other.commission_percent)
    }
}

/// # Errors
/// `NotFound` when there is no such company.
pub fn find(conn: &Conn, id: CompanyId) -> Result<Company> {
    store::find(conn, id)?.ok_or_else(|| Error::NotFound(text!("This company does not exist.")))
}

/// A company that a new booking names.
///
/// # Errors
/// `Invalid` on `company_id` for one that is unknown or inactive.
pub fn named(conn: &Conn, id: CompanyId) -> Result<Company> {
    match store::find(conn, id)? {
        None => Err(Error::invalid("company_id", text!("does not exist"))),
        Some(company) if !company.is_active => {
            Err(Error::invalid("company_id", text!("is {name}, which is inactive", name = company.name)))
        }
        Some(company) => Ok(company),
    }
}

/// Empty for nobody.
pub fn name_of(conn: &Conn, company: Option<CompanyId>) -> Result<String> {
    company.map_or_else(|| Ok(String::new()), |id| find(conn, id).map(|company| company.name))
}

/// The plans that were agreed with a company.
pub fn plans_of(conn: &Conn, company: Option<CompanyId>) -> Result<Vec<RatePlanId>> {
    company.map_or_else(|| Ok(Vec::new()), |id| store::plans_of(conn, id))
}

pub fn create(tx: &Tx, new: &NewCompany, plans: &[RatePlanId]) -> Result<Company> {
    if store::count(tx)? >= MAX_COMPANIES {
        let message = text!("would be one more than the {most} companies a hotel may have", most = MAX_COMPANIES);
        return Err(Error::invalid("name", message));
    }
    check_name(tx, new, None)?;
    let id = store::insert(tx, new)?;
    agree(tx, id, plans)?;
    let made = find(tx, id)?;
    audit::record(tx, "create", "company", id.0, &audit::NOTHING, &api::recorded(tx, &made)?)?;
    Ok(made)
}

/// The company of a name, made when there is none yet.
pub fn of_name(tx: &Tx, name: &str) -> Result<CompanyId> {
    match store::id_of(tx, name)? {
        Some(id) => Ok(id),
        None => Ok(create(tx, &NewCompany::called(name), &[])?.id),
    }
}

pub fn save(tx: &Tx, before: &Company, after: &NewCompany, plans: Option<&[RatePlanId]>) -> Result<Company> {
    let id = before.id;
    check_name(tx, after, Some(id))?;
    let was = api::recorded(tx, before)?;
    store::update(tx, id, after)?;
    if let Some(plans) = plans {
        agree(tx, id, plans)?;
    }
    let saved = find(tx, id)?;
    audit::record(tx, "change", "company", id.0, &was, &api::recorded(tx, &saved)?)?;
    Ok(saved)
}

fn agree(tx: &Tx, id: CompanyId, plans: &[RatePlanId]) -> Result<()> {
    let known = rates::all(tx)?;
    if plans.iter().any(|plan| !known.iter().any(|known| known.id == *plan)) {
        return Err(Error::invalid("rate_plan_ids", text!("must be rate plans of this hotel")));
    }
    let before = store::plans_of(tx, id)?;
    before.iter().filter(|plan| !plans.contains(plan)).try_for_each(|plan| store::part(tx, id, *plan))?;
    plans.iter().filter(|plan| !before.contains(plan)).try_for_each(|plan| store::agree(tx, id, *plan))
}

/// One name, one company, whichever way it is written.
fn check_name(conn: &Conn, company: &NewCompany, own: Option<CompanyId>) -> Result<()> {
    match store::id_of(conn, &company.name)? {
        Some(id) if Some(id) != own => {
            Err(Error::refused(Code::StillInUse, text!("There is already a company called {name}.", name = &company.name)))
        }
        _ => Ok(()),
    }
}
