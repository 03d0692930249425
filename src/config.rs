//! Settings of one start: flags before environment before file, merged once
//! into one immutable `Config`. Reads the configuration file and nothing else.

mod network;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use serde::Deserialize;

use crate::db::{self, beside};
use crate::gate::GateConfig;
use crate::http::rate_limit::LEAST_RATE_LIMIT;
use crate::http::state::AppOptions;
use crate::lan;
pub use network::NetworkSettings;

/// The configuration file that is looked for beside the data file.
pub const FILE_NAME: &str = "innkeeper.toml";

/// They read and reckon; none of them waits for the disk.
const THREADS: usize = 16;
const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

/// Why the settings cannot be used, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("The configuration file {path} cannot be read.")]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("The configuration file {path} is not right: {what}")]
    Wrong { path: PathBuf, what: String },
    #[error(
        "The configuration file {path} names a data file, but was found beside one. \
         Name the data file with --db, or this file with --config."
    )]
    DataFileInside { path: PathBuf },
    #[error(
        "{address} is open to other machines. --listen is for this machine: use --listen 127.0.0.1:{port}, \
         and open the hotel to the network in its settings."
    )]
    NotLoopback { address: SocketAddr, port: u16 },
}

/// Which files a command works on.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct DataFile {
    /// The hotel's data file [default: hotel.db beside the program when it is there, else in your data folder]
    #[arg(long, value_name = "FILE", env = "INNKEEPER_DB", hide_env_values = true)]
    pub db: Option<PathBuf>,
    /// Configuration file [default: innkeeper.toml beside the data file, when it is there]
    #[arg(long, value_name = "FILE", env = "INNKEEPER_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,
}

