//! Signing in, staying signed in, and signing out.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::arrival;
use super::cookies::Cookies;
use super::door::{Admitted, Visitor};
use super::keys::ACCESS;
use crate::app::App;
use crate::body::{Form, Json};
use crate::copy::private;
use crate::error::{Error, Problem};
use crate::secret::Secret;
use crate::users::user::Profile;

/// The part of the API at the door.
pub fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(sign_in))
        .routes(routes!(create_access_token))
        .routes(routes!(refresh_session))
        .routes(routes!(sign_out))
        .routes(routes!(accept_invitation))
}

/// Name and password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"username": "maria", "password": "vier flaschen rioja am freitag"}))]
pub struct Credentials {
    /// The name to sign in with.
    pub username: String,
    /// The password.
    #[schema(value_type = String, format = Password)]
    pub password: Secret,
}

/// Somebody who signed in; the keys are in the answer's cookies.
#[derive(Debug, Serialize, ToSchema)]
pub struct Welcome {
    /// Who it is.
    pub user: Profile,
    /// For how many seconds the access cookie is good.
    pub expires_in: i64,
}

/// What a program asks for a token with (RFC 6749, sections 4.3 and 6).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// `password` or `refresh_token`.
    #[serde(default)]
    pub grant_type: Option<String>,
    /// The name to sign in with.
    #[serde(default)]
    pub username: Option<String>,
    /// The password.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Password)]
    pub password: Option<Secret>,
    /// The refresh token of the last answer.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub refresh_token: Option<Secret>,
    /// Passed over: what a token may do is its person's role.
    #[serde(default)]
    pub scope: Option<String>,
    /// Passed over: every program is the same to the door.
    #[serde(default)]
    pub client_id: Option<String>,
    /// Passed over.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub client_secret: Option<Secret>,
}

/// The tokens of a program (RFC 6749, section 5.1).
#[derive(Debug, Serialize, ToSchema)]
pub struct AccessToken {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// For how many seconds it is good.
    pub expires_in: i64,
    /// For the next one; good once.
    pub refresh_token: String,
}

/// A one-time link's end, and the password that was chosen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// What the link ends with.
    #[schema(value_type = String)]
    pub token: Secret,
    /// The password: 12 characters or more.
    #[schema(value_type = String, format = Password)]
    pub password: Secret,
}

/// Signs a browser in: its keys are in cookies that no script reads.
#[utoipa::path(post, path = "/auth/login", operation_id = "sign_in", tag = "auth", request_body = Credentials,
    extensions(("x-role" = json!("anyone"))), responses(
    (status = 200, description = "Signed in", body = Welcome),
    (status = 401, description = "The name or the password is wrong", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many attempts", body = Problem, content_type = "application/problem+json"),
))]
async fn sign_in(
    State(app): State<App>,
    visitor: Visitor,
    Json(Credentials { username, password }): Json<Credentials>,
) -> Result<Response, Error> {
    let admitted = app.door.sign_in(&username, password.into_text(), &visitor).await?;
    welcome(&app, admitted)
}

/// Gives a program its tokens, for a name and password or for the refresh token of the last answer.
#[utoipa::path(post, path = "/auth/token", operation_id = "create_access_token", tag = "auth",
    request_body(content = Grant, content_type = "application/x-www-form-urlencoded"),
    extensions(("x-role" = json!("anyone"))), responses(
    (status = 200, description = "The tokens", body = AccessToken),
    (status = 401, description = "The name, the password or the token is wrong", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The form is wrong", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "Too many attempts", body = Problem, content_type = "application/problem+json"),
))]
async fn create_access_token(
    State(app): State<App>,
    visitor: Visitor,
    Form(grant): Form<Grant>,
) -> Result<Response, Error> {
    let missing = |name: &str| Error::invalid(format!("/{name}"), "missing", crate::fault::none());
    let admitted = match grant.grant_type.as_deref() {
        // FastAPI's form, which the old programs send, may leave it out.
        None | Some("password") => {
            let username = grant.username.ok_or_else(|| missing("username"))?;
            let password = grant.password.ok_or_else(|| missing("password"))?;
            app.door.sign_in(&username, password.into_text(), &visitor).await?
        }
        Some("refresh_token") => {
            let token = grant.refresh_token.ok_or_else(|| missing("refresh_token"))?;
            app.door.refresh(&token.into_text()).await?
        }
        Some(_) => {
            let allowed = json!({"allowed": ["password", "refresh_token"]});
            return Err(Error::invalid("/grant_type", "one_of", allowed));
        }
    };
    Ok(tokens(admitted))
}

