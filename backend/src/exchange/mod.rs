//! Menus from elsewhere, and to elsewhere.

pub mod codes;
