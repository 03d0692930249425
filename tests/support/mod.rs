//! What the tests stand on: a hotel in a temporary file, and a running one.

pub mod answer;
pub mod client;
pub mod fixture;
pub mod hotel;
pub mod numbers;
pub mod running;
pub mod written;

pub use answer::Answer;
pub use hotel::{Asking, TestHotel};
pub use running::RunningHotel;
