//! The fields of a row, read and repaired; what was found on the way is kept.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::finding::{Damage, Finding, Subject};
use super::price::{self, Unclear};
use super::repair;

/// What the old system kept for itself.
const DATES: [&str; 2] = ["created_at", "updated_at"];

/// A row that is left out; why is among the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused;

/// A text, and whether its end is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The text.
    pub text: String,
    /// Whether it was cut.
    pub cut: bool,
}

/// One row while it is read.
pub struct Record<'a> {
    /// What the row is about.
    pub subject: Subject,
    /// The name by which findings call it.
    pub name: String,
    id: Option<String>,
    fields: &'a Map<String, Value>,
    asked: BTreeSet<&'static str>,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Record<'a> {
    /// A row that calls itself by the field `named`.
    pub fn new(
        subject: Subject,
        named: &'static str,
        fields: &'a Map<String, Value>,
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        let plain = |key: &str| fields.get(key).and_then(plain).filter(|text| !text.trim().is_empty());
        let id = plain("id").map(|id| repair::id(&id).to_owned()).filter(|id| !id.is_empty());
        let name = plain(named).or_else(|| id.as_ref().map(|id| format!("id {id}"))).unwrap_or_default();
        let name = repair::encoded_once(&name).unwrap_or(name);
        let name = repair::trimmed(&name).trim_start_matches('*').to_owned();
        Self { subject, name, id, fields, asked: BTreeSet::new(), findings }
    }

    /// Writes down what was found.
    pub fn found(&mut self, damage: Damage, note: impl Into<String>) {
        let (name, id) = (self.name.clone(), self.id.clone());
        self.findings.push(Finding { damage, subject: self.subject, name, id, note: note.into() });
    }

    /// Leaves the row out.
    pub fn refuse(&mut self, damage: Damage, note: impl Into<String>) -> Refused {
        self.found(damage, note);
        Refused
    }

    /// A field as it is, unless it says nothing.
    pub fn value(&mut self, key: &'static str) -> Option<&'a Value> {
        self.asked.insert(key);
        self.fields.get(key).filter(|value| !value.is_null())
    }

    /// The id without its comma.
    pub fn id(&mut self) -> Option<String> {
        let printed = self.value("id").and_then(plain)?;
        if printed.trim().ends_with(',') {
            self.found(Damage::IdComma, format!("{} → {}", printed.trim(), repair::id(&printed)));
        }
        self.id.clone()
    }

    /// A text, with its letters repaired.
    pub fn words(&mut self, key: &'static str) -> Option<Words> {
        let mut text = self.value(key).and_then(plain)?;
        if let Some(repaired) = repair::encoded_once(&text) {
            self.found(Damage::TwiceEncoded, format!("{key} \"{}\" → \"{}\"", short(&text), short(&repaired)));
            text = repaired;
        }
        let cut = repair::is_cut(&text);
        let text = if cut { repair::trimmed(&text) } else { text.trim() }.to_owned();
        (!text.is_empty()).then_some(Words { text, cut })
    }

    /// A short text in which nothing can be missing.
    pub fn word(&mut self, key: &'static str) -> Option<String> {
        self.words(key).map(|words| words.text)
    }

    /// Yes or no, under whichever of its names the field goes.
    pub fn flag(&mut self, keys: &[&'static str]) -> Result<Option<bool>, Refused> {
        for key in keys {
            let Some(value) = self.value(key) else { continue };
            let said = plain(value).unwrap_or_else(|| value.to_string());
            let read = match said.trim().to_lowercase().as_str() {
                "" => continue,
                "true" | "1" | "yes" | "ja" => Some(true),
                "false" | "0" | "no" | "nein" => Some(false),
                _ => None,
            };
            let Some(flag) = read else {
                return Err(self.refuse(Damage::Flag, format!("{key} is {}", short(&said))));
            };
            if value.is_string() {
                self.found(Damage::FlagWord, format!("{key} \"{said}\" → {flag}"));
            }
            return Ok(Some(flag));
        }
        Ok(None)
    }

    /// Names every field that nobody asked for: what is left out is said.
    pub fn finish(mut self) {
        if self.word("image").is_some_and(|picture| !picture.is_empty()) {
            self.found(Damage::Picture, String::new());
        }
        let fields = self.fields;
        for (key, value) in fields {
            let nothing = value.is_null() || value.as_str() == Some("") || value.as_bool() == Some(false);
            if !nothing && !self.asked.contains(key.as_str()) && !DATES.contains(&key.as_str()) {
                self.found(Damage::UnknownField, short(key));
            }
        }
    }
}

/// A price in cents, printed or as a number; nothing said is no price.
pub fn price(value: &Value) -> Option<Result<i64, Unclear>> {
    match value {
        Value::Null => None,
        Value::String(printed) if printed.trim().is_empty() => None,
        Value::String(printed) => Some(price::parse(printed)),
        Value::Number(number) => Some(number.as_f64().map_or(Err(Unclear::NotAPrice), price::from_number)),
        _ => Some(Err(Unclear::NotAPrice)),
    }
}

/// A single value as text.
pub fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// A text short enough for a line of the report.
pub fn short(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST - 1).collect();
    format!("{}…", start.trim_end())
}
