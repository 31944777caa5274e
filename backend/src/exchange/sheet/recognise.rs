//! Which item is meant: by its id, else by its number, else by its name.

use uuid::Uuid;

use super::cell::Misread;
use crate::menu::fold::fold;
use crate::menu::item::{Item, Kind};

/// The item that is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Meant {
    /// One that is there.
    Known(Uuid),
    /// A new one with this number.
    Numbered(Kind, i32),
    /// A new one with this name.
    Named(Kind, String),
}

/// What is said of an item that tells it from others.
#[derive(Clone, Copy, Debug)]
pub struct Signs<'a> {
    /// Its id.
    pub id: Option<&'a str>,
    /// Its kind.
    pub kind: Option<Kind>,
    /// Its number.
    pub number: Option<i32>,
    /// Its German name.
    pub name: &'a str,
}

/// Finds the item, or says in which column it cannot be told.
pub fn recognise(items: &[Item], signs: Signs<'_>) -> Result<Meant, (&'static str, Misread)> {
    if let Some(id) = signs.id {
        let id: Uuid = id.trim().parse().map_err(|_| ("id", Misread::plain("not_an_id")))?;
        let known = items.iter().any(|item| item.id == id);
        return if known { Ok(Meant::Known(id)) } else { Err(("id", Misread::plain("unknown_id"))) };
    }
    let kind = signs.kind.ok_or(("kind", Misread::plain("missing")))?;
    let of_kind = || items.iter().filter(|item| item.kind == kind);
    if let Some(number) = signs.number {
        let known = of_kind().find(|item| item.number == number);
        return Ok(known.map_or(Meant::Numbered(kind, number), |item| Meant::Known(item.id)));
    }
    let name = fold(signs.name.trim());
    if name.is_empty() {
        return Err(("name_de", Misread::plain("missing")));
    }
    let mut called = of_kind().filter(|item| fold(&item.name.de) == name);
    match (called.next(), called.next()) {
        (Some(_), Some(_)) => Err(("name_de", Misread::plain("ambiguous"))),
        (Some(item), None) => Ok(Meant::Known(item.id)),
        _ => Ok(Meant::Named(kind, name)),
    }
}
