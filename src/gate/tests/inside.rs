//! What stands behind the gate in its tests, and what stands before it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use super::super::{Gate, GateConfig, Inner};

const WORKERS: usize = 4;

/// Long enough for the slowest machine; no test waits for it when all is well.
const PATIENCE: Duration = Duration::from_secs(30);

/// A door that requests to `/wait` stand before until a test opens it.
#[derive(Default)]
pub struct Door {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Door {
    fn pass(&self) {
        let open = self.open.lock().unwrap();
        drop(self.opened.wait_while(open, |open| !*open).unwrap());
    }

    pub fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }
}

/// A gate with a server of four workers behind it.
pub struct House {
    pub gate: Gate,
    pub door: Arc<Door>,
    pub arrivals: Receiver<String>,
    path: PathBuf,
}

impl Drop for House {
    fn drop(&mut self) {
        self.door.open();
        self.gate.shutdown(Duration::ZERO);
        let _ = std::fs::remove_file(&self.path);
    }
}

pub fn socket_path() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("gate-test-{}-{number}", std::process::id()))
}

pub fn small_config() -> GateConfig {
    GateConfig { inner_connections: 4, ..GateConfig::default() }
}

fn start(path: PathBuf, config: GateConfig, door: Arc<Door>, arrivals: Receiver<String>) -> House {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let limit = Arc::new(|_: &str, path: &str| if path == "/upload" { 8 << 20 } else { 1 << 20 });
    let gate = Gate::start(listener, Inner::Unix(path.clone()), config, limit).unwrap();
    House { gate, door, arrivals, path }
}

/// A gate before a real server.
pub fn house(config: GateConfig) -> House {
    let path = socket_path();
    let server = Arc::new(tiny_http::Server::http_unix(&path).unwrap());
    let door = Arc::new(Door::default());
    let (sender, arrivals) = channel();
    for _ in 0..WORKERS {
        let (server, door, sender) = (Arc::clone(&server), Arc::clone(&door), sender.clone());
        std::thread::spawn(move || {
            while let Ok(request) = server.recv() {
                answer(request, &door, &sender);
            }
        });
    }
    start(path, config, door, arrivals)
}

/// A gate before a server that does with each connection what the test wants.
pub fn house_with(config: GateConfig, serve: impl Fn(UnixStream) + Send + Sync + 'static) -> House {
    let path = socket_path();
    let listener = UnixListener::bind(&path).unwrap();
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let serve = Arc::clone(&serve);
            std::thread::spawn(move || serve(stream));
        }
    });
    start(path, config, Arc::default(), channel().1)
}

/// Reads one head without body from the gate. None at its end.
pub fn read_head(stream: &mut BufReader<UnixStream>) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).unwrap_or(0) == 0 {
            return None;
        }
    }
    Some(head)
}

fn answer(mut request: tiny_http::Request, door: &Door, arrivals: &Sender<String>) {
    let url = request.url().to_string();
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let mut extra = String::new();
    let body = match path {
        "/wait" => {
            let _ = arrivals.send(query.to_string());
            door.pass();
            format!("waited {query}").into_bytes()
        }
        "/headers" => {
            let lines = request.headers().iter().map(|header| format!("{header}\n"));
            lines.collect::<String>().into_bytes()
        }
        "/echo" | "/upload" => {
            let mut body = Vec::new();
            request.as_reader().read_to_end(&mut body).unwrap();
            body
        }
        "/ignore" => b"ignored".to_vec(),
        "/big" => vec![b'x'; query.parse().unwrap()],
        "/stream" | "/late" => {
            if path == "/late" {
                let _ = arrivals.send(query.to_string());
                door.pass();
            }
            let (key, owner) = query.split_once('@').unwrap_or((query, ""));
            extra = format!("X-Gate-Stream: 1\r\nX-Gate-Stream-Key: {key}\r\n");
            if !owner.is_empty() {
                extra += &format!("X-Gate-Stream-Owner: {owner}\r\n");
            }
            b"event: hello\ndata: 1\n\n".to_vec()
        }
        _ => format!("hello {query}").into_bytes(),
    };
    let mut response = format!("HTTP/1.1 200 OK\r\n{extra}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    if *request.method() != tiny_http::Method::Head {
        response.extend_from_slice(&body);
    }
    let mut writer = request.into_writer();
    // The gate may have given up on this connection, which a test may want.
    let _ = writer.write_all(&response).and_then(|()| writer.flush());
}

