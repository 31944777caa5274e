//! The translations of a row: read with it, written with it, and known to be stale when its German has changed since.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::rows::texts;
use super::text::{Locale, Text};

/// Rows in one statement: far below what either database takes in parameters.
pub(super) const AT_ONCE: usize = 1000;

/// A row, and its words by field.
pub type Worded<'a> = (Uuid, Vec<(&'static str, &'a Text)>);

/// Row, field and language of a translation.
type Key = (Uuid, String, String);
type Known = HashMap<Key, texts::Model>;

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
pub async fn save(db: &impl ConnectionTrait, row: Uuid, fields: &[(&'static str, &Text)]) -> Result<(), DbErr> {
    save_all(db, vec![(row, fields.to_vec())]).await
}

/// Writes the translations of many rows; where a row is named twice, the last counts.
pub async fn save_all(db: &impl ConnectionTrait, rows: Vec<Worded<'_>>) -> Result<(), DbErr> {
    let rows: HashMap<Uuid, Vec<(&'static str, &Text)>> = rows.into_iter().collect();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<Worded<'_>> = rows.by_ref().take(AT_ONCE).collect();
        let named = texts::Column::RowId.is_in(some.iter().map(|(row, _)| *row));
        let before = by_key(texts::Entity::find().filter(named).all(db).await?);
        let after = by_key(some.iter().flat_map(|worded| translated(worded, &before)));
        let differs = |(key, text): &(&Key, &texts::Model), others: &Known| others.get(*key) != Some(*text);
        let old = before.iter().filter(|one| differs(one, &after));
        let changed: HashSet<Uuid> =
            old.chain(after.iter().filter(|one| differs(one, &before))).map(|(_, text)| text.row_id).collect();
        delete(db, &changed.iter().copied().collect::<Vec<_>>()).await?;
        let written = after.into_values().filter(|text| changed.contains(&text.row_id));
        insert_all::<texts::ActiveModel>(db, written.map(IntoActiveModel::into_active_model).collect()).await?;
    }
    Ok(())
}

/// The translations of a row's words. One that has not changed keeps the hash of the German it was made from.
fn translated((row, fields): &Worded<'_>, before: &Known) -> Vec<texts::Model> {
    let mut all = Vec::new();
    for (field, text) in fields {
        for locale in [Locale::En, Locale::Es] {
            let Some(value) = text.translation(locale) else { continue };
            let (field, locale) = ((*field).to_owned(), locale.tag().to_owned());
            let same = before.get(&(*row, field.clone(), locale.clone())).filter(|old| old.value == value);
            let source_hash = same.map_or_else(|| text.source_hash(), |old| old.source_hash.clone());
            all.push(texts::Model { row_id: *row, field, locale, value: value.to_owned(), source_hash });
        }
    }
    all
}

fn by_key(texts: impl IntoIterator<Item = texts::Model>) -> Known {
    texts.into_iter().map(|text| ((text.row_id, text.field.clone(), text.locale.clone()), text)).collect()
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
pub(super) async fn insert_all<A>(db: &impl ConnectionTrait, rows: Vec<A>) -> Result<(), DbErr>
where
    A: sea_orm::ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<A> = rows.by_ref().take(AT_ONCE).collect();
        A::Entity::insert_many(some).exec_without_returning(db).await?;
    }
    Ok(())
}
