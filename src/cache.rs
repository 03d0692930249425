//! Whole answers kept in memory until a table they were read from changes.
//!
//! An entry carries the generation of its tables as it was *before* its query
//! ran; any later commit makes it a miss. The time to live is only a backstop.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use cached::ShardedLruTtlCache;

use crate::gzip;

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

    /// The compressed form, made by the first who asks.
    pub fn gzip(&self) -> &[u8] {
        self.gzip.get_or_init(|| gzip::compress(&self.plain))
    }
}

/// A weak entity tag: the same for the plain and the compressed body.
pub fn etag(bytes: &[u8]) -> String {
    use std::hash::Hasher;
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write(bytes);
    format!("W/\"{:016x}{:x}\"", hasher.finish(), bytes.len())
}

#[derive(Debug, Clone)]
struct Entry {
    generation: u64,
    body: Arc<Body>,
}

/// The cache of answers. Keys carry the path, every parameter and the role.
#[derive(Debug)]
pub struct Cache {
    store: Option<ShardedLruTtlCache<String, Entry>>,
    pub hits: AtomicU64,
    pub misses: AtomicU64,
}

impl Cache {
    /// `entries` at most, each for at most `ttl`; no caching at all for zero entries.
    pub fn new(entries: usize, ttl: Duration) -> Cache {
        let store =
            (entries > 0).then(|| ShardedLruTtlCache::builder().max_size(entries).shards(8).ttl(ttl).build().ok()).flatten();
        Cache { store, hits: AtomicU64::new(0), misses: AtomicU64::new(0) }
    }

    /// The body kept under `key`, if nothing it was read from has changed since.
    pub fn get(&self, key: &String, generation: u64) -> Option<Arc<Body>> {
        let found = self.store.as_ref().and_then(|s| s.get(key)).filter(|e| e.generation == generation);
        let counter = if found.is_some() { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
        found.map(|e| e.body)
    }

    /// Keeps a body under the generation read before its query.
    pub fn put(&self, key: String, generation: u64, body: Arc<Body>) {
        if let Some(store) = &self.store {
            store.set(key, Entry { generation, body });
        }
    }

    pub fn len(&self) -> usize {
        self.store.as_ref().map_or(0, ShardedLruTtlCache::len)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_generation_is_a_miss() {
        let cache = Cache::new(8, Duration::from_secs(60));
        let key = "k".to_owned();
        cache.put(key.clone(), 1, Arc::new(Body::new(b"one".to_vec())));
        assert_eq!(cache.get(&key, 1).map(|b| b.plain.clone()), Some(b"one".to_vec()));
        assert!(cache.get(&key, 2).is_none());
    }

    #[test]
    fn equal_bodies_have_equal_tags() {
        assert_eq!(etag(b"abc"), etag(b"abc"));
        assert_ne!(etag(b"abc"), etag(b"abd"));
    }
}
