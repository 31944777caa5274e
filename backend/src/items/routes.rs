//! The menu as those who work on it read it, its servings, and many items at once.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::availability::Availability;
use super::bulk::{Bulk, BulkDone};
use super::editing;
use crate::app::App;
use crate::copy::{IfMatch, answer, private};
use crate::db;
use crate::error::{Error, Problem};
use crate::house::house::House;
use crate::login::roles::{Manager, SignedIn, Staff};
use crate::menu;
use crate::menu::entry::{EntryServing, EntryServingPatch};
use crate::menu::item::Item;
use crate::menu::section::Section;
use crate::notifications;
use crate::notifications::notification::Notification;
use crate::once::Sent;
use crate::path::Path;
use crate::refusals::{ManagerOnly, OneCopy, StaffOnly};
use crate::reply::Reply;
use crate::users::user::Role;
use crate::{house, once, revision};

/// What is the same for every kind of item.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_menu))
        .routes(routes!(get_item))
        .routes(routes!(update_items))
        .routes(routes!(set_item_picture))
        .routes(routes!(create_serving))
        .routes(routes!(update_serving, delete_serving))
        .routes(routes!(set_serving_availability))
}

/// All that can be edited, in all languages, with what guests do not see.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeMenu {
    /// The card's number.
    pub revision: i64,
    /// The bar; absent before it has been set up.
    pub house: Option<House>,
    /// The headings, in order, empty ones too.
    pub sections: Vec<Section>,
    /// The items, in order, hidden ones too.
    pub items: Vec<Item>,
    /// The announcements, planned and past ones too.
    pub notifications: Vec<Notification>,
}

/// Which picture an item has.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"picture": "019c0000-0000-7000-8000-000000000001"}))]
pub struct ItemPicture {
    /// The picture; null for none.
    #[serde(deserialize_with = "Option::deserialize")]
    pub picture: Option<Uuid>,
}

/// The whole menu as those who work on it read it: in all languages, with what is hidden, empty, planned or past.
///
/// It has no ETag, as nothing changes it whole: `If-Match` takes the `revision` of the thing that is changed, in quotes.
#[utoipa::path(get, path = "/menu", operation_id = "get_menu", tag = "menu", security(("bearer" = []), ("cookie" = [])),
    extensions(("x-role" = json!("staff"))), responses(
    (status = 200, description = "The menu", body = WholeMenu),
    StaffOnly,
))]
async fn get_menu(State(app): State<App>, Staff(_): Staff) -> Result<Response, Error> {
    let moment = db::snapshot(&app.db).await?;
    let menu = WholeMenu {
        revision: revision::current(&moment).await?.revision,
        house: house::store::find(&moment).await?,
        sections: menu::sections::list(&moment).await?,
        items: menu::store::list(&moment).await?,
        notifications: notifications::store::list(&moment).await?,
    };
    moment.rollback().await?;
    // Its number is the card's and no thing's, so it is no tag: `If-Match` would take it for that of an item.
    Ok(private(StatusCode::OK, &menu))
}

/// One item of whichever kind, to edit: in all languages, hidden or not. Its ETag is what a change to it wants in If-Match.
#[utoipa::path(get, path = "/items/{id}", operation_id = "get_item", tag = "menu",
    params(("id" = Uuid, Path, description = "The item")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("staff"))), responses(
    (status = 200, description = "The item", body = Item),
    StaffOnly,
    (status = 404, description = "There is no such item", body = Problem, content_type = "application/problem+json"),
))]
async fn get_item(State(app): State<App>, Staff(_): Staff, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let item = menu::store::find(&app.db, id).await?.ok_or(Error::NotFound("item"))?;
    Ok(answer(StatusCode::OK, item.revision, &item))
}

