//! The lines of history in the database.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::Serialize;
use uuid::Uuid;

use super::{Entry, Line};

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
        pub undoes: Option<Uuid>,
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
pub type Addition<'a, T> = (Entry<'a>, Option<&'a T>, Option<&'a T>);

/// Adds lines.
pub async fn append<T: Serialize>(db: &impl ConnectionTrait, lines: Vec<Addition<'_, T>>) -> Result<(), DbErr> {
    let rows: Result<Vec<_>, _> = lines.into_iter().map(|(entry, before, after)| line(&entry, before, after)).collect();
    let mut rows = rows.map_err(|error| DbErr::Json(error.to_string()))?.into_iter().peekable();
    while rows.peek().is_some() {
        changes::Entity::insert_many(rows.by_ref().take(AT_ONCE)).exec_without_returning(db).await?;
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
        undoes: Set(entry.undoes),
        thing: Set(entry.thing.to_owned()),
        thing_id: Set(entry.id),
        before: Set(document(before)?),
        after: Set(document(after)?),
    })
}

/// Which lines are wanted, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only about these kinds of things; empty: about all.
    pub things: Vec<&'static str>,
    /// Only about this thing.
    pub thing_id: Option<Uuid>,
    /// Only of this change.
    pub batch: Option<Uuid>,
    /// Only by this person.
    pub by: Option<String>,
    /// Only by this way.
    pub source: Option<String>,
    /// Only lines before this one.
    pub before: Option<Uuid>,
    /// Only what went since this moment and is not back.
    pub gone_since: Option<DateTime<Utc>>,
    /// As many at most; 0 for all.
    pub limit: u64,
}

/// The lines that are wanted, the newest first.
pub async fn list(db: &impl ConnectionTrait, filter: Filter) -> Result<Vec<Line>, DbErr> {
    use changes::Column;

    let Filter { things, thing_id, batch, by, source, before, gone_since, limit } = filter;
    let mut lines = changes::Entity::find().order_by_desc(Column::Id);
    if !things.is_empty() {
        lines = lines.filter(Column::Thing.is_in(things));
    }
    let same = [(Column::ThingId, thing_id), (Column::Batch, batch)];
    for (column, id) in same.into_iter().filter_map(|(column, id)| Some((column, id?))) {
        lines = lines.filter(column.eq(id));
    }
    let same = [(Column::By, by), (Column::Source, source)];
    for (column, text) in same.into_iter().filter_map(|(column, text)| Some((column, text?))) {
        lines = lines.filter(column.eq(text));
    }
    if let Some(before) = before {
        lines = lines.filter(Column::Id.lt(before));
    }
    if let Some(since) = gone_since {
        lines = lines.filter(Column::After.is_null()).filter(Column::At.gte(since)).filter(the_last_word());
    }
    if limit > 0 {
        lines = lines.limit(limit);
    }
    Ok(lines.all(db).await?.into_iter().map(read).collect())
}

/// That no later line is about the same thing.
fn the_last_word() -> Expr {
    use changes::{Column, Entity};

    let later = Alias::new("later");
    let column = |column: Column| Expr::col((later.clone(), column));
    let lines = Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, later.clone())
        .and_where(column(Column::ThingId).equals((Entity, Column::ThingId)))
        .and_where(column(Column::Id).gt(Expr::col((Entity, Column::Id))))
        .take();
    Expr::not_exists(lines)
}

/// The lines of a change, or the one line, with this id; the newest first.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Line>, DbErr> {
    let meant = ExprTrait::or(changes::Column::Id.eq(id), changes::Column::Batch.eq(id));
    let lines = changes::Entity::find().filter(meant).order_by_desc(changes::Column::Id);
    Ok(lines.all(db).await?.into_iter().map(read).collect())
}

/// Which of these things the history knows.
pub async fn about(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Uuid>, DbErr> {
    let mut known = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let lines = changes::Entity::find().select_only().column(changes::Column::ThingId).distinct();
        let about_these = changes::Column::ThingId.is_in(some.iter().copied());
        known.extend(lines.filter(about_these).into_tuple::<Uuid>().all(db).await?);
    }
    Ok(known)
}

/// The last line about a thing.
pub async fn last(db: &impl ConnectionTrait, thing_id: Uuid) -> Result<Option<Line>, DbErr> {
    let lines = list(db, Filter { thing_id: Some(thing_id), limit: 1, ..Filter::default() }).await?;
    Ok(lines.into_iter().next())
}

fn read(row: changes::Model) -> Line {
    let changes::Model { id, at, by, source, batch, revision, undoes, thing, thing_id, before, after } = row;
    Line { id, at, by, source, batch, revision, undoes, thing, thing_id, before, after }
}
