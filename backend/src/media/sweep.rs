//! Sweeping: files that belong to no picture go, once they are too old to be on their way in.

use std::time::Duration;

use chrono::TimeDelta;

use super::store;
use crate::actor::Actor;
use crate::app::App;
use crate::error::{Error, chain};
use crate::history::KEPT;

/// How long a file may be there before its row is. Another instance may be writing it.
const ON_THE_WAY: TimeDelta = TimeDelta::hours(1);
/// How often the floor is swept.
const EVERY: Duration = Duration::from_hours(1);

/// Sweeps at once and then every hour.
pub async fn keep_clean(app: App) {
    loop {
        match sweep(&app).await {
            Ok(0) => {}
            Ok(swept) => tracing::info!(swept, "files of no picture were taken away"),
            Err(error) => tracing::warn!(error = chain(&error), "the files of pictures could not be swept"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Takes away what belongs to no picture, and says how many files that were.
///
/// It happens while nobody else writes: an upload of the same file either sees that its files are gone when it writes its
/// row, or has written it before the rows are read here.
pub async fn sweep(app: &App) -> Result<usize, Error> {
    let before = app.clock.now() - ON_THE_WAY;
    let unfinished = app.media.storage.clear_unfinished(before).await?;
    if leftovers(app, &app.db).await?.is_empty() {
        return Ok(unfinished);
    }
    app.change_unseen(&Actor::house(), async |change| {
        let leftovers = leftovers(app, change.db()).await?;
        for name in &leftovers {
            app.media.storage.delete(name).await?;
        }
        Ok(unfinished + leftovers.len())
    })
    .await
}

/// The names of old files that belong to no picture.
async fn leftovers(app: &App, db: &impl sea_orm::ConnectionTrait) -> Result<Vec<String>, Error> {
    let before = app.clock.now() - ON_THE_WAY;
    let mut stored = app.media.storage.list().await?;
    let named = store::file_names(db, app.clock.now() - KEPT).await?;
    stored.retain(|file| file.since < before && !named.contains(&file.name));
    Ok(stored.into_iter().map(|file| file.name).collect())
}
