//! A hotel in a temporary file, asked without a socket.
//!
//! `TestHotel::new()` is set up, in EUR and Lisbon time, on business date
//! 2025-11-10 at 09:00 UTC, with one account a role and all of them signed in.
//!
//! ```ignore
//! let hotel = TestHotel::new();
//! let source = hotel.post("/api/booking-sources", json!({"name": "Radio"})).expect(201);
//! hotel.as_role(Role::Housekeeper).get("/api/booking-sources").problem(403);
//! hotel.as_owner().request(Method::Get, "/api/settings").header("If-None-Match", tag).send();
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use innkeeper::db::beside::Strays;
use innkeeper::db::{self, Context, Db, Tx};
use innkeeper::domain::actor::{Actor, Role};
use innkeeper::domain::date::Instant;
use innkeeper::domain::money::Currency;
use innkeeper::hotel::backups::place;
use innkeeper::hotel::settings::{self, NewProperty};
use innkeeper::hotel::users::{self, NewUser, session};
use innkeeper::hotel::{Memory, devices};
use innkeeper::http::idempotency::hex;
use innkeeper::http::request::{Method, Request};
use innkeeper::http::respond::respond;
use innkeeper::http::state::{App, AppOptions, Clock, EventHub};
use innkeeper::jobs::scheduler::Scheduler;
use innkeeper::routes;
use serde_json::Value;
use tempfile::TempDir;

use super::Answer;

pub const BUSINESS_DATE: &str = "2025-11-10";
pub const NOW: &str = "2025-11-10T09:00:00.000Z";

/// How a test's hotel differs from the usual one.
pub struct Builder {
    options: AppOptions,
    database: db::Options,
    is_set_up: bool,
    currency: &'static str,
}

impl Builder {
    /// A file without property and accounts, as at the first start.
    pub fn not_set_up(mut self) -> Builder {
        self.is_set_up = false;
        self
    }

    pub fn setup_code(mut self, code: &str) -> Builder {
        self.options.setup_code = Some(code.to_owned());
        self
    }

    /// Requests a minute; `None` = as the property's settings say.
    pub fn rate_limit(mut self, limit: Option<u32>) -> Builder {
        self.options.rate_limit = limit;
        self
    }

    pub fn cache_bytes(mut self, bytes: usize) -> Builder {
        self.options.cache_bytes = bytes;
        self
    }

    /// Requests and statements that take this long are slow.
    pub fn slow_after(mut self, slow_after: Duration) -> Builder {
        self.options.slow_request = slow_after;
        self.database.slow_statement = slow_after;
        self
    }

    pub fn currency(mut self, code: &'static str) -> Builder {
        self.currency = code;
        self
    }

    pub fn open(self) -> TestHotel {
        let folder = tempfile::tempdir().expect("a folder");
        let (app, memory) = open_app(&folder, &self.database, self.options, NOW.parse().expect("an instant"));
        let mut hotel = TestHotel { app, memory, tokens: Vec::new(), folder };
        if self.is_set_up {
            hotel.set_up(self.currency);
        }
        hotel
    }

    /// The same with something of everything in it.
    pub fn open_furnished(self) -> TestHotel {
        let hotel = self.open();
        hotel.furnish();
        hotel
    }
}

fn open_app(folder: &TempDir, database: &db::Options, options: AppOptions, now: Instant) -> (Arc<App>, Memory) {
    let events = Arc::new(EventHub::default());
    let hub = events.clone();
    let db =
        Db::open(&folder.path().join("hotel.db"), database, Box::new(move |touched| hub.changed(touched))).expect("the file");
    let clock = Clock::Fixed(AtomicI64::new(now.as_millisecond()));
    let memory = Memory::default();
    (Arc::new(routes::app(db, clock, events, &memory, options)), memory)
}

pub struct TestHotel {
    pub app: Arc<App>,
    pub memory: Memory,
    tokens: Vec<(Role, String)>,
    folder: TempDir,
}

impl TestHotel {
    pub fn new() -> TestHotel {
        TestHotel::builder().open()
    }

    pub fn builder() -> Builder {
        Builder {
            options: AppOptions { rate_limit: Some(0), ..AppOptions::default() },
            database: db::Options::default(),
            is_set_up: true,
            currency: "EUR",
        }
    }

