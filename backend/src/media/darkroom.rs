//! Where an upload becomes a picture: one at a time, so that memory and processors are left for guests.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::Semaphore;

use super::decode::decode;
use super::variants::{self, File};
use crate::error::Error;

/// A room for one picture at a time.
#[derive(Clone, Debug)]
pub struct Darkroom(Arc<Semaphore>);

/// A picture with all its files.
#[derive(Clone, Debug)]
pub struct Developed {
    /// Its width, upright.
    pub width: u32,
    /// Its height, upright.
    pub height: u32,
    /// Its main colour.
    pub color: String,
    /// Its files, the largest first.
    pub files: Vec<File>,
}

impl Default for Darkroom {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

impl Darkroom {
    /// Makes a picture of what was sent.
    pub async fn develop(&self, bytes: Bytes) -> Result<Developed, Error> {
        let turn = Arc::clone(&self.0).acquire_owned().await.map_err(|error| Error::Picture(error.to_string()))?;
        let work = move || {
            // Kept until the work is done, also when whoever asked has gone.
            let _turn = turn;
            let picture = decode(&bytes)?;
            drop(bytes);
            let (width, height) = (picture.width(), picture.height());
            let (files, color) = variants::make(picture)?;
            Ok(Developed { width, height, color, files })
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| Error::Picture(error.to_string()))?
    }
}
