//! What an import would do, thing by thing, and what it is compared with; nothing of it is written yet.

use std::collections::HashSet;

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::difference::{self, Difference};
use super::finding::{Finding, Subject};
use crate::db::{self, Db};
use crate::history;
use crate::menu;
use crate::menu::item::Item;
use crate::menu::section::{Menu, NewSection, Section};
use crate::notifications;
use crate::notifications::notification::{NewNotification, Notification};

/// Everything an import would do.
#[derive(Debug, Default)]
pub struct Plan {
    /// The sections to make.
    pub sections: Vec<(Menu, NewSection)>,
    /// The items.
    pub items: Vec<ItemStep>,
    /// The announcements.
    pub notifications: Vec<NotificationStep>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// What happens to one item.
#[derive(Debug)]
pub struct ItemStep {
    /// The item as it is, if it is there.
    pub before: Option<Item>,
    /// The item as it will be.
    pub after: Item,
    /// For a new item: the section to make for it, as a place in the plan's sections.
    pub new_section: Option<usize>,
}

/// What happens to one announcement.
#[derive(Debug)]
pub enum NotificationStep {
    /// It is made.
    New(Box<NewNotification>),
    /// It is there, as the first, and becomes the second; both can be the same.
    Known(Box<(Notification, Notification)>),
}

/// What happens to a thing, for the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It is made.
    New,
    /// It is there and changes.
    Changed(Vec<Difference>),
    /// It is there and stays.
    Unchanged,
}

impl Plan {
    /// Every step with its subject and the name of the thing.
    pub fn steps(&self) -> impl Iterator<Item = (Subject, &str, Step)> {
        let items = self.items.iter().map(|step| {
            let differences = step.before.as_ref().map(|before| difference::of_items(before, &step.after));
            (Subject::from(step.after.kind), step.after.name.de.as_str(), Step::from(differences))
        });
        let notifications = self.notifications.iter().map(|step| match step {
            NotificationStep::New(new) => (Subject::Notification, new.title.de.as_str(), Step::New),
            NotificationStep::Known(known) => {
                let differences = difference::of_notifications(&known.0, &known.1);
                (Subject::Notification, known.1.title.de.as_str(), Step::from(Some(differences)))
            }
        });
        items.chain(notifications)
    }
}

impl From<Option<Vec<Difference>>> for Step {
    fn from(differences: Option<Vec<Difference>>) -> Self {
        match differences {
            None => Self::New,
            Some(none) if none.is_empty() => Self::Unchanged,
            Some(differences) => Self::Changed(differences),
        }
    }
}

/// What is on the menu before the import.
#[derive(Debug, Default)]
pub struct Standing {
    /// The items.
    pub items: Vec<Item>,
    /// The sections.
    pub sections: Vec<Section>,
    /// The announcements.
    pub notifications: Vec<Notification>,
    /// Ids that something other than an item here has, or that something had, as far as they were asked about.
    pub taken: HashSet<Uuid>,
}

impl Standing {
    /// Reads what is there now, all at one moment; in a database without tables there is nothing.
    pub async fn now(db: &Db, ids: Vec<Uuid>) -> Result<Self, DbErr> {
        if !db::has_tables(db).await? {
            return Ok(Self::default());
        }
        let moment = db::snapshot(db).await?;
        let standing = Self::read(&moment, ids).await;
        moment.rollback().await?;
        standing
    }

    /// Reads what is in the database, and which of these ids are taken there. The history knows every thing but servings.
    pub async fn read(db: &impl ConnectionTrait, mut ids: Vec<Uuid>) -> Result<Self, DbErr> {
        let items = menu::store::list(db).await?;
        let known: HashSet<Uuid> = items.iter().map(|item| item.id).collect();
        ids.retain(|id| !known.contains(id));
        let mut taken: HashSet<Uuid> = history::store::about(db, &ids).await?.into_iter().collect();
        taken.extend(items.iter().flat_map(|item| &item.servings).map(|serving| serving.id));
        let sections = menu::sections::list(db).await?;
        Ok(Self { items, sections, notifications: notifications::store::list(db).await?, taken })
    }
}
