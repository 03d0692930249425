//! One line of the route table: method, path, who may, what it takes and gives.
//!
//! The handler's types supply the decoder and the schema, so that the router,
//! the permissions and the API's description cannot drift apart.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::decode;
use super::request::{Method, Request};
use super::response::{Payload, Response};
use super::{idempotency, openapi};
use crate::app::App;
use crate::db::{Conn, Context, Table, Tags, Tx};
use crate::domain::actor::{Actor, Role};
use crate::error::Result;

/// Who may call an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone, signed in or not.
    Public,
    Roles(&'static [Role]),
}

impl Access {
    /// Every member of staff.
    pub const STAFF: Access = Access::Roles(&[Role::Owner, Role::Manager, Role::Receptionist, Role::Housekeeper, Role::ReadOnly]);
    /// Those who may see guests, bookings and money.
    pub const READ: Access = Access::Roles(&[Role::Owner, Role::Manager, Role::Receptionist, Role::ReadOnly]);
    /// Those who change bookings, guests and payments.
    pub const DESK: Access = Access::Roles(&[Role::Owner, Role::Manager, Role::Receptionist]);
    /// Those who change the state of rooms.
    pub const HOUSEKEEPING: Access = Access::Roles(&[Role::Owner, Role::Manager, Role::Receptionist, Role::Housekeeper]);
    /// What is the owner's alone.
    pub const OWN: Access = Access::Roles(&[Role::Owner]);
    /// Those who set the hotel up.
    pub const MANAGE: Access = Access::Roles(&[Role::Owner, Role::Manager]);

    pub fn allows(self, role: Option<Role>) -> bool {
        match self {
            Access::Public => true,
            Access::Roles(roles) => role.is_some_and(|r| roles.contains(&r)),
        }
    }
}

/// Which threads do the work: the many, or the two for long work (hashing, exports).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    Quick,
    Long,
}

impl Lane {
    pub const ALL: &'static [Lane] = &[Lane::Quick, Lane::Long];
}

/// A request on its way through an endpoint.
pub struct Call<'a> {
    pub request: &'a Request,
    pub endpoint: &'a Endpoint,
    pub context: Context,
    /// Path and query parameters, without `fields`.
    pub params: Vec<(String, String)>,
}

impl Call<'_> {
    pub fn actor(&self) -> &Actor {
        &self.context.actor
    }

    pub fn params<P: DeserializeOwned>(&self) -> Result<P> {
        decode::params(&self.params)
    }

    pub fn body<B: DeserializeOwned>(&self) -> Result<B> {
        decode::body(&self.request.body)
    }
}

type Handler = Box<dyn Fn(&App, &Call) -> Result<Response> + Send + Sync>;

/// What an endpoint takes and gives, for the API's description.
#[derive(Debug, Clone, Default)]
pub struct Schemas {
    pub params: Option<Schema>,
    pub body: Option<Schema>,
    /// `None` with status 204, or when the answer is not JSON.
    pub answer: Option<Schema>,
}

type DescribeSchemas = Box<dyn Fn(&mut SchemaGenerator) -> Schemas + Send + Sync>;

pub struct Endpoint {
    pub method: Method,
    /// Such as `/api/rooms/{id}`.
    pub pattern: &'static str,
    /// Unique; the `operationId`.
    pub name: &'static str,
    pub access: Access,
    /// Refuses sign-ins by PIN.
    pub needs_password: bool,
    pub summary: &'static str,
    /// The tables whose change makes a kept answer stale; none = never kept.
    pub tags: Tags,
    pub lane: Lane,
    /// The largest body it takes, in bytes.
    pub body_limit: usize,
    pub success: u16,
    /// Whether it changes nothing of the hotel's, though its method may: a read-only copy has it too.
    pub leaves_file: bool,
    /// The media type of a good answer.
    pub media_type: &'static str,
    pub schemas: DescribeSchemas,
    pub handler: Handler,
    field_names: OnceLock<BTreeSet<String>>,
}

/// A body that must hold nothing.
#[derive(Debug, Default, serde::Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoBody {}

