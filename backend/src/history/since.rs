//! What has changed since a card: which things and by whom, without what the lines of history say about them.

use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use uuid::Uuid;

use super::store::changes::{Column, Entity};

/// One thing that was changed.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult, Serialize)]
pub struct Told {
    /// The card that the change led to.
    pub revision: i64,
    /// What kind of thing.
    pub thing: String,
    /// Which one.
    pub id: Uuid,
    /// Who changed it.
    pub by: String,
    /// The way the change came in.
    pub source: String,
    /// The change; what was changed together has the same.
    pub batch: Uuid,
}

/// The first things, `most` at most, that were changed after card `since` up to card `to`.
pub async fn list(db: &impl ConnectionTrait, since: i64, to: i64, most: u64) -> Result<Vec<Told>, DbErr> {
    Entity::find()
        .select_only()
        .columns([Column::Revision, Column::Thing, Column::By, Column::Source, Column::Batch])
        .column_as(Column::ThingId, "id")
        .filter(Column::Revision.gt(since))
        .filter(Column::Revision.lte(to))
        .order_by_asc(Column::Revision)
        .order_by_asc(Column::Id)
        .limit(most)
        .into_model()
        .all(db)
        .await
}
