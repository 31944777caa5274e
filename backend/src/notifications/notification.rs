//! An announcement: what it says, where, and from when until when.

use chrono::{DateTime, Utc};
use sea_orm::{DeriveActiveEnum, EnumIter, FromJsonQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{Error, none};
use crate::menu::text::Text;

/// How an announcement sounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, EnumIter, DeriveActiveEnum)]
#[serde(rename_all = "snake_case")]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Tone {
    /// News.
    #[default]
    Info,
    /// Good news.
    Success,
    /// Take note.
    Warning,
    /// Bad news.
    Error,
}

/// A page that can carry announcements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// The landing page.
    Home,
    /// The wine list.
    Wines,
    /// The other drinks.
    Drinks,
    /// The food.
    Snacks,
}

impl Page {
    /// Every page.
    pub const ALL: [Self; 4] = [Self::Home, Self::Wines, Self::Drinks, Self::Snacks];
}

/// The pages an announcement stands on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Pages(pub Vec<Page>);

/// An announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// The announcement.
    pub id: Uuid,
    /// Its id in the old system.
    pub legacy_id: Option<String>,
    /// Its heading.
    pub title: Text,
    /// What it says.
    pub message: Text,
    /// How it sounds.
    pub tone: Tone,
    /// Where it stands.
    pub pages: Pages,
    /// The highest comes first.
    pub priority: i32,
    /// Whether it is switched on.
    pub active: bool,
    /// From when it stands.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when it stands.
    pub ends_at: Option<DateTime<Utc>>,
    /// Rises with every change.
    pub revision: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// An announcement that is to be made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewNotification {
    /// Its id in the old system.
    #[serde(default)]
    pub legacy_id: Option<String>,
    /// Its heading.
    pub title: Text,
    /// What it says.
    pub message: Text,
    /// How it sounds.
    #[serde(default)]
    pub tone: Tone,
    /// Where it stands.
    pub pages: Vec<Page>,
    /// The highest comes first.
    #[serde(default)]
    pub priority: i32,
    /// Whether it is switched on.
    pub active: bool,
    /// From when it stands.
    #[serde(default)]
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when it stands.
    #[serde(default)]
    pub ends_at: Option<DateTime<Utc>>,
}

impl Notification {
    /// Whether guests see it at `now`.
    pub fn stands_at(&self, now: DateTime<Utc>) -> bool {
        self.active && self.starts_at.is_none_or(|start| start <= now) && self.ends_at.is_none_or(|end| now < end)
    }

    /// Whether all the rules hold.
    pub fn check(&self) -> Result<(), Error> {
        if self.title.is_empty() {
            return Err(Error::invalid("/title", "missing", none()));
        }
        if self.pages.0.is_empty() {
            return Err(Error::invalid("/pages", "missing", none()));
        }
        Ok(())
    }
}
