//! Copies under a passphrase: the age format, which the program `age` opens too.
//!
//! A copy that somebody makes by hand is under the passphrase itself. Those of the
//! night are locked with a key whose other half this machine cannot use: it lies
//! beside the copies, under the owner's passphrase, which is kept nowhere.
//!
//! A stream goes through in pieces of 64 KB: no copy is ever whole in memory.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use age::secrecy::ExposeSecret;
use age::stream::{StreamReader, StreamWriter};
use age::{DecryptError, Decryptor, Encryptor, Identity, Recipient, scrypt, x25519};
use const_format::concatcp;

use super::BackupError;
use super::pack::{Aside, create, with_ending};
use crate::domain::wording::{Text, text};

/// Never shown: not even its `Debug` tells it.
pub type Passphrase = age::secrecy::SecretString;

/// What every file of the format begins with.
pub const MARK: &[u8; 16] = b"age-encryption.o";

/// Shorter ones are guessed by whoever finds the copy.
pub const SHORTEST: usize = 12;
pub const LONGEST: usize = 200;
/// The same, or nothing at all.
pub const PATTERN: &str = concatcp!(r"^([\s\S]{", SHORTEST, ",", LONGEST, r"})?$");
/// Guessing one passphrase costs 64 MB and a quarter of a second.
const WORK_FACTOR: u8 = 16;
/// Copies of other programs may have cost 1 GB; more is an attempt to tie this one up.
const MOST_WORK: u8 = 20;
/// A sealed key has some hundred bytes.
const MOST_KEY_BYTES: u64 = 64 * 1024;

/// A passphrase for new copies.
///
/// # Errors
/// What is wrong with it, in words.
pub fn passphrase(text: &str) -> Result<Passphrase, Text> {
    let count = text.chars().count();
    if (SHORTEST..=LONGEST).contains(&count) {
        return Ok(Passphrase::from(text.to_owned()));
    }
    Err(text!("must have {least} to {most} characters; four or five unrelated words work well", least = SHORTEST, most = LONGEST))
}

/// The key of the nightly copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Locks, and cannot open.
    pub public: String,
    /// The half that opens, under the owner's passphrase.
    pub sealed: Vec<u8>,
}

impl Key {
    /// A new one under a passphrase.
    ///
    /// # Errors
    /// None but those of the library.
    pub fn new(passphrase: &Passphrase) -> io::Result<Key> {
        let identity = x25519::Identity::generate();
        let seal = Seal::under(passphrase);
        let mut to = Sealing::new(Vec::new(), Some(&seal))?;
        to.write_all(identity.to_string().expose_secret().as_bytes())?;
        to.write_all(b"\n")?;
        Ok(Key { public: identity.to_public().to_string(), sealed: to.finish()? })
    }

    /// Puts the half that opens beside the copies, as `hotel-key-XXXXXXXX.age`.
    ///
    /// # Errors
    /// A folder that cannot be written to.
    pub fn keep(&self, folder: &Path, stem: &str) -> Result<(), BackupError> {
        // The end of the public half tells keys apart, and nothing else.
        let end = self.public.get(self.public.len().saturating_sub(8)..).unwrap_or_default();
        let path = folder.join(format!("{stem}{KEY_MIDDLE}{end}.age"));
        if std::fs::read(&path).is_ok_and(|there| there == self.sealed) {
            return Ok(());
        }
        let aside = Aside::new(with_ending(&path, ".part"));
        let written = create(aside.path()).and_then(|mut file| {
            file.write_all(&self.sealed)?;
            file.sync_all()
        });
        written.map_err(BackupError::unwritable(&path))?;
        aside.put_at(&path)
    }
}

const KEY_MIDDLE: &str = "-key-";

/// What a copy is locked with, and what opens it again to prove it.
pub struct Seal {
    recipients: Vec<Box<dyn Recipient>>,
    pub rehearsal: Box<dyn Identity>,
}

impl Seal {
    pub fn under(passphrase: &Passphrase) -> Seal {
        let mut recipient = scrypt::Recipient::new(passphrase.clone());
        recipient.set_work_factor(WORK_FACTOR);
        Seal { recipients: vec![Box::new(recipient)], rehearsal: Box::new(opener(passphrase)) }
    }

