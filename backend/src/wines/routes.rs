//! Reading the wines.

use axum::extract::{OriginalUri, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::card::answer::{Id, get_item, list_items};
use crate::card::document::Item;
use crate::card::filter::Filter;
use crate::card::listing::{Listing, Paging};
use crate::card::params::Language;
use crate::error::{Error, Problem};
use crate::menu::item::Kind;

/// The wines' part of the API.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_wines)).routes(routes!(get_wine))
}

/// The wines on the card, in its order.
#[utoipa::path(get, path = "/wines", operation_id = "list_wines", tag = "wines", params(Filter, Paging), responses(
    (status = 200, description = "A page of wines", body = Listing),
    (status = 304, description = "The client has it already"),
    (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "There is no card yet", body = Problem, content_type = "application/problem+json"),
))]
async fn list_wines(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    list_items(&app, Kind::Wine, &uri, &headers)
}

/// One wine.
#[utoipa::path(get, path = "/wines/{id}", operation_id = "get_wine", tag = "wines",
    params(("id" = String, Path, description = "The wine's id or slug"), Language),
    responses(
        (status = 200, description = "The wine", body = Item),
        (status = 304, description = "The client has it already"),
        (status = 404, description = "There is no such wine on the card", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "There is no card yet", body = Problem, content_type = "application/problem+json"),
    ))]
async fn get_wine(
    State(app): State<App>,
    Id(id): Id,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    get_item(&app, Kind::Wine, &id, query.as_deref(), &headers)
}
