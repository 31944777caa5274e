//! The old system's SQLite database, in both of its schemas. It is opened so that not even a lock file is made beside it,
//! and the table of its users is never read.

use std::collections::BTreeSet;
use std::path::Path;

use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sea_orm::sqlx::{self, Column, ConnectOptions, Connection, Row as _, TypeInfo, ValueRef};
use serde_json::{Map, Value};

use super::finding::Subject;
use super::original::{Problem, Row};
use super::repair;

/// The tables that are read, with the columns they cannot do without.
const TABLES: [(&str, Subject, &[&str]); 4] = [
    ("wines", Subject::Wine, &["id", "name", "color"]),
    ("drinks", Subject::Drink, &["id", "name", "price"]),
    ("snacks", Subject::Snack, &["id", "name", "price"]),
    ("notifications", Subject::Notification, &["id", "title", "message"]),
];

/// The rows of the menu and of the announcements.
pub async fn read(path: &Path) -> Result<Vec<Row>, Problem> {
    refuse_unsaved(path)?;
    let options =
        SqliteConnectOptions::new().filename(path).read_only(true).immutable(true).disable_statement_logging();
    let mut db = SqliteConnection::connect_with(&options).await.map_err(damaged)?;
    let rows = read_all(&mut db).await;
    db.close().await.map_err(damaged)?;
    rows
}

/// What is still in the log beside a database would be left out without a word.
fn refuse_unsaved(path: &Path) -> Result<(), Problem> {
    for ending in ["-wal", "-journal"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(ending);
        let beside = Path::new(&beside);
        if beside.metadata().is_ok_and(|file| file.len() > 0) {
            let name = beside.file_name().unwrap_or_default().to_string_lossy().into_owned();
            return Err(Problem::Unsaved(name));
        }
    }
    Ok(())
}

async fn read_all(db: &mut SqliteConnection) -> Result<Vec<Row>, Problem> {
    let check: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut *db).await.map_err(damaged)?;
    if check != "ok" {
        return Err(Problem::Damaged(one_line(&check)));
    }
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .fetch_all(&mut *db)
    .await
    .map_err(damaged)?;
    if tables.iter().any(|table| table == "seaql_migrations") {
        return Err(Problem::Ours);
    }
    let known: Vec<_> = TABLES.into_iter().filter(|(table, ..)| tables.iter().any(|name| name == table)).collect();
    if !known.iter().any(|(_, subject, _)| *subject != Subject::Notification) {
        let named = if tables.is_empty() { "none".to_owned() } else { one_line(&tables.join(", ")) };
        return Err(Problem::Foreign(named));
    }
    let mut rows = Vec::new();
    for (table, subject, needed) in known {
        check_columns(db, table, needed).await?;
        rows.extend(read_table(db, table, subject).await?);
    }
    if rows.is_empty() { Err(Problem::NoRows) } else { Ok(rows) }
}

async fn check_columns(db: &mut SqliteConnection, table: &'static str, needed: &[&'static str]) -> Result<(), Problem> {
    let columns: Vec<String> =
        sqlx::query_scalar("SELECT name FROM pragma_table_info(?)").bind(table).fetch_all(db).await.map_err(damaged)?;
    let columns: BTreeSet<String> = columns.into_iter().collect();
    if let Some(column) = needed.iter().find(|column| !columns.contains(**column)) {
        return Err(Problem::Column { table, column });
    }
    if table == "wines" && !columns.contains("prices") && !columns.contains("price_bottle") {
        return Err(Problem::Column { table, column: "price_bottle" });
    }
    Ok(())
}

async fn read_table(db: &mut SqliteConnection, table: &str, subject: Subject) -> Result<Vec<Row>, Problem> {
    let query = sqlx::AssertSqlSafe(format!("SELECT * FROM {table} ORDER BY rowid"));
    let rows = sqlx::query(query).fetch_all(db).await.map_err(damaged)?;
    rows.iter().map(|row| Ok(Row { subject, fields: fields(row)? })).collect()
}

/// A row as if it had come from JSON. Columns of the old system's JSON type hold text.
fn fields(row: &SqliteRow) -> Result<Map<String, Value>, Problem> {
    let mut fields = Map::new();
    for column in row.columns() {
        let value = value(row, column.ordinal()).map_err(damaged)?;
        fields.insert(column.name().to_owned(), value);
    }
    for key in ["prices", "allergens", "traceAllergens"] {
        let parsed = fields.get(key).and_then(Value::as_str).and_then(|text| serde_json::from_str(text).ok());
        if let Some(parsed) = parsed {
            fields.insert(key.to_owned(), parsed);
        }
    }
    Ok(fields)
}

/// What a cell holds, whatever its column was declared as: SQLite puts any value into any column.
fn value(row: &SqliteRow, at: usize) -> Result<Value, sqlx::Error> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    match raw.type_info().name() {
        "INTEGER" => Ok(row.try_get_unchecked::<i64, _>(at)?.into()),
        "REAL" => Ok(row.try_get_unchecked::<f64, _>(at)?.into()),
        _ => {
            let bytes: Vec<u8> = row.try_get_unchecked(at)?;
            Ok(String::from_utf8(bytes).unwrap_or_else(|error| repair::from_windows_1252(error.as_bytes())).into())
        }
    }
}

fn damaged(error: sqlx::Error) -> Problem {
    match error {
        sqlx::Error::Database(error) => Problem::Damaged(one_line(error.message())),
        other => Problem::Damaged(one_line(&other.to_string())),
    }
}

fn one_line(text: &str) -> String {
    let line: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(120).collect();
    line.trim().to_owned()
}
