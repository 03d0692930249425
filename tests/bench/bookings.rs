//! The writer's own ceiling: bookings made and read back in this process, without
//! HTTP, a transaction each, from as many threads as clients would be.
//!
//!     cargo run --profile shipped --example bookings -- COPY_OF_A_DEMO_FILE [SECONDS]
//!
//! Prints bookings a second, their latencies, the processor time of the writer's
//! thread for one, how many share a commit, and what one sync of this disk takes.
//! It measures and never judges.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use innkeeper::db::{Context, Db, Options};
use innkeeper::domain::actor::Actor;
use innkeeper::domain::date::{self, Date};
use innkeeper::domain::id::{GuestId, RoomId};
use innkeeper::domain::status::ReservationStatus;
use innkeeper::domain::stay::StayDates;
use innkeeper::hotel::reservations::People;
use innkeeper::hotel::reservations::booking::{ForGuest, NewBooking, Party, Price, book};
use innkeeper::hotel::reservations::details::Details;
use innkeeper::hotel::reservations::restricted::Selling;
use innkeeper::hotel::reservations::view::detail;
use innkeeper::hotel::settings;

/// Rooms of the demo hotel, each booked a night at a time.
const ROOMS: i64 = 100;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let data = arguments.next().expect("the first argument is a data file that may be changed");
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(3);
    let path = Path::new(&data);
    let sync = sync_micros(path);
    println!("a sync of 16 KB on this disk: {sync} µs in the middle");
    let db = Arc::new(Db::open(path, &Options::default(), Box::new(|_| {})).expect("the file is a hotel's"));
    let next = Arc::new(AtomicI64::new(0));
    println!("{:>8}{:>14}{:>9}{:>9}{:>16}{:>15}", "threads", "bookings/s", "p50 ms", "p99 ms", "writer µs each", "each commit");
    for threads in [1, 16, 64] {
        measure(&db, &next, threads, Duration::from_secs(seconds));
    }
    db.close();
}

fn measure(db: &Arc<Db>, next: &Arc<AtomicI64>, threads: usize, length: Duration) {
    let commits = || db.statistics().commits.load(Ordering::Relaxed);
    let (commits_before, cpu_before, begun) = (commits(), writer_micros(), Instant::now());
    let clients: Vec<_> = (0..threads)
        .map(|_| {
            let (db, next) = (db.clone(), next.clone());
            std::thread::spawn(move || {
                let mut latencies = Vec::new();
                while begun.elapsed() < length {
                    let asked = Instant::now();
                    one(&db, next.fetch_add(1, Ordering::Relaxed));
                    latencies.push(asked.elapsed());
                }
                latencies
            })
        })
        .collect();
    let mut latencies: Vec<Duration> = clients.into_iter().flat_map(|c| c.join().expect("a client books to the end")).collect();
    let took = begun.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let count = latencies.len();
    let at = |percent: usize| latencies[(count * percent / 100).min(count - 1)].as_secs_f64() * 1000.0;
    println!(
        "{threads:>8}{:>14.0}{:>9.2}{:>9.2}{:>16.1}{:>15.1}",
        count as f64 / took,
        at(50),
        at(99),
        (writer_micros() - cpu_before) as f64 / count as f64,
        count as f64 / (commits() - commits_before) as f64,
    );
}

/// A booking as a request makes it, with the answer that it gets.
fn one(db: &Db, number: i64) {
    let context = Context { actor: Actor::program("bench"), now: date::Instant::system_now() };
    db.write(context, move |tx| {
        let property = settings::property(tx)?;
        let today = property.business_date;
        let night = today.plus(2000 + number / ROOMS).unwrap_or(today);
        let made = book(tx, &property, booking(number, night))?;
        detail(tx, made)
    })
    .expect("every room is free on every one of these nights");
}

fn booking(number: i64, night: Date) -> NewBooking {
    NewBooking {
        guest: ForGuest::Known(GuestId(number % 1000 + 1)),
        room_id: Some(RoomId(number % ROOMS + 1)),
        room_type_id: None,
        stay: StayDates::new(night, night.next()).expect("one night is a stay"),
        adults: 1,
        children: 0,
        rate_plan_id: None,
        promo_code: None,
        price: Price::Quoted,
        source: None,
        notes: String::new(),
        special_requests: String::new(),
        details: Details::default(),
        status: ReservationStatus::Confirmed,
        parts: Vec::new(),
        party: Party::None,
        people: People::Fitting,
        selling: Selling::AsRestricted,
        reason: None,
    }
}

/// What the disk takes to make 16 KB at a file's end durable.
fn sync_micros(data: &Path) -> u128 {
    let place = data.with_extension("sync");
    let mut file = File::create(&place).expect("a file beside the data file");
    let mut times: Vec<u128> = (0..200)
        .map(|_| {
            file.write_all(&[0; 16 * 1024]).expect("room on the disk");
            let begun = Instant::now();
            file.sync_data().expect("a disk that syncs");
            begun.elapsed().as_micros()
        })
        .collect();
    std::fs::remove_file(&place).expect("the file is ours");
    times.sort_unstable();
    times[times.len() / 2]
}

/// Processor time of the thread named "writer" so far. Linux only.
fn writer_micros() -> u64 {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux");
    for task in tasks.flatten() {
        let read = |name: &str| std::fs::read_to_string(task.path().join(name)).unwrap_or_default();
        if read("comm").trim() == "writer" {
            // The first field of schedstat is the time on a processor in nanoseconds.
            return read("schedstat").split(' ').next().and_then(|ns| ns.parse::<u64>().ok()).unwrap_or(0) / 1000;
        }
    }
    0
}
