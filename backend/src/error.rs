//! What can go wrong on the way to an answer, and the answer it becomes (RFC 9457).

use std::io;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sea_orm::{DbErr, SqlErr};
use serde::Serialize;
use serde_json::{Value, json};
use thiserror::Error;
use utoipa::ToSchema;

tokio::task_local! {
    /// The id of the request that is being answered.
    pub static REQUEST_ID: String;
}

/// Everything that HTTP can run into. A variant says what happened, not which library said so.
#[derive(Debug, Error)]
pub enum Error {
    /// There is no such thing, or guests may not see it.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// The name is used by another thing of the kind.
    #[error("another {0} has this name already")]
    Taken(&'static str),
    /// The input breaks rules; each fault names its place.
    #[error("{}", summary(.0))]
    Invalid(Vec<Fault>),
    /// The method is not one this path knows.
    #[error("this method is not allowed here")]
    MethodNotAllowed,
    /// The request asks for a generation of the API that is not served.
    #[error("API version {0} is not served here; this is version 2")]
    UnsupportedVersion(String),
    /// An old address that only the old system wrote to.
    #[error("this address no longer takes changes; changes go to {0}")]
    Gone(&'static str),
    /// There is no card to show yet, because the database has not been reached since the server started.
    #[error("the card is not ready yet")]
    NoCard,
    /// The database did not do its part.
    #[error("the database failed")]
    Database(#[from] DbErr),
    /// A file could not be read or written.
    #[error("a file failed")]
    File(#[source] io::Error),
    /// A page could not be rendered.
    #[error("the page could not be rendered")]
    Page(String),
    /// A mistake of ours; the server goes on.
    #[error("the server made a mistake")]
    Panic,
}

/// One broken rule: where, which, and with what figures. Codes, so that a client can say it in its own language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"pointer": "?limit", "code": "out_of_range", "params": {"min": 1, "max": 100}}))]
pub struct Fault {
    /// A JSON pointer into the body, or `?name` for a query parameter.
    pub pointer: String,
    /// The rule that is broken.
    pub code: &'static str,
    /// The rule's figures.
    #[schema(value_type = Object)]
    pub params: Value,
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
    /// For invalid input: each fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
}

impl Fault {
    /// A fault at `pointer`.
    pub fn new(pointer: impl Into<String>, code: &'static str, params: Value) -> Self {
        Self { pointer: pointer.into(), code, params }
    }
}

impl Error {
    /// One fault, as an error.
    pub fn invalid(pointer: impl Into<String>, code: &'static str, params: Value) -> Self {
        Self::Invalid(vec![Fault::new(pointer, code, params)])
    }

    /// `Taken` where the database says that a value is used already, else the failure itself.
    pub fn taken(thing: &'static str) -> impl FnOnce(DbErr) -> Self {
        move |error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Taken(thing),
            _ => Self::Database(error),
        }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::UnsupportedVersion(_) => StatusCode::BAD_REQUEST,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Taken(_) => StatusCode::CONFLICT,
            Self::Gone(_) => StatusCode::GONE,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::NoCard => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(_) | Self::File(_) | Self::Page(_) | Self::Panic => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        let request_id = REQUEST_ID.try_with(Clone::clone).ok();
        let detail = if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(request_id = request_id.as_deref(), error = chain(&self), "request failed");
            "Internal server error".to_owned()
        } else {
            self.to_string()
        };
        let errors = if let Self::Invalid(faults) = self { faults } else { Vec::new() };
        let title = status.canonical_reason().unwrap_or("Error");
        let problem = Problem { kind: "about:blank", title, status: status.as_u16(), detail, request_id, errors };
        let mut response = (status, Json(problem)).into_response();
        let media_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

/// An error with all its causes on one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        // Many errors quote their cause already.
        if !line.contains(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        cause = error.source();
    }
    line
}

fn summary(faults: &[Fault]) -> String {
    let each = faults.iter().map(|fault| match fault.code {
        "unknown_parameter" => {
            format!(
                "{} is not a parameter here (known: {})",
                fault.pointer.trim_start_matches('?'),
                listed(&fault.params, "known")
            )
        }
        "out_of_range" => {
            format!(
                "{} must lie between {} and {}",
                name(&fault.pointer),
                plain(&fault.params, "min"),
                plain(&fault.params, "max")
            )
        }
        "one_of" => format!("{} must be one of {}", name(&fault.pointer), listed(&fault.params, "allowed")),
        "unknown_cursor" => "the cursor belongs to no page of this list (begin again without one)".to_owned(),
        "contradicts_declarations" => format!("{} contradicts what is declared", name(&fault.pointer)),
        code => {
            let rule = code.replace('_', " ");
            if fault.params.as_object().is_none_or(serde_json::Map::is_empty) {
                format!("{} is {rule}", name(&fault.pointer))
            } else {
                format!("{} is {rule} {}", name(&fault.pointer), fault.params)
            }
        }
    });
    each.collect::<Vec<_>>().join("; ")
}

fn name(pointer: &str) -> &str {
    pointer.trim_start_matches(['?', '/'])
}

fn plain(params: &Value, key: &str) -> String {
    params.get(key).map(Value::to_string).unwrap_or_default()
}

fn listed(params: &Value, key: &str) -> String {
    let values = params.get(key).and_then(Value::as_array).into_iter().flatten();
    values.filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
}

/// A fault's parameters when the rule has no figures.
pub fn none() -> Value {
    json!({})
}
