//! One line of the route table: method, path, who may, what it takes and gives.
//!
//! The handler's types supply the decoder and the schema, so that the router,
//! the permissions and the API's description cannot drift apart.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::decode;
use super::request::{Method, Request};
use super::response::{Payload, Response};
use super::state::App;
use super::{idempotency, openapi};
use crate::db::{Conn, Context, Table, Tags, Tx};
use crate::domain::actor::{Actor, Role};
use crate::domain::wording::Language;
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

/// Makes the answer to a change that is on disk, or to one that was refused.
pub type MakeAnswer = Box<dyn FnOnce(&App) -> Result<Response> + Send>;

/// Hands a change to the writer and does not wait for it. The last is called exactly once, by whoever commits
/// or refuses.
type Order = Box<dyn Fn(&App, &Call, Box<dyn FnOnce(MakeAnswer) + Send>) + Send + Sync>;

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
    /// The same of a command, for who does not wait for the disk.
    pub order: Option<Order>,
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

/// What a task or a live look answers with: a value, and headers with it.
pub struct Reply<V> {
    value: V,
    head: Response,
}

impl<V: Serialize + 'static> Reply<V> {
    /// With the status of the endpoint.
    pub fn of(value: V) -> Reply<V> {
        Reply { value, head: Response::new(0) }
    }

    pub fn status(mut self, status: u16) -> Reply<V> {
        self.head.status = status;
        self
    }

    /// For an answer that says something: its words are of a language.
    pub fn in_language(self, language: Language) -> Reply<V> {
        self.header("Content-Language", language.tag()).header("Vary", "Accept-Language")
    }

    pub fn header(mut self, name: &'static str, value: &'static str) -> Reply<V> {
        self.head = self.head.header(name, value);
        self
    }

    pub fn cookie(mut self, name: &str, value: &str, path: &str, max_age_seconds: i64) -> Reply<V> {
        self.head = self.head.cookie(name, value, path, max_age_seconds);
        self
    }

    fn into_response(self, success: u16) -> Result<Response> {
        let mut response = self.head;
        response.status = if response.status == 0 { success } else { response.status };
        if !has_answer::<V>() {
            return Ok(response);
        }
        Ok(response.with(JSON, Payload::Owned(to_json(&self.value)?)))
    }
}

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
    let schemas = |generator: &mut SchemaGenerator| Schemas {
        params: Some(generator.subschema_for::<P>()),
        body: None,
        answer: Some(generator.subschema_for::<V::Form>()),
    };
    let handler = move |app: &App, call: &Call| {
        let params: P = call.params()?;
        let bytes = app.db.read(&call.context, |conn| read(conn, params)?.into_json())?;
        Ok(Response::new(200).with(JSON, Payload::Owned(bytes)))
    };
    Endpoint { tags, ..endpoint(Method::Get, pattern, name, access, summary, Box::new(schemas), Box::new(handler)) }
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
    let work = move |call: &Call| {
        let (params, body): (P, B) = (call.params()?, call.body()?);
        let key = idempotency::Key::of(call.request, &call.context.actor)?;
        Ok(move |tx: &Tx| match key {
            None => Ok(Done::Value(run(tx, params, body)?)),
            Some(key) => key.once(tx, || to_json(&run(tx, params, body)?)).map(Done::Bytes),
        })
    };
    let handler =
        move |app: &App, call: &Call| app.db.write(call.context.clone(), work(call)?)?.into_response(call.endpoint.success);
    let order = move |app: &App, call: &Call, then: Box<dyn FnOnce(MakeAnswer) + Send>| {
        let success = call.endpoint.success;
        let done = move |done: Result<Done<V>>| then(Box::new(move |app| app.db.noticing(done)?.into_response(success)));
        match work(call) {
            Ok(work) => app.db.write_then(call.context.clone(), work, done),
            Err(error) => done(Err(error)),
        }
    };
    Endpoint { order: Some(Box::new(order)), ..change::<P, B, V>(method, pattern, name, access, summary, Box::new(handler)) }
}

/// Whether a change answers with more than that it is done.
fn has_answer<V: 'static>() -> bool {
    std::any::TypeId::of::<V>() != std::any::TypeId::of::<()>()
}

/// An endpoint that takes parameters and a body.
fn change<P: JsonSchema + 'static, B: JsonSchema + 'static, V: JsonSchema + 'static>(
    method: Method,
    pattern: &'static str,
    name: &'static str,
    access: Access,
    summary: &'static str,
    handler: Handler,
) -> Endpoint {
    let schemas = |generator: &mut SchemaGenerator| Schemas {
        params: Some(generator.subschema_for::<P>()),
        body: Some(generator.subschema_for::<B>()),
        answer: has_answer::<V>().then(|| generator.subschema_for::<V>()),
    };
    let success = if has_answer::<V>() { 200 } else { 204 };
    Endpoint { success, ..endpoint(method, pattern, name, access, summary, Box::new(schemas), handler) }
}

