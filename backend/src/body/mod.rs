//! The body of a request: of the right kind, not too long, and of the shape that is asked for, or the answer says what is
//! wrong with it. What was sent is never repeated: a password may be in it.

mod distinct;
mod misfit;
pub mod upload;

use axum::Extension;
use std::borrow::Cow;
use std::marker::PhantomData;

use axum::body::{Bytes, HttpBody};
use axum::extract::rejection::{BytesRejection, FailedToBufferBody};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::form_urlencoded;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use self::distinct::Distinct;
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

/// A merge patch (RFC 7396) to a `T`: what is absent stays, what is null goes, what has a value takes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Patch<T>(Map<String, Value>, #[serde(skip)] PhantomData<T>);

/// A body as it was sent: a file of any kind.
#[derive(Clone, Debug)]
pub struct File {
    /// What it says it is, without parameters.
    pub media_type: String,
    /// What is in it.
    pub bytes: Bytes,
}

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
        parse(&json_text(request, state).await?).map(Self)
    }
}

/// The text of a body that says it is JSON.
pub async fn json_text<S: Send + Sync>(request: Request, state: &S) -> Result<String, Error> {
    if !matches!(media_type(request.headers()).as_str(), "application/json" | "application/merge-patch+json") {
        return Err(Error::WrongMediaType("application/json"));
    }
    read(request, state).await
}

/// Reads JSON of the shape that is asked for.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let parsed = read_as(text)?;
    // What is read by its shape has refused a name that is there twice; a merge patch has kept the last.
    read_as::<Distinct>(text).map(|_| parsed)
}

fn read_as<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let mut json = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| if is_json(text, error.inner()) { misfit::refusal(&error) } else { broken(error.inner()) })?;
    json.end().map_err(|error| broken(&error))?;
    Ok(read)
}

impl<T> From<Map<String, Value>> for Patch<T> {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields, PhantomData)
    }
}

impl<T: Serialize + DeserializeOwned> Patch<T> {
    /// What it says where there is nothing yet.
    pub fn alone(self) -> Result<T, Error> {
        serde_path_to_error::deserialize(Value::Object(self.0)).map_err(|error| misfit::refusal(&error))
    }

    /// What `current` becomes with it. A field that may not be empty refuses null, and an unknown one its name.
    pub fn over(self, current: &T) -> Result<T, Error> {
        let mut document = serde_json::to_value(current).map_err(|error| Error::Page(error.to_string()))?;
        merge(&mut document, self.0);
        serde_path_to_error::deserialize(document).map_err(|error| misfit::refusal(&error))
    }
}

/// Lays an object over another. A null stays for the type to judge: it alone knows what may be empty.
fn merge(document: &mut Value, patch: Map<String, Value>) {
    if !document.is_object() {
        *document = Value::Object(Map::new());
    }
    let Value::Object(fields) = document else { return };
    for (name, value) in patch {
        match value {
            Value::Object(inner) => merge(fields.entry(name).or_insert(Value::Null), inner),
            value => drop(fields.insert(name, value)),
        }
    }
}

impl<T: ToSchema> ToSchema for Patch<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Patch", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

/// The fields of `T`, none of them required.
impl<T: ToSchema> PartialSchema for Patch<T> {
    fn schema() -> RefOr<Schema> {
        let mut schema = T::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.clear();
            object.example = None;
        }
        schema
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

impl<S: Send + Sync> FromRequest<S> for File {
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        Ok(Self { media_type: media_type(request.headers()), bytes: whole(request, state).await? })
    }
}

/// The whole body as text.
async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<String, Error> {
    let bytes = whole(request, state).await?;
    String::from_utf8(bytes.into()).map_err(|_| Error::Malformed("the body is not UTF-8".to_owned()))
}

/// The whole body.
async fn whole<S: Send + Sync>(mut request: Request, state: &S) -> Result<Bytes, Error> {
    let longest = longest(&request)?;
    DefaultBodyLimit::max(longest).apply(&mut request);
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => Error::TooLarge(longest),
        _ => Error::Malformed("the body ended before it was complete".to_owned()),
    })
}

/// How many bytes the body may have. One that says itself that it is longer need not be sent first.
fn longest(request: &Request) -> Result<usize, Error> {
    let longest = request.extensions().get::<Longest>().map_or(USUAL, |longest| longest.0);
    if request.body().size_hint().lower() > longest as u64 { Err(Error::TooLarge(longest)) } else { Ok(longest) }
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
