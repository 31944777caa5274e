//! The guest pages over HTTP, in every language, and the page that stands where nothing is.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use url::Url;

use super::document::Section;
use super::filter::Filter;
use super::page::{Draft, Page, localized};
use super::params::Params;
use super::representation::Representation;
use super::shelf::Key;
use crate::app::App;
use crate::error::Error;
use crate::menu::text::Locale;

/// How long a guest waits for a turn at the renderer before the page is left to the browser.
const PATIENCE: Duration = Duration::from_secs(3);
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
    let card = served.card(locale);
    let filter = page.menu().map(|menu| sensible_filter(query, card.sections(menu))).unwrap_or_default();
    let wanted = serde_json::to_string(&filter).map_err(|error| Error::Page(error.to_string()))?;
    let key = format!("{page:?} {locale} {wanted}");
    let key = if filter == Filter::default() { Key::Plain(key) } else { Key::Asked(key) };
    if let Some(kept) = served.kept(&key) {
        return Ok(kept.respond(headers));
    }
    // One page at a time: whoever waited for the same page finds it kept.
    let _turn = tokio::time::timeout(PATIENCE, app.pages.turn()).await;
    if let Some(kept) = served.kept(&key) {
        return Ok(kept.respond(headers));
    }
    let draft = Draft::new(card, page, path, &filter, app.settings.public_url.as_ref().map(Url::as_str));
    let finished = app.pages.finish(&draft.map_err(|error| Error::Page(error.to_string()))?).await;
    let representation = Arc::new(Representation::current(HTML, finished.html));
    if finished.rendered {
        served.keep(key, &representation);
    }
    Ok(representation.respond(headers))
}

/// What of a query makes sense on a page of these sections. Pages have no switch for `available`: what is sold out stays.
fn sensible_filter(query: Option<&str>, sections: &[Section]) -> Filter {
    let mut filter = Filter::take(&mut Params::parse(query));
    filter.section.retain(|slug| sections.iter().any(|section| section.slug == *slug));
    filter.available = false;
    filter
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
