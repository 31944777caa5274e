//! Looking after people: an admin's part of the API.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::invitations::{self, Invitation};
use super::user::{NewUser, Profile, Role, UserUpdate};
use super::{store, strength};
use crate::app::App;
use crate::body::Json;
use crate::card::params::Params;
use crate::copy::{IfMatch, answer, private};
use crate::error::{Error, Problem};
use crate::login::roles::{Admin, AdminInPerson};
use crate::login::sessions::{self, Session};
use crate::path::Path;
use crate::refusals::{AdminOnly, OneCopy};
use crate::secret::Secret;

/// The people's part of the API.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_users, create_user))
        .routes(routes!(get_user, update_user, delete_user))
        .routes(routes!(create_invitation))
        .routes(routes!(list_user_sessions, delete_user_sessions))
        .routes(routes!(delete_user_session))
}

/// Somebody who is to be made known. Without a password they get a one-time link to choose one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"username": "maria", "full_name": "María", "role": "manager"}))]
pub struct Newcomer {
    /// The name to sign in with: 2 to 64 small letters, digits, dots, hyphens and underscores.
    pub username: String,
    /// The name that others know them by.
    #[serde(default)]
    pub full_name: Option<String>,
    /// Where to write to them.
    #[serde(default)]
    pub email: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Their password, 12 characters or more, if it is chosen for them.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password)]
    pub password: Option<Secret>,
}

/// Somebody who was made known.
#[derive(Debug, Serialize, ToSchema)]
pub struct Known {
    /// Who it is.
    pub user: Profile,
    /// The link to choose a password with; shown only this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Link>,
}

/// A one-time link to choose a password with; shown only this once.
#[derive(Debug, Serialize, ToSchema)]
pub struct Link {
    /// The address. What follows its `#` never reaches a server's log.
    pub link: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

impl Link {
    fn new(app: &App, invitation: &Invitation) -> Self {
        let link = invitations::link(app.settings.public_url.as_ref(), &invitation.token);
        Self { link, expires_at: invitation.expires_at }
    }
}

/// Everybody who may sign in, or once could.
#[utoipa::path(get, path = "/users", operation_id = "list_users", tag = "users", security(("bearer" = []), ("cookie" = [])),
    extensions(("x-role" = json!("admin"))), responses(
    (status = 200, description = "The people, by name", body = Vec<Profile>),
    AdminOnly,
    (status = 422, description = "A parameter is unknown", body = Problem, content_type = "application/problem+json"),
))]
async fn list_users(State(app): State<App>, Admin(_): Admin, RawQuery(query): RawQuery) -> Result<Response, Error> {
    Params::parse(query.as_deref()).finish()?;
    Ok(private(StatusCode::OK, &store::list(&app.db).await?))
}

/// Makes somebody known, with a password or with a one-time link to choose one.
#[utoipa::path(post, path = "/users", operation_id = "create_user", tag = "users", request_body = Newcomer,
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("admin"))), responses(
    (status = 201, description = "Made known", body = Known),
    AdminOnly,
    (status = 409, description = "The name is taken", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn create_user(
    State(app): State<App>,
    AdminInPerson(by): AdminInPerson,
    Json(newcomer): Json<Newcomer>,
) -> Result<Response, Error> {
    let Newcomer { username, full_name, email, role, password } = newcomer;
    let new = NewUser { username, full_name, email, role };
    new.check()?;
    let hash = match password {
        Some(password) => {
            let password = password.into_text();
            strength::check("/password", &password, &new.username)?;
            Some(app.door.hashing.hash(password).await?)
        }
        None => None,
    };
    let invited = hash.is_none();
    let made = app.change_unseen(&by, async |change| {
        let user = store::create(change, new, hash).await?;
        if !invited {
            return Ok((user, None));
        }
        let person = store::get(change.db(), user.id).await?;
        Ok((user, Some(invitations::create(change, &person).await?)))
    });
    let (user, invitation) = made.await?;
    let revision = user.revision;
    let known = Known { user, invitation: invitation.map(|invitation| Link::new(&app, &invitation)) };
    Ok(answer(StatusCode::CREATED, revision, &known))
}

/// Somebody.
#[utoipa::path(get, path = "/users/{id}", operation_id = "get_user", tag = "users",
    params(("id" = Uuid, Path, description = "The person")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("admin"))), responses(
    (status = 200, description = "The person", body = Profile),
    AdminOnly,
    (status = 404, description = "There is nobody like that", body = Problem, content_type = "application/problem+json"),
))]
async fn get_user(State(app): State<App>, Admin(_): Admin, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let profile = store::get(&app.db, id).await?.profile;
    Ok(answer(StatusCode::OK, profile.revision, &profile))
}

