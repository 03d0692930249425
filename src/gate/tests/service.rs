//! What well-behaved clients get.

use std::io::Write;
use std::os::fd::BorrowedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use socket2::SockRef;

use super::super::{Gate, GateConfig, Inner};
use super::inside::{get, house, house_with, post, read_head, small_config};

#[test]
fn a_request_is_answered() {
    let house = house(small_config());
    assert_eq!(house.ask(&get("/hello?1")), (200, "hello 1".to_string()));
    assert_eq!(house.ask(&post("/echo", "a body")), (200, "a body".to_string()));
    assert!(house.gate.is_running());
}

#[test]
fn a_connection_serves_many_requests() {
    let house = house(small_config());
    let mut guest = house.connect();
    for number in 0..50 {
        assert_eq!(guest.get(&format!("/hello?{number}")).text(), format!("hello {number}"));
        guest.send(post("/echo", "x"));
        assert_eq!(guest.response().text(), "x");
    }
    assert_eq!(house.gate.counters().accepted, 1);
    assert_eq!(house.gate.counters().requests, 100);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let house = house(small_config());
    let mut guest = house.connect();
    let mut requests = String::new();
    for number in 0..100 {
        requests += &get(&format!("/hello?{number}"));
        requests += &post("/echo", &format!("body {number}"));
    }
    guest.send(requests);
    for number in 0..100 {
        assert_eq!(guest.response().text(), format!("hello {number}"));
        assert_eq!(guest.response().text(), format!("body {number}"));
    }
}

#[test]
fn connections_opened_at_once_are_all_answered() {
    let house = house(small_config());
    let mut guests: Vec<_> = (0..200).map(|_| house.connect()).collect();
    for (number, guest) in guests.iter_mut().enumerate().rev() {
        guest.send(get(&format!("/hello?{number}")));
    }
    for (number, guest) in guests.iter_mut().enumerate() {
        assert_eq!(guest.response().text(), format!("hello {number}"));
    }
}

#[test]
fn an_answer_does_not_wait_for_the_network_to_acknowledge() {
    let house = house(small_config());
    let mut guest = house.connect();
    assert_eq!(guest.get("/hello?1").status, 200);
    let own = guest.stream.get_ref().local_addr().unwrap();
    // The gate's end of the connection is a descriptor of this process, too.
    // SAFETY: the descriptor is only asked for options, which fails where it is none.
    let ends = (3..).map(|fd| unsafe { BorrowedFd::borrow_raw(fd) });
    let is_own = |fd: &BorrowedFd<'_>| SockRef::from(fd).peer_addr().is_ok_and(|peer| peer.as_socket() == Some(own));
    let end = ends.take(100_000).find(is_own).expect("the gate's end");
    assert!(SockRef::from(&end).tcp_nodelay().unwrap());
}

#[test]
fn a_request_may_arrive_byte_by_byte() {
    let house = house(small_config());
    let mut guest = house.connect();
    for byte in format!("\r\n{}", post("/echo", "body")).bytes() {
        guest.send([byte]);
    }
    assert_eq!(guest.response().text(), "body");
}

#[test]
fn close_is_honoured_and_http_1_0_is_closed() {
    let house = house(small_config());
    for request in [
        "GET /hello HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    ] {
        let mut guest = house.connect();
        guest.send(request);
        let answer = guest.response();
        assert_eq!(answer.status, 200);
        assert!(answer.head.contains("\r\nConnection: close\r\n"), "{}", answer.head);
        assert_eq!(guest.rest(), "");
    }
}

#[test]
fn a_client_that_stops_sending_still_gets_its_answer() {
    let house = house(small_config());
    let mut guest = house.connect();
    guest.send(get("/hello?1"));
    guest.stream.get_mut().shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(guest.response().text(), "hello 1");
    assert_eq!(guest.rest(), "");
}

