//! An item as it is beside the item as it is to be, cell by cell.

use std::collections::HashMap;

use uuid::Uuid;

use super::columns::{self, Column, ITEM, SERVING, WINE};
use super::desk::ToBe;
use super::line::{Line, Sold};
use super::preview::{Action, CellDifference, CellFault, Proposal, Told};
use crate::error::Error;
use crate::fault::Fault;
use crate::menu::item::{Item, Part, Relation};

/// What is told of a proposal: the cells that change, or those that are refused.
pub fn told(proposal: &Proposal, menu: &ToBe<'_>) -> Told {
    let Proposal { rows, kind, name, before, after, servings, faults } = proposal;
    let row = rows.first().copied().unwrap_or(1);
    let mut faults = faults.clone();
    let mut differences = Vec::new();
    if let Some(after) = after.as_ref().filter(|_| faults.is_empty()) {
        let (before, others) = (before.as_ref(), &menu.references);
        for checked in [after.check(), others.check(before, after).finish(), others.check_own(before, after).finish()] {
            if let Err(Error::Invalid(broken)) = checked {
                faults.extend(broken.iter().map(|fault| at_its_cell(fault, after, servings, row)));
            }
        }
        differences = changes(before, after, menu, (servings, row));
    }
    let action = match before {
        _ if !faults.is_empty() => Action::Refused,
        None => Action::New,
        Some(_) if differences.is_empty() => Action::Unchanged,
        Some(_) => Action::Changed,
    };
    let id = before.as_ref().map(|before| before.id);
    Told { rows: rows.clone(), action, kind: *kind, name: name.clone(), id, differences, faults }
}

fn at_its_cell(fault: &Fault, item: &Item, servings: &HashMap<Uuid, usize>, row: usize) -> CellFault {
    let (serving, column) = columns::of_pointer(&fault.pointer);
    let serving = serving.and_then(|place| item.servings.get(place));
    let row = serving.and_then(|serving| servings.get(&serving.id)).copied().unwrap_or(row);
    CellFault { row, column, code: fault.code, params: fault.params.clone() }
}

/// Every cell that changes. Of what is new, every cell with something in it.
fn changes(
    before: Option<&Item>,
    after: &Item,
    menu: &ToBe<'_>,
    (servings, row): (&HashMap<Uuid, usize>, usize),
) -> Vec<CellDifference> {
    let lines = (before.map(|item| Line::of(item, menu.sections)), Line::of(after, menu.sections));
    let mut found = compare(row, ITEM, lines.0.as_ref(), &lines.1);
    if after.wine.is_some() {
        found.extend(compare(row, WINE, lines.0.as_ref(), &lines.1));
    }
    for serving in &after.servings {
        let known = before.and_then(|item| item.servings.iter().find(|old| old.id == serving.id)).map(Sold::of);
        let row = servings.get(&serving.id).copied().unwrap_or(row);
        found.extend(compare(row, SERVING, known.as_ref(), &Sold::of(serving)));
    }
    let parts = |item: &Item| item.parts.iter().map(|part| named(part, menu)).collect::<Vec<_>>().join(", ");
    let (old, new) = (before.map(parts).unwrap_or_default(), parts(after));
    if old != new {
        found.push(CellDifference { row, column: "parts", before: old, after: new });
    }
    found
}

/// A part as people call it: ids may be others each time a file is looked at.
fn named(part: &Part, menu: &ToBe<'_>) -> String {
    let name = match menu.references.get(part.item) {
        Some(item) => format!("{} {} {}", item.kind.noun(), item.number, item.name),
        None => String::new(),
    };
    match (part.relation, part.choice) {
        (Relation::AddOn, _) => format!("{name} (add-on)"),
        (Relation::Component, Some(choice)) => format!("{name} (choice {choice})"),
        (Relation::Component, None) => name,
    }
}

fn compare<T: Clone>(row: usize, columns: &[Column<T>], before: Option<&T>, after: &T) -> Vec<CellDifference> {
    let old = before.map_or_else(|| vec![String::new(); columns.len()], |before| columns::spelled(before, columns));
    let cells = columns.iter().zip(old).zip(columns::spelled(after, columns));
    let differ = cells.filter(|((_, old), new)| old != new);
    differ.map(|(((column, _), before), after)| CellDifference { row, column, before, after }).collect()
}
