//! The first row of a sheet: which column stands where. What is not known is named, and can be called by its right name.

use std::collections::HashMap;

use serde_json::json;

use super::MAX_ROWS;
use super::columns;
use super::formula;
use super::grid::{self, Torn};
use super::letters::Encoding;
use crate::error::Error;
use crate::exchange::repair;
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
    encoding: Encoding,
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

    /// A cell as it was meant, without blanks around it; of a column that is not there, none. Spreadsheets leave out empty
    /// cells at the end of a row.
    pub fn cell<'a>(&self, row: &'a Row, header: &str) -> Option<&'a str> {
        let place = *self.columns.get(header)?;
        Some(formula::meant(row.cells.get(place).map(String::as_str).unwrap_or_default()).trim())
    }

    /// Whether a cell says what stands already, as far as the file's letters can say it.
    pub fn says(&self, cell: &str, stands: &str) -> bool {
        let lossy = self.encoding == Encoding::Windows1252;
        cell == stands.trim() || (lossy && cell == repair::through_windows_1252(stands.trim()))
    }
}

/// Whether a text is a sheet of this system, by its headers.
pub fn is_ours(text: &str) -> bool {
    let names = grid::first_line(text).split([';', ',', '\t']).map(|name| canonical(name.trim_matches('"')));
    names.filter(|name| columns::headers().any(|header| header == name)).count() >= 2
}

/// Reads a sheet, or says what about it as a whole is wrong.
pub fn read(text: &str, mapping: &Mapping, encoding: Encoding) -> Result<Sheet, Error> {
    let grid = grid::read(text).map_err(|torn| match torn {
        Torn::OpenQuote(row) => Error::invalid(format!("/rows/{row}"), "open_quote", none()),
        Torn::TooLong => Error::invalid("/rows", "too_many", json!({ "max": MAX_ROWS })),
    })?;
    let filled = |cells: &Vec<String>| cells.iter().any(|cell| !cell.trim().is_empty());
    let mut rows = (1..).zip(grid.rows).filter(|(_, cells)| filled(cells));
    let columns = columns_of(&rows.next().unwrap_or_default().1, mapping)?;
    let sheet = Sheet {
        delimiter: grid.delimiter,
        encoding,
        rows: rows.map(|(number, cells)| Row { number, cells }).collect(),
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
        let called = mapped.unwrap_or(name);
        let known = known(called);
        let pointer = format!("/header/{}", name.chars().take(64).collect::<String>());
        // A column without a header and one that is to be left out hold nothing for us.
        if known.is_none() && !called.trim().is_empty() {
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

/// The column with this header.
pub fn known(name: &str) -> Option<&'static str> {
    let name = canonical(name);
    columns::headers().find(|header| **header == name)
}

/// Headers are the same whatever their case, accents and blanks.
fn canonical(name: &str) -> String {
    fold(name.trim()).replace([' ', '-'], "_")
}
