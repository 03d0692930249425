//! `serve`: opens the hotel and keeps it open until Ctrl-C or SIGTERM.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::panic::PanicHookInfo;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use super::lock::{self, Holder, Lock, Taken};
use super::{Failure, browser, context, default_place, desktop, log_lines, opened, print, rescue, shown};
use crate::config::{Config, DataFile, Settings};
use crate::db::Db;
use crate::domain::text::READABLE;
use crate::hotel::backups::place::Found;
use crate::hotel::backups::{Exchange, make, restore};
use crate::hotel::users::{random_bytes, store};
use crate::hotel::{Memory, network};
use crate::http::state::{Clock, EventHub};
use crate::lan::Lan;
use crate::routes;
use crate::server::{Beside, Server, raise_descriptor_limit, tune_memory};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// How often a quiet server looks whether it is still open.
const WATCH_EVERY: Duration = Duration::from_secs(5);

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    file: DataFile,
    #[command(flatten)]
    settings: Settings,
}

/// What a running server is told from outside.
pub(super) enum Order {
    Stop,
    /// Close, put another file in place, open again.
    Restart(Exchange),
}

/// The way of an order to the main thread.
pub(super) type Orders = (SyncSender<Order>, Receiver<Order>);

pub(super) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    tune_memory();
    let config = Config::load(&arguments.file, arguments.settings, default_place::default_file()?)?;
    log_lines::start(&config.log)?;
    ensure_files()?;
    let orders = listen_for_orders()?;
    let lock = match lock::take(&config.data_file) {
        Taken::Ours(lock) => lock,
        Taken::Another(holder) => match take_over(&config, holder.as_ref())? {
            Some(lock) => Some(lock),
            None => return show_first(&config, holder),
        },
    };
    let is_copy = config.database.is_read_only;
    if lock.is_some() && !is_copy {
        restore::sweep(&config.data_file);
        make::sweep(&config.data_file);
    }
    if is_copy && super::found(&config)? == Found::Nothing {
        return Err(super::missing(&config.data_file));
    }
    let listener = listen(config.listen)?;
    let events = Arc::new(EventHub::default());
    let db = if is_copy { open(&config, &events)? } else { rescue::open(&config, &events)? };
    let greeting = if is_copy { "This is a read-only copy: nothing can be changed in it.\n" } else { "" };
    keep_open(&config, db, events, listener, &orders, lock.as_ref(), greeting)
}

/// Refuses a start that would open the doors and let nobody in.
pub(super) fn ensure_files() -> Result<(), Failure> {
    const FEWEST: usize = 192;
    match raise_descriptor_limit() {
        Some(files) if files < FEWEST => Err(Failure::Plain(format!(
            "This account may have only {files} files open at once, and Innkeeper needs {FEWEST}. Allow more (in a shell: ulimit -n 1024; for a service: LimitNOFILE=1024) and start again."
        ))),
        Some(_) | None => Ok(()),
    }
}

/// A newer program that is started while the older is open: takes its place, where somebody says so.
fn take_over(config: &Config, holder: Option<&Holder>) -> Result<Option<Lock>, Failure> {
    let older = holder.and_then(|holder| Some((holder, version_at(&holder.url)?)));
    let Some((holder, version)) = older.filter(|(_, version)| is_older(version, VERSION)) else { return Ok(None) };
    let question = format!(
        "Innkeeper {version} is open at {}. Shall it be closed, and Innkeeper {VERSION} be opened in its place?",
        holder.url
    );
    if !desktop::ask(&question) {
        return Ok(None);
    }
    match lock::take_over(&config.data_file, holder)? {
        Taken::Ours(lock) => Ok(lock),
        Taken::Another(_) => Ok(None),
    }
}

/// Compares versions such as 0.1.0, number by number; what is none is never older.
fn is_older(version: &str, than: &str) -> bool {
    let numbers = |text: &str| text.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>();
    matches!((numbers(version), numbers(than)), (Some(version), Some(than)) if version < than)
}

/// A second start is a wish to see the hotel: shows the one that is open.
fn show_first(config: &Config, holder: Option<Holder>) -> Result<ExitCode, Failure> {
    let file = shown(&config.data_file);
    let Some(holder) = holder else {
        let what = "is being opened by another Innkeeper. Wait a moment and look for its page.";
        return Err(Failure::Plain(format!("{} {what}", file.display())));
    };
    if let Some(version) = version_at(&holder.url) {
        let other = if version == VERSION {
            String::new()
        } else {
            format!("It is Innkeeper {version}, this is {VERSION}: close it first to use this one.\n")
        };
        print(format!("Innkeeper is open at {} already; this is its page.\n{other}", holder.url).as_bytes())?;
        if config.opens_browser {
            browser::open_and_wait(&holder.url);
        }
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::Plain(format!(
        "{} is in use by another Innkeeper (process {}) that does not answer at {}. End that one and start again.",
        file.display(),
        holder.process,
        holder.url
    )))
}

