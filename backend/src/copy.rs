//! Which copy of a thing a change is to, so that nobody overwrites what they have not seen (RFC 9110, section 13).

use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use crate::error::Error;
use crate::fault::none;

/// The copy that a change is to: `If-Match`, which has to be there.
#[derive(Clone, Debug)]
pub struct IfMatch(Vec<String>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let lines = parts.headers.get_all(header::IF_MATCH).iter().filter_map(|value| value.to_str().ok());
        let tags: Vec<String> = lines.flat_map(|line| line.split(',')).map(|tag| tag.trim().to_owned()).collect();
        let well_made = |tag: &String| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).starts_with('"');
        match tags.iter().all(well_made) {
            _ if tags.is_empty() => Err(Error::NoIfMatch),
            true => Ok(Self(tags)),
            false => Err(Error::invalid("If-Match", "not_an_etag", none())),
        }
    }
}

impl IfMatch {
    /// Whether it is the current copy; if not, the current one comes with the answer.
    pub fn check(&self, revision: i64, current: &impl Serialize) -> Result<(), Error> {
        let revision = revision.to_string();
        // Proxies that compress an answer mark its tag as weak, and guests' tags go on behind a hyphen; the number in front
        // still says which copy it was.
        let number = |given: &str| {
            given.strip_prefix("W/").unwrap_or(given).trim_matches('"').split('-').next() == Some(&revision)
        };
        let named = |given: &String| given == "*" || number(given);
        if self.0.iter().any(named) { Ok(()) } else { Err(Error::Stale(Box::new(json!(current)))) }
    }
}

/// An answer with a copy of a thing and its tag. It is nobody else's, so it is kept nowhere.
pub fn answer(status: StatusCode, revision: i64, body: &impl Serialize) -> Response {
    let mut response = private(status, body);
    if let Ok(value) = HeaderValue::from_str(&tag(revision)) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

/// An answer that is nobody else's, so it is kept nowhere.
pub fn private(status: StatusCode, body: &impl Serialize) -> Response {
    let mut response = (status, Json(json!(body))).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn tag(revision: i64) -> String {
    format!("\"{revision}\"")
}
