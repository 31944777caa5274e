//! A picture: what is known of it, and what makes it fit where it is shown.

use chrono::{DateTime, Utc};
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::variants::Variant;
use crate::body::Patch;
use crate::error::Error;
use crate::menu::text::Text;
use crate::patch;
use crate::rules::Faults;

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Picture {
    /// The picture.
    pub id: Uuid,
    /// The hash of what was sent: the same file is the same picture.
    pub hash: String,
    /// Its width in pixels, upright, as it was sent.
    pub width: i32,
    /// Its height in pixels, upright, as it was sent.
    pub height: i32,
    /// What must not be cut off: how far from the left, in per cent.
    pub focal_x: i16,
    /// What must not be cut off: how far from the top, in per cent.
    pub focal_y: i16,
    /// Its main colour, `#rrggbb`.
    pub color: String,
    /// What it shows, for those who do not see it.
    #[serde(default)]
    pub alt: Text,
    /// Its files, the largest first.
    pub variants: Vec<Variant>,
    /// Rises with every change.
    pub revision: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What somebody may say of a picture.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"focal_x": 50, "focal_y": 30, "alt": {"de": "Eine Flasche Albariño im Kühler"}}))]
pub struct PictureEntry {
    /// What must not be cut off: how far from the left, in per cent.
    pub focal_x: i16,
    /// What must not be cut off: how far from the top, in per cent.
    pub focal_y: i16,
    /// What it shows, for those who do not see it.
    #[serde(deserialize_with = "patch::or_empty")]
    pub alt: Text,
}

/// A change to what is said of a picture.
pub type PicturePatch = Patch<PictureEntry>;

/// The files of a picture as its row has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Variants(pub Vec<Variant>);

/// As much as a screen reader reads out in one breath.
const MAX_ALT: usize = 300;

impl Picture {
    /// Whether all the rules hold; each broken one is named.
    pub fn check(&self) -> Result<(), Error> {
        let mut faults = Faults::default();
        faults.within("/focal_x", Some(self.focal_x), 0..=100);
        faults.within("/focal_y", Some(self.focal_y), 0..=100);
        faults.under("/alt", self.alt.check_line(MAX_ALT));
        faults.finish()
    }

    /// What somebody has said of it.
    pub fn entry(&self) -> PictureEntry {
        PictureEntry { focal_x: self.focal_x, focal_y: self.focal_y, alt: self.alt.clone() }
    }

    /// What it becomes when somebody says something else of it.
    #[must_use]
    pub fn with(&self, entry: PictureEntry) -> Self {
        let PictureEntry { focal_x, focal_y, alt } = entry;
        Self { focal_x, focal_y, alt, ..self.clone() }
    }
}
