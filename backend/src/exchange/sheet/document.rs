//! The menu as one JSON document, and back: items as their editor writes them, sections by their names for addresses.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::MAX_ROWS;
use super::cell::Misread;
use super::desk::Desk;
use super::entries::{id, number, proposal, under};
use super::preview::{CellFault, Preview};
use crate::body;
use crate::error::Error;
use crate::exchange::plan::Standing;
use crate::fault::none;
use crate::menu::entry::Entry;
use crate::menu::item::{Item, Kind};
use crate::menu::section::{Menu, Section};
use crate::menu::text::Text;

/// What every document of ours says it is.
pub const FORMAT: &str = "casavazquez-menu-1";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    format: String,
    #[serde(default)]
    sections: Vec<Heading>,
    items: Vec<Map<String, Value>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Heading {
    menu: Menu,
    slug: String,
    name: Text,
    #[serde(default)]
    description: Text,
}

/// Writes the document.
pub fn written<'a>(
    items: impl Iterator<Item = &'a Item>,
    sections: &[Section],
    menus: &[Menu],
) -> Result<String, Error> {
    let heading = |section: &Section| {
        let Section { menu, slug, name, description, .. } = section.clone();
        Heading { menu, slug, name, description }
    };
    let document = Document {
        format: FORMAT.to_owned(),
        sections: sections.iter().filter(|section| menus.contains(&section.menu)).map(heading).collect(),
        items: items.map(|item| fields(item, sections)).collect::<Result<_, _>>()?,
    };
    let text = serde_json::to_string_pretty(&document).map_err(|error| unwritable(&error))?;
    Ok(format!("{text}\n"))
}

fn fields(item: &Item, sections: &[Section]) -> Result<Map<String, Value>, Error> {
    let mut fields = Map::new();
    fields.insert("id".to_owned(), json!(item.id));
    fields.insert("kind".to_owned(), json!(item.kind));
    if let Value::Object(written) = serde_json::to_value(Entry::from(item)).map_err(|error| unwritable(&error))? {
        // Pictures are files of their own; an import leaves them as they are.
        fields.extend(written.into_iter().filter(|(name, _)| name != "picture"));
    }
    let section = sections.iter().find(|section| Some(section.id) == item.section);
    fields.insert("section".to_owned(), json!(section.map(|section| &section.slug)));
    Ok(fields)
}

fn unwritable(error: &serde_json::Error) -> Error {
    Error::Page(error.to_string())
}

/// The ids that the items of a document had elsewhere.
pub fn ids(text: &str) -> Vec<Uuid> {
    let items = body::parse::<Document>(text).map(|document| document.items).unwrap_or_default();
    items.iter().filter_map(id).collect()
}

/// Reads a document and says what it would do.
pub fn preview(text: &str, standing: &Standing, at: DateTime<Utc>) -> Result<Preview, Error> {
    let Document { format, sections, items } = body::parse(text)?;
    if format != FORMAT {
        return Err(Error::invalid("/format", "one_of", json!({"allowed": [FORMAT]})));
    }
    if items.is_empty() || items.len() > MAX_ROWS {
        let (code, params) =
            if items.is_empty() { ("missing", none()) } else { ("too_many", json!({"max": MAX_ROWS})) };
        return Err(Error::invalid("/items", code, params));
    }
    let mut desk = Desk::new(standing, new_sections(standing, sections)?, at);
    let kind = |item: &Map<String, Value>| item.get("kind").and_then(|kind| Kind::deserialize(kind).ok());
    desk.reserve(items.iter().filter_map(|item| Some((kind(item)?, number(item)?))));
    let mut proposals = Vec::new();
    let mut rows: HashMap<Uuid, usize> = HashMap::new();
    for (place, item) in items.into_iter().enumerate() {
        if item.values().any(holds_nul) {
            return Err(Error::invalid(format!("/items/{place}"), "forbidden_characters", none()));
        }
        let said = id(&item);
        let read = proposal(item, place + 1, &mut desk);
        let mut proposal = read.map_err(|error| under(&format!("/items/{place}"), error))?;
        let meant = proposal.before.as_ref().map(|before| before.id).or(said);
        if let Some(first) = meant.and_then(|id| rows.insert(id, place + 1)) {
            let misread = Misread { code: "contradicts_row", params: json!({ "row": first }) };
            proposal.faults.push(CellFault::new(place + 1, "id", misread));
        }
        proposals.push(proposal);
    }
    Ok(desk.judge(proposals))
}

/// No text of ours has one, and PostgreSQL could not even keep the answer that repeats it.
fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(holds_nul),
        Value::Object(fields) => fields.values().any(holds_nul),
        _ => false,
    }
}

/// The headings that are not there yet. Those that are, an import leaves as they are.
fn new_sections(standing: &Standing, headings: Vec<Heading>) -> Result<Vec<Section>, Error> {
    let is_new = |heading: &Heading| {
        !standing.sections.iter().any(|known| (known.menu, &known.slug) == (heading.menu, &heading.slug))
    };
    let mut new: Vec<Section> = Vec::new();
    for (place, heading) in headings.into_iter().enumerate().filter(|(_, heading)| is_new(heading)) {
        let Heading { menu, slug, name, description } = heading;
        let section = Section { id: Uuid::now_v7(), menu, slug, name, description, position: 0, revision: 1 };
        section.check().map_err(|error| under(&format!("/sections/{place}"), error))?;
        if new.iter().any(|other| (other.menu, &other.slug) == (menu, &section.slug)) {
            return Err(Error::invalid(format!("/sections/{place}/slug"), "given_twice", none()));
        }
        new.push(section);
    }
    Ok(new)
}
