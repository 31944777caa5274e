//! The cells of one item's rows, laid over the item: a column that is not there leaves its field alone.

use std::collections::{HashMap, HashSet};

use serde_json::json;
use uuid::Uuid;

use super::cell::Misread;
use super::columns::{self, Column, ITEM, SERVING, SERVING_ID, WINE};
use super::desk::Desk;
use super::header::{Row, Sheet};
use super::line::{Line, Sold};
use super::preview::{CellFault, Proposal};
use super::recognise::Meant;
use crate::exchange::repair;
use crate::menu::item::{Item, Kind};
use crate::menu::serving::Serving;

/// What the rows of one item propose.
pub fn proposal(sheet: &Sheet, meant: &Meant, rows: &[&Row], desk: &mut Desk<'_>) -> Proposal {
    let (before, kind) = match meant {
        Meant::Known(id) => (desk.item(*id), None),
        Meant::Numbered(kind, _) | Meant::Named(kind, _) => (None, Some(*kind)),
    };
    let kind = before.map(|item| item.kind).or(kind).unwrap_or(Kind::Wine);
    let mut laid = Laid { sheet, before, places: HashMap::new(), faults: contradictions(sheet, rows) };
    let mut line = before.map_or_else(|| Line::blank(kind, desk.at), |item| Line::of(item, desk.sections()));
    if let Some(first) = rows.first() {
        laid.lay_line(&mut line, kind, first);
    }
    let name = line.item.name.de.clone();
    let mut servings = before.map(|item| item.servings.clone()).unwrap_or_default();
    laid.lay_servings(&mut servings, rows);
    let Laid { places, mut faults, .. } = laid;
    let first = rows.first().map_or(1, |row| row.number);
    let after = match desk.made(line, before) {
        Ok(item) => Some(Item { servings, ..item }),
        Err(wrong) => {
            faults.extend(wrong.into_iter().map(|(header, misread)| CellFault::new(first, header, misread)));
            None
        }
    };
    let rows = rows.iter().map(|row| row.number).collect();
    Proposal { rows, kind: Some(kind), name, before: before.cloned(), after, servings: places, faults }
}

/// Rows of one item say the same of it, cell by cell.
fn contradictions(sheet: &Sheet, rows: &[&Row]) -> Vec<CellFault> {
    let Some((first, others)) = rows.split_first() else { return Vec::new() };
    let headers = ITEM.iter().chain(WINE).map(|(header, _)| *header);
    let each = headers.flat_map(|header| others.iter().map(move |other| (header, other)));
    let differ = each.filter(|(header, other)| sheet.cell(first, header) != sheet.cell(other, header));
    let params = json!({ "row": first.number });
    let fault = |(header, other): (_, &&Row)| {
        let misread = Misread { code: "contradicts_row", params: params.clone() };
        CellFault::new(other.number, header, misread)
    };
    differ.map(fault).collect()
}

struct Laid<'a> {
    sheet: &'a Sheet,
    before: Option<&'a Item>,
    /// The row of each serving that is named.
    places: HashMap<Uuid, usize>,
    faults: Vec<CellFault>,
}

