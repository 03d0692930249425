//! Who gives way when there is no room for all.

use std::sync::Arc;

use super::super::{GateConfig, LongWork};
use super::inside::{get, house, post, small_config};

#[test]
fn heads_that_do_not_come_on_make_room_for_new_clients() {
    let house = house(GateConfig { max_connections: 8, ..small_config() });
    let mut slow: Vec<_> = (0..8).map(|_| house.connect()).collect();
    slow.iter_mut().for_each(|guest| guest.send("GET /hello HTTP/1.1\r\nX: "));
    house.until(|counters| counters.bytes_in == 8 * 24 && counters.open == 8);
    for number in 0..20 {
        assert_eq!(house.ask(&get(&format!("/hello?{number}"))).1, format!("hello {number}"));
    }
    let counters = house.gate.counters();
    assert!(counters.refused("slow_evicted") > 0 && counters.refused("connection_limit") == 0, "{counters:?}");
}

#[test]
fn bodies_that_do_not_come_make_room_for_new_clients() {
    let house = house(GateConfig { max_connections: 8, ..small_config() });
    let mut slow: Vec<_> = (0..8).map(|_| house.connect()).collect();
    slow.iter_mut().for_each(|guest| guest.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc"));
    house.until(|counters| counters.request_bytes_held == 8 * 3);
    assert_eq!(house.ask(&get("/hello?1")).1, "hello 1");
    assert_eq!(house.refused("slow_evicted"), 1);
}

#[test]
fn uploads_that_stand_still_give_way_to_small_requests_and_large_ones_wait() {
    let house = house(GateConfig { request_budget: 1_000_000, ..small_config() });
    let mut stuck = house.connect();
    stuck.send(&post("/upload", &"x".repeat(990_000)).as_bytes()[..989_000]);
    house.until(|counters| counters.request_bytes_held > 980_000);
    let mut large = house.connect();
    large.send(post("/upload", &"x".repeat(100_000)));
    assert_eq!(large.response().status, 503, "a large one is told to come back");
    assert_eq!(house.refused("request_budget"), 1);
    assert_eq!(house.ask(&post("/echo", &"x".repeat(20_000))).0, 200);
    let told = stuck.response();
    assert!(told.status == 503 && told.head.contains("Retry-After: "), "{}", told.head);
    drop((stuck, large));
    house.until(|counters| counters.request_bytes_held == 0 && counters.open == 0);
}

#[test]
fn unfinished_heads_are_part_of_the_budget() {
    let house = house(GateConfig { request_budget: 100_000, ..small_config() });
    let mut slow: Vec<_> = (0..20).map(|_| house.connect()).collect();
    let half = format!("GET /hello HTTP/1.1\r\nX: {}", "x".repeat(15_000));
    slow.iter_mut().for_each(|guest| guest.send(&half));
    house.until(|counters| counters.refused("request_budget") == 14);
    assert!(house.gate.counters().request_bytes_held <= 100_000);
    assert_eq!(house.ask(&get("/hello?1")).1, "hello 1");
    drop(slow);
    house.until(|counters| counters.request_bytes_held == 0 && counters.open == 0);
}

#[test]
fn answers_that_nobody_takes_are_given_up_when_they_fill_the_memory() {
    let house = house(GateConfig { response_budget: 2_000_000, ..small_config() });
    let mut slow: Vec<_> = (0..40).map(|_| house.connect().read_little()).collect();
    for (number, guest) in slow.iter_mut().enumerate() {
        // Many small answers in a row would fill the system's buffers only slowly.
        guest.send(get("/big?30000000"));
        assert_eq!(house.ask(&get(&format!("/hello?{number}"))).1, format!("hello {number}"));
    }
    assert!(house.refused("response_budget") + house.refused("stalled_reader") > 0);
    // What is read in one round may come on top before somebody is cut off.
    assert!(house.gate.counters().response_bytes_held < 4_200_000, "{:?}", house.gate.counters());
}

#[test]
fn long_work_fills_a_quarter_of_the_queue_only() {
    let long_work: LongWork = Arc::new(|_, path| path == "/wait");
    let config = GateConfig { inner_connections: 2, long_connections: 1, long_work, queue_limit: 8, ..GateConfig::default() };
    let house = house(config);
    let mut long: Vec<_> = (0..4).map(|_| house.connect()).collect();
    long[0].send(get("/wait?0"));
    house.arrivals.recv().unwrap();
    for (number, guest) in long.iter_mut().enumerate().skip(1) {
        guest.send(get(&format!("/wait?{number}")));
        house.until(|counters| counters.queue_depth + counters.refused("queue_full") == number as u64);
    }
    assert_eq!(long[3].response().status, 503);
    assert_eq!(house.ask(&get("/hello?1")).1, "hello 1");
    house.door.open();
    (0..3).for_each(|number| assert_eq!(long[number].response().text(), format!("waited {number}")));
}
