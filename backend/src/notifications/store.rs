//! The announcements in the database.

use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel};
use uuid::Uuid;

use super::notification::{NewNotification, Notification};
use crate::change::Change;
use crate::error::Error;
use crate::menu::translations::{self, Translations};

mod rows {
    use sea_orm::entity::prelude::*;

    use crate::notifications::notification::{Pages, Tone};

    /// `notifications`: an announcement.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "notifications")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub legacy_id: Option<String>,
        pub title: String,
        pub message: String,
        pub tone: Tone,
        pub pages: Pages,
        pub priority: i32,
        pub active: bool,
        pub starts_at: Option<ChronoDateTimeUtc>,
        pub ends_at: Option<ChronoDateTimeUtc>,
        pub revision: i64,
        pub created_at: ChronoDateTimeUtc,
        pub updated_at: ChronoDateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// All announcements, the most important first, then the newest.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Notification>, DbErr> {
    let rows = rows::Entity::find().all(db).await?;
    let words = Translations::all(db).await?;
    let mut all: Vec<Notification> = rows.into_iter().map(|row| notification(row, &words)).collect();
    all.sort_by_key(|one| (-one.priority, -one.created_at.timestamp_micros(), one.id));
    Ok(all)
}

/// An announcement, if it is there.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Notification>, DbErr> {
    let Some(row) = rows::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    let words = Translations::of(db, id).await?;
    Ok(Some(notification(row, &words)))
}

/// An announcement that has to be there.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Notification, Error> {
    find(db, id).await?.ok_or(Error::NotFound("notification"))
}

/// Makes an announcement.
pub async fn create(change: &Change, new: NewNotification) -> Result<Notification, Error> {
    restore(change, new.made(change.new_id(), change.at())).await
}

/// Writes an announcement as it is given: a new one, or one that was deleted.
pub async fn restore(change: &Change, notification: Notification) -> Result<Notification, Error> {
    notification.check()?;
    rows::Entity::insert(row(&notification).into_active_model())
        .exec_without_returning(change.db())
        .await
        .map_err(Error::taken("notification"))?;
    save_words(change, &notification).await?;
    change.record("notification", notification.id, None, Some(&notification)).await?;
    Ok(notification)
}

/// Writes an announcement over `before`; the same again is no change.
pub async fn update(change: &Change, before: &Notification, mut after: Notification) -> Result<Notification, Error> {
    (after.revision, after.updated_at) = (before.revision, before.updated_at);
    if after == *before {
        return Ok(after);
    }
    after.check()?;
    after.revision += 1;
    after.updated_at = change.at();
    row(&after).into_active_model().reset_all().update(change.db()).await?;
    save_words(change, &after).await?;
    change.record("notification", after.id, Some(before), Some(&after)).await?;
    Ok(after)
}

/// Deletes an announcement. The history keeps it, so that it can come back.
pub async fn delete(change: &Change, notification: &Notification) -> Result<(), Error> {
    rows::Entity::delete_by_id(notification.id).exec(change.db()).await?;
    translations::delete(change.db(), &[notification.id]).await?;
    change.record("notification", notification.id, Some(notification), None).await?;
    Ok(())
}

async fn save_words(change: &Change, notification: &Notification) -> Result<(), DbErr> {
    let words = [("title", &notification.title), ("message", &notification.message)];
    translations::save(change.db(), notification.id, &words).await
}

fn notification(row: rows::Model, words: &Translations) -> Notification {
    Notification {
        id: row.id,
        legacy_id: row.legacy_id,
        title: words.text(row.id, "title", row.title),
        message: words.text(row.id, "message", row.message),
        tone: row.tone,
        pages: row.pages,
        priority: row.priority,
        active: row.active,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        revision: row.revision,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn row(notification: &Notification) -> rows::Model {
    rows::Model {
        id: notification.id,
        legacy_id: notification.legacy_id.clone(),
        title: notification.title.de.clone(),
        message: notification.message.de.clone(),
        tone: notification.tone,
        pages: notification.pages.clone(),
        priority: notification.priority,
        active: notification.active,
        starts_at: notification.starts_at,
        ends_at: notification.ends_at,
        revision: notification.revision,
        created_at: notification.created_at,
        updated_at: notification.updated_at,
    }
}
