//! Many clients at once that do whatever comes to their mind.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::super::GateConfig;
use super::inside::{get, house, post};

/// A small generator of numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn misbehave(address: std::net::SocketAddr, dice: &mut Dice) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_millis(20)))?;
    let mut buffer = [0; 5000];
    for _ in 0..dice.roll(6) {
        let number = dice.roll(3_000_000);
        let request = match dice.roll(8) {
            0 => get("/hello?").repeat(dice.roll(20) as usize),
            1 => get(&format!("/big?{number}")),
            2 => post("/echo", &"x".repeat(number as usize % 20_000)),
            3 => post("/ignore", &"x".repeat(number as usize % 900_000)),
            4 => get("/stream?k"),
            5 => "HEAD /big?5000 HTTP/1.1\r\nHost: localhost\r\n\r\n".to_string(),
            6 => format!("GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: {number}\r\n\r\n"),
            _ => post("/echo", "abc").replace("Content-Length: 3", "Content-Length: 03, 3"),
        };
        let part = if dice.roll(4) == 0 { dice.roll(request.len() as u64 + 1) as usize } else { request.len() };
        stream.write_all(&request.as_bytes()[..part])?;
        match dice.roll(6) {
            0 => stream.shutdown(Shutdown::Write)?,
            1 => return Ok(()),
            2 => {}
            _ => {
                let mut left = dice.roll(100_000) as usize;
                while left > 0 {
                    match stream.read(&mut buffer) {
                        Ok(count) if count > 0 => left = left.saturating_sub(count),
                        _ => break,
                    }
                }
            }
        }
    }
    Ok(())
}

#[test]
fn a_crowd_of_erratic_clients_leaves_nothing_behind() {
    let house = house(GateConfig {
        inner_connections: 3,
        queue_limit: 8,
        response_whole: 300_000,
        response_budget: 2_000_000,
        request_budget: 1_000_000,
        head_timeout: Duration::from_millis(40),
        body_timeout: Duration::from_millis(60),
        idle_timeout: Duration::from_millis(100),
        write_timeout: Duration::from_millis(50),
        stall_timeout: Duration::from_millis(15),
        queue_timeout: Duration::from_millis(200),
        ping_interval: Duration::from_millis(25),
        max_connections: 40,
        max_streams: 5,
        ..GateConfig::default()
    });
    let address = house.gate.local_address();
    let crowd: Vec<_> = (1..=12)
        .map(|seed| {
            let gate = house.gate.clone();
            std::thread::spawn(move || {
                let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ seed);
                for _ in 0..40 {
                    // Being cut off in the middle is what many of these deserve.
                    let _ = misbehave(address, &mut dice);
                    gate.publish("tick", &"x".repeat(dice.roll(30_000) as usize));
                    if dice.roll(10) == 0 {
                        gate.close_streams("k");
                    }
                }
            })
        })
        .collect();
    crowd.into_iter().for_each(|client| client.join().unwrap());
    house.until(|counters| counters.open == 0 && counters.inner_busy == 0);
    assert_eq!(house.ask_until_answered(&get("/hello?1")).0, "hello 1");
    house.until(|counters| counters.open == 0 && counters.inner_open == 3 && counters.inner_busy == 0);
    let counters = house.gate.counters();
    assert_eq!((counters.request_bytes_held, counters.response_bytes_held), (0, 0));
    assert_eq!((counters.streams_open, counters.queue_depth), (0, 0));
    assert!(house.gate.is_running());
}
