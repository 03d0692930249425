//! Copies under a passphrase: the age format, which the program `age` opens too.
//!
//! A stream goes through in pieces of 64 KB: no copy is ever whole in memory.

use std::io::{self, Read, Write};
use std::path::Path;

use age::stream::{StreamReader, StreamWriter};
use age::{DecryptError, Decryptor, Encryptor, scrypt};

use super::BackupError;

/// Never shown: not even its `Debug` tells it.
pub type Passphrase = age::secrecy::SecretString;

/// What every file of the format begins with.
pub const MARK: &[u8; 16] = b"age-encryption.o";

/// Shorter ones are guessed by whoever finds the copy.
pub const SHORTEST: usize = 12;
/// Guessing one passphrase costs 64 MB and a quarter of a second.
const WORK_FACTOR: u8 = 16;
/// Copies of other programs may have cost 1 GB; more is an attempt to tie this one up.
const MOST_WORK: u8 = 20;

/// A passphrase for new copies.
///
/// # Errors
/// What is wrong with it, in words.
pub fn passphrase(text: &str) -> Result<Passphrase, String> {
    let count = text.chars().count();
    if (SHORTEST..=200).contains(&count) {
        return Ok(Passphrase::from(text.to_owned()));
    }
    Err(format!("must have {SHORTEST} to 200 characters; four or five words that do not belong together are good"))
}

/// Where a copy is written to, under a passphrase or not.
pub enum Sealing<W: Write> {
    Open(W),
    Sealed(Box<StreamWriter<W>>),
}

impl<W: Write> Sealing<W> {
    /// # Errors
    /// When the head cannot be written.
    pub fn new(to: W, passphrase: Option<&Passphrase>) -> io::Result<Sealing<W>> {
        let Some(passphrase) = passphrase else { return Ok(Sealing::Open(to)) };
        let mut recipient = scrypt::Recipient::new(passphrase.clone());
        recipient.set_work_factor(WORK_FACTOR);
        let recipients = std::iter::once(&recipient as &dyn age::Recipient);
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

/// Reads what `passphrase` opens.
///
/// # Errors
/// `WrongPassphrase`, or `Spoilt`.
pub fn unsealing<R: Read>(path: &Path, from: R, passphrase: &Passphrase) -> Result<StreamReader<R>, BackupError> {
    let mut identity = scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(MOST_WORK);
    let opened = Decryptor::new(from).and_then(|decryptor| decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity)));
    opened.map_err(|error| match error {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => {
            BackupError::WrongPassphrase { path: path.to_owned() }
        }
        DecryptError::NoMatchingKeys => BackupError::NoPassphrase { path: path.to_owned() },
        other => BackupError::Spoilt { path: path.to_owned(), what: other.to_string() },
    })
}
