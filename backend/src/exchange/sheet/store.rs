//! Files that were sent to be imported, in the database until a month has passed.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::export::Format;
use super::header::Mapping;
use super::incoming::Incoming;
use super::letters::Encoding;
use crate::change::Change;
use crate::error::Error;
use crate::history;
use crate::history::undone::Undone;

mod imports {
    use sea_orm::entity::prelude::*;

    /// `imports`: a file on its way in.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "imports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: ChronoDateTimeUtc,
        pub by: String,
        pub file_name: String,
        #[sea_orm(column_type = "Text")]
        pub content: String,
        pub options: Json,
        pub fingerprint: String,
        pub batch: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A file that nobody has applied for a month was not meant.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// A file that was sent.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The import.
    pub id: Uuid,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// Who sent it.
    pub by: String,
    /// What it is called.
    pub file_name: String,
    /// What is in it.
    pub file: Incoming,
    /// Stands for what it would have done then.
    pub fingerprint: String,
    /// The change that it was applied with.
    pub batch: Option<Uuid>,
    /// Whether all of that was taken back.
    pub undone: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Options {
    json: bool,
    windows_1252: bool,
    mapping: Mapping,
}

/// Keeps a file, and forgets old ones. It is nobody's change yet: the menu stays as it is, so no line of history is written.
pub async fn create(change: &Change, kept: &Kept) -> Result<(), Error> {
    let db = change.db();
    let old = imports::Column::At.lt(kept.at - REMEMBERED);
    imports::Entity::delete_many().filter(old).exec(db).await?;
    let Incoming { format, text, encoding, mapping } = kept.file.clone();
    let options = Options { json: format == Format::Json, windows_1252: encoding == Encoding::Windows1252, mapping };
    let row = imports::Model {
        id: kept.id,
        at: kept.at,
        by: kept.by.clone(),
        file_name: kept.file_name.clone(),
        content: text,
        options: serde_json::json!(options),
        fingerprint: kept.fingerprint.clone(),
        batch: None,
    };
    imports::Entity::insert(row.into_active_model()).exec_without_returning(db).await?;
    change.is_answered();
    Ok(())
}

/// A file that was sent.
pub async fn get(db: &impl ConnectionTrait, id: Uuid) -> Result<Kept, Error> {
    let row = imports::Entity::find_by_id(id).one(db).await?.ok_or(Error::NotFound("import"))?;
    let imports::Model { id, at, by, file_name, content: text, options, fingerprint, batch } = row;
    let options: Options = serde_json::from_value(options).map_err(|error| sea_orm::DbErr::Json(error.to_string()))?;
    let Options { json, windows_1252, mapping } = options;
    let format = if json { Format::Json } else { Format::Csv };
    let encoding = if windows_1252 { Encoding::Windows1252 } else { Encoding::Utf8 };
    let file = Incoming { format, text, encoding, mapping };
    let undone = match batch {
        Some(batch) => is_undone(db, batch).await?,
        None => false,
    };
    Ok(Kept { id, at, by, file_name, file, fingerprint, batch, undone })
}

/// Whether every line of a change is taken back.
async fn is_undone(db: &impl ConnectionTrait, batch: Uuid) -> Result<bool, Error> {
    let lines = history::store::find(db, batch).await?;
    let undone = Undone::of(db, &lines).await?;
    Ok(lines.iter().all(|line| undone.has(line)))
}

/// Writes down that a file was applied with this change.
pub async fn set_applied(change: &Change, id: Uuid) -> Result<(), Error> {
    let set = imports::ActiveModel { batch: sea_orm::Set(Some(change.batch())), ..Default::default() };
    imports::Entity::update_many().set(set).filter(imports::Column::Id.eq(id)).exec(change.db()).await?;
    Ok(())
}
