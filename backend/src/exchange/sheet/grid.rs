//! CSV as rows of cells (RFC 4180), counted as a spreadsheet counts them: blank lines too, and one row however many lines a
//! cell has.

use std::iter::Peekable;
use std::str::Chars;

use super::MAX_ROWS;
use super::formula;

/// The rows of a file; the first is row 1.
#[derive(Debug, PartialEq, Eq)]
pub struct Grid {
    /// What stands between cells.
    pub delimiter: char,
    /// The cells, row by row.
    pub rows: Vec<Vec<String>>,
}

/// Why a text is no grid.
#[derive(Debug, PartialEq, Eq)]
pub enum Torn {
    /// A cell that begins in this row has no closing quote; the rest of the file would be swallowed by it.
    OpenQuote(usize),
    /// There are more rows than anybody reads.
    TooLong,
}

const DELIMITERS: [char; 3] = [';', ',', '\t'];

/// What a cell ends with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Cell,
    Row,
}

/// Takes a text apart.
pub fn read(text: &str) -> Result<Grid, Torn> {
    let (told, text) = told(text);
    let delimiter = told.unwrap_or_else(|| delimiter(first_line(text)));
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    let mut letters = text.chars().peekable();
    while letters.peek().is_some() {
        let (cell, end) = cell(&mut letters, delimiter).ok_or(Torn::OpenQuote(rows.len() + 1))?;
        row.push(cell);
        let last = letters.peek().is_none();
        if last && end == End::Cell {
            // A delimiter at the very end leaves an empty last cell.
            row.push(String::new());
        }
        if last || end == End::Row {
            rows.push(std::mem::take(&mut row));
        }
        if rows.len() > MAX_ROWS + 1 {
            return Err(Torn::TooLong);
        }
    }
    Ok(Grid { delimiter, rows })
}

/// The next cell, unless its quotation mark never closes.
fn cell(letters: &mut Peekable<Chars<'_>>, delimiter: char) -> Option<(String, End)> {
    let (mut cell, mut quoted) = (String::new(), letters.next_if_eq(&'"').is_some());
    loop {
        match letters.next() {
            None => return (!quoted).then_some((cell, End::Row)),
            Some('"') if quoted && letters.next_if_eq(&'"').is_none() => quoted = false,
            Some('\r') if !quoted && letters.peek() == Some(&'\n') => {}
            Some('\n' | '\r') if !quoted => return Some((cell, End::Row)),
            Some(letter) if letter == delimiter && !quoted => return Some((cell, End::Cell)),
            Some(letter) => cell.push(letter),
        }
    }
}

/// The line in which the headers stand: the first with anything on it.
pub fn first_line(text: &str) -> &str {
    told(text).1.lines().find(|line| !line.trim().is_empty()).unwrap_or_default()
}

/// What a line `sep=;` at the top says, and what follows it. Spreadsheets obey that line, and neither show nor count it.
fn told(text: &str) -> (Option<char>, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (name, sign) = line.trim_matches('"').split_once('=').unwrap_or_default();
    let delimiter = DELIMITERS.into_iter().find(|delimiter| sign.starts_with(*delimiter));
    match delimiter.filter(|_| name.eq_ignore_ascii_case("sep")) {
        Some(delimiter) => (Some(delimiter), rest),
        None => (None, text),
    }
}

/// The sign that divides a line into most cells.
fn delimiter(first: &str) -> char {
    let count = |delimiter: &char| first.matches(*delimiter).count();
    // Of several equal ones the last counts, so the order is turned around.
    DELIMITERS.into_iter().rev().max_by_key(count).unwrap_or(';')
}

/// A row as German spreadsheets read it: semicolons, and quotes where they are needed.
pub fn written(cells: impl IntoIterator<Item = String>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|cell| quoted(&formula::neutralised(cell))).collect();
    format!("{}\r\n", cells.join(";"))
}

fn quoted(cell: &str) -> String {
    let needs = cell.contains([';', '\t', '"', '\n', '\r']) || cell.trim() != cell;
    if needs { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Torn, first_line, read, written};
    use crate::exchange::sheet::formula;

    fn rows(text: &str) -> Vec<Vec<String>> {
        read(text).unwrap().rows
    }

    #[test]
    fn the_first_line_says_what_divides() {
        for (text, delimiter) in [("a;b\n1;2", ';'), ("a,b\r\n1,2\r\n", ','), ("a\tb\r1\t2", '\t')] {
            assert_eq!(read(text).unwrap().delimiter, delimiter);
            assert_eq!(rows(text), [["a", "b"], ["1", "2"]], "{text:?}");
        }
    }

    #[test]
    fn a_line_for_the_spreadsheet_is_obeyed_and_not_counted() {
        for text in ["sep=,\r\na,b;c\r\n", "\"sep=,\"\na,b;c", "SEP=,;;\na,b;c"] {
            assert_eq!(rows(text), [["a", "b;c"]], "{text:?}");
        }
        assert_eq!(first_line("sep=;\n\n \nkind;number\n"), "kind;number");
        assert_eq!(rows("sep=x;y"), [["sep=x", "y"]]);
    }

    #[test]
    fn quotes_blank_lines_and_last_cells_count() {
        assert_eq!(
            rows("a;b\n\n\"x\ny \"\"z\"\"\";\n;"),
            vec![vec!["a", "b"], vec![""], vec!["x\ny \"z\"", ""], vec!["", ""]]
        );
        assert_eq!(rows(""), Vec::<Vec<String>>::new());
        assert_eq!(rows("a;5\" Kerze\n"), [["a", "5\" Kerze"]]);
        assert_eq!(read("a;b\n1;\"open\n2;3"), Err(Torn::OpenQuote(2)));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(cells in prop::collection::vec("[a-zäß=+@'\";,\\t\\n\\r -]{0,8}", 2..6)) {
            let text = format!("id;kind;c;d;e;f;g\r\n{}", written(cells.clone()));
            let read = rows(&text);
            prop_assert_eq!(read.len(), 2);
            let meant: Vec<&str> = read[1].iter().map(|cell| formula::meant(cell)).collect();
            prop_assert_eq!(meant, cells);
        }

        #[test]
        fn no_text_panics(text in "[\\PC\";\\n\\r\\t]*") {
            let _ = read(&text);
        }
    }
}
