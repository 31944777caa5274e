//! Somebody who listens: what they hear, in which order, and until when.

use std::time::Duration;

use axum::http::{HeaderMap, header};
use axum::response::sse::Event;
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;

use super::bell::Place;
use super::news::{Changes, News};
use crate::address::Client;
use crate::app::App;
use crate::error::Error;
use crate::login::arrival;
use crate::users::user::Role;

/// How long a browser waits before it comes back.
const RETRY: Duration = Duration::from_secs(3);

/// Somebody who listens.
#[derive(Debug)]
pub struct Listener {
    app: App,
    place: Place,
    /// What they show at the door, if they work here.
    key: Option<HeaderMap>,
    /// The last card that they heard of.
    heard: i64,
}

impl Listener {
    /// Somebody begins to listen: they, and what they hear first.
    pub async fn new(app: App, client: Client, headers: &HeaderMap) -> Result<(Self, Vec<Event>), Error> {
        let key = key(&app, headers).await?;
        // Before the look at the shelf, so that no card falls between the two.
        let place = app.bell.listen(key.is_none().then_some(client))?;
        let current = app.shelf.served()?.published().revision;
        let role = if key.is_some() { "staff" } else { "guest" };
        let mut events = vec![event("hello", &serde_json::json!({ "as": role })).retry(RETRY)];
        match last_heard(headers) {
            Some(heard) if heard == current => {}
            Some(heard) if key.is_some() => {
                let missed = heard < current;
                let changes =
                    if missed { Changes::between(&app.db, heard, current).await } else { Changes::unknown(current) };
                events.extend([event("changes", &changes), card(current)]);
            }
            _ => events.push(card(current)),
        }
        Ok((Self { app, place, key, heard: current }, events))
    }

    /// Waits for what they hear next; nothing when they are to go.
    pub async fn next(&mut self) -> Option<Vec<Event>> {
        loop {
            let (revision, news) = match self.place.line.recv().await {
                Ok(news) => (news.changes.revision, Some(news)),
                Err(RecvError::Closed) => return None,
                Err(RecvError::Lagged(_)) => {
                    self.place.line = self.place.line.resubscribe();
                    (self.app.shelf.served().ok()?.published().revision, None)
                }
            };
            let anew = news.as_ref().is_some_and(|news| news.since.is_none());
            // What was on the shelf when they came is told already.
            if revision > self.heard || (anew && revision != self.heard) {
                return self.tell(revision, news.as_deref()).await;
            }
        }
    }

    /// What they hear of a card. Who may no longer hear what changed goes, and may come back as a guest.
    async fn tell(&mut self, revision: i64, news: Option<&News>) -> Option<Vec<Event>> {
        let mut events = Vec::with_capacity(2);
        if let Some(key) = &self.key {
            works_here(&self.app, key).await.ok()?;
            let changes = match news {
                Some(News { since: None, changes }) => changes.clone(),
                Some(News { since: Some(since), changes }) if *since <= self.heard => changes.after(self.heard),
                _ => Changes::between(&self.app.db, self.heard, revision).await,
            };
            events.push(event("changes", &changes));
        }
        // The number comes last: whoever is cut off before it asks for the changes again.
        events.push(card(revision));
        self.heard = revision;
        Some(events)
    }
}

/// What somebody shows who works here. Who shows nothing, or what is no good, is a guest.
async fn key(app: &App, headers: &HeaderMap) -> Result<Option<HeaderMap>, Error> {
    let mut key = HeaderMap::new();
    for name in [header::AUTHORIZATION, header::COOKIE] {
        for value in headers.get_all(&name) {
            key.append(name.clone(), value.clone());
        }
    }
    match works_here(app, &key).await {
        Ok(()) => Ok(Some(key)),
        Err(Error::NotSignedIn | Error::NotAllowed(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn works_here(app: &App, key: &HeaderMap) -> Result<(), Error> {
    arrival::caller(app, key).await?.may(Role::Staff)
}

/// The last card that they heard of on an earlier connection.
fn last_heard(headers: &HeaderMap) -> Option<i64> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}

fn card(revision: i64) -> Event {
    event("card", &serde_json::json!({ "revision": revision })).id(revision.to_string())
}

fn event(name: &str, told: &impl Serialize) -> Event {
    let event = Event::default().event(name);
    // Numbers, names and lists of them always become JSON.
    event.clone().json_data(told).unwrap_or(event)
}
