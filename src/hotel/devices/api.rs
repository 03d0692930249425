//! `/api/devices`, and signing in by PIN below `/api/auth`.

use std::time::Instant as Moment;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Device, DeviceName, store};
use crate::db::{Conn, Table, Tx};
use crate::domain::actor::Actor;
use crate::domain::date::Instant;
use crate::domain::id::{DeviceId, UserId};
use crate::domain::order::sort;
use crate::domain::text::SecretText;
use crate::domain::wording::text;
use crate::error::{Error, Result};
use crate::hotel::Memory;
use crate::hotel::listing::{List, page_of};
use crate::hotel::users::api::{LoginView, Secret, check_pause, signed_in, with_password};
use crate::hotel::users::sign_ins::SignIns;
use crate::hotel::users::{self, NOBODYS_HASH, Typed, hash_secret, is_password};
use crate::http::endpoint::{Access, Call, Endpoint, NoBody, NoParams, Reply, command, live, query, task, with};
use crate::http::paging::{list_params, sorts};
use crate::http::rate_limit::Guess;
use crate::http::request::{Method, Request};
use crate::http::respond::is_same_origin;
use crate::http::state::App;

pub fn endpoints(memory: &Memory) -> Vec<Endpoint> {
    let sign_ins = &memory.sign_ins;
    vec![
        live("/api/auth/device", "find_this_device", Access::Public, "This browser, if it is registered", this_device),
        task(
            Method::Post,
            "/api/auth/pin",
            "login_by_pin",
            Access::Public,
            "Sign in by PIN on a registered device",
            with(sign_ins, login),
        )
        .long()
        .body_limit(4096),
        task(Method::Put, "/api/auth/pin", "set_pin", Access::STAFF, "Set or remove one's own PIN", with(sign_ins, set_pin))
            .long()
            .needs_password(),
        query("/api/devices", "list_devices", Access::MANAGE, "Registered devices", &[Table::Device, Table::User], list),
        task(Method::Post, "/api/devices", "register_device", Access::MANAGE, "Register this browser", register)
            .creates()
            .needs_password(),
        command(Method::Delete, "/api/devices/{id}", "revoke_device", Access::MANAGE, "Revoke a device", revoke).needs_password(),
    ]
}

/// The cookie that a registered device is known by.
const DEVICE_COOKIE: &str = "innkeeper_device";

/// As long as browsers keep a cookie; each sign-in by PIN begins it anew.
const COOKIE_SECONDS: i64 = 400 * 24 * 3600;

/// The device that a request comes from, if it is registered.
fn of_request(conn: &Conn, request: &Request) -> Result<Option<Device>> {
    request.cookie(DEVICE_COOKIE).map_or(Ok(None), |token| super::find_known(conn, token))
}

/// A registered device.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DeviceView {
    id: DeviceId,
    name: String,
    /// The user name of who registered it.
    registered_by: String,
    created_at: Instant,
    /// The last sign-in by PIN; null = none yet.
    last_used_at: Option<Instant>,
}

impl From<Device> for DeviceView {
    fn from(d: Device) -> Self {
        DeviceView {
            id: d.id,
            name: d.name,
            registered_by: d.registered_by,
            created_at: d.created_at,
            last_used_at: d.last_used_at,
        }
    }
}

/// The browser that asks. A device that is not registered learns no name.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ThisDeviceView {
    /// Null when it is not registered.
    device: Option<DeviceView>,
    /// Who can sign in by PIN here.
    staff: Vec<PersonView>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct PersonView {
    id: UserId,
    full_name: String,
}

