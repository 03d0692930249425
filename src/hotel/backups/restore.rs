//! Puts a copy back: prepared beside the data file, examined, brought to this
//! version, its erasures done again, and only then exchanged for the file in place.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::access::{self, Account, SignIn};
use super::erasures::{Erasure, erase_again, read_journal};
use super::pack::{self, Aside, Form, with_ending};
use super::seal::Passphrase;
use super::{BackupError, Plan, copies, default_folder, place, store};
use crate::db::backup::{self, CopyError, Examined};
use crate::db::beside::{self, Place, Strays};
use crate::db::migrate::BeforeUpgrade;
use crate::db::{Conn, Context, Db, Options, open, shape};
use crate::domain::date::{Date, Instant};
use crate::error::Result as HotelResult;
use crate::hotel::{audit, checks, settings};
use crate::jobs::table::give_up_open;

/// What the file that will be put in place is called until then.
const PREPARING: &str = ".restoring";

/// What a copy holds, for the person who has to choose.
#[derive(Debug, Clone)]
pub struct Report {
    pub holds: Examined,
    pub property_name: String,
    pub business_date: Option<Date>,
    pub newest_change: Option<Instant>,
    /// Guests erased since it was made, and now erased in it too.
    pub erased_again: usize,
    /// Whether it is a data file that somebody copied, and no back-up.
    pub is_plain: bool,
}

/// What is known beside the copy and later than it.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub erasures: BTreeSet<Erasure>,
    /// The accounts of the file in place, where it still answers.
    pub accounts: Vec<Account>,
    /// The sign-in of the owner who asks for it.
    pub sign_in: Option<SignIn>,
    /// When the last change was made that the file in place tells of.
    pub newest_change: Option<Instant>,
    pub faults: Faults,
}

/// What is done about a copy in which not everything agrees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Faults {
    #[default]
    Refused,
    /// Somebody has read what they are and wants the copy all the same.
    Taken,
}

/// A file ready to be put in the data file's place. Gone when dropped.
pub struct Prepared {
    file: Aside,
    pub report: Report,
}

/// Unpacks and examines `source` beside the data file, which stays as it is.
///
/// # Errors
/// What is wrong with the copy, and that it was copied at a bad moment.
pub fn prepare(
    source: &Path,
    passphrase: Option<&Passphrase>,
    data_file: &Path,
    known: Known,
    context: &Context,
    options: &Options,
) -> Result<Prepared, BackupError> {
    let file = Aside::new(with_ending(data_file, PREPARING));
    // Left by a process that was killed; SQLite would take it for its own.
    file.clear();
    let is_plain = matches!(pack::form(source).map_err(BackupError::unreadable(source))?, Form::Plain);
    pack::unpack(source, file.path(), passphrase)?;
    if is_plain {
        bring_log(source, file.path())?;
    }
    let holds = backup::examine(file.path()).map_err(|error| in_words(source, is_plain, error))?;
    // An older one is brought to this version here; `source` stays what it is.
    let options = Options { before_upgrade: BeforeUpgrade::Nothing, ..options.clone() };
    let db = Db::open(file.path(), &options, Box::new(|_| ()))?;
    let strange = db.read(context, |conn| shape::differences(conn, options.migrations))?;
    if let Some(first) = strange.first() {
        let more = if strange.len() > 1 { format!(", and {} more", strange.len() - 1) } else { String::new() };
        return Err(BackupError::Altered { path: source.to_owned(), what: format!("{first}{more}") });
    }
    let (faults, newest_change) = db.read(context, |conn| Ok((checks::sums(conn)?, audit::newest_change(conn)?)))?;
    if let Some(what) = faults.in_short().filter(|_| known.faults == Faults::Refused) {
        return Err(BackupError::Faulty { path: source.to_owned(), what });
    }
    let upgrade = db.upgrade().cloned();
    let copy = source.file_name().map(|name| name.to_string_lossy().into_owned());
    let entry = json!({ "copy": copy, "newest_change": newest_change, "faults": faults.in_short() });
    let erased_again = db.write(context.clone(), move |tx| {
        upgrade.iter().try_for_each(|upgrade| super::note_upgrade(tx, upgrade))?;
        access::close(tx, &known.accounts, known.sign_in.as_ref())?;
        give_up_open(tx)?;
        // What was done after the copy was made stands in the trail of the replaced file.
        let before = json!({ "newest_change": known.newest_change });
        audit::record(tx, "restore", "data_file", 1, &before, &entry)?;
        erase_again(tx, &known.erasures)
    })?;
    let property = db.read(context, settings::store::find)?;
    db.close();
    drop(db);
    backup::seal(file.path()).map_err(CopyError::from)?;
    pack::sync_file(file.path())?;
    let report = Report {
        holds,
        property_name: property.as_ref().map_or_else(String::new, |p| p.name.clone()),
        business_date: property.map(|p| p.business_date),
        newest_change,
        erased_again,
        is_plain,
    };
    Ok(Prepared { file, report })
}

