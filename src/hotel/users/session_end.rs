//! What is done when sign-ins are over, asked for or not: signed out, revoked, expired, or of an
//! account that was closed.

use super::session;
use super::sign_ins::SignIns;
use crate::db::Table;
use crate::domain::date::Instant;
use crate::error::Result;
use crate::hotel::Memory;
use crate::http::state::App;
use crate::jobs::{Job, every};

/// The pause after the database could not tell.
const RETRY_SECONDS: i64 = 1;

pub fn jobs(memory: &Memory) -> Vec<Job> {
    let (known, same) = (memory.sign_ins.clone(), memory.sign_ins.clone());
    let close_ended = move |app: &App| session::close_ended(app, &known).map(|()| None);
    vec![
        every("close_ended_sign_ins", 10, close_ended),
        every("end_streams", 60, move |app| end_streams(app, &same)).after(&[Table::User, Table::Session]).leaves_file(),
    ]
}

/// Ends the event streams of sign-ins that are over; when the next will be. A job of its own, since a
/// commit must not wait for it and a stream's end needs no request.
///
/// # Errors
/// None: it is tried again soon when the database cannot tell.
pub fn end_streams(app: &App, sign_ins: &SignIns) -> Result<Option<Instant>> {
    let mut next: Option<Instant> = None;
    for session in app.events.streams.sessions() {
        match session::end_of(app, sign_ins, session) {
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
