//! The menu as files over HTTP: exports, and imports that are looked at before they are applied.

use std::convert::Infallible;

use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;
use uuid::Uuid;

use super::sheet::MAX_BYTES;
use super::sheet::answer::{About, Import, Wanted};
use super::sheet::columns;
use super::sheet::export::{self, Format};
use super::sheet::header::{self, Mapping};
use super::sheet::incoming::Incoming;
use super::sheet::store::{self, Kept};
use crate::actor::{Actor, Source};
use crate::app::App;
use crate::body::{self, File};
use crate::card::params::Params;
use crate::change::Change;
use crate::copy::private;
use crate::digest;
use crate::error::{Error, Problem};
use crate::fault::none;
use crate::history;
use crate::login::roles::Manager;
use crate::menu::section::Menu;
use crate::once::Once;
use crate::path::Path;
use crate::refusals::ManagerOnly;
use crate::reply::Reply;
use crate::rules::Faults;

/// The files' part of the API.
pub fn api() -> OpenApiRouter<App> {
    let upload = routes!(create_import).layer::<_, Infallible>(body::at_most(MAX_BYTES));
    OpenApiRouter::new()
        .routes(routes!(get_export))
        .routes(upload)
        .routes(routes!(get_import))
        .routes(routes!(apply_import))
        .routes(routes!(undo_import))
}

const MENUS: [(&str, &[Menu]); 4] =
    [("all", &Menu::ALL), ("wines", &[Menu::Wines]), ("drinks", &[Menu::Drinks]), ("snacks", &[Menu::Snacks])];
const FORMATS: [(&str, Format); 2] = [("csv", Format::Csv), ("json", Format::Json)];
/// As long as the name of a file or of a column may be.
const NAME: usize = 200;

/// The menu as a file, hidden things included, as it is in the database.
#[utoipa::path(get, path = "/exports", operation_id = "get_export", tag = "exchange", params(Wanted),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "The file", content(
        (String = "text/csv"), (serde_json::Value = "application/json"))),
    ManagerOnly,
    (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn get_export(State(app): State<App>, Manager(_): Manager, RawQuery(query): RawQuery) -> Result<Response, Error> {
    let mut params = Params::parse(query.as_deref());
    let menus = params.word("kind", &MENUS).unwrap_or(&Menu::ALL);
    let named = MENUS.iter().find(|(_, listed)| *listed == menus).map_or("all", |(name, _)| name);
    let format = params.word("format", &FORMATS).unwrap_or_default();
    params.finish()?;
    let text = export::read(&app.db, menus, format).await?;
    let name = format!("casavazquez-{named}-{}.{}", app.clock.now().format("%Y-%m-%d"), format.ending());
    let headers: [(HeaderName, String); 3] = [
        (CONTENT_TYPE, format.media_type().to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

/// Looks at a file: what it would make and change, and what of it is refused, cell by cell. Nothing is written until it is applied.
#[utoipa::path(post, path = "/imports", operation_id = "create_import", tag = "exchange",
    params(About, ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    request_body(description = "The file itself, 2 MiB and 5,000 rows at most", content(
        (String = "text/csv"), (serde_json::Value = "application/json"))),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 201, description = "What it would do", body = Import),
    ManagerOnly,
    (status = 400, description = "The JSON is broken", body = Problem, content_type = "application/problem+json"),
    (status = 413, description = "The file is too long", body = Problem, content_type = "application/problem+json"),
    (status = 415, description = "It is another kind of file", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The file cannot be read as the menu: a header is unknown, for instance", body = Problem, content_type = "application/problem+json"),
))]
async fn create_import(
    State(app): State<App>,
    Manager(by): Manager,
    RawQuery(query): RawQuery,
    once: Once,
    File { media_type, bytes }: File,
) -> Result<Reply, Error> {
    let format = match media_type.as_str() {
        "text/csv" => Format::Csv,
        "application/json" => Format::Json,
        _ => return Err(Error::WrongMediaType("text/csv or application/json")),
    };
    let once = once.about(&format!("{media_type} {}", digest::long(&bytes)));
    let (file_name, mapping) = about(query.as_deref(), format)?;
    let file = Incoming::read(&bytes, format, mapping)?;
    let at = app.clock.now();
    let preview = file.look(&app.db, at).await?;
    let (id, fingerprint) = (Uuid::now_v7(), preview.fingerprint());
    let kept = Kept { id, at, by: by.name.clone(), file_name, file, fingerprint, batch: None, undone: false };
    let keep = async |change: &Change| {
        store::create(change, &kept).await?;
        let location = Some(format!("/api/v1/imports/{id}"));
        Ok(Reply { status: StatusCode::CREATED, location, ..Reply::done(&Import::new(kept, preview)) })
    };
    app.reply(&by, &once, keep).await
}

fn about(query: Option<&str>, format: Format) -> Result<(String, Mapping), Error> {
    let mut params = Params::parse(query);
    let file_name = params.one("file_name").unwrap_or_else(|| format!("menu.{}", format.ending()));
    let mut mapping = Mapping::new();
    let mut faults = Faults::default();
    for pair in params.every("mapping") {
        let Some((from, to)) = pair.rsplit_once(':') else {
            params.fault("mapping", "not_a_mapping", none());
            continue;
        };
        faults.line("?mapping", from, NAME);
        if !to.is_empty() && header::known(to).is_none() {
            params.fault("mapping", "unknown_column", json!({"known": columns::headers().collect::<Vec<_>>()}));
        }
        mapping.insert(from.to_owned(), to.to_owned());
    }
    params.finish()?;
    faults.line("?file_name", &file_name, NAME);
    faults.finish()?;
    Ok((file_name, mapping))
}

/// A file that was sent, with what it would do to the menu as it is now.
#[utoipa::path(get, path = "/imports/{id}", operation_id = "get_import", tag = "exchange",
    params(("id" = Uuid, Path, description = "The import")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "The import", body = Import),
    ManagerOnly,
    (status = 404, description = "There is no such import, or no longer", body = Problem, content_type = "application/problem+json"),
))]
async fn get_import(State(app): State<App>, Manager(_): Manager, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let kept = store::get(&app.db, id).await?;
    let preview = kept.file.look(&app.db, app.clock.now()).await?;
    Ok(private(StatusCode::OK, &Import::new(kept, preview)))
}