/// What may be set by flag, environment or file; all of it has a default.
#[derive(Debug, Clone, Default, clap::Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Settings {
    /// Where the hotel opens: an address of this machine, with a port (0 = any free one) [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT", env = "INNKEEPER_LISTEN", hide_env_values = true)]
    pub listen: Option<Listen>,
    /// Where the hotel opens to other machines when its switch is on [default: everywhere, at the port of its settings]
    #[arg(long, value_name = "ADDRESS:PORT", env = "INNKEEPER_LAN_LISTEN", hide_env_values = true)]
    pub lan_listen: Option<SocketAddr>,
    /// The hotel's own certificate for them, with its chain (PEM) [default: one that Innkeeper makes]
    #[arg(long, value_name = "FILE", env = "INNKEEPER_LAN_CERTIFICATE", hide_env_values = true, requires = "lan_key")]
    pub lan_certificate: Option<PathBuf>,
    /// The key of that certificate (PEM)
    #[arg(long, value_name = "FILE", env = "INNKEEPER_LAN_KEY", hide_env_values = true, requires = "lan_certificate")]
    pub lan_key: Option<PathBuf>,
    /// Reverse proxies before the hotel, whose X-Forwarded-For is believed; with commas between [default: none]
    #[arg(long, value_name = "ADDRESS", env = "INNKEEPER_TRUSTED_PROXIES", hide_env_values = true, value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<IpAddr>>,
    /// Do not open the browser
    #[arg(long, env = "INNKEEPER_NO_BROWSER", hide_env_values = true, num_args = 0..=1, require_equals = true, default_missing_value = "true",
        value_name = "BOOL", value_parser = BoolishValueParser::new(), hide_possible_values = true)]
    pub no_browser: Option<bool>,
    /// Another program (Litestream) copies the data file's log elsewhere and alone folds it in [default: false]
    #[arg(long, env = "INNKEEPER_REPLICATED", hide_env_values = true, num_args = 0..=1, require_equals = true, default_missing_value = "true",
        value_name = "BOOL", value_parser = BoolishValueParser::new(), hide_possible_values = true)]
    pub replicated: Option<bool>,
    /// Show a copy for reports: nothing in it can be changed, and nothing is written to its file [default: false]
    #[arg(long, env = "INNKEEPER_READ_ONLY", hide_env_values = true, num_args = 0..=1, require_equals = true, default_missing_value = "true",
        value_name = "BOOL", value_parser = BoolishValueParser::new(), hide_possible_values = true)]
    pub read_only: Option<bool>,
    /// Requests a minute that one person may make, 120 at least; 0 = no limit [default: the hotel's own setting]
    #[arg(long, value_name = "N", env = "INNKEEPER_RATE_LIMIT", hide_env_values = true, value_parser = rate_limit)]
    pub rate_limit: Option<u32>,
    /// What is written to the log [default: info]
    #[arg(long, value_name = "LEVEL", env = "INNKEEPER_LOG_LEVEL", hide_env_values = true)]
    pub log_level: Option<LogLevel>,
    /// How log lines look: for people, or a JSON object a line for machines [default: text]
    #[arg(long, value_name = "FORMAT", env = "INNKEEPER_LOG_FORMAT", hide_env_values = true)]
    pub log_format: Option<LogFormat>,
    /// Write the log to this file instead of the console
    #[arg(long, value_name = "FILE", env = "INNKEEPER_LOG_FILE", hide_env_values = true)]
    pub log_file: Option<PathBuf>,
    /// A log file of this size is put aside as FILE.1, the one before as FILE.2 … [default: 10]
    #[arg(long, value_name = "MB", env = "INNKEEPER_LOG_FILE_SIZE", hide_env_values = true, help_heading = FINE)]
    pub log_file_size: Option<u32>,
    /// Log files that are put aside before the oldest is removed [default: 5]
    #[arg(long, value_name = "N", env = "INNKEEPER_LOG_FILE_COUNT", hide_env_values = true, help_heading = FINE)]
    pub log_file_count: Option<u32>,
    /// Threads that answer requests, 1 to 64 [default: 16]
    #[arg(long, value_name = "N", env = "INNKEEPER_THREADS", hide_env_values = true, value_parser = clap::value_parser!(u16).range(1..=64), help_heading = FINE)]
    pub threads: Option<u16>,
    /// Connections that read the database, 1 to 64 [default: 8]
    #[arg(long, value_name = "N", env = "INNKEEPER_READERS", hide_env_values = true, value_parser = clap::value_parser!(u32).range(1..=64), help_heading = FINE)]
    pub readers: Option<u32>,
    /// How long a request waits for one of them [default: 5]
    #[arg(long, value_name = "SECONDS", env = "INNKEEPER_READER_TIMEOUT", hide_env_values = true, help_heading = FINE)]
    pub reader_timeout: Option<u32>,
    /// A reading connection is replaced after this long; 0 = never [default: 3600]
    #[arg(long, value_name = "SECONDS", env = "INNKEEPER_READER_LIFETIME", hide_env_values = true, help_heading = FINE)]
    pub reader_lifetime: Option<u32>,
    /// Test a reading connection each time it is taken [default: false]
    #[arg(long, value_name = "BOOL", env = "INNKEEPER_TEST_ON_CHECK_OUT", hide_env_values = true, value_parser = BoolishValueParser::new(),
        hide_possible_values = true, help_heading = FINE)]
    pub test_on_check_out: Option<bool>,
    /// How long the database waits for another program that holds its file [default: 5]
    #[arg(long, value_name = "SECONDS", env = "INNKEEPER_BUSY_TIMEOUT", hide_env_values = true, help_heading = FINE)]
    pub busy_timeout: Option<u32>,
    /// A statement slower than this is logged and counted [default: 500]
    #[arg(long, value_name = "MS", env = "INNKEEPER_SLOW_STATEMENT", hide_env_values = true, help_heading = FINE)]
    pub slow_statement: Option<u32>,
    /// A request slower than this is logged as slow and counted [default: 1000]
    #[arg(long, value_name = "MS", env = "INNKEEPER_SLOW_REQUEST", hide_env_values = true, help_heading = FINE)]
    pub slow_request: Option<u32>,
    /// Memory for answers that are kept; 0 = none are [default: 16]
    #[arg(long, value_name = "MB", env = "INNKEEPER_CACHE_MEMORY", hide_env_values = true, value_parser = clap::value_parser!(u32).range(0..=4096), help_heading = FINE)]
    pub cache_memory: Option<u32>,
    /// The longest that an answer is kept [default: 300]
    #[arg(long, value_name = "SECONDS", env = "INNKEEPER_CACHE_TTL", hide_env_values = true, help_heading = FINE)]
    pub cache_ttl: Option<u32>,
    #[command(flatten)]
    #[serde(skip)]
    pub network: NetworkSettings,
}