    /// With the key's public half, and a throw-away key that reads the copy back and
    /// is forgotten with this.
    ///
    /// # Errors
    /// A public half that is none.
    pub fn with(key: &Key) -> Result<Seal, BackupError> {
        let public: x25519::Recipient = key.public.parse().map_err(|what: &str| BackupError::BadKey { what: what.to_owned() })?;
        let rehearsal = x25519::Identity::generate();
        let recipients: Vec<Box<dyn Recipient>> = vec![Box::new(public), Box::new(rehearsal.to_public())];
        Ok(Seal { recipients, rehearsal: Box::new(rehearsal) })
    }
}

fn opener(passphrase: &Passphrase) -> scrypt::Identity {
    let mut identity = scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(MOST_WORK);
    identity
}

/// Where a copy is written to, locked or not.
pub enum Sealing<W: Write> {
    Open(W),
    Sealed(Box<StreamWriter<W>>),
}

impl<W: Write> Sealing<W> {
    /// # Errors
    /// When the head cannot be written.
    pub fn new(to: W, seal: Option<&Seal>) -> io::Result<Sealing<W>> {
        let Some(seal) = seal else { return Ok(Sealing::Open(to)) };
        let recipients = seal.recipients.iter().map(AsRef::as_ref);
        let encryptor = Encryptor::with_recipients(recipients).map_err(io::Error::other)?;
        Ok(Sealing::Sealed(Box::new(encryptor.wrap_output(to)?)))
    }

    /// Writes what is still held back: without it the copy is not whole.
    ///
    /// # Errors
    /// A disk that is full or failing.
    pub fn finish(self) -> io::Result<W> {
        match self {
            Sealing::Open(to) => Ok(to),
            Sealing::Sealed(to) => to.finish(),
        }
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sealing::Open(to) => to.write(bytes),
            Sealing::Sealed(to) => to.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sealing::Open(to) => to.flush(),
            Sealing::Sealed(to) => to.flush(),
        }
    }
}

/// Reads what one of `identities` opens.
///
/// # Errors
/// `WrongPassphrase`, `NoKey`, or `Spoilt`.
pub fn unsealing<R: Read>(path: &Path, from: R, identities: &[Box<dyn Identity>]) -> Result<StreamReader<R>, BackupError> {
    let opened = Decryptor::new(from).and_then(|locked| locked.decrypt(identities.iter().map(AsRef::as_ref)));
    let path = path.to_owned();
    opened.map_err(|error| match error {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => BackupError::WrongPassphrase { path },
        DecryptError::NoMatchingKeys => BackupError::NoKey { path },
        other => BackupError::Spoilt { path, what: other.to_string() },
    })
}

/// What opens `source`: the passphrase itself, or the keys beside it that it opens.
///
/// # Errors
/// `NoKey` when none lies there, `WrongPassphrase` when it opens none of them.
pub fn identities(source: &Path, passphrase: &Passphrase) -> Result<Vec<Box<dyn Identity>>, BackupError> {
    let file = File::open(source).map_err(BackupError::unreadable(source))?;
    let head = Decryptor::new(BufReader::new(file));
    if head.is_ok_and(|locked| locked.is_scrypt()) {
        return Ok(vec![Box::new(opener(passphrase))]);
    }
    let keys = keys_beside(source).map_err(BackupError::unreadable(source))?;
    if keys.is_empty() {
        return Err(BackupError::NoKey { path: source.to_owned() });
    }
    let opened: Vec<Box<dyn Identity>> =
        keys.iter().filter_map(|key| open_key(key, passphrase)).map(|key| Box::new(key) as Box<dyn Identity>).collect();
    if opened.is_empty() {
        return Err(BackupError::WrongPassphrase { path: source.to_owned() });
    }
    Ok(opened)
}

pub(super) fn keys_beside(source: &Path) -> io::Result<Vec<PathBuf>> {
    let folder = source.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut keys = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_small_file = || entry.metadata().map(|found| found.is_file() && found.len() <= MOST_KEY_BYTES);
        if name.contains(KEY_MIDDLE) && name.ends_with(".age") && is_small_file()? {
            keys.push(entry.path());
        }
    }
    Ok(keys)
}

/// `None` when the passphrase is another key's.
fn open_key(path: &Path, passphrase: &Passphrase) -> Option<x25519::Identity> {
    let own: [Box<dyn Identity>; 1] = [Box::new(opener(passphrase))];
    let mut text = String::new();
    let mut from = unsealing(path, File::open(path).ok()?, &own).ok()?;
    from.read_to_string(&mut text).ok()?;
    text.trim_end().parse().ok()
}
