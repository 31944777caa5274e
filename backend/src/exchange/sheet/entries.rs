//! One item of a document, laid over the item that it means: what it does not say stays.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::cell::Misread;
use super::desk::Desk;
use super::line;
use super::preview::{CellFault, Proposal};
use super::recognise::{Meant, Signs, recognise};
use crate::body::{self, Patch};
use crate::error::Error;
use crate::fault::{Fault, none};
use crate::menu::entry::{Entry, EntryServing};
use crate::menu::fold::{fold, slug};
use crate::menu::item::{Item, Kind};
use crate::menu::serving::Unit;

/// What an item of a document proposes; `row` is its place, from 1.
pub fn proposal(fields: Map<String, Value>, row: usize, desk: &mut Desk<'_>) -> Result<Proposal, Error> {
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

/// The id that it had where it comes from.
pub fn id(fields: &Map<String, Value>) -> Option<Uuid> {
    fields.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok())
}

/// The number that it wants.
pub fn number(fields: &Map<String, Value>) -> Option<i32> {
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

/// What is wrong at a place below another.
pub fn under(place: &str, error: Error) -> Error {
    let Error::Invalid(faults) = error else { return error };
    let under = |fault: Fault| Fault::new(format!("{place}{}", fault.pointer), fault.code, fault.params);
    Error::Invalid(faults.into_iter().map(under).collect())
}
