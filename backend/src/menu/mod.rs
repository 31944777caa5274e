//! What is sold: menus, sections, items, servings, declarations, and the words for them.

mod blank;
pub mod entry;
pub mod fold;
pub mod item;
pub mod order;
pub mod references;
mod related;
mod rows;
pub mod section;
pub mod sections;
pub mod serving;
pub mod store;
pub mod substance;
pub mod text;
pub mod translations;
pub mod wine;
pub mod writing;
