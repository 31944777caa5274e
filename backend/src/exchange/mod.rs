//! Data in from elsewhere and out again: the menu as a file (`sheet`), and the old system's database and files, repaired,
//! compared, reported, and only then written.
//!
//! Reading (`original`) makes records; records become drafts, repaired on the way (`draft`, `repair`); drafts of several
//! files become one draft a thing (`gather`); drafts and the database become a plan (`planner`, `plan`); a plan is written (`apply`)
//! and told (`report`).

pub mod routes;

pub mod sheet;

pub mod apply;
pub mod report;

pub mod planner;

pub mod plan;

mod adopt;
mod difference;

pub mod gather;

mod announce;
mod declare;
mod draft;
mod hear;
mod record;

pub mod finding;

pub mod original;

mod json;
mod sqlite;

pub mod codes;
mod grapes;
mod measure;
mod origin;
mod price;
mod repair;

#[cfg(test)]
mod tests;