#[test]
fn head_has_no_body_and_the_connection_goes_on() {
    let house = house(small_config());
    let mut guest = house.connect();
    guest.send("HEAD /hello?1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let (status, head) = guest.head();
    assert!(status == 200 && head.contains("Content-Length: 7"));
    assert_eq!(guest.get("/hello?2").text(), "hello 2");
}

#[test]
fn a_body_that_waits_for_permission_gets_it() {
    let house = house(small_config());
    let mut guest = house.connect();
    guest.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    assert_eq!(guest.head().0, 100);
    guest.send("body");
    assert_eq!(guest.response().text(), "body");
}

#[test]
fn only_the_gate_says_who_the_client_is() {
    let house = house(small_config());
    let mut guest = house.connect();
    let own = guest.stream.get_ref().local_addr().unwrap();
    guest.send("GET /headers HTTP/1.1\r\nHost: localhost\r\nx-gate-client: 1.2.3.4:5\r\n\r\n");
    assert_eq!(guest.response().text(), format!("Host: localhost\nX-Gate-Client: {own}\n"));
}

#[test]
fn large_bodies_pass_both_ways() {
    let house = house(small_config());
    let mut guest = house.connect();
    let body: String = (0..500_000).map(|number| format!("{number:07} ")).collect();
    guest.send(post("/upload", &body));
    assert!(guest.response().text() == body);
    let answer = guest.get("/big?20000000");
    assert!(answer.body.len() == 20_000_000 && answer.body.iter().all(|byte| *byte == b'x'));
    guest.send(post("/ignore", &"x".repeat(1_000_000)));
    assert_eq!(guest.response().text(), "ignored");
    assert_eq!(guest.get("/hello?1").text(), "hello 1");
    house.until(|counters| counters.request_bytes_held == 0 && counters.response_bytes_held == 0);
}

#[test]
fn the_inside_may_be_reached_over_loopback_with_a_secret() {
    let server = tiny_http::Server::http("127.0.0.1:0").unwrap();
    let address = server.server_addr().to_ip().unwrap();
    std::thread::spawn(move || {
        while let Ok(request) = server.recv() {
            let knows = request.headers().iter().any(|header| header.field.equiv("X-Gate-Secret") && header.value == "s3cret");
            let mut writer = request.into_writer();
            let _ = write!(writer, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{knows:5}").and_then(|()| writer.flush());
        }
    });
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let inner = Inner::Loopback { address, secret: "s3cret".to_string() };
    let gate = Gate::start(listener, inner, small_config(), Arc::new(|_, _| 0)).unwrap();
    let mut stream = std::net::TcpStream::connect(gate.local_address()).unwrap();
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
    let answer = std::io::read_to_string(&mut stream).unwrap();
    assert!(answer.ends_with("\r\n\r\ntrue "), "{answer}");
    gate.shutdown(Duration::ZERO);
}

#[test]
fn inner_connections_are_opened_again_after_the_inside_closed_them() {
    let house = house_with(small_config(), |stream| {
        let mut stream = std::io::BufReader::new(stream);
        // Each connection answers its proof and one request.
        for _ in 0..2 {
            if read_head(&mut stream).is_some() {
                stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
            }
        }
    });
    let mut guest = house.connect();
    for _ in 0..50 {
        let answer = guest.get("/");
        assert_eq!((answer.status, answer.text()), (200, "ok".to_string()));
    }
    assert!(house.gate.counters().inner_lost >= 45);
}

#[test]
fn a_request_that_lost_its_connection_goes_to_one_that_has_just_been_proved() {
    let house = house_with(small_config(), |stream| {
        let mut stream = std::io::BufReader::new(stream);
        // Each connection answers its proof and one request, takes another, and ends.
        for _ in 0..2 {
            if read_head(&mut stream).is_some() {
                stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
            }
        }
        read_head(&mut stream);
    });
    let mut guest = house.connect();
    for _ in 0..20 {
        // All are open, and those that have answered would take the request to their end.
        house.until(|counters| counters.inner_open == 4);
        let answer = guest.get("/");
        assert_eq!((answer.status, answer.text()), (200, "ok".to_string()));
    }
}

#[test]
fn a_request_that_lost_its_connection_takes_another_where_none_can_be_opened() {
    let opened = AtomicUsize::new(0);
    let house = house_with(small_config(), move |stream| {
        let number = opened.fetch_add(1, Ordering::Relaxed);
        let mut stream = std::io::BufReader::new(stream);
        // The last of the first four ends after its proof; no other is proved after these.
        let answers = match number {
            0..3 => usize::MAX,
            3 => 1,
            _ => 0,
        };
        for _ in 0..answers {
            if read_head(&mut stream).is_none() {
                return;
            }
            stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
        }
        read_head(&mut stream);
    });
    house.until(|counters| counters.inner_open == 4);
    let answer = house.connect().get("/");
    assert_eq!((answer.status, answer.text()), (200, "ok".to_string()));
    assert!(house.gate.counters().inner_lost >= 2);
}

#[test]
fn further_connections_go_where_the_inside_has_moved_to() {
    let serve = |stream: std::os::unix::net::UnixStream| {
        let mut stream = std::io::BufReader::new(stream);
        // Each connection answers its proof and one request.
        for _ in 0..2 {
            if read_head(&mut stream).is_some() {
                stream.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold").unwrap();
            }
        }
    };
    let house = house_with(small_config(), serve);
    let new_house = self::house(small_config());
    let mut guest = house.connect();
    assert_eq!(guest.get("/hello?").text(), "old");
    house.until(|counters| counters.inner_lost == 1 && counters.inner_open == 4);
    house.gate.move_inside(new_house.inner());
    let answers: Vec<String> = (0..8).map(|_| guest.get("/hello?").text()).collect();
    assert_eq!(answers[0], "old", "what is connected goes on");
    assert!(answers.iter().any(|answer| answer == "hello "), "{answers:?}");
}

#[test]
fn a_shutdown_lets_the_request_in_flight_finish() {
    let house = house(small_config());
    let mut idle = house.connect();
    assert_eq!(idle.get("/hello?").status, 200);
    let mut guest = house.connect();
    guest.send(get("/wait?1"));
    assert_eq!(house.arrivals.recv().unwrap(), "1");
    let gate = house.gate.clone();
    let ending = std::thread::spawn(move || gate.shutdown(Duration::from_secs(30)));
    assert_eq!(idle.rest(), "", "idle connections end at once");
    assert!(std::net::TcpStream::connect(house.gate.local_address()).is_err());
    house.door.open();
    let answer = guest.response();
    assert!(answer.head.contains("Connection: close"));
    assert_eq!(answer.text(), "waited 1");
    assert_eq!(guest.rest(), "");
    ending.join().unwrap();
    assert!(!house.gate.is_running());
}

#[test]
fn a_shutdown_does_not_wait_longer_than_its_grace() {
    let house = house(small_config());
    let mut guest = house.connect();
    guest.send(get("/wait?1"));
    house.arrivals.recv().unwrap();
    house.gate.shutdown(Duration::from_millis(50));
    assert_eq!(guest.rest(), "");
}

#[test]
fn long_work_leaves_connections_for_the_rest() {
    let long_work: super::super::LongWork = Arc::new(|_, path| path == "/wait");
    let house = house(GateConfig { inner_connections: 2, long_connections: 1, long_work, ..GateConfig::default() });
    let mut first = house.connect();
    first.send(get("/wait?1"));
    house.arrivals.recv().unwrap();
    let mut second = house.connect();
    second.send(get("/wait?2"));
    house.until(|counters| counters.queue_depth == 1);
    assert_eq!(house.ask(&get("/hello?1")), (200, "hello 1".to_string()));
    house.door.open();
    assert_eq!(first.response().text(), "waited 1");
    assert_eq!(second.response().text(), "waited 2");
}
