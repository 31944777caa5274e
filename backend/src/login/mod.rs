//! The door: who comes in, by which key, and for how long.

pub mod account;
pub mod routes;

pub mod roles;

pub mod arrival;
pub mod cookies;

pub mod door;

pub mod guessing;
pub mod hashing;
pub mod keys;
pub mod sessions;

pub mod caller;
