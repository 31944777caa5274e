//! The body of a request: of the right kind, not too long, and of the shape that is asked for, or the answer says what is
//! wrong with it. What was sent is never repeated: a password may be in it.

mod misfit;

use axum::Extension;
use axum::body::{Bytes, HttpBody};
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::error::Error;
use crate::fault::none;

/// How many bytes a body may have where nothing else is said.
pub const USUAL: usize = 64 * 1024;

/// A body in JSON.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

/// A body as an HTML form sends it, where a standard wants that. All its values are texts.
#[derive(Clone, Copy, Debug)]
pub struct Form<T>(pub T);

/// How many bytes a body may have here.
#[derive(Clone, Copy, Debug)]
pub struct Longest(usize);

/// The layer that says how long bodies may be. The innermost counts, so that a route for pictures may take more.
pub fn at_most(bytes: usize) -> (Extension<Longest>, DefaultBodyLimit) {
    (Extension(Longest(bytes)), DefaultBodyLimit::max(bytes))
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        if !matches!(media_type(request.headers()).as_str(), "application/json" | "application/merge-patch+json") {
            return Err(Error::WrongMediaType("application/json"));
        }
        let text = read(request, state).await?;
        let mut json = serde_json::Deserializer::from_str(&text);
        let read = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            if is_json(&text, error.inner()) { misfit::refusal(&error) } else { broken(error.inner()) }
        })?;
        json.end().map_err(|error| broken(&error))?;
        Ok(Self(read))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        if media_type(request.headers()) != "application/x-www-form-urlencoded" {
            return Err(Error::WrongMediaType("application/x-www-form-urlencoded"));
        }
        let text = read(request, state).await?;
        let mut fields = Map::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            // What stands here instead of bytes that are no text was not sent.
            if name.contains(char::REPLACEMENT_CHARACTER) || value.contains(char::REPLACEMENT_CHARACTER) {
                return Err(Error::Malformed("the body is not UTF-8".to_owned()));
            }
            if fields.insert(name.clone().into_owned(), Value::String(value.into_owned())).is_some() {
                return Err(Error::invalid(misfit::pointer_to(&name), "given_twice", none()));
            }
        }
        serde_path_to_error::deserialize(Value::Object(fields)).map(Self).map_err(|error| misfit::refusal(&error))
    }
}

/// The media type, without its parameters.
fn media_type(headers: &HeaderMap) -> String {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The whole body as text.
async fn read<S: Send + Sync>(mut request: Request, state: &S) -> Result<String, Error> {
    let longest = request.extensions().get::<Longest>().map_or(USUAL, |longest| longest.0);
    // One that says how long it is need not be sent first.
    if request.body().size_hint().lower() > longest as u64 {
        return Err(Error::TooLarge(longest));
    }
    DefaultBodyLimit::max(longest).apply(&mut request);
    let bytes = Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => Error::TooLarge(longest),
        _ => Error::Malformed("the body ended before it was complete".to_owned()),
    })?;
    String::from_utf8(bytes.into()).map_err(|_| Error::Malformed("the body is not UTF-8".to_owned()))
}

/// Whether `error` is about the shape only: serde_json calls it an error of syntax, too, when something else stands where
/// one of a few words should.
fn is_json(text: &str, error: &serde_json::Error) -> bool {
    error.is_data() || (!is_too_deep(error) && serde_json::from_str::<IgnoredAny>(text).is_ok())
}

fn is_too_deep(error: &serde_json::Error) -> bool {
    misfit::without_place(error) == "recursion limit exceeded"
}

/// What is no JSON at all. These texts of serde_json's are fixed; none repeats what was sent.
fn broken(error: &serde_json::Error) -> Error {
    let what = match misfit::without_place(error) {
        _ if is_too_deep(error) => "it is nested too deeply".to_owned(),
        _ if error.is_eof() => "it ends too early".to_owned(),
        other => other,
    };
    let (line, column) = (error.line(), error.column());
    Error::Malformed(format!("the body cannot be read as JSON: {what} (line {line}, column {column})"))
}