/// Opens the data file; whoever listens hears of every commit.
pub(super) fn open(config: &Config, events: &Arc<EventHub>) -> Result<Db, Failure> {
    let events = events.clone();
    let db = opened(config, Box::new(move |touched| events.changed(touched)))?;
    log::info!("the hotel's data is in {}", shown(&config.data_file).display());
    Ok(db)
}

/// Serves until it is told to stop. The greeting is printed once the doors are open.
pub(super) fn keep_open(
    config: &Config,
    mut db: Db,
    events: Arc<EventHub>,
    mut listener: TcpListener,
    orders: &Orders,
    lock: Option<&Lock>,
    greeting: &str,
) -> Result<ExitCode, Failure> {
    std::panic::set_hook(Box::new(|panic| log::error!("{}", in_words(panic))));
    let mut events = events;
    let (mut is_first, mut data, mut problem) = (true, "", None);
    loop {
        let (server, memory, url) = open_doors(config, db, events, listener, &orders.0)?;
        let address = server.address();
        if let Some(lock) = lock {
            lock.tell(&url);
        }
        if is_first {
            greet(config, &server, &url, greeting)?;
        } else {
            print(format!("Innkeeper is open at {url} again, with {data}.\n").as_bytes())?;
        }
        is_first = false;
        memory.backups.note_problem(problem.take());
        if !server.app().db.is_read_only() {
            desktop::show(&url, &server.app(), &memory.backups, &orders.0);
        }
        let order = wait(&server, &orders.1);
        log::info!("closing");
        server.stop();
        log::info!("closed");
        match order {
            Some(Order::Stop) => {
                desktop::hide();
                return Ok(ExitCode::SUCCESS);
            }
            Some(Order::Restart(exchange)) => match exchange() {
                Ok(aside) => {
                    log::warn!("another file is in place; the replaced one is kept: {aside:?}");
                    data = "the restored data";
                }
                Err(what) => {
                    log::error!("the file stays in place: {what}");
                    problem = Some(what);
                    data = "the same data as before";
                }
            },
            None => return Err(Failure::Plain(ENDED.to_owned())),
        }
        // At the same address, so that the open pages find their hotel again.
        listener = listen(address)?;
        events = Arc::new(EventHub::default());
        db = open(config, &events)?;
    }
}

const ENDED: &str = "The network part of Innkeeper ended by itself; its log knows more. Please start it again.";

fn open_doors(
    config: &Config,
    db: Db,
    events: Arc<EventHub>,
    listener: TcpListener,
    orders: &SyncSender<Order>,
) -> Result<(Server, Memory, String), Failure> {
    let mut options = config.app.clone();
    options.setup_code = if db.read(&context(), store::has_any)? { None } else { Some(new_code()) };
    let memory = Memory::new(Lan::new(config.lan.clone(), db.path()));
    let app = Arc::new(routes::app(db, Clock::System, events, &memory, options));
    let orders = orders.clone();
    // Full = another order comes first; the exchange is then refused.
    memory.backups.on_restart(Box::new(move |exchange| orders.try_send(Order::Restart(exchange)).is_ok()));
    let wish = network::wish(&app, &memory.lan);
    let wish = wish.inspect_err(|error| log::error!("the hotel is not open to the network: {error}")).ok();
    let beside = Beside { jobs: routes::jobs(&memory), lan: memory.lan.clone(), wish };
    let server = Server::start(app, beside, listener, config.threads, config.gate.clone())
        .map_err(super::io_failure("The hotel could not be opened."))?;
    let url = format!("http://{}/", server.address());
    Ok((server, memory, url))
}

/// Tells where the hotel is, and shows it.
fn greet(config: &Config, server: &Server, url: &str, greeting: &str) -> Result<(), Failure> {
    let mut text = format!("Innkeeper is open at {url}\n{greeting}");
    if let Some(code) = &server.app().options.setup_code {
        text.push_str(&format!("To set the hotel up from another machine, use the one-time code {code}\n"));
    }
    print(text.as_bytes())?;
    if config.opens_browser {
        browser::open(url);
    }
    Ok(())
}

/// A panic for the log: a message put together from values may hold personal data,
/// so only those that stand in the code are written.
fn in_words(panic: &PanicHookInfo) -> String {
    let place = panic.location().map_or(String::new(), |place| format!(" at {place}"));
    let message = panic.payload().downcast_ref::<&str>().map_or(String::new(), |message| format!(": {message}"));
    format!("a panic{place}{message}")
}

