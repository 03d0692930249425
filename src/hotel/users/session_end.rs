//! What is done when sign-ins are over, asked for or not: signed out, revoked, expired, or of an
//! account that was closed.

use super::session;
use crate::app::App;
use crate::db::Table;
use crate::domain::date::Instant;
use crate::error::Result;
use crate::jobs::{Job, every};

/// The pause after the database could not tell.
const RETRY_SECONDS: i64 = 1;

pub fn jobs() -> Vec<Job> {
    let close_ended = |app: &App| session::close_ended(app).map(|()| None);
    vec![
        every("close_ended_sign_ins", 10, close_ended),
        every("end_streams", 60, end_streams).after(&[Table::User, Table::Session]).leaves_file(),
    ]
}

/// Ends the event streams of sign-ins that are over; when the next will be. A job of its own, since a
/// commit must not wait for it and a stream's end needs no request.
///
/// # Errors
/// None: it is tried again soon when the database cannot tell.
pub fn end_streams(app: &App) -> Result<Option<Instant>> {
    let mut next: Option<Instant> = None;
    for session in app.events.streams.sessions() {
        match session::end_of(app, session) {
            Err(error) => {
                log::warn!("whether a sign-in is over could not be told: {error}");
                return Ok(Some(app.clock.now().plus_seconds(RETRY_SECONDS)));
            }
            Ok(Some(end)) => next = Some(next.map_or(end, |soonest| end.min(soonest))),
            Ok(None) => {
                app.events.streams.ended(session);
                app.events.close_streams(&session.to_string());
            }
        }
    }
    Ok(next)
}