const FINE: &str = "Fine tuning";

macro_rules! first_given {
    ($first:ident, $second:ident: $($field:ident)*) => {
        Settings { $($field: $first.$field.or($second.$field)),*, network: $first.network.or($second.network) }
    };
}

impl Settings {
    /// These settings, and those of `other` where nothing was given here.
    fn or(self, other: Settings) -> Settings {
        first_given!(self, other: listen lan_listen lan_certificate lan_key trusted_proxies no_browser replicated read_only rate_limit log_level log_format log_file log_file_size
            log_file_count threads readers reader_timeout reader_lifetime
            test_on_check_out busy_timeout slow_statement slow_request cache_memory cache_ttl)
    }
}

/// An address to listen at: `127.0.0.1:8080`, `localhost:8080`, or a port alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Listen(pub SocketAddr);

impl FromStr for Listen {
    type Err = String;
    fn from_str(text: &str) -> Result<Listen, String> {
        let local = |port: u16| Listen(SocketAddr::from(([127, 0, 0, 1], port)));
        let port = text.strip_prefix("localhost:").unwrap_or(text).parse().map(local);
        port.or_else(|_| text.parse().map(Listen))
            .map_err(|_| format!("must be an address with a port, such as {DEFAULT_LISTEN}"))
    }
}

impl TryFrom<String> for Listen {
    type Error = String;
    fn try_from(text: String) -> Result<Listen, String> {
        text.parse()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Off,
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// What is logged, how and where.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// `None` = what RUST_LOG says, else info.
    pub level: Option<log::LevelFilter>,
    pub format: LogFormat,
    /// `None` = the console.
    pub file: Option<PathBuf>,
    pub file_bytes: u64,
    pub file_count: u32,
}

impl From<LogLevel> for log::LevelFilter {
    fn from(level: LogLevel) -> log::LevelFilter {
        match level {
            LogLevel::Off => log::LevelFilter::Off,
            LogLevel::Error => log::LevelFilter::Error,
            LogLevel::Warn => log::LevelFilter::Warn,
            LogLevel::Info => log::LevelFilter::Info,
            LogLevel::Debug => log::LevelFilter::Debug,
            LogLevel::Trace => log::LevelFilter::Trace,
        }
    }
}

/// Everything that a start goes by.
#[derive(Clone)]
pub struct Config {
    pub data_file: PathBuf,
    pub listen: SocketAddr,
    pub opens_browser: bool,
    pub log: LogSettings,
    pub threads: usize,
    pub database: db::Options,
    pub app: AppOptions,
    pub lan: lan::Options,
    pub gate: GateConfig,
}

impl Config {
    /// Puts flags (with the environment in them) and the file together.
    /// `default_file` is the data file when none is named.
    ///
    /// # Errors
    /// A file that cannot be read or has unknown settings; an address that other machines reach.
    pub fn load(choice: &DataFile, flags: Settings, default_file: PathBuf) -> Result<Config, ConfigError> {
        let (data_file, file) = match &choice.config {
            Some(path) => {
                let (inside, file) = read(path)?;
                let inside = inside.map(|p| path.parent().unwrap_or(Path::new("")).join(p));
                (choice.db.clone().or(inside).unwrap_or(default_file), file)
            }
            None => {
                let data_file = choice.db.clone().unwrap_or(default_file);
                let path = data_file.with_file_name(FILE_NAME);
                let (inside, file) = if path.is_file() { read(&path)? } else { Default::default() };
                if inside.is_some() {
                    return Err(ConfigError::DataFileInside { path });
                }
                (data_file, file)
            }
        };
        resolve(data_file, flags.or(file))
    }
}

/// The data file that a configuration file names, and its settings.
fn read(path: &Path) -> Result<(Option<PathBuf>, Settings), ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    let wrong = |error: toml::de::Error| ConfigError::Wrong { path: path.to_owned(), what: error.to_string() };
    let mut table: toml::Table = toml::from_str(&text).map_err(wrong)?;
    let data_file = table.remove("db").map(PathBuf::deserialize).transpose().map_err(wrong)?;
    let (network, table): (toml::Table, toml::Table) = table.into_iter().partition(|(name, _)| NetworkSettings::has(name));
    let mut settings = Settings::deserialize(table).map_err(wrong)?;
    settings.network = NetworkSettings::deserialize(network).map_err(wrong)?;
    check_ranges(path, &settings)?;
    Ok((data_file, settings))
}

