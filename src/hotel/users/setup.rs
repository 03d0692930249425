//! First start: the property and its owner, from nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::api::{LoginView, signed_in};
use super::{NewPassword, NewUser, SignInName, StaffName, hash_password, session, store};
use crate::db::Tx;
use crate::domain::actor::Role;
use crate::domain::date::{Date, Instant};
use crate::domain::locale::{self, Locale};
use crate::domain::money::Currency;
use crate::domain::text::Line;
use crate::domain::wording::text;
use crate::error::{Code, Error, Fields, Result};
use crate::hotel::settings::api::ZoneName;
use crate::hotel::settings::{self, HotelName, NewProperty};
use crate::http::endpoint::{Access, Call, Endpoint, NoParams, Reply, live, task};
use crate::http::request::Method;
use crate::http::state::App;

pub fn endpoints() -> Vec<Endpoint> {
    vec![
        live("/api/setup", "find_setup", Access::Public, "Whether the hotel still has to be set up", find),
        task(Method::Post, "/api/setup", "create_setup", Access::Public, "Set the hotel up and make its owner's account", create)
            .creates()
            .long(),
    ]
}

/// Whether the hotel still has to be set up.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SetupState {
    needed: bool,
    /// The code that the console printed has to be typed in: this is not the hotel's own machine.
    code_required: bool,
    demo: bool,
    /// The ways of writing dates and amounts to choose from.
    locales: &'static [&'static str],
}

fn find(app: &App, call: &Call, _: NoParams) -> Result<Reply<SetupState>> {
    let state = app.db.read(&call.context, |conn| {
        Ok(SetupState {
            needed: !store::has_any(conn)?,
            code_required: !call.request.is_from_this_machine(),
            demo: settings::store::find(conn)?.is_some_and(|p| p.is_demo),
            locales: locale::LOCALES,
        })
    });
    state.map(Reply::of)
}

/// A new hotel and its owner.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupRequest {
    /// What the console printed; needed on other machines than the hotel's own.
    #[serde(default)]
    code: Option<Line<20>>,
    property_name: HotelName,
    #[schemars(regex(pattern = Currency::CODE))]
    currency: String,
    /// Such as Europe/Lisbon.
    time_zone: ZoneName,
    /// How dates and amounts are written; as in Britain when left out.
    #[serde(default)]
    #[schemars(with = "Option<Locale>")]
    locale: Option<String>,
    username: SignInName,
    full_name: StaffName,
    password: NewPassword,
    /// The first accounting day, tomorrow at the latest; today when left out.
    #[serde(default)]
    business_date: Option<Date>,
}

/// The property that a set-up asks for; what is wrong with it or with the owner's account is told
/// at once, field by field.
fn new_property(request: &SetupRequest, now: Instant) -> Result<NewProperty> {
    let mut fields = Fields::default();
    let name = fields.check("property_name", request.property_name.checked());
    let currency = Currency::of(&request.currency);
    fields.ensure(currency.is_some(), "currency", text!("must be a code of three capital letters such as EUR"));
    fields.ensure(
        settings::api::is_time_zone(&request.time_zone),
        "time_zone",
        text!("must be a time zone such as Europe/Lisbon"),
    );
    let locale = request.locale.clone().unwrap_or_else(|| locale::DEFAULT.to_owned());
    fields.ensure(locale::is_locale(&locale), "locale", settings::api::NO_LOCALE);
    super::check_account(&mut fields, &request.username, &request.full_name, &request.password);
    fields.finish()?;
    let currency = currency.ok_or_else(|| Error::invalid("currency", text!("is not known")))?;
    let zone = jiff::tz::TimeZone::get(&request.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let business_date = request.business_date.unwrap_or_else(|| now.date_in(&zone));
    let last = settings::day::last_by_calendar(now, &zone);
    if business_date > last {
        let words = text!("must not be after {date}, which is tomorrow", date = last);
        return Err(Error::invalid("business_date", words));
    }
    Ok(NewProperty { name, currency, time_zone: request.time_zone.to_string(), locale, business_date, is_demo: false })
}

fn create(app: &App, call: &Call, _: NoParams, request: SetupRequest) -> Result<Reply<LoginView>> {
    if let Some(code) = &request.code {
        code.checked().map_err(|message| Error::invalid("code", message))?;
    }
    if !call.request.is_from_this_machine() {
        check_code(app, request.code.as_deref())?;
    }
    if app.db.read(&call.context, store::has_any)? {
        return Err(already());
    }
    let property = new_property(&request, call.context.now)?;
    let password_hash = hash_password("password", &request.password, &[&request.username, &request.full_name, &property.name])?;
    let new = NewUser { username: request.username, full_name: request.full_name, role: Role::Owner, password_hash };
    let agent = call.request.header("user-agent").unwrap_or("").to_owned();
    let (user, issued) = app.db.write(call.context.clone(), move |tx| {
        let user = lay_down(tx, &property, &new)?;
        let issued = session::open(tx, &user, &agent)?;
        Ok((user, issued))
    })?;
    Ok(signed_in(app, user, &issued))
}

/// The property and its owner, in one transaction.
pub fn lay_down(tx: &Tx, property: &NewProperty, owner: &NewUser) -> Result<super::User> {
    if store::has_any(tx)? {
        return Err(already());
    }
    if settings::store::find(tx)?.is_none() {
        settings::create(tx, property)?;
    }
    super::create(tx, owner)
}

fn already() -> Error {
    Error::refused(Code::AlreadySetUp, text!("This hotel is already set up; please sign in."))
}

fn check_code(app: &App, given: Option<&str>) -> Result<()> {
    match (&app.options.setup_code, given) {
        (Some(code), Some(given)) if code.as_bytes().ct_eq(given.trim().as_bytes()).into() => Ok(()),
        _ => Err(Error::Forbidden(text!(
            "Set the hotel up on its own computer, or enter the one-time code shown in the window where Innkeeper was started."
        ))),
    }
}
