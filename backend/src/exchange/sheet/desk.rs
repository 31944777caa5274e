//! The desk on which a file is laid beside the menu: it knows what stands, and gives numbers, ids and places to what is new.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::cell::Misread;
use super::compare;
use super::line::Line;
use super::preview::{Action, Preview, Proposal};
use crate::exchange::plan::{ItemStep, Plan, Standing};
use crate::menu::item::{Item, Kind, MAX_NUMBER};
use crate::menu::references::{Known, References};
use crate::menu::section::{NewSection, Section};

/// Where proposals are laid beside the menu: it knows what stands, and gives numbers and places to what is new.
#[derive(Debug)]
pub struct Desk<'a> {
    standing: &'a Standing,
    sections: Vec<Section>,
    new: Vec<Section>,
    /// When it is looked at.
    pub at: DateTime<Utc>,
    numbers: HashMap<Kind, BTreeSet<i32>>,
    places: HashMap<Uuid, i32>,
    /// What ids of the file are called here.
    ids: HashMap<Uuid, Uuid>,
}

impl<'a> Desk<'a> {
    /// A desk with the menu on it, and sections that are to be made.
    pub fn new(standing: &'a Standing, new: Vec<Section>, at: DateTime<Utc>) -> Self {
        let sections = standing.sections.iter().chain(&new).cloned().collect();
        let (numbers, places, ids) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut desk = Self { standing, sections, new, at, numbers, places, ids };
        desk.reserve(standing.items.iter().map(|item| (item.kind, item.number)));
        for item in &standing.items {
            if let Some(section) = item.section {
                let next = desk.places.entry(section).or_insert(0);
                *next = i32::max(*next, item.position + 1);
            }
        }
        desk
    }

    /// Keeps numbers from being given to others.
    pub fn reserve(&mut self, numbers: impl IntoIterator<Item = (Kind, i32)>) {
        for (kind, number) in numbers {
            self.numbers.entry(kind).or_default().insert(number);
        }
    }

    /// The items that stand.
    pub fn items(&self) -> &'a [Item] {
        &self.standing.items
    }

    /// One that stands.
    pub fn item(&self, id: Uuid) -> Option<&'a Item> {
        self.items().iter().find(|item| item.id == id)
    }

    /// The sections that stand or are to be made.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The item that a line makes, with a number if it has none.
    pub fn made(&mut self, line: Line, before: Option<&Item>) -> Result<Item, Vec<(&'static str, Misread)>> {
        let number = line.number.unwrap_or_else(|| self.next_number(line.item.kind));
        let item = line.item(&self.sections, number)?;
        Ok(self.placed(item, before))
    }

    /// A number that nothing has: the one after the highest, or the lowest that is free where there is none after it.
    pub fn next_number(&mut self, kind: Kind) -> i32 {
        let taken = self.numbers.entry(kind).or_default();
        let highest = taken.last().copied().unwrap_or_default();
        let gap = || (1..).zip(&*taken).find(|(free, taken)| free != *taken).map(|(free, _)| free);
        let next = if highest < MAX_NUMBER { highest + 1 } else { gap().unwrap_or(MAX_NUMBER) };
        taken.insert(next);
        next
    }

    /// The id of a new item: the one it had elsewhere, unless something here has or had that.
    pub fn new_id(&mut self, elsewhere: Option<Uuid>) -> Uuid {
        let free = elsewhere.filter(|id| !self.standing.taken.contains(id));
        let id = free.unwrap_or_else(Uuid::now_v7);
        if let Some(elsewhere) = elsewhere {
            self.call(elsewhere, id);
        }
        id
    }

    /// Says what an id of the file is called here, for bundles that name it.
    pub fn call(&mut self, elsewhere: Uuid, here: Uuid) {
        self.ids.insert(elsewhere, here);
    }

    /// What comes into a section comes to its end.
    pub fn placed(&mut self, mut item: Item, before: Option<&Item>) -> Item {
        if before.is_none_or(|before| before.section != item.section)
            && let Some(section) = item.section
        {
            let next = self.places.entry(section).or_insert(0);
            item.position = *next;
            *next += 1;
        }
        item
    }

    /// Judges what is proposed, all of it together, as the menu will be.
    pub fn judge(self, mut proposals: Vec<Proposal>) -> Preview {
        for part in proposals.iter_mut().filter_map(|one| one.after.as_mut()).flat_map(|item| &mut item.parts) {
            part.item = self.ids.get(&part.item).copied().unwrap_or(part.item);
        }
        let menu = self.to_be(&proposals);
        let sections = self.new.iter().map(|Section { menu, slug, name, description, .. }| {
            (*menu, NewSection { slug: slug.clone(), name: name.clone(), description: description.clone() })
        });
        let plan = Plan { sections: sections.collect(), ..Plan::default() };
        let mut preview = Preview { plan, items: Vec::new() };
        for proposal in proposals {
            let told = compare::told(&proposal, &menu);
            if let (Action::New | Action::Changed, Some(after)) = (told.action, proposal.after) {
                let new_section = self.new.iter().position(|section| Some(section.id) == after.section);
                preview.plan.items.push(ItemStep { before: proposal.before, after, new_section });
            }
            preview.items.push(told);
        }
        preview
    }

    /// The menu as it will be.
    fn to_be(&self, proposals: &[Proposal]) -> ToBe<'_> {
        let mut references = References::new(self.sections.iter().map(|section| (section.id, section.menu)));
        for item in self.items().iter().chain(proposals.iter().filter_map(|proposal| proposal.after.as_ref())) {
            references.lay(item.id, Known::from(item));
        }
        ToBe { sections: &self.sections, references }
    }
}

/// What is known of the menu as it will be.
#[derive(Debug)]
pub struct ToBe<'a> {
    /// Its sections.
    pub sections: &'a [Section],
    /// What its items say of each other.
    pub references: References,
}
