//! Ends the event streams of sign-ins that are over: signed out, revoked, expired,
//! or of an account that was closed. A thread of its own, since a commit must not
//! wait for it and a stream's end needs no request.

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use super::worker::STACK_BYTES;
use crate::app::{App, Wake};

/// How long a sign-in's end may be waited for at once: a machine's clock may be
/// set while nothing else happens.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The pause after the database could not tell.
const RETRY: Duration = Duration::from_secs(1);

/// Starts the thread; it runs until the streams are closed.
pub(super) fn start(app: &Arc<App>) -> io::Result<JoinHandle<()>> {
    let app = app.clone();
    std::thread::Builder::new().name("doorkeeper".to_owned()).stack_size(STACK_BYTES).spawn(move || {
        let mut longest = None;
        while app.events.streams.wait(longest) == Wake::Look {
            longest = end_streams(&app);
        }
    })
}

/// Ends the streams of sign-ins that are over; how long until the next may be.
pub(super) fn end_streams(app: &App) -> Option<Duration> {
    let mut next: Option<_> = None;
    for session in app.events.streams.sessions() {
        match (app.hooks.session_end)(app, session) {
            Ok(Some(end)) => next = Some(next.map_or(end, |soonest| end.min(soonest))),
            Ok(None) => {
                app.events.streams.ended(session);
                app.events.close_streams(&session.to_string());
            }
            Err(error) => {
                log::warn!("whether a sign-in is over could not be told: {error}");
                return Some(RETRY);
            }
        }
    }
    let left = next?.as_millisecond().saturating_sub(app.clock.now().as_millisecond());
    Some(Duration::from_millis(u64::try_from(left).unwrap_or(0).saturating_add(1)).min(LONGEST_WAIT))
}
