//! Reading and editing the snacks.

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
use crate::copy::IfMatch;
use crate::error::{Error, Problem};
use crate::items::availability::Availability;
use crate::items::editing;
use crate::login::roles::{Manager, Staff};
use crate::menu;
use crate::menu::entry::{Entry, EntryPatch};
use crate::menu::item::{Item as Edited, Kind};
use crate::once::{Once, Sent};
use crate::refusals::{ManagerOnly, OneCopy, StaffOnly};
use crate::reply::Reply;

/// The snacks' part of the API.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_snacks, create_snack))
        .routes(routes!(get_snack, update_snack, delete_snack))
        .routes(routes!(set_snack_availability))
}

/// The snacks on the card, in its order.
#[utoipa::path(get, path = "/snacks", operation_id = "list_snacks", tag = "snacks", params(Filter, Paging), responses(
    (status = 200, description = "A page of snacks", body = Listing),
    (status = 304, description = "The client has it already"),
    (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "There is no card yet", body = Problem, content_type = "application/problem+json"),
))]
async fn list_snacks(
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    list_items(&app, Kind::Snack, &uri, &headers)
}

/// One snack.
#[utoipa::path(get, path = "/snacks/{id}", operation_id = "get_snack", tag = "snacks",
    params(("id" = String, Path, description = "The snack's id or slug"), Language),
    responses(
        (status = 200, description = "The snack", body = Item),
        (status = 304, description = "The client has it already"),
        (status = 404, description = "There is no such snack on the card", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "There is no card yet", body = Problem, content_type = "application/problem+json"),
    ))]
async fn get_snack(
    State(app): State<App>,
    Id(id): Id,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Error> {
    get_item(&app, Kind::Snack, &id, query.as_deref(), &headers)
}

/// Adds a snack to the menu, at the end of its section or where it is wanted.
#[utoipa::path(post, path = "/snacks", operation_id = "create_snack", tag = "snacks", request_body = Entry,
    params(("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 201, description = "Added", body = Edited),
    ManagerOnly,
    (status = 409, description = "The number or the name for addresses is taken", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn create_snack(
    State(app): State<App>,
    Manager(by): Manager,
    Sent { body, once }: Sent<Entry>,
) -> Result<Reply, Error> {
    app.reply(&by, &once, async |change| editing::create(change, Kind::Snack, body).await).await
}

/// Changes a snack (merge patch): what is absent stays, what is null goes.
#[utoipa::path(patch, path = "/snacks/{id}", operation_id = "update_snack", tag = "snacks", request_body = EntryPatch,
    params(("id" = String, Path, description = "The snack's id or slug"),
        ("If-Match" = String, Header, description = "The ETag of the copy that is changed"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "Changed", body = Edited),
    ManagerOnly,
    (status = 404, description = "There is no such snack", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The number or the name for addresses is taken", body = Problem, content_type = "application/problem+json"),
    OneCopy,
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn update_snack(
    State(app): State<App>,
    Manager(by): Manager,
    Id(id): Id,
    copy: IfMatch,
    Sent { body, once }: Sent<EntryPatch>,
) -> Result<Reply, Error> {
    let changed = app.reply(&by, &once, async |change| {
        let snack = menu::store::get(change.db(), Kind::Snack, &id).await?;
        editing::update(change, snack, &copy, body).await
    });
    changed.await
}

/// Deletes a snack. For 30 days it can be brought back by undoing that.
#[utoipa::path(delete, path = "/snacks/{id}", operation_id = "delete_snack", tag = "snacks",
    params(("id" = String, Path, description = "The snack's id or slug"),
        ("If-Match" = String, Header, description = "The ETag of the copy that is deleted"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 204, description = "Deleted"),
    ManagerOnly,
    (status = 404, description = "There is no such snack", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Something else consists of it", body = Problem, content_type = "application/problem+json"),
    OneCopy,
))]
async fn delete_snack(
    State(app): State<App>,
    Manager(by): Manager,
    Id(id): Id,
    copy: IfMatch,
    once: Once,
) -> Result<Reply, Error> {
    let deleted = app.reply(&by, &once, async |change| {
        let snack = menu::store::get(change.db(), Kind::Snack, &id).await?;
        editing::delete(change, &snack, &copy).await
    });
    deleted.await
}

/// Says whether a snack is sold out, in every way it is sold. It comes back by itself.
///
/// No If-Match is wanted: this says what is in the cellar, not what somebody has read.
#[utoipa::path(put, path = "/snacks/{id}/availability", operation_id = "set_snack_availability", tag = "snacks",
    request_body = Availability,
    params(("id" = String, Path, description = "The snack's id or slug"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("staff"))), responses(
    (status = 200, description = "Noted", body = Edited),
    StaffOnly,
    (status = 404, description = "There is no such snack", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn set_snack_availability(
    State(app): State<App>,
    Staff(by): Staff,
    Id(id): Id,
    Sent { body, once }: Sent<Availability>,
) -> Result<Reply, Error> {
    let noted = app.reply(&by, &once, async |change| {
        let snack = menu::store::get(change.db(), Kind::Snack, &id).await?;
        editing::set_availability(change, snack, &[], body).await
    });
    noted.await
}
