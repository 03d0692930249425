//! The certificate of the second door: the owner's own, or one that Innkeeper makes
//! for itself, keeps beside the data and makes anew before it runs out.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::tz::TimeZone;
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use sha2::{Digest, Sha256};

use super::{NAME, address};
use crate::domain::date::{Date, Instant};
use crate::domain::wording::{Text, text};

/// Apple's devices take no certificate that is good for longer than 825 days.
const GOOD_FOR_DAYS: i64 = 800;
const RENEWED_BEFORE_DAYS: i64 = 30;

/// The line of the file that says until when the certificate is good.
const EXPIRES: &str = "Expires: ";

#[derive(Debug)]
pub enum CertificateError {
    Unreadable { path: PathBuf, what: String },
    Unfit(rustls::Error),
    Unwritable { path: PathBuf, source: io::Error },
    Unmade(rcgen::Error),
}

impl CertificateError {
    pub(super) fn said(&self) -> Text {
        match self {
            CertificateError::Unreadable { path, what } => {
                text!("The certificate {path} cannot be read: {what}", path = path.as_path(), what)
            }
            CertificateError::Unfit(what) => {
                text!("The certificate and its key do not fit: {what}", what = what.to_string())
            }
            CertificateError::Unwritable { path, source } => {
                text!("The certificate cannot be kept at {path}: {source}", path = path.as_path(), source = source.to_string())
            }
            CertificateError::Unmade(what) => text!("A certificate could not be made: {what}", what = what.to_string()),
        }
    }
}

/// In English: for the log and the command line.
impl fmt::Display for CertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(f)
    }
}

impl std::error::Error for CertificateError {}

pub(super) struct Certificate {
    pub(super) tls: Arc<ServerConfig>,
    /// SHA-256 in pairs of digits.
    pub(super) fingerprint: String,
    /// Of one that Innkeeper made.
    pub(super) expires_at: Option<Instant>,
}

impl Certificate {
    /// The owner's own.
    pub(super) fn read(chain: &Path, key: &Path) -> Result<Certificate, CertificateError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |error: rustls::pki_types::pem::Error| CertificateError::Unreadable { path, what: error.to_string() }
        };
        let certificates = CertificateDer::pem_file_iter(chain).and_then(|all| all.collect::<Result<Vec<_>, _>>());
        let certificates = certificates.map_err(unreadable(chain))?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(unreadable(key))?;
        Certificate::new(certificates, key, None)
    }

    /// The one beside the data, made where there is none that is good for long enough.
    pub(super) fn own(data_file: &Path, now: Instant) -> Result<Certificate, CertificateError> {
        let path = data_file.with_extension("tls.pem");
        if let Some(kept) = std::fs::read_to_string(&path).ok().and_then(|text| Certificate::kept(&text))
            && !kept.is_due(now)
        {
            return Ok(kept);
        }
        let text = make(now).map_err(CertificateError::Unmade)?;
        keep(&path, &text).map_err(|source| CertificateError::Unwritable { path: path.clone(), source })?;
        log::info!("a certificate was made: {}", path.display());
        let what = "it was just made".to_owned();
        Certificate::kept(&text).ok_or(CertificateError::Unreadable { path, what })
    }

    /// Whether it has to be made anew.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.expires_at.is_some_and(|at| now.seconds_until(at) < RENEWED_BEFORE_DAYS * 86_400)
    }

    fn kept(text: &str) -> Option<Certificate> {
        let expires_at = text.lines().find_map(|line| line.strip_prefix(EXPIRES))?.parse().ok()?;
        let certificate = CertificateDer::from_pem_slice(text.as_bytes()).ok()?;
        let key = PrivateKeyDer::from_pem_slice(text.as_bytes()).ok()?;
        Certificate::new(vec![certificate], key, Some(expires_at)).ok()
    }

    fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        expires_at: Option<Instant>,
    ) -> Result<Certificate, CertificateError> {
        let digest = chain.first().map(Sha256::digest).unwrap_or_default();
        let fingerprint = digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
        let mut tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(CertificateError::Unfit)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(CertificateError::Unfit)?;
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Certificate { tls: Arc::new(tls), fingerprint, expires_at })
    }
}

/// A key and a certificate that it signed itself, good from yesterday on: the clocks
/// of phones differ.
fn make(now: Instant) -> Result<String, rcgen::Error> {
    let today = now.date_in(&TimeZone::UTC);
    let last = today.plus(GOOD_FOR_DAYS).unwrap_or(today);
    let mut names = vec![NAME.to_owned(), address::machine_name(), "localhost".to_owned(), "127.0.0.1".to_owned()];
    names.extend(address::private().into_iter().map(|(ip, _)| ip.to_string()));
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Innkeeper");
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let day = |date: Date| rcgen::date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs());
    params.not_before = day(today.previous());
    params.not_after = day(last);
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok(format!("{EXPIRES}{last}T00:00:00.000Z\n{}{}", certificate.pem(), key.serialize_pem()))
}

/// Writes aside, for this user's eyes alone, and puts it in its place.
fn keep(path: &Path, text: &str) -> io::Result<()> {
    let aside = path.with_extension("pem.new");
    let _ = std::fs::remove_file(&aside);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&aside, path)
}