/// A limit that leaves room for signing in and opening a page.
fn rate_limit(text: &str) -> Result<u32, String> {
    let limit = text.parse::<u32>().map_err(|_| "must be a whole number".to_owned())?;
    if limit == 0 || limit >= LEAST_RATE_LIMIT { Ok(limit) } else { Err(format!("must be 0, or {LEAST_RATE_LIMIT} at least")) }
}

/// What clap checks of the flags.
fn check_ranges(path: &Path, settings: &Settings) -> Result<(), ConfigError> {
    let wrong = |what: &str| Err(ConfigError::Wrong { path: path.to_owned(), what: what.to_owned() });
    if settings.threads.is_some_and(|n| !(1..=64).contains(&n)) {
        return wrong("threads must be from 1 to 64");
    }
    if settings.readers.is_some_and(|n| !(1..=64).contains(&n)) {
        return wrong("readers must be from 1 to 64");
    }
    if settings.rate_limit.is_some_and(|limit| rate_limit(&limit.to_string()).is_err()) {
        return wrong("rate-limit must be 0, or 120 at least");
    }
    if settings.cache_memory.is_some_and(|mb| mb > 4096) {
        return wrong("cache-memory must be from 0 to 4096");
    }
    settings.network.check().or_else(|what| wrong(&what))
}

