//! The people who may do more than read.

pub mod invitations;
pub mod password;
pub mod routes;
pub mod store;
pub mod strength;
pub mod user;
