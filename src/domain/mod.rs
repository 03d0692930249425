//! The hotel's own words as types: money, dates, stays, states, people.
//!
//! Pure: nothing here reads a file, a socket, a clock or a database.

pub mod actor;
pub mod ages;
pub mod arrival_time;
pub mod bank;
pub mod country;
pub mod date;
pub mod electronic_address;
pub mod extras;
pub mod few;
pub mod id;
pub mod locale;
pub mod money;
pub mod number;
pub mod order;
pub mod percent;
pub mod restriction;
pub mod search_text;
pub mod status;
pub mod stay;
pub mod tax;
pub mod text;
pub mod wording;