fn this_device(app: &App, call: &Call, _: NoParams) -> Result<Reply<ThisDeviceView>> {
    let view = app.db.read(&call.context, |conn| {
        // A browser knows no ports: its cookie is the hotel's own, which may be open beside this copy.
        let device = if app.db.is_read_only() { None } else { of_request(conn, call.request)? };
        let staff = if device.is_some() { store::staff(conn)? } else { Vec::new() };
        let staff = staff.into_iter().map(|(id, full_name)| PersonView { id, full_name }).collect();
        Ok(ThisDeviceView { device: device.map(DeviceView::from), staff })
    });
    view.map(Reply::of)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PinCredentials {
    user_id: UserId,
    pin: SecretText<0, 20>,
}

fn login(sign_ins: &SignIns, app: &App, call: &Call, _: NoParams, given: PinCredentials) -> Result<Reply<LoginView>> {
    let (token, device) = known_device(app, call)?;
    // All who share an address share the wait: whose PIN is guessed makes no difference.
    let guess = Guess::of("\0by PIN", &call.request.address);
    let (id, user) = (device.id, given.user_id);
    app.db.read(&call.context, |conn| super::check_open(conn, user))?;
    check_pause(sign_ins, guess, Secret::Pin)?;
    let begun = app.db.write(call.context.clone(), move |tx| super::begin_try(tx, id, user))?;
    let is_right = is_password(&given.pin, begun.as_deref().unwrap_or(&NOBODYS_HASH));
    let Some(hash) = begun.filter(|_| is_right) else { return wrong(sign_ins, app, call, guess, device, user) };
    let agent = call.request.header("user-agent").unwrap_or("").to_owned();
    let mut context = call.context.clone();
    let username = app.db.read(&context, |conn| users::find(conn, user))?.username;
    context.actor = Actor { user_id: Some(user), username, ..Actor::stranger(&call.request.address) };
    match app.db.write(context, move |tx| super::end_right_try(tx, id, user, &hash, &agent))? {
        Some((user, issued)) => {
            sign_ins.failed.succeeded(guess);
            Ok(signed_in(app, user, &issued).cookie(DEVICE_COOKIE, &token, "/api/", COOKIE_SECONDS))
        }
        None => wrong(sign_ins, app, call, guess, device, user),
    }
}

/// The registered device that the request comes from, with its token.
fn known_device(app: &App, call: &Call) -> Result<(String, Device)> {
    let found = app.db.read(&call.context, |conn| of_request(conn, call.request))?;
    match (call.request.cookie(DEVICE_COOKIE), found) {
        (Some(_), Some(_)) if !is_same_origin(call.request) => {
            Err(Error::Forbidden(text!("This request came from another site and was refused.")))
        }
        (Some(token), Some(device)) => Ok((token.to_owned(), device)),
        _ => Err(Error::Unauthenticated(text!("This device is not registered for PINs; use your password."))),
    }
}

fn wrong<T>(sign_ins: &SignIns, app: &App, call: &Call, guess: Guess, device: Device, user: UserId) -> Result<T> {
    sign_ins.failed.failed(guess, Moment::now());
    log::warn!("a sign-in by PIN from {} failed", call.request.address);
    app.db.write(call.context.clone(), move |tx| super::end_wrong_try(tx, &device, user))?;
    app.db.read(&call.context, |conn| super::check_open(conn, user))?;
    Err(Error::Unauthenticated(text!("Wrong PIN.")))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PinChange {
    current_password: Typed,
    /// 4 to 8 digits, not all the same and not in a row such as 1234; null takes the PIN away.
    #[schemars(regex(pattern = "^[0-9]{4,8}$"))]
    pin: Option<String>,
}

fn set_pin(sign_ins: &SignIns, app: &App, call: &Call, _: NoParams, given: PinChange) -> Result<Reply<()>> {
    with_password(sign_ins, app, call, &given.current_password, |proof| {
        let hash = match &given.pin {
            Some(pin) => {
                super::check_pin(pin)?;
                Some(hash_secret(pin)?)
            }
            None => None,
        };
        app.db.write(call.context.clone(), move |tx| {
            proof.check(tx)?;
            super::set_pin(tx, proof.user, hash.as_deref())
        })
    })
    .map(Reply::of)
}

list_params! {
    pub struct DeviceListParams by DeviceSort {}
}

sorts!(
    /// Orders of devices.
    DeviceSort, Name Ascending {
        Name = "name",
        CreatedAt = "created_at",
        LastUsedAt = "last_used_at",
    }
);

fn list(conn: &Conn, p: DeviceListParams) -> Result<List<DeviceView>> {
    let order = p.order();
    let mut found = store::list(conn)?;
    // They come by name, which decides among equals.
    sort(&mut found, |a, b| {
        order.direction.of(match order.by {
            DeviceSort::CreatedAt => a.created_at.cmp(&b.created_at),
            DeviceSort::LastUsedAt => a.last_used_at.cmp(&b.last_used_at),
            DeviceSort::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
        })
    });
    Ok(page_of(found.into_iter().map(DeviceView::from).collect(), p.page()))
}

/// The browser that asks gets a name, and a cookie that it is known by.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceRequest {
    name: DeviceName,
}

fn register(app: &App, call: &Call, _: NoParams, request: DeviceRequest) -> Result<Reply<DeviceView>> {
    let before = app.db.read(&call.context, |conn| of_request(conn, call.request))?.map(|device| device.id);
    let (device, token) = app.db.write(call.context.clone(), move |tx| super::register(tx, &request.name, before))?;
    Ok(Reply::of(DeviceView::from(device)).cookie(DEVICE_COOKIE, &token, "/api/", COOKIE_SECONDS))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ByDevice {
    id: DeviceId,
}

fn revoke(tx: &Tx, at: ByDevice, _: NoBody) -> Result<()> {
    super::revoke(tx, at.id)
}
