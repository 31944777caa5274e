//! The guest pages over HTTP, in every language, and the page that stands where nothing is.

use std::sync::Arc;

use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::filter::Filter;
use super::page::{Draft, Page, localized};
use super::params::Params;
use super::representation::Representation;
use crate::app::App;
use crate::error::Error;
use crate::menu::text::Locale;

const HTML: &str = "text/html; charset=utf-8";

/// The guest pages, in every language.
pub fn routes() -> Router<App> {
    let mut router = Router::new();
    for (page, path) in Page::ADDRESSES {
        for locale in Locale::ALL {
            let show = move |State(app): State<App>, uri: Uri, headers: HeaderMap| async move {
                show(&app, page, path, locale, uri.query(), &headers).await
            };
            let address = localized(locale, path);
            // Addresses reach the router without their last slash.
            let address = if address.len() > 1 { address.trim_end_matches('/') } else { "/" };
            router = router.route(address, get(show));
        }
    }
    router
}

/// Shows a guest page. Parameters that are no filter (a campaign's, say) or make no sense are passed over: a guest is
/// shown the card, not a lesson.
async fn show(
    app: &App,
    page: Page,
    path: &str,
    locale: Locale,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Error> {
    let served = app.shelf.served()?;
    let filter = if page == Page::Home { Filter::default() } else { Filter::take(&mut Params::parse(query)) };
    let wanted = serde_json::to_string(&filter).map_err(|error| Error::Page(error.to_string()))?;
    let key = format!("{page:?} {locale} {wanted}");
    if let Some(kept) = served.kept(&key) {
        return Ok(kept.respond(headers));
    }
    let draft = Draft::new(served.card(locale), page, path, &filter, app.public_url.as_deref());
    let finished = app.pages.finish(&draft.map_err(|error| Error::Page(error.to_string()))?).await;
    let representation = Arc::new(Representation::current(HTML, finished.html));
    if finished.rendered {
        served.keep(key, &representation);
    }
    Ok(representation.respond(headers))
}

/// The page that stands where nothing is; programs get a problem instead.
pub async fn not_found(State(app): State<App>, OriginalUri(uri): OriginalUri, headers: HeaderMap) -> Response {
    let wants_page = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if !wants_page || uri.path().starts_with("/api") {
        return Error::NotFound("page").into_response();
    }
    let locale = uri.path().split('/').nth(1).and_then(|tag| tag.parse().ok()).unwrap_or_default();
    let shown = show(&app, Page::NotFound, "/", locale, None, &HeaderMap::new()).await;
    let mut response = shown.unwrap_or_else(IntoResponse::into_response);
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
        response.headers_mut().remove(header::ETAG);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
