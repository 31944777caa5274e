//! Keeps the card current when others change it: PostgreSQL tells, and in any case somebody looks now and then.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};

use crate::app::App;
use crate::db::{Db, notices};
use crate::error::chain;

/// How often to look whether another process has changed the card, where nothing tells.
const LOOK: Duration = Duration::from_secs(1);
/// How often to look although the database tells: its connection may be dead without anybody having noticed.
const GLANCE: Duration = Duration::from_secs(10);
/// How long to wait before trying again to reach a database that is away.
const RETRY: Duration = Duration::from_secs(3);
/// How long to wait before listening again on a new connection.
const BREATH: Duration = Duration::from_millis(100);

/// Lays the first card by `first`, says how that went, and keeps it current for good.
pub async fn keep(app: App, first: impl AsyncFn() -> anyhow::Result<()>, ready: oneshot::Sender<anyhow::Result<()>>) {
    let ear = Ear::default();
    tokio::join!(ear.listen(&app.db), look_again_and_again(&app, first, ready, &ear));
}

async fn look_again_and_again(
    app: &App,
    first: impl AsyncFn() -> anyhow::Result<()>,
    ready: oneshot::Sender<anyhow::Result<()>>,
    ear: &Ear,
) {
    let lay = async || {
        first().await?;
        app.bell.ring(&app.db, &app.shelf).await;
        anyhow::Ok(())
    };
    let mut looked = lay().await;
    let mut away = looked.is_err();
    if let Err(error) = &looked {
        tracing::warn!("{error:#}");
    }
    // Whoever waited may have waited long enough.
    drop(ready.send(looked));
    loop {
        let patience = if away { RETRY } else { ear.patience() };
        drop(tokio::time::timeout(patience, ear.heard.notified()).await);
        looked = if away { lay().await } else { app.catch_up().await.map_err(Into::into) };
        match &looked {
            Ok(()) if away => tracing::info!("the database is back"),
            Err(error) if !away => tracing::warn!("{error:#}; guests read the last card meanwhile"),
            Ok(()) | Err(_) => {}
        }
        away = looked.is_err();
    }
}

/// Hears what the database tells.
#[derive(Debug, Default)]
struct Ear {
    open: AtomicBool,
    heard: Notify,
}

impl Ear {
    /// How long nothing need be looked at.
    fn patience(&self) -> Duration {
        if self.open.load(Ordering::Relaxed) { GLANCE } else { LOOK }
    }

    /// Listens for good, or not at all where the database tells nothing.
    async fn listen(&self, db: &Db) {
        loop {
            let pause = match notices::listen(db).await {
                Ok(None) => return,
                Ok(Some(mut notices)) => {
                    self.turn(true);
                    while notices.next().await {
                        self.heard.notify_one();
                    }
                    self.turn(false);
                    tracing::warn!("the connection on which the database tells of changes is lost; listening anew");
                    BREATH
                }
                Err(error) => {
                    tracing::debug!(error = chain(&error), "the database cannot be listened to");
                    LOOK
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Opens or closes. Either way something may have been missed just before, so somebody looks at once.
    fn turn(&self, open: bool) {
        self.open.store(open, Ordering::Relaxed);
        self.heard.notify_one();
    }
}