/// A path without parameters.
#[derive(Debug, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoParams {}

const JSON: &str = "application/json";
const BODY_LIMIT: usize = 256 * 1024;

/// Room for a page of a list: growing to it step by step would cost eight moves.
pub const ROOM_FOR_A_PAGE: usize = 16 * 1024;

/// What a query answers with: a value, or what was written while it was read.
pub trait Answer {
    /// What the JSON looks like.
    type Form: JsonSchema;
    fn into_json(self) -> Result<Vec<u8>>;
}

impl<V: Serialize + JsonSchema> Answer for V {
    type Form = V;
    fn into_json(self) -> Result<Vec<u8>> {
        to_json(&self)
    }
}

/// A GET that reads one snapshot. Its answer is kept until one of `tables` changes.
pub fn query<P, V>(
    pattern: &'static str,
    name: &'static str,
    access: Access,
    summary: &'static str,
    tables: &[Table],
    read: fn(&Conn, P) -> Result<V>,
) -> Endpoint
where
    P: DeserializeOwned + JsonSchema + 'static,
    V: Answer + 'static,
{
    let tags = if tables.is_empty() { Tags::NONE } else { Tags::of(tables).and(Tags::of(&[Table::Property])) };
    Endpoint {
        method: Method::Get,
        pattern,
        name,
        access,
        needs_password: false,
        summary,
        tags,
        lane: Lane::Quick,
        body_limit: 0,
        success: 200,
        leaves_file: true,
        media_type: JSON,
        schemas: Box::new(|generator| Schemas {
            params: Some(generator.subschema_for::<P>()),
            body: None,
            answer: Some(generator.subschema_for::<V::Form>()),
        }),
        handler: Box::new(move |app, call| {
            let params: P = call.params()?;
            let bytes = app.db.read(&call.context, |conn| read(conn, params)?.into_json())?;
            Ok(Response::new(200).with(JSON, Payload::Owned(bytes)))
        }),
        field_names: OnceLock::new(),
    }
}

/// A change: one transaction, replayed when its `Idempotency-Key` comes again.
pub fn command<P, B, V>(
    method: Method,
    pattern: &'static str,
    name: &'static str,
    access: Access,
    summary: &'static str,
    run: fn(&Tx, P, B) -> Result<V>,
) -> Endpoint
where
    P: DeserializeOwned + JsonSchema + Send + 'static,
    B: DeserializeOwned + JsonSchema + Send + 'static,
    V: Serialize + JsonSchema + Send + 'static,
{
    let has_answer = std::any::TypeId::of::<V>() != std::any::TypeId::of::<()>();
    Endpoint {
        method,
        pattern,
        name,
        access,
        needs_password: false,
        summary,
        tags: Tags::NONE,
        lane: Lane::Quick,
        body_limit: BODY_LIMIT,
        success: if has_answer { 200 } else { 204 },
        leaves_file: false,
        media_type: JSON,
        schemas: Box::new(move |generator| Schemas {
            params: Some(generator.subschema_for::<P>()),
            body: Some(generator.subschema_for::<B>()),
            answer: has_answer.then(|| generator.subschema_for::<V>()),
        }),
        handler: Box::new(move |app, call| {
            let params: P = call.params()?;
            let body: B = call.body()?;
            let key = idempotency::Key::of(call.request, &call.context.actor)?;
            let bytes = app.db.write(call.context.clone(), move |tx| match key {
                None => Ok(Done::Value(run(tx, params, body)?)),
                Some(key) => key.once(tx, || to_json(&run(tx, params, body)?)).map(Done::Bytes),
            })?;
            let bytes = match bytes {
                Done::Value(value) if has_answer => to_json(&value)?,
                Done::Value(_) => Vec::new(),
                Done::Bytes(bytes) => bytes,
            };
            if !has_answer {
                return Ok(Response::new(204));
            }
            Ok(Response::new(call.endpoint.success).with(JSON, Payload::Owned(bytes)))
        }),
        field_names: OnceLock::new(),
    }
}

