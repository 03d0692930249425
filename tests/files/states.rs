//! Makes the states of the table.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::ground::{Ground, Material};
use crate::support::RunningHotel;

/// Takes rights from a file or a folder; the program then runs without those of root.
fn with_rights(ground: &mut Ground, path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("rights are set");
    ground.is_rightless = true;
}

fn changed(material: &str, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = Material::the().bytes(material);
    change(&mut bytes);
    bytes
}

/// Behind its head a log has pages of 4,096 bytes, each with 24 before it.
const FIRST_LOG_PAGE: usize = 32 + 24;

pub fn arrange(state: &str, ground: &mut Ground) {
    let is_made = data_file(state, ground)
        || log(state, ground)
        || journal(state, ground)
        || lock(state, ground)
        || broken_off(state, ground)
        || copies(state, ground);
    assert!(is_made, "nobody makes {state:?}");
}

fn data_file(state: &str, ground: &mut Ground) -> bool {
    let (file, outside) = (ground.beside("hotel.db"), ground.elsewhere("real.db"));
    let letter = b"Dear Sir or Madam, this is a letter and no hotel at all. ".repeat(200);
    match state {
        "no file" => {}
        "an empty file" => ground.write("hotel.db", b""),
        "closed in order" => ground.put("hotel.db", "late.db"),
        "closed for good" => ground.put("hotel.db", "sealed.db"),
        "another hotel's file" => ground.put("hotel.db", "other.db"),
        "a newer version's file" => ground.write("hotel.db", &changed("sealed.db", |bytes| bytes[63] = 2)),
        "a letter" => ground.write("hotel.db", &letter),
        "a file of noughts" => ground.write("hotel.db", &vec![0; 50_000]),
        "another program's data file" => ground.write("hotel.db", &changed("sealed.db", |bytes| bytes[68..72].fill(7))),
        "a packed copy under the file's name" => ground.put("hotel.db", "late.gz"),
        "the head overwritten" => ground.write("hotel.db", &changed("late.db", |bytes| bytes[..100].fill(0xa5))),
        "the first page overwritten behind its head" => {
            ground.write("hotel.db", &changed("late.db", |bytes| bytes[100..4096].fill(0xa5)));
        }
        "the end cut off" => ground.write("hotel.db", &changed("late.db", |bytes| bytes.truncate(bytes.len() / 2 / 4096 * 4096))),
        "the end cut off within a page" => {
            ground.write("hotel.db", &changed("late.db", |bytes| bytes.truncate(bytes.len() - 1000)))
        }
        "a link to the file" => {
            std::fs::copy(Material::the().path("late.db"), &outside).expect("copied");
            symlink(&outside, &file).expect("a link");
        }
        "a link to the file and its log" => {
            std::fs::copy(Material::the().path("killed.db"), &outside).expect("copied");
            std::fs::copy(Material::the().path("killed.db-wal"), ground.elsewhere("real.db-wal")).expect("copied");
            symlink(&outside, &file).expect("a link");
        }
        "a link to nothing" => symlink(ground.elsewhere("gone.db"), &file).expect("a link"),
        "a link to itself" => symlink("hotel.db", &file).expect("a link"),
        "a second name elsewhere" => {
            ground.put("hotel.db", "late.db");
            std::fs::hard_link(&file, &outside).expect("a second name");
        }
        "a folder" => ground.write("hotel.db/letter.txt", &letter),
        "unreadable" => {
            ground.put("hotel.db", "late.db");
            with_rights(ground, &file, 0o000);
        }
        "read-only" => {
            ground.put("hotel.db", "late.db");
            with_rights(ground, &file, 0o444);
        }
        "in a folder that may not be written to" => {
            ground.put("hotel.db", "late.db");
            let folder = file.parent().expect("a folder").to_owned();
            with_rights(ground, &folder, 0o555);
        }
        _ => return false,
    }
    true
}

fn killed(ground: &Ground) {
    ground.put("hotel.db", "killed.db");
    ground.put("hotel.db-wal", "killed.db-wal");
}

