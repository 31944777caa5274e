//! What items name: a section of their menu, and parts that are there and do not lead back to them.

use std::collections::{HashMap, HashSet};

use serde_json::json;
use uuid::Uuid;

use super::item::Item;
use super::section::Menu;
use crate::fault::none;
use crate::rules::Faults;

/// Everything that items can name, as it will be.
#[derive(Clone, Debug, Default)]
pub struct References {
    /// The menu of each section.
    pub sections: HashMap<Uuid, Menu>,
    /// The parts of each item.
    pub parts: HashMap<Uuid, Vec<Uuid>>,
}

impl References {
    /// Lays an item down as it will be.
    pub fn lay(&mut self, item: &Item) {
        self.parts.insert(item.id, item.parts.iter().map(|part| part.item).collect());
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
            faults.unless(self.parts.contains_key(&part.item), &pointer, "unknown");
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
                left.extend(self.parts.get(&id).into_iter().flatten());
            }
        }
        false
    }
}
