//! The first row of a sheet: which column stands where. What is not known is named, and can be called by its right name.

use std::collections::HashMap;

use serde_json::json;

use super::MAX_ROWS;
use super::columns;
use super::formula;
use super::grid::{self, Torn};
use crate::error::Error;
use crate::fault::none;
use crate::menu::fold::fold;
use crate::rules::Faults;

/// What headers of a file are called here; what is called nothing is left out.
pub type Mapping = HashMap<String, String>;

/// A sheet: its columns and its rows.
#[derive(Debug)]
pub struct Sheet {
    /// What stands between cells.
    pub delimiter: char,
    columns: HashMap<&'static str, usize>,
    /// The rows with something in them.
    pub rows: Vec<Row>,
}

/// A row of a sheet.
#[derive(Debug)]
pub struct Row {
    /// Its number in a spreadsheet.
    pub number: usize,
    cells: Vec<String>,
}

impl Sheet {
    /// Whether the sheet has a column.
    pub fn has(&self, header: &str) -> bool {
        self.columns.contains_key(header)
    }

    /// A cell as it was meant; of a column that is not there, none. Spreadsheets leave out empty cells at the end of a row.
    pub fn cell<'a>(&self, row: &'a Row, header: &str) -> Option<&'a str> {
        let place = *self.columns.get(header)?;
        Some(formula::meant(row.cells.get(place).map(String::as_str).unwrap_or_default()))
    }
}

/// Whether a text is a sheet of this system, by its first line.
pub fn is_ours(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    let names = first.split([';', ',', '\t']).map(|name| canonical(name.trim_matches('"')));
    names.filter(|name| columns::headers().any(|header| header == name)).count() >= 2
}

/// Reads a sheet, or says what about it as a whole is wrong.
pub fn read(text: &str, mapping: &Mapping) -> Result<Sheet, Error> {
    let grid = grid::read(text).map_err(|torn| match torn {
        Torn::OpenQuote(row) => Error::invalid(format!("/rows/{row}"), "open_quote", none()),
        Torn::TooLong => Error::invalid("/rows", "too_many", json!({ "max": MAX_ROWS })),
    })?;
    let mut rows = grid.rows.into_iter();
    let columns = columns_of(&rows.next().unwrap_or_default(), mapping)?;
    let filled = |cells: &Vec<String>| cells.iter().any(|cell| !cell.trim().is_empty());
    let numbered = (2..).zip(rows).filter(|(_, cells)| filled(cells));
    let sheet = Sheet {
        delimiter: grid.delimiter,
        rows: numbered.map(|(number, cells)| Row { number, cells }).collect(),
        columns: columns.iter().enumerate().filter_map(|(place, header)| Some(((*header)?, place))).collect(),
    };
    let mut faults = Faults::default();
    for row in &sheet.rows {
        let beyond = row.cells.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty());
        faults.unless(!beyond, &format!("/rows/{}", row.number), "more_cells_than_headers");
    }
    if sheet.rows.is_empty() {
        faults.add("/rows", "missing", none());
    }
    faults.finish().map(|()| sheet)
}

fn columns_of(header: &[String], mapping: &Mapping) -> Result<Vec<Option<&'static str>>, Error> {
    let mut faults = Faults::default();
    let mut found: Vec<Option<&'static str>> = Vec::new();
    for name in header {
        let name = formula::meant(name).trim();
        let mapped = mapping.iter().find(|(from, _)| canonical(from) == canonical(name)).map(|(_, to)| to.as_str());
        let called = canonical(mapped.unwrap_or(name));
        let known = columns::headers().find(|header| **header == called);
        let pointer = format!("/header/{}", name.chars().take(64).collect::<String>());
        // A column without a header and one that is to be left out hold nothing for us.
        if known.is_none() && !called.is_empty() {
            faults.add(&pointer, "unknown_column", json!({"known": columns::headers().collect::<Vec<_>>()}));
        }
        if known.is_some() && found.contains(&known) {
            faults.add(&pointer, "given_twice", none());
        }
        found.push(known);
    }
    if found.iter().all(Option::is_none) {
        faults.add("/header", "missing", none());
    }
    faults.finish().map(|()| found)
}

/// Headers are the same whatever their case, accents and blanks.
fn canonical(name: &str) -> String {
    fold(name.trim()).replace([' ', '-'], "_")
}
