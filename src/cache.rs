//! Whole answers kept in memory until a table they were read from changes.
//!
//! An entry carries the generation of its tables as it was *before* its query
//! ran; any later commit makes it a miss. The time to live is only a backstop.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::gzip;
use crate::kept::Kept;

/// A body ready to be sent, with its tag, and compressed at most once.
#[derive(Debug)]
pub struct Body {
    pub plain: Vec<u8>,
    pub etag: String,
    gzip: OnceLock<Vec<u8>>,
}

impl Body {
    pub fn new(plain: Vec<u8>) -> Body {
        let etag = etag(&plain);
        Body { plain, etag, gzip: OnceLock::new() }
    }

    /// A body that was compressed before, and better than it would be here.
    pub fn compressed(plain: Vec<u8>, gzip: Vec<u8>) -> Body {
        Body { gzip: OnceLock::from(gzip), ..Body::new(plain) }
    }

    /// Whether the compressed form is there already.
    pub fn is_packed(&self) -> bool {
        self.gzip.get().is_some()
    }

    /// The compressed form, made by the first who asks.
    pub fn gzip(&self) -> &[u8] {
        self.gzip.get_or_init(|| {
            let mut packed = gzip::compress(&self.plain);
            packed.shrink_to_fit();
            packed
        })
    }
}

/// A weak entity tag: the same for the plain and the compressed body.
pub fn etag(bytes: &[u8]) -> String {
    use std::hash::Hasher;
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write(bytes);
    format!("W/\"{:016x}{:x}\"", hasher.finish(), bytes.len())
}

#[derive(Clone)]
struct Entry {
    generation: u64,
    body: Arc<Body>,
}

/// Few answers are longer than an eighth of all that is kept: those are made each time.
const SHARDS: usize = 4;

/// The cache of answers. Keys carry the path, every parameter and the role.
pub struct Cache {
    store: Kept<Box<str>, Entry>,
    pub hits: AtomicU64,
    pub misses: AtomicU64,
}

/// A body counts twice: what it is compressed to is kept beside it, and may be as long.
fn weigh(key: &str, entry: &Entry) -> usize {
    key.len() + 2 * entry.body.plain.capacity() + entry.body.etag.len() + size_of::<Body>()
}

impl Cache {
    /// `bytes` at most, each answer for at most `ttl`; no caching at all for no bytes.
    pub fn new(bytes: usize, ttl: Duration) -> Cache {
        Cache {
            store: Kept::new(bytes, SHARDS, ttl, |key, entry| weigh(key, entry)),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// The body kept under `key`, if nothing it was read from has changed since.
    pub fn get(&self, key: &str, generation: u64) -> Option<Arc<Body>> {
        let found = self.peek(key, generation);
        let counter = if found.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        found
    }

    /// The same without counting, for who does not know yet whether it will be handed out.
    pub fn peek(&self, key: &str, generation: u64) -> Option<Arc<Body>> {
        self.store.get(key).filter(|e| e.generation == generation).map(|e| e.body)
    }

    /// Counts what was handed out after a `peek`.
    pub fn count_hit(&self) {
        self.hits.fetch_add(1, Ordering::Relaxed);
    }

    /// Keeps a body under the generation read before its query.
    pub fn put(&self, key: String, generation: u64, body: Arc<Body>) {
        self.store.put(key.into_boxed_str(), Entry { generation, body });
    }

    pub fn len(&self) -> usize {
        self.store.len()
    }

    pub fn is_empty(&self) -> bool {
        self.store.is_empty()
    }

    pub fn bytes(&self) -> usize {
        self.store.bytes()
    }

    pub fn limit(&self) -> usize {
        self.store.limit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_generation_is_a_miss() {
        let cache = Cache::new(10_000, Duration::from_secs(60));
        cache.put("k".to_owned(), 1, Arc::new(Body::new(b"one".to_vec())));
        assert_eq!(cache.get("k", 1).map(|b| b.plain.clone()), Some(b"one".to_vec()));
        assert!(cache.get("k", 2).is_none());
    }

    #[test]
    fn bodies_count_with_what_they_are_compressed_to() {
        let cache = Cache::new(64 * 1024, Duration::from_secs(60));
        for n in 0..100 {
            let body = Arc::new(Body::new(vec![b'x'; 4000]));
            body.gzip();
            cache.put(format!("k{n}"), 1, body);
        }
        assert!(cache.bytes() <= cache.limit() && cache.len() <= 8, "{} in {}", cache.len(), cache.bytes());
    }

    #[test]
    fn equal_bodies_have_equal_tags() {
        assert_eq!(etag(b"abc"), etag(b"abc"));
        assert_ne!(etag(b"abc"), etag(b"abd"));
    }
}
