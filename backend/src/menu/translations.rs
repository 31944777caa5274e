//! The translations of a row: read with it, written with it, and known to be stale when its German has changed since.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::rows::texts;
use super::text::{Locale, Text};

/// The translations of many rows, by row and field.
#[derive(Debug, Default)]
pub struct Translations(HashMap<(Uuid, String), Vec<texts::Model>>);

impl Translations {
    /// Every translation there is.
    pub async fn all(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        Ok(Self::group(texts::Entity::find().all(db).await?))
    }

    /// The translations of one row.
    pub async fn of(db: &impl ConnectionTrait, row: Uuid) -> Result<Self, DbErr> {
        Self::of_rows(db, &[row]).await
    }

    /// The translations of some rows.
    pub async fn of_rows(db: &impl ConnectionTrait, rows: &[Uuid]) -> Result<Self, DbErr> {
        let some = texts::Column::RowId.is_in(rows.iter().copied());
        Ok(Self::group(texts::Entity::find().filter(some).all(db).await?))
    }

    /// The German text of a field, with its translations.
    pub fn text(&self, row: Uuid, field: &str, german: String) -> Text {
        let mut text = Text::german(german);
        for translation in self.0.get(&(row, field.to_owned())).into_iter().flatten() {
            if let Ok(locale) = translation.locale.parse() {
                text.set(locale, Some(translation.value.clone()));
            }
        }
        text
    }

    fn group(rows: Vec<texts::Model>) -> Self {
        let mut grouped: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows {
            grouped.entry((row.row_id, row.field.clone())).or_default().push(row);
        }
        Self(grouped)
    }
}

/// Writes the translations of a row. One that has not changed keeps the hash of the German it was made from.
pub async fn save(db: &impl ConnectionTrait, row: Uuid, fields: &[(&str, &Text)]) -> Result<(), DbErr> {
    let before = texts::Entity::find().filter(texts::Column::RowId.eq(row)).all(db).await?;
    let mut after = Vec::new();
    for (field, text) in fields {
        for locale in [Locale::En, Locale::Es] {
            let Some(value) = text.translation(locale) else { continue };
            let same = |old: &&texts::Model| old.field == *field && old.locale == locale.tag() && old.value == value;
            let source_hash =
                before.iter().find(same).map_or_else(|| text.source_hash(), |old| old.source_hash.clone());
            after.push(texts::Model {
                row_id: row,
                field: (*field).to_owned(),
                locale: locale.tag().to_owned(),
                value: value.to_owned(),
                source_hash,
            });
        }
    }
    if after == before {
        return Ok(());
    }
    texts::Entity::delete_many().filter(texts::Column::RowId.eq(row)).exec(db).await?;
    let rows = after.into_iter().map(|text| texts::ActiveModel {
        row_id: Set(text.row_id),
        field: Set(text.field),
        locale: Set(text.locale),
        value: Set(text.value),
        source_hash: Set(text.source_hash),
    });
    insert_all::<texts::ActiveModel>(db, rows).await
}

/// Deletes the translations of rows.
pub async fn delete(db: &impl ConnectionTrait, rows: &[Uuid]) -> Result<(), DbErr> {
    if rows.is_empty() {
        return Ok(());
    }
    let some = texts::Column::RowId.is_in(rows.iter().copied());
    texts::Entity::delete_many().filter(some).exec(db).await.map(drop)
}

/// Inserts rows, if there are any.
pub(super) async fn insert_all<A>(db: &impl ConnectionTrait, rows: impl IntoIterator<Item = A>) -> Result<(), DbErr>
where
    A: sea_orm::ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
    <A::Entity as EntityTrait>::Model: sea_orm::IntoActiveModel<A>,
{
    let rows: Vec<A> = rows.into_iter().collect();
    if rows.is_empty() {
        return Ok(());
    }
    A::Entity::insert_many(rows).exec_without_returning(db).await.map(drop)
}
