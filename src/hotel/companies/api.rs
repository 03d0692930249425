//! `/api/companies`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Company, CompanyAddress, CompanyName, CompanyNotes, CompanyPlace, ContactName, CountryCode, ElectronicAddress,
    ElectronicScheme, NewCompany, PostalCode, RegistrationNumber, TaxNumber, TermsDays, store,
};
use crate::db::{Conn, Table, Tx};
use crate::domain::country;
use crate::domain::electronic_address::{self, Part};
use crate::domain::few::Few;
use crate::domain::id::{CompanyId, RatePlanId, Version};
use crate::domain::money::{Amount, NotNegative};
use crate::domain::order::sort;
use crate::domain::percent::{Percent, PercentIn};
use crate::domain::search_text::is_found_in;
use crate::domain::status::CompanyKind;
use crate::domain::text::{EmailAddress, PhoneNumber};
use crate::domain::wording::text;
use crate::error::{Error, Fields, Result};
use crate::hotel::listing::{List, page_of};
use crate::hotel::settings::Property;
use crate::hotel::settings::api::check_version;
use crate::hotel::{rates, settings};
use crate::http::decode::given;
use crate::http::endpoint::{Access, Endpoint, NoParams, command, query, update};
use crate::http::paging::{list_params, sorts};
use crate::http::request::Method;

/// Rate plans agreed with one company.
type AgreedPlans = Few<RatePlanId, 0, 50>;

pub fn endpoints() -> Vec<Endpoint> {
    let tables = &[Table::Company, Table::CompanyPlan, Table::Folio, Table::Property];
    let mut endpoints = vec![
        query("/api/companies", "list_companies", Access::READ, "Companies and agents", tables, list),
        command(Method::Post, "/api/companies", "create_company", Access::DESK, "Add a company or an agent", create).creates(),
        query("/api/companies/{id}", "find_company", Access::READ, "One company", tables, show),
    ];
    endpoints.extend(update(
        "/api/companies/{id}",
        ["update_company", "replace_company"],
        Access::DESK,
        "Change a company",
        change,
    ));
    endpoints
}

/// A company whose people stay, or an agent who sends guests.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CompanyFacts {
    id: CompanyId,
    name: String,
    kind: CompanyKind,
    /// It pays later, as a manager has agreed; what goes to the account of another one stands on the owner's list.
    has_account: bool,
    tax_number: String,
    /// The street; lines of it.
    address: String,
    city: String,
    postal_code: String,
    region: String,
    /// Two letters, such as PT.
    country: String,
    /// In the register of companies.
    registration_number: String,
    /// Where its e-invoices go: a scheme of the Peppol network, and the number in it.
    electronic_scheme: String,
    electronic_address: String,
    contact_name: String,
    email: String,
    phone_number: String,
    notes: String,
    /// What it may owe on its account at most; `null` = no limit.
    credit_limit: Option<Amount>,
    /// How many days after it was charged what it owes is due; `null` = as the settings for invoices say.
    terms_days: Option<i64>,
    /// Whether it is reminded of what is overdue.
    is_reminded: bool,
    /// Of an agent: its share of the net room revenue of the stays it sent.
    commission_percent: Percent,
    /// The rate plans that were agreed with it.
    rate_plan_ids: Vec<RatePlanId>,
    is_active: bool,
    version: i64,
}

/// A company with what is open on its account.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CompanyView {
    #[serde(flatten)]
    company: CompanyFacts,
    balance: Amount,
}

fn seen(conn: &Conn, company: Company) -> Result<CompanyView> {
    let balance = settings::property(conn)?.amount(store::balance(conn, company.id)?);
    Ok(CompanyView { company: view(conn, company)?, balance })
}

fn view(conn: &Conn, company: Company) -> Result<CompanyFacts> {
    let plans = store::plans_of(conn, company.id)?;
    Ok(with_plans(company, plans, &settings::property(conn)?))
}

