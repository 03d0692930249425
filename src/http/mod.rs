//! From a request's bytes to an answer's: routing, access, decoding, caching.
//!
//! Knows nothing of hotels, and nothing of sockets: `src/server` alone does.

pub mod assets;
pub mod decode;
pub mod endpoint;
pub mod fields;
pub mod idempotency;
pub mod licences;
pub mod metrics;
pub mod openapi;
pub mod paging;
pub mod problem;
pub mod rate_limit;
pub mod record;
pub mod request;
pub mod respond;
pub mod response;
pub mod router;
pub mod state;
pub mod strict;
