//! An announcement: what it says, where, and from when until when.

use chrono::{DateTime, Utc};
use sea_orm::{DeriveActiveEnum, EnumIter, FromJsonQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::Patch;
use crate::clock;
use crate::error::Error;
use crate::menu::text::Text;
use crate::patch;
use crate::rules::Faults;

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromJsonQueryResult)]
pub struct Pages(pub Vec<Page>);

/// An announcement, as those who make it read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MenuNotification)]
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

/// An announcement as its editor writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": {"de": "Live-Musik"}, "message": {"de": "Freitag ab 20 Uhr"}, "pages": ["home"], "ends_at": "2026-07-18T00:00:00Z"}))]
pub struct NewNotification {
    /// Its id in the old system, which only the importer knows.
    #[serde(skip)]
    pub legacy_id: Option<String>,
    /// Its heading.
    pub title: Text,
    /// What it says.
    #[serde(deserialize_with = "patch::or_empty")]
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
    #[serde(default = "switched_on")]
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

    /// Whether all the rules hold; each broken one is named.
    pub fn check(&self) -> Result<(), Error> {
        let mut faults = Faults::default();
        faults.optional_line("/legacy_id", self.legacy_id.as_deref(), 64);
        faults.under("/title", self.title.check_heading(120));
        faults.under("/message", self.message.check_text(1000));
        faults.unless(!self.pages.0.is_empty(), "/pages", "missing");
        if faults.at_most("/pages", &self.pages.0, Page::ALL.len()) {
            for (place, page) in self.pages.0.iter().enumerate() {
                let first = self.pages.0.iter().position(|other| other == page) == Some(place);
                faults.unless(first, &format!("/pages/{place}"), "given_twice");
            }
        }
        faults.within("/priority", Some(self.priority), -100..=100);
        faults.moment("/starts_at", self.starts_at);
        faults.moment("/ends_at", self.ends_at);
        faults.beginning_before_end(("/starts_at", self.starts_at), ("/ends_at", self.ends_at));
        faults.finish()
    }
}

/// A merge patch to an announcement.
pub type NotificationPatch = Patch<NewNotification>;

fn switched_on() -> bool {
    true
}

impl From<&Notification> for NewNotification {
    fn from(one: &Notification) -> Self {
        let Notification { legacy_id, title, message, tone, pages, priority, active, starts_at, ends_at, .. } =
            one.clone();
        Self { legacy_id, title, message, tone, pages: pages.0, priority, active, starts_at, ends_at }
    }
}

impl NewNotification {
    /// What an announcement becomes with it.
    pub fn over(self, before: &Notification) -> Notification {
        let Notification { id, revision, created_at, updated_at, .. } = *before;
        let legacy_id = before.legacy_id.clone();
        Notification { legacy_id, revision, updated_at, ..self.made(id, created_at) }
    }

    /// The announcement as it is to be.
    pub fn made(self, id: Uuid, at: DateTime<Utc>) -> Notification {
        let Self { legacy_id, title, message, tone, pages, priority, active, starts_at, ends_at } = self;
        Notification {
            id,
            legacy_id,
            title,
            message,
            tone,
            pages: Pages(pages),
            priority,
            active,
            starts_at: starts_at.map(clock::storable),
            ends_at: ends_at.map(clock::storable),
            revision: 1,
            created_at: at,
            updated_at: at,
        }
    }
}
