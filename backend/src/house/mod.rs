//! The bar itself: its name, address, hours and legal facts.

pub mod hours;
#[expect(clippy::module_inception, reason = "the house is what this folder is about")]
pub mod house;
pub mod routes;
pub mod store;
