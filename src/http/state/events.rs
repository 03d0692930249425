//! What open desks are told: which areas changed, and how many alerts stand.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::signal::Signal;
use super::streams::OpenStreams;
use crate::db::{Table, Tags};
use crate::domain::id::SessionId;
use crate::watch::{Alert, Severity};

/// Which tables make up what the desk calls an area.
pub type Areas = Vec<(&'static str, &'static [Table])>;

/// Where events for open desks go; the gate, once it stands.
pub trait EventSink: Send + Sync {
    /// Sends an event to every open stream.
    fn publish(&self, event: &str, data: &str);
    /// Ends the streams of a session that is no more.
    fn close_streams(&self, key: &str);
}

/// Tells open desks which areas changed. Silent until a sink is set.
#[derive(Default)]
pub struct EventHub {
    sink: OnceLock<Box<dyn EventSink>>,
    pub(super) areas: OnceLock<Areas>,
    pub streams: OpenStreams,
    /// Wakes the jobs.
    pub signal: Signal,
}

impl EventHub {
    pub fn set_sink(&self, sink: Box<dyn EventSink>) {
        if self.sink.set(sink).is_err() {
            log::error!("the event sink was set twice");
        }
    }

    /// Called after each commit with the tables it touched.
    pub fn changed(&self, touched: Tags) {
        self.signal.touch(touched);
        let Some(sink) = self.sink.get() else { return };
        let known = self.areas.get().into_iter().flatten();
        let areas: BTreeSet<&str> = known.filter(|(_, t)| t.iter().any(|t| touched.has(*t))).map(|(area, _)| *area).collect();
        if !areas.is_empty() {
            sink.publish("change", &serde_json::json!({ "areas": areas }).to_string());
        }
    }

    /// Called when an alert begins or ends, with those that stand.
    pub fn alerts(&self, standing: &[Alert]) {
        if let Some(sink) = self.sink.get() {
            sink.publish("alerts", &alerts_in_short(standing).to_string());
        }
    }

    /// A stream of this sign-in is about to be opened. One that ended between its check and now is
    /// found by looking again; the oldest of too many gives way.
    pub fn opened(&self, session: SessionId) {
        if let Some(oldest) = self.streams.opened(session) {
            self.close_streams(&oldest.to_string());
        }
        self.signal.touch(Tags::of(&[Table::Session]));
    }

    pub fn close_streams(&self, key: &str) {
        if let Some(sink) = self.sink.get() {
            sink.close_streams(key);
        }
    }
}

/// How many alerts stand, and the worst severity among them: for a banner.
pub fn alerts_in_short(standing: &[Alert]) -> serde_json::Value {
    let worst = standing.iter().map(|alert| alert.severity).max();
    serde_json::json!({ "count": standing.len(), "worst": worst.map(Severity::as_str) })
}
