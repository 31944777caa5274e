//! The old system's JSON files, recognised by their shape and not by their name.

use serde_json::{Map, Value};

use super::finding::Subject;
use super::original::{Problem, Row};
use super::repair;

type Fields = Map<String, Value>;

/// The rows of a file, and whether its letters were Windows-1252.
pub fn read(bytes: &[u8]) -> Result<(Vec<Row>, bool), Problem> {
    let (text, windows_1252) = decode(bytes);
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with(['[', '{']) {
        return Err(if text.is_empty() { Problem::Empty } else { Problem::Unknown });
    }
    let value: Value = serde_json::from_str(text)
        .map_err(|error| Problem::BrokenJson { line: error.line(), column: error.column() })?;
    let groups = groups(value)?;
    if groups.iter().all(Vec::is_empty) {
        return Err(Problem::NoRows);
    }
    let whole = subject(groups.iter().flatten());
    let mut rows = Vec::new();
    for group in groups {
        let Some(subject) = subject(&group).or(whole) else {
            let keys: Vec<String> = group.iter().flat_map(Fields::keys).take(6).cloned().collect();
            return Err(Problem::Shape(format!("rows with {}", keys.join(", "))));
        };
        rows.extend(group.into_iter().map(|fields| Row { subject, fields }));
    }
    Ok((rows, windows_1252))
}

fn decode(bytes: &[u8]) -> (String, bool) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (repair::from_windows_1252(bytes), true),
    }
}

/// One list, or a list for each section of a page.
fn groups(value: Value) -> Result<Vec<Vec<Fields>>, Problem> {
    match value {
        Value::Array(rows) => Ok(vec![objects(rows)?]),
        Value::Object(sections) => {
            let of_lists = sections.values().all(Value::is_array);
            if !of_lists {
                let keys: Vec<String> = sections.keys().take(6).cloned().collect();
                return Err(Problem::Shape(format!("an object with {}", keys.join(", "))));
            }
            let lists = sections
                .into_iter()
                .filter_map(|(_, list)| if let Value::Array(rows) = list { Some(rows) } else { None });
            lists.map(objects).collect()
        }
        _ => Err(Problem::Shape("a single value".to_owned())),
    }
}

fn objects(rows: Vec<Value>) -> Result<Vec<Fields>, Problem> {
    let object = |row: Value| match row {
        Value::Object(fields) => Ok(fields),
        _ => Err(Problem::Shape("a list of something other than objects".to_owned())),
    };
    rows.into_iter().map(object).collect()
}

/// What rows are about, by the fields that only rows of this kind have.
fn subject<'a>(rows: impl IntoIterator<Item = &'a Fields>) -> Option<Subject> {
    let rows: Vec<&Fields> = rows.into_iter().collect();
    let has = |keys: &[&str]| keys.iter().any(|key| rows.iter().any(|fields| fields.contains_key(*key)));
    if has(&["title"]) && has(&["message"]) {
        return Some(Subject::Notification);
    }
    if !has(&["name"]) {
        return None;
    }
    if has(&["color", "grape", "prices", "price_bottle"]) {
        return Some(Subject::Wine);
    }
    if has(&["alcoholic", "volume"]) {
        return Some(Subject::Drink);
    }
    has(&["vegetarian", "veggie", "vegan", "keto"]).then_some(Subject::Snack)
}

#[cfg(test)]
mod tests {
    use super::super::finding::Subject;
    use super::read;

    fn problem(text: &str) -> String {
        read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_file_is_known_by_its_shape() {
        for (text, subject) in [
            (r#"[{"name": "Nube", "color": "red"}]"#, Subject::Wine),
            (r#"{"kegs": [{"name": "Helles", "alcoholic": true}], "corks": [{"name": "Sekt"}]}"#, Subject::Drink),
            ("\u{feff}[{\"name\": \"Chips\", \"veggie\": true}]", Subject::Snack),
            (r#"[{"title": "Heute", "message": "Musik"}]"#, Subject::Notification),
        ] {
            let (rows, _) = read(text.as_bytes()).unwrap();
            assert!(rows.iter().all(|row| row.subject == subject), "{text}");
        }
    }

    #[test]
    fn another_shape_is_told_in_one_line() {
        assert_eq!(problem("[1, 2"), "is broken JSON (line 1, column 5); correct it there, or export it again");
        assert!(problem("[1, 2]").contains("a list of something other than objects"));
        assert!(problem(r#"{"wines": 3}"#).contains("an object with wines"));
        assert!(problem(r#"[{"isbn": "1"}]"#).contains("rows with isbn"));
        assert!(problem("[1e400]").contains("broken JSON"));
        assert!(problem("[]").contains("holds no rows"));
        assert!(problem("hello").contains("neither a SQLite database nor JSON"));
    }

    #[test]
    fn letters_of_an_old_editor_are_read() {
        let (rows, windows_1252) = read(b"[{\"name\": \"Ros\xe9\", \"color\": \"red\"}]").unwrap();
        assert!(windows_1252);
        assert_eq!(rows[0].fields["name"], "Rosé");
    }
}
