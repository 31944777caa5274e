//! A write: who, when, one transaction, before and after. Nothing is written any other way.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, DbErr};
use serde::Serialize;
use tokio::sync::{Mutex, OwnedMutexGuard};
use uuid::Uuid;

use crate::actor::Actor;
use crate::clock::Clock;
use crate::db::{self, Db, notices};
use crate::error::Error;
use crate::history;
use crate::revision;

/// Where changes are made and written down.
#[derive(Clone, Debug)]
pub struct Ledger {
    db: Db,
    clock: Clock,
    /// Whose turn it is. Writers wait here and not in the database, where they would keep connections from readers.
    turn: Arc<Mutex<()>>,
}

/// One change while it is being made.
#[derive(Debug)]
pub struct Change {
    transaction: DatabaseTransaction,
    by: Actor,
    at: DateTime<Utc>,
    batch: Uuid,
    revision: Option<i64>,
    undoes: OnceLock<Uuid>,
    recorded: AtomicUsize,
    answered: AtomicBool,
    _turn: OwnedMutexGuard<()>,
}

impl Ledger {
    /// A ledger over `db`.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, turn: Arc::default() }
    }

    /// Makes one change: everything that `work` writes happens or nothing does, and the card's revision rises with it.
    pub async fn change<T>(&self, by: &Actor, work: impl AsyncFnOnce(&Change) -> Result<T, Error>) -> Result<T, Error> {
        let mut change = self.begin(by).await?;
        change.revision = Some(revision::current(&change.transaction).await?.revision + 1);
        change.make(work).await
    }

    /// Makes one change that guests never see, of people and what they are signed in with: the card stays as it is.
    pub async fn change_unseen<T>(
        &self,
        by: &Actor,
        work: impl AsyncFnOnce(&Change) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.begin(by).await?.make(work).await
    }

    async fn begin(&self, by: &Actor) -> Result<Change, Error> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let at = self.clock.now();
        let transaction = db::begin(&self.db).await?;
        // Those of other processes queue here: all before they read, so that none overwrites what it has not seen.
        db::queue(&transaction).await?;
        let (by, batch, undoes) = (by.clone(), Uuid::now_v7(), OnceLock::new());
        Ok(Change {
            transaction,
            by,
            at,
            batch,
            revision: None,
            undoes,
            recorded: AtomicUsize::new(0),
            answered: AtomicBool::new(false),
            _turn: turn,
        })
    }
}

impl Change {
    /// Works, and keeps what was done if it succeeded and there is a line of history about it, or an answer to remember.
    async fn make<T>(self, work: impl AsyncFnOnce(&Self) -> Result<T, Error>) -> Result<T, Error> {
        let done = work(&self).await;
        let recorded = self.recorded.load(Ordering::Relaxed) > 0;
        if done.is_err() || !(recorded || self.answered.load(Ordering::Relaxed)) {
            self.transaction.rollback().await?;
            return done;
        }
        if recorded && let Some(revision) = self.revision {
            revision::raise(&self.transaction, revision, self.at).await?;
            notices::announce(&self.transaction, revision).await?;
        }
        self.transaction.commit().await?;
        done
    }

    /// The transaction, for stores.
    pub fn db(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// Who makes it.
    pub fn by(&self) -> &Actor {
        &self.by
    }

    /// When the change is made.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// The id under which all its lines of history stand.
    pub fn batch(&self) -> Uuid {
        self.batch
    }

    /// Says which line or change of the history this one takes back; the first word counts.
    pub fn takes_back(&self, id: Uuid) {
        let _ = self.undoes.set(id);
    }

    /// Says that there is an answer to remember, even where nothing was to be done.
    pub fn is_answered(&self) {
        self.answered.store(true, Ordering::Relaxed);
    }

    /// A new id, ordered by time.
    pub fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }

    /// Writes down what a thing was before and is now.
    pub async fn record<T: Serialize>(
        &self,
        thing: &'static str,
        id: Uuid,
        before: Option<&T>,
        after: Option<&T>,
    ) -> Result<(), DbErr> {
        self.append(vec![(self.entry(thing, id), before, after)]).await
    }

    /// The same of many things at once: the kind, the id, what it was, what it is.
    pub async fn record_all<T: Serialize>(
        &self,
        things: Vec<(&'static str, Uuid, Option<&T>, Option<&T>)>,
    ) -> Result<(), DbErr> {
        let mut lines = Vec::with_capacity(things.len());
        for (thing, id, before, after) in things {
            lines.push((self.entry(thing, id), before, after));
        }
        self.append(lines).await
    }

    fn entry(&self, thing: &'static str, id: Uuid) -> history::Entry<'_> {
        let Self { by, at, batch, revision, undoes, .. } = self;
        let undoes = undoes.get().copied();
        history::Entry { at: *at, by, batch: *batch, revision: *revision, undoes, thing, id }
    }

    async fn append<T: Serialize>(&self, lines: Vec<history::store::Addition<'_, T>>) -> Result<(), DbErr> {
        let written = lines.len();
        history::store::append(&self.transaction, lines).await?;
        self.recorded.fetch_add(written, Ordering::Relaxed);
        Ok(())
    }
}
