//! What the running program knows of itself: latencies, the newest slow work,
//! the machine it runs on, and the alerts that follow from all of that.
//!
//! Counts and remembers, decides nothing about requests, and holds no personal
//! data: routes and statements by their names, never a parameter.

pub mod alerts;
pub mod histogram;
pub mod machine;
pub mod ring;

pub use alerts::{Alert, AlertCode, Change, Figures, Severity, Thresholds, Watch};
pub use histogram::Histogram;
pub use ring::Ring;

use crate::domain::date::Instant;

/// A request that took long.
#[derive(Debug, Clone)]
pub struct SlowRequest {
    pub at: Instant,
    /// The endpoint's name, method and pattern; what stood in their place is nobody's business.
    pub route: &'static str,
    pub method: &'static str,
    pub pattern: &'static str,
    pub status: u16,
    pub micros: u64,
    pub request_id: String,
}

/// A statement that took long, and how the database went about it.
#[derive(Debug, Clone)]
pub struct SlowStatement {
    pub at: Instant,
    pub name: &'static str,
    /// The statement with `?1` where its values stood.
    pub text: String,
    /// The lines of its query plan.
    pub plan: Vec<String>,
    pub micros: u64,
}
