//! Writing every thing as it is to be: what others stand on comes first and goes last.

use serde::de::DeserializeOwned;

use super::Works;
use crate::change::Change;
use crate::error::Error;
use crate::house::house::House;
use crate::media::picture::Picture;
use crate::menu::item::Item;
use crate::menu::section::Section;
use crate::notifications::notification::Notification;
use crate::{house, media, menu, notifications};

/// The kinds of items.
pub const ITEMS: [&str; 3] = ["wine", "drink", "snack"];

/// What becomes of the things of a kind.
pub struct Turn<T> {
    /// What comes back.
    pub back: Vec<T>,
    /// What changes, before and after.
    pub changed: Vec<(T, T)>,
    /// What goes.
    pub gone: Vec<T>,
}

impl<T: DeserializeOwned> Turn<T> {
    /// What becomes of the things of some kinds.
    pub fn of(works: &Works, kinds: &[&str]) -> Result<Self, Error> {
        let (mut back, mut changed, mut gone) = (Vec::new(), Vec::new(), Vec::new());
        for (_, work) in works.iter().filter(|((kind, _), _)| kinds.contains(&kind.as_str())) {
            let read = |document: &Option<_>| document.clone().map(serde_json::from_value).transpose();
            let unreadable = |error: serde_json::Error| Error::History(error.to_string());
            match (read(&work.before).map_err(unreadable)?, read(&work.after).map_err(unreadable)?) {
                (None, Some(after)) => back.push(after),
                (Some(before), Some(after)) => changed.push((before, after)),
                (Some(before), None) => gone.push(before),
                (None, None) => {}
            }
        }
        Ok(Self { back, changed, gone })
    }
}

/// Writes every thing as it is to be.
pub async fn write(change: &Change, works: &Works) -> Result<(), Error> {
    let pictures = Turn::<Picture>::of(works, &["picture"])?;
    let sections = Turn::<Section>::of(works, &["section"])?;
    let items = Turn::<Item>::of(works, &ITEMS)?;
    for picture in pictures.back {
        let picture = Picture { revision: picture.revision + 1, ..picture };
        media::store::restore(change, picture).await?;
    }
    for (before, after) in pictures.changed {
        media::store::update(change, &before, after).await?;
    }
    write_sections(change, sections.back, sections.changed, &sections.gone).await?;
    write_items(change, items).await?;
    for section in &sections.gone {
        menu::sections::delete(change, section).await?;
    }
    for picture in &pictures.gone {
        media::store::delete(change, picture).await?;
    }
    write_notifications(change, Turn::of(works, &["notification"])?).await?;
    for (before, after) in Turn::<House>::of(works, &["house"])?.changed {
        house::store::update(change, &before, after).await?;
    }
    Ok(())
}

/// Sections that go step aside first: others may come back to their places.
async fn write_sections(
    change: &Change,
    back: Vec<Section>,
    changed: Vec<(Section, Section)>,
    gone: &[Section],
) -> Result<(), Error> {
    let aside = changed.iter().map(|(before, _)| before.id).chain(gone.iter().map(|section| section.id));
    menu::sections::step_aside(change, aside).await?;
    for (before, after) in changed {
        menu::sections::update(change, &before, after).await?;
    }
    for section in back {
        let position = menu::sections::free_place(change.db(), section.menu, section.position).await?;
        let section = Section { position, revision: section.revision + 1, ..section };
        menu::sections::restore(change, section).await?;
    }
    Ok(())
}

/// What goes steps aside first: others may take back its number and its name. It goes last, when nothing names it any more.
async fn write_items(change: &Change, Turn { back, changed, gone }: Turn<Item>) -> Result<(), Error> {
    let risen = |item: Item| Item { revision: item.revision + 1, updated_at: change.at(), ..item };
    let back = back.into_iter().map(risen).collect();
    let (priced, rewritten): (Vec<_>, Vec<_>) =
        changed.into_iter().partition(|(before, after)| only_servings(before, after));
    menu::store::update_servings(change, priced).await?;
    menu::writing::step_aside(change, gone.iter().map(|item| item.id).collect()).await?;
    menu::writing::write(change, back, rewritten).await?;
    menu::store::delete_all(change, &gone).await
}

async fn write_notifications(change: &Change, turn: Turn<Notification>) -> Result<(), Error> {
    for one in turn.back {
        let one = Notification { revision: one.revision + 1, updated_at: change.at(), ..one };
        notifications::store::restore(change, one).await?;
    }
    for (before, after) in turn.changed {
        notifications::store::update(change, &before, after).await?;
    }
    for one in &turn.gone {
        notifications::store::delete(change, one).await?;
    }
    Ok(())
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