impl Laid<'_> {
    fn lay_line(&mut self, line: &mut Line, kind: Kind, row: &Row) {
        let known = self.before.is_some();
        self.lay_over(line, ITEM, row, known);
        if known && line.kind != Some(kind) {
            self.fault(row, "kind", Misread::plain("never_changes"));
        }
        if known && line.number.is_none() {
            self.fault(row, "number", Misread::plain("missing"));
        }
        if kind == Kind::Wine {
            return self.lay_over(line, WINE, row, known);
        }
        for (header, _) in WINE {
            if self.sheet.cell(row, header).is_some_and(|cell| !cell.is_empty()) {
                self.fault(row, header, Misread::plain("only_for_wines"));
            }
        }
    }

    /// A cell that says what stands already is not read at all, so that what was exported changes nothing. Of something
    /// new, an empty cell says nothing.
    fn lay_over<T: Clone>(&mut self, thing: &mut T, columns: &[Column<T>], row: &Row, known: bool) {
        let standing = columns::spelled(thing, columns);
        for ((header, value), stands) in columns.iter().zip(standing) {
            let Some(cell) = self.sheet.cell(row, header).filter(|cell| known || !cell.is_empty()) else {
                continue;
            };
            if self.sheet.says(cell, &stands) {
                continue;
            }
            if repair::encoded_once(cell).is_some() {
                self.fault(row, header, Misread::plain("encoded_twice"));
            } else if let Err(misread) = value(thing).read(cell) {
                self.fault(row, header, misread);
            }
        }
    }

    /// Lays the rows over the servings.
    fn lay_servings(&mut self, servings: &mut Vec<Serving>, rows: &[&Row]) {
        let sheet = self.sheet;
        let id = |row: &Row| sheet.cell(row, SERVING_ID).and_then(|id| id.parse::<Uuid>().ok());
        let named: HashSet<Uuid> = rows.iter().filter_map(|row| id(row)).collect();
        for row in rows.iter().filter(|row| says_a_serving(sheet, row)) {
            let free = |serving: &&Serving| !self.places.contains_key(&serving.id) && !named.contains(&serving.id);
            match find(sheet, row, servings, free) {
                Ok(meant) => self.lay_serving(servings, meant, row),
                Err((header, misread)) => self.fault(row, header, misread),
            }
        }
    }

    /// Lays a row over the serving that it means, or over a new one.
    fn lay_serving(&mut self, servings: &mut Vec<Serving>, meant: Option<Uuid>, row: &Row) {
        let known = meant.and_then(|id| servings.iter_mut().find(|serving| serving.id == id));
        let mut sold = known.as_ref().map_or_else(Sold::blank, |serving| Sold::of(serving));
        let faults = self.faults.len();
        self.lay_over(&mut sold, SERVING, row, known.is_some());
        if self.places.insert(sold.serving.id, row.number).is_some() {
            self.fault(row, SERVING_ID, Misread::plain("given_twice"));
        }
        if self.faults.len() > faults {
            return;
        }
        match (sold.serving(), known) {
            (Ok(serving), Some(known)) => *known = serving,
            (Ok(serving), None) => servings.push(serving),
            (Err(wrong), _) => wrong.into_iter().for_each(|(header, misread)| self.fault(row, header, misread)),
        }
    }

    fn fault(&mut self, row: &Row, header: &'static str, misread: Misread) {
        self.faults.push(CellFault::new(row.number, header, misread));
    }
}

/// Whether a row is about a serving: a sheet may name items only, or have a row for an item alone.
fn says_a_serving(sheet: &Sheet, row: &Row) -> bool {
    let headers = || SERVING.iter().map(|(header, _)| *header).chain([SERVING_ID]);
    let filled = headers().any(|header| sheet.cell(row, header).is_some_and(|cell| !cell.is_empty()));
    let tells_sizes = sheet.has(SERVING_ID) || sheet.has("unit");
    filled || (sheet.has("price") && !tells_sizes)
}

/// The serving that a row means: by its id, else by all that the row says of its size. None is a new one.
fn find<'a>(
    sheet: &Sheet,
    row: &Row,
    servings: &'a [Serving],
    free: impl Fn(&&'a Serving) -> bool,
) -> Result<Option<Uuid>, (&'static str, Misread)> {
    if let Some(id) = sheet.cell(row, SERVING_ID).filter(|id| !id.is_empty()) {
        let id: Uuid = id.parse().map_err(|_| (SERVING_ID, Misread::plain("not_an_id")))?;
        let known = servings.iter().find(|serving| serving.id == id);
        return known.map(|serving| Some(serving.id)).ok_or((SERVING_ID, Misread::plain("unknown_id")));
    }
    let is_size = |serving: &&Serving| {
        let cells = columns::spelled(&Sold::of(serving), SERVING);
        let told = SERVING
            .iter()
            .zip(cells)
            .filter(|((header, _), _)| matches!(*header, "unit" | "label_de" | "volume_ml" | "weight_g"));
        told.into_iter()
            .all(|((header, _), stands)| sheet.cell(row, header).is_none_or(|cell| sheet.says(cell, &stands)))
    };
    let mut fitting = servings.iter().filter(|serving| free(serving) && is_size(serving));
    match (fitting.next(), fitting.next()) {
        (Some(_), Some(_)) => Err((SERVING_ID, Misread::plain("which_serving"))),
        (found, _) => Ok(found.map(|serving| serving.id)),
    }
}
