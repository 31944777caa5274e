//! Whether the server is well. It tells the truth: it asks the database each time.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::app::App;
use crate::db;

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_millis(800);

#[derive(Debug, Serialize)]
struct Health {
    status: &'static str,
    version: &'static str,
    database: &'static str,
    card: Option<i64>,
}

/// The health paths.
pub fn routes() -> Router<App> {
    Router::new().route("/health", get(health)).route("/health/live", get(live)).route("/health/ready", get(ready))
}

/// The process runs and answers.
async fn live() -> &'static str {
    "ok\n"
}

/// Guests can be served: there is a card.
async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.shelf.served() {
        Ok(_) => (StatusCode::OK, "ok\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "there is no card yet\n"),
    }
}

/// Everything is well (`healthy`), guests are served from the last card (`degraded`), or there is nothing to serve.
async fn health(State(app): State<App>) -> (StatusCode, Json<Health>) {
    let connected = matches!(tokio::time::timeout(PATIENCE, db::ping(&app.db)).await, Ok(Ok(())));
    let card = app.shelf.served().ok().map(|served| served.published().revision);
    let (code, status) = match (connected, card) {
        (true, Some(_)) => (StatusCode::OK, "healthy"),
        (false, Some(_)) => (StatusCode::OK, "degraded"),
        (_, None) => (StatusCode::SERVICE_UNAVAILABLE, "unhealthy"),
    };
    let database = if connected { "connected" } else { "disconnected" };
    (code, Json(Health { status, version: env!("CARGO_PKG_VERSION"), database, card }))
}
