//! What can be answered at once: from memory, without a look into the file, without anything that takes
//! a moment. Looking for it leaves no trace but that a sign-in was seen, so that a request for which
//! nothing is ready goes its usual way as if nobody had looked.

use std::sync::Arc;

use super::{check_access, is_api, is_sent_packed, kept_under, token};
use crate::cache::Body;
use crate::domain::actor::Actor;
use crate::http::assets;
use crate::http::fields::Chosen;
use crate::http::request::Request;
use crate::http::response::Response;
use crate::http::router::Found;
use crate::http::state::App;

/// An answer, but for what is counted and written down of it.
pub(super) enum Ready {
    /// A file of the UI.
    Page(Response),
    /// What was made before for the same question of the same role.
    Kept { index: usize, actor: Actor, limit: u32, body: Arc<Body> },
}

/// `room` = the longest body.
pub(super) fn find(app: &App, request: &Request, room: usize) -> Option<Ready> {
    if !request.method.is_safe() || !request.body.is_empty() {
        return None;
    }
    if !is_api(request) {
        if !assets::are_open() {
            return None;
        }
        let page = assets::serve(request);
        return (page.payload.bytes().len() <= room).then_some(Ready::Page(page));
    }
    let Found::Endpoint { index, endpoint, mut params } = app.router.find(request.method, &request.path) else { return None };
    if endpoint.tags.is_empty() || (app.db.is_read_only() && !endpoint.leaves_file) {
        return None;
    }
    let limit = app.known_rate_limit()?;
    let actor = match token(app, request) {
        Some((token, _)) => (app.hooks.recall)(app, token, request)?,
        None => Actor::stranger(&request.address),
    };
    check_access(endpoint, &actor).ok()?;
    params.extend(request.query_pairs());
    let fields = Chosen::take(endpoint, &mut params).ok()?;
    let key = kept_under(&actor, request, &params, fields.as_ref());
    let body = app.cache.peek(&key, app.db.generations().of(endpoint.tags))?;
    let is_packed = is_sent_packed(request, &body);
    let length = match (is_packed, body.is_packed()) {
        (true, true) => body.gzip().len(),
        // Packing it takes a moment.
        (true, false) => return None,
        (false, _) => body.plain.len(),
    };
    (length <= room).then_some(Ready::Kept { index, actor, limit, body })
}