/// Gives a browser new keys for its refresh cookie, which is good once.
#[utoipa::path(post, path = "/auth/refresh", operation_id = "refresh_session", tag = "auth",
    extensions(("x-role" = json!("refresh cookie"))), responses(
    (status = 200, description = "Still signed in", body = Welcome),
    (status = 401, description = "The session has ended", body = Problem, content_type = "application/problem+json"),
))]
async fn refresh_session(State(app): State<App>, headers: HeaderMap) -> Result<Response, Error> {
    let cookies = Cookies::new(app.settings.secure_cookies);
    let Some(token) = cookies.refresh(&headers) else { return Err(Error::NotSignedIn) };
    match app.door.refresh(&token).await {
        Ok(admitted) => welcome(&app, admitted),
        Err(Error::NotSignedIn) => Ok(with_cookies(Error::NotSignedIn.into_response(), cookies.take()?)),
        Err(error) => Err(error),
    }
}

/// Ends the session of whoever asks, and takes the cookies away.
#[utoipa::path(post, path = "/auth/logout", operation_id = "sign_out", tag = "auth",
    extensions(("x-role" = json!("anyone"))), responses(
    (status = 204, description = "Signed out, or never signed in"),
))]
async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response, Error> {
    let cookies = Cookies::new(app.settings.secure_cookies);
    // Whatever happens, this browser keeps no keys.
    let answer = match end_session(&app, cookies, &headers).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => error.into_response(),
    };
    Ok(with_cookies(answer, cookies.take()?))
}

async fn end_session(app: &App, cookies: Cookies, headers: &HeaderMap) -> Result<(), Error> {
    match (arrival::caller(app, headers).await, cookies.refresh(headers)) {
        (Ok(caller), _) => app.door.sign_out(caller.profile.id, caller.session()?).await,
        // The access token may have ended before the session has.
        (Err(Error::NotSignedIn), Some(token)) => app.door.sign_out_with(&token).await,
        (Err(Error::NotSignedIn), None) => Ok(()),
        (Err(error), _) => Err(error),
    }
}

/// Chooses a password with a one-time link, and signs in.
#[utoipa::path(post, path = "/auth/accept", operation_id = "accept_invitation", tag = "auth", request_body = Acceptance,
    extensions(("x-role" = json!("anyone"))), responses(
    (status = 200, description = "Signed in with the new password", body = Welcome),
    (status = 404, description = "The link was used, or has ended", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "The password is too weak", body = Problem, content_type = "application/problem+json"),
))]
async fn accept_invitation(
    State(app): State<App>,
    visitor: Visitor,
    Json(Acceptance { token, password }): Json<Acceptance>,
) -> Result<Response, Error> {
    let admitted = app.door.accept(&token.into_text(), password.into_text(), &visitor).await?;
    welcome(&app, admitted)
}

/// The answer to a program that came in: its tokens.
pub fn tokens(admitted: Admitted) -> Response {
    let Admitted { access_token, refresh, .. } = admitted;
    let body = AccessToken {
        access_token: access_token.into_text(),
        token_type: "Bearer",
        expires_in: ACCESS.num_seconds(),
        refresh_token: refresh.token.into_text(),
    };
    private(StatusCode::OK, &body)
}

/// The answer to somebody who came in: who they are, and their keys in cookies.
pub fn welcome(app: &App, admitted: Admitted) -> Result<Response, Error> {
    let lines = Cookies::new(app.settings.secure_cookies).give(&admitted)?;
    let welcome = Welcome { user: admitted.profile, expires_in: ACCESS.num_seconds() };
    Ok(with_cookies(private(StatusCode::OK, &welcome), lines))
}

fn with_cookies(mut response: Response, lines: [HeaderValue; 2]) -> Response {
    for line in lines {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
    response
}