/// Applies what was looked at: all of it or nothing, once, and only if it still does the same.
#[utoipa::path(post, path = "/imports/{id}/apply", operation_id = "apply_import", tag = "exchange",
    params(("id" = Uuid, Path, description = "The import"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "Applied, with what was done; where nothing changes, nothing is written", body = Import),
    ManagerOnly,
    (status = 404, description = "There is no such import, or no longer", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "It is applied already, or the menu was changed since it was looked at", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A row is refused, so nothing is imported", body = Problem, content_type = "application/problem+json"),
))]
async fn apply_import(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    once: Once,
) -> Result<Reply, Error> {
    let by = Actor { source: Source::Import, ..by };
    let apply = async |change: &Change| {
        let mut kept = store::get(change.db(), id).await?;
        if kept.batch.is_some() {
            return Err(Error::AppliedAlready);
        }
        let preview = kept.file.apply(change, Some(&kept.fingerprint), &|_, _| ()).await?;
        if !preview.plan.items.is_empty() {
            store::set_applied(change, id).await?;
            kept.batch = Some(change.batch());
        }
        Ok(Reply::done(&Import::new(kept, preview)))
    };
    app.reply(&by, &once, apply).await
}

/// Takes the whole import back, as a new change of the history: everything or nothing.
#[utoipa::path(post, path = "/imports/{id}/undo", operation_id = "undo_import", tag = "exchange",
    params(("id" = Uuid, Path, description = "The import"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "Taken back, with what the file would do again", body = Import),
    ManagerOnly,
    (status = 404, description = "There is no such import, or it was not applied", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Later changes touched the same fields, which are named", body = Problem, content_type = "application/problem+json"),
))]
async fn undo_import(
    State(app): State<App>,
    Manager(by): Manager,
    Path(id): Path<Uuid>,
    once: Once,
) -> Result<Reply, Error> {
    let undo = async |change: &Change| {
        let kept = store::get(change.db(), id).await?;
        let batch = kept.batch.ok_or(Error::NotFound("applied import"))?;
        let lines = history::store::find(change.db(), batch).await?;
        history::undo::undo(change, batch, &lines).await?;
        let preview = kept.file.compare_with(change.db(), change.at()).await?;
        Ok(Reply::done(&Import::new(Kept { undone: true, ..kept }, preview)))
    };
    app.reply(&by, &once, undo).await
}
