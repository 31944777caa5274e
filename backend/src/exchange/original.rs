//! The files of the old system: which kind of file each is, and what can be told of one that is none.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use thiserror::Error;

use super::finding::Subject;
use super::{json, sqlite};

/// A file of the old system, as it was read.
#[derive(Debug)]
pub struct Source {
    /// The file's name.
    pub file: String,
    /// Its rows, in order.
    pub rows: Vec<Row>,
    /// Whether its letters were Windows-1252 and not UTF-8.
    pub windows_1252: bool,
}

/// A row of a table, or an object of a JSON file.
#[derive(Debug)]
pub struct Row {
    /// What it is about.
    pub subject: Subject,
    /// Its fields.
    pub fields: Map<String, Value>,
}

/// A file that cannot be imported: what was found and what to do.
#[derive(Debug, Error)]
#[error("'{}' {problem}", path.display())]
pub struct Unreadable {
    /// The file.
    path: PathBuf,
    /// What is wrong with it.
    problem: Problem,
}

/// What is wrong with a file.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each variant says itself what it is")]
pub enum Problem {
    #[error("does not exist; check the path")]
    Missing,
    #[error("is a folder; name the files in it")]
    Folder,
    #[error("is empty; copy it again from the old system")]
    Empty,
    #[error("cannot be read ({}); check its permissions", .0.kind())]
    File(io::Error),
    #[error(
        "is neither a SQLite database nor JSON (it may be encrypted or packed); name the old system's .db or .json file"
    )]
    Unknown,
    #[error("is no whole SQLite database ({0}); copy it again while the old system is stopped")]
    Damaged(String),
    #[error(
        "has changes waiting in '{0}'; stop the old system so that it writes them into the database, then copy both"
    )]
    Unsaved(String),
    #[error("is this system's own database; name the old system's")]
    Ours,
    #[error("is a SQLite database of another program (tables: {0}); the old system's has wines, drinks, snacks")]
    Foreign(String),
    #[error("has a table '{table}' without the column '{column}'; it is of another program or of an unknown version")]
    Column { table: &'static str, column: &'static str },
    #[error("is broken JSON (line {line}, column {column}); correct it there, or export it again")]
    BrokenJson { line: usize, column: usize },
    #[error("is JSON of another shape ({0}); a list of wines, drinks, snacks or notifications is needed")]
    Shape(String),
    #[error("holds no rows; there is nothing to import")]
    NoRows,
}

const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

/// Reads a file, whatever kind it is. The file and what lies beside it stay as they are.
pub async fn read(path: &Path) -> Result<Source, Unreadable> {
    let unreadable = |problem| Unreadable { path: path.to_owned(), problem };
    let bytes = bytes(path).map_err(unreadable)?;
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    if bytes.starts_with(SQLITE_MAGIC) {
        let rows = sqlite::read(path).await.map_err(unreadable)?;
        return Ok(Source { file, rows, windows_1252: false });
    }
    let (rows, windows_1252) = json::read(&bytes).map_err(unreadable)?;
    Ok(Source { file, rows, windows_1252 })
}

/// The bytes of a file; of a SQLite database only the beginning, because SQLite reads the rest.
fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    if path.is_dir() {
        return Err(Problem::Folder);
    }
    let mut file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Problem::Missing,
        _ => Problem::File(error),
    })?;
    let mut bytes = Vec::new();
    (&mut file).take(1024).read_to_end(&mut bytes).map_err(Problem::File)?;
    if bytes.is_empty() {
        return Err(Problem::Empty);
    }
    if !bytes.starts_with(SQLITE_MAGIC) {
        file.read_to_end(&mut bytes).map_err(Problem::File)?;
    }
    Ok(bytes)
}
