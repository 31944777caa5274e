//! The menu as one JSON document, and back: items as their editor writes them, sections by their names for addresses.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::MAX_ROWS;
use super::cell::Misread;
use super::desk::Desk;
use super::line;
use super::preview::{CellFault, Preview, Proposal};
use super::recognise::{Meant, Signs, recognise};
use crate::body::{self, Patch};
use crate::error::Error;
use crate::exchange::plan::Standing;
use crate::fault::{Fault, none};
use crate::menu::entry::{Entry, EntryServing};
use crate::menu::fold::{fold, slug};
use crate::menu::item::{Item, Kind};
use crate::menu::section::{Menu, Section};
use crate::menu::serving::Unit;
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

fn proposal(fields: Map<String, Value>, row: usize, desk: &mut Desk<'_>) -> Result<Proposal, Error> {
    let name = fields.get("name").and_then(|name| name.get("de")).and_then(Value::as_str);
    let name = name.unwrap_or_default().to_owned();
    match read(fields, &name, desk) {
        Ok((before, after)) => {
            let (kind, name, servings) = (Some(after.kind), after.name.de.clone(), HashMap::new());
            let after = Some(after);
            Ok(Proposal { rows: vec![row], kind, name, before: before.cloned(), after, servings, faults: Vec::new() })
        }
        Err(Wrong::Cell(column, misread)) => {
            Ok(Proposal { name, ..Proposal::refused(CellFault::new(row, column, misread)) })
        }
        Err(Wrong::Shape(error)) => Err(error),
    }
}

/// Why an item cannot be read: what it says is wrong, or it is none of our items at all.
enum Wrong {
    Cell(&'static str, Misread),
    Shape(Error),
}

impl Wrong {
    fn cell(column: &'static str, code: &'static str) -> Self {
        Self::Cell(column, Misread::plain(code))
    }
}

impl From<Error> for Wrong {
    fn from(error: Error) -> Self {
        Self::Shape(error)
    }
}

/// The item as it is, if it is there, and as it is to be.
fn read<'a>(
    mut fields: Map<String, Value>,
    name: &str,
    desk: &mut Desk<'a>,
) -> Result<(Option<&'a Item>, Item), Wrong> {
    if let Some(foreign) = ["after", "picture"].into_iter().find(|name| fields.contains_key(*name)) {
        return Err(Error::invalid(format!("/{foreign}"), "unknown_field", none()).into());
    }
    let placed = fields.contains_key("section");
    let head = take(&mut fields)?;
    let number = number(&fields);
    let before = known(&head, number, name, desk)?;
    if let (Some(before), Some(elsewhere)) = (before, head.id) {
        desk.call(elsewhere, before.id);
    }
    let kind = match (before.map(|item| item.kind), head.kind) {
        (Some(known), Some(said)) if known != said => return Err(Wrong::cell("kind", "never_changes")),
        (known, said) => known.or(said).ok_or_else(|| Wrong::cell("kind", "missing"))?,
    };
    let base = before.cloned().unwrap_or_else(|| {
        let number = number.unwrap_or_else(|| desk.next_number(kind));
        Item::blank(desk.new_id(head.id), kind, number, desk.at)
    });
    let servings = fields.remove("servings");
    let mut entry = if before.is_some() { Patch::from(fields).over(&Entry::from(&base))? } else { new(fields, &base)? };
    if entry.alcohol.is_none() {
        return Err(Wrong::cell("alcohol", "missing"));
    }
    entry.section = match head.section {
        None if placed => None,
        None => base.section,
        Some(named) => {
            let found = line::find_section(desk.sections(), kind.menu(), &named).map(|section| section.id);
            Some(found.ok_or_else(|| Wrong::cell("section", "unknown_section"))?)
        }
    };
    entry.servings = lay_servings(&base, servings)?;
    Ok((before, desk.placed(entry.laid_over(Uuid::now_v7, &base)?, before)))
}