impl House {
    /// Where its server listens.
    pub fn inner(&self) -> Inner {
        Inner::Unix(self.path.clone())
    }

    pub fn connect(&self) -> Guest {
        let stream = TcpStream::connect(self.gate.local_address()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Guest { stream: BufReader::new(stream) }
    }

    /// The same for a house with deadlines that a slow machine may miss: asks anew, on
    /// another connection, until it is answered with 200.
    pub fn ask_until_answered(&self, request: &str) -> (String, Guest) {
        let begun = Instant::now();
        loop {
            let mut guest = self.connect();
            let is_sent = guest.stream.get_mut().write_all(request.as_bytes()).is_ok();
            if is_sent
                && let Some(response) = guest.try_response()
                && response.status == 200
            {
                return (response.text(), guest);
            }
            assert!(begun.elapsed() < PATIENCE, "{:?}", self.gate.counters());
        }
    }

    /// One request on a connection of its own: the status and the body.
    pub fn ask(&self, request: &str) -> (u16, String) {
        let mut guest = self.connect();
        guest.send(request);
        let response = guest.response();
        (response.status, response.text())
    }

    pub fn refused(&self, reason: &str) -> u64 {
        self.gate.counters().refused(reason)
    }

    /// Waits until a counter that another thread moves has come to where it must.
    pub fn until(&self, what: impl Fn(&super::super::CountersSnapshot) -> bool) {
        let begun = Instant::now();
        while !what(&self.gate.counters()) {
            assert!(begun.elapsed() < PATIENCE, "{:?}", self.gate.counters());
            std::thread::yield_now();
        }
    }
}

/// A client.
pub struct Guest {
    pub stream: BufReader<TcpStream>,
}

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(self) -> String {
        String::from_utf8(self.body).unwrap()
    }
}

impl Guest {
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.get_mut().write_all(bytes.as_ref()).unwrap();
    }

    pub fn get(&mut self, target: &str) -> Answer {
        self.send(get(target));
        self.response()
    }

    /// Asks for a window so small that hardly anything can be on its way, however much
    /// the machine would hold for a connection. It still takes a packet of the loopback
    /// (64 KiB) whole: below that each one waits for a timer, and `rest` for minutes.
    pub fn read_little(self) -> Guest {
        socket2::SockRef::from(self.stream.get_ref()).set_recv_buffer_size(128 * 1024).unwrap();
        self
    }

    pub fn head(&mut self) -> (u16, String) {
        self.try_head().expect("the connection goes on to the end of the head")
    }

    pub fn response(&mut self) -> Answer {
        self.try_response().expect("the connection goes on to the end of the answer")
    }

    /// None where the connection ends before it.
    fn try_head(&mut self) -> Option<(u16, String)> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Some((status, head))
    }

    fn try_response(&mut self) -> Option<Answer> {
        let (status, head) = self.try_head()?;
        let lower = head.to_ascii_lowercase();
        let length = lower.split("content-length: ").nth(1).map_or(0, |rest| rest.split('\r').next().unwrap().parse().unwrap());
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        Some(Answer { status, head, body })
    }

    /// Everything up to the end of the connection; a reset is an end, too.
    pub fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        let _ = self.stream.read_to_end(&mut rest);
        String::from_utf8(rest).unwrap()
    }

    /// The next event; a slow machine gets comments before it.
    pub fn event(&mut self) -> String {
        loop {
            let message = self.message();
            if !message.starts_with(':') {
                return message;
            }
        }
    }

    /// Reads lines up to and with an empty one.
    pub fn message(&mut self) -> String {
        let mut message = String::new();
        while !message.ends_with("\n\n") {
            assert!(self.stream.read_line(&mut message).unwrap() > 0, "the stream ended");
        }
        message
    }
}

pub fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

pub fn post(target: &str, body: &str) -> String {
    format!("POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}
