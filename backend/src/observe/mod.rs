//! How one sees what goes on: health, and the log.

pub mod health;
pub mod log;
