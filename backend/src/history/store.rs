//! The lines of history in the database.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Set};
use serde::Serialize;
use uuid::Uuid;

use super::Entry;

pub(super) mod changes {
    use sea_orm::entity::prelude::*;

    /// `changes`: who, when, source, thing, before, after.
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "changes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub at: ChronoDateTimeUtc,
        pub by: String,
        pub source: String,
        pub batch: Uuid,
        pub revision: Option<i64>,
        pub thing: String,
        pub thing_id: Uuid,
        pub before: Option<Json>,
        pub after: Option<Json>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Adds a line.
pub async fn append<T: Serialize>(
    db: &impl ConnectionTrait,
    entry: Entry<'_>,
    before: Option<&T>,
    after: Option<&T>,
) -> Result<(), DbErr> {
    let document = |thing: Option<&T>| thing.map(serde_json::to_value).transpose();
    let unreadable = |error: serde_json::Error| DbErr::Json(error.to_string());
    let line = changes::ActiveModel {
        id: Set(Uuid::now_v7()),
        at: Set(entry.at),
        by: Set(entry.by.name.clone()),
        source: Set(entry.by.source.to_string()),
        batch: Set(entry.batch),
        revision: Set(entry.revision),
        thing: Set(entry.thing.to_owned()),
        thing_id: Set(entry.id),
        before: Set(document(before).map_err(unreadable)?),
        after: Set(document(after).map_err(unreadable)?),
    };
    changes::Entity::insert(line).exec_without_returning(db).await.map(drop)
}
