//! Reading the card: as one document, its lists, and the guest pages.

use std::sync::Arc;

use axum::Router;
use axum::extract::{OriginalUri, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::document::{Card, House, Item, Notification};
use super::filter::Filter;
use super::listing::Question;
use super::page::{Draft, Page, localized};
use super::params::{Language, Params};
use super::representation::Representation;
use crate::app::App;
use crate::error::{Error, Problem};
use crate::menu::item::Kind;
use crate::menu::section::Menu;
use crate::menu::text::Locale;
use crate::notifications::notification::Page as Place;

/// The card's part of the API.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_card))
        .routes(routes!(list_sections))
        .routes(routes!(list_notifications))
        .routes(routes!(get_house))
}

/// The guest pages, in every language.
pub fn pages() -> Router<App> {
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

const LOCALES: [(&str, Locale); 3] = [("de", Locale::De), ("en", Locale::En), ("es", Locale::Es)];
const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";

/// A section without what stands under it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionHead {
    /// The section.
    pub id: Uuid,
    /// Its stable name for addresses.
    pub slug: String,
    /// The menu it belongs to.
    pub menu: Menu,
    /// The heading.
    pub name: String,
    /// A line under the heading.
    pub description: Option<String>,
    /// How many items stand under it.
    pub count: usize,
}

/// The whole published menu in one language, as it reads now.
#[utoipa::path(get, path = "/card", operation_id = "get_card", tag = "card", params(Language), responses(
    (status = 200, description = "The card", body = Card),
    (status = 304, description = "The client has it already"),
    (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "There is no card yet", body = Problem, content_type = "application/problem+json"),
))]
async fn get_card(State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap) -> Result<Response, Error> {
    answer(&app, "card", query.as_deref(), &headers, |_| (), |card, ()| Ok(card.clone()))
}

/// The sections of the menus.
#[utoipa::path(get, path = "/sections", operation_id = "list_sections", tag = "card",
    params(Language, ("menu" = Option<Menu>, Query, description = "Only the sections of this menu")),
    responses(
        (status = 200, description = "The sections, in the order of the card", body = Vec<SectionHead>),
        (status = 304, description = "The client has them already"),
        (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "There is no card yet", body = Problem, content_type = "application/problem+json"),
    ))]
async fn list_sections(State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap) -> Result<Response, Error> {
    let menus = [("wines", Menu::Wines), ("drinks", Menu::Drinks), ("snacks", Menu::Snacks)];
    let take = |params: &mut Params| params.word("menu", &menus);
    answer(&app, "sections", query.as_deref(), &headers, take, |card, menu| {
        let sections = card.menus.iter().filter(|one| menu.is_none_or(|menu| one.menu == menu)).flat_map(|one| &one.sections);
        let heads = sections.map(|section| SectionHead {
            id: section.id,
            slug: section.slug.clone(),
            menu: section.menu,
            name: section.name.clone(),
            description: section.description.clone(),
            count: section.items.len(),
        });
        Ok(heads.collect::<Vec<_>>())
    })
}

/// What the bar announces now.
#[utoipa::path(get, path = "/notifications", operation_id = "list_notifications", tag = "notifications",
    params(Language, ("page" = Option<Place>, Query, description = "Only what stands on this page")),
    responses(
        (status = 200, description = "The announcements, the most important first", body = Vec<Notification>),
        (status = 304, description = "The client has them already"),
        (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "There is no card yet", body = Problem, content_type = "application/problem+json"),
    ))]
async fn list_notifications(State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap) -> Result<Response, Error> {
    let places = [("home", Place::Home), ("wines", Place::Wines), ("drinks", Place::Drinks), ("snacks", Place::Snacks)];
    let take = |params: &mut Params| params.word("page", &places);
    answer(&app, "notifications", query.as_deref(), &headers, take, |card, place| {
        let here = card.notifications.iter().filter(|one| place.is_none_or(|place| one.pages.contains(&place)));
        Ok(here.cloned().collect::<Vec<_>>())
    })
}

/// The bar: its address, its hours, and whether it is open now.
#[utoipa::path(get, path = "/house", operation_id = "get_house", tag = "house", params(Language), responses(
    (status = 200, description = "The bar", body = House),
    (status = 304, description = "The client has it already"),
    (status = 404, description = "The bar has not been set up", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "There is no card yet", body = Problem, content_type = "application/problem+json"),
))]
async fn get_house(State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap) -> Result<Response, Error> {
    answer(&app, "house", query.as_deref(), &headers, |_| (), |card, ()| card.house.clone().ok_or(Error::NotFound("house")))
}

/// Answers with a list of one kind of item.
pub fn list_items(app: &App, kind: Kind, query: Option<&str>, headers: &HeaderMap) -> Result<Response, Error> {
    answer(app, kind.noun(), query, headers, Question::take, |card, question| question.answer(card, kind))
}

/// Answers with one item, by its id or slug.
pub fn get_item(app: &App, kind: Kind, id: &str, query: Option<&str>, headers: &HeaderMap) -> Result<Response, Error> {
    let key = format!("{}/{id}", kind.noun());
    answer(app, &key, query, headers, |_| (), |card, ()| find_item(card, kind, id).cloned().ok_or(Error::NotFound(kind.noun())))
}

fn find_item<'a>(card: &'a Card, kind: Kind, id: &str) -> Option<&'a Item> {
    card.items(kind).find(|item| item.slug == id || item.id.to_string() == id)
}

/// Answers a reading request from the card. The same question is answered with the same bytes until the card turns.
fn answer<Q, A: Serialize>(
    app: &App,
    name: &str,
    query: Option<&str>,
    headers: &HeaderMap,
    take: impl FnOnce(&mut Params) -> Q,
    reply: impl FnOnce(&Card, Q) -> Result<A, Error>,
) -> Result<Response, Error> {
    let served = app.shelf.served()?;
    let key = format!("{name}?{}", query.unwrap_or_default());
    let representation = served.answer(key, || {
        let mut params = Params::parse(query);
        let locale = params.word("locale", &LOCALES).unwrap_or_default();
        let question = take(&mut params);
        params.finish()?;
        let body = serde_json::to_vec(&reply(served.card(locale), question)?).map_err(|error| Error::Page(error.to_string()))?;
        Ok(Representation::current(JSON, body))
    })?;
    Ok(representation.respond(headers))
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
    let key = format!("page {} {wanted}", localized(locale, path));
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
    let wants_page = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"));
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

