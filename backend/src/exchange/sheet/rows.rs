//! The rows of a sheet, gathered by the item that they mean.

use std::collections::HashMap;

use super::cell::Cell;
use super::columns::ID;
use super::desk::Desk;
use super::header::{Row, Sheet};
use super::lay;
use super::preview::{CellFault, Proposal};
use super::recognise::{Meant, Signs, recognise};
use crate::menu::item::Kind;

/// What the rows of a sheet propose, item by item, in their order.
pub fn proposals(sheet: &Sheet, desk: &mut Desk<'_>) -> Vec<Proposal> {
    let mut groups: Vec<(Result<Meant, CellFault>, Vec<&Row>)> = Vec::new();
    let mut places: HashMap<Meant, usize> = HashMap::new();
    for row in &sheet.rows {
        let meant = meant(sheet, row, desk);
        if let Ok(meant) = &meant
            && let Some((_, rows)) = places.get(meant).and_then(|place| groups.get_mut(*place))
        {
            rows.push(row);
            continue;
        }
        if let Ok(meant) = &meant {
            places.insert(meant.clone(), groups.len());
        }
        groups.push((meant, vec![row]));
    }
    desk.reserve(groups.iter().filter_map(|(meant, _)| match meant {
        Ok(Meant::Numbered(kind, number)) => Some((*kind, *number)),
        _ => None,
    }));
    let mut proposal = |(meant, rows): (_, Vec<&Row>)| match meant {
        Ok(meant) => lay::proposal(sheet, &meant, &rows, desk),
        Err(fault) => {
            let name = rows.first().and_then(|row| sheet.cell(row, "name_de")).unwrap_or_default();
            Proposal { name: name.to_owned(), ..Proposal::refused(fault) }
        }
    };
    groups.into_iter().map(&mut proposal).collect()
}

fn meant(sheet: &Sheet, row: &Row, desk: &Desk<'_>) -> Result<Meant, CellFault> {
    let at = |(header, misread)| CellFault::new(row.number, header, misread);
    let filled = |header| sheet.cell(row, header).filter(|cell| !cell.is_empty());
    let (mut kind, mut number) = (None::<Kind>, None::<i32>);
    kind.read(filled("kind").unwrap_or_default()).map_err(|misread| at(("kind", misread)))?;
    number.read(filled("number").unwrap_or_default()).map_err(|misread| at(("number", misread)))?;
    let signs = Signs { id: filled(ID), kind, number, name: filled("name_de").unwrap_or_default() };
    recognise(desk.items(), signs).map_err(at)
}
