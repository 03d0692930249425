//! Where the open client connections live. A key names one connection for ever:
//! its slot may be used again, its key is not.

use super::connection::Client;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    index: u32,
    generation: u32,
}

impl Key {
    pub(super) fn index(self) -> usize {
        self.index as usize
    }
}

#[derive(Default)]
struct Slot {
    generation: u32,
    client: Option<Box<Client>>,
}

#[derive(Default)]
pub(super) struct Slab {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

impl Slab {
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// The number of slots ever used; indexes are below it.
    pub(super) fn span(&self) -> usize {
        self.slots.len()
    }

    /// The slot that the next insertion uses, needed to register a socket first.
    pub(super) fn next_index(&self) -> usize {
        self.free.last().map_or(self.slots.len(), |index| *index as usize)
    }

    pub(super) fn insert(&mut self, client: Client) -> Key {
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            (self.slots.len() - 1) as u32
        });
        let slot = &mut self.slots[index as usize];
        slot.client = Some(Box::new(client));
        Key { index, generation: slot.generation }
    }

    pub(super) fn remove(&mut self, key: Key) -> Option<Box<Client>> {
        let slot = self.slots.get_mut(key.index())?;
        if slot.generation != key.generation {
            return None;
        }
        let client = slot.client.take()?;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(key.index);
        Some(client)
    }

    pub(super) fn get(&self, key: Key) -> Option<&Client> {
        let slot = self.slots.get(key.index())?;
        if slot.generation == key.generation { slot.client.as_deref() } else { None }
    }

    pub(super) fn get_mut(&mut self, key: Key) -> Option<&mut Client> {
        let slot = self.slots.get_mut(key.index())?;
        if slot.generation == key.generation { slot.client.as_deref_mut() } else { None }
    }

    /// The key of the connection that is in a slot now.
    pub(super) fn key_at(&self, index: usize) -> Option<Key> {
        let slot = self.slots.get(index)?;
        slot.client.as_ref()?;
        Some(Key { index: index as u32, generation: slot.generation })
    }

    pub(super) fn keys(&self) -> Vec<Key> {
        (0..self.slots.len()).filter_map(|index| self.key_at(index)).collect()
    }
}
