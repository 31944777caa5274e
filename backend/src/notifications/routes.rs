//! Making, changing, deleting and tidying announcements.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::notification::{NewNotification, Notification, NotificationPatch};
use super::store;
use crate::app::App;
use crate::copy::{IfMatch, answer};
use crate::error::{Error, Problem};
use crate::login::roles::{Manager, Staff};
use crate::once::{Once, Sent};
use crate::path::Path;
use crate::refusals::{ManagerOnly, OneCopy, StaffOnly};
use crate::reply::Reply;

/// The announcements' part of the API, besides the guests' list of them.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_notification))
        .routes(routes!(delete_expired_notifications))
        .routes(routes!(get_notification, update_notification, delete_notification))
}

/// What was tidied away.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tidied {
    /// The announcements that were over, and are gone.
    pub deleted: Vec<Uuid>,
}

/// Adds an announcement.
#[utoipa::path(post, path = "/notifications", operation_id = "create_notification", tag = "notifications",
    request_body = NewNotification,
    params(("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 201, description = "Added", body = Notification),
    ManagerOnly,
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn create_notification(
    State(app): State<App>,
    Manager(by): Manager,
    Sent { body, once }: Sent<NewNotification>,
) -> Result<Reply, Error> {
    let made = app.reply(&by, &once, async |change| {
        let made = store::create(change, body).await?;
        Ok(Reply::made(format!("/api/v1/notifications/{}", made.id), made.revision, &made))
    });
    made.await
}

/// One announcement, to edit: in all languages, planned or past.
#[utoipa::path(get, path = "/notifications/{id}", operation_id = "get_notification", tag = "notifications",
    params(("id" = Uuid, Path, description = "The announcement")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("staff"))), responses(
    (status = 200, description = "The announcement", body = Notification),
    StaffOnly,
    (status = 404, description = "There is no such announcement", body = Problem, content_type = "application/problem+json"),
))]
async fn get_notification(State(app): State<App>, Staff(_): Staff, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let one = store::get(&app.db, id).await?;
    Ok(answer(StatusCode::OK, one.revision, &one))
}

/// Changes an announcement (merge patch).
#[utoipa::path(patch, path = "/notifications/{id}", operation_id = "update_notification", tag = "notifications",
    request_body = NotificationPatch,
    params(("id" = Uuid, Path, description = "The announcement"),
        ("If-Match" = String, Header, description = "The ETag of the copy that is changed"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "Changed", body = Notification),
    ManagerOnly,
    (status = 404, description = "There is no such announcement", body = Problem, content_type = "application/problem+json"),
    OneCopy,
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn update_notification(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    copy: IfMatch,
    Sent { body, once }: Sent<NotificationPatch>,
) -> Result<Reply, Error> {
    let changed = app.reply(&by, &once, async |change| {
        let before = store::get(change.db(), id).await?;
        copy.check(before.revision, &before)?;
        let after = body.over(&NewNotification::from(&before))?.over(&before);
        let one = store::update(change, &before, after).await?;
        Ok(Reply::copy(one.revision, &one))
    });
    changed.await
}

/// Deletes an announcement. For 30 days it can be brought back by undoing that.
#[utoipa::path(delete, path = "/notifications/{id}", operation_id = "delete_notification", tag = "notifications",
    params(("id" = Uuid, Path, description = "The announcement"),
        ("If-Match" = String, Header, description = "The ETag of the copy that is deleted"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 204, description = "Deleted"),
    ManagerOnly,
    (status = 404, description = "There is no such announcement", body = Problem, content_type = "application/problem+json"),
    OneCopy,
))]
async fn delete_notification(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    copy: IfMatch,
    once: Once,
) -> Result<Reply, Error> {
    let deleted = app.reply(&by, &once, async |change| {
        let before = store::get(change.db(), id).await?;
        copy.check(before.revision, &before)?;
        store::delete(change, &before).await?;
        Ok(Reply::gone())
    });
    deleted.await
}

/// Deletes the announcements that are over. For 30 days they can be brought back by undoing that.
#[utoipa::path(delete, path = "/notifications/expired", operation_id = "delete_expired_notifications", tag = "notifications",
    params(("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "Tidied", body = Tidied),
    ManagerOnly,
))]
async fn delete_expired_notifications(
    State(app): State<App>,
    Manager(by): Manager,
    once: Once,
) -> Result<Reply, Error> {
    let tidied = app.reply(&by, &once, async |change| {
        let all = store::list(change.db()).await?;
        let mut deleted = Vec::new();
        for one in all.iter().filter(|one| one.ends_at.is_some_and(|end| end <= change.at())) {
            store::delete(change, one).await?;
            deleted.push(one.id);
        }
        Ok(Reply::done(&Tidied { deleted }))
    });
    tidied.await
}
