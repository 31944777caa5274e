//! What an item says of others is true: its section and its parts are there, and its number and its name are nobody else's.

use std::collections::{HashMap, HashSet};

use serde_json::json;
use uuid::Uuid;

use super::item::{Item, Kind};
use super::section::Menu;
use crate::fault::none;
use crate::rules::Faults;

/// Everything that items can name, and what each has for its own, as it will be.
#[derive(Clone, Debug, Default)]
pub struct References {
    sections: HashMap<Uuid, Menu>,
    items: HashMap<Uuid, Known>,
    /// Who has a number; while items are laid down one by one, also several.
    numbers: HashMap<(Kind, i32), Vec<Uuid>>,
    slugs: HashMap<(Kind, String), Vec<Uuid>>,
}

/// What others need to know of an item.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its kind.
    pub kind: Kind,
    /// Its number.
    pub number: i32,
    /// Its name for addresses.
    pub slug: String,
    /// Its German name.
    pub name: String,
    /// What belongs to it.
    pub parts: Vec<Uuid>,
}

impl From<&Item> for Known {
    fn from(item: &Item) -> Self {
        let Item { kind, number, slug, name, parts, .. } = item;
        let parts = parts.iter().map(|part| part.item).collect();
        Self { kind: *kind, number: *number, slug: slug.clone(), name: name.de.clone(), parts }
    }
}

impl References {
    /// References where there are these sections and no items yet.
    pub fn new(sections: impl IntoIterator<Item = (Uuid, Menu)>) -> Self {
        Self { sections: sections.into_iter().collect(), ..Self::default() }
    }

    /// Lays an item down as it will be, over what it was.
    pub fn lay(&mut self, id: Uuid, item: Known) {
        self.numbers.entry((item.kind, item.number)).or_default().push(id);
        self.slugs.entry((item.kind, item.slug.clone())).or_default().push(id);
        let Some(old) = self.items.insert(id, item) else { return };
        forget(self.numbers.get_mut(&(old.kind, old.number)), id);
        forget(self.slugs.get_mut(&(old.kind, old.slug)), id);
    }

    /// What is known of an item.
    pub fn get(&self, id: Uuid) -> Option<&Known> {
        self.items.get(&id)
    }

    /// Whether the number and the name for addresses are nobody else's in its kind. What stays is not asked after.
    pub fn check_own(&self, before: Option<&Item>, after: &Item) -> Faults {
        let mut faults = Faults::default();
        if before.is_some_and(|before| (before.number, &before.slug) == (after.number, &after.slug)) {
            return faults;
        }
        let number = self.numbers.get(&(after.kind, after.number));
        let slug = self.slugs.get(&(after.kind, after.slug.clone()));
        for (pointer, owners) in [("/number", number), ("/slug", slug)] {
            let other = owners.into_iter().flatten().find(|id| **id != after.id).and_then(|id| self.get(*id));
            if let Some(other) = other {
                faults.add(pointer, "taken", json!({"name": other.name}));
            }
        }
        faults
    }

    /// The rules that an item breaks by what it names. What it named before is not asked after.
    pub fn check(&self, before: Option<&Item>, after: &Item) -> Faults {
        let mut faults = Faults::default();
        if before.is_some_and(|before| (before.section, &before.parts) == (after.section, &after.parts)) {
            return faults;
        }
        match after.section.map(|section| self.sections.get(&section)) {
            Some(None) => faults.add("/section", "unknown", none()),
            Some(Some(menu)) if *menu != after.kind.menu() => {
                faults.add("/section", "of_another_menu", json!({"menu": menu, "wanted": after.kind.menu()}));
            }
            _ => {}
        }
        for (place, part) in after.parts.iter().enumerate() {
            let pointer = format!("/parts/{place}/item");
            faults.unless(self.items.contains_key(&part.item), &pointer, "unknown");
            // That it is its own part is told where no other item need be known.
            let goes_round = part.item != after.id && self.leads(part.item, after.id);
            faults.unless(!goes_round, &pointer, "goes_round");
        }
        faults
    }

    /// Whether an item is another, or has it among its parts, however far down.
    fn leads(&self, from: Uuid, to: Uuid) -> bool {
        let (mut seen, mut left) = (HashSet::new(), vec![from]);
        while let Some(id) = left.pop() {
            if id == to {
                return true;
            }
            if seen.insert(id) {
                left.extend(self.get(id).into_iter().flat_map(|item| &item.parts));
            }
        }
        false
    }
}

/// Takes an item out where it was, the first time it is found.
fn forget(owners: Option<&mut Vec<Uuid>>, id: Uuid) {
    if let Some(owners) = owners
        && let Some(place) = owners.iter().position(|owner| *owner == id)
    {
        owners.remove(place);
    }
}
