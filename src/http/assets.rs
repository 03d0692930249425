//! The web UI inside the executable, served so that a browser fetches each file once.
//!
//! Files are served under `/assets/<hash of the whole tree>/…` and may be kept
//! for ever; the page itself is checked each time.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;
use std::sync::{Arc, OnceLock};

use flate2::read::GzDecoder;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::idempotency::hex;
use super::problem;
use super::request::Request;
use super::response::{Payload, Response};
use crate::cache::Body;
use crate::domain::wording::text;

/// What goes into the executable, as `packaging/build/pages.rs` laid it down.
#[cfg(not(debug_assertions))]
#[derive(RustEmbed)]
#[folder = "$OUT_DIR/static/"]
struct Shipped;

/// What the packages ship, where somebody has it made by `packaging/pages`.
#[cfg(debug_assertions)]
#[derive(RustEmbed)]
#[folder = "target/pages/"]
#[allow_missing = true]
struct Shipped;

/// What people write, read from the disk at each start of a debug build.
#[cfg(debug_assertions)]
#[derive(RustEmbed)]
#[folder = "static/"]
struct Written;

/// Lets a debug build serve what is shipped, so that tests see the same bytes as the packages' users.
#[cfg(debug_assertions)]
const SERVE_SHIPPED: &str = "INNKEEPER_SHIPPED_PAGES";

const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

struct Tree {
    hash: String,
    files: HashMap<String, (&'static str, Arc<Body>)>,
    page: Option<Arc<Body>>,
}

static TREE: OnceLock<Tree> = OnceLock::new();

fn tree() -> &'static Tree {
    TREE.get_or_init(load)
}

fn contents_of<T: RustEmbed>() -> Vec<(String, Vec<u8>)> {
    let mut names: Vec<Cow<'static, str>> = T::iter().collect();
    names.sort();
    names.iter().filter_map(|n| T::get(n).map(|f| (n.to_string(), f.data.into_owned()))).collect()
}

#[cfg(debug_assertions)]
fn contents() -> Vec<(String, Vec<u8>)> {
    if std::env::var_os(SERVE_SHIPPED).is_some() { contents_of::<Shipped>() } else { contents_of::<Written>() }
}

#[cfg(not(debug_assertions))]
fn contents() -> Vec<(String, Vec<u8>)> {
    contents_of::<Shipped>()
}

fn load() -> Tree {
    let contents = contents();
    let mut hasher = Sha256::new();
    for (name, bytes) in &contents {
        hasher.update(name.as_bytes());
        hasher.update(bytes);
    }
    let hash = hex(&hasher.finalize()[..8]);
    let page = contents.iter().find(|(name, _)| name == "index.html").map(|(_, bytes)| {
        let text = String::from_utf8_lossy(bytes).replace("@hash@", &hash);
        let page = Body::new(text.into_bytes());
        page.gzip();
        Arc::new(page)
    });
    let files = contents.into_iter().map(|(name, bytes)| servable(name, bytes)).collect();
    Tree { hash, files, page }
}

/// A file under the name by which a page asks for it: what is shipped compressed is opened here, for those
/// who take it only plain.
fn servable(name: String, bytes: Vec<u8>) -> (String, (&'static str, Arc<Body>)) {
    let (name, body) = match name.strip_suffix(".gz") {
        Some(inner) => {
            let mut plain = Vec::new();
            GzDecoder::new(bytes.as_slice()).read_to_end(&mut plain).expect("invariant: the build compressed it");
            (inner.to_owned(), Body::compressed(plain, bytes))
        }
        None => (name, Body::new(bytes)),
    };
    let media_type = media_type(&name);
    (name, (media_type, Arc::new(body)))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// Whether they are opened: the first who asks has to wait for that.
pub fn are_open() -> bool {
    TREE.get().is_some()
}

/// A file of the UI, or the page for every other path.
pub fn serve(request: &Request) -> Response {
    if !request.method.is_safe() {
        return problem::plain(405, "method-not-allowed", &text!("This address takes GET, HEAD only."), request.language())
            .header("Allow", "GET, HEAD");
    }
    if let Some(rest) = request.path.strip_prefix("/assets/") {
        return asset(request, rest);
    }
    if request.path == "/favicon.ico" {
        return file(request, "icon.svg", "public, max-age=86400");
    }
    match &tree().page {
        Some(page) => {
            body(request, "text/html; charset=utf-8", page.clone(), "no-cache").header("Content-Security-Policy", POLICY)
        }
        None => problem::plain(404, "not-found", &text!("This Innkeeper was built without its pages."), request.language()),
    }
}

fn asset(request: &Request, rest: &str) -> Response {
    match rest.split_once('/') {
        Some((hash, name)) if hash == tree().hash => file(request, name, "public, max-age=31536000, immutable"),
        // An open tab of an older version: the same file, but not to be kept.
        Some((_, name)) => file(request, name, "no-store"),
        None => problem::plain(404, "not-found", &text!("There is nothing at this address."), request.language()),
    }
}

fn file(request: &Request, name: &str, cache_control: &'static str) -> Response {
    match tree().files.get(name) {
        Some((media_type, bytes)) => body(request, media_type, bytes.clone(), cache_control),
        None => problem::plain(404, "not-found", &text!("There is nothing at this address."), request.language()),
    }
}

fn body(request: &Request, media_type: &'static str, body: Arc<Body>, cache_control: &'static str) -> Response {
    let response = Response::new(200)
        .header("ETag", body.etag.clone())
        .header("Cache-Control", cache_control)
        .header("Vary", "Accept-Encoding");
    if request.header("if-none-match") == Some(body.etag.as_str()) {
        return Response { status: 304, ..response };
    }
    // Kept for good and made once, so that even a few hundred bytes are worth it.
    let worth_it = (media_type.starts_with("text/") || media_type.contains("svg")) && body.gzip().len() < body.plain.len();
    let payload = if worth_it && request.accepts_gzip() { Payload::Gzip(body) } else { Payload::Plain(body) };
    response.with(media_type, payload)
}