/// The log beside a copied data file holds what was not folded in yet, when it is that file's own.
fn bring_log(source: &Path, target: &Path) -> Result<(), BackupError> {
    let Some(log) = beside::own_log(source).map_err(BackupError::unreadable(source))? else { return Ok(()) };
    let [new_log, _, _] = backup::companions(target);
    std::fs::copy(&log, &new_log).map(|_| ()).map_err(BackupError::unreadable(&log))
}

fn in_words(source: &Path, is_plain: bool, error: CopyError) -> BackupError {
    let path = source.to_owned();
    match error {
        CopyError::Damaged(what) if is_plain => BackupError::Torn { path, what },
        CopyError::Damaged(what) => BackupError::Spoilt { path, what },
        CopyError::NotOurs => BackupError::NotACopy { path },
        CopyError::Newer { .. }
        | CopyError::Database(_)
        | CopyError::Disk(_)
        | CopyError::Stopped
        | CopyError::Differs { .. } => BackupError::Unusable { path, what: error.to_string() },
    }
}

/// What the data file in place knows.
///
/// # Errors
/// A file that cannot be read.
pub fn known_in_place(conn: &Conn) -> HotelResult<Known> {
    Ok(Known {
        erasures: store::erasures(conn)?,
        accounts: access::accounts(conn)?,
        sign_in: access::sign_in(conn)?,
        newest_change: audit::newest_change(conn)?,
        faults: Faults::Refused,
    })
}

/// The same with every erasure that the journals beside the copies tell of.
///
/// # Errors
/// A journal that is there and cannot be read.
pub fn known(data_file: &Path, source: &Path, plan: &Plan, in_place: Known) -> Result<Known, BackupError> {
    let (mut all, stem) = (in_place, copies::stem(data_file));
    let mut folders = plan.folders_of(data_file);
    folders.push(default_folder(data_file));
    folders.extend(source.parent().map(Path::to_owned));
    for folder in folders {
        all.erasures.extend(read_journal(&folder, &stem)?);
    }
    Ok(all)
}

impl Prepared {
    /// Leaves the file where it is, for the one who puts it in place later.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Exchanges the files. Nobody may have the data file open. Returns where the
    /// replaced one is now.
    ///
    /// # Errors
    /// `InUse`, or what the operating system refused; the data file is then as it was.
    pub fn put_in_place(self, data_file: &Path, now: Instant) -> Result<Option<PathBuf>, BackupError> {
        let aside = set_aside(data_file, now)?;
        self.file.put_at(data_file).inspect_err(|_| {
            if let Some(aside) = &aside {
                take_back(data_file, aside);
            }
        })?;
        Ok(aside)
    }
}

/// Keeps the data file under another name, with whatever lies beside it. It is still in its place
/// too, so that there is no moment without one; only until the exchange, since what has two names
/// would be opened twice. `None` when there was nothing.
fn set_aside(data_file: &Path, now: Instant) -> Result<Option<PathBuf>, BackupError> {
    let is_there = |path: &Path| std::fs::symlink_metadata(path).is_ok();
    if !backup::companions(data_file).iter().any(|path| is_there(path)) && !is_there(data_file) {
        return Ok(None);
    }
    fold(data_file, now)?;
    let aside = beside::kept_name(data_file, "replaced", now);
    if is_there(data_file) {
        keep_as(data_file, &aside)?;
    }
    // What the file could not be folded with belongs to it, never to the new one.
    match move_companions(data_file, &aside) {
        Ok(()) => Ok(Some(aside).filter(|aside| is_there(aside) || backup::companions(aside).iter().any(|path| is_there(path)))),
        Err(error) => {
            take_back(data_file, &aside);
            Err(error)
        }
    }
}

