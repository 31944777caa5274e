//! What everybody may do with their own account.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::door::Visitor;
use super::roles::SignedIn;
use super::routes::{Welcome, tokens, welcome};
use super::sessions::{self, Session};
use crate::actor::Source;
use crate::app::App;
use crate::body::Json;
use crate::copy::{IfMatch, answer, private};
use crate::error::{Error, Problem};
use crate::path::Path;
use crate::refusals::{OneCopy, SignedInOnly};
use crate::secret::Secret;
use crate::users;
use crate::users::user::{OwnUpdate, Profile, Role};

/// One's own part of the API.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_me, update_me))
        .routes(routes!(set_password))
        .routes(routes!(list_own_sessions, delete_other_sessions))
        .routes(routes!(delete_own_session))
}

/// Another password for oneself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The password so far.
    #[schema(value_type = String, format = Password)]
    pub current: Secret,
    /// The password from now on: 12 characters or more.
    #[schema(value_type = String, format = Password)]
    pub password: Secret,
}

/// Who asks, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Me {
    /// Who it is.
    pub user: Profile,
    /// What they may do with the key they came with.
    pub role: Role,
}

/// Who is signed in.
#[utoipa::path(get, path = "/auth/me", operation_id = "get_me", tag = "auth", security(("bearer" = []), ("cookie" = [])),
    extensions(("x-role" = json!("signed in"))), responses(
    (status = 200, description = "You", body = Me),
    SignedInOnly,
))]
async fn get_me(SignedIn(caller): SignedIn) -> Response {
    let me = Me { user: caller.profile, role: caller.role };
    answer(StatusCode::OK, me.user.revision, &me)
}

/// Changes one's own name and address (merge patch).
#[utoipa::path(patch, path = "/auth/me", operation_id = "update_me", tag = "auth", request_body = OwnUpdate,
    params(("If-Match" = String, Header, description = "The ETag of the copy that is changed")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("signed in"))), responses(
    (status = 200, description = "Changed", body = Me),
    SignedInOnly,
    (status = 403, description = "A program may not", body = Problem, content_type = "application/problem+json"),
    OneCopy,
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn update_me(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    copy: IfMatch,
    Json(update): Json<OwnUpdate>,
) -> Result<Response, Error> {
    caller.session()?;
    let by = caller.actor();
    let changed = app.change_unseen(&by, async |change| {
        let before = users::store::get(change.db(), caller.profile.id).await?;
        copy.check(before.profile.revision, &Me { user: before.profile.clone(), role: caller.role })?;
        users::store::update(change, &before, update.over(before.profile.clone())).await
    });
    let user = changed.await?;
    Ok(answer(StatusCode::OK, user.revision, &Me { user, role: caller.role }))
}

/// Changes one's own password. All other sessions end.
#[utoipa::path(put, path = "/auth/password", operation_id = "set_password", tag = "auth", request_body = NewPassword,
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("signed in"))), responses(
    (status = 200, description = "Changed, and signed in anew", body = Welcome),
    SignedInOnly,
    (status = 403, description = "A program may not", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The current password is wrong, or the new one is too weak", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many attempts", body = Problem, content_type = "application/problem+json"),
))]
async fn set_password(
    State(app): State<App>,
    visitor: Visitor,
    SignedIn(caller): SignedIn,
    Json(NewPassword { current, password }): Json<NewPassword>,
) -> Result<Response, Error> {
    caller.session()?;
    let admitted = app.door.change_password(&caller, current.into_text(), password.into_text(), &visitor).await?;
    if caller.source == Source::Api {
        return Ok(tokens(admitted));
    }
    welcome(&app, admitted)
}

/// Where one is signed in.
#[utoipa::path(get, path = "/auth/sessions", operation_id = "list_own_sessions", tag = "auth",
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("signed in"))), responses(
    (status = 200, description = "The sessions, the last used first", body = Vec<Session>),
    SignedInOnly,
))]
async fn list_own_sessions(State(app): State<App>, SignedIn(caller): SignedIn) -> Result<Response, Error> {
    let person = users::store::get(&app.db, caller.profile.id).await?;
    let sessions = sessions::list(&app.db, &person, caller.session().ok(), app.clock.now()).await?;
    Ok(private(StatusCode::OK, &sessions))
}

/// Signs out everywhere else.
#[utoipa::path(delete, path = "/auth/sessions", operation_id = "delete_other_sessions", tag = "auth",
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("signed in"))), responses(
    (status = 204, description = "Only this session goes on"),
    SignedInOnly,
    (status = 403, description = "A program may not", body = Problem, content_type = "application/problem+json"),
))]
async fn delete_other_sessions(State(app): State<App>, SignedIn(caller): SignedIn) -> Result<StatusCode, Error> {
    app.door.end_other_sessions(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/auth/sessions/{id}", operation_id = "delete_own_session", tag = "auth",
    params(("id" = Uuid, Path, description = "The session")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("signed in"))), responses(
    (status = 204, description = "Ended"),
    SignedInOnly,
    (status = 403, description = "A program may not", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is no such session", body = Problem, content_type = "application/problem+json"),
))]
async fn delete_own_session(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    caller.session()?;
    let person = users::store::get(&app.db, caller.profile.id).await?;
    app.door.end_session_of(&caller.actor(), &person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
