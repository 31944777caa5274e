//! What stands in the way of what comes back: what it names has gone meanwhile, or its place is taken.

use std::collections::HashSet;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::write::{ITEMS, Turn};
use super::{Conflict, Works};
use crate::error::Error;
use crate::media;
use crate::media::picture::Picture;
use crate::menu;
use crate::menu::item::Item;
use crate::menu::section::Section;

const GONE: &str = "gone_since";
const TAKEN: &str = "taken_since";

/// What stands in the way of these things.
pub async fn find(db: &impl ConnectionTrait, works: &Works) -> Result<Vec<Conflict>, Error> {
    let items = Turn::<Item>::of(works, &ITEMS)?;
    let sections = Turn::<Section>::of(works, &["section"])?;
    let pictures = Turn::<Picture>::of(works, &["picture"])?;
    let mut found = Vec::new();
    if !items.is_empty() {
        let menu = menu::store::list(db).await?;
        let there = There {
            items: ids(menu.iter().map(|item| item.id), &items, |item| item.id),
            sections: ids(menu::sections::list(db).await?.iter().map(|one| one.id), &sections, |one| one.id),
            pictures: ids(media::store::ids(db).await?.into_iter(), &pictures, |one| one.id),
        };
        let ours: HashSet<Uuid> = works.keys().map(|(_, id)| *id).collect();
        let others: Vec<&Item> = menu.iter().filter(|item| !ours.contains(&item.id)).collect();
        for item in items.to_be() {
            let thing = (item.kind.noun().to_owned(), item.id);
            let fields = there.gone(item).into_iter().map(|field| (field, GONE));
            let fields = fields.chain(taken(item, &others).map(|field| (field.to_owned(), TAKEN)));
            found.extend(fields.map(|(field, code)| (thing.clone(), field, code)));
        }
    }
    if !sections.is_empty() {
        found.extend(of_sections(&menu::sections::list(db).await?, &sections));
    }
    for picture in &pictures.back {
        if media::store::find_by_hash(db, &picture.hash).await?.is_some() {
            found.push((("picture".to_owned(), picture.id), String::new(), "is_back"));
        }
    }
    Ok(found)
}

/// What items may name once all is set back.
struct There {
    items: HashSet<Uuid>,
    sections: HashSet<Uuid>,
    pictures: HashSet<Uuid>,
}

impl There {
    /// The fields of an item that name what is not there.
    fn gone(&self, item: &Item) -> Vec<String> {
        let section = item.section.filter(|id| !self.sections.contains(id)).map(|_| "/section".to_owned());
        let picture = item.picture.filter(|id| !self.pictures.contains(id)).map(|_| "/picture".to_owned());
        let parts = item.parts.iter().filter(|part| !self.items.contains(&part.item));
        let parts = parts.map(|part| format!("/parts/{}", part.item));
        section.into_iter().chain(picture).chain(parts).collect()
    }
}

/// The fields of an item that another of its kind has now.
fn taken(item: &Item, others: &[&Item]) -> impl Iterator<Item = &'static str> {
    let has = |same: &dyn Fn(&Item) -> bool| others.iter().any(|other| other.kind == item.kind && same(other));
    let number = has(&|other| other.number == item.number).then_some("/number");
    let slug = has(&|other| other.slug == item.slug).then_some("/slug");
    number.into_iter().chain(slug)
}

/// What other sections have of these. What comes back can stand at the end, so that only a place counts that would be taken
/// from somebody.
fn of_sections(all: &[Section], Turn { back, changed, gone }: &Turn<Section>) -> Vec<Conflict> {
    let ours: HashSet<Uuid> =
        changed.iter().map(|(before, _)| before.id).chain(gone.iter().map(|one| one.id)).collect();
    let has = |section: &Section, same: &dyn Fn(&Section) -> bool| {
        all.iter().any(|other| !ours.contains(&other.id) && other.menu == section.menu && same(other))
    };
    let slugs = back.iter().chain(changed.iter().map(|(_, after)| after));
    let slugs = slugs.filter(|section| has(section, &|other| other.slug == section.slug)).map(|one| (one, "/slug"));
    let places = changed.iter().map(|(_, after)| after);
    let places = places.filter(|section| has(section, &|other| other.position == section.position));
    let found = slugs.chain(places.map(|one| (one, "/position")));
    found.map(|(section, field)| (("section".to_owned(), section.id), field.to_owned(), TAKEN)).collect()
}

impl<T> Turn<T> {
    fn is_empty(&self) -> bool {
        self.back.is_empty() && self.changed.is_empty()
    }

    /// The things that will be there, as they will be.
    fn to_be(&self) -> impl Iterator<Item = &T> {
        self.back.iter().chain(self.changed.iter().map(|(_, after)| after))
    }
}

/// The ids of what will be there, given what is.
fn ids<T>(now: impl Iterator<Item = Uuid>, turn: &Turn<T>, id: impl Fn(&T) -> Uuid) -> HashSet<Uuid> {
    let mut ids: HashSet<Uuid> = now.chain(turn.back.iter().map(&id)).collect();
    for gone in &turn.gone {
        ids.remove(&id(gone));
    }
    ids
}
