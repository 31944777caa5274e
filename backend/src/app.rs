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
use crate::events::bell::Bell;
use crate::limits::Limits;
use crate::login::door::Door;
use crate::media::Media;
use crate::once::Once;
use crate::reply::Reply;

/// Everything a request can reach.
#[derive(Clone, Debug)]
pub struct App {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The card as guests read it.
    pub shelf: Shelf,
    /// What rings for each new card.
    pub bell: Bell,
    /// What makes the guest pages.
    pub pages: Pages,
    /// What answers depend on.
    pub settings: Arc<Settings>,
    /// How often an address may ask.
    pub limits: Limits,
    /// Who may come in.
    pub door: Door,
    /// The files of pictures.
    pub media: Media,
    ledger: Ledger,
}

impl App {
    /// An app over `db` that lays its card on `shelf`.
    pub fn new(db: Db, clock: Clock, shelf: Shelf, settings: Settings) -> Result<Self, Error> {
        // Two of the libraries bring a provider of TLS each, and rustls will not choose between them. The first word counts.
        drop(rustls::crypto::ring::default_provider().install_default());
        let ledger = Ledger::new(db.clone(), clock.clone());
        let limits = Limits::new(&clock, &settings);
        let door = Door::new(db.clone(), clock.clone(), ledger.clone(), &settings)?;
        let media = Media::open(settings.media.as_ref())?;
        let (bell, pages, settings) = (Bell::default(), Pages::new(), Arc::new(settings));
        Ok(Self { db, clock, shelf, bell, pages, settings, limits, door, media, ledger })
    }

    /// Makes one change: all of `work` or nothing. When it returns, guests read the new card, and whoever listens has
    /// been told.
    pub async fn change<T>(&self, by: &Actor, work: impl AsyncFnOnce(&Change) -> Result<T, Error>) -> Result<T, Error> {
        let done = self.ledger.change(by, work).await?;
        if let Err(error) = self.catch_up().await {
            // The change is made; the card follows with the next look at the revision.
            tracing::warn!(error = chain(&error), "the card could not be laid anew after a change");
        }
        Ok(done)
    }

    /// Brings the card up to date with the database, and tells whoever listens.
    pub async fn catch_up(&self) -> Result<(), Error> {
        self.shelf.refresh(&self.db).await?;
        self.bell.ring(&self.db, &self.shelf).await;
        Ok(())
    }

    /// Makes one change and answers with what it made. The same request again makes nothing and gets the same answer.
    pub async fn reply(
        &self,
        by: &Actor,
        once: &Once,
        work: impl AsyncFnOnce(&Change) -> Result<Reply, Error>,
    ) -> Result<Reply, Error> {
        let answered = async |change: &Change| {
            if let Some(kept) = once.kept(change).await? {
                return Ok(kept);
            }
            let reply = work(change).await?;
            once.keep(change, &reply).await?;
            Ok(reply)
        };
        self.change(by, answered).await
    }

    /// Makes one change that guests never see: of people, and of what they are signed in with.
    pub async fn change_unseen<T>(
        &self,
        by: &Actor,
        work: impl AsyncFnOnce(&Change) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.ledger.change_unseen(by, work).await
    }
}