/// Changes somebody's name, address or role, or whether they may sign in (merge patch). It counts from their next request on.
#[utoipa::path(patch, path = "/users/{id}", operation_id = "update_user", tag = "users", request_body = UserUpdate,
    params(("id" = Uuid, Path, description = "The person"), ("If-Match" = String, Header, description = "The ETag of the copy that is changed")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("admin"))), responses(
    (status = 200, description = "Changed", body = Profile),
    AdminOnly,
    (status = 404, description = "There is nobody like that", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "The name is taken, or it is the last admin", body = Problem, content_type = "application/problem+json"),
    OneCopy,
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn update_user(
    State(app): State<App>,
    AdminInPerson(by): AdminInPerson,
    Path(id): Path<Uuid>,
    copy: IfMatch,
    Json(update): Json<UserUpdate>,
) -> Result<Response, Error> {
    let changed = app.change_unseen(&by, async |change| {
        let before = store::get(change.db(), id).await?;
        copy.check(before.profile.revision, &before.profile)?;
        store::update(change, &before, update.over(before.profile.clone())).await
    });
    let profile = changed.await?;
    Ok(answer(StatusCode::OK, profile.revision, &profile))
}

/// Forgets somebody. What they did stays in the history, under their name.
#[utoipa::path(delete, path = "/users/{id}", operation_id = "delete_user", tag = "users",
    params(("id" = Uuid, Path, description = "The person"), ("If-Match" = String, Header, description = "The ETag of the copy that is deleted")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("admin"))), responses(
    (status = 204, description = "Forgotten"),
    AdminOnly,
    (status = 404, description = "There is nobody like that", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "It is the last admin", body = Problem, content_type = "application/problem+json"),
    OneCopy,
))]
async fn delete_user(
    State(app): State<App>,
    AdminInPerson(by): AdminInPerson,
    Path(id): Path<Uuid>,
    copy: IfMatch,
) -> Result<StatusCode, Error> {
    app.change_unseen(&by, async |change| {
        let person = store::get(change.db(), id).await?;
        copy.check(person.profile.revision, &person.profile)?;
        store::delete(change, &person).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a one-time link with which somebody chooses a password: a new one, or one for the one they forgot.
#[utoipa::path(post, path = "/users/{id}/invitation", operation_id = "create_invitation", tag = "users",
    params(("id" = Uuid, Path, description = "The person")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("admin"))), responses(
    (status = 201, description = "The link, this once; an earlier one is no longer good", body = Link),
    AdminOnly,
    (status = 409, description = "They may not come in", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is nobody like that", body = Problem, content_type = "application/problem+json"),
))]
async fn create_invitation(
    State(app): State<App>,
    AdminInPerson(by): AdminInPerson,
    Path(id): Path<Uuid>,
) -> Result<Response, Error> {
    let made = app.change_unseen(&by, async |change| {
        let person = store::get(change.db(), id).await?;
        invitations::create(change, &person).await
    });
    Ok(private(StatusCode::CREATED, &Link::new(&app, &made.await?)))
}

/// Where somebody is signed in.
#[utoipa::path(get, path = "/users/{id}/sessions", operation_id = "list_user_sessions", tag = "users",
    params(("id" = Uuid, Path, description = "The person")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("admin"))), responses(
    (status = 200, description = "The sessions, the last used first", body = Vec<Session>),
    AdminOnly,
    (status = 404, description = "There is nobody like that", body = Problem, content_type = "application/problem+json"),
))]
async fn list_user_sessions(State(app): State<App>, Admin(_): Admin, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let person = store::get(&app.db, id).await?;
    Ok(private(StatusCode::OK, &sessions::list(&app.db, &person, None, app.clock.now()).await?))
}

/// Signs somebody out everywhere. Their programs' tokens stay.
#[utoipa::path(delete, path = "/users/{id}/sessions", operation_id = "delete_user_sessions", tag = "users",
    params(("id" = Uuid, Path, description = "The person")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("admin"))), responses(
    (status = 204, description = "Signed out"),
    AdminOnly,
    (status = 404, description = "There is nobody like that", body = Problem, content_type = "application/problem+json"),
))]
async fn delete_user_sessions(
    State(app): State<App>,
    AdminInPerson(by): AdminInPerson,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    app.change_unseen(&by, async |change| store::sign_out(change, &store::get(change.db(), id).await?).await).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one session of somebody.
#[utoipa::path(delete, path = "/users/{id}/sessions/{session}", operation_id = "delete_user_session", tag = "users",
    params(("id" = Uuid, Path, description = "The person"), ("session" = Uuid, Path, description = "The session")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("admin"))), responses(
    (status = 204, description = "Ended"),
    AdminOnly,
    (status = 404, description = "There is no such session", body = Problem, content_type = "application/problem+json"),
))]
async fn delete_user_session(
    State(app): State<App>,
    AdminInPerson(by): AdminInPerson,
    Path((id, session)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Error> {
    let person = store::get(&app.db, id).await?;
    app.door.end_session_of(&by, &person, session).await?;
    Ok(StatusCode::NO_CONTENT)
}
