//! What a file would do: every item with what changes in it, or with why it is refused, cell by cell.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::cell::Misread;
use super::compare;
use super::line::Line;
use crate::digest;
use crate::error::Error;
use crate::exchange::plan::{ItemStep, Plan, Standing};
use crate::fault::Fault;
use crate::menu::item::{Item, Kind};
use crate::menu::section::{NewSection, Section};

/// What happens to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportAction)]
pub enum Action {
    /// It is made.
    New,
    /// It is there and changes.
    Changed,
    /// It is there and stays as it is.
    Unchanged,
    /// It cannot be read or breaks a rule; nothing is imported until that is corrected.
    Refused,
}

/// A cell that changes.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CellDifference {
    /// The row of the file that says it, as a spreadsheet counts.
    pub row: usize,
    /// The column.
    pub column: &'static str,
    /// What the cell was; empty if it was nothing.
    pub before: String,
    /// What it becomes; empty if nothing.
    pub after: String,
}

/// A cell that is refused.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct CellFault {
    /// The row of the file, as a spreadsheet counts; of JSON, the place of the item, from 1.
    pub row: usize,
    /// The column.
    pub column: &'static str,
    /// The rule that is broken.
    pub code: &'static str,
    /// The rule's figures.
    #[schema(value_type = Object)]
    pub params: Value,
}

/// What happens to one item.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ImportedItem)]
pub struct Told {
    /// The rows that mean it.
    pub rows: Vec<usize>,
    /// What happens to it.
    pub action: Action,
    /// Its kind, if that is known.
    pub kind: Option<Kind>,
    /// Its German name.
    pub name: String,
    /// The item, if it is there already.
    pub id: Option<Uuid>,
    /// The cells that change.
    pub differences: Vec<CellDifference>,
    /// The cells that are refused.
    pub faults: Vec<CellFault>,
}

/// What a file would do.
#[derive(Debug)]
pub struct Preview {
    /// What is written.
    pub plan: Plan,
    /// What is told, item by item, in the order of the file.
    pub items: Vec<Told>,
}

/// What a file proposes for one item.
#[derive(Debug)]
pub struct Proposal {
    /// The rows that mean it.
    pub rows: Vec<usize>,
    /// Its kind, if that is known.
    pub kind: Option<Kind>,
    /// Its German name.
    pub name: String,
    /// The item as it is, if it is there.
    pub before: Option<Item>,
    /// The item as it is to be, if that can be read.
    pub after: Option<Item>,
    /// The row of each serving that is named.
    pub servings: HashMap<Uuid, usize>,
    /// What cannot be read.
    pub faults: Vec<CellFault>,
}

impl CellFault {
    /// A fault of a cell.
    pub fn new(row: usize, column: &'static str, Misread { code, params }: Misread) -> Self {
        Self { row, column, code, params }
    }
}

impl Proposal {
    /// A row of which it cannot even be told what it means.
    pub fn refused(fault: CellFault) -> Self {
        let (rows, servings) = (vec![fault.row], HashMap::new());
        Self { rows, kind: None, name: String::new(), before: None, after: None, servings, faults: vec![fault] }
    }
}

/// Where proposals are laid beside the menu: it knows what stands, and gives numbers and places to what is new.
#[derive(Debug)]
pub struct Desk<'a> {
    standing: &'a Standing,
    sections: Vec<Section>,
    new: Vec<Section>,
    /// When it is looked at.
    pub at: DateTime<Utc>,
    numbers: HashMap<Kind, i32>,
    places: HashMap<Uuid, i32>,
}

impl<'a> Desk<'a> {
    /// A desk with the menu on it, and sections that are to be made.
    pub fn new(standing: &'a Standing, new: Vec<Section>, at: DateTime<Utc>) -> Self {
        let sections = standing.sections.iter().chain(&new).cloned().collect();
        let mut desk = Self { standing, sections, new, at, numbers: HashMap::new(), places: HashMap::new() };
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
            let next = self.numbers.entry(kind).or_insert(1);
            *next = i32::max(*next, number.saturating_add(1));
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

    /// A number that nothing has.
    pub fn next_number(&mut self, kind: Kind) -> i32 {
        let next = self.numbers.entry(kind).or_insert(1);
        *next += 1;
        *next - 1
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

    /// Judges what is proposed, all of it together.
    pub fn judge(self, mut proposals: Vec<Proposal>) -> Preview {
        self.tell_taken(&mut proposals);
        let sections = self.new.iter().map(|Section { menu, slug, name, description, .. }| {
            (*menu, NewSection { slug: slug.clone(), name: name.clone(), description: description.clone() })
        });
        let plan = Plan { sections: sections.collect(), ..Plan::default() };
        let mut preview = Preview { plan, items: Vec::new() };
        for proposal in proposals {
            let told = compare::told(&proposal, &self.sections);
            if let (Action::New | Action::Changed, Some(after)) = (told.action, proposal.after) {
                let new_section = self.new.iter().position(|section| Some(section.id) == after.section);
                preview.plan.items.push(ItemStep { before: proposal.before, after, new_section });
            }
            preview.items.push(told);
        }
        // What is part of another has to be there before it.
        preview.plan.items.sort_by_key(|step| !step.after.parts.is_empty());
        preview
    }

    /// Numbers and names for addresses are each one item's, also while others give theirs up.
    fn tell_taken(&self, proposals: &mut [Proposal]) {
        let mut numbers: HashMap<(Kind, i32), Uuid> =
            self.items().iter().map(|item| ((item.kind, item.number), item.id)).collect();
        let mut slugs: HashMap<(Kind, String), Uuid> =
            self.items().iter().map(|item| ((item.kind, item.slug.clone()), item.id)).collect();
        for proposal in proposals {
            let Some(after) = &proposal.after else { continue };
            let row = proposal.rows.first().copied().unwrap_or(1);
            let number = *numbers.entry((after.kind, after.number)).or_insert(after.id);
            let slug = *slugs.entry((after.kind, after.slug.clone())).or_insert(after.id);
            for (header, owner) in [("number", number), ("slug", slug)] {
                if owner != after.id {
                    proposal.faults.push(CellFault::new(row, header, Misread::plain("taken")));
                }
            }
        }
    }
}

impl Preview {
    /// How many items meet which end: new, changed, unchanged, refused.
    pub fn count(&self, action: Action) -> usize {
        self.items.iter().filter(|item| item.action == action).count()
    }

    /// Stands for everything that it would do: the same file does the same to a menu that has not changed where it counts.
    pub fn fingerprint(&self) -> String {
        let sections: Vec<Value> = self.plan.sections.iter().map(|(menu, new)| json!([menu, new.slug])).collect();
        digest::long(json!([self.items, sections]).to_string().as_bytes())
    }

    /// Nothing, or everything that is refused.
    pub fn finish(&self) -> Result<(), Error> {
        let faults = self.items.iter().flat_map(|item| &item.faults);
        let faults: Vec<Fault> = faults
            .map(|fault| Fault::new(format!("/rows/{}/{}", fault.row, fault.column), fault.code, fault.params.clone()))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}
