//! The hotel against a tiny model of it.

mod found;
