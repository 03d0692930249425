#![doc = include_str!("ARCHITECTURE.md")]

pub mod cache;
pub mod cli;
pub mod config;
pub mod db;
pub mod domain;
pub mod error;
pub mod gate;
pub mod gzip;
pub mod hotel;
pub mod http;
pub mod jobs;
pub mod kept;
pub mod lan;
pub mod routes;
pub mod server;
pub mod watch;
