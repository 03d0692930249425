//! `demo`: opens a made-up hotel, made in seconds and thrown away at the end
//! unless a file is named for it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::lock::{self, Lock, Taken};
use super::progress::Progress;
use super::scratch::Scratch;
use super::serve::{Orders, ensure_files, keep_open, listen, listen_for_orders, open};
use super::{Failure, context, io_failure, log_lines, shown};
use crate::config::{Config, DataFile, Settings};
use crate::db::Db;
use crate::domain::date::{Date, Instant};
use crate::hotel::backups::place::Found;
use crate::hotel::demo::{self, DemoHashes, DemoOptions, OWNER_PASSWORD, STAFF_PASSWORD};
use crate::hotel::settings;
use crate::hotel::users::hash_secret;
use crate::http::state::EventHub;
use crate::server::tune_memory;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    hotel: Hotel,
    #[command(flatten)]
    file: DataFile,
    #[command(flatten)]
    settings: Settings,
}

const HOTEL: &str = "The hotel";

/// What hotel is made.
#[derive(Debug, clap::Args)]
struct Hotel {
    /// Rooms, 1 to 1000
    #[arg(long, help_heading = HOTEL, value_name = "N", default_value_t = 30)]
    rooms: u32,
    /// The same number makes the same hotel
    #[arg(long, help_heading = HOTEL, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The hotel's today [default: this machine's]
    #[arg(long, help_heading = HOTEL, value_name = "DATE")]
    business_date: Option<Date>,
    /// Years of history
    #[arg(long, help_heading = HOTEL, value_name = "N", default_value_t = 2)]
    years: u32,
    /// At least so many bookings, with as much history as that takes
    #[arg(long, help_heading = HOTEL, value_name = "N")]
    reservations: Option<u64>,
}

pub(super) fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    tune_memory();
    let scratch = Scratch::new().map_err(io_failure("No temporary folder could be made for the demo hotel."))?;
    let config = Config::load(&arguments.file, arguments.settings, scratch.path().join("demo.db"))?;
    log_lines::start(&config.log)?;
    ensure_files()?;
    let orders = listen_for_orders()?;
    let lock = match lock::take(&config.data_file) {
        Taken::Ours(lock) => lock,
        // Its file may be a real hotel's, which is no demo to be shown.
        Taken::Another(_) => None,
    };
    let listener = listen(config.listen)?;
    if super::found(&config)? == Found::Nothing {
        make(&config, &arguments.hotel, &orders, &scratch)?;
    }
    let result = show(&config, listener, &orders, lock.as_ref());
    drop(lock);
    drop(scratch);
    result
}

/// Opens a demo hotel's file, and no real one.
fn show(config: &Config, listener: TcpListener, orders: &Orders, lock: Option<&Lock>) -> Result<ExitCode, Failure> {
    let events = Arc::new(EventHub::default());
    let db = open(config, &events)?;
    let is_demo = db.read(&context(), settings::store::find)?.is_some_and(|property| property.is_demo);
    if !is_demo {
        let path = shown(&config.data_file);
        let what = "is no demo hotel. Leave --db out, or name a file that does not exist yet; innkeeper serve opens a real one.";
        return Err(Failure::Plain(format!("{} {what}", path.display())));
    }
    let banner = format!(
        "This is a DEMO hotel; everything in it is made up. Sign in as admin with the password {OWNER_PASSWORD}\n\
         (or as manager, reception, housekeeping or auditor with {STAFF_PASSWORD}).\n"
    );
    keep_open(config, db, events, listener, orders, lock, &banner)
}

/// Makes the hotel beside its place and puts it there once whole.
fn make(config: &Config, hotel: &Hotel, orders: &Orders, scratch: &Scratch) -> Result<(), Failure> {
    let today = || Instant::system_now().date_in(&jiff::tz::TimeZone::system());
    let options = DemoOptions {
        rooms: hotel.rooms,
        seed: hotel.seed,
        business_date: hotel.business_date.unwrap_or_else(today),
        years: hotel.years,
        reservations: hotel.reservations,
    };
    let hashes = DemoHashes { owner: hash_secret(OWNER_PASSWORD)?, staff: hash_secret(STAFF_PASSWORD)? };
    let part = with_ending(&config.data_file, ".part");
    remove(&part);
    let db = Db::open(&part, &config.database, Box::new(|_| ()))?;
    let bar = Progress::new("Making the demo hotel");
    let result = demo::generate(&db, &options, &hashes, &mut |done, of| {
        bar.tell(done, of);
        if orders.1.try_recv().is_ok() {
            // Somebody had enough: half a hotel is of no use.
            remove(&part);
            scratch.remove();
            std::process::exit(130);
        }
    });
    drop(bar);
    db.close();
    drop(db);
    let made = result.inspect_err(|_| remove(&part))?;
    log::info!("{} rooms, {} guests, {} bookings since {}", made.rooms, made.guests, made.reservations, made.first_arrival);
    let failed = io_failure(format!("{} could not be put in place.", config.data_file.display()));
    std::fs::rename(&part, &config.data_file).map_err(failed)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Removes a data file of this program's own making, with what SQLite keeps beside it.
fn remove(path: &Path) {
    for path in [path.to_owned(), with_ending(path, "-wal"), with_ending(path, "-shm")] {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                log::warn!("{} stays behind: {error}", path.display());
            }
            Ok(()) | Err(_) => {}
        }
    }
}
