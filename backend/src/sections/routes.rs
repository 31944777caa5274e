//! Making, changing, ordering and deleting sections.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::copy::{IfMatch, answer};
use crate::error::{Error, Problem};
use crate::login::roles::{Manager, Staff};
use crate::menu::section::{Heading, HeadingPatch, Section};
use crate::menu::sections;
use crate::once::{Once, Sent};
use crate::path::Path;
use crate::refusals::{ManagerOnly, OneCopy, StaffOnly};
use crate::reply::Reply;

/// The sections' part of the API, besides the guests' list of them.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create_section)).routes(routes!(get_section, update_section, delete_section))
}

/// Adds a section, at the end of its menu or where it is wanted.
#[utoipa::path(post, path = "/sections", operation_id = "create_section", tag = "menu", request_body = Heading,
    params(("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 201, description = "Added", body = Section),
    ManagerOnly,
    (status = 409, description = "The name for addresses is taken", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn create_section(
    State(app): State<App>,
    Manager(by): Manager,
    Sent { body, once }: Sent<Heading>,
) -> Result<Reply, Error> {
    let made = app.reply(&by, &once, async |change| {
        let place = body.after;
        let taken = sections::slugs(change.db(), body.menu).await?;
        let (menu, new) = body.made(&taken)?;
        let mut section = sections::create(change, menu, new).await?;
        if let Some(after) = place {
            sections::put(change, &section, after).await?;
            section = sections::get(change.db(), section.id).await?;
        }
        Ok(Reply::made(format!("/api/v1/sections/{}", section.id), section.revision, &section))
    });
    made.await
}

/// One section, to edit: in all languages.
#[utoipa::path(get, path = "/sections/{id}", operation_id = "get_section", tag = "menu",
    params(("id" = Uuid, Path, description = "The section")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("staff"))), responses(
    (status = 200, description = "The section", body = Section),
    StaffOnly,
    (status = 404, description = "There is no such section", body = Problem, content_type = "application/problem+json"),
))]
async fn get_section(State(app): State<App>, Staff(_): Staff, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let section = sections::get(&app.db, id).await?;
    Ok(answer(StatusCode::OK, section.revision, &section))
}

/// Renames a section or puts it elsewhere in its menu (merge patch).
#[utoipa::path(patch, path = "/sections/{id}", operation_id = "update_section", tag = "menu", request_body = HeadingPatch,
    params(("id" = Uuid, Path, description = "The section"),
        ("If-Match" = String, Header, description = "The ETag of the copy that is changed"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "Changed", body = Section),
    ManagerOnly,
    (status = 404, description = "There is no such section", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The name for addresses is taken", body = Problem, content_type = "application/problem+json"),
    OneCopy,
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn update_section(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    copy: IfMatch,
    Sent { body, once }: Sent<HeadingPatch>,
) -> Result<Reply, Error> {
    let changed = app.reply(&by, &once, async |change| {
        let before = sections::get(change.db(), id).await?;
        copy.check(before.revision, &before)?;
        let heading = body.over(&Heading::from(&before))?;
        let place = heading.after;
        let mut section = sections::update(change, &before, heading.over(&before)?).await?;
        if let Some(after) = place {
            sections::put(change, &section, after).await?;
            section = sections::get(change.db(), id).await?;
        }
        Ok(Reply::copy(section.revision, &section))
    });
    changed.await
}

/// Deletes a section with nothing under it.
#[utoipa::path(delete, path = "/sections/{id}", operation_id = "delete_section", tag = "menu",
    params(("id" = Uuid, Path, description = "The section"),
        ("If-Match" = String, Header, description = "The ETag of the copy that is deleted"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 204, description = "Deleted"),
    ManagerOnly,
    (status = 404, description = "There is no such section", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "It still lists items", body = Problem, content_type = "application/problem+json"),
    OneCopy,
))]
async fn delete_section(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    copy: IfMatch,
    once: Once,
) -> Result<Reply, Error> {
    let deleted = app.reply(&by, &once, async |change| {
        let section = sections::get(change.db(), id).await?;
        copy.check(section.revision, &section)?;
        sections::delete(change, &section).await?;
        Ok(Reply::gone())
    });
    deleted.await
}