/// A line of the table as most of them are.
fn endpoint(
    method: Method,
    pattern: &'static str,
    name: &'static str,
    access: Access,
    summary: &'static str,
    schemas: DescribeSchemas,
    handler: Handler,
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
        schemas,
        handler,
        order: None,
        field_names: OnceLock::new(),
    }
}

/// What a command leaves: its value, or the bytes that were stored for a replay.
enum Done<V> {
    Value(V),
    Bytes(Vec<u8>),
}

impl<V: Serialize + 'static> Done<V> {
    fn into_response(self, success: u16) -> Result<Response> {
        if !has_answer::<V>() {
            return Ok(Response::new(204));
        }
        let bytes = match self {
            Done::Value(value) => to_json(&value)?,
            Done::Bytes(bytes) => bytes,
        };
        Ok(Response::new(success).with(JSON, Payload::Owned(bytes)))
    }
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

/// A GET that is more than one read of the database. It is never kept.
pub fn live<P, V>(
    pattern: &'static str,
    name: &'static str,
    access: Access,
    summary: &'static str,
    look: impl Fn(&App, &Call, P) -> Result<Reply<V>> + Send + Sync + 'static,
) -> Endpoint
where
    P: DeserializeOwned + JsonSchema + 'static,
    V: Serialize + JsonSchema + 'static,
{
    let schemas = |generator: &mut SchemaGenerator| Schemas {
        params: Some(generator.subschema_for::<P>()),
        body: None,
        answer: Some(generator.subschema_for::<V>()),
    };
    let handler = move |app: &App, call: &Call| look(app, call, call.params()?)?.into_response(200);
    endpoint(Method::Get, pattern, name, access, summary, Box::new(schemas), Box::new(handler))
}

/// A change that is more than one transaction. One that carries an `Idempotency-Key` is done once;
/// its answer is remembered in memory.
pub fn task<P, B, V>(
    method: Method,
    pattern: &'static str,
    name: &'static str,
    access: Access,
    summary: &'static str,
    run: impl Fn(&App, &Call, P, B) -> Result<Reply<V>> + Send + Sync + 'static,
) -> Endpoint
where
    P: DeserializeOwned + JsonSchema + 'static,
    B: DeserializeOwned + JsonSchema + 'static,
    V: Serialize + JsonSchema + 'static,
{
    let handler = move |app: &App, call: &Call| {
        let run = || run(app, call, call.params()?, call.body()?)?.into_response(call.endpoint.success);
        app.first_answers.once(call.request, call.actor(), run)
    };
    change::<P, B, V>(method, pattern, name, access, summary, Box::new(handler))
}

/// The run of a task that needs what its slice keeps in memory.
pub fn with<S, P, B, V>(
    state: &Arc<S>,
    run: fn(&S, &App, &Call, P, B) -> Result<Reply<V>>,
) -> impl Fn(&App, &Call, P, B) -> Result<Reply<V>> + Send + Sync + 'static
where
    S: Send + Sync + 'static,
    P: 'static,
    B: 'static,
    V: 'static,
{
    let state = state.clone();
    move |app, call, params, body| run(&state, app, call, params, body)
}

/// The same for a live look.
pub fn seen_with<S, P, V>(
    state: &Arc<S>,
    look: fn(&S, &App, &Call, P) -> Result<Reply<V>>,
) -> impl Fn(&App, &Call, P) -> Result<Reply<V>> + Send + Sync + 'static
where
    S: Send + Sync + 'static,
    P: 'static,
    V: 'static,
{
    let state = state.clone();
    move |app, call, params| look(&state, app, call, params)
}

/// A GET that answers with something else than JSON of its own making: text, a page, a stream.
pub fn raw(
    pattern: &'static str,
    name: &'static str,
    access: Access,
    summary: &'static str,
    media_type: &'static str,
    handler: impl Fn(&App, &Call) -> Result<Response> + Send + Sync + 'static,
) -> Endpoint {
    let schemas = Box::new(|_: &mut SchemaGenerator| Schemas::default());
    Endpoint { media_type, ..endpoint(Method::Get, pattern, name, access, summary, schemas, Box::new(handler)) }
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

    /// Says what a raw endpoint takes.
    pub fn takes<P: JsonSchema + 'static>(mut self) -> Endpoint {
        self.schemas = Box::new(|generator| Schemas { params: Some(generator.subschema_for::<P>()), ..Schemas::default() });
        self
    }

    /// Says what a raw endpoint takes, and what its JSON looks like.
    pub fn describes<P: JsonSchema + 'static, V: JsonSchema + 'static>(mut self) -> Endpoint {
        self.schemas = Box::new(|generator| Schemas {
            params: Some(generator.subschema_for::<P>()),
            body: None,
            answer: Some(generator.subschema_for::<V>()),
        });
        self
    }

    /// Says what the answer looks like of a raw endpoint whose JSON is made elsewhere.
    pub fn answers<V: JsonSchema + 'static>(mut self) -> Endpoint {
        self.schemas = Box::new(|generator| Schemas {
            params: Some(generator.subschema_for::<NoParams>()),
            body: None,
            answer: Some(generator.subschema_for::<V>()),
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
