//! Reading the history, and taking back what it tells of.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::fields::{self, FieldChange};
use super::question::{self, Paging, Question};
use super::store::{self, Filter};
use super::undo::{self, THINGS};
use super::undone::Undone;
use super::{KEPT, Line};
use crate::app::App;
use crate::copy::private;
use crate::db::Db;
use crate::error::{Error, Problem};
use crate::login::roles::{Manager, SignedIn, Staff};
use crate::once::Once;
use crate::path::Path;
use crate::refusals::{ManagerOnly, StaffOnly};
use crate::reply::Reply;
use crate::users::user::Role;

/// The history's part of the API.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_changes))
        .routes(routes!(list_trash))
        .routes(routes!(list_item_history))
        .routes(routes!(undo_change))
}

/// What was done to one thing.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryLine {
    /// The line.
    pub id: Uuid,
    /// The change that it is part of: all lines of one request have the same.
    pub batch: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: a user name.
    pub by: String,
    /// By which way: website, api, import, command line, schedule, seed.
    pub source: String,
    /// The card that the change led to.
    pub revision: Option<i64>,
    /// What kind of thing: wine, drink, snack, section, notification, house, picture; for admins also user and more.
    pub thing: String,
    /// Which one.
    pub thing_id: Uuid,
    /// What people call it.
    pub name: Option<String>,
    /// What was done.
    pub action: Action,
    /// Each field, before and after.
    pub fields: Vec<FieldChange>,
    /// The line or change that this one takes back.
    pub undoes: Option<Uuid>,
    /// Whether it has been taken back itself.
    pub undone: bool,
}

/// What was done to a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It was made.
    Created,
    /// It was changed.
    Updated,
    /// It was deleted.
    Deleted,
}

/// A page of the history, the newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct History {
    /// The lines.
    pub changes: Vec<HistoryLine>,
    /// What to give as `cursor` for the lines before; absent at the end.
    pub next_cursor: Option<Uuid>,
}

/// What was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenBack {
    /// The change that took it back; undoing that brings it again.
    pub batch: Uuid,
    /// How many lines of history it took back.
    pub lines: usize,
}

/// Who changed what, the newest first: of the menu for those who work here, of people too for admins.
#[utoipa::path(get, path = "/changes", operation_id = "list_changes", tag = "history", params(Question, Paging),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("staff"))), responses(
    (status = 200, description = "A page of the history", body = History),
    StaffOnly,
    (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn list_changes(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let filter = question::read(query.as_deref(), &caller)?;
    Ok(private(StatusCode::OK, &page(&app.db, filter).await?))
}

/// What was deleted in the last 30 days and is not back: undoing its change brings it back.
#[utoipa::path(get, path = "/trash", operation_id = "list_trash", tag = "history", params(Paging),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("staff"))), responses(
    (status = 200, description = "A page of what lies in the trash, the last deleted first", body = History),
    StaffOnly,
    (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn list_trash(State(app): State<App>, Staff(_): Staff, RawQuery(query): RawQuery) -> Result<Response, Error> {
    let gone_since = Some(app.clock.now() - KEPT);
    let filter = Filter { things: THINGS.to_vec(), gone_since, ..question::read_page(query.as_deref())? };
    Ok(private(StatusCode::OK, &page(&app.db, filter).await?))
}

/// What was done to one item, the newest first.
#[utoipa::path(get, path = "/items/{id}/history", operation_id = "list_item_history", tag = "history",
    params(("id" = Uuid, Path, description = "The item; it may be deleted"), Paging),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("staff"))), responses(
    (status = 200, description = "A page of its history", body = History),
    StaffOnly,
    (status = 404, description = "There never was such an item", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn list_item_history(
    State(app): State<App>,
    Staff(_): Staff,
    Path(id): Path<Uuid>,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let asked = question::read_page(query.as_deref())?;
    let begins = asked.before.is_none();
    let filter = Filter { things: vec!["wine", "drink", "snack"], thing_id: Some(id), ..asked };
    let history = page(&app.db, filter).await?;
    if begins && history.changes.is_empty() {
        return Err(Error::NotFound("item"));
    }
    Ok(private(StatusCode::OK, &history))
}

/// Takes back one line of the history, or a whole change: everything or nothing.
///
/// It is a new change, which can be taken back too. Where later changes touched the same fields, nothing is done and they are
/// named. What was deleted can come back for 30 days.
#[utoipa::path(post, path = "/changes/{id}/undo", operation_id = "undo_change", tag = "history",
    params(("id" = Uuid, Path, description = "The id of a line, or the `batch` of a change for all its lines"),
        ("Idempotency-Key" = Option<String>, Header, description = "Tells the repetition of a request")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("manager"))), responses(
    (status = 200, description = "Taken back", body = TakenBack),
    ManagerOnly,
    (status = 404, description = "There is no such change", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "Later changes touched the same fields, which are named", body = Problem, content_type = "application/problem+json"),
))]
async fn undo_change(
    State(app): State<App>,
    Manager(by): Manager,
    SignedIn(caller): SignedIn,
    Path(id): Path<Uuid>,
    once: Once,
) -> Result<Reply, Error> {
    let undone = app.reply(&by, &once, async |change| {
        let lines = store::find(change.db(), id).await?;
        // To those who may not read of people, their lines are not there.
        let known = |line: &Line| THINGS.contains(&line.thing.as_str());
        if lines.is_empty() || !lines.iter().all(known) {
            return Err(Error::NotFound("change"));
        }
        if lines.iter().any(|line| line.thing == "house") {
            caller.may(Role::Admin)?;
        }
        let lines = undo::undo(change, id, &lines).await?;
        Ok(Reply::done(&TakenBack { batch: change.batch(), lines }))
    });
    undone.await
}

async fn page(db: &Db, filter: Filter) -> Result<History, Error> {
    let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    // One more tells whether there is another page.
    let mut lines = store::list(db, Filter { limit: filter.limit + 1, ..filter }).await?;
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next_cursor = lines.last().filter(|_| more).map(|line| line.id);
    let undone = Undone::of(db, &lines).await?;
    let changes = lines.into_iter().map(|line| shown(line, &undone)).collect();
    Ok(History { changes, next_cursor })
}

fn shown(line: Line, undone: &Undone) -> HistoryLine {
    let name = line.name().map(str::to_owned);
    let undone = undone.has(&line);
    let Line { id, at, by, source, batch, revision, undoes, thing, thing_id, before, after } = line;
    let action = match (&before, &after) {
        (None, _) => Action::Created,
        (_, None) => Action::Deleted,
        _ => Action::Updated,
    };
    let fields = fields::changes(&before.unwrap_or_else(|| json!({})), &after.unwrap_or_else(|| json!({})));
    HistoryLine { id, batch, at, by, source, revision, thing, thing_id, name, action, fields, undoes, undone }
}
