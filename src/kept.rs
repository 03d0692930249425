//! What is kept by key, bounded in bytes: whatever has not been asked for the longest
//! gives way. Everything that requests, names, addresses or keys leave in memory lies in
//! one of these, so that nobody makes the program grow by asking in many ways.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cached::{Cached, LruCache};

/// What an entry costs besides its key and value: its places in a table and in a list.
const PLACES: usize = 64;

/// How many bytes a key and a value hold outside of themselves.
pub type Weigh<K, V> = fn(&K, &V) -> usize;

struct Entry<V> {
    value: V,
    bytes: usize,
    until: Instant,
}

struct Shard<K, V> {
    entries: LruCache<K, Entry<V>>,
    bytes: Arc<AtomicUsize>,
}

/// A map that holds so many bytes at most, and each entry for so long at most.
pub struct Kept<K, V> {
    shards: Vec<Mutex<Shard<K, V>>>,
    /// By which a key finds its shard.
    hasher: RandomState,
    shard_limit: usize,
    keep_for: Duration,
    weigh: Weigh<K, V>,
}

impl<K: Hash + Eq + Clone, V> Kept<K, V> {
    /// Holds `limit` bytes at most; an entry that is larger than a shard's part of them is not
    /// kept at all. With no bytes nothing is.
    pub fn new(limit: usize, shards: usize, keep_for: Duration, weigh: Weigh<K, V>) -> Kept<K, V> {
        let shard = || {
            let bytes = Arc::new(AtomicUsize::new(0));
            let all = bytes.clone();
            let gives_way = move |_: &K, entry: &Entry<V>| _ = all.fetch_sub(entry.bytes, Ordering::Relaxed);
            let entries = LruCache::builder().max_size(1).on_evict(gives_way).build();
            Mutex::new(Shard { entries: entries.expect("invariant: a cache of one entry can be made"), bytes })
        };
        let shards = shards.max(1);
        Kept {
            shards: (0..shards).map(|_| shard()).collect(),
            hasher: RandomState::new(),
            shard_limit: limit / shards,
            keep_for,
            weigh,
        }
    }

    fn shard<Q: Hash + ?Sized>(&self, key: &Q) -> MutexGuard<'_, Shard<K, V>> {
        let count = self.shards.len() as u64;
        let at = usize::try_from(self.hasher.hash_one(key) % count).unwrap_or(0);
        self.shards[at].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is kept under a key.
    pub fn get<Q>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
        V: Clone,
    {
        let mut shard = self.shard(key);
        let found = shard.entries.cache_get(key)?;
        if found.until > Instant::now() {
            return Some(found.value.clone());
        }
        let _ = shard.entries.cache_remove(key);
        None
    }

    pub fn put(&self, key: K, value: V) {
        let mut shard = self.shard(&key);
        shard.put(key, value, self);
    }

    /// Changes what is kept under a key, or what `make` gives where nothing is, while nobody
    /// else does.
    pub fn change<R>(&self, key: K, make: impl FnOnce() -> V, change: impl FnOnce(&mut V) -> R) -> R {
        let mut shard = self.shard(&key);
        let found = shard.take(&key).filter(|entry| entry.until > Instant::now());
        let mut value = found.map_or_else(make, |entry| entry.value);
        let result = change(&mut value);
        shard.put(key, value, self);
        result
    }

    pub fn remove<Q>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.shard(key).take(key).map(|entry| entry.value)
    }

    pub fn len(&self) -> usize {
        self.each().map(|shard| shard.entries.cache_size()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What all entries cost together.
    pub fn bytes(&self) -> usize {
        self.each().map(|shard| shard.bytes.load(Ordering::Relaxed)).sum()
    }

    /// What they may cost at most.
    pub fn limit(&self) -> usize {
        self.shard_limit * self.shards.len()
    }

    fn each(&self) -> impl Iterator<Item = MutexGuard<'_, Shard<K, V>>> {
        self.shards.iter().map(|shard| shard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<K: Hash + Eq + Clone, V> Shard<K, V> {
    fn take<Q>(&mut self, key: &Q) -> Option<Entry<V>>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.entries.cache_remove(key)
    }

    fn put(&mut self, key: K, value: V, kept: &Kept<K, V>) {
        self.take(&key);
        let bytes = PLACES + size_of::<K>() + size_of::<Entry<V>>() + (kept.weigh)(&key, &value);
        if bytes > kept.shard_limit {
            return;
        }
        while self.bytes.load(Ordering::Relaxed) + bytes > kept.shard_limit && self.entries.cache_size() > 1 {
            self.entries.set_max_size(self.entries.cache_size() - 1);
        }
        if self.bytes.load(Ordering::Relaxed) + bytes > kept.shard_limit {
            self.entries.cache_clear_with_on_evict();
        }
        self.entries.set_max_size(self.entries.cache_size() + 1);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.entries.cache_set(key, Entry { value, bytes, until: Instant::now() + kept.keep_for });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn kept(limit: usize) -> Kept<String, Vec<u8>> {
        Kept::new(limit, 1, HOUR, |key, value| key.len() + value.len())
    }

    #[test]
    fn what_was_not_asked_for_the_longest_gives_way_before_the_bytes_are_too_many() {
        let kept = kept(10_000);
        for n in 0..1000 {
            kept.put(format!("key {n}"), vec![0; 500]);
            assert!(kept.get("key 0").is_some(), "asked for each time, after {n}");
            assert!(kept.bytes() <= kept.limit(), "{n}: {}", kept.bytes());
        }
        assert!(kept.get("key 1").is_none() && kept.get("key 999").is_some());
        assert!((10..20).contains(&kept.len()), "{}", kept.len());
    }

    #[test]
    fn bytes_are_given_back_however_an_entry_goes() {
        let kept = kept(10_000);
        let entry = |length: usize| {
            kept.put("a".to_owned(), vec![0; length]);
            kept.bytes()
        };
        assert_eq!(entry(1000) - entry(500), 500, "another value in its place");
        kept.change("a".to_owned(), Vec::new, |value| value.extend([0; 100]));
        assert_eq!(kept.get("a").map(|value| value.len()), Some(600));
        let before = kept.bytes();
        assert_eq!(entry(700) - before, 100);
        assert_eq!(entry(20_000), 0, "too large to be kept, and what stood there is old");
        kept.put("b".to_owned(), vec![0; 100]);
        kept.remove("b");
        assert_eq!((kept.bytes(), kept.len()), (0, 0));
        kept.put("c".to_owned(), vec![0; 9000]);
        kept.put("d".to_owned(), vec![0; 9000]);
        assert_eq!((kept.get("c"), kept.len()), (None, 1), "the last one gives way as well");
    }

    #[test]
    fn an_entry_is_kept_for_its_time_and_nothing_without_bytes() {
        let short: Kept<u8, u8> = Kept::new(10_000, 2, Duration::ZERO, |_, _| 0);
        short.put(1, 1);
        assert_eq!((short.get(&1), short.len(), short.bytes()), (None, 0, 0));
        let none: Kept<u8, u8> = Kept::new(0, 2, HOUR, |_, _| 0);
        none.put(1, 1);
        assert!(none.is_empty());
    }
}
