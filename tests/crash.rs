//! The program killed without warning while eight desks write: what was
//! acknowledged is there, what is asked again is not done twice.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::client::PATIENCE;
use crate::support::numbers::Numbers;
use crate::support::running::{PASSWORD, program, run, stdout, text};

/// Hotels that live side by side, and how often each is killed: fifty times in all.
const HOTELS: u64 = 5;
const KILLS: u64 = 10;
const DESKS: u64 = 8;
/// The account of the bar is the first folio.
const BEERS: &str = "/api/house-accounts/1/charges";
const INVOICES: &str = "/api/folios/1/invoices";

/// The executable on a data file, until it is killed.
struct Program {
    child: Child,
    address: SocketAddr,
}

impl Program {
    fn start(file: &Path) -> Program {
        let mut command = program();
        command.args(["serve", "--listen", "127.0.0.1:0", "--log-level", "error", "--rate-limit", "0", "--no-browser", "--db"]);
        let mut child = command.arg(file).stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("its first line");
        let address = line.trim_end().trim_end_matches('/').rsplit('/').next().and_then(|a| a.parse().ok());
        Program { child, address: address.unwrap_or_else(|| panic!("its first line was {line:?}")) }
    }

    fn pid(&self) -> i32 {
        i32::try_from(self.child.id()).expect("a pid")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Fails only when it is dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that may be cut at any moment.
struct Line(BufReader<TcpStream>);

impl Line {
    fn to(address: SocketAddr) -> io::Result<Line> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Line(BufReader::new(stream)))
    }

    /// The status and the body of the answer; an error when the connection was cut before its end.
    fn post(&mut self, head: &str, path: &str, body: &Value) -> io::Result<(u16, Value)> {
        let body = body.to_string();
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{head}\r\n{body}"
        );
        self.0.get_mut().write_all(request.as_bytes())?;
        let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(cut)?;
        let mut length = 0;
        loop {
            line.clear();
            if self.0.read_line(&mut line)? == 0 {
                return Err(cut());
            }
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().unwrap_or(0),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        Ok((status, serde_json::from_slice(&body).map_err(|_| cut())?))
    }
}

/// A request, and what was answered before the line was cut.
#[derive(Clone)]
struct Asked {
    key: String,
    path: &'static str,
    body: Value,
    answer: Option<(u16, Value)>,
}

impl Asked {
    fn send(&self, line: &mut Line, token: &str) -> io::Result<(u16, Value)> {
        let head = format!("Authorization: Bearer {token}\r\nIdempotency-Key: {}\r\n", self.key);
        line.post(&head, self.path, &self.body)
    }

    fn is_booking(&self) -> bool {
        self.path == "/api/reservations"
    }
}

/// A hotel that is killed again and again.
struct Life {
    seed: u64,
    file: PathBuf,
    token: String,
    /// Everything ever asked, with its final answer.
    asked: Vec<Asked>,
    /// Requests whose answer never came though the work was done.
    done_unheard: usize,
    unheard: usize,
}

impl Life {
    fn begin(seed: u64, file: PathBuf) -> Life {
        let program = Program::start(&file);
        let mut line = Line::to(program.address).expect("a connection");
        let request = json!({
            "property_name": "Unlucky Hotel", "currency": "EUR", "time_zone": "Europe/Lisbon",
            "username": "owner", "full_name": "The owner", "password": PASSWORD,
        });
        let (_, set_up) = line.post("", "/api/setup", &request).expect("set up");
        let token = set_up["access_token"].as_str().expect("a token").to_owned();
        let head = format!("Authorization: Bearer {token}\r\n");
        for (path, body) in [
            ("/api/room-types", json!({"name": "Double", "code": "DBL", "capacity_adults": 2, "default_rate": 100})),
            ("/api/rooms/batch", json!({"room_type_id": 1, "numbers": ["1-20"]})),
            ("/api/house-accounts", json!({"name": "Bar"})),
        ] {
            assert_eq!(line.post(&head, path, &body).expect("an answer").0, 201, "{path}");
        }
        Life { seed, file, token, asked: Vec::new(), done_unheard: 0, unheard: 0 }
    }

