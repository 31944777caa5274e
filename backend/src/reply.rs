//! The answer to a write as a value, so that it can be kept and given again.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::copy::{answer, private};

/// The answer to a write.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// Which copy of the thing it carries.
    pub revision: Option<i64>,
    /// Where what was made can be found.
    pub location: Option<String>,
    /// The thing as it is now.
    pub body: Option<Value>,
}

impl Reply {
    /// A thing was made.
    pub fn made(location: String, revision: i64, body: &impl Serialize) -> Self {
        let (status, location) = (StatusCode::CREATED, Some(location));
        Self { status, revision: Some(revision), location, body: Some(json!(body)) }
    }

    /// A thing is like this now.
    pub fn copy(revision: i64, body: &impl Serialize) -> Self {
        Self { status: StatusCode::OK, revision: Some(revision), location: None, body: Some(json!(body)) }
    }

    /// Something is done that is not one thing.
    pub fn done(body: &impl Serialize) -> Self {
        Self { status: StatusCode::OK, revision: None, location: None, body: Some(json!(body)) }
    }

    /// A thing is gone.
    pub fn gone() -> Self {
        Self { status: StatusCode::NO_CONTENT, revision: None, location: None, body: None }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let Self { status, revision, location, body } = self;
        let mut response = match (revision, body) {
            (Some(revision), Some(body)) => answer(status, revision, &body),
            (None, Some(body)) => private(status, &body),
            (_, None) => status.into_response(),
        };
        if let Some(location) = location.and_then(|location| HeaderValue::from_str(&location).ok()) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}
