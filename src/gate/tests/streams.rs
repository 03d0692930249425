//! Event streams held by the gate.

use std::time::Duration;

use super::super::GateConfig;
use super::inside::{Guest, House, get, house, small_config};

fn open(house: &House, key: &str) -> Guest {
    let mut guest = house.connect();
    guest.send(get(&format!("/stream?{key}")));
    let (status, head) = guest.head();
    assert_eq!(status, 200);
    assert!(head.contains("\r\nContent-Type: text/event-stream\r\nConnection: close\r\n"), "{head}");
    assert!(!head.contains("X-Gate") && !head.contains("Content-Length"), "{head}");
    assert_eq!(guest.event(), "event: hello\ndata: 1\n\n");
    guest
}

#[test]
fn a_stream_receives_what_is_published_and_holds_no_inner_connection() {
    let house = house(small_config());
    let mut streams: Vec<_> = (0..20).map(|_| open(&house, "k")).collect();
    house.until(|counters| counters.streams_open == 20 && counters.inner_busy == 0);
    assert_eq!(house.ask(&get("/hello?1")).1, "hello 1");
    house.gate.publish("room", "{\"id\":7}");
    house.gate.publish("note", "two\nlines");
    for stream in &mut streams {
        assert_eq!(stream.event(), "event: room\ndata: {\"id\":7}\n\n");
        assert_eq!(stream.event(), "event: note\ndata: two\ndata: lines\n\n");
    }
    drop(streams);
    house.until(|counters| counters.streams_open == 0);
}

#[test]
fn the_streams_of_a_key_can_be_ended() {
    let house = house(small_config());
    let mut ended = open(&house, "ann");
    let mut kept = open(&house, "ben");
    house.until(|counters| counters.streams_open == 2);
    house.gate.publish("last", "");
    house.gate.close_streams("ann");
    house.gate.publish("next", "");
    assert_eq!(ended.rest(), "event: last\ndata: \n\n");
    assert_eq!(kept.event(), "event: last\ndata: \n\n");
    assert_eq!(kept.event(), "event: next\ndata: \n\n");
}

#[test]
fn a_stream_whose_key_was_ended_while_its_answer_was_made_ends_at_once() {
    let house = house(small_config());
    let mut guest = house.connect();
    guest.send(get("/late?ann"));
    assert_eq!(house.arrivals.recv().unwrap(), "ann");
    house.gate.close_streams("ann");
    house.door.open();
    assert!(guest.rest().ends_with("event: hello\ndata: 1\n\n"));
    let mut other = open(&house, "ben");
    house.gate.publish("next", "");
    assert_eq!(other.event(), "event: next\ndata: \n\n");
}

#[test]
fn a_quiet_stream_gets_comments() {
    let house = house(GateConfig { ping_interval: Duration::from_millis(30), ..small_config() });
    let mut stream = open(&house, "k");
    assert_eq!(stream.message(), ": ping\n\n");
    assert_eq!(stream.message(), ": ping\n\n");
}

#[test]
fn a_stream_that_is_never_read_is_closed_and_the_others_go_on() {
    let house = house(small_config());
    let mut reader = open(&house, "k");
    let mut sleeper = open(&house, "k").read_little();
    house.until(|counters| counters.streams_open == 2);
    let data = "x".repeat(50_000);
    // The system holds some megabytes for a connection before it says no.
    for _ in 0..500 {
        house.gate.publish("bulk", &data);
        assert_eq!(reader.event().len(), data.len() + 20);
    }
    assert_eq!(house.refused("stream_behind"), 1);
    assert!(sleeper.rest().len() < 400 * data.len());
    house.gate.publish("end", "");
    assert_eq!(reader.event(), "event: end\ndata: \n\n");
}

#[test]
fn a_stream_that_takes_nothing_between_two_comments_is_closed() {
    let house = house(GateConfig { ping_interval: Duration::from_millis(50), stream_limit: 64 * 1024 * 1024, ..small_config() });
    let mut sleeper = open(&house, "k").read_little();
    house.until(|counters| counters.streams_open == 1);
    let data = "x".repeat(1_000_000);
    for _ in 0..20 {
        house.gate.publish("bulk", &data);
    }
    house.until(|counters| counters.streams_open == 0);
    assert_eq!(house.refused("stream_behind"), 1);
    sleeper.rest();
}

#[test]
fn streams_beyond_their_number_are_refused() {
    let house = house(GateConfig { max_streams: 1, ..small_config() });
    let _first = open(&house, "k");
    let mut second = house.connect();
    assert_eq!(second.get("/stream?k").status, 503);
    assert_eq!(second.get("/hello?1").text(), "hello 1");
}

#[test]
fn one_owner_takes_no_more_than_a_few_streams_from_the_others() {
    let house = house(GateConfig { max_streams_per_owner: 2, ..small_config() });
    let streams = [
        open(&house, "a@ann"),
        open(&house, "b@ann"),
        open(&house, "c@ben"),
        open(&house, "d"),
        open(&house, "e"),
        open(&house, "f"),
    ];
    let mut another = house.connect();
    assert_eq!(another.get("/stream?g@ann").status, 503);
    assert_eq!(house.refused("stream_limit"), 1);
    let _second = open(&house, "h@ben");
    let [first, ..] = streams;
    drop(first);
    house.until(|counters| counters.streams_open == 6);
    let _again = open(&house, "i@ann");
}

#[test]
fn a_shutdown_ends_the_streams() {
    let house = house(small_config());
    let mut stream = open(&house, "k");
    house.gate.shutdown(Duration::from_secs(30));
    assert_eq!(stream.rest(), "");
}