    /// Lets eight desks write until so many answers have come, then kills the program under them.
    fn write_until_killed(&self, round: u64) -> Vec<Asked> {
        let mut program = Program::start(&self.file);
        let (pid, address) = (program.pid(), program.address);
        let last = 10 + Numbers(self.seed * 1000 + round).below(150);
        let answers = AtomicU32::new(0);
        let asked = std::thread::scope(|scope| {
            let answers = &answers;
            let desk = |desk: u64| {
                scope.spawn(move || {
                    let name = format!("{}-{round}-{desk}", self.seed);
                    let heard = || {
                        if u64::from(answers.fetch_add(1, Ordering::Relaxed)) == last {
                            // SAFETY: the child was started by this test and has not been waited for.
                            assert_eq!(unsafe { libc::kill(pid, libc::SIGKILL) }, 0);
                        }
                    };
                    self.write(address, &name, &mut Numbers(self.seed * 77 + round * 8 + desk), heard)
                })
            };
            let desks: Vec<_> = (0..DESKS).map(desk).collect();
            desks.into_iter().flat_map(|desk| desk.join().expect("a desk")).collect()
        });
        let status = program.child.wait().expect("its end");
        assert!(!status.success(), "it was killed");
        asked
    }

    /// Bookings and payments for them, beers on the account of the bar and invoices of those, as fast as they are answered, until the line is cut.
    fn write(&self, address: SocketAddr, name: &str, numbers: &mut Numbers, heard: impl Fn()) -> Vec<Asked> {
        let mut asked = Vec::new();
        let Ok(mut line) = Line::to(address) else { return asked };
        let mut booked = Vec::new();
        for n in 0.. {
            let key = format!("{name}-{n}");
            let (path, body) = match (booked.last(), numbers.below(6)) {
                (Some(id), 0 | 1) => (
                    "/api/payments",
                    json!({"reservation_id": id, "amount": 1 + numbers.below(90), "payment_method": "cash", "reference_number": key}),
                ),
                (_, 2) => (BEERS, json!({"kind": "extra", "description": key, "unit_amount": 5})),
                (_, 3) => (INVOICES, json!({"note": key, "is_issued": true})),
                _ => ("/api/reservations", booking(numbers, &key)),
            };
            let mut request = Asked { path, body, key, answer: None };
            let answer = request.send(&mut line, &self.token);
            let is_cut = answer.is_err();
            if let Ok((status, body)) = answer {
                heard();
                if request.is_booking() && status == 201 {
                    booked.push(body["id"].as_u64().expect("an id"));
                }
                request.answer = Some((status, body));
            }
            asked.push(request);
            if is_cut {
                break;
            }
        }
        asked
    }

    /// Asks again for all that was not answered and for some of what was: the answer is the first one.
    fn ask_again(&mut self, mut asked: Vec<Asked>) {
        let held = self.kept();
        let program = Program::start(&self.file);
        let mut line = Line::to(program.address).expect("a connection");
        for (at, request) in asked.iter_mut().enumerate() {
            let is_there = held.contains_key(&request.key);
            match &request.answer {
                Some((201, body)) => {
                    assert_eq!(held.get(&request.key), body["id"].as_u64().map(|id| vec![id]).as_ref(), "{}", request.key)
                }
                Some((status, body)) => assert!(*status == 409 && !is_there, "{}: {status} {body}", request.key),
                None => {
                    self.unheard += 1;
                    self.done_unheard += usize::from(is_there);
                }
            }
            if request.answer.is_none() || at % 4 == 0 {
                let again = request.send(&mut line, &self.token).expect("an answer");
                if let Some(first) = request.answer.as_ref().filter(|(status, _)| *status == 201) {
                    assert_eq!(&again, first, "{} was answered twice", request.key);
                }
                assert!(matches!(again.0, 201 | 409), "{}: {again:?}", request.key);
                request.answer = Some(again);
            }
        }
        self.asked.append(&mut asked);
    }

