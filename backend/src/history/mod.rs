//! Who changed what. Lines are only ever added.

pub mod since;
pub mod store;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::actor::Actor;

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
    /// What kind of thing.
    pub thing: &'static str,
    /// Which one.
    pub id: Uuid,
}
