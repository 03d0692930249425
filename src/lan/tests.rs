//! The certificate that is kept, and the picture of an address.

use super::certificate::Certificate;
use super::qr_path;
use crate::domain::date::Instant;

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

#[test]
fn a_certificate_is_made_once_and_anew_before_it_runs_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let data_file = folder.path().join("hotel.db");
    let now = at("2026-05-03T08:00:00Z");
    let first = Certificate::own(&data_file, now).expect("made");
    assert_eq!((first.fingerprint.len(), first.expires_at), (95, Some(at("2028-07-11T00:00:00Z"))));
    let later = now.plus_hours(760 * 24);
    let kept = Certificate::own(&data_file, later).expect("kept");
    assert_eq!(kept.fingerprint, first.fingerprint);
    let late = now.plus_hours(775 * 24);
    let renewed = Certificate::own(&data_file, late).expect("renewed");
    assert_ne!(renewed.fingerprint, first.fingerprint);
    std::fs::write(folder.path().join("hotel.tls.pem"), "damaged").expect("damage");
    assert!(Certificate::own(&data_file, late).expect("made anew").fingerprint != renewed.fingerprint);
}

#[cfg(unix)]
#[test]
fn the_key_is_for_the_owners_eyes_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    Certificate::own(&folder.path().join("hotel.db"), at("2026-05-03T08:00:00Z")).expect("made");
    let mode = std::fs::metadata(folder.path().join("hotel.tls.pem")).expect("the file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn ones_own_certificate_is_read_and_a_wrong_file_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Certificate::own(&folder.path().join("hotel.db"), at("2026-05-03T08:00:00Z")).expect("made");
    let file = folder.path().join("hotel.tls.pem");
    assert_eq!(Certificate::read(&file, &file).expect("read").fingerprint, made.fingerprint);
    let missing = folder.path().join("none.pem");
    let error = Certificate::read(&missing, &file).err().expect("nothing there");
    assert!(error.to_string().contains("none.pem"), "{error}");
}

#[test]
fn a_picture_has_its_three_corners_and_a_quiet_zone() {
    let (side, path) = qr_path("https://192.168.1.5:8443/").expect("short enough");
    assert!(side >= 29 && path.starts_with("M4 4h7v1h-7z"), "{side} {path}");
    assert!(path.contains(&format!("M{} 4h7v1h-7z", side - 11)) && path.contains(&format!("M4 {}h7v1h-7z", side - 5)));
}
