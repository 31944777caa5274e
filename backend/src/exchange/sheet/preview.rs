//! What a file would do: every item with what changes in it, or with why it is refused, cell by cell.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::cell::Misread;
use crate::digest;
use crate::error::Error;
use crate::exchange::plan::Plan;
use crate::fault::Fault;
use crate::menu::item::{Item, Kind};

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
