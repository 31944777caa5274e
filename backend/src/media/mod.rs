//! Pictures: looked at before they are decoded, made small, kept under names that their content gives them.

pub mod darkroom;
pub mod decode;
pub mod files;
pub mod picture;
pub mod routes;
pub mod shape;
pub mod storage;
pub mod store;
pub mod sweep;
pub mod variants;

use crate::config::media::Place;
use crate::error::Error;

/// What pictures need.
#[derive(Clone, Debug)]
pub struct Media {
    /// Where their files are.
    pub storage: storage::Storage,
    /// Where uploads become pictures.
    pub darkroom: darkroom::Darkroom,
}

impl Media {
    /// Pictures whose files are in a place; without one, only as long as the process lasts.
    pub fn open(place: Option<&Place>) -> Result<Self, Error> {
        Ok(Self { storage: storage::Storage::open(place)?, darkroom: darkroom::Darkroom::default() })
    }
}
