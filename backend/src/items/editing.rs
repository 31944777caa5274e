//! Making, changing and deleting an item of whichever kind, each in one change.

use uuid::Uuid;

use super::availability::Availability;
use crate::change::Change;
use crate::copy::IfMatch;
use crate::error::Error;
use crate::fault::none;
use crate::media;
use crate::menu;
use crate::menu::entry::{Entry, EntryPatch, EntryServing, EntryServingPatch};
use crate::menu::fold;
use crate::menu::item::{Item, Kind};
use crate::reply::Reply;

/// Makes an item, at the end of its section or where it is wanted.
pub async fn create(change: &Change, kind: Kind, entry: Entry) -> Result<Reply, Error> {
    let (place, named) = (entry.after, entry.slug.is_some());
    let mut item = entry.made(change, kind, menu::store::next_number(change.db(), kind).await?)?;
    item.position = menu::store::last_place(change.db(), item.section).await?;
    check_picture(change, &item).await?;
    if !named {
        let wanted = if item.slug.is_empty() { kind.noun() } else { &item.slug };
        item.slug = fold::free_slug(wanted, &menu::store::slugs(change.db(), kind).await?);
    }
    let mut item = menu::store::create(change, item).await?;
    if let Some(after) = place {
        item = settled(change, item, after).await?;
    }
    Ok(Reply::made(format!("/api/v1/{}/{}", kind.menu(), item.id), item.revision, &item))
}

/// Changes an item by a merge patch.
pub async fn update(change: &Change, item: Item, copy: &IfMatch, patch: EntryPatch) -> Result<Reply, Error> {
    copy.check(item.revision, &item)?;
    let entry = patch.over(&Entry::from(&item))?;
    entry.check_whole()?;
    let place = entry.after;
    let mut after = entry.over(change, &item)?;
    check_picture(change, &after).await?;
    if after.section != item.section {
        after.position = menu::store::last_place(change.db(), after.section).await?;
    }
    let mut item = menu::store::update(change, &item, after).await?;
    if let Some(after) = place {
        item = settled(change, item, after).await?;
    }
    Ok(Reply::copy(item.revision, &item))
}

/// Deletes an item; for 30 days it can come back by undoing that.
pub async fn delete(change: &Change, item: &Item, copy: &IfMatch) -> Result<Reply, Error> {
    copy.check(item.revision, item)?;
    menu::store::delete(change, item).await?;
    Ok(Reply::gone())
}

/// Says whether servings of an item are sold out: some of them, or all.
pub async fn set_availability(
    change: &Change,
    item: Item,
    servings: &[Uuid],
    availability: Availability,
) -> Result<Reply, Error> {
    let after = availability.decide(change).await?.of(&item, servings);
    let written = menu::store::update_servings(change, vec![(item.clone(), after)]).await?;
    let item = written.into_iter().next().unwrap_or(item);
    Ok(Reply::copy(item.revision, &item))
}

/// Adds a way to buy an item.
pub async fn create_serving(change: &Change, item: Item, copy: &IfMatch, new: EntryServing) -> Result<Reply, Error> {
    copy.check(item.revision, &item)?;
    let mut entry = Entry::from(&item);
    let place = entry.servings.len();
    entry.servings.push(new);
    let item = with_serving(change, &item, entry, place).await?;
    // A serving is read with its item, whose copy this is.
    Ok(Reply::made(format!("/api/v1/items/{}", item.id), item.revision, &item))
}

/// Changes a way to buy an item by a merge patch.
pub async fn update_serving(
    change: &Change,
    id: Uuid,
    copy: &IfMatch,
    patch: EntryServingPatch,
) -> Result<Reply, Error> {
    let item = menu::store::of_serving(change.db(), id).await?;
    copy.check(item.revision, &item)?;
    let mut entry = Entry::from(&item);
    let Some(place) = entry.servings.iter().position(|serving| serving.id == Some(id)) else {
        return Err(Error::NotFound("serving"));
    };
    if let Some(serving) = entry.servings.get_mut(place) {
        *serving = patch.over(serving)?;
        if serving.id != Some(id) {
            return Err(Error::invalid("/id", "unknown", none()));
        }
    }
    let item = with_serving(change, &item, entry, place).await?;
    Ok(Reply::copy(item.revision, &item))
}

/// Takes away a way to buy an item; the last one stays.
pub async fn delete_serving(change: &Change, id: Uuid, copy: &IfMatch) -> Result<Reply, Error> {
    let item = menu::store::of_serving(change.db(), id).await?;
    copy.check(item.revision, &item)?;
    let mut entry = Entry::from(&item);
    entry.servings.retain(|serving| serving.id != Some(id));
    let item = menu::store::update(change, &item, entry.over(change, &item)?).await?;
    Ok(Reply::copy(item.revision, &item))
}

/// Writes an item of which the serving at `place` was sent alone: what is wrong with that stands in its own body.
async fn with_serving(change: &Change, item: &Item, entry: Entry, place: usize) -> Result<Item, Error> {
    let written = async { menu::store::update(change, item, entry.over(change, item)?).await };
    let prefix = format!("/servings/{place}/");
    written.await.map_err(|error| error.within(&prefix))
}

/// Puts an item where it is wanted, and reads it anew.
async fn settled(change: &Change, item: Item, after: Option<Uuid>) -> Result<Item, Error> {
    menu::store::put(change, &item, after).await?;
    menu::store::find(change.db(), item.id).await?.ok_or(Error::NotFound(item.kind.noun()))
}

/// Whether the picture that is named is there.
async fn check_picture(change: &Change, item: &Item) -> Result<(), Error> {
    let Some(picture) = item.picture else { return Ok(()) };
    match media::store::find(change.db(), picture).await? {
        Some(_) => Ok(()),
        None => Err(Error::invalid("/picture", "unknown", none())),
    }
}