fn with_plans(company: Company, rate_plan_ids: Vec<RatePlanId>, property: &Property) -> CompanyFacts {
    CompanyFacts {
        rate_plan_ids,
        id: company.id,
        name: company.name,
        kind: company.kind,
        has_account: company.has_account,
        tax_number: company.tax_number,
        address: company.address,
        city: company.city,
        postal_code: company.postal_code,
        region: company.region,
        country: company.country,
        registration_number: company.registration_number,
        electronic_scheme: company.electronic_scheme,
        electronic_address: company.electronic_address,
        contact_name: company.contact_name,
        email: company.email,
        phone_number: company.phone_number,
        notes: company.notes,
        credit_limit: company.credit_limit.map(|limit| property.amount(limit)),
        terms_days: company.terms_days,
        is_reminded: company.is_reminded,
        commission_percent: company.commission_percent,
        is_active: company.is_active,
        version: company.version,
    }
}

/// A company as the trail tells of it: its plans by their names.
#[derive(Debug, Serialize)]
pub struct Recorded {
    #[serde(flatten)]
    view: CompanyFacts,
    rate_plans: String,
}

pub fn recorded(conn: &Conn, company: &Company) -> Result<Recorded> {
    let view = view(conn, company.clone())?;
    let names: Vec<String> =
        rates::all(conn)?.into_iter().filter(|plan| view.rate_plan_ids.contains(&plan.id)).map(|plan| plan.name).collect();
    Ok(Recorded { view, rate_plans: names.join(", ") })
}

list_params! {
    pub struct CompanyListParams by CompanySort {
        is_active: Option<bool>,
        kind: Option<CompanyKind>,
        /// A part of the name, the contact or the tax number.
        q: Option<String>,
    }
}

sorts!(
    /// Orders of companies.
    CompanySort, Name Ascending {
        Name = "name",
        Id = "id",
    }
);

fn list(conn: &Conn, p: CompanyListParams) -> Result<List<CompanyView>> {
    let (page, order) = (p.page(), p.order());
    let mut companies = store::all(conn)?;
    companies.retain(|company| {
        let texts = [&company.name, &company.contact_name, &company.tax_number];
        p.is_active.is_none_or(|active| company.is_active == active)
            && p.kind.is_none_or(|kind| company.kind == kind)
            && p.q.as_deref().is_none_or(|q| texts.iter().any(|text| is_found_in(text, q)))
    });
    sort(&mut companies, |a, b| {
        order.direction.of(match order.by {
            CompanySort::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
            CompanySort::Id => a.id.cmp(&b.id),
        })
    });
    let (mut plans, balances, property) = (store::plans(conn)?, store::balances(conn)?, settings::property(conn)?);
    Ok(page_of(companies, page).map(|company| {
        let agreed = plans.remove(&company.id).unwrap_or_default();
        let balance = property.amount(balances.get(&company.id).copied().unwrap_or_default());
        CompanyView { company: with_plans(company, agreed, &property), balance }
    }))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByCompany {
    id: CompanyId,
}

fn show(conn: &Conn, at: ByCompany) -> Result<CompanyView> {
    seen(conn, super::find(conn, at.id)?)
}

/// A company or an agent to be made.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanyRequest {
    name: CompanyName,
    kind: Option<CompanyKind>,
    /// Whether it pays later is for managers and owners to say, as are the limit, the terms, reminders and the commission.
    has_account: Option<bool>,
    tax_number: Option<TaxNumber>,
    address: Option<CompanyAddress>,
    city: Option<CompanyPlace>,
    postal_code: Option<PostalCode>,
    region: Option<CompanyPlace>,
    /// Two letters, such as PT; empty = not said.
    country: Option<CountryCode>,
    registration_number: Option<RegistrationNumber>,
    /// A scheme of the Peppol network, and the number in it: both or neither.
    electronic_scheme: Option<ElectronicScheme>,
    electronic_address: Option<ElectronicAddress>,
    contact_name: Option<ContactName>,
    email: Option<EmailAddress>,
    phone_number: Option<PhoneNumber>,
    notes: Option<CompanyNotes>,
    /// `null` = no limit.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<NotNegative>")]
    credit_limit: Option<Option<NotNegative>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<TermsDays>")]
    terms_days: Option<Option<TermsDays>>,
    is_reminded: Option<bool>,
    commission_percent: Option<PercentIn<0, 100>>,
    /// What was agreed is for managers and owners to say.
    rate_plan_ids: Option<AgreedPlans>,
    is_active: Option<bool>,
}