    /// A second program that looks at the same file; nobody is signed in to it.
    pub fn looked_at(&self) -> TestHotel {
        let options = db::Options { is_read_only: true, ..db::Options::default() };
        let db = Db::open(self.app.db.path(), &options, Box::new(|_| ())).expect("a file of this version");
        let clock = Clock::Fixed(AtomicI64::new(self.app.clock.now().as_millisecond()));
        let own = AppOptions { rate_limit: Some(0), ..AppOptions::default() };
        let memory = Memory::default();
        let app = routes::app(db, clock, Arc::new(EventHub::default()), &memory, own);
        TestHotel { app: Arc::new(app), memory, tokens: Vec::new(), folder: tempfile::tempdir().expect("a folder") }
    }

    /// The same people before another file of this hotel, opened as the program does it.
    pub fn at_file(&self, file: &std::path::Path, strays: Strays) -> Result<TestHotel, db::OpenError> {
        place::look(file, strays)?;
        let events = Arc::new(EventHub::default());
        let db = Db::open(file, &db::Options::default(), Box::new(|_| ()))?;
        let clock = Clock::Fixed(AtomicI64::new(self.app.clock.now().as_millisecond()));
        let memory = Memory::default();
        let app = routes::app(db, clock, events, &memory, self.app.options.clone());
        Ok(TestHotel { app: Arc::new(app), memory, tokens: self.tokens.clone(), folder: tempfile::tempdir().expect("a folder") })
    }

    fn set_up(&mut self, currency: &str) {
        let property = NewProperty {
            name: "Test Hotel".to_owned(),
            currency: Currency::of(currency).expect("a currency"),
            time_zone: "Europe/Lisbon".to_owned(),
            locale: "en-GB".to_owned(),
            business_date: BUSINESS_DATE.parse().expect("a date"),
            is_demo: false,
        };
        self.write(move |tx| settings::create(tx, &property));
        for role in Role::ALL {
            let token = self.sign_in_new(role.as_str(), *role);
            self.tokens.push((*role, token));
        }
    }

    /// An account that no password opens, signed in; its token.
    pub fn sign_in_new(&self, username: &str, role: Role) -> String {
        let new = NewUser {
            username: username.into(),
            full_name: format!("The {role}").into(),
            role,
            password_hash: "none".to_owned(),
        };
        self.write(move |tx| {
            let user = users::create(tx, &new)?;
            Ok(session::open(tx, &user, "tests")?.token)
        })
    }

    /// An account that this password opens.
    pub fn add_user(&self, username: &str, role: Role, password: &str) -> users::User {
        let password_hash = users::hash_password("password", password, &[]).expect("a good password");
        let new = NewUser { username: username.into(), full_name: username.into(), role, password_hash };
        self.write(move |tx| users::create(tx, &new))
    }

    /// Another sign-in of the account that has this role; its token.
    pub fn sign_in_again(&self, role: Role) -> String {
        self.write(move |tx| {
            let user = users::store::find_named(tx, role.as_str())?.expect("an account a role");
            Ok(session::open(tx, &user, "tests")?.token)
        })
    }

    /// Another sign-in of that account, by PIN on a device of its own; its token.
    pub fn sign_in_by_pin(&self, role: Role) -> String {
        self.write(move |tx| {
            let user = users::store::find_named(tx, role.as_str())?.expect("an account a role");
            let token = hex(&users::random_bytes::<8>());
            let device = devices::store::insert(tx, &token, &token, user.id)?;
            Ok(session::open_on(tx, &user, "tests", device)?.token)
        })
    }

