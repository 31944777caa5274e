//! Editing what is on the menu: what wines, drinks and snacks have in common.

pub mod availability;
pub mod bulk;
pub mod editing;
pub mod routes;
