//! Items on their way into the database, one or a whole card in a few statements: the rows first, then what belongs to them.

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, Iterable, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::item::{Item, Kind};
use super::references::{Known, References};
use super::related;
use super::rows::{items, parts, sections};
use super::section::Menu;
use super::translations::AT_ONCE;
use crate::change::Change;
use crate::error::Error;
use crate::rules::Faults;

/// Writes new items, or some that were deleted, and others over what they were, which the caller has read in this change;
/// the same again is no change. Returns those that were written.
pub async fn write(change: &Change, new: Vec<Item>, changed: Vec<(Item, Item)>) -> Result<Vec<Item>, Error> {
    let changed = changed.into_iter().filter_map(|(before, after)| Some((risen(change, &before, after)?, before)));
    let (after, before): (Vec<Item>, Vec<Item>) = changed.unzip();
    let known = before.iter().map(Some).chain(new.iter().map(|_| None));
    let pairs: Vec<(Option<&Item>, &Item)> = known.zip(after.iter().chain(&new)).collect();
    check(change, &pairs).await?;
    let moved = before.iter().zip(&after).filter(|(old, new)| (old.number, &old.slug) != (new.number, &new.slug));
    step_aside(change, moved.map(|(old, _)| old.id).collect()).await?;
    write_rows(change, &after, Some(over_what_stands())).await?;
    write_rows(change, &new, None).await?;
    related::write(change.db(), &before, &after.iter().chain(&new).collect::<Vec<_>>()).await?;
    let lines = pairs.into_iter().map(|(before, after)| (after.kind.noun(), after.id, before, Some(after)));
    change.record_all(lines.collect()).await?;
    Ok(after.into_iter().chain(new).collect())
}

/// The item as it is after the change, if it is another.
pub fn risen(change: &Change, before: &Item, mut after: Item) -> Option<Item> {
    (after.revision, after.updated_at) = (before.revision, before.updated_at);
    if after == *before {
        return None;
    }
    (after.revision, after.updated_at) = (before.revision + 1, change.at());
    Some(after)
}

/// Whether each item keeps the rules, and what it names will be there.
async fn check(change: &Change, items: &[(Option<&Item>, &Item)]) -> Result<(), Error> {
    for (_, item) in items {
        item.check()?;
    }
    let says = |item: &Item| (item.section, item.parts.clone(), item.number, item.slug.clone());
    if items.iter().all(|(before, after)| before.is_some_and(|before| says(before) == says(after))) {
        return Ok(());
    }
    let mut references = references(change.db()).await?;
    for (_, item) in items {
        references.lay(item.id, Known::from(*item));
    }
    let (mut named, mut owned) = (Faults::default(), Faults::default());
    for (before, after) in items {
        named.under("", references.check(*before, after));
        owned.under("", references.check_own(*before, after));
    }
    named.finish()?;
    owned.finish_as(Error::Claimed)
}

/// Everything that can be named now.
async fn references(db: &impl ConnectionTrait) -> Result<References, DbErr> {
    use items::Column;

    let sections = sections::Entity::find().select_only().columns([sections::Column::Id, sections::Column::Menu]);
    let mut references = References::new(sections.into_tuple::<(Uuid, Menu)>().all(db).await?);
    let mut parts: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for part in parts::Entity::find().all(db).await? {
        parts.entry(part.whole_id).or_default().push(part.part_id);
    }
    let columns = [Column::Id, Column::Kind, Column::Number, Column::Slug, Column::Name];
    let items = items::Entity::find().select_only().columns(columns).into_tuple::<(Uuid, Kind, i32, String, String)>();
    for (id, kind, number, slug, name) in items.all(db).await? {
        let parts = parts.remove(&id).unwrap_or_default();
        references.lay(id, Known { kind, number, slug, name, parts });
    }
    Ok(references)
}

/// Takes items from their numbers and names for addresses, so that they can be given each other's: no two may have one.
pub async fn step_aside(change: &Change, ids: Vec<Uuid>) -> Result<(), DbErr> {
    for some in ids.chunks(AT_ONCE) {
        items::Entity::update_many()
            .col_expr(items::Column::Number, ExprTrait::mul(Expr::col(items::Column::Number), -1))
            .col_expr(items::Column::Slug, Expr::cust("'~' || slug"))
            .filter(items::Column::Id.is_in(some.iter().copied()))
            .exec(change.db())
            .await?;
    }
    Ok(())
}

/// A row that is there takes every value of the one that is written.
fn over_what_stands() -> OnConflict {
    let others = items::Column::iter().filter(|column| !matches!(column, items::Column::Id));
    OnConflict::column(items::Column::Id).update_columns(others).to_owned()
}

/// Writes rows; what is in the way of one is a mistake, unless it is said what happens then.
async fn write_rows(change: &Change, written: &[Item], over: Option<OnConflict>) -> Result<(), Error> {
    for some in written.chunks(AT_ONCE) {
        let mut rows = items::Entity::insert_many(some.iter().map(|item| row(item).into_active_model()));
        if let Some(over) = &over {
            rows = rows.on_conflict(over.clone());
        }
        let noun = some.first().map_or("item", |item| item.kind.noun());
        rows.exec_without_returning(change.db()).await.map_err(Error::taken(noun))?;
    }
    Ok(())
}

fn row(item: &Item) -> items::Model {
    items::Model {
        id: item.id,
        legacy_id: item.legacy_id.clone(),
        kind: item.kind,
        role: item.role,
        number: item.number,
        section_id: item.section,
        position: item.position,
        slug: item.slug.clone(),
        name: item.name.de.clone(),
        name_lang: item.name_lang.clone(),
        description: item.description.de.clone(),
        story: item.story.de.clone(),
        note: item.note.de.clone(),
        new: item.new,
        visible: item.visible,
        vegetarian: item.vegetarian,
        vegan: item.vegan,
        keto: item.keto,
        alcohol: item.alcohol,
        picture_id: item.picture,
        revision: item.revision,
        created_at: item.created_at,
        updated_at: item.updated_at,
    }
}