/// Folds the file's own log in, so that it is whole by itself. One that cannot be opened as it
/// lies there is set aside as it is.
fn fold(data_file: &Path, now: Instant) -> Result<(), BackupError> {
    let as_it_is = |why: &dyn std::fmt::Display| log::warn!("{} is set aside as it is: {why}", data_file.display());
    match beside::look(data_file, Strays::PutAside(now)) {
        Ok(Place::File(_)) => {}
        Ok(Place::Missing | Place::Empty) => return Ok(()),
        Err(error) => {
            as_it_is(&error);
            return Ok(());
        }
    }
    match backup::seal(data_file) {
        Ok(()) => {}
        Err(error) if is_locked(&error) => return Err(BackupError::InUse { path: data_file.to_owned() }),
        Err(error) => as_it_is(&error),
    }
    Ok(())
}

/// Gives a file a second name. A file system without links gets a copy; a link keeps where it leads.
fn keep_as(data_file: &Path, aside: &Path) -> Result<(), BackupError> {
    let copied = || -> io::Result<()> {
        let mut to = open::private().create_new(true).open(aside)?;
        io::copy(&mut std::fs::File::open(data_file)?, &mut to)?;
        to.sync_all()
    };
    let kept = std::fs::hard_link(data_file, aside).or_else(|_| {
        copied().inspect_err(|_| {
            // Half of it is worth nothing; the file itself is still in its place.
            let _ = std::fs::remove_file(aside);
        })
    });
    kept.map_err(BackupError::unwritable(aside))
}

/// Renames the log, its index and the journal; never over another.
fn move_companions(from: &Path, to: &Path) -> Result<(), BackupError> {
    for (from, to) in backup::companions(from).iter().zip(backup::companions(to)) {
        let is_there = |path: &Path| std::fs::symlink_metadata(path).is_ok();
        if !is_there(from) {
            continue;
        }
        if is_there(&to) {
            let source = io::Error::from(io::ErrorKind::AlreadyExists);
            return Err(BackupError::Unwritable { path: to, source });
        }
        std::fs::rename(from, &to).map_err(BackupError::unwritable(from))?;
    }
    Ok(())
}

/// Removes what a restore left behind that was killed: the prepared file, and a second name of
/// the data file, which is nobody's replaced one; what lay beside the file goes back to it. Called
/// by the one that has the file to itself, before it is opened.
pub fn sweep(data_file: &Path) {
    Aside::new(with_ending(data_file, PREPARING)).clear();
    let start = format!("{}-replaced-", copies::stem(data_file));
    for entry in std::fs::read_dir(place::folder_of(data_file)).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&start) && is_one_file(&entry.path(), data_file) {
            take_back(data_file, &entry.path());
        }
    }
}

#[cfg(unix)]
fn is_one_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |path: &Path| std::fs::symlink_metadata(path).map(|file| (file.dev(), file.ino())).ok();
    place(one).is_some() && place(one) == place(other)
}

/// Elsewhere nobody tells.
#[cfg(not(unix))]
fn is_one_file(_: &Path, _: &Path) -> bool {
    false
}

/// The exchange failed: the data file is as it was, under its one name.
fn take_back(data_file: &Path, aside: &Path) {
    let removed = || match std::fs::remove_file(aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(BackupError::unwritable(aside)(error)),
        Ok(()) | Err(_) => Ok(()),
    };
    if let Err(error) = move_companions(aside, data_file).and_then(|()| removed()) {
        log::error!("{} is still {} as well: {error}", data_file.display(), aside.display());
    }
}

fn is_locked(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode as C;
    matches!(error.sqlite_error_code(), Some(C::DatabaseBusy | C::DatabaseLocked))
}
