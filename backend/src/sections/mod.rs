//! The headings of the menus, for those who edit them.

pub mod routes;
