//! The bell that rings for each new card: once, in order, and for as many as listen.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tokio::sync::{Mutex, broadcast};

use super::news::{Changes, News};
use super::places::{Places, Taken};
use crate::address::Client;
use crate::card::shelf::Shelf;
use crate::db::Db;
use crate::error::Error;

/// How many guests may listen where nobody says how many connections there are.
const PLACES: usize = 5_000;
/// How often a listener hears that the line is still there; proxies end what is silent for a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How much is kept for listeners who are slow. Who is slower hears of the current card and goes on from there.
pub const KEPT: usize = 64;

/// The bell.
#[derive(Clone, Debug)]
pub struct Bell(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    places: Places,
    heartbeat: Duration,
    /// Where listeners hear; none once the server stops.
    line: ArcSwapOption<broadcast::Sender<Arc<News>>>,
    /// The card that it rang for last. Held while it rings, so that numbers come in order.
    rung: Mutex<Option<i64>>,
}

/// Where somebody listens.
#[derive(Debug)]
pub struct Place {
    /// What there is to hear.
    pub line: broadcast::Receiver<Arc<News>>,
    _taken: Taken,
}

impl Default for Bell {
    fn default() -> Self {
        Self::new(PLACES, HEARTBEAT)
    }
}

impl Bell {
    /// A bell for so many guests.
    pub fn for_listeners(places: usize) -> Self {
        Self::new(places, HEARTBEAT)
    }

    /// A bell for so many guests, who hear so often that the line is still there.
    pub fn new(places: usize, heartbeat: Duration) -> Self {
        let line = ArcSwapOption::from_pointee(broadcast::Sender::new(KEPT));
        Self(Arc::new(Inner { places: Places::new(places), heartbeat, line, rung: Mutex::default() }))
    }

    /// How often a listener hears that the line is still there.
    pub fn heartbeat(&self) -> Duration {
        self.0.heartbeat
    }

    /// Takes a place for a guest from an address, or for somebody who works here, if there is one.
    pub fn listen(&self, guest: Option<Client>) -> Result<Place, Error> {
        let taken = self.0.places.take(guest)?;
        let line = self.0.line.load().as_ref().ok_or(Error::TooManyListeners)?.subscribe();
        Ok(Place { line, _taken: taken })
    }

    /// Rings if there is another card on the shelf than it rang for last. Changes that come together ring together.
    pub async fn ring(&self, database: &Db, card: &Shelf) {
        let mut rung = self.0.rung.lock().await;
        let Ok(served) = card.served() else { return };
        let revision = served.published().revision;
        if *rung == Some(revision) {
            return;
        }
        // Where the number falls, the database is another one, brought back from a backup for instance.
        let since = rung.filter(|since| *since < revision);
        let changes = match since {
            Some(since) => Changes::between(database, since, revision).await,
            None => Changes::unknown(revision),
        };
        *rung = Some(revision);
        if let Some(line) = self.0.line.load().as_ref() {
            // It does not matter whether anybody listens.
            drop(line.send(Arc::new(News { since, changes })));
        }
    }

    /// Rings no more: everybody who listens is sent home.
    pub fn fall_silent(&self) {
        self.0.line.store(None);
    }
}
