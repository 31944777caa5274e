//! What guests see: the published copy of the menu, decided for this moment, and the pages made from it.

pub mod answer;
pub mod decide;
pub mod document;
pub mod filter;
pub mod guest;
mod legend;
pub mod listing;
pub mod page;
pub mod params;
mod photo;
pub mod published;
pub mod renderer;
pub mod representation;
pub mod routes;
pub mod shelf;