    /// The ids of what was asked for in the file, by the key that each carries.
    fn kept(&self) -> HashMap<String, Vec<u64>> {
        let file = Connection::open(&self.file).expect("the data file");
        let mut kept: HashMap<String, Vec<u64>> = HashMap::new();
        let sql = "SELECT notes, id FROM reservation UNION ALL SELECT reference_number, id FROM payment
            UNION ALL SELECT note, id FROM posting WHERE folio_id = 1
            UNION ALL SELECT json_extract(snapshot, '$.texts.note'), id FROM invoice WHERE number IS NOT NULL";
        let mut statement = file.prepare(sql).expect("a statement");
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).expect("rows");
        for (key, id) in rows.map(|row| row.expect("a row")) {
            kept.entry(key).or_default().push(id.unsigned_abs());
        }
        kept
    }

    /// Everything that was ever acknowledged is in the file once, and nothing else.
    fn account(&self) {
        let mut kept = self.kept();
        for request in &self.asked {
            let expected = match &request.answer {
                Some((201, body)) => body["id"].as_u64().map(|id| vec![id]),
                _ => None,
            };
            assert_eq!(kept.remove(&request.key), expected, "{}", request.key);
        }
        assert!(kept.is_empty(), "nobody asked for {kept:?}");
    }

    fn check(&self) {
        let output = run(&["check", "--db", text(&self.file)]);
        assert!(output.status.success(), "{}", stdout(&output));
    }
}

/// A night or three for a new guest, in one of twenty rooms: sometimes it is taken.
fn booking(numbers: &mut Numbers, key: &str) -> Value {
    let first = innkeeper::domain::date::Date::new(2030, 1, 1).expect("a date");
    let arrival = first.plus(i64::try_from(numbers.below(300)).expect("few")).expect("a date");
    let departure = arrival.plus(i64::try_from(1 + numbers.below(3)).expect("few")).expect("a date");
    json!({
        "guest": {"full_name": format!("Guest {key}")}, "room_id": 1 + numbers.below(20), "notes": key,
        "check_in_date": arrival, "check_out_date": departure,
    })
}

#[test]
fn killed_fifty_times_while_writing_nothing_acknowledged_is_lost_or_doubled() {
    let started = Instant::now();
    let folder = tempfile::tempdir().expect("a folder");
    let live = |hotel: u64| {
        let mut life = Life::begin(hotel + 1, folder.path().join(format!("hotel-{hotel}.db")));
        for round in 0..KILLS {
            let asked = life.write_until_killed(round);
            life.check();
            life.ask_again(asked);
        }
        life.account();
        life.check();
        life
    };
    let lives: Vec<Life> = std::thread::scope(|scope| {
        let live = &live;
        let hotels: Vec<_> = (0..HOTELS).map(|hotel| scope.spawn(move || live(hotel))).collect();
        hotels.into_iter().map(|hotel| hotel.join().expect("a hotel")).collect()
    });
    let sum = |count: &dyn Fn(&Life) -> usize| lives.iter().map(count).sum::<usize>();
    let done = |path: &'static str| {
        sum(&|life: &Life| {
            life.asked.iter().filter(|a| a.path == path && a.answer.as_ref().is_some_and(|(status, _)| *status == 201)).count()
        })
    };
    println!(
        "{} kills: {} bookings, {} payments and {} invoices kept; of {} requests cut off, {} had been done; {:.1} s",
        HOTELS * KILLS,
        done("/api/reservations"),
        done("/api/payments"),
        done(INVOICES),
        sum(&|life| life.unheard),
        sum(&|life| life.done_unheard),
        started.elapsed().as_secs_f64()
    );
}
