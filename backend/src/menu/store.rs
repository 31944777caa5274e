//! The items of the menu in the database. An item is loaded, compared and saved as one document.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Alias, Expr, IntoIden, IntoValueTuple, TableRef};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use super::item::{Item, Kind, MAX_NUMBER};
use super::order;
use super::related::{self, Related};
use super::rows::{items, parts, servings};
use super::translations::AT_ONCE;
use super::writing::{self, risen};
use crate::change::Change;
use crate::error::Error;

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
    writing::write(change, vec![item.clone()], Vec::new()).await?;
    Ok(item)
}

/// Writes an item over `before`, which the caller has read in this change; the same again is no change.
pub async fn update(change: &Change, before: &Item, after: Item) -> Result<Item, Error> {
    let written = writing::write(change, Vec::new(), vec![(before.clone(), after)]).await?;
    Ok(written.into_iter().next().unwrap_or_else(|| before.clone()))
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
    change.record_all(lines.iter().map(|(old, new)| (new.kind.noun(), new.id, Some(old), Some(new))).collect()).await?;
    Ok(lines.into_iter().map(|(_, after)| after).collect())
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
    delete_all(change, std::slice::from_ref(item)).await
}

/// Deletes items, unless one is needed by something that stays.
pub async fn delete_all(change: &Change, gone: &[Item]) -> Result<(), Error> {
    let going: HashSet<Uuid> = gone.iter().map(|item| item.id).collect();
    let mut wholes = parts::Entity::find().all(change.db()).await?;
    wholes.retain(|part| going.contains(&part.part_id) && !going.contains(&part.whole_id));
    if !wholes.is_empty() {
        let ids = wholes.iter().map(|part| part.whole_id);
        let names = texts(change.db(), items::Column::Name, items::Column::Id.is_in(ids)).await?;
        return Err(Error::InUse(format!("it belongs to {} (take it out there first)", names.join(", "))));
    }
    related::forget(change.db(), gone).await?;
    for some in gone.chunks(AT_ONCE) {
        let these = items::Column::Id.is_in(some.iter().map(|item| item.id));
        items::Entity::delete_many().filter(these).exec(change.db()).await?;
    }
    change.record_all(gone.iter().map(|item| (item.kind.noun(), item.id, Some(item), None)).collect()).await?;
    Ok(())
}

/// Puts an item after another of its section, or first.
pub async fn put(change: &Change, moved: &Item, after: Option<Uuid>) -> Result<(), Error> {
    let mut section = list(change.db()).await?;
    section.retain(|item| item.kind == moved.kind && item.section == moved.section);
    let placed: Vec<order::Placed> = section.iter().map(|item| (item.id, item.position)).collect();
    let moved = order::put(&placed, moved.id, after)?.into_iter().filter_map(|(id, position)| {
        let before = section.iter().find(|item| item.id == id)?;
        Some((before.clone(), Item { position, ..before.clone() }))
    });
    writing::write(change, Vec::new(), moved.collect()).await.map(drop)
}

/// The place after the last item of a section.
pub async fn last_place(db: &impl ConnectionTrait, section: Option<Uuid>) -> Result<i32, DbErr> {
    let listed = match section {
        Some(id) => items::Column::SectionId.eq(id),
        None => items::Column::SectionId.is_null(),
    };
    Ok(highest(db, items::Column::Position, listed).await?.map_or(0, |position| position + 1))
}
