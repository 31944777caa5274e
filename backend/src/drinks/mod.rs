//! Everything else to drink: what is asked only here.

pub mod routes;
