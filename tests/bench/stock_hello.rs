//! What the gate is measured against: tiny_http as it comes, answering a fixed
//! body of as many bytes as its argument says. Prints its address.

use std::sync::Arc;

use tiny_http::{Response, Server};

const WORKERS: usize = 8;

fn main() {
    let length = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(2048);
    let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
    println!("http://{}/", server.server_addr());
    let work = move |server: Arc<Server>| {
        let body = vec![b'x'; length];
        while let Ok(request) = server.recv() {
            // A client that has gone is no concern of a measurement.
            let _ = request.respond(Response::from_data(body.clone()));
        }
    };
    let threads: Vec<_> = (0..WORKERS)
        .map(|_| {
            let server = server.clone();
            std::thread::spawn(move || work(server))
        })
        .collect();
    for thread in threads {
        thread.join().expect("a worker ends only with the process");
    }
}
