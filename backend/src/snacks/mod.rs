//! Everything to eat: what is asked only here.

pub mod routes;