fn log(state: &str, ground: &mut Ground) -> bool {
    let wal = ground.beside("hotel.db-wal");
    match state {
        "killed, with its log" => killed(ground),
        "killed, its log folded in already" => {
            killed(ground);
            ground.put("hotel.db", "late.db");
        }
        "an empty log" => {
            ground.put("hotel.db", "late.db");
            ground.write("hotel.db-wal", b"");
        }
        "a log of noughts" => {
            ground.put("hotel.db", "late.db");
            ground.write("hotel.db-wal", &[0; 8272]);
        }
        "an older log" => {
            ground.put("hotel.db", "late.db");
            ground.put("hotel.db-wal", "past-wal");
        }
        "another hotel's log" => {
            ground.put("hotel.db", "late.db");
            ground.put("hotel.db-wal", "other-killed.db-wal");
        }
        "a log beside a file closed for good" => {
            killed(ground);
            ground.put("hotel.db", "sealed.db");
        }
        "no file beside its log" => ground.put("hotel.db-wal", "killed.db-wal"),
        "an empty file beside its log" => {
            killed(ground);
            ground.write("hotel.db", b"");
        }
        "a log with a damaged head" => {
            killed(ground);
            ground.write("hotel.db-wal", &changed("killed.db-wal", |bytes| bytes[17] ^= 4));
        }
        "a log damaged before its last change" => {
            killed(ground);
            // Two commits: the change, and one behind it.
            ground.write("hotel.db-wal", &changed("twice.db-wal", |bytes| bytes[FIRST_LOG_PAGE + 9] ^= 4));
        }
        "a log that is a letter" => {
            killed(ground);
            ground.write("hotel.db-wal", &b"Dear Sir or Madam ".repeat(500));
        }
        "a log that is a link" => {
            ground.put("hotel.db", "late.db");
            symlink(ground.elsewhere("log"), &wal).expect("a link");
        }
        "a log that is a folder" => {
            ground.put("hotel.db", "late.db");
            ground.write("hotel.db-wal/letter.txt", b"Dear Sir");
        }
        "an unreadable log" => {
            killed(ground);
            with_rights(ground, &wal, 0o000);
        }
        "an index that is a letter" => {
            ground.put("hotel.db", "late.db");
            ground.write("hotel.db-shm", &b"Dear Sir or Madam ".repeat(2000));
        }
        "a log with an index that is a letter" => {
            killed(ground);
            ground.write("hotel.db-shm", &b"Dear Sir or Madam ".repeat(2000));
        }
        "an index that is a folder" => {
            ground.put("hotel.db", "late.db");
            ground.write("hotel.db-shm/letter.txt", b"Dear Sir");
        }
        "an index that is a link to the file" => {
            ground.put("hotel.db", "late.db");
            symlink("hotel.db", ground.beside("hotel.db-shm")).expect("a link");
        }
        _ => return false,
    }
    true
}

fn journal(state: &str, ground: &mut Ground) -> bool {
    let put = |file: &str, journal: &[u8]| {
        ground.put("hotel.db", file);
        ground.write("hotel.db-journal", journal);
    };
    match state {
        "an empty journal" => put("late.db", b""),
        "a journal that was finished with" => put("late.db", &[0; 4616]),
        "its own journal" => put("sealed.db", &Material::the().bytes("own-journal")),
        "another file's journal" => put("late.db", &Material::the().bytes("foreign-journal")),
        "a journal that is a letter" => put("late.db", &b"Dear Sir or Madam ".repeat(500)),
        "another program's journal of a file closed for good" => {
            put("sealed.db", &changed("foreign-journal", |bytes| without_first_page(bytes)));
        }
        "no file beside a journal" => ground.put("hotel.db-journal", "foreign-journal"),
        "a journal that is a link to the file" => {
            ground.put("hotel.db", "late.db");
            symlink("hotel.db", ground.beside("hotel.db-journal")).expect("a link");
        }
        _ => return false,
    }
    true
}

/// Makes every page of a journal the second one, so that nothing tells whose it is.
fn without_first_page(journal: &mut [u8]) {
    for record in journal[512..].chunks_exact_mut(4096 + 8) {
        record[..4].copy_from_slice(&2_u32.to_be_bytes());
    }
}

fn lock(state: &str, ground: &mut Ground) -> bool {
    match state {
        "a lock that nobody holds" => ground.write("hotel.db.lock", b""),
        "a note that is a letter" => ground.write("hotel.db.open", b"Dear Sir or Madam"),
        "a lock that is a folder" => ground.write("hotel.db.lock/letter.txt", b"Dear Sir"),
        "a lock that is a link to the file" => symlink("hotel.db", ground.beside("hotel.db.lock")).expect("a link"),
        "a note's part that is a link to the file" => symlink("hotel.db", ground.beside("hotel.db.open.part")).expect("a link"),
        "open at a server" => {
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::copy(Material::the().path("late.db"), folder.path().join("hotel.db")).expect("copied");
            let server = RunningHotel::start_in(folder, &["--rate-limit", "0"]);
            ground.named = server.file();
            ground.server = Some(server);
            return true;
        }
        _ => return false,
    }
    ground.put("hotel.db", "late.db");
    true
}

