//! Keys for programs: long random tokens that a person makes for them.

pub mod routes;
pub mod store;
pub mod token;
