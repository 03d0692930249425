//! Where log lines go, and how they look: to the console or to a file of bounded
//! size, for people or for machines. Decides nothing about what is logged.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use env_logger::Target;
use env_logger::fmt::Formatter;
use log::Record;
use log::kv::{Error, Key, Value, VisitSource};
use serde_json::{Map, Value as Json};

use super::Failure;
use crate::config::{LogFormat, LogSettings};
use crate::hotel::backups::pack::{self, Form};

/// Starts the log of a server. The level is the setting's, else RUST_LOG's, else info.
pub(super) fn start(settings: &LogSettings) -> Result<(), Failure> {
    let mut builder = env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info"));
    if let Some(level) = settings.level {
        builder.filter_level(level);
    }
    match settings.format {
        LogFormat::Text => builder.format(as_text),
        LogFormat::Json => builder.format(as_json),
    };
    if let Some(path) = &settings.file {
        if pack::form(path).is_ok_and(|form| form != Form::Other) {
            return Err(Failure::Plain(format!(
                "{} is a data file or a back-up; name another file for the log.",
                path.display()
            )));
        }
        let file = RotatingFile::open(path, settings.file_bytes, settings.file_count)
            .map_err(super::io_failure(format!("The log file {} cannot be written.", path.display())))?;
        builder.target(Target::Pipe(Box::new(file)));
    }
    // Only a second start within one process could fail here, and there is none.
    let _ = builder.try_init();
    Ok(())
}

/// A line for people: when, how grave, who says it, what.
fn as_text(out: &mut Formatter, record: &Record) -> io::Result<()> {
    let message = record.args().to_string().replace('\n', " | ");
    writeln!(out, "{} {:5} {}: {message}", out.timestamp_millis(), record.level(), record.target())
}

/// A JSON object a line, with the fields that the record carries.
fn as_json(out: &mut Formatter, record: &Record) -> io::Result<()> {
    let mut line = Map::new();
    line.insert("at".to_owned(), out.timestamp_millis().to_string().into());
    line.insert("level".to_owned(), record.level().as_str().to_ascii_lowercase().into());
    line.insert("target".to_owned(), record.target().into());
    line.insert("message".to_owned(), record.args().to_string().into());
    record.key_values().visit(&mut Collect(&mut line)).map_err(io::Error::other)?;
    writeln!(out, "{}", Json::Object(line))
}

struct Collect<'a>(&'a mut Map<String, Json>);

impl<'kvs> VisitSource<'kvs> for Collect<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let json = match (value.to_bool(), value.to_u64()) {
            (Some(yes), _) => yes.into(),
            (None, Some(number)) => number.into(),
            (None, None) => value.to_string().into(),
        };
        self.0.insert(key.as_str().to_owned(), json);
        Ok(())
    }
}

/// A file that is put aside when it is full: `x.log` becomes `x.log.1`, that one
/// `x.log.2`, and the oldest is removed.
struct RotatingFile {
    path: PathBuf,
    /// `None` only while the files are moved.
    file: Option<File>,
    length: u64,
    limit: u64,
    count: u32,
}

impl RotatingFile {
    /// Goes on where an earlier start ended. `count` files of `limit` bytes are kept
    /// beside the one that is written.
    fn open(path: &Path, limit: u64, count: u32) -> io::Result<RotatingFile> {
        let file = append(path)?;
        let length = file.metadata()?.len();
        Ok(RotatingFile { path: path.to_owned(), file: Some(file), length, limit, count })
    }

    fn aside(&self, number: u32) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(format!(".{number}"));
        name.into()
    }

    /// Puts the full file aside and begins anew. What cannot be moved is written on.
    fn rotate(&mut self) -> io::Result<()> {
        self.file = None;
        for number in (1..self.count).rev() {
            move_over(&self.aside(number), &self.aside(number + 1))?;
        }
        if self.count == 0 {
            std::fs::remove_file(&self.path)?;
        } else {
            move_over(&self.path, &self.aside(1))?;
        }
        self.length = 0;
        Ok(())
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

/// Renames a file, over another if need be; one that is not there is none the worse.
fn move_over(from: &Path, to: &Path) -> io::Result<()> {
    match std::fs::rename(from, to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

impl Write for RotatingFile {
    /// Takes a whole record, which never ends up in two files.
    fn write(&mut self, record: &[u8]) -> io::Result<usize> {
        let length = record.len() as u64;
        if self.length > 0 && self.length + length > self.limit {
            // The log cannot log that it could not be moved; it goes on growing, and tries again.
            let _ = self.rotate();
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(append(&self.path)?),
        };
        file.write_all(record)?;
        self.length += length;
        Ok(record.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), File::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(folder: &Path) -> Vec<(String, String)> {
        let mut files: Vec<(String, String)> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry"))
            .map(|e| (e.file_name().to_string_lossy().into_owned(), std::fs::read_to_string(e.path()).expect("a text")))
            .collect();
        files.sort();
        files
    }

    fn files(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn full_files_are_put_aside_and_the_oldest_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.log");
        let mut file = RotatingFile::open(&path, 10, 2).expect("open");
        for number in 1..=7 {
            file.write_all(format!("line{number}\n").as_bytes()).expect("write");
        }
        assert_eq!(written(folder.path()), files(&[("x.log", "line7\n"), ("x.log.1", "line6\n"), ("x.log.2", "line5\n")]));
    }

    #[test]
    fn a_later_start_goes_on_and_a_long_line_stays_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.log");
        RotatingFile::open(&path, 10, 1).expect("open").write_all(b"a\n").expect("write");
        let mut file = RotatingFile::open(&path, 10, 1).expect("open again");
        file.write_all(b"b\n").expect("write");
        file.write_all(b"longer than a file may be\n").expect("write");
        let whole = files(&[("x.log", "longer than a file may be\n"), ("x.log.1", "a\nb\n")]);
        assert_eq!(written(folder.path()), whole);
        let mut file = RotatingFile::open(&path, 10, 0).expect("none kept");
        file.write_all(b"c\n").expect("write");
        assert_eq!(written(folder.path())[0], ("x.log".to_owned(), "c\n".to_owned()));
    }
}
