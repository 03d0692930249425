//! The settings of the gate: what it lets in, how long it waits, what it holds.

use std::time::Duration;

use serde::Deserialize;

use crate::gate::GateConfig;

const NETWORK: &str = "Network limits";

/// Declares the settings that are numbers once: name, variable, unit, range, help.
macro_rules! numbers {
    ($($(#[$help:meta])* $field:ident: $variable:literal, $unit:literal, $least:literal to $most:literal;)*) => {
        /// Limits, deadlines and memory of the gate; all have defaults.
        #[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args, Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
        pub struct NetworkSettings {
            $(
                $(#[$help])*
                #[arg(long, value_name = $unit, env = $variable, hide_env_values = true,
                    value_parser = clap::value_parser!(u32).range($least..=$most), help_heading = NETWORK)]
                pub $field: Option<u32>,
            )*
            /// Names this machine has in the network, with commas between; addresses and localhost need no mention
            #[arg(long, value_name = "NAME", env = "INNKEEPER_ALLOWED_HOSTS", hide_env_values = true, value_delimiter = ',',
                value_parser = host_name, help_heading = NETWORK)]
            pub allowed_hosts: Option<Vec<String>>,
        }

        impl NetworkSettings {
            /// Whether the configuration file's setting of that name is one of these.
            pub fn has(name: &str) -> bool {
                name == "allowed-hosts" || [$(stringify!($field)),*].iter().any(|field| field.replace('_', "-") == name)
            }

            /// These settings, and those of `other` where nothing was given here.
            pub fn or(self, other: NetworkSettings) -> NetworkSettings {
                NetworkSettings {
                    $($field: self.$field.or(other.$field),)*
                    allowed_hosts: self.allowed_hosts.or(other.allowed_hosts),
                }
            }

            /// What clap checks of the flags.
            pub fn check(&self) -> Result<(), String> {
                $(
                    if self.$field.is_some_and(|n| !($least..=$most).contains(&n)) {
                        return Err(format!("{} must be from {} to {}", stringify!($field).replace('_', "-"), $least, $most));
                    }
                )*
                let names = self.allowed_hosts.iter().flatten();
                names.map(|name| host_name(name).map(|_| ())).collect()
            }
        }
    };
}

numbers! {
    /// Connections of browsers in all [default: 4096, or what the system's limit on open files leaves]
    max_connections: "INNKEEPER_MAX_CONNECTIONS", "N", 8 to 100_000;
    /// Connections of one address; this machine itself has no such limit [default: 1024]
    max_connections_per_address: "INNKEEPER_MAX_CONNECTIONS_PER_ADDRESS", "N", 1 to 100_000;
    /// Pages in all that hear of changes at once [default: 2048]
    max_event_streams: "INNKEEPER_MAX_EVENT_STREAMS", "N", 1 to 100_000;
    /// Pages of one account that hear of changes at once [default: 64]
    max_event_streams_per_account: "INNKEEPER_MAX_EVENT_STREAMS_PER_ACCOUNT", "N", 1 to 100_000;
    /// Requests that may wait for a thread before others are told to come back [default: 1024]
    queue_limit: "INNKEEPER_QUEUE_LIMIT", "N", 1 to 100_000;
    /// Long requests (sign-ins, exports) that may be inside at once [default: 4]
    long_requests: "INNKEEPER_LONG_REQUESTS", "N", 1 to 64;
    /// The longest head of a request [default: 16]
    head_limit: "INNKEEPER_HEAD_LIMIT", "KB", 1 to 64;
    /// How long the head of a request may take to arrive [default: 10]
    head_timeout: "INNKEEPER_HEAD_TIMEOUT", "SECONDS", 1 to 3600;
    /// How long its body may take, besides the time that its length needs [default: 30]
    body_timeout: "INNKEEPER_BODY_TIMEOUT", "SECONDS", 1 to 3600;
    /// The slowest upload that is waited for, a second [default: 64]
    slowest_upload: "INNKEEPER_SLOWEST_UPLOAD", "KB", 1 to 100_000;
    /// How long a connection may be idle [default: 60]
    idle_timeout: "INNKEEPER_IDLE_TIMEOUT", "SECONDS", 1 to 86_400;
    /// How long a request may wait for a thread [default: 15]
    queue_timeout: "INNKEEPER_QUEUE_TIMEOUT", "SECONDS", 1 to 3600;
    /// How long an answer may take to be made [default: 120]
    answer_timeout: "INNKEEPER_ANSWER_TIMEOUT", "SECONDS", 1 to 86_400;
    /// How long a browser may take nothing of its answer [default: 30]
    write_timeout: "INNKEEPER_WRITE_TIMEOUT", "SECONDS", 1 to 3600;
    /// How long, when others wait for the thread that it keeps busy [default: 5]
    stall_timeout: "INNKEEPER_STALL_TIMEOUT", "SECONDS", 1 to 3600;
    /// How often an open page is sent a sign of life [default: 15]
    ping_interval: "INNKEEPER_PING_INTERVAL", "SECONDS", 1 to 3600;
    /// Memory for requests on their way in [default: 8]
    request_memory: "INNKEEPER_REQUEST_MEMORY", "MB", 1 to 4096;
    /// Memory for answers that browsers have not taken yet [default: 8]
    response_memory: "INNKEEPER_RESPONSE_MEMORY", "MB", 1 to 4096;
    /// Of one answer so much is kept ahead of its browser [default: 1024]
    response_ahead: "INNKEEPER_RESPONSE_AHEAD", "KB", 256 to 1_048_576;
    /// How far a page that hears of changes may fall behind [default: 64]
    event_backlog: "INNKEEPER_EVENT_BACKLOG", "KB", 1 to 1_048_576;
}

