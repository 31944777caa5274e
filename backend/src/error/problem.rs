//! The answer that an error becomes: problem details, as RFC 9457 has them.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Error, chain, seconds};
use crate::fault::Fault;

tokio::task_local! {
    /// The id of the request that is being answered.
    pub static REQUEST_ID: String;
}

/// The body of every error: problem details as RFC 9457 has them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"type": "about:blank", "title": "Not Found", "status": 404, "detail": "wine not found"}))]
pub struct Problem {
    /// Always `about:blank`: the status says the kind of problem.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What happened, for people.
    pub detail: String,
    /// The request's id, the one that the log has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// For a stale change: the current copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Object)]
    pub current: Option<Value>,
    /// For input that cannot be taken: each fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        let request_id = REQUEST_ID.try_with(Clone::clone).ok();
        let detail = match &self {
            _ if status == StatusCode::INTERNAL_SERVER_ERROR => {
                tracing::error!(request_id = request_id.as_deref(), error = chain(&self), "request failed");
                "Internal server error".to_owned()
            }
            Self::Database(_) => {
                tracing::warn!(request_id = request_id.as_deref(), error = chain(&self), "the database is away");
                "the database is away; guests read the last card meanwhile".to_owned()
            }
            Self::Storage(_) => {
                tracing::warn!(request_id = request_id.as_deref(), error = chain(&self), "the pictures are away");
                "the files of the pictures cannot be reached".to_owned()
            }
            _ => self.to_string(),
        };
        let header = self.header();
        let (current, errors) = match self {
            Self::Invalid(faults) | Self::Claimed(faults) | Self::Overtaken(faults) => (None, faults),
            Self::Stale(current) => (Some(*current), Vec::new()),
            _ => (None, Vec::new()),
        };
        let title = status.canonical_reason().unwrap_or("Error");
        let problem =
            Problem { kind: "about:blank", title, status: status.as_u16(), detail, request_id, current, errors };
        let mut response = (status, Json(problem)).into_response();
        let media_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        if let Some((name, value)) = header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl Error {
    /// What the answer's head says besides the status.
    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            // RFC 9110 wants to hear how one signs in.
            Self::NotSignedIn | Self::WrongPassword => {
                Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Casa Vazquez\"")))
            }
            Self::TooMany(wait) => Some((header::RETRY_AFTER, seconds(*wait).into())),
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => {
                Some((header::RETRY_AFTER, HeaderValue::from_static("5")))
            }
            _ => None,
        }
    }
}
