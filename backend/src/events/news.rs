//! What is told of a new card.

use serde::Serialize;

use crate::db::Db;
use crate::error::chain;
use crate::history::since::{self, Told};

/// The most that is told at once: what is longer is quicker read anew.
const MOST: u64 = 500;

/// There is a new card.
#[derive(Debug)]
pub struct News {
    /// The card that was told of before; none where it does not lead to this one.
    pub since: Option<i64>,
    /// What changed in between.
    pub changes: Changes,
}

/// What led to a card, for those who work here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// The number of the card.
    pub revision: i64,
    /// Whether this is all that changed. If not, there is no list, and everything is to be read anew.
    pub complete: bool,
    /// What changed, in order.
    pub changes: Vec<Told>,
}

impl Changes {
    /// What led from one card to another.
    pub async fn between(db: &Db, since: i64, revision: i64) -> Self {
        match since::list(db, since, revision, MOST + 1).await {
            Ok(changes) if u64::try_from(changes.len()).is_ok_and(|length| length <= MOST) => {
                Self { revision, complete: true, changes }
            }
            Ok(_) => Self::unknown(revision),
            Err(error) => {
                tracing::warn!(
                    error = chain(&error),
                    "what changed could not be read; listeners are told to read anew"
                );
                Self::unknown(revision)
            }
        }
    }

    /// A card of which nobody can say how it came about.
    pub fn unknown(revision: i64) -> Self {
        Self { revision, complete: false, changes: Vec::new() }
    }

    /// The same for somebody who has heard of card `heard`.
    #[must_use]
    pub fn after(&self, heard: i64) -> Self {
        let changes = self.changes.iter().filter(|told| told.revision > heard).cloned().collect();
        Self { changes, ..*self }
    }
}