/// An item that is new. Of a drink somebody has to say whether there is alcohol in it.
fn new(fields: Map<String, Value>, blank: &Item) -> Result<Entry, Error> {
    let mut nothing = Entry::from(blank);
    nothing.slug = None;
    nothing.alcohol = nothing.alcohol.filter(|_| blank.kind != Kind::Drink);
    let entry = Patch::from(fields).over(&nothing)?;
    Ok(Entry { slug: entry.slug.or_else(|| Some(slug(&entry.name.de))), ..entry })
}

fn id(fields: &Map<String, Value>) -> Option<Uuid> {
    fields.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok())
}

fn number(fields: &Map<String, Value>) -> Option<i32> {
    fields.get("number").and_then(Value::as_i64).and_then(|number| i32::try_from(number).ok())
}

fn known<'a>(head: &Head, number: Option<i32>, name: &str, desk: &Desk<'a>) -> Result<Option<&'a Item>, Wrong> {
    let id = head.id.map(|id| id.to_string());
    match recognise(desk.items(), Signs { id: id.as_deref(), kind: head.kind, number, name }) {
        Ok(Meant::Known(id)) => Ok(desk.item(id)),
        // A document carries a menu to another house, where the ids are not known yet. What has the same number and the same
        // name there is the same, however: it has come before.
        Err((_, Misread { code: "unknown_id", .. })) => Ok(desk.items().iter().find(|item| {
            Some(item.kind) == head.kind && Some(item.number) == number && fold(&item.name.de) == fold(name)
        })),
        Ok(_) => Ok(None),
        Err((column, misread)) => Err(Wrong::Cell(column, misread)),
    }
}

/// What stands beside the fields that an editor writes.
#[derive(Debug, Deserialize)]
struct Head {
    #[serde(default)]
    id: Option<Uuid>,
    #[serde(default)]
    kind: Option<Kind>,
    #[serde(default)]
    section: Option<String>,
}

fn take(fields: &mut Map<String, Value>) -> Result<Head, Error> {
    let head = ["id", "kind", "section"].into_iter().filter_map(|name| fields.remove_entry(name));
    body::parse(&Value::Object(head.collect()).to_string())
}

/// The servings that are named change or are new; the others stay.
fn lay_servings(base: &Item, given: Option<Value>) -> Result<Vec<EntryServing>, Error> {
    let mut servings: Vec<EntryServing> = base.servings.iter().cloned().map(EntryServing::from).collect();
    let given: Vec<Map<String, Value>> = match given {
        None => return Ok(servings),
        Some(given) => body::parse(&given.to_string()).map_err(|error| under("/servings", error))?,
    };
    let mut named = Vec::new();
    for (place, fields) in given.into_iter().enumerate() {
        let at = |error| under(&format!("/servings/{place}"), error);
        let id = id(&fields);
        if let Some(known) = servings.iter_mut().find(|serving| serving.id.is_some() && serving.id == id) {
            *known = Patch::from(fields).over(known).map_err(at)?;
            named.push(id);
            continue;
        }
        let new: EntryServing = body::parse(&Value::Object(fields).to_string()).map_err(at)?;
        let is_meant =
            |known: &&mut EntryServing| known.id.is_some() && !named.contains(&known.id) && size(known) == size(&new);
        // The same size again is the same serving: nothing is sold twice.
        match servings.iter_mut().find(is_meant) {
            Some(known) => {
                named.push(known.id);
                *known = EntryServing { id: known.id, ..new };
            }
            None => servings.push(EntryServing { id: None, ..new }),
        }
    }
    Ok(servings)
}

/// What tells a serving from its sisters.
fn size(serving: &EntryServing) -> (Unit, &str, Option<i32>, Option<i32>) {
    (serving.unit, &serving.label.de, serving.volume_ml, serving.weight_g)
}

fn under(place: &str, error: Error) -> Error {
    let Error::Invalid(faults) = error else { return error };
    let under = |fault: Fault| Fault::new(format!("{place}{}", fault.pointer), fault.code, fault.params);
    Error::Invalid(faults.into_iter().map(under).collect())
}