fn resolve(data_file: PathBuf, settings: Settings) -> Result<Config, ConfigError> {
    let listen = match settings.listen {
        Some(Listen(address)) => address,
        None => SocketAddr::from(([127, 0, 0, 1], 8080)),
    };
    if !listen.ip().to_canonical().is_loopback() {
        return Err(ConfigError::NotLoopback { address: listen, port: listen.port() });
    }
    let seconds = |given: Option<u32>, default: Duration| given.map_or(default, |s| Duration::from_secs(s.into()));
    let (database, app) = (db::Options::default(), AppOptions::default());
    let database = db::Options {
        readers: settings.readers.unwrap_or(database.readers),
        reader_timeout: seconds(settings.reader_timeout, database.reader_timeout).max(Duration::from_millis(1)),
        reader_lifetime: match settings.reader_lifetime {
            Some(0) => None,
            Some(lifetime) => Some(Duration::from_secs(lifetime.into())),
            None => database.reader_lifetime,
        },
        test_on_check_out: settings.test_on_check_out.unwrap_or(database.test_on_check_out),
        busy_timeout: seconds(settings.busy_timeout, database.busy_timeout),
        slow_statement: settings.slow_statement.map_or(database.slow_statement, |ms| Duration::from_millis(ms.into())),
        is_replicated: settings.replicated.unwrap_or(false),
        is_read_only: settings.read_only.unwrap_or(false),
        migrations: database.migrations,
        before_upgrade: database.before_upgrade,
    };
    let app = AppOptions {
        rate_limit: settings.rate_limit,
        cache_bytes: settings.cache_memory.map_or(app.cache_bytes, |mb| mb as usize * 1024 * 1024),
        cache_ttl: seconds(settings.cache_ttl, app.cache_ttl).max(Duration::from_secs(1)),
        slow_request: settings.slow_request.map_or(app.slow_request, |ms| Duration::from_millis(ms.into())),
        setup_code: None,
        trusted_proxies: settings.trusted_proxies.unwrap_or_default(),
    };
    Ok(Config {
        data_file: beside::real(data_file),
        listen,
        opens_browser: !settings.no_browser.unwrap_or(false),
        log: LogSettings {
            level: settings.log_level.map(log::LevelFilter::from),
            format: settings.log_format.unwrap_or_default(),
            file: settings.log_file,
            file_bytes: u64::from(settings.log_file_size.unwrap_or(10).max(1)) * 1_000_000,
            file_count: settings.log_file_count.unwrap_or(5).min(1000),
        },
        threads: settings.threads.map_or(THREADS, usize::from),
        database,
        app,
        lan: lan::Options { listen: settings.lan_listen, own: settings.lan_certificate.zip(settings.lan_key) },
        gate: settings.network.resolve(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, flags: Settings) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().expect("folder");
        std::fs::write(folder.path().join(FILE_NAME), file).expect("write");
        Config::load(&DataFile::default(), flags, folder.path().join("hotel.db"))
    }

    #[test]
    fn flags_come_before_the_file_and_the_file_before_the_defaults() {
        let flags = Settings { threads: Some(3), ..Settings::default() };
        let config = load("threads = 5\nreaders = 4\nlisten = \"localhost:9000\"\nno-browser = true", flags).expect("good");
        assert_eq!((config.threads, config.database.readers, config.listen.port()), (3, 4, 9000));
        assert_eq!((config.opens_browser, config.app.cache_bytes), (false, AppOptions::default().cache_bytes));
    }

    #[test]
    fn a_file_with_something_unknown_or_out_of_range_is_refused() {
        for file in [
            "colour = 1",
            "queue-limit = 0",
            "allowed-hosts = \"hotel.lan\"",
            "threads = 0",
            "readers = 65",
            "cache-memory = 4097",
            "rate-limit = 1",
            "trusted-proxies = [\"proxy\"]",
            "listen = \"nowhere\"",
            "threads = \"x\"",
            "= 1",
        ] {
            assert!(matches!(load(file, Settings::default()), Err(ConfigError::Wrong { .. })), "{file}");
        }
        assert!(matches!(load("db = \"x.db\"", Settings::default()), Err(ConfigError::DataFileInside { .. })));
    }

    #[test]
    fn a_named_file_may_name_the_data_file_beside_itself() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("my.toml");
        std::fs::write(&path, "db = \"my.db\"").expect("write");
        let choice = DataFile { db: None, config: Some(path) };
        let config = Config::load(&choice, Settings::default(), "else.db".into()).expect("good");
        assert_eq!(config.data_file, folder.path().join("my.db"));
    }

    #[test]
    fn only_addresses_of_this_machine_are_taken() {
        for (text, port) in [("8081", 8081), ("localhost:1", 1), ("127.0.0.2:2", 2), ("[::1]:3", 3)] {
            let flags = Settings { listen: Some(text.parse().expect(text)), ..Settings::default() };
            assert_eq!(load("", flags).expect(text).listen.port(), port);
        }
        for text in ["0.0.0.0:8080", "192.168.1.5:8080", "[::]:1"] {
            let flags = Settings { listen: Some(text.parse().expect(text)), ..Settings::default() };
            assert!(matches!(load("", flags), Err(ConfigError::NotLoopback { .. })), "{text}");
        }
        for text in ["", "hotel:80", "1.2.3.4", "127.0.0.1:99999"] {
            assert!(text.parse::<Listen>().is_err(), "{text}");
        }
    }
}
