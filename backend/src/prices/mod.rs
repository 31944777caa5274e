//! Prices in bulk: by list or by rule, tried first or written at once, all of them or none.

pub mod bulk;
pub mod pricing;
pub mod routes;
pub mod row;
pub mod rule;
pub mod selection;
