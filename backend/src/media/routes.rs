//! The pictures over HTTP: managers send them and say what they show, everybody gets their files.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::decode::MAX_BYTES;
use super::picture::{Picture, PicturePatch};
use super::store;
use crate::app::App;
use crate::body::upload::Upload;
use crate::body::{Json, at_most};
use crate::card::params::Params;
use crate::copy::{IfMatch, answer, private};
use crate::digest;
use crate::error::{Error, Problem};
use crate::login::roles::{Manager, Staff};
use crate::menu::text::Text;
use crate::path::Path;
use crate::refusals::OneCopy;
use crate::reply::Reply;

/// What a form adds to the file: boundaries, heads, a text.
const AROUND: usize = 64 * 1024;
/// How many bytes of files are kept at hand.
const AT_HAND: usize = 8 * 1024 * 1024;
/// An address changes when its content does.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The pictures' part of the API that is quick.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_pictures)).routes(routes!(get_picture, update_picture, delete_picture))
}

/// Sending a picture: more bytes than others may send, and over a slow line.
pub fn uploads() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create_picture)).layer(at_most(MAX_BYTES + AROUND))
}

/// The files, for everybody.
pub fn files() -> Router<App> {
    let at_hand = Arc::new(AtHand::default());
    Router::new().route(
        "/media/{name}",
        get(async move |State(app): State<App>, Path(name): Path<String>, headers: HeaderMap| {
            file(&app, &at_hand, &name, &headers).await
        }),
    )
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
    (status = 401, description = "Nobody is signed in", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A parameter is unknown", body = Problem, content_type = "application/problem+json"),
))]
async fn list_pictures(State(app): State<App>, Staff(_): Staff, RawQuery(query): RawQuery) -> Result<Response, Error> {
    Params::parse(query.as_deref()).finish()?;
    Ok(private(StatusCode::OK, &store::list(&app.db).await?))
}

/// Takes a picture in, in all the sizes that pages ask for. The same file is the same picture.
#[utoipa::path(post, path = "/pictures", operation_id = "create_picture", tag = "pictures",
    request_body(content = PictureUpload, content_type = "multipart/form-data"),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 201, description = "Taken in", body = Picture),
    (status = 200, description = "It was there already", body = Picture),
    (status = 401, description = "Nobody is signed in", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "This takes a manager", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "It has too many bytes", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "It is no picture", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "It is broken, too large, or more than a picture", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "Too many others are being taken in", body = Problem, content_type = "application/problem+json"),
))]
async fn create_picture(State(app): State<App>, Manager(by): Manager, upload: Upload) -> Result<Response, Error> {
    let (file, alt) = upload.with_text("alt")?;
    let alt = Text::german(alt.unwrap_or_default());
    let hash = digest::long(&file);
    if let Some(known) = store::find_by_hash(&app.db, &hash).await? {
        return Ok(answer(StatusCode::OK, known.revision, &known));
    }
    let developed = app.media.darkroom.develop(file).await?;
    app.media.storage.put(&developed.files).await?;
    let made = app.change_unseen(&by, async |change| {
        // Two may send the same at once.
        if let Some(known) = store::find_by_hash(change.db(), &hash).await? {
            return Ok((known, false));
        }
        // Where the same picture was deleted before, a sweep may have taken its old files for leftovers.
        app.media.storage.mend(&developed.files).await?;
        Ok((store::create(change, hash, alt, &developed).await?, true))
    });
    let (picture, new) = made.await?;
    if !new {
        return Ok(answer(StatusCode::OK, picture.revision, &picture));
    }
    Ok(Reply::made(format!("/api/v1/pictures/{}", picture.id), picture.revision, &picture).into_response())
}

/// One picture.
#[utoipa::path(get, path = "/pictures/{id}", operation_id = "get_picture", tag = "pictures",
    params(("id" = Uuid, Path, description = "The picture")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("staff"))), responses(
    (status = 200, description = "The picture", body = Picture),
    (status = 401, description = "Nobody is signed in", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is no such picture", body = Problem, content_type = "application/problem+json"),
))]
async fn get_picture(State(app): State<App>, Staff(_): Staff, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let picture = store::get(&app.db, id).await?;
    Ok(answer(StatusCode::OK, picture.revision, &picture))
}

