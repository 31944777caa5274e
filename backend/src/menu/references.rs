//! What an item says of others is true: its section and its parts are there, and its number and its name are nobody else's.

use std::collections::{HashMap, HashSet};

use sea_orm::{ColumnTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::item::Item;
use super::rows::{items, parts};
use super::sections;
use crate::change::Change;
use crate::error::Error;
use crate::fault::none;
use crate::rules::Faults;

/// Whether what the item names is there, and is of the right menu.
pub async fn check(change: &Change, item: &Item) -> Result<(), Error> {
    let mut faults = Faults::default();
    if let Some(section) = item.section {
        match sections::find(change.db(), section).await? {
            None => faults.add("/section", "unknown", none()),
            Some(section) if section.menu != item.kind.menu() => {
                faults.add("/section", "of_another_menu", json!({"menu": section.menu, "wanted": item.kind.menu()}));
            }
            Some(_) => {}
        }
    }
    if !item.parts.is_empty() {
        check_parts(change, item, &mut faults).await?;
    }
    faults.finish()
}

/// The parts are there, and the item is in none of them, however deep: it could never be deleted.
async fn check_parts(change: &Change, item: &Item, faults: &mut Faults) -> Result<(), DbErr> {
    let ids = item.parts.iter().map(|part| part.item);
    let known = items::Entity::find().select_only().column(items::Column::Id).filter(items::Column::Id.is_in(ids));
    let known: Vec<Uuid> = known.into_tuple().all(change.db()).await?;
    let pairs = parts::Entity::find().select_only().columns([parts::Column::WholeId, parts::Column::PartId]);
    let mut under: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (whole, part) in pairs.into_tuple().all(change.db()).await? {
        under.entry(whole).or_default().push(part);
    }
    for (place, part) in item.parts.iter().enumerate() {
        let pointer = format!("/parts/{place}/item");
        faults.unless(known.contains(&part.item), &pointer, "unknown");
        // That it is its own part is told where no other item need be known.
        let goes_round = part.item != item.id && is_in(&under, item.id, part.item);
        faults.unless(!goes_round, &pointer, "goes_round");
    }
    Ok(())
}

/// Whether one item is in another, however deep.
fn is_in(under: &HashMap<Uuid, Vec<Uuid>>, item: Uuid, whole: Uuid) -> bool {
    let (mut seen, mut open) = (HashSet::from([whole]), vec![whole]);
    while let Some(next) = open.pop() {
        if next == item {
            return true;
        }
        open.extend(under.get(&next).into_iter().flatten().filter(|part| seen.insert(**part)));
    }
    false
}

/// Whether the number and the name for addresses are nobody else's in its kind. Writers queue, so that this stays true.
pub async fn check_own(change: &Change, item: &Item) -> Result<(), Error> {
    use items::Column;

    let same = ExprTrait::or(Column::Number.eq(item.number), Column::Slug.eq(item.slug.as_str()));
    let others = items::Entity::find().filter(Column::Kind.eq(item.kind)).filter(Column::Id.ne(item.id)).filter(same);
    let mut faults = Faults::default();
    for other in others.all(change.db()).await? {
        let name = json!({"name": other.name});
        if other.number == item.number {
            faults.add("/number", "taken", name.clone());
        }
        if other.slug == item.slug {
            faults.add("/slug", "taken", name);
        }
    }
    faults.finish_as(Error::Claimed)
}