/// What a command leaves: its value, or the bytes that were stored for a replay.
enum Done<V> {
    Value(V),
    Bytes(Vec<u8>),
}

/// `PATCH` and `PUT` with the same meaning: the fields given are changed.
pub fn update<P, B, V>(
    pattern: &'static str,
    names: [&'static str; 2],
    access: Access,
    summary: &'static str,
    run: fn(&Tx, P, B) -> Result<V>,
) -> [Endpoint; 2]
where
    P: DeserializeOwned + JsonSchema + Send + 'static,
    B: DeserializeOwned + JsonSchema + Send + 'static,
    V: Serialize + JsonSchema + Send + 'static,
{
    [
        command(Method::Patch, pattern, names[0], access, summary, run),
        command(Method::Put, pattern, names[1], access, summary, run),
    ]
}

/// An endpoint that needs more than one read or one transaction. A change that
/// carries an `Idempotency-Key` is done once; its answer is remembered in memory.
pub fn raw(
    method: Method,
    pattern: &'static str,
    name: &'static str,
    access: Access,
    summary: &'static str,
    handler: fn(&App, &Call) -> Result<Response>,
) -> Endpoint {
    Endpoint {
        method,
        pattern,
        name,
        access,
        needs_password: false,
        summary,
        tags: Tags::NONE,
        lane: Lane::Quick,
        body_limit: if method.is_safe() { 0 } else { BODY_LIMIT },
        success: 200,
        leaves_file: method.is_safe(),
        media_type: JSON,
        schemas: Box::new(|_| Schemas::default()),
        handler: if method.is_safe() {
            Box::new(handler)
        } else {
            Box::new(move |app, call| app.first_answers.once(call.request, call.actor(), || handler(app, call)))
        },
        field_names: OnceLock::new(),
    }
}

impl Endpoint {
    /// The names that `fields` may select: of a list's items, or of the object itself.
    pub fn field_names(&self) -> &BTreeSet<String> {
        self.field_names.get_or_init(|| openapi::field_names(self))
    }

    /// Answers 201: it made something.
    pub fn creates(mut self) -> Endpoint {
        self.success = 201;
        self
    }

    /// Answers 202: it will be done.
    pub fn accepts(mut self) -> Endpoint {
        self.success = 202;
        self
    }

    /// Answers 204.
    pub fn answers_nothing(mut self) -> Endpoint {
        self.success = 204;
        self
    }

    /// Changes nothing of the hotel's where the file is looked at only.
    pub fn leaves_file(mut self) -> Endpoint {
        self.leaves_file = true;
        self
    }

    /// Refuses sign-ins by PIN: a PIN is short, and seen by who stands near.
    pub fn needs_password(mut self) -> Endpoint {
        self.needs_password = true;
        self
    }

    /// Runs on the threads for long work.
    pub fn long(mut self) -> Endpoint {
        self.lane = Lane::Long;
        self
    }

    pub fn body_limit(mut self, bytes: usize) -> Endpoint {
        self.body_limit = bytes;
        self
    }

    pub fn media_type(mut self, media_type: &'static str) -> Endpoint {
        self.media_type = media_type;
        self
    }

    /// Describes what a raw endpoint takes and gives.
    pub fn describes<P: JsonSchema + 'static, B: JsonSchema + 'static, V: JsonSchema + 'static>(mut self) -> Endpoint {
        let has_body = !self.method.is_safe();
        let has_answer = self.success != 204;
        self.schemas = Box::new(move |generator| Schemas {
            params: Some(generator.subschema_for::<P>()),
            body: has_body.then(|| generator.subschema_for::<B>()),
            answer: has_answer.then(|| generator.subschema_for::<V>()),
        });
        self
    }
}

/// A value as JSON bytes.
pub fn to_json<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(ROOM_FOR_A_PAGE);
    serde_json::to_writer(&mut bytes, value)
        .map_err(|e| crate::error::Error::internal(format!("an answer could not be written: {e}")))?;
    Ok(bytes)
}