/// Says what a picture shows, and what of it must not be cut off (merge patch).
#[utoipa::path(patch, path = "/pictures/{id}", operation_id = "update_picture", tag = "pictures",
    request_body = PicturePatch,
    params(("id" = Uuid, Path, description = "The picture"), ("If-Match" = String, Header, description = "The ETag of the copy that is changed")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "Changed", body = Picture),
    (status = 401, description = "Nobody is signed in", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "This takes a manager", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is no such picture", body = Problem, content_type = "application/problem+json"),
    OneCopy,
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn update_picture(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    copy: IfMatch,
    Json(patch): Json<PicturePatch>,
) -> Result<Response, Error> {
    let changed = app.change(&by, async |change| {
        let before = store::get(change.db(), id).await?;
        copy.check(before.revision, &before)?;
        let after = before.with(patch.over(&before.entry())?);
        store::update(change, &before, after).await
    });
    let picture = changed.await?;
    Ok(answer(StatusCode::OK, picture.revision, &picture))
}

/// Forgets a picture that nothing on the menu shows.
#[utoipa::path(delete, path = "/pictures/{id}", operation_id = "delete_picture", tag = "pictures",
    params(("id" = Uuid, Path, description = "The picture"), ("If-Match" = String, Header, description = "The ETag of the copy that is deleted")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 204, description = "Forgotten"),
    (status = 401, description = "Nobody is signed in", body = Problem, content_type = "application/problem+json"),
    (status = 403, description = "This takes a manager", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is no such picture", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Something on the menu shows it", body = Problem, content_type = "application/problem+json"),
    OneCopy,
))]
async fn delete_picture(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    copy: IfMatch,
) -> Result<StatusCode, Error> {
    app.change(&by, async |change| {
        let picture = store::get(change.db(), id).await?;
        copy.check(picture.revision, &picture)?;
        store::delete(change, &picture).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Files that somebody has asked for. When they are too many, it begins anew.
#[derive(Debug, Default)]
struct AtHand(Mutex<(HashMap<String, Bytes>, usize)>);

impl AtHand {
    fn find(&self, name: &str) -> Option<Bytes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0.get(name).cloned()
    }

    fn keep(&self, name: &str, content: &Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.1 + content.len() > AT_HAND {
            *kept = Default::default();
        }
        if content.len() <= AT_HAND && kept.0.insert(name.to_owned(), content.clone()).is_none() {
            kept.1 += content.len();
        }
    }
}

/// A file by its name, which stands for its content: whoever has it under this name has it for good.
async fn file(app: &App, at_hand: &AtHand, name: &str, asked: &HeaderMap) -> Result<Response, Error> {
    const MISSING: Error = Error::NotFound("picture");
    let media_type = media_type(name).ok_or(MISSING)?;
    let content = if let Some(content) = at_hand.find(name) {
        content
    } else {
        let content = app.media.storage.get(name).await?.ok_or(MISSING)?;
        at_hand.keep(name, &content);
        content
    };
    let tag = format!("\"{name}\"");
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = known.flat_map(|value| value.split(',')).map(|tag| tag.trim().trim_start_matches("W/"));
    let mut response = if tags.any(|known| known == "*" || known == tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let media_type = (header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        ([media_type], Body::from(content)).into_response()
    };
    response.headers_mut().insert(header::CACHE_CONTROL, FOR_GOOD);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// The type of a file with a name of ours; others are not looked for.
fn media_type(name: &str) -> Option<&'static str> {
    let (stem, ending) = name.split_once('.')?;
    let (hash, width) = stem.split_once('-')?;
    let hexadecimal = |letter: u8| letter.is_ascii_digit() || (b'a'..=b'f').contains(&letter);
    let ours = hash.len() == 24 && hash.bytes().all(hexadecimal);
    let sized = (1..=4).contains(&width.len()) && width.bytes().all(|letter| letter.is_ascii_digit());
    match ending {
        "webp" if ours && sized => Some("image/webp"),
        "jpg" if ours && sized => Some("image/jpeg"),
        _ => None,
    }
}
