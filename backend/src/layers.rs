//! What stands around every route: an id, a time limit, safe headers, and whose pages may ask.

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::cors::{AllowOrigin, CorsLayer};
use uuid::Uuid;

use crate::app::App;
use crate::config::{Origin, Settings};
use crate::error::{Error, REQUEST_ID};

/// Where one can read and try the API.
pub const DOCS: &str = "/api/docs";
/// How long a request may take to arrive and be answered.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// The same where a picture is sent from a phone with a slow line.
pub const PATIENCE_WITH_UPLOADS: Duration = Duration::from_mins(5);
/// The generation of the product's API.
const API_VERSION: &str = "2.0.0";
/// How one may ask for it.
const SERVED: [&str; 3] = ["2", "2.0", API_VERSION];
/// The most that is repeated of a version that somebody asked for.
const REPEATED: usize = 20;
/// How long a browser remembers what a foreign page may ask; none remembers longer than two hours.
const REMEMBERED: Duration = Duration::from_hours(2);
const VERSION: HeaderName = HeaderName::from_static("x-api-version");
const ID: HeaderName = HeaderName::from_static("x-request-id");

/// Routes that answer within `patience`. Time runs until the head of the answer: a body that streams is not cut off.
/// Routes that need longer are merged afterwards.
pub fn in_time(routes: Router<App>, patience: Duration) -> Router<App> {
    routes.layer(middleware::from_fn_with_state(patience, answer_in_time))
}

async fn answer_in_time(State(patience): State<Duration>, request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(patience, next.run(request)).await;
    answer.unwrap_or_else(|_| Error::TooSlow.into_response())
}

/// Gives every request an id, which its answer, its problem and its lines in the log carry.
pub async fn request_id(request: Request, next: Next) -> Response {
    let id = Uuid::now_v7().simple().to_string();
    let value = HeaderValue::from_str(&id);
    let mut response = REQUEST_ID.scope(id, next.run(request)).await;
    if let Ok(value) = value {
        response.headers_mut().insert(ID, value);
    }
    response
}

/// What keeps a page from doing, or being used for, what it should not.
pub async fn safe_headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let docs = request.uri().path().starts_with(DOCS);
    let mut response = next.run(request).await;
    let policy = if docs {
        // Swagger UI sets styles on its elements; its page shows nothing but our own document.
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
    } else {
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types vue"
    };
    // A page that may call the API shows our pictures too, and those it asks for without saying who it is.
    let resources = if app.settings.allowed_origins.is_empty() { "same-origin" } else { "cross-origin" };
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), \
             microphone=(), midi=(), payment=(), usb=()",
        ),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), resources),
    ];
    let encrypted = app.settings.https().then_some((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
    for (name, value) in headers.into_iter().chain(encrypted) {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Says which generation of the API answers, and refuses to answer for another.
pub async fn api_version(request: Request, next: Next) -> Response {
    if !is_api(request.uri().path()) {
        return next.run(request).await;
    }
    let wanted = request.headers().get(VERSION).map(|value| value.to_str().unwrap_or("?").trim());
    let mut response = match wanted {
        Some(wanted) if !SERVED.contains(&wanted) => {
            Error::UnsupportedVersion(wanted.chars().take(REPEATED).collect()).into_response()
        }
        _ => next.run(request).await,
    };
    response.headers_mut().insert(VERSION, HeaderValue::from_static(API_VERSION));
    response
}

/// Whether a path is the API's, also where the old system had it.
fn is_api(path: &str) -> bool {
    let path = path.strip_prefix("/casavazquez").unwrap_or(path);
    path == "/api" || path.starts_with("/api/")
}

/// Lets the pages of allowed origins call the API. Never with cookies: those are SameSite=Strict and for our own pages
/// only; programs elsewhere bring a token. Without a list, browsers keep other pages out by themselves.
pub fn allowed_origins(settings: &Settings) -> Option<CorsLayer> {
    let origins = &settings.allowed_origins;
    if origins.is_empty() {
        return None;
    }
    let one = |origin: &Origin| match origin {
        Origin::Any => None,
        Origin::One(origin) => HeaderValue::from_str(origin).ok(),
    };
    let allowed = if origins.contains(&Origin::Any) {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().filter_map(one))
    };
    let layer = CorsLayer::new()
        .allow_origin(allowed)
        .max_age(REMEMBERED)
        .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("last-event-id"),
            VERSION,
        ])
        .expose_headers([
            header::ETAG,
            header::LINK,
            header::RETRY_AFTER,
            ID,
            VERSION,
            HeaderName::from_static("ratelimit"),
            HeaderName::from_static("ratelimit-policy"),
        ]);
    Some(layer)
}

/// A path works with and without its last slash. (The documentation page wants its own: its files lie below it.)
pub fn without_last_slash(mut request: Request) -> Request {
    let path = request.uri().path();
    let trimmed = path.trim_end_matches('/');
    if trimmed.len() == path.len() || trimmed.is_empty() || trimmed == DOCS {
        return request;
    }
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    if let Ok(uri) = format!("{trimmed}{query}").parse() {
        *request.uri_mut() = uri;
    }
    request
}