/// A name without port and path, as it stands in an address.
fn host_name(text: &str) -> Result<String, String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    if text.is_empty() || text.len() > 253 || !text.bytes().all(fits) {
        return Err(format!("{text:?} is not a machine's name, such as hotel.lan"));
    }
    Ok(text.to_owned())
}

impl NetworkSettings {
    /// The gate's limits, with the defaults where nothing is set.
    pub(super) fn resolve(self) -> GateConfig {
        let default = GateConfig::default();
        let count = |given: Option<u32>, default: usize| given.map_or(default, |n| n as usize);
        let seconds = |given: Option<u32>, default: Duration| given.map_or(default, |n| Duration::from_secs(n.into()));
        let kilobytes = |given: Option<u32>, default: usize| given.map_or(default, |n| n as usize * 1024);
        let megabytes = |given: Option<u32>, default: usize| given.map_or(default, |n| n as usize * 1024 * 1024);
        GateConfig {
            max_connections: count(self.max_connections, default.max_connections),
            max_connections_per_address: count(self.max_connections_per_address, default.max_connections_per_address),
            max_streams: count(self.max_event_streams, default.max_streams),
            max_streams_per_owner: count(self.max_event_streams_per_account, default.max_streams_per_owner),
            queue_limit: count(self.queue_limit, default.queue_limit),
            long_connections: count(self.long_requests, default.long_connections),
            head_limit: kilobytes(self.head_limit, default.head_limit),
            head_timeout: seconds(self.head_timeout, default.head_timeout),
            body_timeout: seconds(self.body_timeout, default.body_timeout),
            body_bytes_per_second: kilobytes(self.slowest_upload, default.body_bytes_per_second),
            idle_timeout: seconds(self.idle_timeout, default.idle_timeout),
            queue_timeout: seconds(self.queue_timeout, default.queue_timeout),
            answer_timeout: seconds(self.answer_timeout, default.answer_timeout),
            write_timeout: seconds(self.write_timeout, default.write_timeout),
            stall_timeout: seconds(self.stall_timeout, default.stall_timeout),
            ping_interval: seconds(self.ping_interval, default.ping_interval),
            request_budget: megabytes(self.request_memory, default.request_budget),
            response_budget: megabytes(self.response_memory, default.response_budget),
            response_whole: kilobytes(self.response_ahead, default.response_whole),
            stream_limit: kilobytes(self.event_backlog, default.stream_limit),
            allowed_hosts: self.allowed_hosts.unwrap_or_default(),
            ..default
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_reaches_the_gate_and_the_flags_come_first() {
        let flags = NetworkSettings { head_timeout: Some(3), ..NetworkSettings::default() };
        let file = "head-timeout = 5\nidle-timeout = 7\nresponse-memory = 2\nhead-limit = 8\nallowed-hosts = [\"hotel.lan\"]";
        let file: NetworkSettings = toml::from_str(file).expect("settings");
        file.check().expect("in range");
        let gate = flags.or(file).resolve();
        assert_eq!((gate.head_timeout, gate.idle_timeout), (Duration::from_secs(3), Duration::from_secs(7)));
        assert_eq!((gate.response_budget, gate.head_limit), (2 * 1024 * 1024, 8 * 1024));
        assert_eq!((gate.allowed_hosts.as_slice(), gate.queue_limit), (["hotel.lan".to_owned()].as_slice(), 1024));
    }

    #[test]
    fn settings_out_of_range_and_names_that_are_none_are_refused() {
        for text in ["queue-limit = 0", "head-limit = 65", "allowed-hosts = [\"http://hotel\"]", "allowed-hosts = [\"\"]"] {
            let settings: NetworkSettings = toml::from_str(text).expect("settings");
            assert!(settings.check().is_err(), "{text}");
        }
        assert!(NetworkSettings::has("long-requests") && !NetworkSettings::has("threads"));
    }
}
