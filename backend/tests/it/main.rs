//! The tests that come through the front door: one binary, one file per domain. Without `TEST_DATABASE_URL` each test
//! has a SQLite file of its own, with it a PostgreSQL database of its own.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod access;
mod bodies;
mod card;
mod cli;
mod databases;
mod demo;
mod documents;
mod door;
mod editing;
mod events;
mod exchange;
mod floors;
mod furnishing;
mod harness;
mod headers;
mod legacy;
mod limits;
mod listening;
mod lists;
mod once;
mod openapi;
mod outage;
mod pages;
mod people;
mod pictures;
mod prices;
mod program;
mod programs;
mod rules;
mod security;
mod set_back;
mod settings;
mod sheets;
mod undo;
mod user_commands;
mod users;
