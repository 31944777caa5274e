//! The website's files over HTTP: what Vite has named by content is kept for a year, the rest is asked for each time.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use crate::app::App;
use crate::card::answer::Id;
use crate::card::representation::Representation;
use crate::error::Error;
use crate::website;

static FILES: LazyLock<HashMap<&'static str, Arc<Representation>>> = LazyLock::new(|| {
    let files = website::public().filter_map(|(path, bytes)| {
        let content_type = content_type(path)?;
        let file = if path.starts_with("assets/") {
            Representation::immutable(content_type, bytes)
        } else {
            Representation::current(content_type, bytes)
        };
        Some((path, Arc::new(file)))
    });
    files.collect()
});

/// Every file of the website at its own address. A missing script is 404, never a page.
pub fn routes() -> Router<App> {
    let mut router = Router::new().route("/assets/{*name}", get(asset));
    for (path, _) in website::public().filter(|(path, _)| !path.starts_with("assets/")) {
        let send = move |headers: HeaderMap| async move { find(path, &headers) };
        router = router.route(&format!("/{path}"), get(send));
    }
    router
}

async fn asset(Id(name): Id, headers: HeaderMap) -> Result<Response, Error> {
    find(&format!("assets/{name}"), &headers)
}

fn find(path: &str, headers: &HeaderMap) -> Result<Response, Error> {
    let file = FILES.get(path).ok_or(Error::NotFound("file"))?;
    Ok(file.respond(headers))
}

/// The media types of what a build makes; a file of another type is not served.
fn content_type(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}
