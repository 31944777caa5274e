//! Live updates: whoever listens hears at once that there is a new card, and who works here also what changed.

pub mod bell;
pub mod keeper;
pub mod listener;
pub mod news;
mod places;
pub mod routes;
