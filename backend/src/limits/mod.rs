//! How often an address may ask: so that one guest cannot keep the others waiting, and nobody tries passwords all night.

mod budget;
pub mod layer;
mod memory;
mod shared;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use budget::Budget;
use memory::Memory;
use shared::Shared;

use crate::address::Client;
use crate::clock::Clock;
use crate::config::Settings;
use crate::error::chain;

/// How long Redis may take to answer before an instance counts by itself.
const PATIENCE: Duration = Duration::from_millis(50);

/// What each address has left of each budget.
#[derive(Clone)]
pub struct Limits(Option<Arc<Counted>>);

struct Counted {
    reading: Memory,
    writing: Memory,
    signing_in: Memory,
    chat: Memory,
    shared: Option<Arc<Shared>>,
}

/// What an address is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody counts.
    Uncounted,
    /// Go ahead; so many more may follow at once.
    Served {
        /// What is left of the budget.
        remaining: u32,
    },
    /// Too often.
    Refused {
        /// When to come back.
        wait: Duration,
    },
}

impl Limits {
    /// Limits as the settings want them.
    pub fn new(clock: &Clock, settings: &Settings) -> Self {
        Self::with_patience(clock, settings, PATIENCE)
    }

    /// Limits that wait so long for an answer from Redis.
    pub fn with_patience(clock: &Clock, settings: &Settings, patience: Duration) -> Self {
        if !settings.rate_limit {
            return Self(None);
        }
        let shared = settings.redis_url.clone().and_then(|url| {
            let shared = Shared::new(url, clock.clone(), patience);
            // The address itself may have a password in it.
            shared
                .inspect_err(|error| tracing::warn!(reason = chain(error), "REDIS_URL names no Redis; it is not used"))
                .ok()
        });
        let memory = |budget| Memory::new(budget, clock.clone());
        Self(Some(Arc::new(Counted {
            reading: memory(Budget::Reading),
            writing: memory(Budget::Writing),
            signing_in: memory(Budget::SigningIn),
            chat: memory(Budget::Chat),
            shared: shared.map(Arc::new),
        })))
    }

    /// Counts one more of `client`.
    ///
    /// This process counts first, also where Redis has the last word: whoever is over his budget here is over it
    /// everywhere, so that a flood never reaches Redis, and the counts are there already when Redis goes away.
    pub async fn check(&self, budget: Budget, client: Client) -> Verdict {
        let Some(counted) = &self.0 else { return Verdict::Uncounted };
        let here = counted.memory(budget).check(client);
        match (&counted.shared, here) {
            (Some(shared), Verdict::Served { .. }) => shared.check(budget, client).await.unwrap_or(here),
            _ => here,
        }
    }

    /// Whether several instances count together just now.
    pub fn together(&self) -> bool {
        self.0.as_ref().and_then(|counted| counted.shared.as_ref()).is_some_and(|shared| shared.reached())
    }
}

/// Neither the addresses that are kept nor the one of Redis are for reading.
impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Limits(on)" } else { "Limits(off)" })
    }
}

impl Counted {
    fn memory(&self, budget: Budget) -> &Memory {
        match budget {
            Budget::Reading => &self.reading,
            Budget::Writing => &self.writing,
            Budget::SigningIn => &self.signing_in,
            Budget::Chat => &self.chat,
        }
    }
}
