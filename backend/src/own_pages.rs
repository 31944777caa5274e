//! Whether a request comes from the bar's own pages: another site's page can make a browser send our cookies, but cannot
//! say that it is ours.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::app::App;
use crate::error::Error;

/// What gives cookies or takes them away, also from whoever brings none: a foreign page could sign a guest in under its own
/// name, or out.
const KEYS: [&str; 4] = ["/api/v1/auth/login", "/api/v1/auth/accept", "/api/v1/auth/refresh", "/api/v1/auth/logout"];

/// Refuses what a foreign page may have made a browser send.
pub async fn own_pages(State(app): State<App>, request: Request, next: Next) -> Response {
    if is_foreign(&request, app.settings.public_url.as_ref()) {
        return Error::NotAllowed("this request did not come from the bar's own pages").into_response();
    }
    next.run(request).await
}

/// Where a request says that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// A page of ours.
    Here,
    /// A page of somebody else's.
    Elsewhere,
    /// A program, or a browser too old to say.
    Unsaid,
}

/// Only requests that change something matter, and of those the ones that use a cookie or are given one.
fn is_foreign<B>(request: &axum::http::Request<B>, public_url: Option<&Url>) -> bool {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let path = request.uri().path();
    if !changes || !path.starts_with("/api/") {
        return false;
    }
    let headers = request.headers();
    if headers.contains_key(header::COOKIE) {
        return from(headers, public_url) != From::Here;
    }
    KEYS.contains(&path) && !has_token(headers) && from(headers, public_url) == From::Elsewhere
}

/// A page cannot send a token across origins without being allowed to first.
fn has_token(headers: &HeaderMap) -> bool {
    let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer "))
}

fn from(headers: &HeaderMap, public_url: Option<&Url>) -> From {
    let site = headers.get(HeaderName::from_static("sec-fetch-site"));
    let said = match (site, headers.get(header::ORIGIN)) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin.to_str().is_ok_and(|origin| is_ours(origin, headers, public_url)),
        (None, None) => return From::Unsaid,
    };
    if said { From::Here } else { From::Elsewhere }
}

/// Whether an origin is that of the public address; where none is set, that of the address that was asked.
fn is_ours(origin: &str, headers: &HeaderMap, public_url: Option<&Url>) -> bool {
    if let Some(url) = public_url {
        return origin == url.origin().ascii_serialization();
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    origin.split_once("://").is_some_and(|(_, place)| Some(place) == host)
}
