//! Who changed what. Lines are only ever added.

pub mod fields;
pub mod question;
pub mod routes;
pub mod since;
pub mod store;
pub mod undo;
pub mod undone;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::actor::Actor;

/// How long what was deleted can come back.
pub const KEPT: TimeDelta = TimeDelta::days(30);

/// The head of a line of history.
#[derive(Debug)]
pub struct Entry<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, and by which way.
    pub by: &'a Actor,
    /// The change that this line is part of.
    pub batch: Uuid,
    /// The card that the change led to; none where guests see nothing of it.
    pub revision: Option<i64>,
    /// The line or the change that this one takes back.
    pub undoes: Option<Uuid>,
    /// What kind of thing.
    pub thing: &'static str,
    /// Which one.
    pub id: Uuid,
}

/// A line of history.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The line; the later, the higher.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
    /// By which way.
    pub source: String,
    /// The change that it is part of.
    pub batch: Uuid,
    /// The card that the change led to.
    pub revision: Option<i64>,
    /// The line or the change that it takes back.
    pub undoes: Option<Uuid>,
    /// What kind of thing.
    pub thing: String,
    /// Which one.
    pub thing_id: Uuid,
    /// What it was; none: it was not there.
    pub before: Option<Value>,
    /// What it became; none: it went.
    pub after: Option<Value>,
}

impl Line {
    /// What people call the thing.
    pub fn name(&self) -> Option<&str> {
        let document = self.after.as_ref().or(self.before.as_ref())?;
        let name = ["name", "title", "username", "alt"].iter().find_map(|field| document.get(field))?;
        name.get("de").unwrap_or(name).as_str()
    }
}