/// Does the same with many items, all of them or none. Marking them sold out takes somebody who works here, deleting them a
/// manager.
#[utoipa::path(post, path = "/items/bulk", operation_id = "update_items", tag = "menu", request_body = Bulk,
    params(("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("staff"))), responses(
    (status = 200, description = "Done, with a line for each", body = BulkDone),
    StaffOnly,
    (status = 409, description = "Something else still needs one of them", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "One of them is unknown, or the body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn update_items(
    State(app): State<App>,
    Staff(by): Staff,
    SignedIn(caller): SignedIn,
    Sent { body, once }: Sent<Bulk>,
) -> Result<Reply, Error> {
    if matches!(body, Bulk::Delete { .. }) {
        caller.may(Role::Manager)?;
    }
    app.reply(&by, &once, async |change| body.run(change).await).await
}

/// Gives an item a picture, or takes it off. The answer is the item.
#[utoipa::path(put, path = "/items/{id}/picture", operation_id = "set_item_picture", tag = "menu", request_body = ItemPicture,
    params(("id" = Uuid, Path, description = "The item"), ("If-Match" = String, Header, description = "The ETag of the item"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "Changed", body = Item),
    ManagerOnly,
    (status = 404, description = "There is no such item", body = Problem, content_type = "application/problem+json"),
    OneCopy,
    (status = 422, description = "There is no such picture, or the body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn set_item_picture(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    copy: IfMatch,
    Sent { body: ItemPicture { picture }, once }: Sent<ItemPicture>,
) -> Result<Reply, Error> {
    let changed = app.reply(&by, &once, async |change| {
        let item = menu::store::find(change.db(), id).await?.ok_or(Error::NotFound("item"))?;
        let patch = Map::from_iter([("picture".to_owned(), json!(picture))]);
        editing::update(change, item, &copy, patch.into()).await
    });
    changed.await
}

/// Adds a way to buy an item. The answer is the whole item.
#[utoipa::path(post, path = "/items/{id}/servings", operation_id = "create_serving", tag = "menu", request_body = EntryServing,
    params(("id" = Uuid, Path, description = "The item"), ("If-Match" = String, Header, description = "The ETag of the item"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 201, description = "Added", body = Item),
    ManagerOnly,
    (status = 404, description = "There is no such item", body = Problem, content_type = "application/problem+json"),
    OneCopy,
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn create_serving(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    copy: IfMatch,
    Sent { body, once }: Sent<EntryServing>,
) -> Result<Reply, Error> {
    let made = app.reply(&by, &once, async |change| {
        let item = menu::store::find(change.db(), id).await?.ok_or(Error::NotFound("item"))?;
        editing::create_serving(change, item, &copy, body).await
    });
    made.await
}

/// Changes a way to buy an item (merge patch). The copy is that of the item, and so is the answer.
#[utoipa::path(patch, path = "/servings/{id}", operation_id = "update_serving", tag = "menu", request_body = EntryServingPatch,
    params(("id" = Uuid, Path, description = "The serving"), ("If-Match" = String, Header, description = "The ETag of the item"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "Changed", body = Item),
    ManagerOnly,
    (status = 404, description = "There is no such serving", body = Problem, content_type = "application/problem+json"),
    OneCopy,
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn update_serving(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    copy: IfMatch,
    Sent { body, once }: Sent<EntryServingPatch>,
) -> Result<Reply, Error> {
    app.reply(&by, &once, async |change| editing::update_serving(change, id, &copy, body).await).await
}

/// Takes away a way to buy an item; the last one stays. The answer is the item.
#[utoipa::path(delete, path = "/servings/{id}", operation_id = "delete_serving", tag = "menu",
    params(("id" = Uuid, Path, description = "The serving"), ("If-Match" = String, Header, description = "The ETag of the item"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "Taken away", body = Item),
    ManagerOnly,
    (status = 404, description = "There is no such serving", body = Problem, content_type = "application/problem+json"),
    OneCopy,
    (status = 422, description = "It is the last one", body = Problem, content_type = "application/problem+json"),
))]
async fn delete_serving(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    copy: IfMatch,
    once: once::Once,
) -> Result<Reply, Error> {
    app.reply(&by, &once, async |change| editing::delete_serving(change, id, &copy).await).await
}

/// Says whether one way to buy an item is sold out. It comes back by itself. The answer is the item.
///
/// No If-Match is wanted: this says what is in the cellar, not what somebody has read.
#[utoipa::path(put, path = "/servings/{id}/availability", operation_id = "set_serving_availability", tag = "menu",
    request_body = Availability,
    params(("id" = Uuid, Path, description = "The serving"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("staff"))), responses(
    (status = 200, description = "Noted", body = Item),
    StaffOnly,
    (status = 404, description = "There is no such serving", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn set_serving_availability(
    State(app): State<App>,
    Staff(by): Staff,
    Path(id): Path<Uuid>,
    Sent { body, once }: Sent<Availability>,
) -> Result<Reply, Error> {
    let noted = app.reply(&by, &once, async |change| {
        let item = menu::store::of_serving(change.db(), id).await?;
        editing::set_availability(change, item, &[id], body).await
    });
    noted.await
}
