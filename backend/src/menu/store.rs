//! The items of the menu in the database. An item is loaded, compared and saved as one document.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr, IntoIden, IntoValueTuple, TableRef};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::item::{Item, Kind, MAX_NUMBER};
use super::order;
use super::references;
use super::related::{self, Related};
use super::rows::{items, parts, servings};
use crate::change::Change;
use crate::error::Error;

/// Rows in one statement: far below what either database takes in parameters.
const AT_ONCE: usize = 1000;

/// Every item, also those that guests do not see, in the order of the card.
pub async fn list(db: &impl ConnectionTrait) -> Result<Vec<Item>, DbErr> {
    let rows = items::Entity::find().all(db).await?;
    let mut related = Related::all(db).await?;
    let mut items: Vec<Item> = rows.into_iter().map(|row| related.item(row)).collect();
    items.sort_by_key(|item| (item.kind, item.section, item.position, item.number));
    Ok(items)
}

/// An item, if it is there.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Item>, DbErr> {
    let Some(row) = items::Entity::find_by_id(id).one(db).await? else { return Ok(None) };
    Ok(Some(Related::of(db, id).await?.item(row)))
}

/// An item of a kind that has to be there, by its id or its name in addresses.
pub async fn get(db: &impl ConnectionTrait, kind: Kind, name: &str) -> Result<Item, Error> {
    // Nothing is called so, and PostgreSQL would not even take the question.
    if name.contains('\0') {
        return Err(Error::NotFound(kind.noun()));
    }
    let named = match name.parse::<Uuid>() {
        Ok(id) => items::Column::Id.eq(id),
        Err(_) => items::Column::Slug.eq(name),
    };
    let row = items::Entity::find().filter(items::Column::Kind.eq(kind)).filter(named).one(db).await?;
    let row = row.ok_or(Error::NotFound(kind.noun()))?;
    Ok(Related::of(db, row.id).await?.item(row))
}

/// The item that a serving belongs to.
pub async fn of_serving(db: &impl ConnectionTrait, serving: Uuid) -> Result<Item, Error> {
    let row = servings::Entity::find_by_id(serving).one(db).await?.ok_or(Error::NotFound("serving"))?;
    find(db, row.item_id).await?.ok_or(Error::NotFound("serving"))
}

/// The next number of a kind: the one after the highest, or the lowest that is free where there is none after it.
pub async fn next_number(db: &impl ConnectionTrait, kind: Kind) -> Result<i32, DbErr> {
    let of_kind = items::Column::Kind.eq(kind);
    let highest = highest(db, items::Column::Number, of_kind.clone()).await?.unwrap_or_default();
    if highest < MAX_NUMBER {
        return Ok(highest + 1);
    }
    let rows = items::Entity::find().select_only().column(items::Column::Number).filter(of_kind);
    let taken: Vec<i32> = rows.order_by_asc(items::Column::Number).into_tuple().all(db).await?;
    let gap = (1..).zip(taken).find(|(free, taken)| free != taken);
    Ok(gap.map_or(highest + 1, |(free, _)| free))
}

/// The names for addresses that a kind has given.
pub async fn slugs(db: &impl ConnectionTrait, kind: Kind) -> Result<Vec<String>, DbErr> {
    texts(db, items::Column::Slug, items::Column::Kind.eq(kind)).await
}

/// The names of the items that show a picture.
pub async fn shown_with(db: &impl ConnectionTrait, picture: Uuid) -> Result<Vec<String>, DbErr> {
    texts(db, items::Column::Name, items::Column::PictureId.eq(picture)).await
}

/// What stands in a column of the items that fit, in the order of their numbers.
async fn texts(db: &impl ConnectionTrait, column: items::Column, which: Expr) -> Result<Vec<String>, DbErr> {
    let rows = items::Entity::find().select_only().column(column).filter(which);
    rows.order_by_asc(items::Column::Number).into_tuple().all(db).await
}

/// The highest number in a column of the items that fit; none where none does.
async fn highest(db: &impl ConnectionTrait, column: items::Column, which: Expr) -> Result<Option<i32>, DbErr> {
    let rows = items::Entity::find().select_only().column_as(column.max(), "highest").filter(which);
    Ok(rows.into_tuple::<Option<i32>>().one(db).await?.flatten())
}

/// Writes a new item, or one that was deleted. The caller has made its id and number.
pub async fn create(change: &Change, item: Item) -> Result<Item, Error> {
    item.check()?;
    references::check(change, &item).await?;
    references::check_own(change, &item).await?;
    items::Entity::insert(row(&item).into_active_model())
        .exec_without_returning(change.db())
        .await
        .map_err(Error::taken(item.kind.noun()))?;
    related::save(change.db(), &item).await?;
    change.record(item.kind.noun(), item.id, None::<&Item>, Some(&item)).await?;
    Ok(item)
}

/// Writes an item over `before`, which the caller has read in this change; the same again is no change.
pub async fn update(change: &Change, before: &Item, after: Item) -> Result<Item, Error> {
    let Some(after) = risen(change, before, after) else { return Ok(before.clone()) };
    after.check()?;
    if (&after.section, &after.parts) != (&before.section, &before.parts) {
        references::check(change, &after).await?;
    }
    if (after.number, &after.slug) != (before.number, &before.slug) {
        references::check_own(change, &after).await?;
    }
    let written = row(&after).into_active_model().reset_all().update(change.db()).await;
    written.map_err(Error::taken(after.kind.noun()))?;
    related::replace(change.db(), before, &after).await?;
    change.record(after.kind.noun(), after.id, Some(before), Some(&after)).await?;
    Ok(after)
}

