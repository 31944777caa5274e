//! The pictures' part of the API: managers send them and say what they show.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::decode::MAX_BYTES;
use super::picture::{Picture, PictureEntry, PicturePatch};
use super::store;
use crate::app::App;
use crate::body::at_most;
use crate::body::upload::Upload;
use crate::card::params::Params;
use crate::change::Change;
use crate::copy::{IfMatch, answer, private};
use crate::digest;
use crate::error::{Error, Problem};
use crate::fault::Fault;
use crate::login::roles::{Manager, Staff};
use crate::menu::text::Text;
use crate::once::{Once, Sent};
use crate::path::Path;
use crate::refusals::{ManagerOnly, OneCopy, StaffOnly};
use crate::reply::Reply;

/// What a form adds to the file: boundaries, heads, a text.
const AROUND: usize = 64 * 1024;

/// The pictures' part of the API that is quick.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_pictures)).routes(routes!(get_picture, update_picture, delete_picture))
}

/// Sending a picture: more bytes than others may send, and over a slow line.
pub fn uploads() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create_picture)).layer(at_most(MAX_BYTES + AROUND))
}

/// A picture that is sent.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only the document reads it: `Upload` reads the form")]
struct PictureUpload {
    /// JPEG, PNG or WebP, 10 MiB and 25 million pixels at most.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// What it shows, in German.
    alt: Option<String>,
}

/// Every picture, the newest first.
#[utoipa::path(get, path = "/pictures", operation_id = "list_pictures", tag = "pictures",
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("staff"))), responses(
    (status = 200, description = "The pictures", body = Vec<Picture>),
    StaffOnly,
    (status = 422, description = "A parameter is unknown", body = Problem, content_type = "application/problem+json"),
))]
async fn list_pictures(State(app): State<App>, Staff(_): Staff, RawQuery(query): RawQuery) -> Result<Response, Error> {
    Params::parse(query.as_deref()).finish()?;
    Ok(private(StatusCode::OK, &store::list(&app.db).await?))
}

/// Takes a picture in, in all the sizes that pages ask for. The same file is the same picture: what it shows is said of it then
/// if nothing was said before.
#[utoipa::path(post, path = "/pictures", operation_id = "create_picture", tag = "pictures",
    params(("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    request_body(content = PictureUpload, content_type = "multipart/form-data"),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 201, description = "Taken in", body = Picture),
    (status = 200, description = "It was there already", body = Picture),
    ManagerOnly,
    (status = 400, description = "It is no form, or no UTF-8", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "It was there already, and something else was said of it", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "It has too many bytes", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "It is no picture", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "It is broken, too large, or more than a picture", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "Too many others are being taken in", body = Problem, content_type = "application/problem+json"),
))]
async fn create_picture(
    State(app): State<App>,
    Manager(by): Manager,
    once: Once,
    upload: Upload,
) -> Result<Reply, Error> {
    let (file, alt) = upload.with_text("alt")?;
    let (hash, alt) = (digest::long(&file), alt.unwrap_or_default());
    let once = once.about(&format!("{hash} {alt}"));
    let developed = match store::find_by_hash(&app.db, &hash).await? {
        Some(_) => None,
        None => Some(app.media.darkroom.develop(file).await?),
    };
    if let Some(developed) = &developed {
        app.media.storage.put(&developed.files).await?;
    }
    let taken = app.reply(&by, &once, async |change| {
        // Two may send the same at once.
        if let Some(known) = store::find_by_hash(change.db(), &hash).await? {
            let picture = said_of(change, known, alt).await?;
            return Ok(Reply::copy(picture.revision, &picture));
        }
        // One that was there and is deleted at this very moment is a new one when it is sent again.
        let developed = developed.ok_or(Error::DarkroomBusy)?;
        // Where the same picture was deleted before, a sweep may have taken its old files for leftovers.
        app.media.storage.mend(&developed.files).await?;
        let picture = store::create(change, hash, Text::german(alt), &developed).await?;
        Ok(Reply::made(format!("/api/v1/pictures/{}", picture.id), picture.revision, &picture))
    });
    taken.await
}

/// A picture that was there already, with what is said of it now; what others said of it is not written over unseen.
async fn said_of(change: &Change, picture: Picture, alt: String) -> Result<Picture, Error> {
    if alt.is_empty() || alt == picture.alt.de {
        return Ok(picture);
    }
    if !picture.alt.is_empty() {
        return Err(Error::Claimed(vec![Fault::new("/alt", "said_already", json!({"picture": picture.id}))]));
    }
    let after = picture.with(PictureEntry { alt: Text::german(alt), ..picture.entry() });
    store::update(change, &picture, after).await
}

/// One picture.
#[utoipa::path(get, path = "/pictures/{id}", operation_id = "get_picture", tag = "pictures",
    params(("id" = Uuid, Path, description = "The picture")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("staff"))), responses(
    (status = 200, description = "The picture", body = Picture),
    StaffOnly,
    (status = 404, description = "There is no such picture", body = Problem, content_type = "application/problem+json"),
))]
async fn get_picture(State(app): State<App>, Staff(_): Staff, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let picture = store::get(&app.db, id).await?;
    Ok(answer(StatusCode::OK, picture.revision, &picture))
}

/// Says what a picture shows, and what of it must not be cut off (merge patch).
#[utoipa::path(patch, path = "/pictures/{id}", operation_id = "update_picture", tag = "pictures",
    request_body = PicturePatch,
    params(("id" = Uuid, Path, description = "The picture"), ("If-Match" = String, Header, description = "The ETag of the copy that is changed"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "Changed", body = Picture),
    ManagerOnly,
    (status = 404, description = "There is no such picture", body = Problem, content_type = "application/problem+json"),
    OneCopy,
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn update_picture(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    copy: IfMatch,
    Sent { body, once }: Sent<PicturePatch>,
) -> Result<Reply, Error> {
    let changed = app.reply(&by, &once, async |change| {
        let before = store::get(change.db(), id).await?;
        copy.check(before.revision, &before)?;
        let after = before.with(body.over(&before.entry())?);
        let picture = store::update(change, &before, after).await?;
        Ok(Reply::copy(picture.revision, &picture))
    });
    changed.await
}

/// Forgets a picture that nothing on the menu shows.
#[utoipa::path(delete, path = "/pictures/{id}", operation_id = "delete_picture", tag = "pictures",
    params(("id" = Uuid, Path, description = "The picture"), ("If-Match" = String, Header, description = "The ETag of the copy that is deleted"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 204, description = "Forgotten"),
    ManagerOnly,
    (status = 404, description = "There is no such picture", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Something on the menu shows it", body = Problem, content_type = "application/problem+json"),
    OneCopy,
))]
async fn delete_picture(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    copy: IfMatch,
    once: Once,
) -> Result<Reply, Error> {
    let deleted = app.reply(&by, &once, async |change| {
        let picture = store::get(change.db(), id).await?;
        copy.check(picture.revision, &picture)?;
        store::delete(change, &picture).await?;
        Ok(Reply::gone())
    });
    deleted.await
}
