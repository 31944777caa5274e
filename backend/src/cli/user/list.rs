//! `casavazquez user list`: everybody in a table.

use crate::config::DataConfig;
use crate::users::store;
use crate::users::user::Profile;

/// Runs the command.
pub async fn run(data: &DataConfig) -> anyhow::Result<()> {
    let app = super::open(data).await?;
    super::super::say(&table(&store::list(&app.db).await?))
}

/// Everybody on a line, in columns as wide as they have to be.
fn table(people: &[Profile]) -> String {
    if people.is_empty() {
        return "(nobody yet)".to_owned();
    }
    let head = ["name", "role", "active", "full name", "since"].map(str::to_owned);
    let rows: Vec<[String; 5]> = std::iter::once(head).chain(people.iter().map(row)).collect();
    let widths = [0, 1, 2, 3, 4].map(|column| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    });
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn row(person: &Profile) -> [String; 5] {
    [
        person.username.clone(),
        person.role.to_string(),
        if person.active { "yes" } else { "no" }.to_owned(),
        person.full_name.clone().unwrap_or_else(|| "-".to_owned()),
        person.created_at.format("%Y-%m-%d").to_string(),
    ]
}
