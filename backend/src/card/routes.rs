//! The card's part of the API: the whole card, its sections, what is announced, and the bar.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::answer::{answer, json};
use super::document::{Card, House, Notification};
use super::params::{Language, Params};
use crate::app::App;
use crate::error::{Error, Problem};
use crate::menu::section::Menu;
use crate::notifications::notification::Page as Place;

/// The card's part of the API.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_card))
        .routes(routes!(list_sections))
        .routes(routes!(list_notifications))
        .routes(routes!(get_house))
}

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
    answer(&app, "card", query.as_deref(), &headers, |_| (), |card, ()| json(card))
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
async fn list_sections(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let menus = [("wines", Menu::Wines), ("drinks", Menu::Drinks), ("snacks", Menu::Snacks)];
    let take = |params: &mut Params| params.word("menu", &menus);
    answer(&app, "sections", query.as_deref(), &headers, take, |card, menu| {
        let sections =
            card.menus.iter().filter(|one| menu.is_none_or(|menu| one.menu == menu)).flat_map(|one| &one.sections);
        let heads = sections.map(|section| SectionHead {
            id: section.id,
            slug: section.slug.clone(),
            menu: section.menu,
            name: section.name.clone(),
            description: section.description.clone(),
            count: section.items.len(),
        });
        json(&heads.collect::<Vec<_>>())
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
async fn list_notifications(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let places = [("home", Place::Home), ("wines", Place::Wines), ("drinks", Place::Drinks), ("snacks", Place::Snacks)];
    let take = |params: &mut Params| params.word("page", &places);
    answer(&app, "notifications", query.as_deref(), &headers, take, |card, place| {
        let here = card.notifications.iter().filter(|one| place.is_none_or(|place| one.pages.contains(&place)));
        json(&here.collect::<Vec<_>>())
    })
}

/// The bar: its address, its hours, and whether it is open now. Its ETag is also what a change to it wants in If-Match.
#[utoipa::path(get, path = "/house", operation_id = "get_house", tag = "house", params(Language), responses(
    (status = 200, description = "The bar", body = House),
    (status = 304, description = "The client has it already"),
    (status = 404, description = "The bar has not been set up", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "There is no card yet", body = Problem, content_type = "application/problem+json"),
))]
async fn get_house(State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap) -> Result<Response, Error> {
    answer(
        &app,
        "house",
        query.as_deref(),
        &headers,
        |_| (),
        |card, ()| {
            let house = card.house.as_ref().ok_or(Error::NotFound("house"))?;
            Ok(json(house)?.showing(house.revision))
        },
    )
}