    /// Changes the data in a way that no endpoint offers.
    pub fn write<T: Send + 'static>(&self, work: impl FnOnce(&Tx) -> innkeeper::error::Result<T> + Send + 'static) -> T {
        let context = Context { actor: Actor::program("test"), now: self.app.clock.now() };
        self.app.db.write(context, work).expect("a change of the test's own")
    }

    /// Does what was ordered and whose time has come, as the threads for jobs do.
    pub fn do_ordered(&self) {
        let mut scheduler = Scheduler::new(&self.app, routes::jobs(&self.memory));
        while scheduler.do_order(&self.app).is_some_and(|next| next <= self.app.clock.now()) {}
    }

    /// Closes Innkeeper and opens it again on the same file.
    pub fn restart(&mut self) {
        self.app.db.close();
        let (options, now) = (self.app.options.clone(), self.app.clock.now());
        (self.app, self.memory) = open_app(&self.folder, &db::Options::default(), options, now);
    }

    pub fn advance_hours(&self, hours: i64) {
        self.advance_minutes(hours * 60);
    }

    pub fn advance_minutes(&self, minutes: i64) {
        let Clock::Fixed(clock) = &self.app.clock else { panic!("tests have a fixed clock") };
        clock.fetch_add(minutes * 60_000, Ordering::Relaxed);
    }

    /// Asks for the next business date on the morning of that day; the clock goes back then, so
    /// that everybody stays signed in.
    pub fn move_on(&self, date: &str) -> Answer {
        let Clock::Fixed(clock) = &self.app.clock else { panic!("tests have a fixed clock") };
        let morning: Instant = format!("{date}T09:00:00Z").parse().expect("a date");
        let now = clock.swap(morning.as_millisecond(), Ordering::Relaxed);
        let token = self.sign_in_again(Role::Owner);
        let answer = self.with_token(&token).post("/api/day-close", closing_before(date));
        clock.store(now, Ordering::Relaxed);
        answer
    }

    /// Closes the day before a date, with all that is open left open. The calendar of the tests stands still, so
    /// that an owner says why the day is closed ahead of it.
    pub fn close_before(&self, date: &str) -> Answer {
        self.post("/api/day-close", closing_before(date))
    }

    pub fn as_role(&self, role: Role) -> Desk<'_> {
        let token = self.tokens.iter().find(|(r, _)| *r == role).map(|(_, token)| token.clone());
        self.with_token(&token.expect("a hotel that is set up"))
    }

    pub fn as_owner(&self) -> Desk<'_> {
        self.as_role(Role::Owner)
    }

    pub fn with_token(&self, token: &str) -> Desk<'_> {
        Desk { hotel: self, token: Some(token.to_owned()) }
    }

    pub fn as_stranger(&self) -> Desk<'_> {
        Desk { hotel: self, token: None }
    }

    /// Where something is done to the first, second, … payment: charges and payments are numbered together.
    pub fn of_payment(&self, place: usize, action: &str) -> String {
        let payments = self.get("/api/payments?sort=id&page_size=100").expect(200);
        format!("/api/payments/{}/{action}", payments["items"][place - 1]["id"])
    }

    pub fn get(&self, target: &str) -> Answer {
        self.as_owner().get(target)
    }

    pub fn post(&self, target: &str, body: Value) -> Answer {
        self.as_owner().post(target, body)
    }

    pub fn patch(&self, target: &str, body: Value) -> Answer {
        self.as_owner().patch(target, body)
    }

    pub fn put(&self, target: &str, body: Value) -> Answer {
        self.as_owner().put(target, body)
    }

    pub fn delete(&self, target: &str) -> Answer {
        self.as_owner().delete(target)
    }

    pub fn send(&self, request: &Request) -> Answer {
        let response = respond(&self.app, request);
        Answer {
            status: response.status,
            headers: response.headers.iter().map(|(n, v)| ((*n).to_owned(), v.to_string())).collect(),
            body: response.payload.bytes().to_vec(),
        }
    }
}

/// What closes the day before a date, whatever is open.
pub fn closing_before(date: &str) -> Value {
    let day = date.parse::<innkeeper::domain::date::Date>().expect("a date").previous();
    serde_json::json!({"business_date": day, "undecided": "carry", "reason": "the tests' calendar stands still"})
}

/// Somebody at a desk: requests carry that person's token.
pub struct Desk<'a> {
    hotel: &'a TestHotel,
    token: Option<String>,
}

impl<'a> Desk<'a> {
    pub fn request(&self, method: Method, target: &str) -> Asking<'a> {
        let asking = Asking { hotel: self.hotel, request: Request::new(method, target) };
        match &self.token {
            Some(token) => asking.header("Authorization", &format!("Bearer {token}")),
            None => asking,
        }
    }

    pub fn get(&self, target: &str) -> Answer {
        self.request(Method::Get, target).send()
    }

    pub fn post(&self, target: &str, body: Value) -> Answer {
        self.request(Method::Post, target).json(&body).send()
    }

    pub fn patch(&self, target: &str, body: Value) -> Answer {
        self.request(Method::Patch, target).json(&body).send()
    }

    pub fn put(&self, target: &str, body: Value) -> Answer {
        self.request(Method::Put, target).json(&body).send()
    }

    pub fn delete(&self, target: &str) -> Answer {
        self.request(Method::Delete, target).send()
    }
}

/// A request in the making.
pub struct Asking<'a> {
    hotel: &'a TestHotel,
    request: Request,
}

impl Asking<'_> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn at_address(mut self, address: &str) -> Self {
        self.request.address = address.to_owned();
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.header("Content-Type", "application/json").body(&body.to_string())
    }

    pub fn body(mut self, body: &str) -> Self {
        self.request.body = body.as_bytes().to_vec();
        self
    }

    pub fn send(self) -> Answer {
        self.hotel.send(&self.request)
    }
}