/// What of a company changes; fields left out stay.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CompanyChange {
    name: Option<CompanyName>,
    kind: Option<CompanyKind>,
    /// Whether it pays later is for managers and owners to say, as are the limit, the terms, reminders and the commission.
    has_account: Option<bool>,
    tax_number: Option<TaxNumber>,
    address: Option<CompanyAddress>,
    city: Option<CompanyPlace>,
    postal_code: Option<PostalCode>,
    region: Option<CompanyPlace>,
    /// Two letters, such as PT; empty = not said.
    country: Option<CountryCode>,
    registration_number: Option<RegistrationNumber>,
    /// A scheme of the Peppol network, and the number in it: both or neither.
    electronic_scheme: Option<ElectronicScheme>,
    electronic_address: Option<ElectronicAddress>,
    contact_name: Option<ContactName>,
    email: Option<EmailAddress>,
    phone_number: Option<PhoneNumber>,
    notes: Option<CompanyNotes>,
    /// `null` = no limit.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<NotNegative>")]
    credit_limit: Option<Option<NotNegative>>,
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<TermsDays>")]
    terms_days: Option<Option<TermsDays>>,
    is_reminded: Option<bool>,
    commission_percent: Option<PercentIn<0, 100>>,
    /// What was agreed is for managers and owners to say.
    rate_plan_ids: Option<AgreedPlans>,
    is_active: Option<bool>,
    version: Option<Version>,
}

/// In the order in which they are kept.
fn once_each(plans: AgreedPlans) -> Vec<RatePlanId> {
    let mut plans: Vec<RatePlanId> = plans.into_iter().collect();
    plans.sort_unstable();
    plans.dedup();
    plans
}

/// # Errors
/// `Forbidden` for who may not agree on prices.
fn check_agreed(tx: &Tx, plans: Option<&[RatePlanId]>, before: &[RatePlanId]) -> Result<()> {
    if plans.is_some_and(|plans| plans != before) && !Access::MANAGE.allows(tx.actor().role) {
        return Err(Error::Forbidden(text!("Only managers and owners can set a company’s rate plans.")));
    }
    Ok(())
}

/// # Errors
/// `Forbidden` for who may not agree on what a company may owe, for how long, and what it is paid.
fn check_terms(tx: &Tx, before: &NewCompany, after: &NewCompany) -> Result<()> {
    if before.is_agreed_as(after) || Access::MANAGE.allows(tx.actor().role) {
        return Ok(());
    }
    Err(Error::Forbidden(text!("Only managers and owners can agree on accounts, terms and commissions.")))
}

fn create(tx: &Tx, _: NoParams, body: CompanyRequest) -> Result<CompanyView> {
    let plans = body.rate_plan_ids.map(once_each).unwrap_or_default();
    check_agreed(tx, Some(&plans), &[])?;
    let before = NewCompany::called("");
    let told = CompanyChange {
        name: Some(body.name),
        kind: body.kind,
        has_account: body.has_account,
        tax_number: body.tax_number,
        address: body.address,
        city: body.city,
        postal_code: body.postal_code,
        region: body.region,
        country: body.country,
        registration_number: body.registration_number,
        electronic_scheme: body.electronic_scheme,
        electronic_address: body.electronic_address,
        contact_name: body.contact_name,
        email: body.email,
        phone_number: body.phone_number,
        notes: body.notes,
        credit_limit: body.credit_limit,
        terms_days: body.terms_days,
        is_reminded: body.is_reminded,
        commission_percent: body.commission_percent,
        is_active: body.is_active,
        ..CompanyChange::default()
    };
    let new = changed(tx, before.clone(), told)?;
    check_terms(tx, &before, &new)?;
    seen(tx, super::create(tx, &new, &plans)?)
}

