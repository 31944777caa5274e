//! What the bar announces to its guests.

pub mod notification;
pub mod routes;
pub mod store;
