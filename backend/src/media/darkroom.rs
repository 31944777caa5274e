//! Where an upload becomes a picture: one at a time, so that memory and processors are left for guests.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::decode::decode;
use super::variants::{self, File};
use crate::error::Error;

/// How long a picture waits for its turn. One takes a second or two.
const PATIENCE: Duration = Duration::from_mins(1);

/// A room for one picture at a time.
#[derive(Clone, Debug)]
pub struct Darkroom {
    turn: Arc<Semaphore>,
    patience: Duration,
}

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
        Self { turn: Arc::new(Semaphore::new(1)), patience: PATIENCE }
    }
}

impl Darkroom {
    /// Makes a picture of what was sent.
    pub async fn develop(&self, bytes: Bytes) -> Result<Developed, Error> {
        let turn = timeout(self.patience, Arc::clone(&self.turn).acquire_owned()).await;
        let turn = turn.map_err(|_| Error::DarkroomBusy)?.map_err(|error| Error::Picture(error.to_string()))?;
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Arc;
    use std::time::Duration;

    use image::{DynamicImage, ImageFormat, RgbImage};

    use super::Darkroom;
    use crate::error::Error;

    #[tokio::test]
    async fn who_waits_too_long_for_a_turn_is_sent_away() {
        let mut file = Cursor::new(Vec::new());
        DynamicImage::from(RgbImage::new(4, 3)).write_to(&mut file, ImageFormat::Png).unwrap();
        let file = bytes::Bytes::from(file.into_inner());
        let room = Darkroom { patience: Duration::ZERO, ..Darkroom::default() };
        let turn = Arc::clone(&room.turn).acquire_owned().await.unwrap();
        let refused = room.develop(file.clone()).await.unwrap_err();
        assert!(matches!(refused, Error::DarkroomBusy) && refused.status() == 503, "{refused}");
        drop(turn);
        assert_eq!(room.develop(file).await.unwrap().width, 4);
    }
}