/// What was told put over what was there.
fn changed(conn: &Conn, before: NewCompany, told: CompanyChange) -> Result<NewCompany> {
    let currency = settings::property(conn)?.currency;
    let mut fields = Fields::default();
    let scheme = told.electronic_scheme.map_or(before.electronic_scheme, String::from);
    let address = told.electronic_address.map_or(before.electronic_address, String::from);
    let (electronic_scheme, electronic_address) =
        electronic_address::checked(&scheme, &address).unwrap_or_else(|(part, wrong)| {
            let field = match part {
                Part::Scheme => "electronic_scheme",
                Part::Id => "electronic_address",
            };
            fields.add(field, wrong);
            Default::default()
        });
    let limit = |limit: Option<NotNegative>, fields: &mut Fields| {
        limit.map(|limit| fields.check("credit_limit", limit.checked(&currency)))
    };
    let after = NewCompany {
        name: told.name.map_or(before.name, |name| fields.check("name", name.checked())),
        kind: told.kind.unwrap_or(before.kind),
        has_account: told.has_account.unwrap_or(before.has_account),
        tax_number: told.tax_number.map_or(before.tax_number, |text| fields.check("tax_number", text.checked())),
        address: told.address.map_or(before.address, |text| fields.check("address", text.checked())),
        city: told.city.map_or(before.city, |text| fields.check("city", text.checked())),
        postal_code: told.postal_code.map_or(before.postal_code, |text| fields.check("postal_code", text.checked())),
        region: told.region.map_or(before.region, |text| fields.check("region", text.checked())),
        country: told.country.map_or(before.country, |text| fields.check("country", country::code(&text))),
        registration_number: told
            .registration_number
            .map_or(before.registration_number, |text| fields.check("registration_number", text.checked())),
        electronic_scheme,
        electronic_address,
        contact_name: told.contact_name.map_or(before.contact_name, |text| fields.check("contact_name", text.checked())),
        email: told.email.map_or(before.email, |text| fields.check("email", text.checked())),
        phone_number: told.phone_number.map_or(before.phone_number, |text| fields.check("phone_number", text.checked())),
        notes: told.notes.map_or(before.notes, |text| fields.check("notes", text.checked())),
        credit_limit: told.credit_limit.map_or(before.credit_limit, |told| limit(told, &mut fields)),
        terms_days: told.terms_days.map_or(before.terms_days, |told| told.map(|days| fields.check("terms_days", days.checked()))),
        is_reminded: told.is_reminded.unwrap_or(before.is_reminded),
        commission_percent: told.commission_percent.map_or(before.commission_percent, |percent| percent.0),
        is_active: told.is_active.unwrap_or(before.is_active),
    };
    fields.finish()?;
    Ok(after)
}

fn change(tx: &Tx, at: ByCompany, mut body: CompanyChange) -> Result<CompanyView> {
    let before = super::find(tx, at.id)?;
    check_version(body.version, before.version)?;
    let plans = body.rate_plan_ids.take().map(once_each);
    check_agreed(tx, plans.as_deref(), &store::plans_of(tx, at.id)?)?;
    let stored = NewCompany::from(&before);
    let after = changed(tx, stored.clone(), body)?;
    check_terms(tx, &stored, &after)?;
    seen(tx, super::save(tx, &before, &after, plans.as_deref())?)
}