fn broken_off(state: &str, ground: &mut Ground) -> bool {
    let replaced = "hotel-replaced-2025-11-09T09-00-00Z.db";
    let part = "backups/hotel-2025-11-08T02-30-00Z.db.gz.part";
    ground.put("hotel.db", "late.db");
    let file = ground.beside("hotel.db");
    match state {
        "a copy half made, with a journal" => {
            ground.write("hotel.db.77.copying", b"half of it");
            ground.put("hotel.db.77.copying-journal", "foreign-journal");
        }
        "a copy half made that is a link to the file" => {
            symlink("hotel.db", ground.beside("hotel.db.77.copying")).expect("a link")
        }
        "a packed copy half made" => ground.write(part, b"half of it"),
        "a packed copy half made that is a link to the file" => {
            std::fs::create_dir(ground.beside("backups")).expect("a folder");
            symlink(&file, ground.beside(part)).expect("a link");
            symlink(&file, ground.beside("backups/hotel-erasures.jsonl.part")).expect("a link");
        }
        "a restore half done, with a journal" => {
            ground.write("hotel.db.restoring", b"half of it");
            ground.put("hotel.db.restoring-journal", "foreign-journal");
        }
        "a restore half done, with another's log" => {
            ground.put("hotel.db.restoring", "early.db");
            ground.put("hotel.db.restoring-wal", "other-killed.db-wal");
        }
        "a restore half done that is a link to the file" => {
            symlink("hotel.db", ground.beside("hotel.db.restoring")).expect("a link")
        }
        "killed while the file was set aside" => std::fs::hard_link(&file, ground.beside(replaced)).expect("a second name"),
        "killed after its log was set aside" => {
            ground.put("hotel.db", "killed.db");
            std::fs::hard_link(&file, ground.beside(replaced)).expect("a second name");
            ground.put(&format!("{replaced}-wal"), "killed.db-wal");
        }
        "no file beside one that was set aside" => std::fs::rename(&file, ground.beside(replaced)).expect("renamed"),
        "an upgrade's copy half made" => {
            ground.write("hotel-before-upgrade.part", b"half of it");
            ground.put("hotel-before-upgrade.part-journal", "foreign-journal");
        }
        _ => {
            std::fs::remove_file(file).expect("gone");
            return false;
        }
    }
    true
}

fn copies(state: &str, ground: &mut Ground) -> bool {
    let kept = "backups/hotel-2025-11-09T02-30-00Z.db.gz";
    match state {
        "no file beside its copies" => ground.put(kept, "early.gz"),
        "an empty file beside its copies" => {
            ground.write("hotel.db", b"");
            ground.put(kept, "early.gz");
        }
        "no file beside copies that may not be listed" => {
            ground.put(kept, "early.gz");
            with_rights(ground, &ground.beside("backups"), 0o000);
        }
        other => {
            ground.put("hotel.db", "late.db");
            return erasures(other, ground) || folder_of_copies(other, ground) || given_copy(other, ground);
        }
    }
    true
}

fn erasures(state: &str, ground: &mut Ground) -> bool {
    let journal = "backups/hotel-erasures.jsonl";
    match state {
        "a journal of erasures that is a letter" => ground.write(journal, b"Dear Sir or Madam\n"),
        "a journal of erasures that is no text" => ground.write(journal, &[0xff; 300]),
        "a journal of erasures that is a folder" => ground.write(&format!("{journal}/letter.txt"), b"Dear Sir"),
        "an unreadable journal of erasures" => {
            ground.write(journal, b"");
            with_rights(ground, &ground.beside(journal), 0o000);
        }
        _ => return false,
    }
    true
}

fn folder_of_copies(state: &str, ground: &mut Ground) -> bool {
    match state {
        "copies in a folder that is a file" => ground.write("backups", b"in the way"),
        "copies in a folder that may not be written to" => {
            std::fs::create_dir(ground.beside("backups")).expect("a folder");
            with_rights(ground, &ground.beside("backups"), 0o555);
        }
        _ => return false,
    }
    true
}

/// The copy that a restore is given.
fn given_copy(state: &str, ground: &mut Ground) -> bool {
    let write = |bytes: &[u8]| std::fs::write(&ground.copy, bytes).expect("written");
    match state {
        "a damaged copy" => write(&changed("early.gz", |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle..middle + 64].fill(0xa5);
        })),
        "a copy cut short" => write(&changed("early.gz", |bytes| bytes.truncate(bytes.len() / 2))),
        "an empty copy" => write(b""),
        "a copy that is a letter" => write(b"Dear Sir or Madam"),
        "an unreadable copy" => {
            let copy = ground.copy.clone();
            with_rights(ground, &copy, 0o000);
        }
        "another hotel's copy" => write(&Material::the().bytes("other.gz")),
        "a newer copy" => write(&Material::the().bytes("late.gz")),
        "a copy that is the file itself" => ground.copy = ground.beside("hotel.db"),
        "a copied file with its own log" => copied_with(ground, "killed.db", "killed.db-wal"),
        "a copied file with another's log" => copied_with(ground, "early.db", "other-killed.db-wal"),
        _ => return false,
    }
    true
}

/// A data file and a log that somebody has copied.
fn copied_with(ground: &mut Ground, file: &str, log: &str) {
    ground.copy = ground.elsewhere("copied.db");
    std::fs::copy(Material::the().path(file), &ground.copy).expect("copied");
    std::fs::copy(Material::the().path(log), ground.elsewhere("copied.db-wal")).expect("copied");
}
