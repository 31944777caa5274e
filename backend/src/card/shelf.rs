//! Where the card lies for guests to read: in memory, and a copy on disk for the day the database is away.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::{fs, io};

use arc_swap::ArcSwapOption;
use chrono::{DateTime, Utc};
use tokio::sync::Mutex;

use super::decide::decide;
use super::document::Card;
use super::published::Published;
use super::representation::Representation;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::Error;
use crate::menu::text::Locale;
use crate::revision;

/// How many bytes of answers to filtered questions are kept ready. When there are more, all are forgotten: that costs one
/// rendering each, and nobody who tries every filter can push out the answers that most guests ask for.
const ASKED_BYTES: usize = 4 << 20;

/// The card on the shelf.
#[derive(Clone, Debug)]
pub struct Shelf(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    clock: Clock,
    file: PathBuf,
    /// Which database the card comes from.
    source: String,
    served: ArcSwapOption<Served>,
    /// Held while a card is read from the database, so that one reading serves all who wait for it.
    reading: Mutex<()>,
}

/// The card as it is served between two turns.
#[derive(Debug)]
pub struct Served {
    published: Arc<Published>,
    cards: [Card; Locale::ALL.len()],
    until: Option<DateTime<Utc>>,
    answers: RwLock<Answers>,
}

#[derive(Debug, Default)]
struct Answers {
    plain: HashMap<String, Arc<Representation>>,
    asked: HashMap<String, Arc<Representation>>,
    asked_bytes: usize,
}

/// The name of an answer that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A document as it is; there are a few dozen.
    Plain(String),
    /// What is left of a document after somebody's question; there may be any number.
    Asked(String),
}

impl Shelf {
    /// An empty shelf that keeps its copy in `file`.
    pub fn new(clock: Clock, file: PathBuf, source: String) -> Self {
        Self(Arc::new(Inner { clock, file, source, served: ArcSwapOption::empty(), reading: Mutex::new(()) }))
    }

    /// The card of this moment.
    pub fn served(&self) -> Result<Arc<Served>, Error> {
        let served = self.0.served.load_full().ok_or(Error::NoCard)?;
        let now = self.0.clock.now();
        if served.until.is_none_or(|until| now < until) {
            return Ok(served);
        }
        let turned = Arc::new(Served::new(Arc::clone(&served.published), now));
        // Whoever put a newer card there meanwhile is right.
        self.0.served.compare_and_swap(&Some(served), Some(Arc::clone(&turned)));
        Ok(turned)
    }

    /// Puts the copy from disk on the shelf; `false` where there is none.
    pub fn restore(&self) -> bool {
        let bytes = match fs::read(&self.0.file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return false,
            Err(error) => {
                tracing::warn!(file = %self.0.file.display(), %error, "the card's copy cannot be read");
                return false;
            }
        };
        match Published::from_json(&bytes) {
            Ok(published) if published.source != self.0.source => {
                tracing::warn!(file = %self.0.file.display(), "the card's copy is of another database");
                false
            }
            Ok(published) => {
                self.put(published);
                true
            }
            Err(error) => {
                tracing::warn!(file = %self.0.file.display(), error, "the card's copy is not a card of this version");
                false
            }
        }
    }

    /// Brings the card up to date with the database, if it is not; says whether it was read anew.
    pub async fn refresh(&self, db: &Db) -> Result<bool, Error> {
        let _reading = self.0.reading.lock().await;
        let current = revision::current(db).await?;
        let known = self.0.served.load().as_ref().map(|served| served.published.revision);
        if known == Some(current.revision) {
            return Ok(false);
        }
        self.read(db).await?;
        Ok(true)
    }

    /// Lays the card anew, whatever lies there: the first time that the database is met, and when it was away, it may be
    /// another one than before with the same number.
    pub async fn lay(&self, db: &Db) -> Result<(), Error> {
        let _reading = self.0.reading.lock().await;
        self.read(db).await
    }

    async fn read(&self, db: &Db) -> Result<(), Error> {
        let published = Published::load(db, self.0.source.clone()).await?;
        let copy = serde_json::to_vec(&published).map_err(io::Error::other);
        self.put(published);
        let file = self.0.file.clone();
        let kept = tokio::task::spawn_blocking(move || keep(&file, &copy?)).await.map_err(io::Error::other).flatten();
        if let Err(error) = kept {
            // Guests have their card; only the next start without a database would miss it.
            tracing::warn!(file = %self.0.file.display(), %error, "the card's copy cannot be written");
        }
        Ok(())
    }

    fn put(&self, published: Published) {
        let served = Served::new(Arc::new(published), self.0.clock.now());
        self.0.served.store(Some(Arc::new(served)));
    }
}

impl Served {
    fn new(published: Arc<Published>, now: DateTime<Utc>) -> Self {
        let cards = Locale::ALL.map(|locale| decide(&published, locale, now));
        let until = published.next_turn(now);
        Self { published, cards, until, answers: RwLock::default() }
    }

    /// The card in a language.
    pub fn card(&self, locale: Locale) -> &Card {
        let [de, en, es] = &self.cards;
        match locale {
            Locale::De => de,
            Locale::En => en,
            Locale::Es => es,
        }
    }

    /// The facts behind the card.
    pub fn published(&self) -> &Published {
        &self.published
    }

    /// The answer that is kept under `key`, made if it is not there yet.
    pub fn answer(
        &self,
        key: Key,
        make: impl FnOnce() -> Result<Representation, Error>,
    ) -> Result<Arc<Representation>, Error> {
        if let Some(kept) = self.kept(&key) {
            return Ok(kept);
        }
        let fresh = Arc::new(make()?);
        self.keep(key, &fresh);
        Ok(fresh)
    }

    /// An answer that is kept.
    pub fn kept(&self, key: &Key) -> Option<Arc<Representation>> {
        let answers = self.answers.read().unwrap_or_else(PoisonError::into_inner);
        match key {
            Key::Plain(name) => answers.plain.get(name).cloned(),
            Key::Asked(name) => answers.asked.get(name).cloned(),
        }
    }

    /// Keeps an answer.
    pub fn keep(&self, key: Key, answer: &Arc<Representation>) {
        let mut answers = self.answers.write().unwrap_or_else(PoisonError::into_inner);
        match key {
            Key::Plain(name) => drop(answers.plain.insert(name, Arc::clone(answer))),
            Key::Asked(name) => {
                answers.asked_bytes += name.len() + answer.len();
                if answers.asked_bytes > ASKED_BYTES {
                    answers.asked.clear();
                    answers.asked_bytes = name.len() + answer.len();
                }
                answers.asked.insert(name, Arc::clone(answer));
            }
        }
    }
}

/// Writes a file so that a reader sees the old one or the new one, whole, also after a power cut, and whoever else writes.
fn keep(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let fresh = file.with_extension(format!("{}.new", std::process::id()));
    let mut writer = fs::File::create(&fresh)?;
    writer.write_all(bytes)?;
    writer.sync_all()?;
    fs::rename(fresh, file)
}
