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

/// Lines in one statement: far below what either database takes in parameters.
const AT_ONCE: usize = 500;

/// A line that is to be added: its head, what the thing was, what it is.
pub type Line<'a, T> = (Entry<'a>, Option<&'a T>, Option<&'a T>);

/// Adds lines.
pub async fn append<T: Serialize>(db: &impl ConnectionTrait, lines: Vec<Line<'_, T>>) -> Result<(), DbErr> {
    let rows: Result<Vec<_>, _> = lines.into_iter().map(|(entry, before, after)| line(&entry, before, after)).collect();
    let rows = rows.map_err(|error| DbErr::Json(error.to_string()))?;
    for some in rows.chunks(AT_ONCE) {
        changes::Entity::insert_many(some.to_vec()).exec_without_returning(db).await?;
    }
    Ok(())
}

fn line<T: Serialize>(
    entry: &Entry<'_>,
    before: Option<&T>,
    after: Option<&T>,
) -> Result<changes::ActiveModel, serde_json::Error> {
    let document = |thing: Option<&T>| thing.map(serde_json::to_value).transpose();
    Ok(changes::ActiveModel {
        id: Set(Uuid::now_v7()),
        at: Set(entry.at),
        by: Set(entry.by.name.clone()),
        source: Set(entry.by.source.to_string()),
        batch: Set(entry.batch),
        revision: Set(entry.revision),
        thing: Set(entry.thing.to_owned()),
        thing_id: Set(entry.id),
        before: Set(document(before)?),
        after: Set(document(after)?),
    })
}