/// Writes many items of which only prices and what is sold out have changed, in a few statements.
pub async fn update_servings(change: &Change, pairs: Vec<(Item, Item)>) -> Result<Vec<Item>, Error> {
    let mut prices = Vec::new();
    let mut sold_out: BTreeMap<_, Vec<Uuid>> = BTreeMap::new();
    let mut lines = Vec::new();
    for (before, after) in pairs {
        let Some(after) = risen(change, &before, after) else { continue };
        after.check()?;
        for (old, new) in before.servings.iter().zip(&after.servings) {
            if old.price_cents != new.price_cents {
                prices.push((new.id, new.price_cents));
            }
            if old.sold_out != new.sold_out {
                sold_out.entry(new.sold_out.map(|out| (out.since, out.until))).or_default().push(new.id);
            }
        }
        lines.push((before, after));
    }
    for some in prices.chunks(AT_ONCE) {
        write_prices(change, some).await?;
    }
    for (state, ids) in sold_out {
        write_sold_out(change, state, &ids).await?;
    }
    raise(change, &lines.iter().map(|(_, after)| after.id).collect::<Vec<_>>()).await?;
    change
        .record_all(lines.iter().map(|(before, after)| (after.kind.noun(), after.id, before, after)).collect())
        .await?;
    Ok(lines.into_iter().map(|(_, after)| after).collect())
}

/// The item as it is after the change, if it is another.
fn risen(change: &Change, before: &Item, mut after: Item) -> Option<Item> {
    (after.revision, after.updated_at) = (before.revision, before.updated_at);
    if after == *before {
        return None;
    }
    (after.revision, after.updated_at) = (before.revision + 1, change.at());
    Some(after)
}

async fn write_prices(change: &Change, prices: &[(Uuid, i64)]) -> Result<(), DbErr> {
    let new = Alias::new("new");
    // Both databases call the columns of such a list so.
    let (id, cents) = ((new.clone(), Alias::new("column1")), (new.clone(), Alias::new("column2")));
    let list = prices.iter().map(|(id, cents)| (*id, *cents).into_value_tuple()).collect();
    let mut update = servings::Entity::update_many()
        .col_expr(servings::Column::PriceCents, Expr::col(cents))
        .filter(Expr::col((servings::Entity, servings::Column::Id)).equals(id));
    QueryTrait::query(&mut update).from(TableRef::ValuesList(list, new.into_iden()));
    update.exec(change.db()).await.map(drop)
}

async fn write_sold_out(
    change: &Change,
    state: Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
    ids: &[Uuid],
) -> Result<(), DbErr> {
    let (since, until) = state.map_or((None, None), |(since, until)| (Some(since), until));
    for some in ids.chunks(AT_ONCE) {
        servings::Entity::update_many()
            .col_expr(servings::Column::SoldOutSince, Expr::value(since))
            .col_expr(servings::Column::SoldOutUntil, Expr::value(until))
            .filter(servings::Column::Id.is_in(some.iter().copied()))
            .exec(change.db())
            .await?;
    }
    Ok(())
}

async fn raise(change: &Change, ids: &[Uuid]) -> Result<(), DbErr> {
    for some in ids.chunks(AT_ONCE) {
        items::Entity::update_many()
            .col_expr(items::Column::Revision, ExprTrait::add(Expr::col(items::Column::Revision), 1))
            .col_expr(items::Column::UpdatedAt, Expr::value(change.at()))
            .filter(items::Column::Id.is_in(some.iter().copied()))
            .exec(change.db())
            .await?;
    }
    Ok(())
}

/// Deletes an item. The history keeps it, so that it can come back.
pub async fn delete(change: &Change, item: &Item) -> Result<(), Error> {
    let wholes = parts::Entity::find().filter(parts::Column::PartId.eq(item.id)).all(change.db()).await?;
    if !wholes.is_empty() {
        let ids = wholes.iter().map(|part| part.whole_id);
        let names = texts(change.db(), items::Column::Name, items::Column::Id.is_in(ids)).await?;
        return Err(Error::InUse(format!("it belongs to {} (take it out there first)", names.join(", "))));
    }
    related::forget(change.db(), item).await?;
    items::Entity::delete_by_id(item.id).exec(change.db()).await?;
    change.record(item.kind.noun(), item.id, Some(item), None).await?;
    Ok(())
}

/// Puts an item after another of its section, or first.
pub async fn put(change: &Change, moved: &Item, after: Option<Uuid>) -> Result<(), Error> {
    let mut section = list(change.db()).await?;
    section.retain(|item| item.kind == moved.kind && item.section == moved.section);
    let placed: Vec<order::Placed> = section.iter().map(|item| (item.id, item.position)).collect();
    for (id, position) in order::put(&placed, moved.id, after)? {
        let Some(before) = section.iter().find(|item| item.id == id) else { continue };
        update(change, before, Item { position, ..before.clone() }).await?;
    }
    Ok(())
}

/// The place after the last item of a section.
pub async fn last_place(db: &impl ConnectionTrait, section: Option<Uuid>) -> Result<i32, DbErr> {
    let listed = match section {
        Some(id) => items::Column::SectionId.eq(id),
        None => items::Column::SectionId.is_null(),
    };
    Ok(highest(db, items::Column::Position, listed).await?.map_or(0, |position| position + 1))
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
