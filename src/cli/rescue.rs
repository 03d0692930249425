//! A data file that is damaged, at a start from the desktop: offers the newest back-up.
//!
//! In a terminal the failure names the command that does it, and nothing is asked.

use std::sync::Arc;

use super::{Failure, context, desktop, serve, shown};
use crate::config::Config;
use crate::db::{Db, OpenError};
use crate::hotel::backups::copies::{self, Copy};
use crate::hotel::backups::restore::{Known, known, prepare};
use crate::hotel::backups::{Plan, default_folder};
use crate::http::state::EventHub;

/// Opens the data file, or the newest back-up in its place where somebody says so.
pub(super) fn open(config: &Config, events: &Arc<EventHub>) -> Result<Db, Failure> {
    let failure = match serve::open(config, events) {
        Err(
            failure @ Failure::Open(
                OpenError::Damaged { .. } | OpenError::NotOurs { .. } | OpenError::DamagedLog { .. } | OpenError::Lost { .. },
            ),
        ) => failure,
        other => return other,
    };
    let Some(copy) = newest(config) else { return Err(failure) };
    if !desktop::ask(&question(config, &copy)) {
        return Err(failure);
    }
    put_in_place(config, &copy)?;
    serve::open(config, events)
}

/// The newest copy that needs no passphrase.
fn newest(config: &Config) -> Option<Copy> {
    let all = copies::list(&default_folder(&config.data_file), &copies::stem(&config.data_file)).ok()?;
    all.into_iter().find(|copy| !copies::is_sealed(&copy.name))
}

fn question(config: &Config, copy: &Copy) -> String {
    let file = shown(&config.data_file);
    let made_at = copy.made_at.to_string();
    let (date, time) = (made_at.get(..10).unwrap_or_default(), made_at.get(11..16).unwrap_or_default());
    format!(
        "{} is damaged or missing and cannot be opened.\n\nShall Innkeeper put the newest back-up in its place? It was \
         made on {date} at {time} (UTC); what was entered later is not in it. What is left of the file is kept.",
        file.display()
    )
}

fn put_in_place(config: &Config, copy: &Copy) -> Result<(), Failure> {
    let (data_file, context) = (&config.data_file, context());
    let known = known(data_file, &copy.path, &Plan::default(), Known::default())?;
    let prepared = prepare(&copy.path, None, data_file, known, &context, &config.database)?;
    if let Some(aside) = prepared.put_in_place(data_file, context.now)? {
        log::warn!("the back-up {} is in place; the damaged file is kept as {}", copy.name, aside.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{DataFile, Settings};
    use crate::db::Options;
    use crate::hotel::backups::pack;

    /// A hotel's file whose first page is spoilt, with one good copy in its folder.
    fn damaged() -> (tempfile::TempDir, Config) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("hotel.db");
        Db::open(&file, &Options::default(), Box::new(|_| ())).expect("a hotel").close();
        let copies = default_folder(&file);
        std::fs::create_dir(&copies).expect("a folder");
        let name = copies::name("hotel", context().now);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::copy(&mut std::fs::File::open(&file).expect("the file"), &mut packed).expect("read");
        std::fs::write(copies.join(name), packed.finish().expect("packed")).expect("written");
        let mut bytes = std::fs::read(&file).expect("the file");
        bytes[100..4096].fill(0xa5);
        std::fs::write(&file, bytes).expect("damage");
        let config = Config::load(&DataFile::default(), Settings::default(), file).expect("a configuration");
        (folder, config)
    }

    #[test]
    fn the_newest_copy_takes_the_place_of_a_damaged_file_which_is_kept() {
        let (folder, config) = damaged();
        let spoilt = std::fs::read(&config.data_file).expect("the file");
        let events = Arc::new(EventHub::default());
        assert!(serve::open(&config, &events).is_err(), "it is damaged");
        let copy = newest(&config).expect("a copy");
        assert!(question(&config, &copy).contains("Shall Innkeeper put the newest back-up in its place?"));
        put_in_place(&config, &copy).expect("put in place");
        serve::open(&config, &events).expect("the hotel again").close();
        let kept = std::fs::read_dir(folder.path()).expect("the folder").flatten().map(|entry| entry.path());
        let kept: Vec<_> = kept.filter(|path| path.to_string_lossy().contains("-replaced-")).collect();
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert_eq!(std::fs::read(&kept[0]).expect("the damaged file"), spoilt);
    }

    #[test]
    fn without_an_answer_a_damaged_file_stays_as_it_is() {
        let (_folder, config) = damaged();
        let spoilt = std::fs::read(&config.data_file).expect("the file");
        assert!(matches!(open(&config, &Arc::new(EventHub::default())), Err(Failure::Open(OpenError::Damaged { .. }))));
        assert_eq!(std::fs::read(&config.data_file).expect("the file"), spoilt);
        assert!(pack::form(&config.data_file).is_ok());
    }
}
