//! Many items at once: sold out, back, or deleted; all of them or none.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::availability::{Availability, Until};
use crate::change::Change;
use crate::error::Error;
use crate::fault::none;
use crate::menu;
use crate::menu::item::{Item, Kind};
use crate::reply::Reply;
use crate::rules::Faults;

/// As many as a whole card has, and more.
const MAX_ITEMS: usize = 1000;

/// What is to be done with many items.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
#[schema(example = json!({"action": "set_availability", "items": ["019c0000-0000-7000-8000-000000000001"], "sold_out": true, "until": "next_opening"}))]
pub enum Bulk {
    /// They are sold out, or back.
    SetAvailability {
        /// The items.
        items: Vec<Uuid>,
        /// Whether they are sold out.
        sold_out: bool,
        /// When they are back by themselves: `next_opening`, a moment, or null: until further notice.
        #[serde(default)]
        #[schema(value_type = Option<String>)]
        until: Option<Until>,
    },
    /// They are deleted.
    Delete {
        /// The items.
        items: Vec<Uuid>,
    },
}

/// What became of each.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkDone {
    /// One line for each item that was named, in that order.
    pub items: Vec<BulkRow>,
}

/// What became of one.
#[derive(Debug, Serialize, ToSchema)]
pub struct BulkRow {
    /// The item.
    pub id: Uuid,
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// What happened.
    pub outcome: Outcome,
    /// Which copy it is now; absent for one that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
}

/// What happened to one of many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is different now.
    Changed,
    /// It was like that already.
    Unchanged,
    /// It is gone; undoing brings it back.
    Deleted,
}

impl Bulk {
    /// Does it.
    pub async fn run(self, change: &Change) -> Result<Reply, Error> {
        let items = match self {
            Self::SetAvailability { items, sold_out, until } => {
                set_availability(change, named(change, &items).await?, Availability { sold_out, until }).await?
            }
            Self::Delete { items } => delete(change, named(change, &items).await?).await?,
        };
        Ok(Reply::done(&BulkDone { items }))
    }
}

async fn set_availability(
    change: &Change,
    items: Vec<Item>,
    availability: Availability,
) -> Result<Vec<BulkRow>, Error> {
    let decided = availability.decide(change).await?;
    let pairs = items.iter().map(|item| (item.clone(), decided.of(item, &[]))).collect();
    let changed = menu::store::update_servings(change, pairs).await?;
    let row = |item: &Item| match changed.iter().find(|one| one.id == item.id) {
        Some(changed) => row(changed, Outcome::Changed, Some(changed.revision)),
        None => row(item, Outcome::Unchanged, Some(item.revision)),
    };
    Ok(items.iter().map(row).collect())
}

/// Together they may go, where one alone may be needed.
async fn delete(change: &Change, items: Vec<Item>) -> Result<Vec<BulkRow>, Error> {
    let rows = items.iter().map(|item| row(item, Outcome::Deleted, None)).collect();
    menu::store::delete_all(change, &items).await?;
    Ok(rows)
}

fn row(item: &Item, outcome: Outcome, revision: Option<i64>) -> BulkRow {
    BulkRow { id: item.id, kind: item.kind, name: item.name.de.clone(), outcome, revision }
}

/// The items that are named, each of which has to be there.
async fn named(change: &Change, ids: &[Uuid]) -> Result<Vec<Item>, Error> {
    let mut faults = Faults::default();
    faults.unless(!ids.is_empty(), "/items", "missing");
    if !faults.at_most("/items", ids, MAX_ITEMS) {
        return faults.finish().map(|()| Vec::new());
    }
    let all = menu::store::list(change.db()).await?;
    let mut seen = HashSet::new();
    let mut items = Vec::with_capacity(ids.len());
    for (place, id) in ids.iter().enumerate() {
        faults.unless(seen.insert(*id), &format!("/items/{place}"), "given_twice");
        match all.iter().find(|item| item.id == *id) {
            Some(item) => items.push(item.clone()),
            None => faults.add(&format!("/items/{place}"), "unknown", none()),
        }
    }
    faults.finish().map(|()| items)
}
