//! Live updates as server-sent events.

use std::convert::Infallible;

use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, StreamExt};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::listener::Listener;
use crate::address::Client;
use crate::app::App;
use crate::error::{Error, Problem};

/// The live updates' part of the API.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_events))
}

/// What happens to the card, as it happens: server-sent events.
///
/// First `hello` with `{"as": "guest"}` or `{"as": "staff"}`, then `card` with `{"revision": N}` for the current card (unless
/// `Last-Event-ID` names it) and for each new one; its id is the number. Whoever works here and shows it also hears `changes`
/// before each `card`: `{"revision", "complete", "changes": [{"revision", "thing", "id", "by", "source", "batch"}]}`, and after
/// `Last-Event-ID` what was missed. Where `complete` is false, there is no list: read everything anew.
#[utoipa::path(get, path = "/events", operation_id = "get_events", tag = "events",
    params(("Last-Event-ID" = Option<i64>, Header, description = "The last card that was heard of")),
    responses(
        (status = 200, description = "Events, for as long as both sides like", body = String, content_type = "text/event-stream",
            example = "event: hello\ndata: {\"as\":\"guest\"}\n\nevent: card\ndata: {\"revision\":7}\nid: 7\n\n"),
        (status = 503, description = "There is no card yet, or no place to listen, from this address or at all; or a key is shown while the database is away",
            body = Problem, content_type = "application/problem+json"),
    ))]
async fn get_events(
    State(app): State<App>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let heartbeat = KeepAlive::new().interval(app.bell.heartbeat());
    let (listener, first) = Listener::new(app, client, &headers).await?;
    let later = stream::unfold(listener, |mut listener| async move {
        let events = listener.next().await?;
        Some((events, listener))
    });
    let told = stream::iter([first]).chain(later).flat_map(|events| stream::iter(events).map(Ok::<_, Infallible>));
    let mut response = Sse::new(told).keep_alive(heartbeat).into_response();
    // Nobody keeps it, and no proxy gathers it up before it passes it on.
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}
