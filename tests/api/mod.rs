//! What the API promises, asked of the library's request path without a socket.

mod auth;
mod conventions;
mod setup;
