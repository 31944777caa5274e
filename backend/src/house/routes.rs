//! Changing the bar's own facts: an admin's part of the API.

use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::house::{House, HousePatch, NewHouse};
use super::store;
use crate::app::App;
use crate::copy::IfMatch;
use crate::error::{Error, Problem};
use crate::login::roles::Admin;
use crate::once::Sent;
use crate::refusals::{AdminOnly, OneCopy};
use crate::reply::Reply;

/// The bar's part of the API, besides what guests read of it.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(update_house))
}

/// Changes the bar's facts: name, address, hours, imprint (merge patch). A bar that has not been set up yet takes all of them.
#[utoipa::path(patch, path = "/house", operation_id = "update_house", tag = "house", request_body = HousePatch,
    params(("If-Match" = String, Header, description = "The ETag of the copy that is changed, or the house's `revision` in `/menu`, in quotes"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("admin"))), responses(
    (status = 200, description = "Changed", body = House),
    (status = 201, description = "Set up", body = House),
    AdminOnly,
    OneCopy,
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn update_house(
    State(app): State<App>,
    Admin(by): Admin,
    copy: IfMatch,
    Sent { body, once }: Sent<HousePatch>,
) -> Result<Reply, Error> {
    let changed = app.reply(&by, &once, async |change| {
        let Some(before) = store::find(change.db()).await? else {
            let made = store::create(change, body.alone()?).await?;
            return Ok(Reply::made("/api/v1/house".to_owned(), made.revision, &made));
        };
        copy.check(before.revision, &before)?;
        let after = body.over(&NewHouse::from(&before))?.made(before.id);
        let house = store::update(change, &before, after).await?;
        Ok(Reply::copy(house.revision, &house))
    });
    changed.await
}
