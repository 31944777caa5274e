//! What a request can reach: the database, the clock, the card, the pages.

use std::sync::Arc;

use crate::actor::Actor;
use crate::card::page::Pages;
use crate::card::shelf::Shelf;
use crate::change::{Change, Ledger};
use crate::clock::Clock;
use crate::config::Settings;
use crate::db::Db;
use crate::error::{Error, chain};
use crate::limits::Limits;

/// Everything a request can reach.
#[derive(Clone, Debug)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The card as guests read it.
    pub shelf: Shelf,
    /// What makes the guest pages.
    pub pages: Pages,
    /// What answers depend on.
    pub settings: Arc<Settings>,
    /// How often an address may ask.
    pub limits: Limits,
    ledger: Ledger,
}

impl App {
    /// An app over `db` that lays its card on `shelf`.
    pub fn new(db: Db, clock: Clock, shelf: Shelf, settings: Settings) -> Self {
        let ledger = Ledger::new(db.clone(), clock.clone());
        let limits = Limits::new(&clock, &settings);
        Self { db, clock, shelf, pages: Pages::new(), settings: Arc::new(settings), limits, ledger }
    }

    /// Makes one change: all of `work` or nothing. When it returns, guests read the new card.
    pub async fn change<T>(&self, by: &Actor, work: impl AsyncFnOnce(&Change) -> Result<T, Error>) -> Result<T, Error> {
        let done = self.ledger.change(by, work).await?;
        if let Err(error) = self.shelf.refresh(&self.db).await {
            // The change is made; the card follows with the next look at the revision.
            tracing::warn!(error = chain(&error), "the card could not be laid anew after a change");
        }
        Ok(done)
    }
}
