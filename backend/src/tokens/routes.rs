//! Keys for programs: one's own, and for an admin those of others.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::store;
use super::token::{ApiToken, NewToken};
use crate::app::App;
use crate::body::Json;
use crate::card::params::Params;
use crate::copy::private;
use crate::error::{Error, Problem};
use crate::fault::none;
use crate::login::roles::SignedIn;
use crate::path::Path;
use crate::refusals::SignedInOnly;
use crate::users;
use crate::users::user::Role;

/// The programs' part of the API.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_tokens, create_token)).routes(routes!(delete_token))
}

/// A token that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeToken {
    /// What it is.
    pub token: ApiToken,
    /// The token itself, for `Authorization: Bearer`; shown only this once.
    pub secret: String,
}

/// One's own tokens, or somebody's for an admin.
#[utoipa::path(get, path = "/tokens", operation_id = "list_tokens", tag = "tokens",
    params(("user" = Option<Uuid>, Query, description = "Whose; for an admin")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("signed in"))), responses(
    (status = 200, description = "The tokens, the newest first, without their text", body = Vec<ApiToken>),
    SignedInOnly,
    (status = 403, description = "Those of others take an admin", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn list_tokens(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let mut params = Params::parse(query.as_deref());
    let user = params.one("user").map(|text| text.parse::<Uuid>());
    if matches!(user, Some(Err(_))) {
        params.fault("user", "not_an_id", none());
    }
    params.finish()?;
    let owner = user.and_then(Result::ok).unwrap_or(caller.profile.id);
    if owner != caller.profile.id {
        caller.may(Role::Admin)?;
    }
    let owner = users::store::get(&app.db, owner).await?;
    Ok(private(StatusCode::OK, &store::list(&app.db, &owner).await?))
}

/// Makes a token for a program. It is shown only this once.
#[utoipa::path(post, path = "/tokens", operation_id = "create_token", tag = "tokens", request_body = NewToken,
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("signed in"))), responses(
    (status = 201, description = "The token", body = MadeToken),
    SignedInOnly,
    (status = 403, description = "A program may not", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
))]
async fn create_token(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Json(new): Json<NewToken>,
) -> Result<Response, Error> {
    caller.session()?;
    let by = caller.actor();
    let (token, secret) = app
        .change_unseen(&by, async |change| {
            let owner = users::store::get(change.db(), caller.profile.id).await?;
            store::create(change, &owner, new).await
        })
        .await?;
    Ok(private(StatusCode::CREATED, &MadeToken { token, secret }))
}

/// Takes a token away: one's own, or anybody's for an admin.
#[utoipa::path(delete, path = "/tokens/{id}", operation_id = "delete_token", tag = "tokens",
    params(("id" = Uuid, Path, description = "The token")),
    security(("bearer" = []), ("cookie" = [])), extensions(("x-role" = json!("signed in"))), responses(
    (status = 204, description = "Taken away"),
    SignedInOnly,
    (status = 403, description = "A program may not", body = Problem, content_type = "application/problem+json"),
    (status = 404, description = "There is no such token", body = Problem, content_type = "application/problem+json"),
))]
async fn delete_token(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Error> {
    caller.session()?;
    app.change_unseen(&caller.actor(), async |change| {
        let token = store::get(change.db(), id).await?;
        // Whoever may not see it is not told that it is there.
        if token.user_id != caller.profile.id && caller.may(Role::Admin).is_err() {
            return Err(Error::NotFound("token"));
        }
        store::delete(change, &token).await
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
