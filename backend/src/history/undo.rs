//! Taking back what was done: a new change that sets back what an old one set, and only where nobody has been since.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

use super::fields::{self, Fields};
use super::{Line, store};
use crate::change::Change;
use crate::error::Error;
use crate::fault::Fault;
use crate::house::house::House;
use crate::menu::item::Item;
use crate::menu::section::Section;
use crate::notifications::notification::Notification;
use crate::{house, media, menu, notifications};

/// How long what was deleted can come back.
pub const KEPT: TimeDelta = TimeDelta::days(30);
/// What can be set back.
pub const THINGS: [&str; 6] = ["wine", "drink", "snack", "section", "notification", "house"];

/// A thing while it is set back: as it is, and as it is to be; none where it is not there.
struct Work {
    before: Option<Value>,
    after: Option<Value>,
}

/// A thing as it is and as it is to be.
type Pair<T> = (Option<T>, Option<T>);

/// A thing by its kind and id.
type Thing = (String, Uuid);

/// What is wrong with setting back, by thing, field and code.
type Conflict = (Thing, String, &'static str);

/// Takes back these lines, the newest first, as part of `change`. Where a later change has touched the same fields, nothing
/// is taken back and the fields are named.
pub async fn undo(change: &Change, id: Uuid, lines: &[Line]) -> Result<(), Error> {
    let mut works: BTreeMap<Thing, Work> = BTreeMap::new();
    let mut conflicts: Vec<Conflict> = Vec::new();
    for line in lines {
        let thing = (line.thing.clone(), line.thing_id);
        if !works.contains_key(&thing) {
            let document = current(change, &thing).await?;
            works.insert(thing.clone(), Work { before: document.clone(), after: document });
        }
        let Some(work) = works.get_mut(&thing) else { continue };
        match set_back(change, line, work.after.as_ref()) {
            Ok(document) => work.after = document,
            Err(found) => conflicts.extend(found.into_iter().map(|(field, code)| (thing.clone(), field, code))),
        }
    }
    if !conflicts.is_empty() {
        return Err(told(change, conflicts).await?);
    }
    change.takes_back(id);
    write(change, works).await
}

/// What the thing was before the line, given what it is; or the fields that stand in the way.
fn set_back(change: &Change, line: &Line, now: Option<&Value>) -> Result<Option<Value>, Vec<(String, &'static str)>> {
    let whole = |code| Err(vec![(String::new(), code)]);
    match (&line.before, &line.after, now) {
        (Some(before), Some(after), Some(now)) => {
            let mut fields = fields::of(now);
            let touched = fields::changes(before, after);
            let others: Vec<_> = touched.iter().filter(|one| fields.get(&one.field) != one.after.as_ref()).collect();
            if !others.is_empty() {
                return Err(others.into_iter().map(|one| (one.field.clone(), "changed_since")).collect());
            }
            for one in touched {
                set(&mut fields, one.field, one.before);
            }
            Ok(Some(fields::document(&fields)))
        }
        (None, Some(after), Some(now)) => {
            let since = fields::changes(after, now);
            if since.is_empty() {
                return Ok(None);
            }
            Err(since.into_iter().map(|one| (one.field, "changed_since")).collect())
        }
        (Some(_), None, None) if change.at() > line.at + KEPT => whole("gone_for_good"),
        (Some(before), None, None) => Ok(Some(before.clone())),
        (_, None, Some(_)) => whole("is_back"),
        (_, Some(_), None) => whole("deleted_since"),
        (None, None, _) => whole("cannot_be_undone"),
    }
}

fn set(fields: &mut Fields, field: String, value: Option<Value>) {
    match value {
        Some(value) => drop(fields.insert(field, value)),
        None => drop(fields.remove(&field)),
    }
}

/// The thing as it is now, if it is there.
async fn current(change: &Change, (kind, id): &Thing) -> Result<Option<Value>, Error> {
    let db = change.db();
    Ok(match kind.as_str() {
        "wine" | "drink" | "snack" => menu::store::find(db, *id).await?.map(|item| json!(item)),
        "section" => menu::sections::find(db, *id).await?.map(|section| json!(section)),
        "notification" => notifications::store::find(db, *id).await?.map(|one| json!(one)),
        "house" => house::store::find(db).await?.map(|house| json!(house)),
        _ => return Err(Error::NotAllowed("this cannot be undone")),
    })
}

/// The refusal, which says of each field what it is and who was there last.
async fn told(change: &Change, conflicts: Vec<Conflict>) -> Result<Error, Error> {
    let mut faults = Vec::with_capacity(conflicts.len());
    for ((kind, id), field, code) in conflicts {
        let last = store::last(change.db(), id).await?;
        let name = last.as_ref().and_then(Line::name).unwrap_or_default().to_owned();
        let last = last.map(|line| json!({"by": line.by, "at": line.at})).unwrap_or_default();
        faults.push(Fault::new(field, code, json!({"thing": kind, "id": id, "name": name, "last": last})));
    }
    Ok(Error::Overtaken(faults))
}

/// Writes every thing as it is to be: what others stand on comes first and goes last.
async fn write(change: &Change, works: BTreeMap<Thing, Work>) -> Result<(), Error> {
    let sections = changed::<Section>(&works, &["section"])?;
    let (items, wholes): (Vec<_>, Vec<_>) = changed::<Item>(&works, &["wine", "drink", "snack"])?
        .into_iter()
        .partition(|(before, after)| before.iter().chain(after).all(|item| item.parts.is_empty()));
    let known = |(before, after): &&Pair<Section>| before.is_some() && after.is_some();
    let moved = sections.iter().filter(known).filter_map(|(before, _)| before.as_ref().map(|section| section.id));
    menu::sections::step_aside(change, moved).await?;
    for pair in &sections {
        match pair {
            (None, Some(section)) => drop(menu::sections::restore(change, risen(section.clone())).await?),
            (Some(before), Some(after)) => drop(menu::sections::update(change, before, after.clone()).await?),
            _ => {}
        }
    }
    write_items(change, &items, &wholes).await?;
    for pair in &sections {
        if let (Some(section), None) = pair {
            menu::sections::delete(change, section).await?;
        }
    }
    write_notifications(change, &works).await?;
    for pair in changed::<House>(&works, &["house"])? {
        if let (Some(before), Some(after)) = pair {
            house::store::update(change, &before, after).await?;
        }
    }
    Ok(())
}

/// Coming back, the parts are there before the whole; going, the whole goes first.
async fn write_items(change: &Change, items: &[Pair<Item>], wholes: &[Pair<Item>]) -> Result<(), Error> {
    for pair in items.iter().chain(wholes) {
        if let (None, Some(item)) = pair {
            let picture = match item.picture {
                Some(id) => media::store::find(change.db(), id).await?.map(|picture| picture.id),
                None => None,
            };
            // Without a picture that has gone meanwhile, it can still come back.
            let item = Item { revision: item.revision + 1, updated_at: change.at(), picture, ..item.clone() };
            menu::store::create(change, item).await?;
        }
    }
    let both = items.iter().chain(wholes).filter_map(|(before, after)| Some((before.clone()?, after.clone()?)));
    let (priced, rewritten): (Vec<_>, Vec<_>) = both.partition(|(before, after)| only_servings(before, after));
    menu::store::update_servings(change, priced).await?;
    for (before, after) in rewritten {
        menu::store::update(change, &before, after).await?;
    }
    for pair in wholes.iter().chain(items) {
        if let (Some(item), None) = pair {
            menu::store::delete(change, item).await?;
        }
    }
    Ok(())
}

async fn write_notifications(change: &Change, works: &BTreeMap<Thing, Work>) -> Result<(), Error> {
    for pair in changed::<Notification>(works, &["notification"])? {
        match pair {
            (None, Some(one)) => {
                let one = Notification { revision: one.revision + 1, updated_at: change.at(), ..one };
                notifications::store::restore(change, one).await?;
            }
            (Some(before), Some(after)) => drop(notifications::store::update(change, &before, after).await?),
            (Some(one), None) => notifications::store::delete(change, &one).await?,
            (None, None) => {}
        }
    }
    Ok(())
}

fn risen(section: Section) -> Section {
    Section { revision: section.revision + 1, ..section }
}

/// The things of some kinds, as they are and as they are to be.
fn changed<T: DeserializeOwned>(works: &BTreeMap<Thing, Work>, kinds: &[&str]) -> Result<Vec<Pair<T>>, Error> {
    let of_kind = works.iter().filter(|((kind, _), _)| kinds.contains(&kind.as_str()));
    let read = |document: &Option<Value>| document.clone().map(serde_json::from_value).transpose();
    of_kind
        .map(|(_, work)| Ok((read(&work.before)?, read(&work.after)?)))
        .collect::<Result<_, serde_json::Error>>()
        .map_err(|error| Error::History(error.to_string()))
}

/// Whether two copies differ in nothing but prices and what is sold out.
fn only_servings(before: &Item, after: &Item) -> bool {
    let mut same = after.clone();
    if before.servings.len() != after.servings.len() {
        return false;
    }
    for (old, new) in before.servings.iter().zip(&mut same.servings) {
        (new.price_cents, new.sold_out) = (old.price_cents, old.sold_out);
    }
    same == *before
}
