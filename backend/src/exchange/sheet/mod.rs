//! The menu as a file and back: one table of columns says what both a sheet (CSV) and the difference list show.
//!
//! A sheet goes through `letters` (bytes to text) and `grid` (text to cells); `header` says which column is which, `rows`
//! which item a row means, `lay` what its cells change. A `document` (JSON) with its `entries` meets it at the
//! proposals; the `desk` judges them together, as the menu will be, and what it finds (`preview`) is applied whole or not at
//! all (`incoming`).

pub mod answer;

pub mod incoming;
pub mod preview;
pub mod told;

pub mod document;
mod entries;
pub mod export;

mod compare;
mod desk;

mod lay;
mod recognise;
mod rows;

pub mod header;

pub mod columns;
mod line;

mod cell;
mod formula;
mod grid;
pub mod letters;

pub mod store;

#[cfg(test)]
mod tests;

/// The longest file that is read: more than a hundred menus.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;
/// The most rows and items that are read from one file.
pub const MAX_ROWS: usize = 5000;