/// Waits until somebody gives an order, or the doors fall shut (nothing).
fn wait(server: &Server, orders: &Receiver<Order>) -> Option<Order> {
    loop {
        match orders.recv_timeout(WATCH_EVERY) {
            Ok(order) => return Some(order),
            Err(RecvTimeoutError::Timeout) if server.is_open() => {}
            Err(RecvTimeoutError::Timeout) => return None,
            Err(RecvTimeoutError::Disconnected) => return Some(Order::Stop),
        }
    }
}

/// Hears of Ctrl-C, SIGTERM and a closed console.
pub(super) fn listen_for_orders() -> Result<Orders, Failure> {
    let (sender, receiver) = sync_channel(1);
    let own = sender.clone();
    let heard = move || {
        // Full = something was said already; a stop is said again by who means it.
        let _ = own.try_send(Order::Stop);
    };
    ctrlc::set_handler(heard).map_err(|error| Failure::Plain(format!("Ctrl-C cannot be listened for: {error}.")))?;
    Ok((sender, receiver))
}

/// Eight characters that nobody misreads or guesses.
fn new_code() -> String {
    let letters: Vec<char> =
        random_bytes::<16>().iter().filter_map(|byte| READABLE.get(usize::from(byte % 32))).map(|b| char::from(*b)).collect();
    match letters.get(..8) {
        Some(eight) => eight[..4].iter().chain(&['-']).chain(&eight[4..]).collect(),
        None => new_code(),
    }
}

/// Takes the port, or says why not and what to do.
pub(super) fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Failure::Plain(taken(address)),
        io::ErrorKind::PermissionDenied => Failure::Plain(format!(
            "Port {} needs an administrator's rights. Choose one above 1023: --listen 127.0.0.1:8080.",
            address.port()
        )),
        io::ErrorKind::AddrNotAvailable => {
            Failure::Plain(format!("{} is not an address of this machine. Use --listen 127.0.0.1:8080.", address.ip()))
        }
        _ => super::io_failure(format!("The hotel could not be opened at {address}."))(error),
    })
}

fn taken(address: SocketAddr) -> String {
    let other = SocketAddr::new(address.ip(), address.port().checked_add(1).unwrap_or(8080));
    if innkeeper_at(address).is_some() {
        return format!(
            "Innkeeper is open at http://{address}/ already: use that one. To open a second hotel beside it, add --listen {other}."
        );
    }
    let (port, another) = (address.port(), other.port());
    format!(
        "Another program uses port {port} of this machine already. Close that program and start Innkeeper again. \
         Or use port {another}: start Innkeeper with --listen {other}, or write the line listen = \"{other}\" \
         into a file innkeeper.toml beside the hotel's data."
    )
}

/// The version of the Innkeeper that answers at this address of a page.
pub(super) fn version_at(url: &str) -> Option<String> {
    innkeeper_at(url.trim_start_matches("http://").trim_end_matches('/').parse().ok()?)
}

/// The version of the Innkeeper that answers there, if one does.
fn innkeeper_at(address: SocketAddr) -> Option<String> {
    let wait = Duration::from_millis(500);
    let ask = || -> io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, wait)?;
        stream.set_read_timeout(Some(wait))?;
        stream.set_write_timeout(Some(wait))?;
        write!(stream, "GET /api/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = [0; 4096];
        let mut length = 0;
        while length < answer.len() {
            match stream.read(&mut answer[length..])? {
                0 => break,
                count => length += count,
            }
        }
        Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
    };
    let answer = ask().ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    let health: serde_json::Value = serde_json::from_str(body).ok()?;
    health.get("database")?;
    Some(health["version"].as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(is_older("0.9.0", "0.10.0") && is_older("0.1.0", "1.0.0") && is_older("1.2", "1.2.1"));
        assert!(!is_older("0.1.0", "0.1.0") && !is_older("1.0.0", "0.9.9") && !is_older("", "1.0.0"));
    }

    #[test]
    fn codes_are_short_and_differ() {
        let (one, other) = (new_code(), new_code());
        assert_eq!((one.len(), one.find('-')), (9, Some(4)));
        assert_ne!(one, other);
    }

    #[test]
    fn a_port_of_another_program_is_said_to_be_taken() {
        let other = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = other.local_addr().expect("address");
        // Answers nothing and goes: a connection refused or cut is no Innkeeper.
        let quiet = std::thread::spawn(move || drop(other.accept()));
        let failure = listen(address).expect_err("taken");
        quiet.join().expect("thread");
        assert!(failure.to_string().starts_with("Another program uses port "), "{failure}");
    }
}
