//! The old system's reading paths and shapes, for whoever still asks there.

pub mod routes;
mod shapes;
