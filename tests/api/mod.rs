//! What the API promises, asked of the library's request path without a socket.

mod auth;
mod bookings;
mod conventions;
mod setup;
