//! The wine list: what is asked only here.

pub mod routes;
