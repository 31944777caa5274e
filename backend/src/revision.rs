//! The number that says which card is current. It rises in the same transaction as the change.

use chrono::{DateTime, Utc};
use sea_orm::Set;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "card_revision")]
#[expect(missing_docs, reason = "one row: the number and when it rose")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub revision: i64,
    pub changed_at: ChronoDateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
#[expect(missing_docs, reason = "queries join by hand")]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The one row's key.
pub const ROW: i32 = 1;

/// The number now, and since when.
pub async fn current(db: &impl ConnectionTrait) -> Result<Model, DbErr> {
    let row = Entity::find_by_id(ROW).one(db).await?;
    row.ok_or_else(missing)
}

/// Raises the number. Writers queue, so numbers rise in the order of commits.
pub async fn raise(db: &impl ConnectionTrait, revision: i64, at: DateTime<Utc>) -> Result<(), DbErr> {
    let row = ActiveModel { id: Set(ROW), revision: Set(revision), changed_at: Set(at) };
    row.update(db).await.map(drop)
}

fn missing() -> DbErr {
    DbErr::RecordNotFound("card_revision is empty".to_owned())
}
