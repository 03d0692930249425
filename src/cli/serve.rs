//! `serve`: opens the hotel and keeps it open until Ctrl-C or SIGTERM.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::panic::PanicHookInfo;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use super::{Failure, browser, context, log_lines, place, print, shown};
use crate::app::{App, Clock, EventHub};
use crate::config::{Config, DataFile, Settings};
use crate::db::Db;
use crate::hotel::users::{random_bytes, store};
use crate::routes;
use crate::server::{Server, tune_memory};

/// How often a quiet server looks whether it is still open.
const WATCH_EVERY: Duration = Duration::from_secs(5);

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    file: DataFile,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    tune_memory();
    let config = Config::load(&arguments.file, arguments.settings, place::default_file()?)?;
    log_lines::start(&config.log)?;
    let stop = stop_signal()?;
    let listener = listen(config.listen)?;
    let events = Arc::new(EventHub::default());
    let db = open(&config, &events)?;
    keep_open(config, db, events, listener, &stop, "")
}

/// Opens the data file; whoever listens hears of every commit.
pub(super) fn open(config: &Config, events: &Arc<EventHub>) -> Result<Db, Failure> {
    let events = events.clone();
    let db = Db::open(&config.data_file, &config.database, Box::new(move |touched| events.changed(touched)))?;
    log::info!("the hotel's data is in {}", shown(&config.data_file).display());
    Ok(db)
}

/// Serves until `stop` says so. The greeting is printed once the doors are open.
pub(super) fn keep_open(
    config: Config,
    db: Db,
    events: Arc<EventHub>,
    listener: TcpListener,
    stop: &Receiver<()>,
    greeting: &str,
) -> Result<ExitCode, Failure> {
    std::panic::set_hook(Box::new(|panic| log::error!("{}", in_words(panic))));
    let mut options = config.app;
    options.setup_code = if db.read(&context(), store::has_any)? { None } else { Some(new_code()) };
    let code = options.setup_code.clone();
    let app = Arc::new(App::new(db, Clock::System, routes::router(), events, routes::hooks(), options));
    let server =
        Server::start(app, listener, config.threads, config.gate).map_err(super::io_failure("The hotel could not be opened."))?;
    let url = format!("http://{}/", server.address());
    let mut text = format!("Innkeeper is open at {url}\n{greeting}");
    if let Some(code) = code {
        text.push_str(&format!("To set the hotel up from another machine, use the one-time code {code}\n"));
    }
    print(text.as_bytes())?;
    if config.opens_browser {
        browser::open(&url);
    }
    let is_asked = wait(&server, stop);
    log::info!("closing");
    server.stop();
    log::info!("closed");
    if is_asked {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::Plain("The network part of Innkeeper ended by itself; its log knows more. Please start it again.".to_owned()))
}

/// A panic for the log: a message put together from values may hold personal data,
/// so only those that stand in the code are written.
fn in_words(panic: &PanicHookInfo) -> String {
    let place = panic.location().map_or(String::new(), |place| format!(" at {place}"));
    let message = panic.payload().downcast_ref::<&str>().map_or(String::new(), |message| format!(": {message}"));
    format!("a panic{place}{message}")
}

/// Waits until somebody asks for the stop (true), or the doors fall shut.
fn wait(server: &Server, stop: &Receiver<()>) -> bool {
    loop {
        match stop.recv_timeout(WATCH_EVERY) {
            Err(RecvTimeoutError::Timeout) if server.is_open() => {}
            Err(RecvTimeoutError::Timeout) => return false,
            Ok(()) | Err(RecvTimeoutError::Disconnected) => return true,
        }
    }
}

/// Hears of Ctrl-C, SIGTERM and a closed console.
pub(super) fn stop_signal() -> Result<Receiver<()>, Failure> {
    let (sender, receiver) = sync_channel(1);
    let heard = move || {
        // Full = it was said already.
        let _ = sender.try_send(());
    };
    ctrlc::set_handler(heard).map_err(|error| Failure::Plain(format!("Ctrl-C cannot be listened for: {error}.")))?;
    Ok(receiver)
}

/// Eight characters that nobody misreads or guesses.
fn new_code() -> String {
    const LETTERS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    let letters: Vec<char> =
        random_bytes::<16>().iter().filter_map(|byte| LETTERS.get(usize::from(byte % 32))).map(|b| char::from(*b)).collect();
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
    if is_innkeeper(address) {
        return format!(
            "Innkeeper is open at http://{address}/ already: use that one. To open a second hotel beside it, add --listen {other}."
        );
    }
    format!("Another program uses {address} already. Close it, or open the hotel elsewhere: --listen {other}.")
}

/// Whether an Innkeeper answers there.
fn is_innkeeper(address: SocketAddr) -> bool {
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
    ask().is_ok_and(|answer| answer.contains("\"database\":") && answer.contains("\"version\":"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert!(failure.to_string().starts_with("Another program uses 127.0.0.1:"), "{failure}");
    }
}
